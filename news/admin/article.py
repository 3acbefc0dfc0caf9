"""The desk's page of one article, and the list of all: write, publish, schedule, withdraw."""

from uuid import UUID, uuid4

from csp.decorators import csp_update
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.http import HttpResponseRedirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator

from news import text
from news.admin.acts import ACTS, REFILED, save
from news.admin.article_form import MOST_BYLINES, TYPED_FOR_AN_ACT, ArticleForm, BylineFormSet, Chooser
from news.admin.filters import StateFilter
from news.admin.folded import words_of
from news.admin.history import ArticleHistory, is_restoring
from news.admin.panels import ArticlePanels
from news.admin.preview import preview
from news.editor import RELAXED_CSP
from news.models import Article, Byline
from news.models.article import CannotPublish


class BylineInline(admin.TabularInline):
    model = Byline
    formset = BylineFormSet
    verbose_name = "tác giả"
    verbose_name_plural = "Ký tên"

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        return super().formfield_for_foreignkey(db_field, request, widget=Chooser(db_field, self.admin_site))

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("author")  # a row is called by its author

    def get_formset(self, request, obj=None, **kwargs):
        return super().get_formset(request, obj, max_num=MOST_BYLINES, absolute_max=MOST_BYLINES, **kwargs)

    def get_extra(self, request, obj=None, **kwargs):
        return 0 if obj and obj.bylines.exists() else 1


LOST_LINKS = "Đường dẫn này không dùng được trên trang nên đã bỏ, chữ của liên kết vẫn còn: {}"
CARRIED = ["form_key", "opened_version"]  # hidden: what this form is, and of which copy


def without(hidden, fieldsets):
    """``fieldsets`` less the fields ``hidden``."""
    return [
        (name, {**options, "fields": [field for field in options["fields"] if field not in hidden]})
        for name, options in fieldsets
    ]


@admin.register(Article)
class ArticleAdmin(ArticlePanels, ArticleHistory):
    form = ArticleForm
    inlines = [BylineInline]
    list_display = ["title", "state_shown", "category", "authors_shown", "published_shown"]
    list_filter = [StateFilter, "category", ("bylines__author", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["category"]
    list_per_page = 50
    search_fields = ["folded"]
    search_help_text = "Tìm theo tiêu đề, tóm tắt, tác giả (có dấu hay không dấu đều được), hoặc #số của bài."
    actions = None  # a draft is deleted on its own page; what was public never is
    view_on_site = False  # "Xem trên trang" of our own, for what is on the site
    change_form_template = "admin/news/article/change_form.html"
    fieldsets = [
        (None, {"fields": ["standing", "title", "summary", "category", "body", "body_pictures", *CARRIED]}),
        ("Ảnh đại diện", {"fields": ["lead_picture", "lead_shown"]}),
        ("Đăng bài", {"fields": ["change_note", "publish_at", "ends_at", "withdraw_reason"]}),
        ("Các bản", {"fields": ["editions_shown"]}),
    ]
    readonly_fields = ["standing", "body_pictures", "lead_shown", "editions_shown"]

    # --- which rows, and who may do what ---

    def get_queryset(self, request):
        now = timezone.now()
        return super().get_queryset(request).with_state(now).prefetch_related("bylines__author").order_by("-updated_at")

    def get_search_results(self, request, queryset, search_term):
        queryset = queryset.defer("body")  # of fifty rows, none of which shows it
        term = text.line(search_term)
        if term[:1] == "#" and term[1:].isascii() and term[1:].isdigit() and len(term) < 11:
            return queryset.filter(pk=int(term[1:])), False
        for word in words_of(term):
            by_author = Byline.objects.filter(author__folded__contains=word).values("article")
            queryset = queryset.filter(Q(folded__contains=word) | Q(pk__in=by_author))
        return queryset, False

    def get_object(self, request, object_id, from_field=None):
        """On a POST with its row locked: two saves of one article take their turns."""
        article = super().get_object(request, object_id, from_field)
        if article and request.method == "POST":
            Article.objects.select_for_update().filter(pk=article.pk).first()  # it may be gone by now
            article = super().get_object(request, object_id, from_field)
        return article

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        if category := form.base_fields.get("category"):  # filing is chosen here, and made on a page of its own
            category.widget.can_change_related = category.widget.can_delete_related = False
            category.widget.can_add_related = category.widget.can_view_related = False
        form.act = next((act for act in ACTS if act in request.POST), None)
        form.user = request.user
        form.may_publish = request.user.has_perm("news.publish_article")
        form.is_of_deleted = getattr(request, "article_is_deleted", False)
        form.typed = {name: request.GET[name] for name in TYPED_FOR_AN_ACT if request.GET.get(name)}
        return form

    def get_changeform_initial_data(self, request):
        return {}  # an address fills nothing in: what is no date there would be an error of the page

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "lead_picture":
            kwargs["widget"] = Chooser(db_field, self.admin_site)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_fieldsets(self, request, obj=None):
        fieldsets = super().get_fieldsets(request, obj)
        if request.method == "POST" and request.user.has_perm("news.publish_article"):
            return fieldsets  # every field is read; those without a button are not shown again (render_change_form)
        return without(self._fields_without_button(request, obj), fieldsets)

    def _fields_without_button(self, request, article):
        if not request.user.has_perm("news.publish_article") or is_restoring(request):
            return set(TYPED_FOR_AN_ACT)
        buttons = self._buttons(request, article)
        there = {"change_note": article and article.editions.exists(), "publish_at": not buttons["scheduled"],
                 "withdraw_reason": buttons["live"]}  # fmt: skip
        return {field for field, is_there in there.items() if not is_there and field not in request.GET}

    def get_readonly_fields(self, request, obj=None):
        fields = list(super().get_readonly_fields(request, obj))
        refiling = obj and obj.pk and obj.editions.exists()
        if refiling and not request.user.has_perm("news.publish_article"):
            fields.append("category")  # where a public text stands is for those who may publish
        return fields

    def has_delete_permission(self, request, obj=None):
        allowed = super().has_delete_permission(request, obj)
        return allowed and (obj is None or not obj.editions.exists())

    # --- writing ---

    @method_decorator(csp_update(RELAXED_CSP))
    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        try:
            return self._changeform_once(request, object_id, form_url, extra_context)
        except IntegrityError:
            if object_id is not None or self._made_by_this_form(request) is None:
                raise
            # the add form was sent twice at once: now the other one's article is there
            return self._changeform_once(request, object_id, form_url, extra_context)

    def _changeform_once(self, request, object_id, form_url, extra_context):
        if request.method != "POST":
            return super().changeform_view(request, object_id, form_url, extra_context)
        with transaction.atomic():
            if object_id is None:
                object_id = self._made_by_this_form(request)
            elif self.has_add_permission(request) and not self.get_object(request, unquote(object_id)):
                object_id, form_url = None, self._begin_anew(request)
            return super().changeform_view(request, object_id, form_url, extra_context)

    def _made_by_this_form(self, request):
        """The id of the article that an earlier sending of this add form made, or None."""
        try:
            key = UUID(request.POST.get("form_key", ""))
        except ValueError:
            return None
        made = Article.objects.filter(key=key).first()
        return str(made.pk) if made else None

    @staticmethod
    def _begin_anew(request):
        """The form of an article that was deleted meanwhile becomes that of a new one. Returns the address to send it to."""
        request.POST = data = request.POST.copy()
        request.article_is_deleted = True
        data["form_key"], data["opened_version"], data["bylines-INITIAL_FORMS"] = str(uuid4()), "0", "0"
        for name in [f"bylines-{row}-{key}" for row in range(MOST_BYLINES) for key in ("id", "article")]:
            data.pop(name, None)
        return reverse("admin:news_article_add")

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        context |= {"desk": self._buttons(request, obj), "subtitle": None}
        if request.method == "POST":  # with errors: what was typed is shown, whether it has a button or not
            adminform = context["adminform"]
            empty = self._fields_without_button(request, obj) - {*adminform.form.changed_data, *adminform.form.errors}
            adminform.fieldsets = without(empty, adminform.fieldsets)
        return super().render_change_form(request, context, add=add, change=change, form_url=form_url, obj=obj)

    def _buttons(self, request, article):
        now = timezone.now()
        return {
            "may_save": self.has_change_permission(request, article) if article else self.has_add_permission(request),
            "may_publish": request.user.has_perm("news.publish_article"),
            "may_delete": article is not None and self.has_delete_permission(request, article),
            "live": article and article.live(now),
            "scheduled": article and article.scheduled(now),
        }

    def save_model(self, request, obj, form, change):
        if not obj.pk:
            obj.created_by, obj.key = request.user, form.cleaned_data["form_key"] or obj.key
        elif not Article.objects.filter(pk=obj.pk).exists():
            obj._state.adding = True  # a draft that was deleted comes back from its history
        elif "category" not in form.fields:  # what is restored stands where the article stands today
            obj.category_id = Article.objects.values_list("category_id", flat=True).get(pk=obj.pk)
        form.refiled = "category" in form.changed_data and obj.pk and obj.live(timezone.now())
        super().save_model(request, obj, form, change)
        request.article_form = form
        if form.lost_links:
            more = f" và {len(form.lost_links) - 5} đường dẫn khác" if len(form.lost_links) > 5 else ""
            named = ", ".join(form.lost_links[:5])
            self.message_user(request, LOST_LINKS.format(named) + more, messages.WARNING)

    # --- acting, after everything of the form is saved ---

    def response_add(self, request, obj, post_url_continue=None):
        return self._act(request, obj)

    def response_change(self, request, obj):
        return self._act(request, obj)

    def _act(self, request, article):
        form = request.article_form
        if form.act == "_preview":
            if form.refiled:
                self.message_user(request, REFILED, messages.SUCCESS)
            return HttpResponseRedirect(reverse("admin:news_article_preview", args=[article.pk]))
        done, level = self._carry_out(article, request.user, form)
        if is_restoring(request):
            done = f"Đã khôi phục lần lưu cũ. {done}"
        article.history.filter(pk=article.history.latest().pk).update(history_change_reason=done.split(".")[0])
        is_refiled = form.refiled and article.live(timezone.now())
        self.message_user(request, f"{done} {REFILED}" if is_refiled else done, level)
        is_done = level == messages.SUCCESS and form.act in ("_publish", "_schedule", "_withdraw")
        kept = None if is_done else form.typed_for_an_act()
        return HttpResponseRedirect(reverse("admin:news_article_change", args=[article.pk], query=kept))

    @staticmethod
    def _carry_out(article, user, form):
        """What is to be said of it, and how loudly."""
        try:
            return ACTS.get(form.act, save)(article, user, form.cleaned_data), messages.SUCCESS
        except CannotPublish as refusal:
            return "Đã lưu nháp. " + " ".join(refusal.messages), messages.WARNING

    # --- addresses ---

    def get_urls(self):
        here = path(
            "<number:pk>/xem-truoc/", self.admin_site.admin_view(self.preview_view), name="news_article_preview"
        )
        return [here, *super().get_urls()]

    def preview_view(self, request, pk):
        return preview(request, pk, self)
