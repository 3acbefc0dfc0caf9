"""Search: every word, in any spelling, whatever is asked."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.factories import make_article, make_draft, make_picture

pytestmark = pytest.mark.django_db

NINE = datetime(2024, 2, 20, 9, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
HOUR = timedelta(hours=1)


def text_of(response):
    return response.content.decode()


def correct(article, words, now):
    article.refresh_from_db()
    article.body = f"<p>{words}</p>"
    article.save()
    return article.publish(now=now, note="Sửa số liệu")


@pytest.mark.parametrize(
    "query", ["cải cách", "CAI CACH", "hanh  chinh cai", "11/KH-UBND", "11khubnd", "kh ubnd", "hoà"]
)
def test_search_finds_every_word_in_any_spelling(client, query):
    make_article(title="Kế hoạch 11/KH-UBND", summary="Về cải cách hành chính.", body="<p>hòa bình</p>")
    make_article(title="Tin khác hẳn", summary="Không liên quan.", body="<p>Không.</p>")
    page = text_of(client.get("/tim-kiem/", {"q": query}))
    assert "Có 1 bài" in page
    assert "Kế hoạch 11/KH-UBND" in page
    assert "Tin khác hẳn" not in page


def test_search_finds_captions_and_credits_and_the_cells_of_a_table(client):
    lead, inside = (
        make_picture(caption="Chuwotren", credit="Nguonmot"),
        make_picture(caption="Chuthichhai", credit="Nguonhai"),
    )
    body = f'<table><tr><td>omot</td><td>ohai</td></tr></table><p><img src="{inside.url()}" alt="x"></p>'
    make_article(title="Tin có ảnh", body=body, lead_picture=lead)
    for word in ("chuwotren", "nguonmot", "chuthichhai", "nguonhai", "omot", "ohai"):
        assert "Có 1 bài" in text_of(client.get("/tim-kiem/", {"q": word})), word
    assert "Có 0 bài" in text_of(client.get("/tim-kiem/?q=omotohai"))


def test_search_forgets_what_a_correction_took_out_and_what_was_withdrawn(client):
    article = make_draft(body="<p>saisot</p>")
    article.publish(now=NINE)
    correct(article, "dungroi", NINE + HOUR)
    assert "Có 0 bài" in text_of(client.get("/tim-kiem/?q=saisot"))
    assert "Có 1 bài" in text_of(client.get("/tim-kiem/?q=dungroi"))
    article.withdraw("Sai")
    assert "Có 0 bài" in text_of(client.get("/tim-kiem/?q=dungroi"))


@pytest.mark.parametrize("query", ["cải lương", "cachhanh", "12/KH-UBND", "cả"])
def test_search_does_not_find_what_lacks_a_word(client, query):
    make_article(title="Kế hoạch 11/KH-UBND", summary="Về cải cách hành chính.")
    assert "Có 0 bài" in text_of(client.get("/tim-kiem/", {"q": query}))


HOSTILE = [
    "", "   ", "\x00", "a\x00b", "x" * 10_000, "cải " * 3000, '"', "'", "'; DROP TABLE news_edition; --", "a AND", "NEAR(",
    "*", "a*", "-a", "a:b", "col:a", "(((", "&|!", "a & !b", "<->", "%", "_", "\\", "😀", "\u202e", "١٢", "{{7*7}}",
    "<script>alert(1)</script>", "\r\nSet-Cookie: a=b",
]  # fmt: skip


@pytest.mark.parametrize("query", HOSTILE)
def test_search_takes_anything_for_words(client, query):
    make_article()
    response = client.get("/tim-kiem/", {"q": query})
    assert response.status_code == 200
    assert "<script>alert" not in text_of(response)


def test_search_says_that_a_query_is_too_long(client):
    assert "dài quá 200 ký tự" in text_of(client.get("/tim-kiem/", {"q": "x" * 10_000}))


def test_a_search_with_a_byte_that_is_no_utf8_is_still_a_page(client):
    assert client.get("/tim-kiem/?q=%ff%fe%c0&trang=1").status_code == 200
