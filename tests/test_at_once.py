"""Several processes act on one article at the same moment: one edition, or a message; never two, never an error."""

import json
import subprocess
import sys

import pytest

from tests.running_site import ROOT

ACTOR = """
import json, sys, django
django.setup()
from datetime import timedelta
from django.utils import timezone
from news.models import Article, CannotPublish
article = Article.objects.get(pk={pk})
print("ready", flush=True)
sys.stdin.readline()
try:
    edition = article.{act}
    print(json.dumps([edition.number, edition.closed_why]))
except CannotPublish as refusal:
    print(json.dumps([None, refusal.messages[0]]))
"""
PUBLISH, WITHDRAW, CANCEL = "publish()", "withdraw('Sai số liệu')", "cancel_schedule()"
SCHEDULE = "publish(timezone.now() + timedelta(days=1))"
CORRECTED = "a = Article.objects.get(title__startswith='Bài mẫu: Nông dân'); a.body += '<p>Sửa.</p>'; a.save()"
RESULT = (
    "print(a.pk, [(e.number, e.closed_why) for e in a.editions.order_by('number')], "
    "Edition.objects.live(timezone.now()).filter(article=a).count(), sep='|')"
)
IMPORTS = (
    "from datetime import timedelta; from django.utils import timezone; from news.models import Article, Edition; "
)


@pytest.fixture
def at_once(stored_site):
    """Runs the acts, each in a process of its own, all let go at one moment; gives what each said."""

    def shell(words):
        return stored_site.manage("shell", "-v0", "-c", IMPORTS + words).strip().split("|")

    def run(first, *acts):
        pk, before, _ = shell(f"{CORRECTED}; {first + '; ' if first else ''}{RESULT}")
        env = {**stored_site.env, "DJANGO_SETTINGS_MODULE": "canglong_portal.settings"}
        actors = [
            subprocess.Popen(
                [sys.executable, "-c", ACTOR.format(pk=pk, act=act)],
                cwd=ROOT, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            )
            for act in acts
        ]  # fmt: skip
        assert [actor.stdout.readline() for actor in actors] == ["ready\n"] * len(acts)
        for actor in actors:
            actor.stdin.write("go\n")
            actor.stdin.flush()
        said = [json.loads(actor.communicate(timeout=60)[0]) for actor in actors]
        _, after, live = shell(f"a = Article.objects.get(pk={pk}); {RESULT}")
        return said, eval(before), eval(after), int(live)

    return run


KILLED = """
import os, signal, django
django.setup()
from news import search
from news.models import Article
search.write = lambda *args: os.kill(os.getpid(), signal.SIGKILL)
Article.objects.get(title__startswith="Bài mẫu: Nông dân").publish()
"""


def test_a_process_that_is_killed_while_it_publishes_leaves_all_as_it_was(at_once, stored_site):
    stored_site.manage("shell", "-v0", "-c", IMPORTS + CORRECTED)
    editions = "SELECT id, closed_at, closed_why FROM news_edition ORDER BY id"
    before = stored_site.query(editions)
    env = {**stored_site.env, "DJANGO_SETTINGS_MODULE": "canglong_portal.settings"}
    assert subprocess.run([sys.executable, "-c", KILLED], cwd=ROOT, env=env).returncode == -9
    assert stored_site.query(editions) == before
    said, earlier, _, live = at_once("", PUBLISH)
    assert said[0][0] == len(earlier) + 1 and live == 1


def test_publishing_four_times_at_once_makes_one_edition_and_three_messages(at_once):
    said, before, after, live = at_once("", *[PUBLISH] * 4)
    refused = [words for number, words in said if number is None]
    assert len(refused) == 3
    assert all("Không có gì khác" in words or "Bài đã hẹn đăng" in words for words in refused)
    assert (len(after), live) == (len(before) + 1, 1)


def test_publishing_and_withdrawing_at_once_happen_one_after_the_other(at_once):
    said, before, after, live = at_once("", PUBLISH, WITHDRAW)
    (published, _), (withdrawn, _) = said
    assert published and withdrawn and len(after) == len(before) + 1
    assert live == (withdrawn < published)  # whoever came last has it
    assert dict(after)[withdrawn] == "withdrawn"


def test_publishing_and_cancelling_at_once_leave_one_live_edition_whoever_comes_first(at_once):
    said, before, after, live = at_once("a." + SCHEDULE, PUBLISH, CANCEL, CANCEL)
    assert sum(number is not None for number, _ in said[1:]) == 1  # one schedule, cancelled once
    published = said[0][0]
    assert len(after) == len(before) + (published is not None)
    assert live == 1
    assert [why for _, why in after].count("cancelled") == 1
