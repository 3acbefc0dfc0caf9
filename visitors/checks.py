"""``manage.py check`` refuses settings with which the counter would count wrongly."""

from django.conf import settings
from django.core.checks import Error

CACHES = {"django.middleware.cache.UpdateCacheMiddleware", "django.middleware.cache.FetchFromCacheMiddleware"}


def check_counting(app_configs, **kwargs):
    if settings.VISITORS_COUNT_BY != "page" or CACHES.isdisjoint(settings.MIDDLEWARE):
        return []
    return [
        Error(
            "Pages from a cache are not counted by VISITORS_COUNT_BY=page, and one reader's figures would be shown to all.",
            hint="Set VISITORS_COUNT_BY=ping, or take the cache out of MIDDLEWARE.",
            id="visitors.E001",
        )
    ]
