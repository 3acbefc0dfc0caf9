"""The machine's site map: home, categories, and every live article, each with its full address from SITE_URL."""

from types import SimpleNamespace
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.urls import reverse
from django.utils import timezone

from news.models import Category, Edition


class OwnAddress(Sitemap):
    limit = 5_000  # a page is made in a quarter of a second; robots.txt names every page

    def get_urls(self, page=1, site=None, protocol=None):
        own = urlsplit(settings.SITE_URL)
        return super().get_urls(page, SimpleNamespace(domain=own.netloc), own.scheme)


class PageSitemap(OwnAddress):
    def items(self):
        return [
            reverse("home"),
            reverse("statistics"),
            *(category.get_absolute_url() for category in Category.objects.all()),
        ]

    def location(self, path):
        return path


class ArticleSitemap(OwnAddress):
    def items(self):
        return Edition.objects.live(timezone.now()).only("path", "published_at").newest_first()

    def lastmod(self, edition):
        return edition.published_at
