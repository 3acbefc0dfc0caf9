"""The other way of counting: pages belong to every cache, and what they ask for when they are looked at is counted."""

import re

import pytest
from django.core.checks.registry import registry
from django.core.management import call_command

from tests.factories import make_article
from visitors import clock, ping
from visitors.checks import check_counting
from visitors.models import PageDay, Refused
from visitors.tally import Tally
from visitors.timer import timer

pytestmark = pytest.mark.django_db
AGENT = "Mozilla/5.0 (X11; rv:125.0) Gecko/20100101 Firefox/125.0"
PERSON = {"user-agent": AGENT, "host": "127.0.0.1"}
CHROME = AGENT.replace("Firefox/125.0", "Chrome/124.0.0.0 Safari/537.36")


@pytest.fixture(autouse=True)
def tally(settings, monkeypatch):
    settings.VISITORS_COUNT_BY = "ping"
    monkeypatch.setattr(timer, "tally", Tally())
    timer.tally.flush(clock.now())
    return timer.tally


def visits(tally):
    return sum(len(rows) for rows in tally.waiting.values())


def flushed(tally):
    tally.flush(clock.now())
    return dict(PageDay.objects.values_list("path", "views"))


def test_a_page_is_the_same_for_everyone_holds_no_figure_and_is_not_counted(client, tally):
    article = make_article()
    path = article.live(article.updated_at.replace(year=2100)).path
    for address in ("/", path, "/tim-kiem/?q=tin"):
        first = client.get(address, headers=PERSON)
        assert first.headers["Cache-Control"] == "public, max-age=1"
        assert "Cookie" not in first.headers.get("Vary", "") and not first.cookies
        assert first.content == client.get(address, headers={**PERSON, "user-agent": "curl/8"}).content
        assert not re.search(r'data-visitors="\w+">[^<]', first.content.decode())
    assert visits(tally) == 0


def test_a_page_that_has_not_changed_is_not_sent_again_and_may_be_kept_for_another_second(client):
    tag = client.get("/", headers=PERSON).headers["ETag"]
    answer = client.get("/", headers={**PERSON, "if-none-match": tag})
    assert (answer.status_code, answer.content) == (304, b"")
    assert answer.headers["Cache-Control"] == "public, max-age=1"


def test_only_pages_that_are_there_belong_to_every_cache(client, admin_client):
    for address in ("/khong-co/", "/admin/login/"):
        assert "public" not in client.get(address, headers=PERSON).headers.get("Cache-Control", "")
    assert "public" not in admin_client.get("/admin/", headers=PERSON).headers["Cache-Control"]


def test_what_a_page_asks_for_counts_its_reader_and_brings_the_figures(client, tally):
    call_command("carry_over", total=3_489_813, as_of="2024-02-20", source="x", verbosity=0)
    tally.flush(clock.now())
    page = client.get("/", headers=PERSON).content.decode()
    address = re.search(r'data-ping="([^"]+)"', page)[1].replace("&amp;", "&")
    answer = client.get(address, headers=PERSON)
    assert answer.json() == {"online": "1", "today": "1", "week": "1", "total": "3.489.814"}
    assert answer.headers["Cache-Control"] == "no-store"
    again = client.get(address + "&lai", headers=PERSON).json()
    assert (again["total"], flushed(tally)) == ("3.489.814", {"/": 1})
    assert client.get(address, headers=PERSON).json()["views"] == "2"


def test_a_reader_without_script_asks_for_a_picture(client, tally):
    page = client.get("/", headers=PERSON).content.decode()
    address = re.search(r'<noscript><img src="([^"]+)"', page)[1].replace("&amp;", "&")
    answer = client.get(address, headers=PERSON)
    assert (answer.headers["Content-Type"], answer.content[:6]) == ("image/gif", b"GIF89a")
    assert (visits(tally), flushed(tally)) == (1, {"/": 1})


@pytest.mark.parametrize(
    "address",
    ["/thong-ke/luot", "/thong-ke/luot?trang=/&khoa=", "/thong-ke/luot?trang=/a/&khoa={key}", "/thong-ke/luot?khoa={key}",
     "/thong-ke/luot?trang=%00%ff&khoa=%ff", "/thong-ke/luot?trang=" + "/x" * 5000 + "&khoa={key}",
     "/thong-ke/luot?" + "a&" * 1200],
)  # fmt: skip
def test_a_ping_that_no_page_of_ours_carries_is_answered_and_not_counted(client, tally, address):
    answer = client.get(address.format(key=ping.key_of("/")), headers=PERSON)
    assert (answer.status_code, answer.json()["today"]) == (200, "0")
    assert (visits(tally), flushed(tally)) == (0, {})
    assert Refused.objects.get().reason == "no page of ours"


@pytest.mark.parametrize(
    ("headers", "reason"),
    [({"user-agent": "curl/8"}, "bot"), ({"sec-purpose": "prefetch;prerender"}, "prefetch"), ({"host": "example.com"}, "host"),
     ({"sec-fetch-site": "cross-site"}, "another site"), ({"cookie": "sessionid=x"}, "staff")],
)  # fmt: skip
def test_a_ping_of_no_reader_is_answered_and_not_counted(client, tally, headers, reason):
    answer = client.get(ping.address_of("/"), headers={**PERSON, **headers})
    assert (answer.status_code, visits(tally)) == (200, 0)
    tally.flush(clock.now())
    assert Refused.objects.get().reason == reason


def test_a_ping_says_that_it_comes_from_a_page_of_this_site_whatever_it_is_fetched_for(client, tally):
    headers = {**PERSON, "user-agent": CHROME, "sec-fetch-site": "same-origin", "sec-fetch-dest": "empty"}
    client.get(ping.address_of("/"), headers=headers, secure=True)
    assert visits(tally) == 1
    client.get(ping.address_of("/"), headers={**PERSON, "user-agent": CHROME + " x"}, secure=True)
    assert visits(tally) == 1


@pytest.mark.parametrize("image", [False, True])
def test_a_head_is_answered_as_a_ping_and_counts_nobody(client, tally, image):
    assert client.head(ping.address_of("/", image), headers=PERSON).status_code == 200
    assert visits(tally) == 0


@pytest.mark.parametrize("image", [False, True])
@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options"])
def test_any_other_method_is_not_offered_and_counts_nobody(client, tally, method, image):
    answer = getattr(client, method)(ping.address_of("/", image), headers=PERSON)
    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, HEAD")
    assert visits(tally) == 0


def test_a_ping_is_answered_before_anything_else_and_with_any_fault_of_the_counter(
    client, tally, monkeypatch, settings
):
    settings.MIDDLEWARE = [settings.MIDDLEWARE[0], "tests.test_visitors_ping.NothingElse"]
    assert client.get(ping.address_of("/"), headers=PERSON).status_code == 200
    for name in ("look", "count", "show", "views", "refuse"):
        with monkeypatch.context() as patch:
            patch.setattr(tally, name, None)
            assert client.get(ping.address_of("/"), headers=PERSON).status_code == 200, name


class NothingElse:
    def __init__(self, get_response):
        pass

    def __call__(self, request):
        raise AssertionError("a ping came this far")


def test_a_page_that_is_not_there_carries_no_ping(client):
    assert "thong-ke/luot" not in client.get("/khong-co/", headers=PERSON).content.decode()


def test_where_pages_are_counted_nothing_answers_a_ping(client, settings):
    settings.VISITORS_COUNT_BY = "page"
    assert client.get(ping.address_of("/"), headers=PERSON).status_code == 404


def test_a_cache_in_front_of_pages_that_are_counted_is_refused(settings):
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, "django.middleware.cache.FetchFromCacheMiddleware"]
    assert check_counting(None) == []
    settings.VISITORS_COUNT_BY = "page"
    assert [error.id for error in check_counting(None)] == ["visitors.E001"]
    assert check_counting in registry.get_checks()


def test_what_machines_read_is_everyones_too_and_the_desk_and_health_are_not(client, editor):
    make_article()
    for path in ("/rss.xml", "/sitemap.xml", "/robots.txt", "/thong-ke/luot-truy-cap.csv"):
        assert client.get(path).headers["Cache-Control"] == "public, max-age=1", path
    for path in ("/healthz", "/readyz", "/admin/", "/admin/jsi18n/", "/admin/login/"):
        assert "public" not in editor.get(path).headers.get("Cache-Control", ""), path
