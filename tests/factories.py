"""Boring content for tests. An article is published unless its maker's name says otherwise."""

import io
from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from news.models import Article, Category, Picture


def make_category(name="Tin tức"):
    return Category.objects.get_or_create(name=name)[0]


def make_draft(title="Tin thử", summary="Tóm tắt.", body="<p>Nội dung.</p>", category=None, **fields):
    return Article.objects.create(
        title=title, summary=summary, body=body, category=category or make_category(), **fields
    )


def make_article(**fields):
    article = make_draft(**fields)
    article.publish()
    return article


def make_scheduled(**fields):
    article = make_draft(**fields)
    article.publish(timezone.now() + timedelta(days=1))
    return article


def make_withdrawn(reason="Sai số liệu", **fields):
    article = make_article(**fields)
    article.withdraw(reason)
    return article


def make_photo(width=800, height=600, kind="JPEG", name="anh.jpg"):
    """A small photograph as a browser would send it."""
    file = io.BytesIO()
    Image.linear_gradient("L").resize((width, height)).convert("RGB").save(file, kind)
    return SimpleUploadedFile(name, file.getvalue(), f"image/{kind.lower()}")


def make_picture(alt="Ruộng lúa", **words):
    return Picture.create_from(make_photo(), alt=alt, **words)
