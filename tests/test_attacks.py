"""What an attacker saves through the desk runs in nobody's browser: not even in one that no policy tells what not to run."""

import uuid

import pytest

from news.models import Article
from tests import desk
from tests.attacks import ATTACKS
from tests.factories import make_category

pytestmark = [pytest.mark.django_db, pytest.mark.browser]
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


def noticed(page, pages):
    """What a browser makes of each of ``pages``: dialogs that opened, elements and attributes that could open one."""
    dialogs = []

    def dismiss(dialog):
        dialogs.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", dismiss)
    for markup in pages:
        page.set_content(markup.replace('rel="stylesheet"', ""), wait_until="domcontentloaded")
        dialogs += page.evaluate(SUSPICIOUS)
    page.wait_for_timeout(200)
    page.remove_listener("dialog", dismiss)
    return dialogs


def test_no_attack_runs_even_where_no_policy_forbids_it(client, page):
    client.force_login(desk.make_user())
    form = desk.opened(client, desk.ADD) | {"category": make_category().pk}
    pages = [found for attack in ATTACKS if (found := page_of(client, form, attack))]
    assert len(pages) > 100
    assert noticed(page, pages) == []


def test_an_attack_that_ran_or_could_would_be_noticed(page):
    attacked = "<article><img src=x onerror=alert(1)><a href=' javascript:alert(1)'>x</a></article>"
    assert sorted(noticed(page, [attacked])) == ["1", "href", "onerror"]
