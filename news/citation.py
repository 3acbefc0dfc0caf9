"""How a text of this site is cited (NĐ 147/2024, điều 28: the name of the source, the author, the time, the address)."""

from django.conf import settings
from django.utils import timezone

INNER_QUOTES = str.maketrans("“”", "‘’")  # of a title that stands in quotation marks itself


def source_line(edition):
    """The parts of the line under an article: who, what, when, and the address of exactly this edition.

    The masthead's citation name comes from the template, so that its change shows at once.
    """
    return {
        "byline": edition.byline,
        "title": edition.title.translate(INNER_QUOTES),
        "at": timezone.localtime(edition.published_at),
        "url": settings.SITE_URL + edition.edition_path,
    }
