"""What is asked in a way that cannot be answered gets a page a reader understands."""

from django.conf import settings
from django.urls import reverse

from news.views import errors

# In bytes. What is there for strangers is the log-in, and the refusal of an article that was sent after its session had ended.
MOST_OF_A_STRANGER = {"application/x-www-form-urlencoded": 100_000}
MOST_IN_PARTS = 1_000_000
PIECE = 1 << 16


class StrangersSendLittleMiddleware:
    """What is sent is read whole before anybody asks who sends it, and shown again it may take eighty times its size in memory. Only
    the desk of one's own texts and pictures takes more."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        most = MOST_OF_A_STRANGER.get(request.content_type, MOST_IN_PARTS)
        length = int(request.META.get("CONTENT_LENGTH") or 0)
        if length > most and not (takes_much(request.path_info) and request.user.is_authenticated):
            if length <= settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
                throw_away(request)
            is_upload = request.path_info == reverse("upload_picture")  # its script takes 413 for too large a picture
            return errors.plain(403 if is_upload else 413, errors.TOO_MUCH_OF_A_STRANGER.format(most // 1000))
        return self.get_response(request)


def throw_away(request):
    """What was sent. An answer that comes before all of it has gone is none to nginx, which then says 502."""
    while request.read(PIECE):
        pass


def takes_much(path):
    return path.startswith((reverse("upload_picture"), reverse("admin:app_list", args=["news"])))


class MethodNotAllowedPageMiddleware:
    """Django and WhiteNoise answer 405 with an empty page; this one fills it and keeps its ``Allow``."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if response.status_code != 405 or (not response.streaming and response.content):
            return response
        page = errors.plain(405)
        page["Allow"] = response["Allow"]
        return page


class NotLookedUpPageMiddleware:
    """The desk's lists look up whatever stands in their address; a number or a sign that no database holds is a bad request."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        is_list = str(request.resolver_match.url_name).endswith("_changelist")  # of others it is None
        unknown = (OverflowError, ValueError, IndexError) if is_list else OverflowError
        return errors.plain(400) if isinstance(exception, unknown) else None
