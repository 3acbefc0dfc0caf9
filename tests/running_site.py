"""The site as it really runs: gunicorn with two workers, a database and a DATA_DIR of its own, the sample content.

What is slow (migrating, drawing the sample pictures, collecting static files, logging in) is done once a test run and
copied.
"""

import contextlib
import fcntl
import json
import os
import secrets
import shutil
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import psycopg2

from tests import VARIABLES
from tests.throwaway_postgres import free_port

ROOT = Path(__file__).resolve().parent.parent
GUNICORN = Path(sys.executable).with_name("gunicorn")  # as `make run` starts it
USER, PASSWORD = "quantri", "mat-khau-thu-nghiem"
LOG_IN = f"""
from django.contrib.auth.models import User
from django.test import Client

user = User.objects.get(username="{USER}")
user.set_password("{PASSWORD}")
user.save()
client = Client()
client.force_login(user)
print(client.cookies["sessionid"].value)
"""
PATIENCE = 30  # seconds that a start or a stop may take


@dataclass
class Site:
    url: str
    folder: Path
    env: dict
    session: str = ""  # of an administrator who has logged in
    process: subprocess.Popen = None

    def manage(self, *args):
        """What ``manage.py ARGS`` prints, run beside the site."""
        done = subprocess.run(
            [sys.executable, "manage.py", *args], cwd=ROOT, env=self.env, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def query(self, statement):
        """The rows that the site's database answers, if any, without the cost of a process."""
        url = self.env["DATABASE_URL"]
        path = url.removeprefix("sqlite:///") or self.folder / "portal.sqlite3"
        with contextlib.closing(
            psycopg2.connect(url) if url.startswith("postgres") else sqlite3.connect(path)
        ) as connection:
            cursor = connection.cursor()
            cursor.execute(statement)
            rows = cursor.fetchall() if cursor.description else []
            connection.commit()
            return rows

    def start(self):
        command = [sys.executable, GUNICORN, "-c", "deploy/gunicorn.conf.py", "canglong_portal.wsgi"]
        with self.log_path.open("ab") as log:
            self.process = subprocess.Popen(command, cwd=ROOT, env=self.env, stdout=log, stderr=log)
        until = time.monotonic() + PATIENCE
        while not self.answers():
            assert self.process.poll() is None and time.monotonic() < until, self.log
            time.sleep(0.1)

    def answers(self):
        with contextlib.suppress(OSError):
            return urllib.request.urlopen(self.url + "/readyz", timeout=2).status == 200
        return False

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(PATIENCE)

    @property
    def log_path(self):
        return self.folder / "gunicorn.log"

    @property
    def log(self):
        return self.log_path.read_text()


def environment(folder, port, database_url):
    """What a site on its own is started with, whatever the tests were (`make test` tells its own children of itself)."""
    strange = {*VARIABLES, "DJANGO_SETTINGS_MODULE", "MAKEFLAGS", "MAKELEVEL", "MFLAGS", "PYTHONDONTWRITEBYTECODE",
               "DJANGO_ALLOW_ASYNC_UNSAFE"}  # fmt: skip
    env = {name: value for name, value in os.environ.items() if name not in strange}
    return {**env, "DATA_DIR": str(folder), "PORT": str(port), "DATABASE_URL": database_url or ""}


def new_database(like=None):
    """The URL of a new database on the server of DATABASE_URL, a copy of ``like``; None where SQLite is used."""
    url = os.environ.get("DATABASE_URL", "")
    if not url.startswith("postgres"):
        return None
    name = f"site_{secrets.token_hex(6)}"
    connection = psycopg2.connect(url)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}" + (f" TEMPLATE {urlsplit(like).path[1:]}" if like else ""))
    connection.close()
    return urlsplit(url)._replace(path=f"/{name}").geturl()


def template(shared):
    """The folder and database URL that every site of this test run is copied from, and the session of its administrator."""
    folder, said = shared / "site", shared / "site.json"
    with (shared / "site-lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not said.exists():
            database = new_database()
            site = Site("", folder, environment(folder, free_port(), database))
            site.manage("prepare", "--static")
            session = site.manage("shell", "-v0", "-c", LOG_IN).strip()
            said.write_text(json.dumps([database, session]))
    return folder, *json.loads(said.read_text())


@contextlib.contextmanager
def copied(shared, folder, **env):
    """A site in ``folder`` and with ``env`` that nobody has started yet. If it runs in the end, it is stopped with TERM."""
    original, database, session = template(shared)
    with (shared / "site-lock").open("w") as lock:  # PostgreSQL copies a database that nobody is connected to
        fcntl.flock(lock, fcntl.LOCK_EX)
        shutil.copytree(original, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("static"))
        (folder / "static").symlink_to(original / "static")
        copy = new_database(like=database) if database else None
    port = free_port()
    site = Site(f"http://127.0.0.1:{port}", folder, environment(folder, port, copy) | env, session)
    try:
        yield site
    finally:
        site.stop()


@contextlib.contextmanager
def running(shared, folder, **env):
    """The same, started."""
    with copied(shared, folder, **env) as site:
        site.start()
        yield site
