"""Two people, or one twice: nothing is written over, done twice or lost."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from news.models import Article, Author, Byline, Edition
from news.text import hour
from tests import desk
from tests.factories import NINE, make_article, make_draft, make_scheduled

pytestmark = pytest.mark.django_db


def test_publishing_what_is_live_already_makes_no_edition_and_says_so(editor):
    article = make_article()
    data = desk.opened(editor, desk.address(article))
    response = editor.post(desk.address(article), {**data, "_publish": "1"}, follow=True)
    assert "Bản 1 đang đăng đúng như thế này" in response.content.decode()
    assert article.editions.count() == 1


@pytest.mark.parametrize(
    ("make", "button", "typed", "said"),
    [
        (make_article, "_withdraw", {"withdraw_reason": "Sai số liệu"}, ["Đã lưu nháp và gỡ bản 1", "Bản 1 đã được gỡ với lý do này."]),
        (make_draft, "_schedule", {"publish_at_0": "05/03/2090", "publish_at_1": "7:00"}, ["Đã hẹn đăng bản 1 lúc 07:00 ngày 05/03/2090."] * 2),
        (make_article, "_publish", {"title": "Sửa", "change_note": "Sửa tên"}, ["Đã đăng bản 2.", "Bản 2 đang đăng đúng như thế này, không cần đăng lại."]),
    ],
)  # fmt: skip
def test_an_act_that_arrives_twice_is_done_once_and_the_second_answer_says_so(editor, make, button, typed, said):
    article = make()
    form = desk.opened(editor, desk.address(article))
    for words in said:
        answer = desk.send(editor, desk.address(article), button, data=form, **typed)
        assert words in desk.told_after(editor, answer)
    assert "?" not in answer.url and article.editions.count() == (2 if button == "_publish" else 1)
    assert desk.errors(desk.send(editor, answer.url, title="Sửa tiếp")) == {}


def test_an_hour_that_waits_already_is_no_answer_to_other_words_or_another_hour(editor):
    article = make_draft()
    hour = {"publish_at_0": "05/03/2090", "publish_at_1": "7:00"}
    form = desk.opened(editor, desk.address(article))
    desk.send(editor, desk.address(article), "_schedule", data=form, **hour)
    for other in ({"title": "Khác"}, {"publish_at_1": "8:00"}, {"change_note": "Đính chính"}):
        refused = desk.send(editor, desk.address(article), "_schedule", data=form, **hour | other)
        assert "Hãy hủy lịch hẹn trước" in str(desk.errors(refused)) or "đã lưu bài này" in str(desk.errors(refused))


def test_publishing_twice_from_one_form_makes_one_edition(editor):
    data = desk.opened(editor, desk.ADD) | desk.signed()
    for _ in range(2):
        assert desk.errors(desk.send(editor, desk.ADD, "_publish", data=data, **desk.filled())) == {}
    assert (Article.objects.count(), Edition.objects.count(), Byline.objects.count()) == (1, 1, 1)


def test_the_add_form_sent_again_with_other_words_is_refused_and_keeps_them(editor):
    data = desk.opened(editor, desk.ADD)
    desk.send(editor, desk.ADD, data=data, **desk.filled())
    response = desk.send(editor, desk.ADD, data=data, **desk.filled(title="Chữ khác"))
    assert "đã lưu bài này" in str(desk.errors(response)["__all__"])
    assert response.context["adminform"].form["title"].value() == "Chữ khác"
    assert Article.objects.get().title == "Tin mới"


@pytest.mark.parametrize("key", ["rubbish", "\x00", "2f5c0a86-6d0e-4a53-9d35-1c3b8a3b5a11"])
def test_a_key_made_up_by_hand_does_no_harm(editor, key):
    response = desk.send(editor, desk.ADD, **desk.filled(form_key=key))
    assert response.status_code in (200, 302)


@pytest.mark.parametrize("button", ["_save", "_publish", "_schedule"])
def test_a_stale_form_is_refused_with_its_text_kept(editor, button):
    article = make_draft()
    stale = desk.opened(editor, desk.address(article))
    desk.send(editor, desk.address(article), title="Của người khác")
    response = desk.send(editor, desk.address(article), button, data=stale, title="Của tôi")
    assert "đã lưu bài này" in str(desk.errors(response)["__all__"])
    assert response.context["adminform"].form["title"].value() == "Của tôi"
    article.refresh_from_db()
    assert (article.title, article.editions.count()) == ("Của người khác", 0)


@pytest.mark.parametrize(("name", "said"), [("chi-lan", "chi-lan"), ("bien-tap", "Bạn")])
def test_a_stale_form_is_told_who_did_what(editor, name, said):
    article = make_article()
    stale = desk.opened(editor, desk.address(article))
    colleague = Client()
    colleague.force_login(User.objects.filter(username=name).first() or desk.make_user(name))
    desk.send(colleague, desk.address(article), "_withdraw", withdraw_reason="Sai số liệu")
    response = desk.send(editor, desk.address(article), data=stale, title="Của tôi")
    told = str(desk.errors(response)["__all__"])
    assert f"{said} đã lưu bài này lúc" in told and "sau khi bạn mở trang (đã lưu nháp và gỡ bản 1)" in told


@pytest.mark.parametrize("button", ["_save", "_publish"])
def test_a_form_is_stale_too_when_somebody_has_signed_the_article_meanwhile(editor, button):
    article = make_draft()
    stale = desk.opened(editor, desk.address(article))
    desk.send(editor, desk.address(article), **desk.signed())
    response = desk.send(editor, desk.address(article), button, data=stale)
    assert "đã lưu bài này" in str(desk.errors(response)["__all__"])
    assert (article.editions.count(), article.bylines.count()) == (0, 1)
    again = desk.opened(editor, desk.address(article))
    desk.send(editor, desk.address(article), title="Sửa", data=again)
    desk.send(editor, desk.address(article), "_publish", title="Sửa", data=again)
    assert article.editions.get().byline == "Minh Hiếu"  # the same words and names once more are no conflict


@pytest.mark.parametrize("button", ["_save", "_publish", "_withdraw"])
def test_the_form_of_an_article_that_somebody_deleted_becomes_that_of_a_new_one(editor, button):
    article = make_draft()
    desk.send(editor, desk.address(article), **desk.signed())
    data = desk.opened(editor, desk.address(article))
    article.delete()
    response = desk.send(editor, desk.address(article), button, data=data, title="Của tôi")
    assert "đã xóa bài này" in str(desk.errors(response)["__all__"])
    assert not Article.objects.exists()
    assert f'action="{desk.ADD}"' in response.content.decode()
    assert desk.errors(desk.send(editor, desk.ADD, data=desk.shown(response))) == {}
    assert Article.objects.get().title == "Của tôi"
    assert str(Byline.objects.get()) == "Minh Hiếu"


def test_a_form_sent_twice_with_the_same_words_is_no_conflict(editor):
    article = make_draft()
    data = desk.opened(editor, desk.address(article)) | desk.signed()
    for _ in range(2):
        assert desk.errors(desk.send(editor, desk.address(article), data=data, title="Của tôi")) == {}
    assert article.bylines.count() == 1


def test_a_byline_that_somebody_took_away_meanwhile_is_said(editor):
    article = make_draft()
    byline = Byline.objects.create(article=article, author=Author.objects.create(pen_name="Minh Hiếu"))
    data = desk.opened(editor, desk.address(article))
    byline.delete()
    response = desk.send(editor, desk.address(article), data=data, **{"bylines-0-role": "anh"})
    assert "Có người vừa bỏ một tác giả" in response.content.decode()


def test_restoring_is_refused_when_somebody_saved_meanwhile(editor):
    article = make_draft(title="Tin một")
    desk.send(editor, desk.address(article), title="Tin hai")
    url = f"/admin/news/article/{article.pk}/history/{article.history.last().pk}/"
    data = desk.opened(editor, url)
    article.history.update(history_date=NINE, updated_at=NINE)
    desk.send(editor, desk.address(article), title="Tin ba")
    response = editor.post(url, {**data, "_save": "1"})
    assert f"đã lưu bài này lúc {hour(article.history.first().history_date)}" in str(response.context["errors"])
    article.refresh_from_db()
    assert article.title == "Tin ba"


@pytest.mark.parametrize("button", ["_publish", "_schedule"])
@pytest.mark.parametrize("take_down", ["withdraw", "cancel"])
def test_what_was_taken_down_meanwhile_is_not_put_back_from_a_form_that_shows_it_live(editor, button, take_down):
    article = make_article() if take_down == "withdraw" else make_scheduled()
    data = {"publish_at_0": "05/03/2090", "publish_at_1": "07:00"} if button == "_schedule" else {}
    stale = desk.opened(editor, desk.address(article))
    desk.send(
        editor,
        desk.address(article),
        f"_{take_down}",
        **({"withdraw_reason": "Sai"} if take_down == "withdraw" else {}),
    )
    response = desk.send(editor, desk.address(article), button, data=stale | data)
    assert "đã lưu bài này" in str(desk.errors(response)["__all__"])
    assert article.editions.count() == 1
    assert desk.errors(desk.send(editor, desk.address(article), button, **data)) == {}
    assert article.editions.count() == 2
