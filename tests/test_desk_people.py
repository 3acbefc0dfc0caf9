"""Roles of the desk: an account is set up by ticking one, and may do what DOMAIN says and nothing more."""

import pytest
from django.contrib.auth.models import Group, User
from django.utils import timezone

from news.models import Category
from tests import desk
from tests.factories import make_article, make_category, make_draft

pytestmark = pytest.mark.django_db
PASSWORD = "lua-chin-vang-dong"


@pytest.fixture
def administrator(client):
    client.force_login(desk.make_user("quan-tri"))
    return client


def log_in_as(client, role):
    user = User.objects.create_user(role, password="x", is_staff=True)
    user.groups.add(Group.objects.get(name=role))
    client.force_login(user)
    return client


def test_a_new_account_with_a_role_logs_in_and_finds_its_desk(administrator, client):
    page = administrator.get("/admin/auth/user/add/").content.decode()
    assert "Phóng viên" in page and "Biên tập viên" in page
    role = Group.objects.get(name="Phóng viên")
    data = {"username": "hieu", "password1": PASSWORD, "password2": PASSWORD, "groups": [role.pk]}
    assert administrator.post("/admin/auth/user/add/", data).status_code == 302
    assert "Phóng viên" in administrator.get("/admin/auth/user/").content.decode()
    client.logout()
    assert client.login(username="hieu", password=PASSWORD)
    assert "Bài viết" in client.get("/admin/").content.decode()


def test_an_account_is_never_deleted_for_its_acts_would_go_with_it(administrator):
    hieu = desk.make_user("hieu", "view_article")
    assert administrator.post(f"/admin/auth/user/{hieu.pk}/delete/", {"post": "yes"}).status_code == 403
    page = administrator.get(f"/admin/auth/user/{hieu.pk}/change/").content.decode()
    assert f"/admin/auth/user/{hieu.pk}/delete/" not in page and "Hãy bỏ chọn thay vì xóa tài khoản" in page


def test_a_reporter_writes_and_does_not_publish(client):
    reporter = log_in_as(client, "Phóng viên")
    article = make_draft()
    assert desk.errors(desk.send(reporter, desk.address(article), title="Sửa")) == {}
    desk.send(reporter, desk.address(article), "_publish")
    article.refresh_from_db()
    assert (article.title, article.live(timezone.now())) == ("Sửa", None)
    assert reporter.post(f"/admin/news/article/{article.pk}/delete/", {"post": "yes"}).status_code == 403
    page = reporter.get(desk.address(article)).content.decode()
    for name in ("_publish", "publish_at_0", "withdraw_reason", "change_note"):
        assert f'name="{name}"' not in page
    for name in ("_save", "_preview", "lead_picture", "bylines-0-author"):
        assert f'name="{name}"' in page


def test_an_editor_publishes_withdraws_and_files(client):
    editor = log_in_as(client, "Biên tập viên")
    article = make_draft()
    desk.send(editor, desk.address(article), "_publish")
    assert article.live(timezone.now())
    desk.send(editor, desk.address(article), "_withdraw", withdraw_reason="Sai số liệu")
    assert article.live(timezone.now()) is None
    desk.send(editor, "/admin/news/category/add/", name="Nông thôn mới")
    assert Category.objects.filter(name="Nông thôn mới").exists()
    draft = make_draft()
    assert editor.post(f"/admin/news/article/{draft.pk}/delete/", {"post": "yes"}).status_code == 302


@pytest.mark.parametrize("role", ["Phóng viên", "Biên tập viên"])
@pytest.mark.parametrize("path", ["auth/user/", "news/masthead/", "visitors/day/"])
def test_accounts_masthead_and_figures_are_the_administrators(client, role, path):
    assert log_in_as(client, role).get(f"/admin/{path}").status_code == 403


def test_who_may_only_look_changes_nothing_not_even_by_hand(client):
    article = make_draft(title="Đầu")
    article.title = "Sau"
    article.save()
    first = f"/admin/news/article/{article.pk}/history/{article.history.last().pk}/"
    administrator = desk.make_user()
    client.force_login(administrator)
    sent = {url: desk.opened(client, url) for url in (desk.address(article), first)}
    client.force_login(desk.make_user("xem", "view_article"))
    assert 'type="submit" name' not in client.get(desk.address(article)).content.decode()
    for url, data in sent.items():
        assert client.post(url, {**data, "title": "Của kẻ lạ", "_save": "1"}).status_code == 403, url
    article.refresh_from_db()
    assert article.title == "Sau"


def test_who_may_only_write_does_not_refile_by_restoring(client):
    article = make_article()
    first = article.history.last()
    article.category = make_category("Kinh tế")
    article.save()
    reporter = log_in_as(client, "Phóng viên")
    desk.send(reporter, f"/admin/news/article/{article.pk}/history/{first.pk}/", title="Tiêu đề xưa")
    article.refresh_from_db()
    assert (article.title, article.category.name) == ("Tiêu đề xưa", "Kinh tế")
