"""A draft cannot leak: what is not live is on no address of the site, and the addresses come from the URLconf itself."""

from datetime import timedelta

import pytest
from django.contrib.contenttypes.models import ContentType
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from news.models import Author, Byline, Category
from tests.factories import make_category, make_draft
from visitors.models import PageDay

pytestmark = pytest.mark.django_db

NOW = timezone.now()
COMMON = "dulieuchung"  # stands in every article, so that a search for it would find any that can be found
DAY = timedelta(days=1)


def written(marker, category):
    article = make_draft(
        title=f"Tin {marker} {COMMON}",
        summary=f"Tóm tắt {marker} {COMMON}.",
        body=f"<p>Nội dung {marker} {COMMON}.</p>",
        category=category,
    )
    author, _ = Author.objects.get_or_create(pen_name=f"Tác giả {marker}")
    Byline.objects.create(article=article, author=author)
    return article


def draft(article):
    pass


def scheduled(article):
    article.publish(NOW + DAY, now=NOW - DAY)


def cancelled(article):
    article.publish(NOW + DAY, now=NOW - DAY)
    article.cancel_schedule(now=NOW - DAY)


def ended(article):
    article.ends_at = NOW - DAY
    article.save()
    article.publish(now=NOW - 2 * DAY)


def withdrawn(article):
    article.publish(now=NOW - 2 * DAY)
    article.withdraw("Sai số liệu", now=NOW - DAY)


def withdrawn_while_one_waits(article):
    article.publish(now=NOW - 2 * DAY)
    article.title += " lần hai"
    article.save()
    article.publish(NOW - 3600 * timedelta(seconds=1), now=NOW - 2 * DAY)
    article.withdraw("Sai số liệu", now=NOW - DAY)


HIDDEN = [draft, scheduled, cancelled, ended, withdrawn, withdrawn_while_one_waits]


def patterns(resolver=None, prefix=""):
    """Every pattern of the URLconf but the desk's, which is behind the log-in (see tests/test_desk_*.py)."""
    for entry in (resolver or get_resolver()).url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            if entry.app_name != "admin":
                yield from patterns(entry, route)
        elif isinstance(entry, URLPattern):
            yield entry.name


def everywhere(article, category):
    """Name of a URL pattern to the addresses that are tried for it."""
    pk, slug = article.pk, article.slug or "x"
    return {
        "home": ["/", "/?trang=1"],
        "category": [category.get_absolute_url()],
        "category_rss": [category.get_absolute_url() + "rss.xml"],
        "article": [f"/bai-viet/{pk}-x/", f"/bai-viet/{pk}-{slug}/", f"/bai-viet/{pk}-{slug}"],
        "edition": [f"/bai-viet/{pk}-{wish}/ban-{n}/" for wish in ("x", slug) for n in (0, 1, 2, 3)],
        "search": [f"/tim-kiem/?q={COMMON}"],
        "rss": ["/rss.xml"],
        "sitemap": ["/sitemap.xml"],
        "robots": ["/robots.txt"],
        "favicon": ["/favicon.ico"],
        "statistics": ["/thong-ke/"],
        "statistics_csv": ["/thong-ke/luot-truy-cap.csv"],
        "visitor_ping": ["/thong-ke/luot", f"/thong-ke/luot?trang=/bai-viet/{pk}-{slug}/&khoa=x"],
        "visitor_ping_image": ["/thong-ke/luot.gif"],
        "healthz": ["/healthz"],
        "readyz": ["/readyz"],
        "upload_picture": ["/admin/anh/tai-len/"],
        "view_on_site": [f"/admin/r/{kind.pk}/{pk}/" for kind in ContentType.objects.all()],
        "media": ["/media/anh/", "/media/anh/00/x.jpg"],
    }


LISTS = ["home", "category", "category_rss", "search", "rss", "sitemap", "statistics"]


def said(response):
    """All that an answer tells: headers and body."""
    headers = "\n".join(f"{name}: {value}" for name, value in response.headers.items())
    return headers + b"".join(response).decode()


@pytest.mark.parametrize("hide", HIDDEN)
def test_what_is_not_live_is_on_no_address_of_the_site(client, hide):
    category = make_category()
    control = written("damdang", category)
    control.publish(now=NOW - DAY)
    control.title, control.summary, control.body = "Tin bansua", "Tóm tắt bansua.", "<p>Nội dung bansua.</p>"
    control.save()  # the desk copy of a live article is a draft as well
    article = written("bimat", category)
    hide(article)
    article.refresh_from_db()

    for opened in (control, article):  # both would be among the most read
        PageDay.objects.create(day=NOW.date(), path=f"/bai-viet/{opened.pk}-{opened.slug or 'x'}/", views=5)
    addresses = everywhere(article, category)
    assert set(addresses) == set(patterns()), "an address that this test does not know"
    for name in LISTS:
        for address in addresses[name]:
            assert "damdang" in said(client.get(address)), f"{address} does not show the live article"
    for address in (address for name in addresses for address in addresses[name]):
        answer = said(client.get(address)).replace(address, "")
        assert "bimat" not in answer, f"{address} tells of an article that is not live"
        assert "bansua" not in answer, f"{address} tells of an unpublished correction"


@pytest.mark.parametrize(
    ("hide", "status"), [(draft, 404), (scheduled, 404), (cancelled, 404), (ended, 410), (withdrawn, 410)]
)
def test_what_is_not_live_answers_the_same_under_any_slug(client, hide, status):
    article = written("bimat", make_category())
    hide(article)
    article.refresh_from_db()
    for slug in ("x", article.slug or "y", "tin-bimat-dulieuchung"):
        for rest in ("", "ban-1/"):
            assert client.get(f"/bai-viet/{article.pk}-{slug}/{rest}").status_code == status


def test_an_empty_category_is_a_page_of_its_own_and_not_a_leak(client):
    category = make_category()
    written("bimat", category)
    assert Category.objects.count() == 1
    assert "Chuyên mục này chưa có bài" in client.get(category.get_absolute_url()).content.decode()
