"""What is asked in a way that cannot be answered gets a page a reader understands."""

from news.views import errors

MOST_OF_A_STRANGER = 100_000  # bytes: the largest form that is there for them is the log-in


class StrangersSendLittleMiddleware:
    """What is sent as a form is read whole before anybody asks who sends it, and may take eighty times its size in memory."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        is_form = request.content_type == "application/x-www-form-urlencoded"
        is_large = is_form and int(request.META.get("CONTENT_LENGTH") or 0) > MOST_OF_A_STRANGER
        if is_large and not request.user.is_authenticated:
            return errors.plain(413, errors.TOO_MUCH_OF_A_STRANGER)
        return self.get_response(request)


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


class NumberTooLargePageMiddleware:
    """The desk's lists look up whatever number stands in their address; one that no database holds is a bad request."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        return errors.plain(400) if isinstance(exception, OverflowError) else None
