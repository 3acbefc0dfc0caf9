from django.apps import AppConfig
from django.core import checks


class NewsConfig(AppConfig):
    name = "news"
    verbose_name = "Bài viết và ảnh"

    def ready(self):
        from news.checks import check_editor

        checks.register(check_editor)
