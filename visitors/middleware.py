class VisitorMiddleware:
    """One guard, one act: placeholder wiring until the counter lands in the next commit."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)
