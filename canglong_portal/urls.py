"""The site map: every address, in the order a reader would meet them."""

from django.contrib import admin
from django.urls import path, re_path, register_converter
from django.urls.converters import IntConverter

from news.feeds import CategoryFeed, LatestFeed
from news.views import errors, finding, machines, reading, uploads
from news.views.methods import read_only
from visitors import views as visits

handler400 = "news.views.errors.bad_request"
handler403 = "news.views.errors.permission_denied"
handler404 = "news.views.errors.page_not_found"
handler500 = "news.views.errors.server_error"


class NumberConverter(IntConverter):
    """A number that every database can look up: one of twenty digits is no page, not an error."""

    regex = "[1-9][0-9]{0,8}"


register_converter(NumberConverter, "number")

urlpatterns = [
    path("", reading.home, name="home"),
    path("chuyen-muc/<slug:slug>/", reading.category, name="category"),
    path("chuyen-muc/<slug:slug>/rss.xml", read_only(CategoryFeed()), name="category_rss"),
    path("bai-viet/<number:pk>-<str:slug>/", reading.article, name="article"),
    path("bai-viet/<number:pk>-<str:slug>/ban-<number:number>/", reading.edition, name="edition"),
    path("tim-kiem/", finding.search, name="search"),
    path("rss.xml", read_only(LatestFeed()), name="rss"),
    path("sitemap.xml", machines.sitemap, name="sitemap"),
    path("robots.txt", machines.robots, name="robots"),
    path("favicon.ico", machines.favicon, name="favicon"),
    path("thong-ke/", read_only(visits.statistics), name="statistics"),
    path("thong-ke/luot-truy-cap.csv", read_only(visits.statistics_csv), name="statistics_csv"),
    path("thong-ke/luot", read_only(visits.ping), name="visitor_ping"),
    path("thong-ke/luot.gif", read_only(visits.ping), name="visitor_ping_image"),
    path("healthz", machines.healthz, name="healthz"),
    path("readyz", machines.readyz, name="readyz"),
    re_path(r"^media/(?P<name>.+)$", machines.media, name="media"),
    path("admin/anh/tai-len/", uploads.upload_picture, name="upload_picture"),
    # Django's way to an object's page tells drafts by their slug
    path("admin/r/<path:object>", errors.not_there, name="view_on_site"),
    path("admin/", admin.site.urls),
]
