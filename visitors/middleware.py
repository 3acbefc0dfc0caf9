"""One guard, one act: a person who opens a page is counted, and the page is served whatever happens to the count.

Two ways, one setting (``VISITORS_COUNT_BY``): ``page`` counts the page itself, which then belongs to its reader and to no cache;
``ping`` leaves the pages to every cache and counts what they ask for when they are looked at (ping.py).
"""

from functools import lru_cache

from django.conf import settings
from django.http.request import split_domain_port

from visitors import clock, ping
from visitors.bots import claims_fetch_metadata, is_bot
from visitors.identity import agent_of, client_network
from visitors.timer import safely, timer

LONGEST_HOST = 300  # characters: a name has 253 at most
RIGHTLY_FETCHED = {  # what a browser says of the request, when it says anything, and what it is otherwise
    "page": ("HTTP_SEC_FETCH_DEST", "document", "not a document"),
    "ping": ("HTTP_SEC_FETCH_SITE", "same-origin", "another site"),
}
AHEAD_OF_TIME = ("HTTP_SEC_PURPOSE", "HTTP_PURPOSE", "HTTP_X_PURPOSE", "HTTP_X_MOZ")


class VisitorMiddleware:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if settings.VISITORS_COUNT_BY == "page":
            return self.counted(request)
        if request.path_info in ping.addresses():
            return pinged(request)
        return for_every_cache(self.get_response(request))

    def counted(self, request):
        request.visitor_hit = hit = safely(provisional_hit, request)
        response = self.get_response(request)
        if hit is not None and is_page(response):
            safely(timer.tally.count, hit, request.path_info)
            response.headers["Cache-Control"] = "private, no-cache"
            response.headers.pop("ETag", None)
        return response


def pinged(request):
    """The answer to a ping, with its reader counted in it."""
    page = ping.page_of(request.META.get("QUERY_STRING", ""))
    hit = safely(provisional_hit, request, None if page else "no page of ours")
    path, again = page or ("", False)
    if hit is not None:
        safely(timer.tally.count, hit, None if again else path)
    return ping.answer(path, is_image=request.path_info == ping.addresses()[1])


def for_every_cache(response):
    if is_page(response) and "Cache-Control" not in response.headers and not response.cookies:
        response.headers["Cache-Control"] = "public, max-age=1"
    return response


def provisional_hit(request, reason=None):
    """The hit this request will be if it is answered with a page; ``None`` for what is not counted, for ``reason`` or another."""
    timer.start()
    moment = clock.now()
    meta = request.META
    cookies = request.COOKIES if "HTTP_COOKIE" in meta else ()
    said = RIGHTLY_FETCHED[settings.VISITORS_COUNT_BY]
    is_secure = said[0] not in meta and request.is_secure()  # where that is said, nobody asks
    reason = reason or why_not_counted(meta, request.method, request.path_info, cookies, is_secure, said)
    network = client_network(meta) if reason is None else None
    if network is None:
        timer.tally.refuse(reason or "no address", moment)
        return None
    return timer.tally.look(network, agent_of(meta), settings.SITE_HOST, moment)


def why_not_counted(meta, method, path, cookies, is_secure, said=RIGHTLY_FETCHED["page"]):
    """Why a request is no person opening a page, or ``None``. What the answer will be is not known yet."""
    if method != "GET":
        return "method"
    if path.startswith("/admin/") or settings.SESSION_COOKIE_NAME in cookies:
        return "staff"
    if any(map(meta.__contains__, AHEAD_OF_TIME)):
        return "prefetch"
    if name_of_host(meta.get("HTTP_HOST", "")[:LONGEST_HOST]) not in settings.VISITORS_HOSTS:
        return "host"
    agent = agent_of(meta)
    if is_bot(agent):
        return "bot"
    header, right, otherwise = said
    value = meta.get(header)
    if value is None:
        return "forged browser" if is_secure and claims_fetch_metadata(agent) else None
    return None if value == right else otherwise


@lru_cache(maxsize=64)
def name_of_host(host):
    return split_domain_port(host.lower())[0].strip("[]")


def is_page(response):
    return response.status_code == 200 and response.headers.get("Content-Type", "").startswith("text/html")
