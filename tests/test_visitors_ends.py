"""How processes end: on request, by a limit, by a timeout, killed; with a database that answers and one that does not."""

import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from itertools import count

import psycopg2
import pytest

from tests.running_site import PATIENCE, ROOT, running
from tests.test_visitors_running import BOT, new_reader, open_page

QUICK = {"DJANGO_SETTINGS_MODULE": "tests.quick_rounds"}


@pytest.fixture(scope="module")
def site(shared, tmp_path_factory):
    """One whose workers write every second; its readers differ from test to test."""
    with running(shared, tmp_path_factory.mktemp("ends"), **QUICK) as found:
        yield found


def stored(site):
    return int(site.query("SELECT coalesce(sum(visits), 0) FROM visitors_seen")[0][0])


def workers(site):
    return children_of(site.process.pid)


def children_of(pid):
    with open(f"/proc/{pid}/task/{pid}/children") as children:
        return [int(child) for child in children.read().split()]


def read(site, readers):
    for _ in range(readers):
        open_page(site, new_reader())


def all_of(visits):
    """What ``visits`` of today leave in the footer: today, week, all."""
    return [visits, visits, 3_489_813 + visits]


def served(site, agent):
    """Whether a page is; it may be without figures, where its process has never read any."""
    request = urllib.request.Request(site.url, headers={"User-Agent": agent})
    return urllib.request.urlopen(request, timeout=PATIENCE).status == 200


def shows(site, visits):
    """Whether a page shows ``visits`` of today. Who asks a worker that is just ending may get none."""
    with suppress(OSError):
        return open_page(site, BOT)[1:] == all_of(visits)
    return False


def eventually(question, seconds=30):
    until = time.monotonic() + seconds
    while not question():
        assert time.monotonic() < until
        time.sleep(0.1)


@contextmanager
def crowded(site):
    """Four readers at once, who are not counted, open one page after the other; each of them is answered."""

    def read_on():
        while not over.is_set():
            open_page(site, BOT)

    over = threading.Event()
    with ThreadPoolExecutor(4) as pool:
        crowd = [pool.submit(read_on) for _ in range(4)]
        try:
            yield
        finally:
            over.set()
        for reader in crowd:
            reader.result()


def test_a_new_master_takes_over_from_the_old_one_and_every_page_is_answered(stored_site):
    """gunicorn's way to bring new code in: USR2, for it to start itself again as it was started, and TERM for the old one. (QUIT
    drops the pages that are under way.)"""
    stored_site.env |= QUICK
    stored_site.start()
    old, came, first = stored_site.process, count(), set(workers(stored_site))

    def goes_on():
        read(stored_site, 1)
        return next(came) >= 0

    os.kill(old.pid, signal.SIGUSR2)
    eventually(lambda: goes_on() and len(workers(stored_site)) == 3)
    (new,) = set(workers(stored_site)) - first
    try:
        eventually(lambda: goes_on() and len(children_of(new)) == 2)
        with crowded(stored_site):
            old.terminate()
            eventually(lambda: goes_on() and old.poll() is not None)
        readers = next(came)
        eventually(lambda: stored(stored_site) == readers)
    finally:
        os.kill(new, signal.SIGTERM)


@contextmanager
def locked(site):
    """Nobody else can write the visitors: the database is locked (SQLite), or its tables are (PostgreSQL)."""
    url = site.env["DATABASE_URL"]
    if url:
        connection = psycopg2.connect(url)
        connection.cursor().execute("LOCK TABLE visitors_seen, visitors_salt IN ACCESS EXCLUSIVE MODE")
    else:
        connection = sqlite3.connect(site.folder / "portal.sqlite3")
        connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        connection.rollback()
        connection.close()


@pytest.mark.parametrize("worker", ["gthread", "sync"])
def test_workers_that_are_replaced_after_a_few_requests_lose_nobody(stored_site, worker):
    stored_site.env |= QUICK | {"GUNICORN_CMD_ARGS": f"--worker-class {worker} --max-requests 3"}
    stored_site.start()
    first = workers(stored_site)
    read(stored_site, 10)
    eventually(lambda: stored(stored_site) == 10)
    assert not set(first) <= set(workers(stored_site))
    assert open_page(stored_site, BOT)[1:] == all_of(10)


def test_workers_without_shared_memory_count_alike(stored_site, tmp_path):
    config = tmp_path / "no_preload.py"
    config.write_text(
        (ROOT / "deploy/gunicorn.conf.py").read_text().replace("preload_app = True", "preload_app = False")
    )
    stored_site.env |= QUICK | {"GUNICORN_CMD_ARGS": f"--config {config}"}
    command = [sys.executable, "-m", "gunicorn", "canglong_portal.wsgi"]
    with stored_site.log_path.open("ab") as log:
        stored_site.process = subprocess.Popen(command, cwd=ROOT, env=stored_site.env, stdout=log, stderr=log)
    eventually(stored_site.answers, 30)
    read(stored_site, 10)
    eventually(lambda: {open_page(stored_site, BOT)[1] for _ in range(8)} == {10})  # at the latest after ten seconds


@pytest.mark.parametrize("name", ["TERM", "QUIT", "INT", "ABRT"])
def test_a_worker_that_is_told_to_end_writes_what_it_holds(site, name):
    """ABRT is what gunicorn sends to a worker that timed out."""
    before = stored(site)
    read(site, 6)
    for worker in workers(site):
        os.kill(worker, getattr(signal, f"SIG{name}"))
    eventually(lambda: stored(site) == before + 6)
    eventually(lambda: shows(site, before + 6))


def test_a_worker_that_is_killed_loses_its_last_window_and_no_more(site):
    before = stored(site)
    read(site, 6)
    eventually(lambda: stored(site) == before + 6)
    for worker in workers(site):
        os.kill(worker, signal.SIGKILL)
    eventually(lambda: shows(site, before + 6))
    read(site, 1)
    eventually(lambda: stored(site) == before + 7)


def test_while_the_database_is_locked_pages_are_served_at_once_and_counted_afterwards(site):
    before = stored(site)
    read(site, 1)
    eventually(lambda: stored(site) == before + 1)
    with locked(site):
        for _ in range(6):
            began = time.monotonic()
            assert served(site, new_reader())
            assert time.monotonic() - began < 2
    eventually(lambda: stored(site) == before + 7, 40)


def test_with_the_tables_missing_pages_are_served_and_their_readers_counted_when_they_are_there(site):
    before = stored(site)
    read(site, 1)
    eventually(lambda: stored(site) == before + 1)
    said = len(site.log)
    site.query("ALTER TABLE visitors_seen RENAME TO away")
    for _ in range(3):
        assert served(site, new_reader())
    eventually(lambda: "visits are kept in memory" in site.log[said:])
    site.query("ALTER TABLE away RENAME TO visitors_seen")
    site.stop()  # the last flush need not wait for the next try
    assert stored(site) == before + 4
    site.start()


def test_the_end_does_not_wait_for_a_database_that_is_locked(site):
    before = stored(site)
    read(site, 1)
    eventually(lambda: stored(site) == before + 1)
    with locked(site):
        assert served(site, new_reader())
        began = time.monotonic()
        site.process.terminate()
        site.process.wait(30)
        assert time.monotonic() - began < 15
    site.start()


FORK = """
import os, sys, django
django.setup()
from visitors import clock
from visitors.timer import timer
def read(who):
    timer.tally.count(timer.tally.look(who, "Mozilla/5.0", "127.0.0.1", clock.now()))
timer.start()
assert timer.first_read.wait(20)
for number in range(5):
    read(b"parent %d" % number)
child = os.fork()
if child:
    _, code = os.waitpid(child, 0)
    sys.exit(os.waitstatus_to_exitcode(code))
assert timer.thread is None and not timer.tally.waiting and not timer.tally.read_at
timer.start()
assert timer.first_read.wait(20)
read(b"parent 0")
read(b"child")
sys.exit(0)
"""


def test_after_a_fork_with_a_full_buffer_parent_and_child_each_write_their_own(stored_site):
    env = {**stored_site.env, "DJANGO_SETTINGS_MODULE": "canglong_portal.settings"}
    done = subprocess.run([sys.executable, "-c", FORK], cwd=ROOT, env=env, capture_output=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr.decode()
    assert stored(stored_site) == 6
