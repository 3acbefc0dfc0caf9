"""What machines ask for: robots.txt, the icon of what has no page, the sitemap, health, and the files of pictures."""

from math import ceil

from django.conf import settings
from django.contrib.sitemaps import views as sitemaps
from django.db import DatabaseError, connection
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.utils import timezone
from django.views.decorators.http import conditional_page
from django.views.static import serve

from news import images
from news.models import Edition
from news.sitemaps import ArticleSitemap, PageSitemap
from news.views.methods import read_only

THIS_MOMENT = {"Cache-Control": "no-store"}
MEDIA_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cache-Control": "public, max-age=31536000, immutable",  # a changed picture is a new file
}


@read_only
def robots(request):
    pages = ceil(Edition.objects.live(timezone.now()).count() / ArticleSitemap.limit) or 1
    context = {"sitemap_pages": range(2, pages + 1)}
    return render(request, "news/robots.txt", context, content_type="text/plain; charset=utf-8")


@read_only
def favicon(request):
    """Where the icon is, for what cannot say so itself: a feed, a picture, a file of figures."""
    response = redirect(static("icons/favicon.ico"))
    response.headers["Cache-Control"] = "public, max-age=86400"
    return response


@read_only
@conditional_page
def sitemap(request):
    page = request.GET.get("p", "1")
    if not page.isascii() or not page.isdigit() or len(page) > 6:
        raise Http404
    first = {"trang": PageSitemap} if int(page) == 1 else {}
    sections = {**first, "bai-viet": ArticleSitemap}
    response = sitemaps.sitemap(request, sections, template_name="news/sitemap.xml")
    response.headers.pop("Last-Modified", None)  # a withdrawal does not move it; the ETag tells every change
    return response


@read_only
def healthz(request):
    """The process answers."""
    return HttpResponse("ok\n", content_type="text/plain", headers=THIS_MOMENT)


@read_only
def readyz(request):
    """The process answers and reaches its database."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return HttpResponse("database unavailable\n", content_type="text/plain", status=503, headers=THIS_MOMENT)
    return HttpResponse("ok\n", content_type="text/plain", headers=THIS_MOMENT)


@read_only
def media(request, name):
    """A picture's file, with headers under which nothing in it could ever run."""
    if not images.NAME.fullmatch(name):
        raise Http404
    response = serve(request, name, document_root=settings.MEDIA_ROOT)
    for header, value in MEDIA_HEADERS.items():
        response[header] = value
    return response
