from django.contrib import admin

from news.admin.folded import FoldedSearchAdmin
from news.models import Author, Category


@admin.register(Category)
class CategoryAdmin(admin.ModelAdmin):
    list_display = ["name", "position", "description"]
    list_editable = ["position"]
    actions = None


@admin.register(Author)
class AuthorAdmin(FoldedSearchAdmin):
    list_display = ["pen_name", "full_name"]
    actions = None
