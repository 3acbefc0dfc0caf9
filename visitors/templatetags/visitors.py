"""``{% visitor_figures %}``: the four figures in the footer, with this very reader counted in."""

from django import template

from visitors import clock
from visitors.timer import safely, timer

register = template.Library()


@register.inclusion_tag("visitors/_figures.html", takes_context=True)
def visitor_figures(context, uncounted=False):
    """``uncounted`` is true on a page that is not answered with 200: it shows the figures without its reader."""
    request = context.get("request")
    hit = getattr(request, "visitor_hit", None) if not uncounted else None
    return {"figures": safely(timer.tally.show, clock.now(), hit)}


@register.filter
def dotted(number):
    """3489813 as 3.489.813."""
    return f"{number:,}".replace(",", ".")
