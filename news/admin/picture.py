"""The house's pictures. A file is decoded before Django opens the form's transaction: on SQLite that is the only write lock."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.html import format_html

from news import images
from news.admin.folded import FoldedSearchAdmin
from news.models import Edition, Picture

PRINTED = "Lời cũ của ảnh này còn in trong bài đang đăng hoặc chờ giờ đăng: “{}”. Muốn in lời mới, hãy mở, xem lại rồi đăng lại từng bài."


def still_printed(picture):
    """The titles, each once, of what is live or waits and prints ``picture`` with other words than it would be given now."""
    now, shows_it = timezone.now(), Q(lead_picture=picture) | Q(body__contains=picture.key)
    shown = (Edition.objects.live(now) | Edition.objects.scheduled(now)).filter(shows_it).select_related("article")
    other = (
        edition.title
        for edition in shown
        if printed_words(edition, picture) != printed_words(Edition.of(edition.article), picture)
    )
    return list(dict.fromkeys(other))


def printed_words(edition, picture):
    """Those that ``edition`` prints with ``picture``, wherever it shows it."""
    lead = [{"alt": edition.lead_alt, "caption": edition.lead_caption, "credit": edition.lead_credit}]
    shown = [item for item in edition.pictures if item["key"] == picture.key]
    return lead * (edition.lead_picture_id == picture.pk) + shown


class PictureWordsForm(forms.ModelForm):
    """Of a picture that is there already: its words. Another photograph is another picture. The alternative may stand in the text
    that shows the picture; where it stands nowhere, publishing says so."""

    def clean(self):
        words = super().clean()
        if words.get("alt") and words.get("decorative"):
            self.add_error("decorative", "Ảnh chỉ trang trí thì không có văn bản thay thế. Hãy bỏ một trong hai.")
        return words


class PictureForm(PictureWordsForm):
    file = forms.FileField(
        label="Tệp ảnh",
        help_text="JPEG, PNG, WebP hoặc GIF, không quá 30 MB.",
        widget=forms.FileInput(attrs={"accept": images.MEDIA_TYPES}),
    )
    encoded = None  # what came of the file, or why it was refused; set by the view

    class Meta:
        model = Picture
        fields = ["alt", "decorative", "caption", "credit"]

    def clean_file(self):
        if isinstance(self.encoded, ValidationError):
            raise self.encoded
        return self.cleaned_data["file"]

    def clean(self):
        words = super().clean()
        if not words.get("alt") and not words.get("decorative"):
            self.add_error("alt", "Hãy ghi văn bản thay thế, hoặc chọn “chỉ trang trí”.")
        if self.errors and "file" not in self.errors:
            self.add_error("file", "Hãy chọn lại tệp: trình duyệt không giữ tệp của lần gửi trước.")
        return words

    class Media:
        js = ["js/picture-form.js"]


@admin.register(Picture)
class PictureAdmin(FoldedSearchAdmin):
    list_display = ["thumbnail", "words", "alt", "credit", "created_at"]
    list_display_links = ["thumbnail", "words"]
    readonly_fields = ["shown"]
    actions = None
    list_per_page = 30

    def get_fields(self, request, obj=None):
        return [*(["shown"] if obj else ["file"]), "alt", "decorative", "caption", "credit"]

    def get_form(self, request, obj=None, change=False, **kwargs):
        kwargs["form"] = PictureWordsForm if obj else PictureForm
        form = super().get_form(request, obj, change=change, **kwargs)
        form.encoded = getattr(request, "encoded_picture", None)
        return form

    def has_delete_permission(self, request, obj=None):
        return False  # an edition may show it; nothing public is ever lost

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        file = request.FILES.get("file")
        is_wanted = object_id is None and file and self.has_add_permission(request)
        if is_wanted and self.get_form(request)(request.POST, request.FILES).is_valid():  # or it is decoded for nothing
            try:
                request.encoded_picture = images.encode(file)
            except ValidationError as refusal:
                request.encoded_picture = refusal
        return super().changeform_view(request, object_id, form_url, extra_context)

    def save_model(self, request, obj, form, change):
        if not change:
            obj.take(request.encoded_picture)
            obj.uploaded_by = request.user
        super().save_model(request, obj, form, change)
        if change and form.changed_data and (printed := still_printed(obj)):
            self.message_user(request, PRINTED.format("”, “".join(printed)), messages.WARNING)

    @admin.display(description="ảnh")
    def thumbnail(self, picture):
        return format_html('<img src="{}" width="120" alt="">', picture.url(picture.widths[0]))

    @admin.display(description="chú thích")
    def words(self, picture):
        return str(picture)

    @admin.display(description="Ảnh")
    def shown(self, picture):
        return format_html('<img src="{}" width="320" alt="">', picture.url(picture.widths[0]))
