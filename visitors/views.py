from django.http import Http404


def ping(request):
    """Where readers are counted by ping the middleware has answered before; elsewhere there is nothing here."""
    raise Http404
