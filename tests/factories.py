"""Boring content for tests. An article is published unless its maker's name says otherwise."""

import io
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from news.models import Article, Category, Picture

NINE = datetime(2024, 2, 20, 9, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
HOUR = timedelta(hours=1)


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


def make_many(count, categories):
    """``count`` published articles in turns of ``categories``: copies of one, for tests of what many cost."""
    first = make_article(title="Tin 0", category=categories[0])
    edition = first.editions.get()
    others = [
        Article(
            title=f"Tin {n}",
            summary=first.summary,
            body=first.body,
            slug=f"tin-{n}",
            category=categories[n % len(categories)],
        )
        for n in range(1, count)
    ]
    for article in Article.objects.bulk_create(others):
        edition.pk, edition.article, edition.title, edition._state.adding = None, article, article.title, True
        edition.typeset()
        edition.save()
    return [first, *others]


def make_scheduled(**fields):
    article = make_draft(**fields)
    article.publish(timezone.now() + timedelta(days=1))
    return article


def correct(article, words, now):
    """Publish ``article`` again with ``words`` for its body."""
    article.refresh_from_db()
    article.body = f"<p>{words}</p>"
    article.save()
    return article.publish(now=now, note="Sửa số liệu")


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
