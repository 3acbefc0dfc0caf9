"""Lean pages: each query is named, and their number does not grow with the content."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import make_article, make_category, make_many, make_picture

pytestmark = pytest.mark.django_db


@pytest.fixture(params=[(3, 3), (300, 15)], ids=["3 articles in 3 categories", "300 articles in 15 categories"])
def filled(request):
    articles, sections = request.param
    categories = [make_category(name=f"Chuyên mục {n}") for n in range(sections)]
    return make_many(articles, categories)


def test_home_takes_five_queries(client, filled, django_assert_num_queries):
    # 1 how many live editions, 2 the newest of them, 3 the newest of each category, 4 the masthead, 5 the categories
    with django_assert_num_queries(5):
        assert client.get("/").status_code == 200


def test_a_category_takes_five_queries(client, filled, django_assert_num_queries):
    # 1 the category, 2 how many live editions it has, 3 a page of them, 4 the masthead, 5 the categories
    with django_assert_num_queries(5):
        assert client.get(filled[0].category.get_absolute_url()).status_code == 200


def test_an_article_takes_five_queries(client, filled, django_assert_num_queries):
    # 1 its live edition, 2 its editions that may be cited, 3 the masthead, 4 the categories, 5 related items
    with django_assert_num_queries(5):
        assert client.get(filled[0].get_absolute_url()).status_code == 200


def test_an_article_whose_only_picture_is_in_its_text_takes_six_queries(client, django_assert_num_queries):
    # 1 to 5 as above, 6 the picture that stands for it where it is shared
    picture = make_picture()
    article = make_article(body=f'<p><img src="{picture.url()}" alt="Lúa"></p>')
    with django_assert_num_queries(6):
        page = client.get(article.get_absolute_url()).content.decode()
    assert page.count(f"http://127.0.0.1:8000{picture.url()}") == 2  # Open Graph and JSON-LD
    assert '<meta property="og:image:alt" content="Lúa">' in page
    assert f'src="{picture.url()}"' in client.get("/").content.decode()  # and on its card


def test_search_takes_four_queries(client, filled, django_assert_num_queries):
    # 1 how many hits, 2 a page of them, 3 the masthead, 4 the categories
    with django_assert_num_queries(4):
        assert client.get("/tim-kiem/?q=tin").status_code == 200
    for _ in range(2):
        make_article(body="<p>Con đê biển</p>")
    with django_assert_num_queries(
        5
    ) as asked:  # and the beginnings of bodies, where title and summary hold not every word
        assert client.get("/tim-kiem/?q=de").text.count("<mark>đê</mark>") == 2
    assert (
        [step for step in asked if '"body"' in step["sql"]] == [step for step in asked if "20000" in step["sql"]] != []
    )


def test_a_feed_takes_two_queries_and_loads_nothing_it_does_not_say(client, filled, django_assert_num_queries):
    # 1 the masthead, 2 the newest live editions with their categories
    with django_assert_num_queries(2) as asked:
        assert client.get("/rss.xml").status_code == 200
    newest = asked[1]["sql"]
    assert '"body_html"' in newest
    assert not [name for name in ("news_picture", '"body"', '"search_tokens"', '"card_html"') if name in newest]


def test_a_category_feed_takes_three_queries(client, filled, django_assert_num_queries):
    # 1 the masthead, 2 the category, 3 its newest live editions
    with django_assert_num_queries(3):
        assert client.get(f"{filled[0].category.get_absolute_url()}rss.xml").status_code == 200


LISTS = [
    "/",
    "/?trang=2",
    "/chuyen-muc/chuyen-muc-1/",
    "/bai-viet/{}-x/",
    "/tim-kiem/?q=tin",
    "/rss.xml",
    "/chuyen-muc/chuyen-muc-1/rss.xml",
]


@pytest.mark.parametrize("path", LISTS)
def test_a_list_is_chosen_by_the_indexes_before_any_text_is_read(client, path):
    """A text lies before the dates in its row: telling what is live by the row itself reads every text of ten years."""
    articles = make_many(60, [make_category(name=f"Chuyên mục {n}") for n in range(3)])
    with CaptureQueriesContext(connection) as asked:
        assert client.get(path.format(articles[1].pk), follow=True).status_code == 200
    lists = [query["sql"] for query in asked if "LIMIT" in query["sql"] and "DESC" in query["sql"]]
    assert lists
    for statement in lists:
        assert re.search(r'IN \(SELECT U0\."id" AS "pk" FROM .* LIMIT \d+', statement)
        if connection.vendor == "sqlite":
            loading, *choosing = [step for step in plan_of(statement) if re.search(r" (news_edition|U0) ", step)]
            assert "news_edition USING INTEGER PRIMARY KEY" in loading
            assert choosing and all("USING COVERING INDEX" in step for step in choosing), choosing


def plan_of(statement):
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {statement}")
        return [step for *_, step in cursor.fetchall()]


def test_health_takes_no_query(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert client.get("/healthz").status_code == 200
