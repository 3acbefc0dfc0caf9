"""Full-text feeds, of the whole site and of one category.

Readers take a description as HTML once they have read the XML, so what was typed as text is escaped for both.
"""

import re
from datetime import UTC, datetime
from types import SimpleNamespace

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.shortcuts import get_object_or_404
from django.template.defaultfilters import linebreaksbr
from django.urls import reverse
from django.utils import timezone
from django.utils.dateformat import format as date_format
from django.utils.decorators import method_decorator
from django.utils.feedgenerator import Rss201rev2Feed, rfc3339_date
from django.utils.html import escape
from django.views.decorators.http import conditional_page

from news.models import Category, Edition, Masthead

ITEMS = 30
TAG = re.compile("<[^<>]*>")  # in what publishing printed, no value of an attribute holds either sign
ADDRESSES = re.compile(r'(?<= )(?:href|src|srcset)="[^"]*"')


class FullTextRss(Rss201rev2Feed):
    """RSS 2.0 with the whole text in ``content:encoded`` (https://www.rssboard.org/rss-profile#namespace-elements-content)."""

    def rss_attributes(self):
        return {**super().rss_attributes(), "xmlns:content": "http://purl.org/rss/1.0/modules/content/",
                "xmlns:dc": "http://purl.org/dc/elements/1.1/"}  # fmt: skip

    def latest_post_date(self):
        """Of an empty feed the beginning of time, where Django says the present: it is the same feed each time."""
        return super().latest_post_date() if self.items else timezone.localtime(datetime.fromtimestamp(0, UTC))

    def add_item_elements(self, handler, item):
        super().add_item_elements(handler, item)
        for author in item["authors"]:  # RSS's own <author> must be an e-mail address
            handler.addQuickElement("dc:creator", author)
        handler.addQuickElement("atom:updated", rfc3339_date(item["updateddate"].replace(microsecond=0)))
        handler.addQuickElement("content:encoded", item["content"])


class LatestFeed(Feed):
    feed_type = FullTextRss

    @method_decorator(conditional_page)
    def __call__(self, request, *args, **kwargs):
        response = super().__call__(request, *args, **kwargs)
        del response["Last-Modified"]  # a withdrawal does not move it; the ETag tells every change
        return response

    def get_object(self, request):
        return SimpleNamespace(masthead=Masthead.current(), category=None)

    def title(self, asked):
        return asked.masthead.name

    def description(self, asked):
        return escape(f"Tin mới của {asked.masthead.citation_name}")

    def link(self, asked):
        return settings.SITE_URL + reverse("home")

    def feed_url(self, asked):
        return settings.SITE_URL + reverse("rss")

    def feed_copyright(self, asked):
        return f'Ghi rõ nguồn "{asked.masthead.citation_name}" khi phát hành lại thông tin từ website này.'

    def items(self, asked):
        return self.editions(asked).newest_first()[:ITEMS].picked().for_feed()

    def editions(self, asked):
        return Edition.objects.live(timezone.now())

    def item_title(self, edition):
        return edition.title

    def item_description(self, edition):
        return escape(edition.summary)

    def item_link(self, edition):
        return settings.SITE_URL + edition.path

    item_guid = item_link
    item_guid_is_permalink = True

    def item_pubdate(self, edition):
        return timezone.localtime(edition.first_published_at)

    def item_updateddate(self, edition):
        return timezone.localtime(edition.published_at)

    def item_categories(self, edition):
        return [edition.article.category.name]

    def item_extra_kwargs(self, edition):
        # printed once, above the text: the text goes on from it
        summary = linebreaksbr(edition.summary, autoescape=True)
        text = f"<p>{summary}</p>" + absolute(edition.lead_html + edition.body_html)
        byline = f"<p>{escape(edition.byline)}</p>" if edition.byline else ""
        return {"authors": edition.authors, "content": text + byline + which_text(edition)}


class CategoryFeed(LatestFeed):
    def get_object(self, request, slug):
        return SimpleNamespace(masthead=Masthead.current(), category=get_object_or_404(Category, slug=slug))

    def title(self, asked):
        return f"{asked.category.name} – {asked.masthead.name}"

    def link(self, asked):
        return settings.SITE_URL + asked.category.get_absolute_url()

    def feed_url(self, asked):
        return settings.SITE_URL + reverse("category_rss", args=[asked.category.slug])

    def editions(self, asked):
        return super().editions(asked).filter(article__category=asked.category)


def which_text(edition):
    """A paragraph that says which text this is, where exactly it stays, and what was changed in it."""
    at = date_format(timezone.localtime(edition.published_at), "d/m/Y H:i")
    address = settings.SITE_URL + edition.edition_path
    note = f": {escape(edition.change_note)}" if edition.change_note else ""
    return f'<p><a href="{address}">Bản {edition.number}</a>, {at}{note}</p>'


def absolute(markup):
    """Own pictures and links with their full address, for a reader that knows no base address."""

    def full(value):
        return re.sub(r"(?<=\")/|(?<=w, )/", f"{settings.SITE_URL}/", value[0])

    return TAG.sub(lambda tag: ADDRESSES.sub(full, tag[0]), markup)
