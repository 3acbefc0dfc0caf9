"""Full-text feeds, of the whole site and of one category."""

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Rss201rev2Feed

from news.models import Category, Edition, Masthead

ITEMS = 30


class FullTextRss(Rss201rev2Feed):
    """RSS 2.0 with the whole text in ``content:encoded`` (https://www.rssboard.org/rss-profile#namespace-elements-content)."""

    def rss_attributes(self):
        return {**super().rss_attributes(), "xmlns:content": "http://purl.org/rss/1.0/modules/content/",
                "xmlns:dc": "http://purl.org/dc/elements/1.1/"}  # fmt: skip

    def add_item_elements(self, handler, item):
        creator = item.pop("author_name", None)  # RSS's own <author> must be an e-mail address
        super().add_item_elements(handler, {**item, "author_name": None})
        if creator:
            handler.addQuickElement("dc:creator", creator)
        handler.addQuickElement("content:encoded", item["content"])


class LatestFeed(Feed):
    feed_type = FullTextRss
    language = "vi"

    def get_object(self, request):
        self.masthead = Masthead.current()

    def title(self):
        return self.masthead.name

    def description(self):
        return f"Tin mới của {self.masthead.citation_name}"

    def link(self):
        return settings.SITE_URL + reverse("home")

    def feed_url(self):
        return settings.SITE_URL + reverse("rss")

    def feed_copyright(self):
        return f'Ghi rõ nguồn "{self.masthead.citation_name}" khi phát hành lại thông tin từ website này.'

    def items(self):
        return self.editions()[:ITEMS]

    def editions(self):
        live = Edition.objects.live(timezone.now()).select_related("article__category")
        return live.defer("body", "search_tokens").newest_first()

    def item_title(self, edition):
        return edition.title

    def item_description(self, edition):
        return edition.summary

    def item_link(self, edition):
        return settings.SITE_URL + edition.path

    def item_guid(self, edition):
        return settings.SITE_URL + edition.path

    item_guid_is_permalink = True

    def item_pubdate(self, edition):
        return edition.first_published_at

    def item_updateddate(self, edition):
        return edition.published_at

    def item_author_name(self, edition):
        return edition.byline

    def item_categories(self, edition):
        return [edition.article.category.name]

    def item_extra_kwargs(self, edition):
        return {"content": absolute_media(edition.lead_html + edition.body_html)}


class CategoryFeed(LatestFeed):
    def get_object(self, request, slug):
        super().get_object(request)
        return get_object_or_404(Category, slug=slug)

    def title(self, category):
        return f"{category.name} – {self.masthead.name}"

    def link(self, category):
        return settings.SITE_URL + category.get_absolute_url()

    def feed_url(self, category):
        return settings.SITE_URL + reverse("category_rss", args=[category.slug])

    def items(self, category):
        return self.editions().filter(article__category=category)[:ITEMS]


def absolute_media(markup):
    """Own pictures and links with their full address, for a reader that knows no base address."""
    return markup.replace('="/', f'="{settings.SITE_URL}/').replace(", /media/", f", {settings.SITE_URL}/media/")
