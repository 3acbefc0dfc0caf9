"""Where texts stand, and who may sign them."""

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Subquery
from django.urls import reverse
from django.utils.html import format_html

from news.admin.folded import FoldedSearchAdmin
from news.admin.unsaved import KeepsTypedAdmin
from news.models import Article, Author, Category, Edition

HAD_PUBLIC = "Địa chỉ công khai: chuyên mục này đã từng có bài đăng, bạn đọc có thể còn giữ địa chỉ đó."
NAMED = 10  # of the articles for which a category is kept


class InUse(KeepsTypedAdmin):
    """What articles stand on cannot be deleted: that is said, and not that a permission lacks, which nobody has."""

    def get_deleted_objects(self, objs, request):
        deleted, counts, lacking, in_the_way = super().get_deleted_objects(objs, request)
        return deleted, counts, set() if in_the_way else lacking, in_the_way


def unlike_others(form, field):
    """The name typed in ``field``. To the database "Kinh tế" and "kinh tế" are two; in a menu or a list they are one, twice."""
    name, model = form.cleaned_data[field], form._meta.model
    for other in model.objects.exclude(pk=form.instance.pk):
        if str(other).casefold() == name.casefold():
            raise ValidationError(f"Đã có {model._meta.verbose_name} “{other}”. Hãy chọn tên khác.")
    return name


class CategoryForm(forms.ModelForm):
    def clean_name(self):
        return unlike_others(self, "name")


class AuthorForm(forms.ModelForm):
    def clean_pen_name(self):
        return unlike_others(self, "pen_name")


def linked(article):
    return format_html(
        'Bài viết: <a href="{}">{}</a>', reverse("admin:news_article_change", args=[article.pk]), article
    )


def had_public(categories):
    """Whether an article stood in one of ``categories`` when it was first published, or later: by the saves of articles."""
    published = Edition.objects.not_cancelled().filter(article=OuterRef("id")).order_by("published_at")
    saves = Article.history.annotate(first_public=Subquery(published.values("published_at")[:1]))
    overtaken = Article.history.filter(
        id=OuterRef("id"), history_date__gt=OuterRef("history_date"), history_date__lte=OuterRef("first_public")
    )
    return saves.filter(~Exists(overtaken), category__in=categories, first_public__isnull=False).exists()


@admin.register(Category)
class CategoryAdmin(InUse):
    form = CategoryForm
    list_display = ["name", "position", "description"]
    list_editable = ["position"]
    sortable_by = []  # all of it is saved, in this order: two who saved in two orders would wait for each other
    actions = None

    def view_on_site(self, category):
        return category.get_absolute_url()

    def get_deleted_objects(self, objs, request):
        """A few of the articles that stand there and how many more do: there may be ten thousand, and Django asks about each."""
        articles = Article.objects.filter(category__in=objs)
        if not (count := articles.count()):
            deleted, counts, lacking, in_the_way = super().get_deleted_objects(objs, request)
            return deleted, counts, lacking, in_the_way or [HAD_PUBLIC] * had_public(objs)
        in_the_way = [linked(article) for article in articles.only("title")[:NAMED]]
        return [], {}, set(), in_the_way + [f"và {count - NAMED} bài viết khác"] * (count > NAMED)


@admin.register(Author)
class AuthorAdmin(InUse, FoldedSearchAdmin):
    form = AuthorForm
    list_display = ["pen_name", "full_name"]
    actions = None
