"""The editor stays contained: what contains it is asserted by a system check, and the check would say otherwise."""

import pytest
from django.apps import apps
from django.contrib.staticfiles.finders import get_finders

from news import checks, editor
from tests import desk
from tests.factories import make_draft

RELAXED = "'unsafe-inline'"


def numbers():
    return [error.id for error in checks.check_editor(None)]


def test_as_it_stands_nothing_is_found():
    assert numbers() == []


@pytest.mark.parametrize(
    ("key", "value", "number"),
    [
        ("extraPlugins", "divarea,uploadimage,image2,iframe", "news.E002"),
        ("removePlugins", editor.CONFIG["removePlugins"].replace("flash", "x"), "news.E003"),
        ("disallowedContent", "script style; *{*}", "news.E004"),
        ("allowedContent", True, "news.E005"),
        ("allowedContent", editor.ALLOWED + "; iframe[src]", "news.E005"),
        ("fullPage", True, "news.E006"),
        ("versionCheck", True, "news.E006"),
    ],
)
def test_every_line_of_the_configuration_is_asserted(monkeypatch, key, value, number):
    monkeypatch.setitem(editor.CONFIG, key, value)
    assert numbers() == [number]


def test_the_uploader_that_must_not_be_installed_is_noticed(monkeypatch):
    monkeypatch.setattr(apps, "is_installed", lambda name: name == "ckeditor_uploader")
    assert numbers() == ["news.E001"]


def test_a_relaxed_public_policy_is_noticed(settings):
    settings.CONTENT_SECURITY_POLICY = {"DIRECTIVES": {"script-src": [RELAXED]}}
    assert numbers() == ["news.E008"]


def test_unused_folders_that_are_published_are_noticed(monkeypatch):
    monkeypatch.setattr(apps.get_app_config("staticfiles"), "ignore_patterns", [])
    assert numbers() == ["news.E009"]


def test_what_the_editor_does_not_load_is_not_published():
    patterns = apps.get_app_config("staticfiles").ignore_patterns
    published = [name for finder in get_finders() for name, _ in finder.list(patterns)]
    folders = {
        name.split("/")[3]
        for name in published
        if name.startswith("ckeditor/ckeditor/plugins/") and name.count("/") > 3
    }
    removed = set(editor.CONFIG["removePlugins"].split(","))
    assert folders.isdisjoint(removed)
    assert {"image2", "uploadimage", "divarea", "widget"} <= folders
    assert len(published) < 700


@pytest.mark.django_db
def test_the_relaxed_policy_is_where_the_editor_is_and_nowhere_else(client):
    client.force_login(desk.make_user())
    article = make_draft()
    first = article.history.first()
    with_editor = [desk.ADD, desk.address(article), f"/admin/news/article/{article.pk}/history/{first.pk}/"]
    without = ["/", "/admin/", "/admin/news/article/", f"/admin/news/article/{article.pk}/history/", "/admin/news/picture/add/",
               f"/admin/news/article/{article.pk}/xem-truoc/", f"/admin/news/article/{article.pk}/delete/"]  # fmt: skip
    for url in with_editor:
        policy = client.get(url)["Content-Security-Policy"]
        assert f"script-src-attr {RELAXED}" in policy and "script-src 'self';" in policy + ";"
    for url in without:
        assert RELAXED not in client.get(url)["Content-Security-Policy"], url
