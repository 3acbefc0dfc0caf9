"""``{% visitor_figures %}``: the four figures in the footer, with this very reader counted in; or the ping that brings them."""

from django import template
from django.conf import settings

from visitors import clock, ping
from visitors.timer import safely, timer

register = template.Library()
register.filter("dotted", ping.dotted)


@register.inclusion_tag("visitors/_figures.html", takes_context=True)
def visitor_figures(context, uncounted=False):
    """``uncounted`` is true on a page that is not answered with 200: it shows the figures without its reader."""
    request = context.get("request")
    if settings.VISITORS_COUNT_BY == "ping":
        path = None if uncounted or request is None else request.path_info
        return {"ping": path and ping.address_of(path), "image": path and ping.address_of(path, image=True)}
    hit = getattr(request, "visitor_hit", None) if not uncounted else None
    return {"figures": safely(timer.tally.show, clock.now(), hit)}
