"""``manage.py load_sample``: one real article, the real masthead, a dozen marked samples. Twice is once."""

import io
from dataclasses import replace

from django.core.files.base import ContentFile
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import transaction

from news import images
from news.models import Article, Author, Byline, Category, Masthead, Picture
from news.sample import content, drawings


class Command(BaseCommand):
    help = "Load the sample content; what is there already stays as it is. `remove_sample` takes it out again."

    def handle(self, **options):
        drawn = {name: self.drawn(name) for name in drawings.DRAWN}  # encoded before the transaction begins
        with transaction.atomic():
            if not Masthead.objects.exists():
                Masthead(**content.masthead()).save()
            for position, (name, description) in enumerate(content.CATEGORIES, 1):
                fields = {"description": description, "position": position * 10}
                Category.objects.get_or_create(name=name, defaults=fields)
            pictures = {name: self.kept(name, encoded) for name, encoded in drawn.items()}
            loaded = sum(self.load(article, pictures) for article in content.articles())
            call_command("carry_over", stdout=io.StringIO(), **content.START)
        self.stdout.write(f"Sample content: {loaded} articles loaded. Take it out with: manage.py remove_sample")

    @staticmethod
    def drawn(name):
        """The encoded drawing, under a key that says it is ours; None when it is there already."""
        key = content.key(name).hex
        if Picture.objects.filter(key=key).exists():
            return None
        file = io.BytesIO()
        drawings.DRAWN[name]().save(file, "PNG", compress_level=1)
        return replace(images.encode(ContentFile(file.getvalue(), name)), key=key)

    @staticmethod
    def kept(name, encoded):
        if encoded is None:
            return Picture.objects.get(key=content.key(name).hex)
        picture = Picture(alt=drawings.DESCRIPTIONS[name], caption="Tranh minh họa", credit=content.CREDIT)
        picture.key, picture.width = encoded.key, encoded.width
        images.remove(picture.files)  # left by a loading that was cut short
        picture.take(encoded)
        picture.save()
        return picture

    def load(self, source, pictures):
        """Whether the article was not there yet."""
        key = content.key(source["title"])
        if Article.objects.filter(key=key).exists():
            return False
        body = source["body"]
        if inside := source.get("inside"):
            body = body.replace(f"{{{inside}}}", pictures[inside].url())
        article = Article.objects.create(
            key=key,
            title=source["title"],
            summary=source["summary"],
            body=body,
            category=Category.objects.get(name=source["category"]),
            lead_picture=pictures.get(source["picture"]),
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
