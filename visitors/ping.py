"""The ping of a site behind a cache: a page that is shown asks for it, from whatever cache it came, and is counted.

Each page carries the address of its own ping, with a key: what no page of this site carries is not counted.
"""

import json
from functools import lru_cache
from hashlib import blake2b
from urllib.parse import parse_qsl

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from django.utils.http import urlencode

from visitors import clock
from visitors.figures import dotted
from visitors.tally import LONGEST_PATH
from visitors.timer import safely, timer

LONGEST_QUERY = 2600  # characters: a path of ours as UTF-8, in percent signs, and its key
FRESH = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
GIF = bytes.fromhex("47494638396101000100800000000000ffffff21f90401000000002c00000000010001000002024401003b")


@lru_cache(maxsize=1)
def addresses():
    """Of the ping of a script, and of the image for readers without."""
    return reverse("visitor_ping"), reverse("visitor_ping_image")


def address_of(path, image=False):
    """What the page ``path`` asks for."""
    return f"{addresses()[image]}?{urlencode({'trang': path, 'khoa': key_of(path)})}"


@lru_cache(maxsize=2048)
def key_of(path):
    return blake2b(
        path.encode(), digest_size=8, key=settings.SECRET_KEY.encode()[:64], person=b"visitor ping"
    ).hexdigest()


def page_of(query):
    """The path of the page that pings, and whether it has done so before; ``None`` for what no page of ours carries."""
    return known_page_of(query) if len(query) <= LONGEST_QUERY else None


@lru_cache(maxsize=512)
def known_page_of(query):
    asked = dict(parse_qsl(query, keep_blank_values=True))
    path = asked.get("trang", "")
    if len(path) > LONGEST_PATH or asked.get("khoa") != key_of(path):
        return None
    return path, "lai" in asked


def answer(path, is_image):
    """A picture of nothing, or the figures, with the views of ``path`` where they are known."""
    if is_image:
        return HttpResponse(GIF, content_type="image/gif", headers=FRESH)
    return HttpResponse(safely(figures, path) or b"{}", content_type="application/json", headers=FRESH)


def figures(path):
    return said(timer.tally.show(clock.now()), timer.tally.views(path) if path else None)


@lru_cache(maxsize=256)  # most pings say what the one before said
def said(shown, views):
    """The figures that are known and the views, as JSON."""
    numbers = shown.named() if shown else {}
    if views is not None:
        numbers["views"] = views
    return json.dumps({name: dotted(number) for name, number in numbers.items()}).encode()
