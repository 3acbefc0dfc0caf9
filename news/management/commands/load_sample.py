"""``manage.py load_sample``: one real article, the real masthead, a dozen marked samples. Twice is once."""

import io
from dataclasses import replace

from django.core.files.base import ContentFile
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import transaction

from news import images
from news.models import Article, Author, Byline, Category, Masthead, Picture
from news.sample import content, pictures


class Command(BaseCommand):
    help = "Load the sample content; what is there already stays as it is. `remove_sample` takes it out again."

    def handle(self, **options):
        drawn = {name: self.drawn(name) for name in pictures.DRAWN}  # encoded before the transaction begins
        try:
            with transaction.atomic():
                loaded = self.load_all(drawn)
        except BaseException:
            self.remove_orphans(drawn)
            raise
        self.stdout.write(f"Sample content: {loaded} articles loaded. Take it out with: manage.py remove_sample")

    def load_all(self, drawn):
        """How many articles were not there yet. What the office has written itself is left alone."""
        if not Masthead.objects.exists():
            Masthead(**content.masthead()).save()
        for category in content.categories():
            Category.objects.get_or_create(name=category["name"], defaults=category)
        kept = {name: self.kept(name, encoded) for name, encoded in drawn.items()}
        call_command("carry_over", unless_set=True, stdout=io.StringIO(), **content.START)
        return sum(self.load(article, kept) for article in content.articles())

    @staticmethod
    def drawn(name):
        """The encoded drawing, under a key that says it is ours; None when it is there already."""
        key = content.key(name).hex
        if Picture.objects.filter(key=key).exists():
            return None
        return replace(images.encode(ContentFile(pictures.file_of(name).read_bytes(), name)), key=key)

    @staticmethod
    def kept(name, encoded):
        picture = Picture.objects.filter(key=content.key(name).hex).first()
        if picture:
            return picture
        drawing = pictures.DRAWN[name]
        picture = Picture(alt=drawing.alt, caption=drawing.caption, credit=content.CREDIT)
        images.remove(images.name(encoded.key, *size) for size in encoded.files)  # of a loading that was killed
        picture.take(encoded)
        picture.save()
        return picture

    @staticmethod
    def remove_orphans(drawn):
        """The files of a loading that failed; not those of another one that was quicker."""
        for encoded in filter(None, drawn.values()):
            if not Picture.objects.filter(key=encoded.key).exists():
                images.remove(images.name(encoded.key, *size) for size in encoded.files)

    def load(self, source, kept):
        """Whether the article was not there yet."""
        key = content.key(source["title"])
        if Article.objects.filter(key=key).exists():
            return False
        body = source["body"]
        if inside := source.get("inside"):
            body = body.replace(f"{{{inside}}}", kept[inside].url())
        article = Article.objects.create(
            key=key,
            title=source["title"],
            summary=source["summary"],
            body=body,
            category=Category.objects.get(name=source["category"]),
            lead_picture=kept.get(source["picture"]),
        )
        author, _ = Author.objects.get_or_create(pen_name=source["author"])
        Byline.objects.create(article=article, author=author)
        self.publish(article, source)
        return True

    @staticmethod
    def publish(article, source):
        correction = source.get("correction")
        if not correction:
            article.publish(source["at"], now=source["at"])
            return
        right, wrong = correction["before"]
        article.summary = article.summary.replace(right, wrong)
        article.save()
        article.publish(source["at"], now=source["at"])
        article.summary = article.summary.replace(wrong, right)
        article.save()
        article.publish(correction["at"], now=correction["at"], note=correction["note"])
