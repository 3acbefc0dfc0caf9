"""``manage.py rerender``: make the rendered columns of every edition anew from its text, and the search index with them."""

from django.core.management.base import BaseCommand
from django.db import transaction

from news import search
from news.models import Edition


class Command(BaseCommand):
    help = "Rebuild what publishing worked out (markup, dates as read, extract, search words). Texts never change."

    @transaction.atomic
    def handle(self, **options):
        search.clear()
        count = 0
        for edition in Edition.objects.select_related("article", "lead_picture").iterator(chunk_size=100):
            edition.typeset()
            edition.save(update_fields=Edition.RENDERED)
            count += 1
        self.stdout.write(f"{count} editions rendered and indexed.")
