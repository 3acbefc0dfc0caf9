"""Nothing typed at the desk is lost: see ``static/js/unsaved.js``. An article's form loads it with its editor."""

from django.contrib import admin


class KeepsTypedAdmin(admin.ModelAdmin):
    """What was sent from its form is kept in the tab until it is stored."""

    class Media:
        js = ["js/unsaved.js"]
