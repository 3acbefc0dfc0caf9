from django.contrib import admin

from news.models import Article


class StateFilter(admin.SimpleListFilter):
    title = "trạng thái"
    parameter_name = "trang-thai"

    def lookups(self, request, model_admin):
        return [*Article.State.choices, ("changed", "Có sửa đổi chưa đăng")]

    def queryset(self, request, queryset):
        if self.value() == "changed":
            return queryset.filter(is_changed=True)
        return queryset.filter(state=self.value()) if self.value() in Article.State else queryset
