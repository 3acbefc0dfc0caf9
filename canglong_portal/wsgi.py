import os
import re
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "canglong_portal.settings")
try:
    django = get_wsgi_application()
except ImproperlyConfigured as error:
    sys.exit(f"The site cannot start. {error}")

# The kind, and a boundary that follows it at once: all that comes after, a charset first of all, is dropped.
BOUNDARY = re.compile(r"[^;]*(?:;\s*boundary=[^;]*)?")


def application(request, start_response):
    """The site. What a request says of its own letters is not heard, and of a GET nothing: Django would read its query by them (one
    address, two pages, and a cache between), or fail before it can answer with a page."""
    kind = request.get("CONTENT_TYPE", "")
    is_asking = request["REQUEST_METHOD"] in ("GET", "HEAD")
    request["CONTENT_TYPE"] = "" if is_asking else BOUNDARY.match(kind)[0]
    return django(request, start_response)
