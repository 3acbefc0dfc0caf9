"""The desk's smaller pages: pictures, authors, categories, masthead, users; and its list of articles."""

import re
import unicodedata
from datetime import timedelta

import pytest
import time_machine
from django.contrib import admin
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from news import images
from news.models import Author, Byline, Category, Masthead, Picture
from tests import desk
from tests.factories import (
    HOUR,
    NINE,
    correct,
    make_article,
    make_category,
    make_draft,
    make_many,
    make_photo,
    make_picture,
    make_scheduled,
    make_withdrawn,
)

pytestmark = pytest.mark.django_db
LIST = "/admin/news/article/"


def listed(client, query=""):
    return [article.title for article in client.get(LIST + query).context["cl"].result_list]


def test_the_list_says_where_each_article_stands(editor):
    make_draft(title="Nháp"), make_scheduled(title="Hẹn"), make_withdrawn(title="Gỡ")
    changed = make_article(title="Đăng")
    changed.title = "Đăng sửa"
    changed.save()
    page = editor.get(LIST).content.decode()
    for label in ("Bản nháp", "Hẹn giờ đăng", "Đã gỡ", "Đang đăng · có sửa đổi chưa đăng"):
        assert label in page
    assert listed(editor, "?trang-thai=scheduled") == ["Hẹn"]
    assert listed(editor, "?trang-thai=changed") == ["Đăng sửa"]
    assert listed(editor, f"?category__id__exact={make_category().pk}&trang-thai=draft") == ["Nháp"]


def test_the_list_says_when_an_article_was_first_published_and_when_its_next_edition_is_due(editor):
    with time_machine.travel(NINE):
        make_draft(title="Nháp"), make_withdrawn(title="Gỡ"), make_scheduled(title="Hẹn")
        corrected = make_article(title="Đăng")
        correct(corrected, "Đã sửa.", NINE + HOUR)
        corrected.body = "<p>Sẽ sửa.</p>"
        corrected.save()
        corrected.publish(NINE + 25 * HOUR, now=NINE + 2 * HOUR)
    with time_machine.travel(NINE + 3 * HOUR):
        page = editor.get(LIST).content.decode()
    shown = re.findall(r'change/[^>]*>([^<]+)</a></th>.*?field-published_shown">([^<]*)<', page)
    assert dict(shown) == {
        "Nháp": "–",
        "Gỡ": "09:00 ngày 20/02/2024",
        "Hẹn": "hẹn 09:00 ngày 21/02/2024",
        "Đăng": "09:00 ngày 20/02/2024, hẹn 10:00 ngày 21/02/2024",
    }


CHANGES = {
    "nothing": lambda: {},
    "title": lambda: {"title": "Khác"},
    "summary": lambda: {"summary": "Khác."},
    "body": lambda: {"body": "<p>Khác.</p>"},
    "another lead picture": lambda: {"lead_picture": make_picture()},
    "no lead picture": lambda: {"lead_picture": None},
    "another end": lambda: {"ends_at": timezone.now() + timedelta(days=9)},
    "no end": lambda: {"ends_at": None},
}


@pytest.mark.parametrize("is_signed", [False, True], ids=["not signed", "signed"])
@pytest.mark.parametrize("has_lead_and_end", [True, False])
@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_the_list_and_the_page_of_an_article_agree_on_whether_it_was_changed(
    editor, change, has_lead_and_end, is_signed
):
    given = {"lead_picture": make_picture(), "ends_at": timezone.now() + timedelta(days=1)} if has_lead_and_end else {}
    article = make_article(**given)
    for name, value in change().items():
        setattr(article, name, value)
    article.save()
    if is_signed:
        Byline.objects.create(article=article, author=Author.objects.create(pen_name="Minh Hiếu"))
    on_its_page = "Có sửa đổi chưa đăng." in editor.get(desk.address(article)).content.decode()
    differs = is_signed or any(value != given.get(name) for name, value in change().items())
    assert on_its_page == differs
    assert listed(editor, "?trang-thai=changed") == [article.title] * on_its_page
    assert ("có sửa đổi chưa đăng" in editor.get(LIST).content.decode()) == on_its_page


@pytest.mark.parametrize("query", ["càng long", "CANG LONG", "Càng Long", "minh hieu", "Minh Hiếu", "long hieu"])
def test_an_article_is_found_by_words_with_accents_or_without_and_by_its_author(editor, query):
    found, _ = make_draft(title="Tin Càng Long"), make_draft(title="Tin khác")
    Byline.objects.create(article=found, author=Author.objects.create(pen_name="Minh Hiếu"))
    assert listed(editor, f"?q={query}") == ["Tin Càng Long"]


def test_an_article_is_found_by_its_whole_title(editor):
    title = "Càng Long: Ban hành Kế hoạch thông tin, tuyên truyền công tác cải cách hành chính năm 2024."
    make_draft(title=title), make_draft(title="Tin khác")
    assert listed(editor, f"?q={title}") == [title]


LONG_SEARCHES = ["a " * 5000, "a,b " * 2500, " ".join(f"w{number}" for number in range(2000))]


@pytest.mark.parametrize("searched", LONG_SEARCHES, ids=["one letter", "with commas", "many words"])
def test_a_search_of_ten_thousand_characters_is_answered_by_every_list(editor, searched):
    make_article()
    lists = [f"/admin/{model._meta.app_label}/{model._meta.model_name}/" for model in admin.site._registry]
    assert {path: editor.get(path, {"q": searched}).status_code for path in lists} == dict.fromkeys(lists, 200)


@pytest.mark.parametrize("lookup", ["summary__regex", "title__iregex", "category__name__regex"])
def test_no_address_of_a_list_asks_for_an_expression(editor, lookup):
    make_article(summary="a" * 12)
    answer = editor.get("/admin/news/article/", {lookup: r"^(\w*\s*)*@$"})
    assert answer.status_code in (302, 400)


def test_an_article_is_found_by_its_number(editor):
    article, _ = make_draft(title="Một"), make_draft(title="Hai")
    assert listed(editor, f"?q=%23{article.pk}") == ["Một"]
    assert listed(editor, "?q=%2399999999999999999999") == []
    assert editor.get(LIST + "?q=%00").status_code in (200, 302, 400)


def test_the_list_takes_as_many_queries_for_ten_articles_as_for_two(editor):
    def queries():
        with CaptureQueriesContext(
            connection,
        ) as caught:
            editor.get(LIST)
        return len(caught)

    author = Author.objects.create(pen_name="Minh Hiếu")
    for number in range(2):
        Byline.objects.create(article=make_article(title=f"Tin {number}"), author=author)
    few = queries()
    for number in range(8):
        Byline.objects.create(article=make_article(title=f"Bài {number}"), author=author)
    assert queries() == few


def test_no_page_of_the_desk_loads_texts_that_it_does_not_show(editor):
    article = make_article()
    for number in range(3):
        correct(article, f"Sửa {number}", timezone.now())
    with CaptureQueriesContext(connection) as of_list:
        editor.get(LIST)
    with CaptureQueriesContext(connection) as of_form:
        editor.get(desk.address(article))
    assert [
        query["sql"]
        for query in of_list
        if 'SELECT "news_article"."id"' in query["sql"] and '"news_article"."body",' in query["sql"].split("CASE")[0]
    ] == []
    of_editions = [query["sql"] for query in of_form if 'ORDER BY "news_edition"."number"' in query["sql"]]
    assert of_editions and not any('"news_edition"."body_html"' in query for query in of_editions)


def test_a_picture_is_added_with_its_words(editor):
    url = "/admin/news/picture/add/"
    response = desk.send(editor, url, file=make_photo(), alt="Ruộng lúa", credit="Minh Hiếu")
    assert desk.errors(response) == {}
    picture = Picture.objects.get()
    assert (picture.alt, picture.credit, picture.width, picture.uploaded_by.username) == (
        "Ruộng lúa",
        "Minh Hiếu",
        800,
        "bien-tap",
    )
    assert editor.get(picture.url()).status_code == 200


def test_a_picture_without_words_is_refused_and_a_decoration_needs_none(editor):
    url = "/admin/news/picture/add/"
    said = desk.errors(desk.send(editor, url, file=make_photo()))
    assert "văn bản thay thế" in said["alt"][0] and "chọn lại tệp" in said["file"][0]
    assert desk.errors(desk.send(editor, url, file=make_photo(), decorative="on")) == {}


def test_who_mends_the_words_of_a_picture_is_told_which_live_articles_print_the_old_ones(editor):
    lead, shown, other, waiting = make_picture(), make_picture(), make_picture(), make_picture()
    make_article(title="Có ảnh đại diện", lead_picture=lead)
    make_article(title="Có ảnh trong bài", body=f'<p>a</p><img src="{shown.url()}" alt="b">')
    make_draft(title="Chưa đăng", lead_picture=lead)
    edited = make_article(
        title="Chỉ sửa tiêu đề",
        body=f'<figure class="image"><img src="{other.url()}" alt="b"><figcaption>c</figcaption></figure>',
    )
    desk.send(editor, desk.address(edited), title="Tiêu đề sau")
    make_scheduled(title="Chờ giờ đăng", lead_picture=waiting)
    named = {lead: "“Có ảnh đại diện”", shown: "“Có ảnh trong bài”", waiting: "“Chờ giờ đăng”", other: None}
    for picture, said in named.items():
        answer = desk.send(
            editor, f"/admin/news/picture/{picture.pk}/change/", **{"credit" if said else "caption": "Tên đúng"}
        )
        told = desk.told_after(editor, answer)
        assert (f"chờ giờ đăng: {said}." in told) if said else ("đang đăng" not in told)
    again = desk.send(editor, f"/admin/news/picture/{lead.pk}/change/")  # nothing is changed
    assert "đang đăng" not in desk.told_after(editor, again)


def test_a_picture_that_only_adorns_says_nothing(editor):
    picture = make_picture(alt="Ruộng lúa")
    for url in ("/admin/news/picture/add/", f"/admin/news/picture/{picture.pk}/change/"):
        file = {"file": make_photo()} if "add" in url else {}
        response = desk.send(editor, url, alt="Ruộng lúa", decorative="on", **file)
        assert "bỏ một trong hai" in desk.errors(response)["decorative"][0]
    assert desk.errors(desk.send(editor, url, alt=" ", decorative="on")) == {}


@pytest.mark.parametrize("caption", ["ệ" * 400, "a" + 600 * " " + "b"], ids=["decomposed", "spaces"])
def test_the_words_of_a_photograph_are_measured_as_they_are_stored(editor, caption):
    typed = unicodedata.normalize("NFD", caption)
    answer = desk.send(editor, "/admin/news/picture/add/", file=make_photo(), alt="x", caption=typed)
    assert desk.errors(answer) == {} and Picture.objects.get().caption == " ".join(caption.split())


@pytest.mark.parametrize("query", ["", "&trang-thai=changed", "&q=tin"])
def test_the_list_says_how_many_each_filter_holds(editor, query):
    Byline.objects.create(article=make_article(), author=Author.objects.create(pen_name="Minh Hiếu"))
    assert "Có sửa đổi chưa đăng (1)" in editor.get(f"{LIST}?_facets=True{query}").content.decode()


def test_a_photograph_that_comes_without_its_words_is_not_decoded(editor, monkeypatch):
    monkeypatch.setattr(images, "encode", lambda file: pytest.fail("decoded for nothing"))
    assert "alt" in desk.errors(desk.send(editor, "/admin/news/picture/add/", file=make_photo()))


def test_what_is_no_picture_is_refused_at_its_field(editor):
    rubbish = SimpleUploadedFile("a.jpg", b"not a picture")
    response = desk.send(editor, "/admin/news/picture/add/", file=rubbish, alt="x")
    assert "không phải là ảnh" in desk.errors(response)["file"][0]
    assert not Picture.objects.exists()


def test_the_words_of_a_picture_change_and_its_file_does_not(editor):
    picture = make_picture()
    url = f"/admin/news/picture/{picture.pk}/change/"
    assert b'type="file"' not in editor.get(url).content
    desk.send(editor, url, caption="Chú thích mới")
    changed = Picture.objects.get()
    assert (changed.caption, changed.key) == ("Chú thích mới", picture.key)


def test_a_picture_is_never_deleted(editor):
    picture = make_picture()
    assert editor.post(f"/admin/news/picture/{picture.pk}/delete/", {"post": "yes"}).status_code == 403


@pytest.mark.parametrize("query", ["ruong lua", "RUỘNG", "lúa thang tu", "huong dan"])
def test_a_picture_is_found_by_its_words_with_accents_or_without(editor, query):
    make_picture(alt="Ruộng lúa", caption="Lúa chín tháng tư", credit="Hướng Dân")
    make_picture(alt="Con kênh")
    found = editor.get("/admin/news/picture/", {"q": query}).context["cl"].queryset
    assert [picture.alt for picture in found] == ["Ruộng lúa"]


def test_the_masthead_is_one_page_that_names_what_the_law_misses(editor):
    Masthead(name="TRANG", agency="UBND huyện").save()
    page = editor.get("/admin/news/masthead/", follow=True)
    assert page.redirect_chain[-1][0] == "/admin/news/masthead/1/change/"
    assert "Chân trang còn thiếu: cơ quan chủ quản" in page.content.decode()
    assert editor.get("/admin/news/masthead/add/").status_code == 403
    assert editor.post("/admin/news/masthead/1/delete/", {"post": "yes"}).status_code == 403


def test_a_change_of_the_masthead_shows_on_the_next_page(editor):
    Masthead(name="TRANG CŨ").save()
    desk.send(editor, "/admin/news/masthead/1/change/", name="TRANG MỚI")
    assert "TRANG MỚI" in editor.get("/").content.decode()


def test_a_category_with_articles_is_not_deleted(editor):
    category = make_article(title="Tin đứng đó").category
    page = editor.post(f"/admin/news/category/{category.pk}/delete/", {"post": "yes"}).content.decode()
    assert Category.objects.exists()
    assert "Tin đứng đó" in page and "vì còn các mục liên quan" in page and "không được quyền" not in page


def test_the_delete_page_of_a_category_names_ten_of_its_articles_whatever_their_number(editor):
    category = make_category()
    address = f"/admin/news/category/{category.pk}/delete/"
    make_many(11, [category])
    with CaptureQueriesContext(connection) as of_eleven:
        page = editor.get(address).content.decode()
    assert len(re.findall(r'<li>Bài viết: <a href="/admin/news/article/\d+/change/">Tin ', page)) == 10
    assert "và 1 bài viết khác" in page
    make_many(30, [category])
    with CaptureQueriesContext(connection) as of_many:
        assert "và 31 bài viết khác" in editor.get(address).content.decode()
    assert len(of_many) == len(of_eleven)


def test_an_author_is_found_without_accents(editor):
    Author.objects.create(pen_name="Minh Hiếu")
    found = editor.get("/admin/autocomplete/?app_label=news&model_name=byline&field_name=author&term=minh hieu").json()
    assert [result["text"] for result in found["results"]] == ["Minh Hiếu"]


GROWS = "\u0958"  # in the form that is stored, two characters


@pytest.mark.parametrize(
    ("make", "field", "most"),
    [
        (make_picture, "alt", 300),
        (make_picture, "credit", 200),
        (make_category, "description", 300),
        (lambda: Author.objects.create(pen_name="Minh Hiếu"), "full_name", 120),
        (make_article, "change_note", 500),
    ],
)
def test_words_that_are_too_long_only_in_the_form_that_is_stored_are_refused_at_their_field(editor, make, field, most):
    url = admin_url(make())
    response = desk.send(editor, url, **{field: GROWS * (most - 5)})
    assert f"nhiều nhất {most} ký tự" in " ".join(desk.errors(response)[field])


def test_an_author_whose_name_grows_when_it_is_folded_is_found(editor):
    author = Author.objects.create(pen_name="\ufdfa" * 100)
    assert str(author) in editor.get("/admin/news/author/?q=" + "\ufdfa").text


def test_naming_the_photographer_of_a_picture_asks_for_no_words_that_stand_in_the_text(editor):
    picture = make_picture(alt="")
    desk.send(editor, admin_url(picture), credit="Minh Hiếu")
    picture.refresh_from_db()
    assert picture.credit == "Minh Hiếu"


def admin_url(thing):
    return reverse(f"admin:news_{thing._meta.model_name}_change", args=[thing.pk])


@pytest.mark.parametrize(("given", "lines"), [
    ({"agency": "", "address": "Số 274, tỉnh Trà Vinh."}, ["- Địa chỉ: Số 274, tỉnh Trà Vinh."]),
    ({"agency": "UBND huyện.", "address": "Số 274."}, ["- Đơn vị quản lý UBND huyện - Số 274."]),
    ({"phone": "", "fax": "0294.3882245"}, ["- Fax: 0294.3882245"]),
    ({"parent_agency": "UBND tỉnh Trà Vinh.", "responsible": "Chủ tịch.."},
     ["- Cơ quan chủ quản: UBND tỉnh Trà Vinh.", "- Chịu trách nhiệm nội dung: Chủ tịch."]),
])  # fmt: skip
def test_the_footer_says_all_that_the_masthead_holds_with_one_full_stop(client, given, lines):
    Masthead(**given).save()
    said = re.findall(r"<p>(- .*?)</p>", client.get("/").text)
    assert said[:-1] == lines  # and the last asks for the source


def test_the_list_of_pictures_has_no_two_columns_of_one_name(editor):
    make_picture(caption="Cầu mới")
    names = re.findall(r'<div class="text">(?:<a[^>]*>)?(?:<span>)?([^<]+)', editor.get("/admin/news/picture/").text)
    assert len(names) == len({name.lower() for name in names}) == 5
