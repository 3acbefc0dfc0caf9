"""The search index belongs to publishing: it can be made anew, and a rebuilt table does not lose it."""

import subprocess
import sys
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection

from news import search
from news.models import Edition
from tests.factories import make_article
from tests.running_site import ROOT, environment, new_database

pytestmark = pytest.mark.django_db


def hits(client, query="ke hoach"):
    return "Tìm thấy 1 bài" in client.get("/tim-kiem/", {"q": query}).content.decode()


def test_rebuilding_the_index_brings_back_what_was_lost(client):
    make_article(title="Kế hoạch năm")
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM news_search")
        assert not hits(client)
    call_command("rebuild_search", stdout=StringIO())
    assert hits(client)


def test_rerendering_makes_the_columns_anew_and_leaves_the_text(client):
    edition = make_article(title="Kế hoạch năm").editions.get()
    rendered = {name: getattr(edition, name) for name in Edition.RENDERED}
    said = {name: getattr(edition, name) for name in Edition.TEXT}
    Edition.objects.filter(pk=edition.pk).update(**dict.fromkeys(Edition.RENDERED, "hỏng"))
    call_command("rerender", stdout=StringIO())
    edition.refresh_from_db()
    assert {name: getattr(edition, name) for name in Edition.RENDERED} == rendered
    assert {name: getattr(edition, name) for name in Edition.TEXT} == said
    assert hits(client)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("command", ["rerender", "rebuild_search"])
def test_what_is_made_anew_keeps_nobody_from_the_database_for_long(monkeypatch, command):
    """Two editions a transaction here, fifty on a site; what takes time is done outside."""
    monkeypatch.setattr("news.management.portions.PORTION", 2)
    for number in range(5):
        make_article(title=f"Kế hoạch {number}")
    begun, typeset, write = [], Edition.typeset, search.write

    def typeset_in_peace(edition):
        assert not connection.in_atomic_block
        typeset(edition)

    def written(*args):
        begun.append(connection.atomic_blocks[0])
        write(*args)

    monkeypatch.setattr(Edition, "typeset", typeset_in_peace)
    monkeypatch.setattr(search, "write", written)
    call_command(command, stdout=StringIO())
    assert [begun.count(block) for block in dict.fromkeys(begun)] == [2, 2, 1]


def test_what_is_no_edition_is_found_no_more_when_the_index_is_made_anew():
    number = make_article(title="Kế hoạch năm").editions.get().pk
    search.write(number + 1, "ke hoach")
    call_command("rebuild_search", stdout=StringIO())
    asked = search.matches("ke hoach")
    with connection.cursor() as cursor:
        cursor.execute(asked.sql, asked.params)
        assert cursor.fetchall() == [(number,)]


REBUILD = """
import django

django.setup()
from django.core.management import call_command
from django.db import connection
from django.test import Client
from news.models import Edition
from tests.factories import make_article
from tests.test_search_index import hits

call_command("migrate", verbosity=0)
make_article(title="Kế hoạch năm")
field = Edition._meta.get_field("change_note")
wider = field.clone()
wider.max_length = 501
wider.set_attributes_from_name("change_note")
wider.model = Edition
with connection.schema_editor() as editor:
    editor.alter_field(Edition, field, wider)
assert hits(Client(SERVER_NAME="127.0.0.1"))
"""


def test_a_later_migration_that_rebuilds_the_table_does_not_lose_the_index(tmp_path):
    env = environment(tmp_path, 8000, new_database()) | {"DJANGO_SETTINGS_MODULE": "canglong_portal.settings"}
    done = subprocess.run([sys.executable, "-c", REBUILD], cwd=ROOT, env=env, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()


def test_a_text_of_numbers_without_end_is_found_by_its_title_and_its_words(client):
    numbers = " ".join("/".join(f"{n * 10 + part}bm" for part in range(9)) for n in range(4_000))
    make_article(title="Nhiều số tango", body=f"<p>{numbers[:190_000]}</p><p>zulu</p>")
    for word in ("tango", "zulu"):
        assert "Tìm thấy 1 bài" in client.get(f"/tim-kiem/?q={word}").text, word
