"""The desk: the stock admin, declared in the editor's words."""

from django.contrib import admin

from news.admin import article, filing, masthead, people, picture

__all__ = ["article", "filing", "masthead", "people", "picture"]

admin.site.site_title = "Tòa soạn"
admin.site.site_header = "Tòa soạn"
admin.site.index_title = "Bàn làm việc"
