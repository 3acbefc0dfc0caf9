"""The days that are over and the figure carried over, to be read: the counter alone writes them."""

from django.contrib import admin

from visitors.models import Day, Start


class ReadOnlyAdmin(admin.ModelAdmin):
    actions = None

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Day)
class DayAdmin(ReadOnlyAdmin):
    list_display = ["day", "visits", "visitors"]
    date_hierarchy = "day"


@admin.register(Start)
class StartAdmin(ReadOnlyAdmin):
    list_display = ["value", "as_of", "source"]
