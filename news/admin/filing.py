"""Where texts stand, and who may sign them."""

from django.contrib import admin

from news.admin.folded import FoldedSearchAdmin
from news.models import Author, Category


class InUse(admin.ModelAdmin):
    """What articles stand on cannot be deleted: that is said, and not that a permission lacks, which nobody has."""

    def get_deleted_objects(self, objs, request):
        deleted, counts, lacking, in_the_way = super().get_deleted_objects(objs, request)
        return deleted, counts, set() if in_the_way else lacking, in_the_way


@admin.register(Category)
class CategoryAdmin(InUse):
    list_display = ["name", "position", "description"]
    list_editable = ["position"]
    actions = None


@admin.register(Author)
class AuthorAdmin(InUse, FoldedSearchAdmin):
    list_display = ["pen_name", "full_name"]
    actions = None
