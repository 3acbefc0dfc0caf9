"""What may be done at an address of the press: read it."""

from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe


def read_only(view):
    """GET and HEAD; anything else is 405 at once, and not first asked for a form's token (403)."""
    return csrf_exempt(require_safe(view))
