"""The counter over real processes: gunicorn with two workers, each request a new connection."""

import re
import signal
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from itertools import count, pairwise

import pytest

from tests.running_site import PATIENCE, running

PHONE = "Mozilla/5.0 (Linux; Android 14; SM-A155F) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0.0.0 Mobile Safari/537.36"
DESKTOP = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:125.0) Gecko/20100101 Firefox/125.0"
BOT = "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)"
VERSIONS = count(130)
ENOUGH = 24  # requests: with two workers, each of them answers several


def open_page(site, agent, path="/"):
    """The four figures as the reader with ``agent`` sees them: online, today, week, all."""
    request = urllib.request.Request(site.url + path, headers={"User-Agent": agent})
    page = urllib.request.urlopen(request, timeout=PATIENCE).read().decode()
    figures = [int(figure.replace(".", "")) for figure in re.findall(r'data-visitors="\w+">([\d.]+)<', page)]
    assert len(figures) == 4
    return figures


def new_reader():
    """An agent that nobody had before: one more reader of the site."""
    return DESKTOP.replace("125", str(next(VERSIONS)))


@pytest.fixture(scope="module")
def counting(shared, tmp_path_factory):
    """A site whose readers differ from test to test."""
    with running(shared, tmp_path_factory.mktemp("counting")) as found:
        yield found


def test_the_first_reader_sees_themselves_and_a_reload_changes_nothing(fresh_site):
    assert open_page(fresh_site, PHONE) == [1, 1, 1, 3_489_814]
    assert {tuple(open_page(fresh_site, PHONE)) for _ in range(ENOUGH)} == {(1, 1, 1, 3_489_814)}


def test_a_second_browser_adds_one_a_bot_none_and_no_figure_falls_whoever_answers(counting):
    before = open_page(counting, BOT)[1]
    seen = [open_page(counting, PHONE)]
    for agent, more in [(DESKTOP, 2), (BOT, 2), (PHONE, 2), (PHONE.replace("124", "125"), 3), (DESKTOP, 3), (BOT, 3)]:
        for _ in range(ENOUGH):
            seen.append(open_page(counting, agent))
            assert seen[-1][1:] == [before + more, before + more, 3_489_813 + before + more]
    for earlier, later in pairwise(seen):
        assert all(new >= old for old, new in zip(earlier, later, strict=True))


def test_each_reader_adds_one_at_once_whichever_worker_answers_and_no_figure_ever_falls(shared, tmp_path):
    with running(shared, tmp_path, DJANGO_SETTINGS_MODULE="tests.quick_rounds") as site:
        read_by_turns(site)


def read_by_turns(fresh_site):
    until, here = time.monotonic() + 4, 0  # over several rounds of every worker
    while time.monotonic() < until:
        here, agent = here + 1, new_reader()
        for shown in (open_page(fresh_site, agent), open_page(fresh_site, BOT), open_page(fresh_site, agent)):
            assert shown == [here, here, here, 3_489_813 + here]
        time.sleep(0.05)


def test_readers_who_come_at_once_are_each_counted_once(counting):
    before = open_page(counting, BOT)[3]
    agents = [new_reader() for _ in range(40)]
    with ThreadPoolExecutor(8) as readers:
        list(readers.map(lambda agent: open_page(counting, agent), agents * 3))
    assert open_page(counting, BOT)[3] == before + 40


def test_an_agent_of_eight_kilobytes_reads_and_is_counted(counting):
    before = open_page(counting, BOT)[1]
    open_page(counting, DESKTOP + "x" * (8192 - len(DESKTOP)))
    assert open_page(counting, BOT)[1] == before + 1


def test_a_page_that_is_not_there_counts_nobody(counting):
    before = open_page(counting, BOT)[1]
    for path in ("/khong-co/", "/admin/login/", "/rss.xml", "/static/x.css"):
        request = urllib.request.Request(counting.url + path, headers={"User-Agent": new_reader()})
        try:
            urllib.request.urlopen(request).read()
        except urllib.error.HTTPError as error:
            error.read()
    assert open_page(counting, BOT)[1] == before


@pytest.mark.parametrize("name", ["TERM", "INT", "QUIT", "HUP"])
def test_what_was_counted_survives_the_end_of_its_process(counting, name):
    before = open_page(counting, BOT)[1]
    for _ in range(5):
        open_page(counting, new_reader())
    counting.process.send_signal(getattr(signal, f"SIG{name}"))
    if name == "HUP":
        time.sleep(2)
    else:
        counting.process.wait(30)
        counting.start()
    here = before + 5
    assert open_page(counting, BOT)[1:] == [here, here, 3_489_813 + here]
