"""Every string an editor can meet is Vietnamese: by the catalogues, and by reading the desk's pages."""

import gettext
import json
import re
import unicodedata
from html import unescape
from importlib import resources

import pytest
from django.conf import global_settings
from django.contrib.auth.models import User

from news.models import Masthead
from tests import desk
from tests.factories import make_article, make_picture
from tests.running_site import ROOT

CATALOGUES = [
    "django.conf", "django.contrib.admin", "django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions",
]  # fmt: skip
LANGUAGES = {name for _, name in global_settings.LANGUAGES}  # the site has one; nobody chooses
WELCOME = re.compile(
    r"install worked|release notes|DEBUG=True</a>|Django Documentation|how-to|Polling App|Get started|Django Community|Connect, get help"
)
OURS = ROOT / "locale/vi/LC_MESSAGES"


def entries(path):
    """The messages of a .po file: (context, id, plural id) to translation, fuzzy and empty ones left out."""
    found, current, key, fuzzy = {}, {}, None, False
    for line in [*path.read_text().splitlines(), "", 'msgid ""']:
        if line.startswith("#,"):
            fuzzy = "fuzzy" in line
        start = re.match(r'(msgctxt|msgid_plural|msgid|msgstr)(?:\[(\d)\])? "(.*)"$', line)
        if start and start[1] in ("msgctxt", "msgid") and "msgstr" in current:
            if not current.pop("fuzzy"):
                found[current.get("msgctxt"), current["msgid"], current.get("msgid_plural")] = current["msgstr"]
            current = {}
        if start:
            key = start[1]
            current[key] = current.get(key, "") + start[3]
            if key == "msgid":
                current["fuzzy"], fuzzy = fuzzy, False
        elif line.startswith('"') and key:
            current[key] += line[1:-1]
    return {message: said for message, said in found.items() if message[1]}


def shipped(package, domain, language):
    path = resources.files(package) / f"locale/{language}/LC_MESSAGES/{domain}.po"
    return entries(path) if path.is_file() else {}


@pytest.mark.parametrize("domain", ["django", "djangojs"])
@pytest.mark.parametrize("package", CATALOGUES)
def test_no_message_is_left_in_english(package, domain):
    vietnamese = {
        message[:2]
        for message, said in (shipped(package, domain, "vi") | entries(OURS / f"{domain}.po")).items()
        if said
    }
    missing = [
        message[1]
        for message in shipped(package, domain, "en")
        if message[:2] not in vietnamese and message[1] not in LANGUAGES and not WELCOME.search(message[1])
    ]
    assert missing == []


def test_no_message_of_the_history_is_left_in_english():
    package = resources.files("simple_history")
    text = "".join(path.read_text() for path in [*package.rglob("*.html"), package / "admin.py", package / "models.py"])
    marked = re.findall(r"""(?:{%\s*trans(?:late)?\s+|\b_\(\s*)(?:"(.+?)"|'(.+?)')\s*(?:%}|\))""", text)
    blocks = re.findall(r"{%\s*blocktrans(?:late)?\b[^%]*%}(.+?){%\s*(?:plural|end)", text, re.DOTALL)
    used = {double or single for double, single in marked} | {re.sub(r"{{\s*(\w+)\s*}}", r"%(\1)s", b) for b in blocks}
    assert len(used) > 25
    known = gettext.translation("django", ROOT / "locale", ["vi"])
    django = gettext.translation("django", resources.files("django.contrib.admin") / "locale", ["vi"])
    known.add_fallback(django)
    untold = {message for message in used if known.gettext(message) == known.ngettext(message, "", 1) == message}
    assert untold == set()


@pytest.mark.parametrize("domain", ["django", "djangojs"])
def test_the_catalogue_that_is_read_is_the_one_that_was_written(domain):
    compiled = gettext.translation(domain, ROOT / "locale", ["vi"])
    for (context, message, plural), said in entries(OURS / f"{domain}.po").items():
        decoded = [text.replace('\\"', '"') for text in (context or "", message, plural or "", said)]
        context, message, plural, said = decoded
        if plural:
            assert compiled.ngettext(message, plural, 2) == said
        else:
            assert (compiled.pgettext(context, message) if context else compiled.gettext(message)) == said


@pytest.mark.parametrize("domain", ["django", "djangojs"])
def test_translations_keep_their_places_and_are_composed(domain):
    places = re.compile(r"%\(\w+\)[a-z]|%[sd]|{\w*}")
    for (_, message, _plural), said in entries(OURS / f"{domain}.po").items():
        assert sorted(places.findall(said)) == sorted(places.findall(message)), message
        assert unicodedata.is_normalized("NFC", said)


ENGLISH = re.compile(
    r"\b(the|news|inside|please|select|delete|save|history|add|change|view|remove|error|welcome|logout|search|filter|password|user|group|today|yes|actions?|show|hide|toggle|choose|date|time)\b",
    re.IGNORECASE,
)
PAGES = [
    "/admin/", "/admin/news/article/", "/admin/news/article/?q=x", desk.ADD, "/admin/news/article/{article}/change/", "/admin/news/article/{article}/history/",
    "/admin/news/picture/", "/admin/news/picture/add/", "/admin/news/picture/{picture}/change/", "/admin/news/category/", "/admin/news/category/add/",
    "/admin/news/category/{category}/delete/", "/admin/news/author/add/", "/admin/news/masthead/{masthead}/change/", "/admin/auth/user/", "/admin/auth/user/add/",
    "/admin/auth/user/{user}/change/", "/admin/auth/user/{user}/password/", "/admin/news/article/{article}/history/{history}/",
    "/admin/password_change/", "/admin/visitors/day/", "/admin/visitors/start/",
]  # fmt: skip


def visible(page):
    """What a person reads or hears of a page."""
    text = re.sub(r"<(script|style|svg|option)\b.*?</\1>", " ", page, flags=re.DOTALL)
    text = re.sub(r"<input[^>]*hidden[^>]*>", " ", text)
    spoken = re.findall(r'(?:title|aria-label|placeholder|value)="([^"]*)"', text)
    return unescape(" ".join([re.sub(r"<[^>]+>", " ", text), *spoken]))


@pytest.mark.parametrize("path", PAGES)
def test_no_page_of_the_desk_speaks_english(editor, path):
    article = make_article(lead_picture=make_picture())
    Masthead(name="TRANG").save()
    numbers = {
        "article": article.pk,
        "picture": article.lead_picture_id,
        "category": article.category_id,
        "history": article.history.first().pk,
        "masthead": Masthead.objects.get().pk,
        "user": User.objects.get().pk,
    }
    response = editor.get(path.format(**numbers))
    assert response.status_code == 200
    assert ENGLISH.findall(visible(response.content.decode())) == []


def test_the_log_in_and_its_refusal_speak_vietnamese(client, db):
    for response in (client.get("/admin/login/"), client.post("/admin/login/", {"username": "a", "password": "b"})):
        assert ENGLISH.findall(visible(response.content.decode())) == []


def test_what_is_wrong_with_a_new_user_is_said_in_vietnamese(editor):
    for data in (
        {},
        {"username": "tên có dấu", "password1": "1", "password2": "2"},
        {"username": "bien-tap", "password1": "12345", "password2": "12345"},
    ):
        page = editor.post("/admin/auth/user/add/", data).content.decode()
        assert "errornote" in page
        assert ENGLISH.findall(visible(page)) == []


def test_the_calendar_and_the_two_lists_speak_vietnamese(editor):
    script = editor.get("/admin/jsi18n/").content.decode()
    for english, vietnamese in (
        ("Choose a Date", "Chọn ngày"),
        ("Available %s", "%s hiện có"),
        ("Remove all %s", "Bỏ mọi %s"),
    ):
        assert f"{json.dumps(english)}: {json.dumps(vietnamese)}" in script


SAID_IN_ENGLISH = """async () => {
  const editor = CKEDITOR.instances.id_body, same = [];
  const compare = (english, ours, where) => Object.keys(english).forEach(key => {
    if (typeof english[key] === "object") compare(english[key], ours[key], where + "." + key);
    else if (ours[key] === undefined || ours[key] === english[key]) same.push(where + "." + key);
  });
  await new Promise(done => CKEDITOR.lang.load("en", "en", done));
  const known = ["common", ...Object.keys(editor.plugins)].filter(name => CKEDITOR.lang.en[name]);
  known.forEach(name => compare(CKEDITOR.lang.en[name], editor.lang[name], name));
  return {known, same: same.filter(key => !key.startsWith("common.keyboard.") )};
}"""


@pytest.mark.browser
def test_the_editor_speaks_vietnamese(site, page):
    desk.log_in(page, site, desk.ADD)
    page.wait_for_function("() => window.CKEDITOR && CKEDITOR.instances.id_body?.status === 'ready'")
    found = page.evaluate(SAID_IN_ENGLISH)
    assert {"clipboard", "format", "link", "table", "uploadwidget"} <= set(found["known"])
    assert found["same"] == []
    assert page.get_attribute(".cke_button__undo", "title") == "Hoàn tác (Ctrl+Z)"  # the buttons were told in time
