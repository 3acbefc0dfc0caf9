"""``{% visitor_figures %}``: the four figures in the footer, with this very reader counted in; or the ping that brings them."""

from django import template
from django.conf import settings

from visitors import clock, ping, statistics
from visitors.figures import dotted
from visitors.timer import safely, timer

register = template.Library()
register.filter(dotted)


@register.inclusion_tag("visitors/_figures.html", takes_context=True)
def visitor_figures(context, uncounted=False):
    """``uncounted`` is true on a page that is not answered with 200: it shows the figures without its reader."""
    request = context.get("request")
    if settings.VISITORS_COUNT_BY == "ping":
        path = None if uncounted or request is None else request.path_info
        return {"ping": path and ping.address_of(path), "image": path and ping.address_of(path, image=True)}
    hit = getattr(request, "visitor_hit", None) if not uncounted else None
    return {"figures": safely(timer.tally.show, clock.now(), hit)}


@register.simple_tag(takes_context=True)
def page_views(context, path):
    """How often people have opened ``path``, this very reader included on that page; ``None`` until a round of the timer has read
    it (no query here), and where readers are counted by ping, which brings it to ``data-visitors="views"``."""
    if settings.VISITORS_COUNT_BY == "ping":
        return None
    views = safely(timer.tally.views, path)
    request = context.get("request")
    is_counted = getattr(request, "visitor_hit", None) is not None and request.path_info == path
    return None if views is None else views + is_counted


@register.simple_tag
def most_viewed(days=7, limit=10, prefix="/bai-viet/"):
    """The pages below ``prefix`` opened most on the last ``days`` days: a list of ``path`` and ``views``, by one query."""
    return statistics.most_viewed(clock.day_of(clock.now()), days, limit, prefix)
