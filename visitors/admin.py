"""What is counted, what is not, and what was carried over, to be read: the counter alone writes it."""

from django.contrib import admin

from visitors import clock, statistics
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


@admin.register(Day)
class DayAdmin(ReadOnlyAdmin):
    """The list of days, and on its first page above it the statistics."""

    list_display = ["day", "visits", "visitors"]
    date_hierarchy = "day"

    def changelist_view(self, request, extra_context=None):
        context = {"title": "Thống kê truy cập"}
        if not request.GET and self.has_view_permission(request):
            context |= numbers(clock.now())
        return super().changelist_view(request, context | (extra_context or {}))


def numbers(moment):
    today = clock.day_of(moment)
    reasons, lines = statistics.refused(today)
    return {
        "overview": statistics.overview(today, statistics.figures_at(moment)),
        "refused": {"reasons": [REASONS.get(reason, reason) for reason in reasons], "lines": lines},
        "addresses": safely(shared.addresses, moment),
    }


@admin.register(PastDay)
class PastDayAdmin(ReadOnlyAdmin):
    list_display = ["day", "visits", "visitors", "source"]
    date_hierarchy = "day"


@admin.register(Start)
class StartAdmin(ReadOnlyAdmin):
    list_display = ["value", "as_of", "source"]
