from django.apps import AppConfig
from django.core import checks
from django.db.models import Field
from django.db.models.lookups import IRegex, Regex


class NewsConfig(AppConfig):
    name = "news"
    verbose_name = "Bài viết và ảnh"

    def ready(self):
        from news.checks import check_editor

        checks.register(check_editor)
        # The desk's lists look up what an address asks for, and an expression can take for ever.
        for lookup in (Regex, IRegex):
            Field._unregister_class_lookup(lookup)
