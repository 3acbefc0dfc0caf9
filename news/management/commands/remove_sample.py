"""``manage.py remove_sample``: take out what `load_sample` put in, and nothing that anybody else wrote.

The one place where editions are deleted: these were never news.
"""

import io

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import transaction
from django.db.models import Q

from news import images, search
from news.models import Article, Author, Byline, Category, Edition, Masthead, Picture
from news.sample import content, drawings


class Command(BaseCommand):
    help = "Remove the sample articles, their pictures, and the categories, masthead and starting figure nobody has changed."

    def handle(self, **options):
        with transaction.atomic():
            removed = self.remove_articles()
            files = self.remove_pictures()
            self.remove_unused_names()
            Masthead.objects.filter(**content.masthead(), parent_agency="", email="", responsible="").delete()
            call_command("carry_over", remove=True, source=content.START["source"], stdout=io.StringIO())
            transaction.on_commit(lambda: images.remove(files))
        self.stdout.write(f"Removed: {removed} sample articles and {len(files)} files.")

    @staticmethod
    def remove_articles():
        keys = [content.key(source["title"]) for source in content.articles()]
        numbers = list(Article.objects.filter(key__in=keys).values_list("pk", flat=True))
        articles = Article.objects.filter(pk__in=numbers)
        editions = Edition.objects.filter(article__in=articles)
        for edition in editions:
            search.remove(edition.pk)
        # Past the model's own refusal, which stands for everything an office has published.
        super(type(editions), editions).delete()
        Byline.objects.filter(article__in=articles).delete()
        articles.delete()
        Article.history.filter(id__in=numbers).delete()
        return len(numbers)

    @staticmethod
    def remove_pictures():
        """The names of the files of the drawings that no article uses; their rows are gone."""
        files = []
        for name in drawings.DRAWN:
            picture = Picture.objects.filter(key=content.key(name).hex).first()
            if (
                picture is None
                or Article.objects.filter(Q(lead_picture=picture) | Q(body__contains=picture.key)).exists()
            ):
                continue
            if Edition.objects.filter(Q(lead_picture=picture) | Q(body__contains=picture.key)).exists():
                continue
            files += picture.files
            picture.delete()
        return files

    @staticmethod
    def remove_unused_names():
        names = [name for name, _ in content.CATEGORIES]
        Category.objects.filter(name__in=names, articles=None).delete()
        authors = {source["author"] for source in content.articles()}
        Author.objects.filter(pen_name__in=authors, bylines=None).delete()
