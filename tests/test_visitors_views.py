"""Views: what is most read, and how often an article was opened."""

import re

import pytest
from django.template import engines
from django.test import RequestFactory

from tests.counting import SECOND, TUESDAY, started
from tests.factories import make_article, make_draft, make_scheduled, make_withdrawn
from tests.statistics_page import AGENT, figures, most_read, opened, read, view
from visitors import pages
from visitors.pages import Pages
from visitors.shared import Shared
from visitors.timer import timer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tuesday")]


def test_the_most_read_of_a_week_and_of_thirty_days_with_their_titles(client):
    first, second = make_article(title="Cầu mới & đường mới"), make_article(title="Lịch tiếp dân")
    view(first.get_absolute_url(), 1000, ago=6)
    view(first.get_absolute_url(), 234)
    view(second.get_absolute_url(), 5)
    view(second.get_absolute_url(), 9000, ago=7)
    view(second.get_absolute_url(), 90_000, ago=30)
    page = opened(client)
    bridge, hours = ("Cầu mới &amp; đường mới", "1.234"), ("Lịch tiếp dân", "5")
    assert most_read(page) == [[bridge, hours], [("Lịch tiếp dân", "9.005"), bridge]]
    assert f'href="{first.get_absolute_url()}"' in page.content.decode()


def test_only_live_articles_are_among_the_most_read(client):
    live, draft = make_article(title="Đang đăng"), make_draft(title="Bí mật một")
    live.title = "Bí mật hai"
    live.save()
    hidden = [draft, make_scheduled(title="Bí mật ba"), make_withdrawn(title="Bí mật bốn")]
    for article in (live, *hidden):
        view(f"/bai-viet/{article.pk}-{article.slug or 'bi-mat-mot'}/", 10)
    view(live.get_absolute_url() + "ban-1/", 50)
    view("/", 1000)
    view("/bai-viet/999-khong-co/", 50)
    page = opened(client)
    assert most_read(page) == [[("Đang đăng", "10")]] * 2
    assert "Bí mật" not in page.content.decode() and "bi-mat" not in page.content.decode()


def test_ten_are_shown_although_some_of_the_most_opened_are_gone(client):
    for n in range(12):
        view(make_article(title=f"Tin {n:02}").get_absolute_url(), 100 - n)
    view(make_withdrawn().get_absolute_url(), 500)
    assert [title for title, _ in most_read(opened(client))[0]] == [f"Tin {n:02}" for n in range(10)]


def test_templates_ask_for_the_most_viewed_below_any_path():
    for path, views in {"/chuyen-muc/a/": 3, "/chuyen-muc/b/": 5, "/tim-kiem/": 9}.items():
        view(path, views, ago=2)
    template = '{% load visitors %}{% most_viewed days=3 limit=1 prefix="/chuyen-muc/" as rows %}{% for row in rows %}{{ row.path }} {{ row.views }};{% empty %}nothing{% endfor %}'
    assert engines["django"].from_string(template).render() == "/chuyen-muc/b/ 5;"
    assert engines["django"].from_string(template.replace("days=3", "days=2")).render() == "nothing"


# --- views of one page


def test_an_article_says_how_often_it_was_opened_its_reader_included_and_asks_no_query_for_it(
    client, django_assert_num_queries
):
    article = make_article()
    path = article.get_absolute_url()
    read()
    opened(client, path, AGENT)
    read()
    with django_assert_num_queries(5):  # as in test_lean_pages
        page = opened(client, path, AGENT)
    assert figures(page, "views") == ["2"]
    assert figures(opened(client, path), "views") == ["2"]  # a bot does not count itself
    read()
    assert figures(opened(client, path, AGENT), "views") == ["3"]


def test_the_processes_of_one_server_show_the_same_views_and_another_servers_after_a_round():
    shared = Shared()
    one, other, elsewhere = started(shared=shared), started(shared=shared), started()
    shown = [process.tally.views("/a/") for process in (one, elsewhere)]
    one.flush(TUESDAY), elsewhere.flush(TUESDAY)
    for number in range(3):
        one.open_page(TUESDAY, str(number), "/a/")
        shown += [process.tally.views("/a/") for process in (one, other)]
    one.flush(TUESDAY + SECOND), other.flush(TUESDAY + SECOND)
    assert [*shown, one.tally.views("/a/"), other.tally.views("/a/")] == [None, None, 1, 1, 2, 2, 3, 3, 3, 3]
    for second in range(2, 5):  # nobody asks there any more, and the rounds read it all the same
        elsewhere.flush(TUESDAY + second * SECOND)
    assert elsewhere.tally.views("/a/") == 3


def test_what_is_known_of_pages_is_bounded(monkeypatch):
    monkeypatch.setattr(pages, "MOST_READ", 5)
    process = started()
    for number in range(3000):
        process.tally.views(f"/{number}/")
        if number % 100 == 0:
            process.flush(TUESDAY)
    process.flush(TUESDAY)
    assert len(process.tally.pages.asked) + len(process.tally.pages.read) <= 5
    full = Pages(memoryview(bytearray(8 * 16)).cast("q"))
    full.learn({f"/{number}/": number for number in range(100)})
    assert sum(full.ask(f"/{number}/") == number for number in range(100)) == 8


def test_until_somebody_has_read_it_and_on_past_editions_an_article_does_not_speak_of_them(client):
    article = make_article()
    read()
    assert re.search(r"<span[^>]* hidden>Lượt xem", opened(client, article.get_absolute_url()).content.decode())
    read()
    assert re.search(
        r"<span[^>]* hidden>Lượt xem", opened(client, article.get_absolute_url()).content.decode()
    )  # of a bot
    assert figures(opened(client, article.get_absolute_url(), AGENT), "views") == ["1"]
    assert "Lượt xem" not in opened(client, article.get_absolute_url() + "ban-1/").content.decode()


def test_behind_a_cache_the_ping_brings_the_views_and_the_page_stays_as_it_is(client, settings):
    settings.VISITORS_COUNT_BY = "ping"
    path = make_article().get_absolute_url()
    before = opened(client, path, AGENT).content
    timer.tally.views(path)
    read()
    assert timer.tally.views(path) == 0
    assert opened(client, path, AGENT).content == before
    assert b' hidden>L\xc6\xb0\xe1\xbb\xa3t xem: <span data-visitors="views"></span></span>' in before


def test_a_reader_adds_to_the_views_of_the_page_they_read_alone():
    render = engines["django"].from_string("{% load visitors %}{% page_views path as views %}{{ views }}").render
    request = RequestFactory().get("/a/")
    request.visitor_hit = object()
    render({"path": "/a/"}), render({"path": "/b/"})
    read()
    assert [render({"path": path}, request) for path in ("/a/", "/b/", "/c/")] == ["1", "0", "None"]
