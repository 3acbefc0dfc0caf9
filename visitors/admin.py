"""What is counted, what is not, and what was carried over, to be read: the counter alone writes it."""

from django.contrib import admin

from visitors import clock, statistics
from visitors.figures import dotted
from visitors.models import Day, PastDay, Start
from visitors.timer import safely, shared

REASONS = {
    "method": "Không phải mở trang (HEAD, POST…)",
    "staff": "Cán bộ đang đăng nhập, trang quản trị",
    "prefetch": "Trình duyệt tải trước, chưa ai xem",
    "host": "Gọi bằng tên miền khác",
    "bot": "Máy tìm kiếm, chương trình tự động",
    "no page": "Câu trả lời không phải trang (404, chuyển hướng, RSS…)",
    "not a document": "Tải một phần, không phải mở trang",
    "another site": "Gọi từ trang khác",
    "no page of ours": "Không trang nào ở đây gọi như vậy",
    "forged browser": "Giả làm trình duyệt",
    "no address": "Không rõ địa chỉ",
    "too many from one address": "Quá nhiều khách từ một địa chỉ",
    "buffer full": "Hết chỗ ghi tạm",
}


class ReadOnlyAdmin(admin.ModelAdmin):
    actions = None

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class CountsAdmin(ReadOnlyAdmin):
    """What was counted on each day."""

    list_display = fields = readonly_fields = ["day", "visits_shown", "visitors_shown"]
    date_hierarchy = "day"

    @admin.display(description="lượt truy cập", ordering="visits")
    def visits_shown(self, day):
        return dotted(day.visits)

    @admin.display(description="khách", ordering="visitors")
    def visitors_shown(self, day):
        return dotted(day.visitors) or self.get_empty_value_display()


@admin.register(Day)
class DayAdmin(CountsAdmin):
    """The list of days, and on its first page above it the statistics."""

    def changelist_view(self, request, extra_context=None):
        context = {"title": "Thống kê truy cập"}
        if not request.GET and self.has_view_permission(request):
            context |= numbers(clock.now())
        return super().changelist_view(request, context | (extra_context or {}))


def numbers(moment):
    today = clock.day_of(moment)
    return {
        "overview": statistics.overview(today, statistics.figures_at(moment)),
        "refused": by_reason(*statistics.refused(today)),
        "addresses": safely(shared.addresses, moment),
    }


def by_reason(reasons, lines):
    """A line for each reason, which is many words, and a column for each day, which is few: in words, hits of the days, their sum."""
    sums = [total for _, _, total in lines]
    hits = zip(*(hits for _, hits, _ in lines), strict=True)
    rows = [(REASONS.get(reason, reason), row, sum(row)) for reason, row in zip(reasons, hits, strict=True)]
    return {"days": [day for day, _, _ in lines], "rows": [*rows, ("Cộng", sums, sum(sums))]}


@admin.register(PastDay)
class PastDayAdmin(CountsAdmin):
    list_display = fields = readonly_fields = [*CountsAdmin.list_display, "source"]


@admin.register(Start)
class StartAdmin(ReadOnlyAdmin):
    list_display = fields = readonly_fields = ["value_shown", "as_of", "source"]

    @admin.display(description="số chuyển sang", ordering="value")
    def value_shown(self, start):
        return dotted(start.value)
