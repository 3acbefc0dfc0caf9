from django.contrib import admin
from django.db.models import Q

from news.admin.panels import is_signed_otherwise
from news.models import Article


class StateFilter(admin.SimpleListFilter):
    title = "trạng thái"
    parameter_name = "trang-thai"

    def lookups(self, request, model_admin):
        return [*Article.State.choices, ("changed", "Có sửa đổi chưa đăng")]

    def queryset(self, request, queryset):
        if self.value() == "changed":
            rest = queryset.filter(is_changed=False).exclude(signed=None).select_related(None).only("pk")
            otherwise = [article.pk for article in rest if is_signed_otherwise(article)]
            return queryset.filter(Q(is_changed=True) | Q(pk__in=otherwise))
        return queryset.filter(state=self.value()) if self.value() in Article.State else queryset
