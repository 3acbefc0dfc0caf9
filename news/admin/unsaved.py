"""Nothing typed at the desk is lost: see ``static/js/unsaved.js``. An article's form loads it with its editor."""

from django.contrib import admin
from django.contrib.admin.widgets import AdminTextInputWidget
from django.db import models

from news.admin.lines import LineField


class KeepsTypedAdmin(admin.ModelAdmin):
    """What was sent from its form is kept in the tab until it is stored."""

    formfield_overrides = {models.CharField: {"form_class": LineField, "widget": AdminTextInputWidget}}

    class Media:
        js = ["js/unsaved.js"]
