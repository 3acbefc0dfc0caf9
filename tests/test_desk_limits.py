"""What nobody does by hand: numbers without end in an address, a form read while somebody writes, the last administrator gone."""

import unicodedata
from uuid import UUID

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext

from news.models import Article, Author, Byline
from tests import desk
from tests.factories import make_draft, make_scheduled

pytestmark = pytest.mark.django_db
HUGE = "9" * 20


def begins_no_transaction(asked):
    return not [query["sql"] for query in asked if query["sql"].startswith(("BEGIN", "SAVEPOINT"))]


@pytest.mark.parametrize("address", ["change/", "history/{}/"])
def test_reading_a_form_waits_for_nobody_who_writes(editor, address):
    """A transaction is the only write lock of SQLite (settings.py)."""
    article = make_draft()
    path = f"/admin/news/article/{article.pk}/{address.format(article.history.first().pk)}"
    with CaptureQueriesContext(connection) as asked:
        assert editor.get(path).status_code == editor.get(desk.ADD).status_code == 200
    assert begins_no_transaction(asked)


@pytest.mark.parametrize(
    "address",
    [f"news/article/?category__id__in={HUGE}", f"news/article/?category={HUGE}", f"news/article/?bylines__author={HUGE}",
     f"news/article/?lead_picture={HUGE}", f"visitors/day/?day__year={HUGE}", f"visitors/pastday/?day__year={HUGE}",
     f"news/article/{HUGE}/change/", f"news/article/{HUGE}/history/", f"auth/user/{HUGE}/change/"],
)  # fmt: skip
def test_a_number_without_end_in_an_address_is_answered_in_words(editor, address):
    answer = editor.get(f"/admin/{address}")
    assert answer.status_code in (200, 302, 400, 404)
    if answer.status_code == 400:
        assert "Yêu cầu không hợp lệ" in answer.content.decode()


def test_a_number_without_end_in_a_form_is_answered_in_words(editor):
    account = {"username": "moi", "password1": "Dong-Thap-77", "password2": "Dong-Thap-77", "groups": HUGE}
    assert editor.post("/admin/auth/user/add/", account).status_code in (200, 400)
    assert not User.objects.filter(username="moi").exists()


@pytest.mark.parametrize("without", ["is_superuser", "is_active"])
def test_the_last_administrator_stays_one(editor, without):
    last = User.objects.get()
    url = f"/admin/auth/user/{last.pk}/change/"
    answer = desk.send(editor, url, **{without: ""})
    assert "quản trị viên cuối cùng" in str(desk.errors(answer)[without])
    User.objects.create_superuser("khac", password="x")
    assert desk.errors(desk.send(editor, url, **{without: ""})) == {}
    last.refresh_from_db()
    assert getattr(last, without) is False


def test_no_account_is_left_without_the_only_way_to_log_in(editor):
    url = f"/admin/auth/user/{User.objects.get().pk}/password/"
    assert 'name="usable_password"' not in editor.get(url).content.decode()
    editor.post(url, {"usable_password": "false", "unset-password": "1"})
    assert User.objects.get().has_usable_password()
    editor.post(url, {"password1": "Mat-khau-moi-77", "password2": "Mat-khau-moi-77"})
    assert User.objects.get().check_password("Mat-khau-moi-77")


def test_an_administrator_who_may_not_log_in_is_none(editor):
    User.objects.create_superuser("da-nghi", password="x", is_active=False)
    url = f"/admin/auth/user/{User.objects.get(username='bien-tap').pk}/change/"
    assert desk.errors(desk.send(editor, url, is_superuser=""))


def test_what_the_form_does_not_ask_is_not_taken_from_what_is_sent(editor):
    stranger = User.objects.create_user("nguoi-khac")
    forged = {"created_by": stranger.pk, "slug": "dia-chi-khac", "version": 77, "folded": "x", "key": str(UUID(int=7)), "id": 4711,
              "created_at_0": "01/01/2001", "updated_at": "2001-01-01"}  # fmt: skip
    desk.send(editor, desk.ADD, **desk.filled(**forged))
    made = Article.objects.get()
    assert (made.created_by.username, made.slug, made.version, made.folded) == ("bien-tap", "", 1, "tin moi tom tat.")
    assert made.pk != 4711 and made.key != UUID(int=7) and made.created_at.year > 2001 < made.updated_at.year
    desk.send(editor, desk.address(made), **forged)
    made.refresh_from_db()
    assert (made.created_by.username, made.slug, made.version) == ("bien-tap", "", 2)


def test_each_further_author_costs_the_form_one_query(editor):
    def asked_for(count):
        article = make_draft(title=f"Bài của {count}")
        for number in range(count):
            author = Author.objects.create(pen_name=f"Tác giả {article.pk} {number}")
            Byline.objects.create(article=article, author=author, role="bai")
        with CaptureQueriesContext(connection) as asked:
            editor.get(desk.address(article))
        return len(asked)

    asked_for(1)
    assert asked_for(6) - asked_for(1) == 5  # each chooser asks for the name that it shows


def test_withdrawing_says_that_the_waiting_edition_is_cancelled_too(editor):
    article = make_draft(title="Bài đang đăng")
    article.publish()
    article.title = "Bài sẽ sửa"
    article.save()
    article.publish(make_scheduled().editions.get().published_at)
    answer = desk.send(editor, desk.address(article), "_withdraw", withdraw_reason="Sai số liệu")
    assert "hủy bản 2 đang chờ giờ đăng" in desk.told_after(editor, answer)


def test_a_text_is_as_long_as_it_is_stored_and_no_browser_cuts_it_off(editor):
    summary = "\r\n".join(["a" * 90] * 22)  # 2,001 with a sign a line break, 2,022 as it is sent
    assert "summary" in desk.errors(desk.send(editor, desk.ADD, **desk.filled(summary=summary)))
    decomposed = unicodedata.normalize("NFD", "ế" * 300)
    assert desk.errors(desk.send(editor, desk.ADD, **desk.filled(title=decomposed, summary=summary[1:]))) == {}
    assert Article.objects.get().title == "ế" * 300
    pen_name = unicodedata.normalize("NFD", "ế" * 120)
    assert desk.errors(desk.send(editor, "/admin/news/author/add/", pen_name=pen_name)) == {}
    for path in (desk.ADD, "/admin/news/author/add/", "/admin/news/category/add/"):
        assert "maxlength" not in editor.get(path).content.decode()


ODD = [
    "article/?title=%00",
    "article/?trang-thai=%00",
    "picture/?created_at__year=10000",
    "article/?id__range=1",
    "category/?slug=%00",
]


@pytest.mark.parametrize("path", ODD)
def test_no_list_fails_by_what_an_address_asks_for(editor, path):
    assert editor.get(f"/admin/news/{path}").status_code in (200, 302, 400)


def test_a_list_that_is_saved_whole_has_one_order(editor):
    assert (
        "sorthandle" not in editor.get("/admin/news/category/").content.decode()
        and "?o=" not in editor.get("/admin/news/category/").text
    )


def test_a_session_key_that_is_none_is_not_looked_up(client):
    client.cookies["sessionid"] = "a" * 16 + "\0"
    assert client.get("/admin/").status_code == 302


def test_two_administrators_who_demote_each_other_take_their_turns(editor):
    other = desk.make_user("nguoi-kia")
    with CaptureQueriesContext(connection) as asked:
        desk.send(editor, f"/admin/auth/user/{other.pk}/change/", is_superuser="")
    locked = [query["sql"] for query in asked if "FOR UPDATE" in query["sql"]]
    assert bool(locked) == (connection.vendor == "postgresql")  # on SQLite there is one who writes
