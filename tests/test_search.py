"""Search: every word, in any spelling, whatever is asked."""

import re

import pytest
from django.utils.html import strip_tags

from tests.factories import HOUR, NINE, correct, make_article, make_draft, make_picture

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "query", ["cải cách", "CAI CACH", "hanh  chinh cai", "11/KH-UBND", "11khubnd", "kh ubnd", "hoà"]
)
def test_search_finds_every_word_in_any_spelling(client, query):
    make_article(title="Kế hoạch 11/KH-UBND", summary="Về cải cách hành chính.", body="<p>hòa bình</p>")
    make_article(title="Tin khác hẳn", summary="Không liên quan.", body="<p>Không.</p>")
    page = strip_tags(client.get("/tim-kiem/", {"q": query}).text)
    assert "Tìm thấy 1 bài" in page
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
        assert "Tìm thấy 1 bài" in client.get("/tim-kiem/", {"q": word}).text, word
    assert "Không tìm thấy bài nào" in client.get("/tim-kiem/?q=omotohai").text


def test_search_forgets_what_a_correction_took_out_and_what_was_withdrawn(client):
    article = make_draft(body="<p>saisot</p>")
    article.publish(now=NINE)
    correct(article, "dungroi", NINE + HOUR)
    assert "Không tìm thấy bài nào" in client.get("/tim-kiem/?q=saisot").text
    assert "Tìm thấy 1 bài" in client.get("/tim-kiem/?q=dungroi").text
    article.withdraw("Sai")
    assert "Không tìm thấy bài nào" in client.get("/tim-kiem/?q=dungroi").text


@pytest.mark.parametrize("query", ["11/KH", "11/KH-", "147/2024/NĐ", "2024/NĐ-CP", "60km/h", "80km/h"])
def test_a_part_of_a_document_number_and_each_of_two_numbers_in_a_row_is_found(client, query):
    make_article(title="Kế hoạch 11/KH-UBND", summary="Theo 147/2024/NĐ-CP, chạy 60km/h–80km/h.")
    assert "Tìm thấy 1 bài" in client.get("/tim-kiem/", {"q": query}).text


@pytest.mark.parametrize("query", ["cải lương", "cachhanh", "12/KH-UBND", "11/UBND", "cả"])
def test_search_does_not_find_what_lacks_a_word(client, query):
    make_article(title="Kế hoạch 11/KH-UBND", summary="Về cải cách hành chính.")
    assert "Không tìm thấy bài nào" in client.get("/tim-kiem/", {"q": query}).text


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
    assert "<script>alert" not in response.text


def test_search_says_that_a_query_is_too_long(client):
    assert "dài quá 200 ký tự" in client.get("/tim-kiem/", {"q": "x" * 10_000}).text


def test_a_search_with_a_byte_that_is_no_utf8_is_still_a_page(client):
    assert client.get("/tim-kiem/?q=%ff%fe%c0&trang=1").status_code == 200


def test_what_holds_no_word_is_said_to_hold_none(client):
    assert "“🌾” không có chữ hay số nào để tìm" in client.get("/tim-kiem/", {"q": "🌾"}).content.decode()
    assert "Hãy nhập từ khóa vào ô" in client.get("/tim-kiem/", {"q": " "}).content.decode()


def results(client, query):
    """Title and extract of each hit, as HTML."""
    page = client.get("/tim-kiem/", {"q": query}).text
    return re.findall(r'__link" href="[^"]+">(.*?)</a></h2>\s*<p class="article-card__extract">(.*?)</p>', page)


def test_what_was_looked_for_is_marked_in_any_spelling_neighbours_in_one(client):
    make_article(title="Kế hoạch 11/KH-UBND: “Cải cách hành chính”", summary="Xã cải tạo đường & cách <b>làm</b>.")
    assert results(client, "cai CÁCH") == [
        (
            "Kế hoạch 11/KH-UBND: “<mark>Cải cách</mark> hành chính”",
            "Xã <mark>cải</mark> tạo đường &amp; <mark>cách</mark> &lt;b&gt;làm&lt;/b&gt;.",
        )
    ]
    assert "Kế hoạch <mark>11/KH-UBND</mark>: “Cải" in results(client, "11/kh-ubnd")[0][0]


def test_where_title_and_summary_hold_not_every_word_the_passage_of_the_text_that_does_is_shown(client):
    often, rest = "nước, nước và nước; " * 40, " phần cuối của bài" * 40
    body = f"<p>{often}</p><p>Trạm bơm <a href='/x/'>Đức Mỹ</a> lấy nước ngọt cho ba ấp.</p><p>{rest}</p>"
    make_article(title="Tin thủy lợi", summary="Tóm tắt.", body=body)
    [(title, extract)] = results(client, "nuoc ngot duc my")
    assert title == "Tin thủy lợi"
    assert extract.startswith("… ") and extract.endswith("…")
    assert "Trạm bơm <mark>Đức Mỹ</mark> lấy <mark>nước ngọt</mark> cho ba ấp." in extract
    assert results(client, "thuy loi") == [("Tin <mark>thủy lợi</mark>", "Tóm tắt.")]


@pytest.mark.parametrize("is_first", [True, False])
def test_of_two_passages_that_hold_the_same_words_the_tighter_one_is_shown(client, is_first):
    tight, loose, between = "Trạm bơm Đức Mỹ.", "Bơm nước cho xã Đức Mỹ.", "chữ " * 60
    make_article(body=f"<p>{tight if is_first else loose}</p><p>{between}</p><p>{loose if is_first else tight}</p>")
    assert "Trạm <mark>bơm Đức Mỹ</mark>." in results(client, "bom duc my")[0][1]


def test_what_is_found_where_no_reader_can_be_shown_it_leaves_the_extract_as_it_is(client):
    far = "<p>" + "xa " * 7_000 + "tantich</p>"
    make_article(title="Tin dài", summary="Tóm tắt.", body=far)
    assert results(client, "tantich") == [("Tin dài", "Tóm tắt.")]


@pytest.mark.parametrize(
    "body",
    ["Cúp nước tại ấp Chợ.", "<p>Mở đầu.</p>Cúp nước", "<p>Lúc 8 giờ 30´ cúp nước</p>", "<p>cúp nước" + 7_000 * " xa"],
)
def test_what_stands_in_any_text_is_shown(client, body):
    make_article(title="Thông báo", summary="Tóm tắt.", body=body)
    assert "<mark>cúp nước</mark>" in results(client, "cup nuoc")[0][1].lower()
