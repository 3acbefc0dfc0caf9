from django.contrib import admin, messages
from django.http import HttpResponseRedirect
from django.urls import reverse

from news.admin.unsaved import KeepsTypedAdmin
from news.models import Masthead


@admin.register(Masthead)
class MastheadAdmin(KeepsTypedAdmin):
    """One row: its list is its form."""

    def has_add_permission(self, request):
        return super().has_add_permission(request) and not Masthead.objects.exists()

    def has_delete_permission(self, request, obj=None):
        return False

    def changelist_view(self, request, extra_context=None):
        if not Masthead.objects.exists():
            return super().changelist_view(request, extra_context)
        return HttpResponseRedirect(reverse("admin:news_masthead_change", args=[1]))

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        if obj and request.method == "GET" and (missing := obj.missing()):
            fields = ", ".join(missing)
            self.message_user(request, f"Chân trang còn thiếu: {fields} (Nghị định 174/2026).", messages.WARNING)
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)
