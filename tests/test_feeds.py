"""Feeds and site map: what other programs read."""

import html
import re
from xml.etree import ElementTree

import pytest
import time_machine

from news.models import Author, Byline, Masthead
from news.sitemaps import ArticleSitemap
from tests.factories import HOUR, NINE, correct, make_article, make_category, make_draft, make_many, make_picture

pytestmark = pytest.mark.django_db
SITE = "http://127.0.0.1:8000"


def test_the_feed_carries_the_whole_text_and_full_addresses(client):
    picture = make_picture()
    body = f'<p>Đầu <a href="/lien-he/">liên hệ</a>.</p><p><img src="{picture.url()}" alt="Lúa"></p><p>Đoạn cuối của bài.</p>'
    article = make_article(summary="Đoạn mở đầu,\nhai dòng <1.", body=body, lead_picture=picture)
    root = ElementTree.fromstring(client.get("/rss.xml").content)
    item = root.find("channel/item")
    content = item.find("{http://purl.org/rss/1.0/modules/content/}encoded").text
    assert item.find("title").text == article.title
    assert item.find("link").text == item.find("guid").text == SITE + article.get_absolute_url()
    assert content.startswith("<p>Đoạn mở đầu,<br>hai dòng &lt;1.</p>") and "Đoạn cuối của bài." in content
    assert not re.search(r'(src|srcset|href)="/', content)
    assert not re.search(r", /media", content)


@pytest.mark.parametrize("path", ["/rss.xml", "/chuyen-muc/tin-tuc/rss.xml"])
def test_what_a_feed_says_of_itself_and_its_items_is_text_to_a_reader_that_takes_it_for_html(client, path):
    Masthead(citation_name="Trang <b>xã</b> & huyện").save()
    make_article(summary="Diện tích < 5 ha <img src=x onerror=alert(1)> & AT&amp;T.")
    channel = ElementTree.fromstring(client.get(path).content).find("channel")
    of_itself, of_item = channel.find("description").text, channel.find("item/description").text
    assert "<" not in of_itself + of_item
    assert html.unescape(of_itself) == "Tin mới của Trang <b>xã</b> & huyện"
    assert html.unescape(of_item) == "Diện tích < 5 ha <img src=x onerror=alert(1)> & AT&amp;T."


def test_the_feed_says_when_in_the_time_of_the_place(client):
    article = make_draft()
    article.publish(now=NINE)
    correct(article, "Mới.", NINE + HOUR)
    channel = ElementTree.fromstring(client.get("/rss.xml").content).find("channel")
    assert channel.find("item/pubDate").text == "Tue, 20 Feb 2024 09:00:00 +0700"
    assert channel.find("lastBuildDate").text == "Tue, 20 Feb 2024 10:00:00 +0700"


def test_an_item_of_the_feed_says_who_wrote_it_and_which_text_it_is(client):
    article = make_draft()
    for role, name in (("bai", "Thanh Tâm"), ("bai", "Ngọc & Lê"), ("anh", "Minh Hiếu")):
        Byline.objects.create(article=article, role=role, author=Author.objects.create(pen_name=name))
    article.publish(now=NINE)
    correct(article, "Mới.", NINE + HOUR)
    item = ElementTree.fromstring(client.get("/rss.xml").content).find("channel/item")
    assert [creator.text for creator in item.findall("{http://purl.org/dc/elements/1.1/}creator")] == [
        "Thanh Tâm",
        "Ngọc & Lê",
    ]
    assert item.find("{http://www.w3.org/2005/Atom}updated").text == "2024-02-20T10:00:00+07:00"
    content = item.find("{http://purl.org/rss/1.0/modules/content/}encoded").text
    exactly = f"{SITE}{article.get_absolute_url()}ban-2/"
    assert content.endswith(
        f'<p>Mới.</p><p>Thanh Tâm, Ngọc &amp; Lê – Ảnh: Minh Hiếu</p><p><a href="{exactly}">Bản 2</a>, 20/02/2024 10:00: Sửa số liệu</p>'
    )


def test_the_feed_leaves_words_that_look_like_an_address_alone(client):
    make_article(body='<p>Gõ href="/x" và 2w, /media/ vào ô.</p>')
    picture = make_picture(alt="/tai-lieu")
    make_article(
        body=f'<p><a href="/x" title="80w, /media/b">a</a></p><p><img src="{picture.url()}" alt="/tai-lieu"></p>'
    )
    feed = html.unescape(client.get("/rss.xml").text)
    for words in ('href="/x" và 2w, /media/', 'title="80w, /media/b"', 'alt="/tai-lieu"', f'href="{SITE}/x"'):
        assert words in feed
    assert f'="{SITE}/media/' in feed and f"w, {SITE}/media/" in feed and 'src="/media' not in feed


@pytest.mark.parametrize("path", ["/rss.xml", "/chuyen-muc/tin-tuc/rss.xml", "/sitemap.xml"])
def test_who_asks_again_is_sent_nothing_until_something_changed(client, path):
    make_article()
    article = make_article()
    first = client.get(path)
    again = {"If-None-Match": first["ETag"]}
    assert client.get(path, headers=again).status_code == 304
    article.withdraw("Sai")
    assert client.get(path, headers=again).status_code == 200
    long_after = client.get(path, headers={"If-Modified-Since": "Fri, 01 Jan 2100 00:00:00 GMT"})
    assert long_after.status_code == 200, "a withdrawal has no date that this could be held against"


def test_each_page_of_a_long_sitemap_tells_of_a_withdrawal(client, monkeypatch):
    monkeypatch.setattr(ArticleSitemap, "limit", 1)
    articles = [make_article() for _ in range(3)]
    assert client.get("/sitemap.xml?p=3").status_code == 200
    assert "Last-Modified" not in client.get("/sitemap.xml?p=2").headers
    assert "sitemap.xml?p=3" in client.get("/robots.txt").text
    articles[0].withdraw("Sai")
    assert client.get("/sitemap.xml?p=3").status_code == 404


@pytest.mark.parametrize("path", ["/rss.xml", "/chuyen-muc/tin-tuc/rss.xml"])
def test_a_change_of_the_masthead_shows_in_the_next_feed(client, path):
    make_article()
    for name in ("TRANG MỘT", "TRANG HAI"):
        Masthead(name=name).save()
        assert name in client.get(path).text


def test_what_no_xml_may_hold_does_not_break_the_feed(client):
    make_article(title="Tin\uffff\x80", body="<p>a&#1;b&#xfffe;c</p>")
    assert ElementTree.fromstring(client.get("/rss.xml").content).find("channel/item/title").text == "Tin"


def test_a_category_feed_holds_its_category_only(client):
    mine, other = make_category(name="Văn hóa"), make_category(name="Kinh tế")
    make_article(title="Tin văn hóa", category=mine)
    make_article(title="Tin kinh tế", category=other)
    feed = client.get("/chuyen-muc/van-hoa/rss.xml").text
    assert "Tin văn hóa" in feed
    assert "Tin kinh tế" not in feed
    assert client.get("/chuyen-muc/khong-co/rss.xml").status_code == 404


def test_the_sitemap_names_home_categories_and_articles_with_their_last_change(client):
    article = make_draft()
    article.publish(now=NINE)
    correct(article, "Mới.", NINE + HOUR)
    sitemap = client.get("/sitemap.xml").text
    assert f"<loc>{SITE}/</loc>" in sitemap
    assert f"<loc>{SITE}{article.category.get_absolute_url()}</loc>" in sitemap
    assert f"<loc>{SITE}{article.get_absolute_url()}</loc><lastmod>2024-02-20T10:00:00+07:00</lastmod>" in sitemap
    assert client.get("/sitemap.xml?p=2").status_code == client.get("/sitemap.xml?p=a").status_code == 404


def test_the_feed_of_an_empty_category_is_the_same_feed_each_time(client):
    make_category(name="Trống")
    with time_machine.travel("2024-03-05 09:00:00+07:00", tick=False):
        first = client.get("/chuyen-muc/trong/rss.xml")
    assert client.get("/chuyen-muc/trong/rss.xml", headers={"If-None-Match": first["ETag"]}).status_code == 304


def test_when_an_item_was_changed_is_said_to_the_second(client):
    make_article()
    assert re.search(r"<atom:updated>[\d-]+T[\d:]+\+07:00</atom:updated>", client.get("/rss.xml").text)


def test_a_feed_says_its_language_what_reprinting_owes_and_where_each_item_stands(client):
    Masthead(citation_name="Trang tin huyện").save()
    make_many(31, [make_category(name="Kinh tế")])
    channel = ElementTree.fromstring(client.get("/rss.xml").content).find("channel")
    assert channel.find("language").text == "vi"
    assert (
        channel.find("copyright").text == 'Ghi rõ nguồn "Trang tin huyện" khi phát hành lại thông tin từ website này.'
    )
    assert len(channel.findall("item")) == 30
    assert {item.find("category").text for item in channel.findall("item")} == {"Kinh tế"}


def test_the_sitemap_names_the_statistics(client):
    assert f"<loc>{SITE}/thong-ke/</loc>" in client.get("/sitemap.xml").text
