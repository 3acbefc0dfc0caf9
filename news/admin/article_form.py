"""The form of an article: what is refused is said at its field, and nothing typed is lost."""

from datetime import datetime

from django import forms
from django.contrib.admin.widgets import AdminSplitDateTime, AutocompleteSelect
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from news import html, text
from news.admin.acts import waits_already
from news.admin.lines import LineField, LinesField
from news.editor import BodyEditor
from news.models import Article, Byline
from news.models.article import CannotPublish

MOST_BYLINES = 50
DELETED = (
    "Có người đã xóa bài này trong lúc bạn viết. Chưa lưu gì của bạn; chữ bạn gõ vẫn còn bên dưới. "
    "Bấm “Lưu nháp” để lưu thành bài mới."
)
FOR_PUBLISHERS = ("_publish", "_schedule", "_cancel", "_withdraw")
# A field that one button reads: with another button it would be lost, or worse, an hour to come be published at once.
READ_BY = {
    "publish_at": ("_schedule", "Có giờ hẹn thì bấm “Hẹn giờ”. Muốn đăng ngay hay chỉ lưu nháp, hãy xóa ngày giờ này."),
    "withdraw_reason": ("_withdraw", "Có lý do gỡ thì bấm “Gỡ bài”. Không muốn gỡ, hãy xóa dòng này."),
}
TYPED_FOR_AN_ACT = ("change_note", *READ_BY)
HOUR = "%Y-%m-%dT%H:%M"


def moment_of(typed):
    """The moment that the address of a form names; ``None`` for what names none."""
    try:
        return timezone.make_aware(datetime.strptime(typed, HOUR))
    except ValueError:
        return None


def whole_minute(moment):
    """``moment`` as the form shows it: without seconds. Raises ValidationError for a year that is surely mistyped."""
    if moment and not 2000 <= moment.year < 2100:
        raise ValidationError("Năm không hợp lệ. Hãy nhập đủ bốn chữ số của năm, từ 2000 đến 2099.")
    return moment and moment.replace(second=0, microsecond=0)


class ArticleForm(forms.ModelForm):
    form_key = forms.UUIDField(required=False, widget=forms.HiddenInput)
    opened_version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    change_note = LineField(
        label="Nội dung thay đổi",
        max_length=500,
        required=False,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text="In cùng bài khi đăng lại bài đã đăng, ví dụ: Sửa số liệu ở đoạn 2.",
    )
    publish_at = forms.SplitDateTimeField(
        label="Hẹn đăng lúc",
        required=False,
        widget=AdminSplitDateTime,
        help_text="Ngày/tháng/năm và giờ, rồi bấm nút “Hẹn giờ”.",
    )
    withdraw_reason = LineField(
        label="Lý do gỡ bài",
        max_length=500,
        required=False,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text="Bạn đọc mở địa chỉ của bài sẽ thấy câu này.",
    )

    act = None
    user = None  # who is at the desk
    may_publish = False
    is_of_deleted = False
    typed = {}  # before, for an act that was not carried out
    lost_links = ()

    class Meta:
        model = Article
        fields = ["title", "summary", "category", "body", "lead_picture", "ends_at"]
        field_classes = {"title": LineField, "summary": LinesField}
        help_texts = {
            "body": "Nhấp đúp vào ảnh trong bài để ghi văn bản thay thế và chú thích. Ảnh chỉ trang trí: lưu bài, rồi chọn "
            "ở mục “Ảnh trong bài” bên dưới."
        }
        widgets = {"body": BodyEditor, "summary": forms.Textarea(attrs={"rows": 4, "class": "vLargeTextField"})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial.setdefault("form_key", self.instance.key)
        self.initial.setdefault("opened_version", self.instance.version)
        self.initial |= {**self.typed, "publish_at": moment_of(self.typed.get("publish_at", ""))}
        # A save of long ago that is restored stands where the article stands today.
        if filed := Article.objects.filter(pk=self.instance.pk).values_list("category_id", flat=True).first():
            self.initial["category"] = filed

    def typed_for_an_act(self):
        """What was typed for one of the buttons, as an address carries it."""
        at = self.cleaned_data["publish_at"]
        words = {**self.cleaned_data, "publish_at": at and timezone.localtime(at).strftime(HOUR)}
        return {name: words[name] for name in TYPED_FOR_AN_ACT if words[name]}

    def is_multipart(self):
        return True  # otherwise a letter with a mark is sent as nine signs, and thirty megabytes of them take gigabytes

    def clean_body(self):
        body = html.clean(self.cleaned_data["body"])
        self.lost_links = html.lost_links(self.cleaned_data["body"])
        return body

    def clean_ends_at(self):
        return whole_minute(self.cleaned_data["ends_at"])

    def clean_publish_at(self):
        return whole_minute(self.cleaned_data["publish_at"])

    def clean(self):
        words = super().clean()
        if self.act in FOR_PUBLISHERS and not self.may_publish:
            raise ValidationError("Tài khoản này chỉ được viết và lưu nháp, không được đăng hoặc gỡ bài.")
        if self.is_of_deleted:
            raise ValidationError(DELETED)
        if self._is_stale(words):
            raise ValidationError(self._overtaken())
        for name, (button, said) in READ_BY.items():
            if words.get(name) and self.act != button and self._has(button):
                self.add_error(name, said)
        if self.act == "_schedule":
            self._check_hour(words.get("publish_at"))
        if self.act == "_withdraw" and not words.get("withdraw_reason") and "withdraw_reason" not in self.errors:
            self.add_error("withdraw_reason", "Hãy ghi lý do gỡ bài để nói với bạn đọc.")
        return words

    def _has(self, button):
        """Whether there is ``button``; a field that stands there without it keeps nothing from being saved."""
        return button != "_withdraw" or self.instance.live(timezone.now())

    def _check_hour(self, at):
        if "publish_at" in self.errors:
            return
        if at is None:
            self.add_error("publish_at", "Hãy ghi ngày và giờ hẹn đăng.")
        elif at <= timezone.now():
            self.add_error("publish_at", f"{text.hour(at)} đã qua. Hãy chọn một giờ sắp tới.")

    def _post_clean(self):
        """Once the article carries what was typed: is it fit to be published?"""
        super()._post_clean()
        if self.act not in ("_publish", "_schedule") or self.errors:
            return
        now = timezone.now()
        at = self.cleaned_data["publish_at"] if self.act == "_schedule" else now
        if self.act == "_schedule" and waits_already(self.instance, self.cleaned_data):
            return
        try:
            self.instance.check_fit(at, now)
        except CannotPublish as refusal:
            self.add_error(None, refusal)

    def _is_stale(self, words):
        """Whether somebody saved since this form was opened, and what is sent is not what is stored."""
        stored = Article.objects.filter(pk=self.instance.pk).first()  # self.instance may be of long ago, to be restored
        if stored is None or words.get("opened_version") == stored.version:
            return False
        if self.act in ("_publish", "_schedule") and stored.has_been_taken_down(timezone.now()):
            return True  # since this form was opened, it may be: nobody puts it back without having seen that
        if any(words[name] != getattr(stored, name) for name in ArticleForm.Meta.fields if name in words):
            return True
        sent = sent_bylines(self.data)
        return sent is not None and sent != {(str(b.author_id), b.role) for b in stored.bylines.all()}

    def _overtaken(self):
        last = self.instance.history.first()
        who = last.history_user if last and last.history_user else "Một người khác"
        who = "Bạn" if who == self.user else who  # in another tab, or by a second click
        done = (last and last.history_change_reason) or ""
        at = last.history_date if last else self.instance.updated_at  # the instance may be of long ago, to be restored
        return format_html(
            "{} đã lưu bài này lúc {}, sau khi bạn mở trang{}. Chưa lưu gì của bạn; chữ bạn gõ vẫn còn bên dưới. "
            '<a href="{}" target="_blank" rel="noopener">Mở bản mới nhất trong thẻ khác</a>, '
            "chép phần của bạn sang đó rồi lưu.",
            who, text.hour(at), f" ({done[0].lower()}{done[1:]})" if done else "", reverse("admin:news_article_change", args=[self.instance.pk]),
        )  # fmt: skip


def sent_bylines(data):
    """(author, role) of each byline in the data of a form; ``None`` when it has none to fill in."""
    total = data.get("bylines-TOTAL_FORMS", "")
    if not (total.isascii() and total.isdigit()):
        return None
    rows = [f"bylines-{number}-" for number in range(min(int(total), MOST_BYLINES))]
    kept = [row for row in rows if data.get(f"{row}author") and not data.get(f"{row}DELETE")]
    return {(data[f"{row}author"], data.get(f"{row}role")) for row in kept}


class BylineFormSet(forms.BaseInlineFormSet):
    def clean(self):
        super().clean()
        if any("id" in form.errors for form in self.forms):
            raise ValidationError("Có người vừa bỏ một tác giả khỏi bài này. Hãy mở bài trong thẻ khác rồi sửa ở đó.")

    def save_new(self, form, commit=True):
        """A form that is sent twice has its authors already."""
        new = super().save_new(form, commit=False)
        return Byline.objects.get_or_create(article=new.article, author=new.author, role=new.role)[0]

    def get_unique_error_message(self, unique_check):
        return "Một tác giả đứng hai lần với cùng vai trò. Hãy bỏ bớt một dòng."


class Chooser(AutocompleteSelect):
    """Django's own asks the database for whatever was sent, and fails on what is no number."""

    def optgroups(self, name, value, attr=None):
        return super().optgroups(
            name, [key for key in value if key.isascii() and key.isdigit() and len(key) < 10], attr
        )
