"""``manage.py remove_sample``: take out what `load_sample` put in, and nothing that the office made or still uses.

What was loaded is known again by its key (news/sample/content.py), and what has no key by standing there word for word
as it was loaded. The one place where editions are deleted: these were never news.
"""

import io

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import transaction
from django.db.models import Q
from django.db.models.query import QuerySet

from news import images, search
from news.models import Article, Author, Byline, Category, Edition, Masthead, Picture
from news.sample import content, pictures


class Command(BaseCommand):
    help = "Remove the sample content; what the office has changed or uses stays, and is named."

    def handle(self, **options):
        self.kept = []
        with transaction.atomic():
            articles = self.remove_articles()
            files = self.remove_pictures()
            self.remove_names()
            self.remove_masthead()
            call_command("carry_over", remove=True, source=content.START["source"], stdout=io.StringIO())
            transaction.on_commit(lambda: images.remove(files))
        self.stdout.write(f"Removed: {articles} sample articles and {len(files)} files.")
        for what in self.kept:
            self.stdout.write(f"Kept, for it was changed or is in use: {what}")

    def remove_articles(self):
        """How many. One that was rewritten is the office's own now."""
        unchanged = []
        for source in content.articles():
            article = Article.objects.filter(key=content.key(source["title"])).first()
            if article and is_as_loaded(article, source):
                unchanged.append(article.pk)
            elif article:
                self.kept.append(f"article {article.pk}, {article}")
        self.delete_with_editions(unchanged)
        return len(unchanged)

    @staticmethod
    def delete_with_editions(numbers):
        editions = Edition.objects.filter(article__in=numbers)
        for edition in editions.values_list("pk", flat=True):
            search.remove(edition)
        QuerySet.delete(editions)  # past the refusal of EditionQuerySet, which stands for what an office published
        Byline.objects.filter(article__in=numbers).delete()
        Article.objects.filter(pk__in=numbers).delete()
        Article.history.filter(id__in=numbers).delete()

    def remove_pictures(self):
        """The names of the files of the drawings that nothing uses; their rows are gone."""
        files = []
        for picture in Picture.objects.filter(key__in=[content.key(name).hex for name in pictures.DRAWN]):
            shown = Q(lead_picture=picture) | Q(body__contains=picture.key)
            if Article.objects.filter(shown).exists() or Edition.objects.filter(shown).exists():
                self.kept.append(f"picture {picture.pk}, {picture}")
                continue
            files += picture.files
            picture.delete()
        return files

    def remove_names(self):
        """Categories and authors. A category that the office made before, or described anew, is its own."""
        for category in content.categories():
            Category.objects.filter(**category, articles=None).delete()
            if Category.objects.filter(name=category["name"]).exists():
                self.kept.append(f"category {category['name']}")
        authors = {source["author"] for source in content.articles()}
        Author.objects.filter(pen_name__in=authors, full_name="", bylines=None).delete()

    def remove_masthead(self):
        Masthead.objects.filter(**content.masthead(), parent_agency="", email="", responsible="").delete()
        if Masthead.objects.exists():
            self.kept.append("the masthead")


def is_as_loaded(article, source):
    """Whether its text, its pictures and its place are those of the sample, and nobody has published or withdrawn it since."""
    last = article.editions.last()
    return (
        last.number == (2 if "correction" in source else 1)
        and last.closed_at is None
        and not article.is_changed_since(last)
        and article.category.name == source["category"]
    )
