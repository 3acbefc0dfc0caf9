from django.apps import AppConfig
from django.core import checks


class VisitorsConfig(AppConfig):
    name = "visitors"
    verbose_name = "Thống kê truy cập"

    def ready(self):
        from visitors.checks import check_counting

        checks.register(check_counting)
