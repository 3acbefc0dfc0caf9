"""One guard, one act: a person who opens a page is counted, and the page is served whatever happens to the count.

Two ways, one setting (``VISITORS_COUNT_BY``): ``page`` counts the page itself, which then belongs to its reader and to no cache;
``ping`` leaves the pages to every cache and counts what they ask for when they are looked at (ping.py).
"""

from functools import lru_cache

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http.request import split_domain_port
from django.middleware.http import ConditionalGetMiddleware

from visitors import clock, ping
from visitors.bots import claims_fetch_metadata, is_bot
from visitors.identity import agent_of, client_network
from visitors.timer import safely, timer

DESK = "/admin/"
LONGEST_HOST = 300  # characters: a name has 253 at most
# What a browser says of the request, when it says anything, and what it is otherwise
OF_A_PAGE = ("HTTP_SEC_FETCH_DEST", "document", "not a document")
OF_A_PING = ("HTTP_SEC_FETCH_SITE", "same-origin", "another site")
AHEAD_OF_TIME = ("HTTP_SEC_PURPOSE", "HTTP_PURPOSE", "HTTP_X_PURPOSE", "HTTP_X_MOZ")


class VisitorMiddleware:
    def __init__(self, get_response):
        self.get_response = get_response
        self.counts_pages = settings.VISITORS_COUNT_BY == "page"

    def __call__(self, request):
        if self.counts_pages:
            return self.counted(request)
        if request.path_info in ping.addresses() and request.method in ("GET", "HEAD"):
            return pinged(request)
        return self.get_response(request)

    def counted(self, request):
        request.visitor_hit = hit = safely(provisional_hit, request, OF_A_PAGE)
        response = self.get_response(request)
        if not is_page(response):
            if hit is not None:
                safely(timer.tally.refuse, "no page", hit.moment)
            return response
        if hit is not None:
            safely(timer.tally.count, hit, request.path_info)
        elif "Cache-Control" in response.headers:
            return response
        response.headers["Cache-Control"] = "private, no-cache"  # it holds figures, whoever it was made for
        response.headers.pop("ETag", None)
        return response


class CacheablePageMiddleware(ConditionalGetMiddleware):
    """Of a site that counts by ping: its pages and what machines read are the same for everyone, so every cache may keep them for a
    second, and one that has not changed is not sent again."""

    def __init__(self, get_response):
        if settings.VISITORS_COUNT_BY != "ping":
            raise MiddlewareNotUsed
        super().__init__(get_response)

    def process_response(self, request, response):
        if response.status_code == 200 and not response.cookies and not request.path_info.startswith(DESK):
            response.headers.setdefault("Cache-Control", "public, max-age=1")
        return super().process_response(request, response)


def pinged(request):
    """The answer to a ping, with its reader counted in it."""
    page = ping.page_of(request.META.get("QUERY_STRING", ""))
    hit = safely(provisional_hit, request, OF_A_PING, None if page else "no page of ours")
    path, again = page or ("", False)
    if hit is not None:
        safely(timer.tally.count, hit, None if again else path)
    return ping.answer(path, is_image=request.path_info == ping.addresses()[1])


def provisional_hit(request, said, reason=None):
    """The hit this request will be if it is answered with a page; ``None`` for what is not counted, for ``reason`` or another."""
    timer.start()
    moment = clock.now()
    meta = request.META
    cookies = request.COOKIES if "HTTP_COOKIE" in meta else ()
    is_secure = said[0] not in meta and request.is_secure()  # where that is said, nobody asks
    reason = reason or why_not_counted(meta, request.method, request.path_info, cookies, is_secure, said)
    network = client_network(meta) if reason is None else None
    if network is None:
        timer.tally.refuse(reason or "no address", moment)
        return None
    return timer.tally.look(network, agent_of(meta), host_of_site(), moment)


def why_not_counted(meta, method, path, cookies, is_secure, said=OF_A_PAGE):
    """Why a request is no person opening a page, or ``None``. What the answer will be is not known yet."""
    if method != "GET":
        return "method"
    if path.startswith(DESK) or (cookies and settings.SESSION_COOKIE_NAME in cookies):
        return "staff"
    if not meta.keys().isdisjoint(AHEAD_OF_TIME):
        return "prefetch"
    if not is_ours(meta.get("HTTP_HOST", "")[:LONGEST_HOST]):
        return "host"
    agent = agent_of(meta)
    if is_bot(agent):
        return "bot"
    header, right, otherwise = said
    value = meta.get(header)
    if value is None:
        return "forged browser" if is_secure and claims_fetch_metadata(agent) else None
    return None if value == right else otherwise


@lru_cache(maxsize=1)
def host_of_site():
    return settings.SITE_HOST


@lru_cache(maxsize=64)
def is_ours(host):
    return split_domain_port(host.lower())[0].strip("[]") in settings.VISITORS_HOSTS


def is_page(response):
    return response.status_code == 200 and response.headers.get("Content-Type", "").startswith("text/html")
