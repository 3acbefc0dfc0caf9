"""What an attacker saves through the desk runs in nobody's browser: not even in one that no policy tells what not to run."""

import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest

from news.models import Article
from tests import desk
from tests.attacks import ATTACKS
from tests.conftest import CHROMIUM, FLAGS
from tests.factories import make_category

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM, reason="Chromium is missing (Debian: apt install chromium)"),
]
SUSPICIOUS = """() => [...document.querySelectorAll("article *")].flatMap(element => [
    ...[...element.attributes]
        .filter(a => /^on|^style$|^srcdoc$/i.test(a.name) || /^\\s*(javascript|data|vbscript):/i.test(a.value)).map(a => a.name),
    ..."script style iframe object embed form svg math link meta base".split(" ").filter(name => element.localName == name),
])"""


def page_of(client, form, attack):
    """The page of an article with ``attack`` in its body, title and summary; None when the form refused the body."""
    words = {"title": f"Tin {attack}"[:300], "summary": attack}
    words = {name: value.replace("\x00", "") for name, value in words.items()}
    words |= {"body": f"<p>trước</p>{attack}<p>sau</p>", "form_key": uuid.uuid4()}
    answer = desk.send(client, desk.ADD, "_publish", form, **words)
    if refused := desk.errors(answer):
        assert set(refused) == {"body"}, attack
        return None
    return client.get(Article.objects.latest("pk").get_absolute_url()).content.decode()


def noticed(pages):
    """What a browser makes of each of ``pages``: dialogs that opened, elements and attributes that could open one."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page, dialogs = browser.new_page(), []
        page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
        for markup in pages:
            page.set_content(markup, wait_until="domcontentloaded")
            dialogs += page.evaluate(SUSPICIOUS)
        page.wait_for_timeout(200)
        browser.close()
        return dialogs


def in_a_browser(pages):
    """In a thread of its own: the ORM refuses to work beside the browser's event loop."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(noticed, [page.replace('rel="stylesheet"', "") for page in pages]).result()


def test_no_attack_runs_even_where_no_policy_forbids_it(client):
    client.force_login(desk.make_user())
    form = desk.opened(client, desk.ADD) | {"category": make_category().pk}
    pages = [page for attack in ATTACKS if (page := page_of(client, form, attack))]
    assert len(pages) > 100
    assert in_a_browser(pages) == []


def test_an_attack_that_ran_or_could_would_be_noticed():
    page = "<article><img src=x onerror=alert(1)><a href=' javascript:alert(1)'>x</a></article>"
    assert sorted(in_a_browser([page])) == ["1", "href", "onerror"]
