"""The list of an article's saves says what changed, and any of them can be had again."""

import re

import pytest
from django.utils import timezone

from news.admin.article import ArticleAdmin
from news.models import Article
from tests import desk
from tests.factories import make_article, make_category, make_draft, make_picture

pytestmark = pytest.mark.django_db


def test_a_save_of_long_ago_is_restored_under_the_present_address(editor):
    article = make_draft(title="Tin một")
    desk.send(editor, desk.address(article), "_publish")
    path = article.live(timezone.now()).path
    desk.send(editor, desk.address(article), title="Tin hai")
    first = article.history.order_by("history_id").first()
    url = f"/admin/news/article/{article.pk}/history/{first.pk}/"
    assert "unsafe-inline" in editor.get(url)["Content-Security-Policy"]
    said = desk.told_after(editor, desk.send(editor, url))
    article.refresh_from_db()
    assert (article.title, article.get_absolute_url()) == ("Tin một", path)
    assert said == "Đã khôi phục lần lưu cũ. Đã lưu nháp."


def test_a_draft_that_was_deleted_comes_back_from_its_saves(editor):
    article = make_draft(title="Tin một")
    url, number = desk.address(article), article.pk
    saved = f"{url.replace('change', 'history')}{article.history.get().pk}/"
    editor.post(url.replace("change", "delete"), {"post": "yes"})
    assert not Article.objects.exists()
    assert desk.told_after(editor, desk.send(editor, saved)) == "Đã khôi phục lần lưu cũ. Đã lưu nháp."
    assert (Article.objects.get().pk, Article.objects.get().title) == (number, "Tin một")


def test_the_list_of_saves_says_who_changed_what(editor):
    article = make_draft(title="Tin một")
    desk.send(editor, desk.address(article), title="Tin hai")
    page = editor.get(f"/admin/news/article/{article.pk}/history/").content.decode()
    assert "Tin một" in page and "Tin hai" in page and "bien-tap" in page


def test_the_list_of_saves_says_what_the_button_did(editor):
    article = make_draft(title="Tin một")
    url = desk.address(article)
    desk.send(editor, url, "_schedule", publish_at_0="05/03/2099", publish_at_1="07:30")
    desk.send(editor, url, "_withdraw", withdraw_reason="Sai số liệu. Đang đối chiếu.")  # refused: it is not public yet
    desk.send(editor, url, "_cancel", title="Tin hai")
    desk.send(editor, url, "_publish")
    desk.send(editor, url, "_withdraw", withdraw_reason="Sai số liệu. Đang đối chiếu.")
    desk.send(editor, f"/admin/news/article/{article.pk}/history/{article.history.earliest().pk}/")
    page = editor.get(f"/admin/news/article/{article.pk}/history/").content.decode()
    assert re.findall(r"<p>(Đã .*?)</p>", page) == [
        "Đã khôi phục lần lưu cũ.",
        "Đã lưu nháp và gỡ bản 2.",
        "Đã đăng bản 2.",
        "Đã lưu nháp và hủy lịch hẹn lúc 07:30 ngày 05/03/2099.",
        "Đã lưu nháp.",
        "Đã hẹn đăng bản 1 lúc 07:30 ngày 05/03/2099.",
    ]


def test_the_list_of_saves_shows_words_without_tags_and_nothing_in_english(editor):
    article = make_draft(body="<p>Một câu cũ.</p>")
    desk.send(editor, desk.address(article), body=f"<p>Một câu {'rất dài ' * 30}mới.</p>")
    desk.send(
        editor,
        desk.address(article),
        body=f"<p>Một câu <strong>{'rất dài ' * 30}mới.</strong></p>",
        ends_at_0="05/03/2099",
        ends_at_1="07:30",
    )
    page = editor.get(f"/admin/news/article/{article.pk}/history/").content.decode()
    assert "<del>Một câu cũ.</del> → <ins>Một câu rất dài" in page and "…" in page
    assert "<ins>chỉ đổi định dạng, liên kết hoặc ảnh</ins>" in page
    assert "<del>–</del> → <ins>07:30 ngày 05/03/2099</ins>" in page
    assert not re.search(r"&lt;|chars|None", page.split("change-history")[1])


def test_a_body_of_a_picture_alone_is_no_words_and_what_changes_in_it_is_said(editor):
    one, other = (make_picture() for _ in range(2))
    article = make_draft(body=body_of(one))
    desk.send(editor, desk.address(article), body=body_of(other))
    desk.send(editor, desk.address(article), body="<p>Chữ.</p>")
    desk.send(editor, desk.address(article), body=body_of(one))
    page = editor.get(f"/admin/news/article/{article.pk}/history/").content.decode()
    assert "<ins>chỉ đổi định dạng, liên kết hoặc ảnh</ins>" in page
    assert "<del>–</del> → <ins>Chữ.</ins>" in page and "<del>Chữ.</del> → <ins>–</ins>" in page


def body_of(picture):
    return f'<p><img alt="x" src="{picture.url(picture.widths[0])}"></p>'


@pytest.mark.parametrize("refiles", [False, True])
def test_what_is_restored_stands_where_the_article_stands_today_unless_it_is_refiled_there(editor, refiles):
    article = make_draft(category=make_category(name="Kinh tế"))
    desk.send(editor, desk.address(article), "_publish")
    desk.send(editor, desk.address(article), category=make_category(name="Nông thôn").pk)
    oldest = f"/admin/news/article/{article.pk}/history/{article.history.earliest().pk}/"
    changes = {"category": make_category(name="Văn hóa").pk} if refiles else {}
    said = desk.told_after(editor, desk.send(editor, oldest, **changes))
    article.refresh_from_db()
    assert article.category.name == ("Văn hóa" if refiles else "Nông thôn")
    assert ("chuyển sang chuyên mục mới" in said) == refiles


def test_a_picture_that_was_not_chosen_is_a_dash_and_one_of_a_deleted_row_no_number(editor):
    article = make_draft()
    desk.send(editor, desk.address(article), lead_picture=make_picture(alt="Ruộng lúa").pk)
    gone = make_category(name="Sẽ bỏ")
    desk.send(editor, desk.address(article), category=gone.pk)
    desk.send(editor, desk.address(article), category=make_category().pk)
    gone.delete()
    page = editor.get(f"/admin/news/article/{article.pk}/history/").content.decode()
    assert "Ruộng lúa" in page and "pk=" not in page and "chuyên mục đã xóa" in page


def test_the_last_save_of_a_page_says_what_changed_too(editor, monkeypatch):
    monkeypatch.setattr(ArticleAdmin, "history_list_per_page", 2)
    article = make_draft(title="Tin một")
    for title in ("Tin hai", "Tin ba"):
        desk.send(editor, desk.address(article), title=title)
    page = editor.get(f"/admin/news/article/{article.pk}/history/").content.decode()
    assert "Tin một" in page and "Tin hai" in page
    assert editor.get(f"/admin/news/article/{article.pk}/history/?p=2").status_code == 200


def test_a_save_of_long_ago_shows_no_field_that_has_no_button_there(editor):
    article = make_article()
    desk.send(editor, desk.address(article), title="Sửa")
    page = editor.get(f"/admin/news/article/{article.pk}/history/{article.history.earliest().pk}/").content.decode()
    assert [name for name in ("change_note", "publish_at_0", "withdraw_reason") if f'name="{name}"' in page] == []
    assert 'name="ends_at_0"' in page
