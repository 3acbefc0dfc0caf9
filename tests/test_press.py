"""The public addresses: a contract that never breaks, whatever is asked."""

import json
import re

import pytest
from django.test import Client, override_settings
from django.utils import timezone

from news.models import Author, Byline, Category, Edition, Masthead, Picture
from news.views import reading
from tests.factories import (
    HOUR,
    NINE,
    correct,
    make_article,
    make_category,
    make_draft,
    make_photo,
    make_picture,
    make_withdrawn,
)

pytestmark = pytest.mark.django_db
SITE = "http://127.0.0.1:8000"


def test_a_live_article_is_read_at_its_address(client):
    article = make_article(title="Đèn đường mới", body="<p>Nội dung bài.</p>")
    response = client.get(f"/bai-viet/{article.pk}-den-duong-moi/")
    assert response.status_code == 200
    assert "Nội dung bài." in response.text
    assert response.text.count("<h1") == 1


@pytest.mark.parametrize("slug", ["sai", "den-duong", "Đèn-đường", "x" * 500, "a b", "%2e%2e"])
def test_a_wrong_slug_leads_to_the_right_one(client, slug):
    article = make_article(title="Đèn đường mới")
    response = client.get(f"/bai-viet/{article.pk}-{slug}/")
    assert (response.status_code, response["Location"]) == (301, f"/bai-viet/{article.pk}-den-duong-moi/")


def test_an_unknown_article_is_404_and_a_withdrawn_one_410_with_its_reason(client):
    gone = make_withdrawn(reason="Sai số liệu ở đoạn hai")
    assert client.get(f"/bai-viet/{gone.pk + 1}-x/").status_code == 404
    response = client.get(f"/bai-viet/{gone.pk}-x/")
    assert response.status_code == 410
    assert "Sai số liệu ở đoạn hai" in response.text


def test_published_again_it_is_read_again(client):
    article = make_withdrawn()
    article.publish()
    assert client.get(article.get_absolute_url()).status_code == 200


def test_each_edition_keeps_its_own_text_at_its_own_address(client):
    article = make_draft(body="<p>Câu cũ.</p>")
    article.publish(now=NINE)
    correct(article, "Câu mới.", NINE + HOUR)
    path = article.get_absolute_url()
    first, live = client.get(f"{path}ban-1/"), client.get(path)
    assert "Câu cũ." in first.text
    assert "Câu mới." not in first.text
    assert f'<link rel="canonical" href="{SITE}{path}">' in first.text
    assert 'content="noindex"' in first.text
    assert first["X-Robots-Tag"] == "noindex"
    assert "Câu mới." in live.text
    assert "noindex" not in live.text
    assert "Sửa số liệu" in live.text
    assert client.get(f"{path}ban-3/").status_code == 404
    wrong = client.get(f"/bai-viet/{article.pk}-sai/ban-1/")
    assert (wrong.status_code, wrong["Location"]) == (301, f"{path}ban-1/")


def test_an_edition_that_was_withdrawn_stays_so_when_the_article_is_published_again(client):
    article = make_withdrawn("Sai số liệu")
    path = article.get_absolute_url()
    article.publish(note="Đăng lại với số liệu đúng.")
    taken_down, live = client.get(f"{path}ban-1/"), client.get(path)
    assert taken_down.status_code == client.get(f"/bai-viet/{article.pk}-sai/ban-1/").status_code == 410
    assert "Lý do: Sai số liệu" in taken_down.text and f'<a href="{path}">xem bản đang đăng</a>' in taken_down.text
    assert (live.status_code, client.get(f"{path}ban-2/").status_code) == (200, 200)
    assert "Đăng lại với số liệu đúng." in live.text
    assert client.get(f"{path}ban-3/").status_code == 404


def test_who_reads_an_old_edition_is_told_in_the_text_what_has_become_of_it(client):
    article = make_draft()
    article.publish(now=NINE)
    correct(article, "Câu mới.", NINE + HOUR)
    page = client.get(f"{article.get_absolute_url()}ban-1/").text
    text = " ".join(re.sub("<[^>]*>", "", page.split("<main")[1]).split())
    assert (
        "Đây là bản 1, đăng lúc 20/02/2024 09:00. Xem bản đang đăng (bản 2, từ 20/02/2024 10:00: Sửa số liệu)" in text
    )
    assert "ld+json" not in page, "what it says of the article is of the live edition"


def test_no_browser_keeps_that_a_page_is_not_there(client):
    article = make_withdrawn()
    for address, status in ((article.get_absolute_url(), 410), ("/bai-viet/99-x/", 404), ("/khong-co/", 404)):
        answer = client.get(address)
        assert (answer.status_code, answer.headers["Cache-Control"]) == (status, "no-cache"), address
    assert client.post("/").headers["Cache-Control"] == "no-cache"


def further(client, article):
    """What is printed beside ``article``: its headings and the titles below them."""
    _, aside = client.get(article.get_absolute_url()).content.decode().split("</article>\n", 1)
    return re.findall(
        r'(?:"section-heading" id="[^"]+"|class="article-card__link"[^>]*)>([^<]+)<', aside.split("<footer")[0]
    )


def test_beside_an_article_stand_the_newest_of_its_category_and_of_all_and_never_itself(client):
    own, other = make_category(name="Kinh tế"), make_category(name="Nông thôn")
    article = make_article(title="Tin này", category=own)
    assert further(client, article) == []
    make_article(title="Khác 1", category=other)
    assert further(client, article) == ["Tin mới nhất", "Khác 1"]
    for number in (1, 2):
        make_article(title=f"Cùng {number}", category=own)
    for number in (2, 3):
        make_article(title=f"Khác {number}", category=other)
    assert further(client, article) == ["Tin liên quan", "Cùng 2", "Cùng 1", "Tin mới nhất", "Khác 3", "Khác 2"]
    for number in (3, 4, 5):
        make_article(title=f"Cùng {number}", category=own)
    assert further(client, article) == ["Tin liên quan", "Cùng 5", "Cùng 4", "Cùng 3", "Cùng 2"]


def test_the_sections_of_the_front_page_say_what_its_top_has_not_said(client):
    own, other = make_category(name="Kinh tế"), make_category(name="Nông thôn")
    for number in range(12):
        make_article(title=f"Tin {number}", category=own)
    make_article(title="Tin khác", category=other)
    top, *sections = client.get("/").content.decode().split('<section class="category-section">')
    titles = [re.findall(r'class="article-card__link"[^>]*>([^<]+)<', part) for part in (top, *sections)]
    assert titles == [
        ["Tin khác", *(f"Tin {n}" for n in range(11, 3, -1))],
        ["Tin 3", "Tin 2", "Tin 1", "Tin 0"],
        ["Tin khác"],
    ]


@pytest.mark.parametrize(("words", "length"), [(15, "usual"), (16, "long")])
def test_a_title_as_long_as_that_of_a_plan_is_set_smaller(client, words, length):
    article = make_article(title="Quy tắc " * (words - 4) + "a" * 2)
    for path in ("/", article.get_absolute_url()):
        assert re.search(
            rf'class="article(?:-card)?__title article(?:-card)?__title--{length}"', client.get(path).content.decode()
        )


def test_another_site_is_told_where_a_reader_came_from_and_not_which_page(client):
    assert client.get("/").headers["Referrer-Policy"] == "strict-origin-when-cross-origin"


def test_an_article_withdrawn_while_it_is_being_read_is_still_a_page():
    article = make_article()
    edition = article.editions.select_related("article__category").get()
    now = timezone.now()
    article.withdraw("Sai")
    context = reading.article_context(edition, now)
    assert context["editions"] == [edition] and context["live"] == edition


def test_an_article_says_when_it_was_first_published_and_last_changed(client):
    article = make_draft()
    article.publish(now=NINE)
    assert "Cập nhật lúc" not in client.get(article.get_absolute_url()).text
    correct(article, "Câu mới.", NINE + HOUR)
    page = client.get(article.get_absolute_url()).text
    assert "Ngày đăng: 20/02/2024 09:00" in page
    assert "Cập nhật lúc: 20/02/2024 10:00" in page


def test_structured_data_carries_the_dates_and_cannot_be_broken_out_of(client):
    article = make_draft(title="Tin </script><script>alert(1)</script> & “nháy”")
    Byline.objects.create(article=article, author=Author.objects.create(pen_name="Minh Hiếu"))
    article.publish(now=NINE)
    correct(article, "Câu mới.", NINE + HOUR)
    page = client.get(article.get_absolute_url()).text
    assert "<script>alert" not in page
    data = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)[1])
    assert data["@type"] == "NewsArticle"
    assert data["headline"] == article.title
    assert data["datePublished"] == "2024-02-20T09:00:00+07:00"
    assert data["dateModified"] == "2024-02-20T10:00:00+07:00"
    assert data["author"] == [{"@type": "Person", "name": "Minh Hiếu"}]
    assert data["publisher"]["name"] == Masthead.current().citation_name
    assert "image" not in data


def test_structured_data_names_the_photographer(client):
    picture = make_picture(caption="Lúa chín", credit="Minh Hiếu")
    for fields in ({"lead_picture": picture}, {"body": f'<p>Chữ.</p><p><img src="{picture.url()}" alt="Lúa"></p>'}):
        page = client.get(make_article(**fields).get_absolute_url()).text
        data = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)[1])
        assert data["image"] == {
            "@type": "ImageObject", "url": SITE + picture.url(), "width": 800, "height": 600,
            "caption": "Lúa chín", "creditText": "Minh Hiếu",
        }  # fmt: skip


def test_a_page_is_shared_and_searched_under_one_address(client):
    for number in range(16):
        article = make_article(title=f"Tin {number}")
    category = article.category.get_absolute_url()
    whole = {
        path: path
        for path in ("/", "/?trang=2", category, f"{category}?trang=2", "/thong-ke/", article.get_absolute_url())
    }
    for path, address in {
        **whole,
        "/?utm_source=zalo": "/",
        f"{article.get_absolute_url()}ban-1/": article.get_absolute_url(),
    }.items():
        page = client.get(path).text
        assert re.findall(r'rel="canonical" href="(.*?)"', page) == [SITE + address], path
        assert re.findall(r'property="og:url" content="(.*?)"', page) == [SITE + address], path


def test_what_is_shared_is_called_by_its_own_name(client):
    category = make_category("Kinh tế")
    for path, name in ((category.get_absolute_url(), "Kinh tế"), ("/thong-ke/", "Thống kê truy cập")):
        page = client.get(path).text
        assert f'<meta property="og:title" content="{name} – {Masthead.current().name}">' in page


def test_a_title_is_cited_whole_and_exactly(client):
    article = make_article(title="Còn tiếp...", summary="Dòng một\nDòng hai")
    page = client.get(article.get_absolute_url()).text
    assert "“Còn tiếp...”" in page
    assert '"description": "Dòng một Dòng hai"' in page


def test_quotation_marks_of_a_title_that_is_cited_are_inner_ones(client):
    article = make_article(title="Hội nghị “Bình xét” năm 2026")
    page = client.get(article.get_absolute_url()).text
    assert "“Hội nghị ‘Bình xét’ năm 2026”" in page and ">Hội nghị “Bình xét” năm 2026</h1>" in page


def test_an_article_without_author_of_record_names_none(client):
    page = client.get(make_article().get_absolute_url()).text
    assert "author" not in json.loads(
        re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)[1]
    )


def test_what_is_shared_shows_the_lead_picture_with_its_size(client):
    picture = make_picture()
    page = client.get(make_article(lead_picture=picture).get_absolute_url()).text
    told = dict(re.findall(r'<meta property="og:image:?(\w*)" content="([^"]*)">', page))
    assert told == {"": SITE + picture.url(), "type": "image/jpeg", "width": "800", "height": "600", "alt": "Ruộng lúa"}


def test_every_absolute_address_comes_from_the_site_url_and_not_from_the_request(client):
    article = make_article()
    with override_settings(SITE_URL="https://xa.example", ALLOWED_HOSTS=["*"]):
        for address in (article.get_absolute_url(), "/rss.xml", "/sitemap.xml", "/robots.txt", "/"):
            body = client.get(address, headers={"host": "evil.example", "x-forwarded-host": "evil.example"}).text
            assert "https://xa.example/" in body
            assert "evil" not in body
            assert "127.0.0.1" not in body


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options", "trace"])
@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/tim-kiem/",
        "/rss.xml",
        "/sitemap.xml",
        "/robots.txt",
        "/favicon.ico",
        "/healthz",
        "/thong-ke/",
        "/thong-ke/luot-truy-cap.csv",
        "/bai-viet/1-x/",
        "/static/icons/favicon.svg",
    ],
)
def test_a_method_that_is_not_offered_is_405_in_vietnamese(path, method):
    response = getattr(Client(enforce_csrf_checks=True), method)(path)
    assert response.status_code == 405
    assert response["Allow"] == "GET, HEAD"
    assert "Cách gửi không được hỗ trợ" in response.text


def test_a_head_request_is_answered_like_a_get_without_body(client):
    response = client.head("/")
    assert (response.status_code, response.content) == (200, b"")


def test_what_has_no_page_finds_the_icon_too_and_an_error_page_names_it(client):
    answer = client.get("/favicon.ico")
    assert answer.status_code == 302 and re.fullmatch(r"/static/icons/favicon\b.*\.ico", answer["Location"])
    assert answer["Cache-Control"] == "public, max-age=86400"
    assert 'rel="icon"' in client.delete("/").text


def test_robots_may_read_all_but_the_desk_and_find_the_sitemap(client):
    robots = client.get("/robots.txt").text
    assert "Disallow: /admin/" in robots
    assert f"Sitemap: {SITE}/sitemap.xml" in robots


def test_public_pages_set_no_cookie_and_do_not_vary_by_it(client):
    article = make_article()
    for path in (
        "/",
        article.category.get_absolute_url(),
        article.get_absolute_url(),
        "/tim-kiem/?q=tin",
        "/thong-ke/",
        "/thong-ke/luot-truy-cap.csv",
        "/khong-co/",
    ):
        response = client.get(path)
        assert not response.cookies
        assert "Cookie" not in response.get("Vary", "")


def test_a_change_of_the_masthead_shows_on_the_next_page(client):
    Masthead(name="TRANG MỘT").save()
    assert "TRANG MỘT" in client.get("/").text
    Masthead(name="TRANG HAI").save()
    page = client.get("/").text
    assert "TRANG HAI" in page
    assert "TRANG MỘT" not in page


def test_a_title_is_inert_wherever_it_is_printed(client):
    article = make_article(title="<img src=x onerror=alert(1)>", summary="<b>đậm</b> & </script>")
    for path in ("/", article.category.get_absolute_url(), article.get_absolute_url(), "/tim-kiem/?q=img", "/rss.xml"):
        body = client.get(path).text
        assert "<img src=x" not in body
        assert "<b>đậm" not in body


def test_what_is_no_page_to_find_says_so_and_a_category_offers_its_feed(client):
    gone, article = make_withdrawn(), make_article(category=make_category(name="Kinh tế"))
    correct(article, "Sửa.", timezone.now())
    for path in (gone.get_absolute_url(), "/tim-kiem/?q=tin", "/khong-co/"):
        assert '<meta name="robots" content="noindex">' in client.get(path).text, path
    assert re.search(r'<a href="[^"]+/ban-1/" rel="nofollow">', client.get(article.get_absolute_url()).text)
    offered = '<link rel="alternate" type="application/rss+xml" title="Kinh tế" href="/chuyen-muc/kinh-te/rss.xml">'
    assert offered in client.get("/chuyen-muc/kinh-te/").text


def test_categories_stand_in_the_order_of_their_numbers(client):
    for name, position in (("A", 3), ("B", 1), ("C", 2)):
        Category.objects.create(name=name, position=position)
    assert re.findall(r'site-nav__link" href="/chuyen-muc/(\w)/"', client.get("/").text) == ["b", "c", "a"]


def test_a_card_says_as_much_of_a_long_summary_as_three_lines_hold(client):
    make_article(summary="một hai ba " * 60)
    (extract,) = set(re.findall(r'article-card__extract">([^<]+)<', client.get("/").text))
    assert 200 < len(extract) <= 241 and extract.endswith("…")


def sizes_of_the_lead(client, size):
    make_article(lead_picture=Picture.create_from(make_photo(*size), alt="Ruộng lúa"))
    found = re.search(r'article-card--lead">.*?<img [^>]*sizes="([^"]*)"', client.get("/").content.decode(), re.DOTALL)
    return found and found[1]


def test_of_a_panorama_a_file_is_chosen_that_fills_the_height_of_its_card(client):
    assert sizes_of_the_lead(client, (1600, 900)) == "(min-width: 64rem) 46rem, 100vw"
    assert sizes_of_the_lead(client, (900, 1600)) == "(min-width: 64rem) 46rem, 100vw"
    assert sizes_of_the_lead(client, (1600, 450)) == "(min-width: 64rem) 92rem, 200vw"


def test_a_picture_that_a_card_would_blow_up_stands_on_none_and_in_its_article(client):
    assert sizes_of_the_lead(client, (479, 400)) is None
    assert 'width="479"' in client.get(Edition.objects.get().path).content.decode()
    assert sizes_of_the_lead(client, (480, 400))


def test_a_site_without_categories_leads_to_no_list_of_them(client):
    page = client.get("/").content.decode()
    assert "site-nav__all" not in page and "Tất cả chuyên mục" not in page
    make_article()
    page = client.get("/").content.decode()
    assert "site-nav__all" in page and "Tất cả chuyên mục" in page


def test_where_nothing_is_found_that_stands_in_the_place_of_what_is(client):
    assert (
        "Không tìm thấy bài nào có “abc”."
        in client.get("/tim-kiem/?q=abc").content.decode().split("list-page__items")[1]
    )
