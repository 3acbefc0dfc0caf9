"""An editor writes and publishes; what goes wrong is said at its field."""

import re
import time
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from news.models import Article, Author, Byline, Edition
from tests import desk
from tests.factories import (
    HOUR,
    NINE,
    make_article,
    make_category,
    make_draft,
    make_picture,
    make_scheduled,
    make_withdrawn,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def writer(client):
    client.force_login(desk.make_user("phong-vien", "view_article", "add_article", "change_article"))
    return client


def test_a_new_article_is_saved_as_a_draft_and_stays_open(editor):
    response = desk.send(editor, desk.ADD, **desk.filled())
    assert desk.errors(response) == {}
    article = Article.objects.get()
    assert response.url == desk.address(article)
    assert (article.title, article.editions.count(), article.created_by.username) == ("Tin mới", 0, "bien-tap")


def test_publishing_saves_and_makes_an_edition_with_its_byline(editor):
    author = Author.objects.create(pen_name="Minh Hiếu")
    desk.send(editor, desk.ADD, "_publish", **desk.filled(**{"bylines-0-author": author.pk, "bylines-0-role": "bai"}))
    edition = Edition.objects.get()
    assert (edition.title, edition.byline, edition.published_by.username) == ("Tin mới", "Minh Hiếu", "bien-tap")
    assert editor.get(edition.path).status_code == 200


@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"summary": ""}, "summary", "Cần có tóm tắt"),
        ({"body": ""}, "body", "Cần có nội dung"),
        ({"title": ""}, "title", "bắt buộc"),
        ({"body": '<p><img src="data:image/png;base64,' + "A" * 5_000_000 + '"></p>'}, "body", "Ảnh thứ 1"),
        ({"body": '<p><img src="https://noi-khac.vn/a.jpg" alt="x"></p>'}, "body", "Ảnh thứ 1"),
        ({"body": "<p>" + "a" * 200_000 + "</p>"}, "body", "quá giới hạn"),
        ({"body": "<div>" * 40_000}, "body", "nhiều"),
        ({"ends_at_0": "01/01/2024", "ends_at_1": "07:00"}, "ends_at", "sau giờ đăng"),
    ],
    ids=["no summary", "no body", "no title", "5 MB data image", "foreign image", "too long", "nested", "ends before"],
)
def test_what_stops_publishing_is_said_at_its_field_and_nothing_typed_is_lost(editor, changes, field, said):
    response = desk.send(editor, desk.ADD, "_publish", **desk.filled(**changes))
    assert said in " ".join(desk.errors(response)[field])
    assert not Article.objects.exists()
    sent = desk.filled(**changes)
    for name in ("title", "summary", "body"):
        assert response.context["adminform"].form[name].value() == sent[name]


def test_an_address_that_no_reader_could_follow_is_said_to_be_gone_and_its_words_stay(editor):
    body = (
        '<p><a href="file:///C:/ke-hoach.doc?a=1&amp;b=2">Kế hoạch</a> <a href="https://cang-long.vn/">trang</a> '
        "<a href='javascript:void(0)'>Xem</a> <a href='zalo://x'>Zalo</a> <a href=''>x</a></p>"
    )
    said = desk.told_after(editor, desk.send(editor, desk.ADD, **desk.filled(body=body)))
    assert "chữ của liên kết vẫn còn: file:///C:/ke-hoach.doc?a=1&b=2, zalo://x Đã lưu nháp." in said
    article = Article.objects.get()
    assert "Kế hoạch" in article.body and "https://cang-long.vn/" in article.body
    assert desk.told_after(editor, desk.send(editor, desk.address(article))) == "Đã lưu nháp."


def test_a_draft_may_lack_what_publishing_needs(editor):
    desk.send(editor, desk.ADD, **desk.filled(summary="", body=""))
    assert Article.objects.count() == 1


def test_a_picture_without_words_stops_publishing_with_its_place_named_and_words_let_it_through(editor):
    good, bad = make_picture(alt="Ruộng lúa"), make_picture(alt="")
    body = "".join(f'<p><img alt="" src="{picture.url()}"></p>' for picture in (good, bad))
    response = desk.send(editor, desk.ADD, "_publish", **desk.filled(body=body))
    assert desk.errors(response)["body"] == [
        "Ảnh thứ 2 trong nội dung: chưa có văn bản thay thế. Hãy ghi văn bản thay thế, hoặc chọn “chỉ trang trí”."
    ]
    assert "Ảnh 2. Văn bản thay thế: CHƯA CÓ" in response.content.decode()
    bad.decorative = True
    bad.save()
    desk.send(editor, desk.ADD, "_publish", **desk.filled(body=body))
    assert Edition.objects.get().body_html.count("<picture>") == 2


def test_an_article_with_six_pictures_takes_as_many_queries_as_one_with_one(editor):
    def queries(act):
        with CaptureQueriesContext(connection) as caught:
            act()
        return len(caught)

    def needed(pictures):
        body = "<p>Chữ.</p>" + "".join(f'<p><img alt="" src="{make_picture().url()}"></p>' for _ in range(pictures))
        article = make_draft(body=body)
        return {
            "the page": queries(lambda: editor.get(desk.address(article))),
            "publishing": queries(article.publish),
            "the page of what is public": queries(lambda: editor.get(desk.address(article))),
            "the preview": queries(lambda: editor.get(f"/admin/news/article/{article.pk}/xem-truoc/")),
        }

    needed(0)  # what a process asks once
    assert needed(1) == needed(6)


def test_a_preview_shows_the_date_that_publishing_prints(editor):
    article = make_draft(ends_at=NINE + HOUR)
    article.publish(now=NINE)
    article.refresh_from_db()
    article.ends_at = None
    article.save()
    preview = editor.get(f"/admin/news/article/{article.pk}/xem-truoc/").text
    article.publish()
    assert (
        "Ngày đăng: 20/02/2024 09:00" in preview
        and "Ngày đăng: 20/02/2024 09:00" in editor.get(article.get_absolute_url()).text
    )


def test_a_lead_picture_without_words_stops_publishing(editor):
    response = desk.send(editor, desk.ADD, "_publish", **desk.filled(lead_picture=make_picture(alt="").pk))
    assert "văn bản thay thế" in desk.errors(response)["lead_picture"][0]


def test_a_summary_is_the_same_however_its_lines_were_sent(editor):
    article = make_article(summary="Dòng một\nDòng hai")
    response = desk.send(editor, desk.address(article), "_publish", summary="Dòng một\r\nDòng hai")
    assert "đúng như thế này" in editor.get(response.url).text


def test_a_form_with_thousands_of_authors_is_refused_at_once(editor):
    form, changes = desk.opened(editor, desk.ADD), desk.filled(**{"bylines-TOTAL_FORMS": 99_999})
    began = time.process_time()
    response = desk.send(editor, desk.ADD, data=form, **changes)
    assert response.status_code == 200 and time.process_time() - began < 2
    assert not Article.objects.exists()


def test_a_preview_has_the_number_that_would_come_next_and_the_items_that_would_stand_beside_it(editor):
    article, neighbour = make_draft(title="Tin một"), make_article(title="Tin bên cạnh")
    article.publish(timezone.now() + timedelta(days=1))
    article.cancel_schedule()
    page = editor.get(f"/admin/news/article/{article.pk}/xem-truoc/")
    assert "/ban-2/" in page.content.decode()
    assert neighbour.title in page.content.decode()
    assert "no-store" in page.headers["Cache-Control"]


@pytest.mark.parametrize("button", ["_publish", "_schedule", "_cancel", "_withdraw"])
def test_who_may_only_write_cannot_act_even_by_hand(writer, button):
    article = make_scheduled() if button == "_cancel" else make_article()
    before = list(Edition.objects.values())
    tomorrow = timezone.localtime() + timedelta(days=1)
    response = desk.send(
        writer, desk.address(article), button, title="Khác", withdraw_reason="x",
        publish_at_0=tomorrow.strftime("%d/%m/%Y"), publish_at_1="07:00",
    )  # fmt: skip
    assert "chỉ được viết và lưu nháp" in str(desk.errors(response)["__all__"])
    assert list(Edition.objects.values()) == before
    assert f'name="{button}"' not in writer.get(desk.address(article)).content.decode()


def test_who_may_only_write_does_not_refile_what_was_public(writer):
    article, other = make_article(), make_category("Kinh tế")
    desk.send(writer, desk.address(article), title="Sửa", category=other.pk)
    article.refresh_from_db()
    assert (article.title, article.category.name) == ("Sửa", "Tin tức")


def test_who_may_only_write_files_a_draft_anywhere(writer):
    article, other = make_draft(), make_category("Kinh tế")
    desk.send(writer, desk.address(article), category=other.pk)
    article.refresh_from_db()
    assert article.category == other


@pytest.mark.parametrize("make", [make_article, make_withdrawn, make_scheduled])
def test_nothing_that_has_editions_can_be_deleted(editor, make):
    article = make()
    url = f"/admin/news/article/{article.pk}/delete/"
    assert url not in editor.get(desk.address(article)).content.decode()
    assert editor.post(url, {"post": "yes"}).status_code == 403
    listed = editor.post("/admin/news/article/", {"action": "delete_selected", "_selected_action": [article.pk]})
    assert listed.status_code in (200, 302, 403)
    assert Article.objects.count() == 1


def test_a_draft_can_be_deleted(editor):
    article = make_draft()
    url = f"/admin/news/article/{article.pk}/delete/"
    assert url in editor.get(desk.address(article)).content.decode()
    editor.post(url, {"post": "yes"})
    assert not Article.objects.exists()


def test_the_preview_shows_the_desk_copy_in_the_readers_page_and_nobody_else_sees_it(editor, client):
    article = make_article(title="Tin cũ")
    response = desk.send(editor, desk.address(article), "_preview", title="Tin đang sửa")
    page = editor.get(response.url)
    assert "Tin đang sửa" in page.content.decode() and "Xem trước" in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    assert "unsafe-inline" not in page["Content-Security-Policy"]
    client.logout()
    assert client.get(response.url).status_code == 302


NO_NUMBERS = ["abc/history/", "%00/history/", "1_2F/history/", "abc/history/1/", "1/history/abc/", "1/history/1_/"]


@pytest.mark.parametrize("address", [*NO_NUMBERS, "add/?publish_at=zzz&ends_at=zzz&category=zzz"])
def test_an_address_made_up_by_hand_is_no_error_of_the_server(editor, address):
    make_draft()
    assert editor.get("/admin/news/article/" + address).status_code == (200 if "add" in address else 404)


@pytest.mark.parametrize("typed", [{}, {"withdraw_reason": "Nhầm chỗ"}, {"change_note": "Nhầm chỗ"}])
def test_a_refused_form_has_the_fields_of_its_buttons_and_what_was_typed(editor, typed):
    page = desk.send(editor, desk.ADD, "_publish", **desk.filled(summary="", **typed)).content.decode()
    for field in ("withdraw_reason", "change_note"):
        assert (f'name="{field}"' in page) == (field in typed)
    assert 'name="publish_at_0"' in page and 'name="ends_at_0"' in page


def test_a_byline_is_written_and_taken_away(editor):
    article, author = make_draft(), Author.objects.create(pen_name="Minh Hiếu")
    desk.send(editor, desk.address(article), **{"bylines-0-author": author.pk, "bylines-0-role": "anh"})
    assert str(Byline.objects.get()) == "Ảnh: Minh Hiếu"
    desk.send(editor, desk.address(article), **{"bylines-0-DELETE": "on"})
    assert not Byline.objects.exists()


@pytest.mark.parametrize("year", ["0001", "1999", "2100", "9999"])
def test_a_year_that_nobody_can_mean_is_refused_at_its_field(editor, year):
    response = desk.send(editor, desk.ADD, **desk.filled(ends_at_0=f"01/01/{year}", ends_at_1="00:30"))
    assert "Năm không hợp lệ" in desk.errors(response)["ends_at"][0]


@pytest.mark.parametrize("key", ["x", "9" * 40, "²"])
def test_a_choice_that_is_no_number_is_refused_at_its_field(editor, key):
    for field in ("lead_picture", "bylines-0-author"):
        assert desk.errors(desk.send(editor, desk.ADD, **desk.filled(**{field: key})))
    assert editor.get(f"{desk.ADD}?lead_picture={key}").status_code == 200


def test_an_author_named_twice_is_refused_in_the_editors_words(editor):
    author = Author.objects.create(pen_name="Minh Hiếu").pk
    twice = {"bylines-TOTAL_FORMS": 2, "bylines-0-author": author, "bylines-0-role": "bai", "bylines-1-author": author}
    response = desk.send(editor, desk.ADD, **desk.filled(**twice, **{"bylines-1-role": "bai"}))
    assert "Một tác giả đứng hai lần" in response.content.decode()
    assert not Article.objects.exists()


def test_the_first_button_which_the_enter_key_presses_saves_a_draft(editor):
    page = editor.get(desk.address(make_article())).content.decode()
    buttons = re.findall(r'type="submit"[^>]*name="(_\w+)" value="([^"]+)"', page)
    assert buttons == [
        ("_save", "Lưu nháp"), ("_preview", "Xem trước"), ("_publish", "Xuất bản"), ("_schedule", "Hẹn giờ"), ("_withdraw", "Gỡ bài")
    ]  # fmt: skip


def test_the_list_says_that_a_live_article_is_to_be_signed_otherwise(editor):
    article = make_draft()
    desk.send(editor, desk.address(article), "_publish", **desk.signed("Tác giả Một"))
    assert "có sửa đổi chưa đăng" not in editor.get("/admin/news/article/").content.decode().split("<tbody>")[1]
    Byline.objects.update(author=Author.objects.create(pen_name="Tác giả Hai"))
    assert "có sửa đổi chưa đăng" in editor.get("/admin/news/article/").content.decode().split("<tbody>")[1]


def test_links_that_the_page_does_not_keep_are_named_and_beyond_five_counted(editor):
    body = "".join(f'<p><a href="ftp://a/{number}">b</a></p>' for number in range(7))
    told = desk.told_after(editor, desk.send(editor, desk.ADD, **desk.filled(body=body)))
    assert "ftp://a/0, ftp://a/1, ftp://a/2, ftp://a/3, ftp://a/4 và 2 đường dẫn khác" in told
