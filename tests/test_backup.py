"""What the README says of a backup is what is done here, on a site that runs."""

import re
import shutil
import sqlite3
import subprocess
import sys
import urllib.request

import pytest

from tests.running_site import ROOT, Site, new_database, running

README = (ROOT / "README.md").read_text()


def commands(database_url):
    """The lines of the README, for SQLite or for PostgreSQL."""
    lines = re.search(r"## Backup\n\n.*\n\n((?: {4}.*\n)+)", README)[1].splitlines()
    assert len(lines) == 3
    if database_url:
        lines[1] = re.search(r"`(pg_dump .*?)`", README)[1]
    return "\n".join(line.strip() for line in lines).replace(".venv/bin/python", sys.executable)


def shell(text, site, folder):
    done = subprocess.run(["sh", "-c", text], cwd=folder, env=site.env, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def front_page(site):
    page = urllib.request.urlopen(site.url + "/").read().decode()
    pictures = re.findall(r'src="(/media/[^"]+)"', page)
    return re.findall(r'href="(/bai-viet/[^"]+)"', page), [
        urllib.request.urlopen(site.url + src).read() for src in pictures
    ]


def test_a_site_whose_secret_is_a_setting_has_a_whole_backup_too(tmp_path):
    (tmp_path / "var/media").mkdir(parents=True)
    sqlite3.connect(tmp_path / "var/portal.sqlite3").execute("CREATE TABLE t (x)").connection.close()
    done = subprocess.run(["sh", "-c", commands(None)], cwd=tmp_path, capture_output=True, text=True)
    assert done.stdout == "The backup is whole.\n", done.stderr
    assert sorted(path.name for path in (tmp_path / "backup").iterdir()) == ["media", "portal.sqlite3"]


@pytest.mark.parametrize("lacks", ["var/portal.sqlite3", "var/media", "room for another"])
def test_a_backup_that_is_not_whole_does_not_say_that_it_is(tmp_path, lacks):
    (tmp_path / "var/media").mkdir(parents=True)
    (tmp_path / "var/secret_key").touch()
    (tmp_path / "var/portal.sqlite3").touch()
    if lacks == "var/media":
        (tmp_path / lacks).rmdir()
    elif lacks == "var/portal.sqlite3":
        (tmp_path / lacks).unlink()
    else:
        (tmp_path / "backup").mkdir()
    done = subprocess.run(["sh", "-c", commands(None)], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode != 0 and done.stdout == ""
    assert lacks != "room for another" or not list((tmp_path / "backup").iterdir())


def test_a_backup_of_a_site_that_runs_is_the_whole_site_and_nobody_else_on_the_machine_reads_it(shared, tmp_path):
    folder = tmp_path / "var"
    with running(shared, folder) as site:
        before = front_page(site)
        site.manage("shell", "-v0", "-c", "from news.models import Category; Category.objects.create(name='Mục mới')")
        assert shell(commands(site.env["DATABASE_URL"]), site, tmp_path) == "The backup is whole.\n"
    assert before[0] and before[1]
    secret = (folder / "secret_key").read_text()
    folder.rename(tmp_path / "var.old")
    shutil.copytree(tmp_path / "backup", folder)
    assert not any(path.stat().st_mode & 0o077 for path in folder.glob("portal.*"))
    restored = Site(site.url, folder, site.env | {"DATABASE_URL": new_database() or ""})
    if restored.env["DATABASE_URL"]:
        shell(re.search(r"`(pg_restore .*?)`", README)[1], restored, tmp_path)
    (folder / "static").symlink_to((tmp_path / "var.old/static").resolve())  # `make run` collects them again
    restored.manage("prepare")
    restored.start()
    try:
        assert front_page(restored) == before
        assert urllib.request.urlopen(site.url + "/chuyen-muc/muc-moi/").status == 200
        assert (folder / "secret_key").read_text() == secret
        assert (tmp_path / "backup").stat().st_mode & 0o777 == 0o700
    finally:
        restored.stop()
