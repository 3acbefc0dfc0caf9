"""The editor's upload: who may, what is taken, what is refused in words, and what never touches the disk."""

from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from news.models import Picture
from tests import desk
from tests.factories import make_photo

pytestmark = pytest.mark.django_db
URL = "/admin/anh/tai-len/"


def files():
    return {path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()}


def test_a_photograph_is_taken_and_its_address_told(editor):
    answer = editor.post(URL, {"upload": make_photo()}).json()
    picture = Picture.objects.get()
    assert answer == {"uploaded": 1, "fileName": f"{picture.key}.jpg", "url": picture.url(), "id": picture.pk}
    assert picture.uploaded_by.username == "bien-tap"
    assert editor.get(picture.url())["Content-Type"] == "image/jpeg"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.jpg", b"<html><script>alert(1)</script></html>"),
        ("a.png", b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'),
        ("a.jpg", b"<?php system($_GET[0]);"),
        ("../../a.php.jpg", b""),
        ("x" * 300 + ".jpg", b"\x00\x01"),
    ],
    ids=["html", "svg", "php", "path", "long name"],
)
def test_what_is_no_photograph_is_refused_in_words_and_leaves_nothing(editor, name, content):
    before = files()
    answer = editor.post(URL, {"upload": SimpleUploadedFile(name, content)}).json()
    assert answer["uploaded"] == 0
    assert len(answer["error"]["message"]) > 20
    assert (files(), Picture.objects.count()) == (before, 0)


def test_without_a_file_it_says_so(editor):
    assert editor.post(URL).json()["error"]["message"] == "Chưa chọn tệp ảnh."


def test_a_large_upload_waits_beside_the_data_is_not_served_and_does_not_stay(editor, monkeypatch):
    waiting, served = [], []

    def look(file, user):
        waiting.append(Path(file.temporary_file_path()))
        for folder in ("", "/media", "/media/..", "/static", "/static/.."):
            served.append(editor.get(f"{folder}/uploads/{waiting[0].name}").status_code)
            served.append(editor.get(f"{folder}/{waiting[0].name}").status_code)
        raise ValidationError("x")

    monkeypatch.setattr(Picture, "create_from", look)
    editor.post(URL, {"upload": SimpleUploadedFile("a.jpg", b"x" * (settings.FILE_UPLOAD_MAX_MEMORY_SIZE + 1))})
    assert waiting[0].parent == settings.DATA_DIR / "uploads"
    assert waiting[0].parent.stat().st_mode & 0o777 == 0o700
    assert set(served) == {404}
    assert not waiting[0].exists()


def test_more_than_thirty_megabytes_is_refused_before_it_is_read(editor):
    before = files()
    huge = SimpleUploadedFile("a.jpg", b"\xff" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1))
    assert editor.post(URL, {"upload": huge}).status_code == 413
    assert files() == before


def test_who_is_not_logged_in_is_refused_and_not_sent_elsewhere(client):
    """The editor asks by script: a log-in form would be an answer that it cannot read."""
    assert client.post(URL, {"upload": make_photo()}).status_code == 403
    assert not Picture.objects.exists()


def test_who_lacks_the_permission_is_refused(client):
    client.force_login(desk.make_user("phong-vien", "change_article"))
    assert client.post(URL, {"upload": make_photo()}).status_code == 403
    assert not Picture.objects.exists()


def test_the_permission_is_enough(client):
    client.force_login(desk.make_user("phong-vien", "add_picture"))
    assert client.post(URL, {"upload": make_photo()}).json()["uploaded"] == 1


def test_without_the_token_it_is_refused():
    client = Client(enforce_csrf_checks=True)
    client.force_login(desk.make_user())
    assert client.post(URL, {"upload": make_photo()}).status_code == 403
    assert not Picture.objects.exists()


def test_it_is_posted_to_and_not_read(editor):
    assert editor.get(URL).status_code == 405
