"""``manage.py rebuild_search``: write the search index anew from the words each edition keeps."""

from django.core.management.base import BaseCommand
from django.db import transaction

from news import search
from news.models import Edition


class Command(BaseCommand):
    help = "Rebuild the search index."

    @transaction.atomic
    def handle(self, **options):
        search.clear()
        count = 0
        for pk, words in Edition.objects.values_list("pk", "search_tokens").iterator():
            search.write(pk, words)
            count += 1
        self.stdout.write(f"{count} editions indexed.")
