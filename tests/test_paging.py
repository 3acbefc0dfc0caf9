"""Lists and their pages: each is one address, and what is none is 404."""

import re

import pytest

from news.views import reading
from tests.factories import HOUR, NINE, correct, make_article, make_category, make_draft

pytestmark = pytest.mark.django_db
SITE = "http://127.0.0.1:8000"


def test_a_list_is_paged_newest_first_and_an_old_item_stays_where_it_was_when_corrected(client):
    category = make_category()
    articles = [make_draft(title=f"Tin số {n:02}", category=category) for n in range(20)]
    for n, article in enumerate(articles):
        article.publish(now=NINE + n * HOUR)
    correct(articles[0], "Đã sửa.", NINE + 99 * HOUR)
    path = category.get_absolute_url()
    shown = re.findall(r"Tin số \d\d", client.get(path).text) + re.findall(
        r"Tin số \d\d", client.get(path + "?trang=2").text
    )
    assert shown == [f"Tin số {n:02}" for n in reversed(range(20))]


@pytest.mark.parametrize("path", ["/", "/chuyen-muc/tin-tuc/"])
def test_each_page_of_a_list_is_the_one_true_address_of_itself(client, path):
    for n in range(20):
        make_article(title=f"Tin {n}")
    for query, canonical in [
        ("", path),
        ("?trang=1&utm_source=zalo", path),
        ("?trang=2&utm_source=zalo", f"{path}?trang=2"),
    ]:
        assert f'<link rel="canonical" href="{SITE}{canonical}">' in client.get(path + query).text


def test_from_each_page_of_a_list_lead_steps_and_the_numbers_of_its_neighbours_of_the_first_and_of_the_last(
    client, monkeypatch
):
    monkeypatch.setattr(reading, "LIST_PAGE", 2)
    articles = [make_article(title=f"Tin {n}") for n in range(20)]
    path = articles[0].category.get_absolute_url()

    def links(query):
        nav = re.search(r'<nav class="pages".*?</nav>', client.get(f"{path}{query}").text, re.DOTALL)[0]
        steps = re.findall(r'rel="(\w+)" href="([^"]*)"', nav)
        numbers = re.findall(
            r'"pages__number[^"]*"( href="([^"]*)"| aria-current="page")?>(?:<.*?>Trang </span>)?(.+?)<', nav
        )
        return steps, [(name, address or here.strip()) for here, address, name in numbers]

    here = 'aria-current="page"'
    assert links("") == ([("next", "?trang=2")], [("1", here), ("2", "?trang=2"), ("…", ""), ("10", "?trang=10")])
    assert links("?a=b&trang=5") == (
        [("prev", "?a=b&amp;trang=4"), ("next", "?a=b&amp;trang=6")],
        [("1", "?a=b"), ("…", ""), ("4", "?a=b&amp;trang=4"), ("5", here), ("6", "?a=b&amp;trang=6"), ("…", ""), ("10", "?a=b&amp;trang=10")],
    )  # fmt: skip


@pytest.mark.parametrize("wish", ["abc", "-1", "0", "01", "99", "1.5", "", "١", "2\x00", "1" * 400, "2&trang=abc"])
@pytest.mark.parametrize("path", ["/", "/chuyen-muc/tin-tuc/", "/tim-kiem/?q=tin"])
def test_what_is_no_page_of_a_list_is_404(client, path, wish):
    make_article(category=make_category(name="Tin tức"))
    address = f"{path}{'&' if '?' in path else '?'}trang={wish}"
    assert client.get(address).status_code == 404


def test_paging_keeps_the_query(client):
    for n in range(16):
        make_article(title=f"Kế hoạch {n}")
    page = client.get("/tim-kiem/?q=kế+hoạch").text
    assert "q=k%E1%BA%BF+ho%E1%BA%A1ch&amp;trang=2" in page
