"""The site map: every address, in the order a reader would meet them."""

from django.contrib import admin
from django.urls import path

handler400 = "news.views.errors.bad_request"
handler403 = "news.views.errors.permission_denied"
handler404 = "news.views.errors.page_not_found"
handler500 = "news.views.errors.server_error"

urlpatterns = [
    path("admin/", admin.site.urls),
]
