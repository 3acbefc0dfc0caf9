from django.contrib import admin

from news import text
from news.models import Author, Category


@admin.register(Category)
class CategoryAdmin(admin.ModelAdmin):
    list_display = ["name", "position", "description"]
    list_editable = ["position"]
    actions = None


@admin.register(Author)
class AuthorAdmin(admin.ModelAdmin):
    list_display = ["pen_name", "full_name"]
    search_fields = ["folded"]
    actions = None

    def get_search_results(self, request, queryset, search_term):
        for word in text.fold(text.nfc(search_term)).split():
            queryset = queryset.filter(folded__contains=word)
        return queryset, False
