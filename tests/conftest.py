"""What every test may ask for; and, with REQUIRE_ALL=1, that none is skipped."""

import os
import shutil
from collections import Counter

import pytest
import time_machine

from tests.behind_nginx import behind_nginx
from tests.running_site import running

# The first draws no windows of its own: half the work for the same pages.
CHROMIUMS = ["chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"]
CHROMIUM = next(filter(None, map(shutil.which, CHROMIUMS)), None)
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--no-first-run",
]  # fmt: skip


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


@pytest.fixture
def page(browser):
    """A page of a browser nobody used before. ``page.complaints``: what its console and its policy complained of."""
    context = browser.new_context(
        viewport={"width": 1280, "height": 900}, locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh"
    )
    page = context.new_page()
    page.complaints = []
    page.on(
        "console",
        lambda message: (
            page.complaints.append(f"{message.text} {message.location['url']}")
            if message.type in ("error", "warning")
            else None
        ),
    )
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    yield page
    context.close()


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
