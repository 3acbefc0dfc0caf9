"""Real outages: a PostgreSQL that is stopped and comes back, a disk that is full and has room again."""

import json
import os
import re
import shutil
import sqlite3
import subprocess
import time
import urllib.error
import urllib.request
from urllib.parse import urlencode

import psycopg2
import pytest

from tests.running_site import PASSWORD, PATIENCE, USER, copied
from tests.test_visitors_ends import QUICK, eventually, served, stored
from tests.test_visitors_running import BOT, new_reader
from tests.throwaway_postgres import cluster, programs, unprivileged


def ask(address, agent=None):
    request = urllib.request.Request(address, headers={"User-Agent": agent or new_reader()})
    return json.loads(urllib.request.urlopen(request, timeout=PATIENCE).read())


def logged_in(site):
    """What the page says that the administrator gets for name and password."""
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    form = browser.open(f"{site.url}/admin/login/?next=/admin/").read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', form)[1]
    sent = urlencode({"username": USER, "password": PASSWORD, "csrfmiddlewaretoken": token})
    try:
        return browser.open(f"{site.url}/admin/login/?next=/admin/", sent.encode()).read().decode()
    except urllib.error.HTTPError as error:
        return error.read().decode()


def data_directory(url):
    with psycopg2.connect(url) as connection, connection.cursor() as cursor:
        cursor.execute("SHOW data_directory")
        return cursor.fetchone()[0]


@pytest.mark.skipif(not programs(), reason="PostgreSQL's programs are missing (Debian: apt install postgresql)")
def test_while_postgresql_is_stopped_every_ping_is_answered_and_counted_when_it_is_back(shared, tmp_path):
    with cluster(programs()) as url:
        data = data_directory(url)

        def server(*act):
            command = [f"{programs()}/pg_ctl", "-D", data, "-w", *act]
            subprocess.run(command, check=True, cwd=data, stdout=subprocess.DEVNULL, **unprivileged())

        with copied(shared, tmp_path, **QUICK, VISITORS_COUNT_BY="ping", DATABASE_URL=url) as site:
            site.manage("migrate", "-v0")
            site.start()
            page = urllib.request.urlopen(site.url).read().decode()
            address = site.url + re.search(r'data-ping="([^"]+)"', page)[1].replace("&amp;", "&")
            eventually(lambda: all("today" in ask(address, BOT) for _ in range(8)))  # both workers have read
            for number in range(3):
                assert ask(address)["today"] == str(number + 1)
            eventually(lambda: stored(site) == 3)
            server("-m", "fast", "stop")
            for number in range(3, 10):
                assert ask(address)["today"] == str(number + 1)
            eventually(lambda: "visits are kept in memory" in site.log)
            server("-l", f"{data}/log", "-o", options_of(data), "start")
            eventually(lambda: stored(site) == 10, 90)
            assert ask(address)["today"] == "11"


@pytest.mark.skipif(not programs(), reason="PostgreSQL's programs are missing (Debian: apt install postgresql)")
def test_a_round_does_not_wait_for_ever_for_what_somebody_holds_and_says_so(shared, tmp_path):
    with cluster(programs()) as url:
        impatient = f"{url}?options=-c%20lock_timeout%3D1s"
        with copied(shared, tmp_path, **QUICK, DATABASE_URL=impatient) as site:
            site.manage("migrate", "-v0")
            site.start()
            assert served(site, new_reader())
            eventually(lambda: stored(site) == 1)
            with psycopg2.connect(url) as holder, holder.cursor() as cursor:
                cursor.execute("LOCK TABLE visitors_batch")
                assert served(site, new_reader())
                eventually(lambda: "visits are kept in memory" in site.log and "lock timeout" in site.log)
            holder.close()
            eventually(lambda: stored(site) == 2, 30)


def options_of(data):
    """What the server was started with (its postmaster.opts names the program first)."""
    with open(f"{data}/postmaster.opts") as said:
        return " ".join(re.findall(r'"([^"]*)"', said.read()))


@pytest.fixture
def small_disk(tmp_path):
    """A folder on a disk of its own that can be filled."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", disk], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("this machine allows no mount (run the tests as root)")
    yield disk
    subprocess.run(["umount", "-l", disk], check=True)


def test_while_the_disk_is_full_pages_are_served_and_their_readers_counted_when_there_is_room(
    shared, tmp_path, small_disk
):
    database = small_disk / "portal.sqlite3"
    with copied(shared, tmp_path / "site", **QUICK, DATABASE_URL=f"sqlite:///{database}") as site:
        site.manage("migrate", "-v0")
        site.env["DJANGO_SUPERUSER_PASSWORD"] = PASSWORD
        site.manage("createsuperuser", "--noinput", f"--username={USER}", "--email=x@example.com")
        site.start()
        assert served(site, new_reader())
        eventually(lambda: stored(site) == 1)
        connection = sqlite3.connect(database)
        eventually(lambda: connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0)
        connection.close()
        with (small_disk / "filler").open("wb", buffering=0) as filler, pytest.raises(OSError):
            while True:
                filler.write(os.urandom(65536))
        for _ in range(7):
            assert served(site, new_reader())
        eventually(lambda: "visits are kept in memory" in site.log)
        time.sleep(1)
        assert "Ổ đĩa của máy chủ đã đầy" in logged_in(site)
        (small_disk / "filler").unlink()
        eventually(lambda: stored(site) == 8, 90)
        assert "logout-form" in logged_in(site)
    shutil.rmtree(tmp_path / "site")
