"""Whoever logs in stays on this site, whatever the address they were sent to says of where to go next."""

import unicodedata

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.contrib.auth.models import User
from django.test import Client

from canglong_portal.settings import PASSWORD_HASHERS as DEFAULT_HASHERS
from tests import desk
from tests.running_site import PASSWORD, USER

pytestmark = pytest.mark.django_db
HOSTILE = [
    "//evil.example", "///evil.example", "////evil.example/admin/", "https://evil.example/admin/", "http://evil.example",
    "HTTPS://evil.example", "https:evil.example", "http:evil.example", "https:/evil.example", "https:///evil.example",
    "\\\\evil.example", "/\\evil.example", "\\/evil.example", "/\\/evil.example", "https:\\\\evil.example",
    " //evil.example", "\t//evil.example", "/\t/evil.example", "/\r\n/evil.example", "\x00//evil.example", "\u2028//evil.example",
    "//testserver@evil.example", "https://testserver:443@evil.example", "https://testserver.evil.example",
    "https://evil.example\\@testserver/", "//[::1", "javascript:alert(1)", "JavaScript:alert(1)", "java\nscript:alert(1)",
    "javascript://testserver/%0Aalert(1)", "data:text/html,<script>alert(1)</script>", "vbscript:x", "ftp://testserver/",
]  # fmt: skip


@pytest.fixture(params=[False, True], ids=["http", "https"])
def sent(request, client):
    """``sent(path, query, **data)``: what the form at ``path`` is answered with, over http and over https."""
    desk.make_user("hieu")
    form = {"username": "hieu", "password": "x"}
    return lambda path, query=None, **data: client.post(path, form | data, query_params=query, secure=request.param)


@pytest.mark.parametrize("wish", HOSTILE, ids=ascii)
def test_a_log_in_never_leads_to_another_site(sent, wish):
    for answer in (sent("/admin/login/", next=wish), sent("/admin/login/", {"next": wish})):
        assert (answer.status_code, answer.headers["Location"]) == (302, "/admin/")


@pytest.mark.parametrize("wish", HOSTILE, ids=ascii)
def test_who_has_logged_in_before_is_not_led_away_either(editor, wish):
    assert editor.get("/admin/login/", {"next": wish}).headers["Location"] == "/admin/"


@pytest.mark.parametrize("wish", HOSTILE, ids=ascii)
def test_a_log_out_never_leads_to_another_site(sent, wish):
    sent("/admin/login/")
    answer = sent("/admin/logout/", next=wish)
    assert answer.status_code == 200 and "Location" not in answer.headers


@pytest.mark.parametrize("wish", ["/admin/news/article/?q=x", "/admin/news/category/add/", "/"])
def test_a_log_in_leads_to_the_page_of_this_site_that_was_asked_for(sent, wish):
    assert sent("/admin/login/", next=wish).headers["Location"] == wish


def test_a_log_in_that_asks_for_nothing_leads_to_the_desk(sent):
    assert sent("/admin/login/").headers["Location"] == "/admin/"


def test_over_https_nobody_is_led_back_to_plain_http(client):
    desk.make_user("hieu")
    wish = {"username": "hieu", "password": "x", "next": "http://testserver/admin/news/article/"}
    assert client.post("/admin/login/", wish, secure=True).headers["Location"] == "/admin/"


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_a_password_is_the_same_however_a_keyboard_composes_its_letters(client, settings, form):
    settings.PASSWORD_HASHERS = DEFAULT_HASHERS
    word = unicodedata.normalize(form, "Mật khẩu Của Tôi 9")
    User.objects.create_superuser("hieu", password=word)
    for sent_as in ("NFC", "NFD"):
        data = {"username": "hieu", "password": unicodedata.normalize(sent_as, "Mật khẩu Của Tôi 9")}
        assert Client().post("/admin/login/", data).status_code == 302
    assert Client().post("/admin/login/", {"username": "hieu", "password": "Mat khau Cua Toi 9"}).status_code == 200


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_a_password_of_before_is_still_taken(client, settings, form):
    settings.PASSWORD_HASHERS = DEFAULT_HASHERS
    word = unicodedata.normalize(form, "Mật khẩu cũ 9")
    User.objects.create(username="hieu", is_staff=True, password=PBKDF2PasswordHasher().encode(word, "muoi"))
    assert client.post("/admin/login/", {"username": "hieu", "password": "sai"}).status_code == 200
    assert client.post("/admin/login/", {"username": "hieu", "password": word}).status_code == 302


@pytest.mark.browser
def test_who_has_logged_in_changes_the_own_password(fresh_site, page):
    desk.log_in(page, fresh_site, "/admin/password_change/")
    for field, word in (
        ("old_password", PASSWORD),
        ("new_password1", "Lúa chín 2026"),
        ("new_password2", "Lúa chín 2026"),
    ):
        page.fill(f"#id_{field}", word, timeout=5000)
    page.click(".submit-row [type=submit]")
    page.wait_for_url("**/password_change/done/")
    page.context.clear_cookies()
    page.goto(fresh_site.url + "/admin/login/")
    page.fill("#id_username", USER)
    page.fill("#id_password", unicodedata.normalize("NFD", "Lúa chín 2026"))
    page.click("[type=submit]")
    assert page.locator("#user-tools").is_visible()
