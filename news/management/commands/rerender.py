"""``manage.py rerender``: make the rendered columns of every edition anew from its text, and the search index with them."""

from django.core.management.base import BaseCommand
from django.db import transaction

from news import search
from news.management.portions import portions
from news.models import Edition


class Command(BaseCommand):
    help = "Rebuild what publishing worked out (markup, dates as read, extract, search words). Texts never change."

    def handle(self, **options):
        count = 0
        for editions in portions(Edition.objects.select_related("article", "lead_picture")):
            for edition in editions:
                edition.typeset()  # which takes its time, and keeps nobody from the database
            with transaction.atomic():
                for edition in editions:
                    edition.save(update_fields=Edition.RENDERED)
            count += len(editions)
        search.forget_strays()
        self.stdout.write(f"{count} editions rendered and indexed.")
