"""What every test may ask for; and, with REQUIRE_ALL=1, that none is skipped."""

import os
import shutil
from collections import Counter

import pytest
import time_machine
from django.db import connections

from tests.behind_nginx import behind_nginx
from tests.running_site import copied, running

# The first draws no windows of its own: half the work for the same pages.
CHROMIUMS = ["chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"]
CHROMIUM = next(filter(None, map(shutil.which, CHROMIUMS)), None)
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--no-first-run",
]  # fmt: skip
WINDOW = {"width": 1280, "height": 900}


def pytest_collection_modifyitems(items):
    """Long files come first, so that none of them ends the run alone: those that only compute, while the first site is made, and
    then those that start servers and browsers."""
    computing = {item.path for item in items if item.get_closest_marker("computing")}
    starting = {item.path for item in items if {"shared", "browser"} & set(item.fixturenames)}
    items.sort(key=lambda item: (item.path not in computing, item.path not in starting))


def pytest_terminal_summary(terminalreporter):
    skipped = terminalreporter.stats.get("skipped", [])
    for reason, times in Counter(report.longrepr[2].removeprefix("Skipped: ") for report in skipped).items():
        terminalreporter.write_line(f"{times} skipped: {reason}", yellow=True)
    if skipped and os.environ.get("REQUIRE_ALL") == "1":
        terminalreporter.write_line("REQUIRE_ALL=1: a skipped test is a failure", red=True)


def pytest_sessionfinish(session, exitstatus):
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")  # none in the workers of xdist
    if reporter and reporter.stats.get("skipped") and os.environ.get("REQUIRE_ALL") == "1" and exitstatus == 0:
        session.exitstatus = 1


@pytest.fixture(scope="session")
def shared(tmp_path_factory, worker_id):
    """A folder that all workers of this test run see."""
    folder = tmp_path_factory.getbasetemp()
    return folder if worker_id == "master" else folder.parent


@pytest.fixture(scope="session")
def site(shared, tmp_path_factory):
    """The running site, for tests that leave it as it was for the next one."""
    with running(shared, tmp_path_factory.mktemp("site")) as found:
        yield found


@pytest.fixture
def fresh_site(shared, tmp_path):
    """A running site of this test alone."""
    with running(shared, tmp_path) as found:
        yield found


@pytest.fixture
def stored_site(shared, tmp_path):
    """A site of this test alone that does not run, or not yet."""
    with copied(shared, tmp_path) as found:
        yield found


@pytest.fixture
def cached(shared, tmp_path):
    """A running site of this test alone, behind nginx."""
    with behind_nginx(shared, tmp_path) as found:
        yield found


@pytest.fixture(scope="session")
def browser():
    """Chromium, which keeps the pages that were left as readers' browsers do."""
    if not CHROMIUM:
        pytest.skip("Chromium is missing (Debian: apt install chromium-headless-shell, or chromium)")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=CHROMIUM, args=FLAGS, ignore_default_args=["--disable-back-forward-cache"]
        )
        yield chromium
        chromium.close()
        connections.close_all()  # those of the loop's own context, which nobody else sees


@pytest.fixture(scope="session")
def tab(browser):
    """The one that ``page`` is always in: a new one would fetch and compile the editor anew, half the work of a form."""
    tab = browser.new_page(viewport=WINDOW, locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh")
    tab.on(
        "console",
        lambda message: (
            tab.complaints.append(f"{message.text} {message.location['url']}")
            if message.type in ("error", "warning")
            else None
        ),
    )
    tab.on("pageerror", lambda error: tab.complaints.append(str(error)))
    yield tab
    tab.context.close()


@pytest.fixture
def page(tab):
    """A page that knows nobody. ``page.complaints``: what its console and its policy complained of. Who listens to it has
    to stop: all else that a test changes is put back."""
    tab.complaints = []
    yield tab
    tab.unroute_all()
    tab.emulate_media(media="null")
    tab.set_viewport_size(WINDOW)
    if tab.url.startswith("http"):
        tab.evaluate("() => [sessionStorage, localStorage].forEach(storage => storage.clear())")
    tab.goto("about:blank")
    tab.context.clear_cookies()


@pytest.fixture
def editor(client, db):
    """An administrator's client."""
    from tests import desk

    client.force_login(desk.make_user())
    return client


@pytest.fixture
def tuesday(monkeypatch):
    """Nine o'clock of a Tuesday, and a counter that has read nothing yet."""
    from tests.counting import TUESDAY
    from visitors.tally import Tally
    from visitors.timer import timer

    with time_machine.travel(TUESDAY / 1000, tick=False):
        monkeypatch.setattr(timer, "tally", Tally())
        yield
