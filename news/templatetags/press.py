"""What the templates of the press print that is not a plain value."""

import json
import re

from django import template
from django.conf import settings
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import mark_safe

from news import structured_data, text
from news.models import Edition
from news.models.picture import CARD

register = template.Library()
register.filter(text.iso)

LONG_TITLE = 90  # characters
JSON_IN_HTML = {ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026", 0x2028: "\\u2028", 0x2029: "\\u2029"}


@register.filter
def printed(markup):
    """Markup that publishing made out of cleaned text (the rendered columns of an edition), printed as it stands.

    The one place of the project that trusts a string as HTML.
    """
    return mark_safe(markup)  # noqa: S308  # nosec B308 B703


CARD_SIZES = {  # how wide each card shows its picture, and in which shape (static/css/layout.css, components.css)
    "lead": ("(min-width: 64rem) 46rem, 100vw", 16 / 9),
    "row": ("(min-width: 36rem) 15rem, 100vw", 16 / 10),
    "feature": ("(min-width: 65rem) 22rem, (min-width: 43.5rem) 45vw, 100vw", 16 / 10),
    "section": ("(min-width: 64rem) 10rem, (min-width: 48rem) 45vw, (min-width: 36rem) 10rem, 100vw", 16 / 10),
    "side": ("6rem", 4 / 3),
}
WIDTH_SHOWN = re.compile(r"[0-9.]+(?=(?:rem|vw)(?:,|$))")
MEASURES = re.compile(r' width="([0-9]+)" height="([0-9]+)"')


@register.filter
def card_picture(edition, variant):
    """The picture of a card, as wide as ``variant`` shows it. The lead is what a reader waits for: it is not lazy."""
    sizes, shape = CARD_SIZES[variant]
    width, height = map(int, MEASURES.search(edition.card_html).groups())
    hidden = max(1, width / height / shape)  # a panorama fills the height of its card, and most of its width is cut off
    sizes = WIDTH_SHOWN.sub(lambda shown: f"{float(shown[0]) * hidden:.4g}", sizes)
    markup = edition.card_html.replace(CARD, sizes)
    if variant == "lead":
        markup = markup.replace(' loading="lazy"', ' fetchpriority="high"')
    return printed(markup)


@register.filter
def how_long(title):
    """``long`` for a title that is set smaller: those of plans and decisions, which would fill a telephone's screen."""
    return "long" if len(title) > LONG_TITLE else "usual"


@register.filter
def absolute(path):
    """The full address of a path of this site: from ``SITE_URL``, never from the request."""
    return settings.SITE_URL + path


@register.filter
def with_its_place(name):
    """``name`` with its last three words, which in a masthead are the place, marked as one: HUYỆN CÀNG LONG."""
    words = name.split()
    return format_html('{} <span class="site-header__place">{}</span>', " ".join(words[:-3]), " ".join(words[-3:]))


@register.simple_tag
def news_article_data(edition, masthead):
    """The JSON-LD block of an article. ``</script>`` in a title cannot end it."""
    data = json.dumps(structured_data.news_article(edition, masthead), ensure_ascii=False)
    return format_html('<script type="application/ld+json">{}</script>', printed(data.translate(JSON_IN_HTML)))


@register.simple_tag
def titled(*lists, limit=10):
    """Each of ``lists`` (of rows with a ``path``) with the titles of the articles there, the first ``limit`` of them. A row whose
    path is not that of a live article is left out. One query for all lists."""
    paths = {row["path"] for rows in lists for row in rows}
    live = Edition.objects.live(timezone.now()).filter(path__in=paths).order_by()
    titles = dict(live.values_list("path", "title"))
    return [[row | {"title": titles[row["path"]]} for row in rows if row["path"] in titles][:limit] for rows in lists]
