"""``manage.py rebuild_search``: write the search index anew from the words each edition keeps."""

from django.core.management.base import BaseCommand
from django.db import transaction

from news import search
from news.management.portions import portions
from news.models import Edition


class Command(BaseCommand):
    help = "Rebuild the search index."

    def handle(self, **options):
        count = 0
        for editions in portions(Edition.objects.only("search_tokens")):
            with transaction.atomic():
                for edition in editions:
                    search.write(edition.pk, edition.search_tokens)
            count += len(editions)
        search.forget_strays()
        self.stdout.write(f"{count} editions indexed.")
