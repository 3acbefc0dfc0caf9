"""One guard, one act: a person who opens a page is counted, and the page is served whatever happens to the count."""

from functools import lru_cache

from django.conf import settings
from django.http.request import split_domain_port

from visitors import clock
from visitors.bots import claims_fetch_metadata, is_bot
from visitors.identity import agent_of, client_network
from visitors.timer import safely, timer

LONGEST_HOST = 300  # characters: a name has 253 at most
AHEAD_OF_TIME = ("HTTP_SEC_PURPOSE", "HTTP_PURPOSE", "HTTP_X_PURPOSE", "HTTP_X_MOZ")


class VisitorMiddleware:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.visitor_hit = hit = safely(provisional_hit, request)
        response = self.get_response(request)
        if hit is not None and is_page(response):
            safely(timer.tally.count, hit, request.path_info)
            response.headers["Cache-Control"] = "private, no-cache"
            response.headers.pop("ETag", None)
        return response


def provisional_hit(request):
    """The hit this request will be if it is answered with a page; ``None`` for what is not counted."""
    timer.start()
    moment = clock.now()
    meta = request.META
    cookies = request.COOKIES if "HTTP_COOKIE" in meta else ()
    is_secure = "HTTP_SEC_FETCH_DEST" not in meta and request.is_secure()  # where that is said, nobody asks
    reason = why_not_counted(meta, request.method, request.path_info, cookies, is_secure)
    network = client_network(meta) if reason is None else None
    if network is None:
        timer.tally.refuse(reason or "no address", moment)
        return None
    return timer.tally.look(network, agent_of(meta), settings.SITE_HOST, moment)


def why_not_counted(meta, method, path, cookies, is_secure):
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
    destination = meta.get("HTTP_SEC_FETCH_DEST")
    if destination is None:
        return "forged browser" if is_secure and claims_fetch_metadata(agent) else None
    return None if destination == "document" else "not a document"


@lru_cache(maxsize=64)
def name_of_host(host):
    return split_domain_port(host.lower())[0].strip("[]")


def is_page(response):
    return response.status_code == 200 and response.headers.get("Content-Type", "").startswith("text/html")
