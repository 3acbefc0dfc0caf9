"""What `make run` does, in the order a new operator meets it: environment, database, static files, administrator, address."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager, nullcontext
from datetime import timedelta
from io import StringIO
from pathlib import Path
from unittest.mock import MagicMock

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from canglong_portal.staticfiles import PublishedFilesConfig, fingerprint
from news.management.commands.prepare import Command
from tests.running_site import PATIENCE, ROOT, Site, environment, new_database, template
from tests.throwaway_postgres import free_port

MAKE = shutil.which("make")
needs_make = pytest.mark.skipif(not MAKE, reason="make is missing (Debian: apt install make)")


@pytest.fixture
def env(tmp_path):
    """Of an operator who names a folder that make and URLs would trip over, and nothing else."""
    folder = tmp_path / "50% của #1"
    folder.mkdir()
    return environment(folder, free_port(), new_database())


def prepare(env, *args, **more):
    command = [sys.executable, "manage.py", "prepare", *args]
    return subprocess.run(command, cwd=ROOT, env={**env, **more}, capture_output=True, text=True, timeout=120)


def files(folder):
    """Those that somebody put there, with their dates: not what Python, pytest and the like keep for themselves."""
    own = (path for path in Path(folder).rglob("[!.]*") if path.is_file())
    hidden = re.compile(r"/(\.|__pycache__|node_modules)")
    return {
        path: path.stat().st_mtime_ns for path in own if not hidden.search(str(path.relative_to(folder).parent / " "))
    }


def beside_the_database(dated):
    return {path: at for path, at in dated.items() if not path.name.startswith("portal.sqlite3")}


@contextmanager
def made(env, goal):
    """`make GOAL` with this Python's packages: its process, and a function that reads what it says up to a word."""
    command = [MAKE, "-o", ".venv/.installed", f"IN_VENV={sys.executable}", goal]
    log = Path(env["DATA_DIR"]).parent / f"make-{goal}.log"
    with log.open("wb") as said:
        at_once = env | {"PYTHONUNBUFFERED": "1"}  # as in a terminal
        process = subprocess.Popen(command, cwd=ROOT, env=at_once, stdout=said, stderr=said, start_new_session=True)

    def until(word):
        patience = time.monotonic() + 3 * PATIENCE
        while word not in log.read_text():
            assert process.poll() is None and time.monotonic() < patience, log.read_text()
            time.sleep(0.1)
        return log.read_text()

    try:
        yield process, until
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def fetched(env, path, method="GET"):
    request = urllib.request.Request(f"http://localhost:{env['PORT']}{path}", method=method)
    try:
        answer = urllib.request.urlopen(request, timeout=10)
    except urllib.error.HTTPError as error:
        answer = error
    return answer.status, answer.read().decode()


@needs_make
def test_make_run_serves_the_sample_as_production_does_and_a_second_time_changes_nothing(env, shared):
    original, *_ = template(shared)  # collecting static files takes long, so what was collected is copied
    for name in ("static", "static.sha256"):
        copy = shutil.copytree if (original / name).is_dir() else shutil.copy2
        copy(original / name, Path(env["DATA_DIR"]) / name)
    before = files(ROOT)
    with made(env, "run") as (process, until):
        said = until("Serving")
        assert f"Serving http://127.0.0.1:{env['PORT']}" in said
        assert re.search(r"Administrator: quantri   password: (\w{4}-){3}\w{4} ", said)
        status, page = fetched(env, "/")
        assert status == 200 and "TRANG THÔNG TIN ĐIỆN TỬ HUYỆN CÀNG LONG" in page
        style = re.search(r"/static/css/base\.\w{12}\.css", page)[0]
        assert fetched(env, style)[0] == 200
        status, page = fetched(env, "/khong-co/")
        assert status == 404 and "Không tìm thấy trang" in page
        assert fetched(env, "/", "HEAD") == (200, "")
        os.killpg(process.pid, signal.SIGINT)  # what Ctrl-C in a terminal does
        process.wait(PATIENCE)
        assert "WARNING" not in until("Serving")  # neither of readers' mistakes nor of what is as it should be
    stored = files(env["DATA_DIR"])
    with made(env, "run") as (process, until):
        said = until("Serving")
        assert said == f"Serving http://127.0.0.1:{env['PORT']} (Ctrl-C stops)\n"
        os.killpg(process.pid, signal.SIGINT)
        process.wait(PATIENCE)
    assert beside_the_database(files(env["DATA_DIR"])) == beside_the_database(stored)
    written = set(files(ROOT)) - set(before)
    assert written == set()


@needs_make
def test_make_dev_is_styled_without_collecting_anything(env):
    env["SAMPLE"] = "0"
    with made(env, "dev") as (_, until):
        until("Quit the server")
        status, page = fetched(env, "/")
        assert status == 200
        assert fetched(env, re.search(r"/static/css/base\.css", page)[0])[0] == 200
        assert fetched(env, "/khong-co/")[0] == 404
    assert not (Path(env["DATA_DIR"]) / "static").exists()


KILLED = """
import os, re, sys
from django.core.management import execute_from_command_line
from django.db.backends.utils import CursorWrapper

execute = CursorWrapper.execute
def execute_or_die(cursor, statement, values=None):
    return os._exit(9) if re.match(sys.argv[1], f"{statement} {values}") else execute(cursor, statement, values)
CursorWrapper.execute = execute_or_die
execute_from_command_line(["manage.py", "prepare"])
"""


@pytest.mark.parametrize(
    ("moment", "sample", "articles"),
    [("INSERT.*django_migrations.*'news', '0001_initial'", "0", 0), ('INSERT.*"news_edition"', "1", 14), ('INSERT.*"auth_user"', "0", 0)],
)  # fmt: skip
def test_a_first_run_that_was_killed_is_finished_by_the_next(env, moment, sample, articles):
    env |= {"DJANGO_SETTINGS_MODULE": "canglong_portal.settings", "SAMPLE": sample}
    command = [sys.executable, "-c", KILLED, moment]
    assert subprocess.run(command, cwd=ROOT, env=env, stdout=subprocess.DEVNULL, check=False).returncode == 9
    second = prepare(env)
    assert second.returncode == 0, second.stderr
    assert "password: " in second.stdout
    stored = Site("", Path(env["DATA_DIR"]), env).query("SELECT count(*) FROM news_article")
    assert stored == [(articles,)]  # none lost, none twice
    assert prepare(env).stdout == ""


@pytest.mark.parametrize("wish", [{"SAMPLE": "0"}, {"SITE_URL": "http://localhost:8000"}])
def test_no_sample_is_loaded_where_none_is_wanted(env, wish):
    said = prepare(env, **wish).stdout
    assert "Sample" not in said and "password: " in said
    assert (Path(env["DATA_DIR"]) / "media").is_dir()  # or a backup would miss it


@pytest.mark.django_db
def test_a_start_forgets_the_log_ins_that_have_expired_and_no_other(settings):
    settings.PORT = free_port()
    User.objects.create_superuser("quantri", password="x")
    for key, days in (("xua", -1), ("nay", 1)):
        Session.objects.create(session_key=key, expire_date=timezone.now() + timedelta(days))
    call_command("prepare")
    assert [session.session_key for session in Session.objects.all()] == ["nay"]


def test_static_files_are_collected_when_they_changed_or_were_not_collected_whole(settings, tmp_path, monkeypatch):
    settings.DATA_DIR, settings.COLLECTED = tmp_path, False
    collected = []
    monkeypatch.setattr("news.management.commands.prepare.call_command", lambda *args, **more: collected.append(args))
    command = Command(stdout=StringIO())
    command.collect_static()
    assert len(collected) == 1
    command.collect_static()  # the manifest is not there
    assert len(collected) == 2
    settings.COLLECTED = True
    command.collect_static()
    assert len(collected) == 2
    (tmp_path / "static.sha256").write_text("of other files")
    command.collect_static()
    assert len(collected) == 3


def test_static_files_whose_collecting_was_cut_off_are_collected_from_the_beginning(settings, tmp_path, monkeypatch):
    settings.DATA_DIR, settings.STATIC_ROOT, settings.COLLECTED = tmp_path, tmp_path / "static", True
    settings.MANIFEST = settings.STATIC_ROOT / "staticfiles.json"
    settings.STATIC_ROOT.mkdir()
    cleared, disk_is_full = [], [True, False, True, False]

    def collect(*args, clear, **more):
        cleared.append(clear)
        assert not clear or not settings.MANIFEST.exists()
        settings.MANIFEST.write_text("{")
        if disk_is_full.pop(0):
            raise OSError(28, "No space left on device")

    monkeypatch.setattr("news.management.commands.prepare.call_command", collect)
    command, collected = Command(stdout=StringIO()), tmp_path / "static.sha256"
    for is_full in list(disk_is_full):
        with pytest.raises(OSError, match="No space") if is_full else nullcontext():
            command.collect_static()
        assert collected.exists() != is_full
        if not is_full:
            collected.write_text("of other files")
    assert cleared == [True, True, False, True]


def test_a_static_file_that_changed_but_kept_its_date_is_noticed_and_other_packages_are(settings, tmp_path):
    settings.BASE_DIR = tmp_path
    (tmp_path / "static").mkdir()
    style, packages = tmp_path / "static/a.css", tmp_path / "requirements.txt"
    changes = [
        lambda: (style.write_text("a"), packages.write_text("a")),
        lambda: (style.write_text("b"), os.utime(style, (0, 0))),
        lambda: style.rename(tmp_path / "static/b.css"),
        lambda: packages.write_text("b"),
    ]
    found = [(change(), fingerprint())[1] for change in changes]
    assert len(set(found)) == len(changes) and fingerprint() == found[-1]


def test_what_is_left_out_from_now_on_is_published_anew(monkeypatch):
    first = fingerprint()
    monkeypatch.setattr(PublishedFilesConfig, "ignore_patterns", [*PublishedFilesConfig.ignore_patterns, "x/*"])
    assert fingerprint() != first


def test_a_taken_port_is_said_before_anything_is_done(env):
    with socket.socket() as other:
        other.bind(("127.0.0.1", int(env["PORT"])))
        other.listen()
        done = prepare(env)
    assert done.returncode == 1
    assert done.stderr.startswith(f"CommandError: Port {env['PORT']} cannot be used") and done.stderr.count("\n") == 1
    assert "password: " in prepare(env, SAMPLE="0").stdout


@pytest.mark.django_db
def test_a_database_of_a_newer_version_is_refused_before_anything_is_done(settings):
    settings.PORT = free_port()
    MigrationRecorder(connection).record_applied("news", "9999_of_tomorrow")
    with pytest.raises(CommandError, match=r"made by a newer version of this site \(news\.9999_of_tomorrow\)"):
        call_command("prepare")
    assert not User.objects.exists()


@pytest.mark.parametrize(("encoding", "is_refused"), [("SQL_ASCII", True), ("LATIN1", True), ("UTF8", False)])
def test_a_postgresql_that_keeps_no_vietnamese_is_refused(monkeypatch, encoding, is_refused):
    postgresql = MagicMock(vendor="postgresql")
    postgresql.cursor().__enter__().fetchone.return_value = (encoding,)
    monkeypatch.setattr("news.management.commands.prepare.connection", postgresql)
    with pytest.raises(CommandError, match=f"must be UTF8, and is {encoding}") if is_refused else nullcontext():
        Command().refuse_a_database_of_other_letters()


def test_an_upload_that_the_power_cut_off_is_forgotten_and_one_on_its_way_is_not(settings, tmp_path):
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path / "uploads"
    (tmp_path / "uploads/lost+found").mkdir(parents=True)
    os.utime(tmp_path / "uploads/lost+found", (0, 0))
    for name, hours in (("cut-off", 25), ("on-its-way", 1)):
        (tmp_path / "uploads" / name).touch()
        os.utime(tmp_path / "uploads" / name, (time.time() - hours * 3600,) * 2)
    Command().forget_uploads_cut_off()
    assert {path.name for path in (tmp_path / "uploads").iterdir()} == {"on-its-way", "lost+found"}


@pytest.mark.django_db
@pytest.mark.parametrize("act", ["prepare.Command.make_administrator", "load_sample.Command.handle"])
def test_of_two_first_starts_at_once_one_makes_the_administrator_and_the_sample(settings, monkeypatch, capsys, act):
    settings.PORT, settings.LOAD_SAMPLE = free_port(), act.startswith("load_sample")
    make = Command.make_administrator

    def later(command, **options):
        User.objects.create_superuser("quantri", password="x")
        make(command)  # which fails, as does a sample that is there already

    monkeypatch.setattr(f"news.management.commands.{act}", later)
    call_command("prepare")
    assert capsys.readouterr().out == "" and User.objects.count() == 1


@pytest.mark.parametrize("command", [["changepassword", "quantri"], ["remove_sample"], ["rerender"]])
def test_a_command_that_meets_an_empty_database_asks_whether_it_is_the_sites(env, command):
    done = subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, env=env, capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stderr.startswith("This database is empty: are DATA_DIR") and done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("cause", "is_empty"), [("no such table: auth_user", True), ("database or disk is full", False)]
)
def test_of_an_empty_database_any_other_fault_is_said_as_it_is(env, cause, is_empty):
    fails = f"""
import sys
from unittest import mock
from django.db import OperationalError
import manage
sys.argv = ["manage.py", "migrate"]
with mock.patch("django.core.management.execute_from_command_line", side_effect=OperationalError("{cause}")):
    manage.main()
"""
    done = subprocess.run([sys.executable, "-c", fails], cwd=ROOT, env=env, capture_output=True, text=True)
    assert done.returncode == 1
    assert ("This database is empty" in done.stderr, cause in done.stderr) == (is_empty, not is_empty)


def test_a_database_that_does_not_answer_is_said_in_one_line(env):
    done = prepare(env, DATABASE_URL=f"postgres://portal:bi-mat@127.0.0.1:{free_port()}/portal")
    assert done.returncode == 1
    assert done.stderr.startswith("CommandError: The database cannot be used, see DATABASE_URL: ")
    assert done.stderr.count("\n") == 1 and "bi-mat" not in done.stderr


def environment_of(folder, python):
    """What `make .venv/.installed` says and leaves, in a folder with the Makefile alone and ``python`` for Python."""
    shutil.copy(ROOT / "Makefile", folder)
    if not (folder / "requirements.txt").exists():
        (folder / "requirements.txt").touch()
    (folder / "python").write_text(f"#!/bin/sh\n{python}\n")
    (folder / "python").chmod(0o755)
    command = [MAKE, ".venv/.installed", f"PYTHON={folder}/python"]
    env = environment(folder, 8000, None)
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True)
    return done.returncode, done.stdout, (folder / ".venv/.installed").exists()


@needs_make
@pytest.mark.parametrize(
    ("python", "said"),
    [
        ("exit 127", "Python 3.11 or newer is needed"),
        ('case "$2" in *version_info*) exit 1;; esac', "Python 3.11 or newer is needed"),
        ('case "$2" in *ensurepip*) exit 1;; esac', "Python's venv module is needed"),
    ],
)
def test_what_the_machine_lacks_is_named_in_one_line(tmp_path, python, said):
    code, output, installed = environment_of(tmp_path, python)
    assert code != 0 and not installed
    assert output.startswith(said) and output.count("\n") == 1


@needs_make
def test_an_environment_that_was_not_finished_is_made_anew(tmp_path):
    making = 'echo "$@" >> made; mkdir -p .venv/bin; printf "#!/bin/sh\\nexit {}\\n" > .venv/bin/python; chmod +x .venv/bin/python'
    assert environment_of(tmp_path, making.format(1))[2] is False  # pip was interrupted
    assert environment_of(tmp_path, making.format(0))[2] is True
    assert environment_of(tmp_path, "exit 1")[0] == 0  # there is nothing to do
    assert (tmp_path / "made").read_text().count("-m venv --clear .venv") == 2


@needs_make
@pytest.mark.parametrize(
    "python", [None, "#!/bin/sh\ncase $2 in *pip*) exit 1;; esac\n"], ids=["gone", "another version"]
)
def test_an_environment_whose_python_was_taken_away_is_made_anew(tmp_path, python):
    making = "echo made; mkdir -p .venv/bin; printf '#!/bin/sh\n' > .venv/bin/python; chmod +x .venv/bin/python"
    assert environment_of(tmp_path, making)[0] == 0
    assert "made" not in environment_of(tmp_path, making)[1]
    (tmp_path / ".venv/bin/python").unlink()
    if python:
        (tmp_path / ".venv/bin/python").write_text(python)
        (tmp_path / ".venv/bin/python").chmod(0o755)
    code, output, installed = environment_of(tmp_path, making)
    assert (code, installed) == (0, True) and "made" in output


@needs_make
def test_an_upgrade_leaves_the_environment_of_the_site_that_runs_and_says_that_packages_cannot_be_fetched(tmp_path):
    pip = 'case "$*" in *install*) test ! -e offline;; esac'
    making = f"mkdir .venv .venv/bin; printf '#!/bin/sh\n{pip}\n' > .venv/bin/python; chmod +x .venv/bin/python"
    assert environment_of(tmp_path, making)[0] == 0
    for name in ("offline", "requirements.txt", ".venv/of-the-site"):
        (tmp_path / name).touch()
    os.utime(tmp_path / "requirements.txt", (time.time() + 9, time.time() + 9))
    code, output, _ = environment_of(tmp_path, making)
    assert code != 0 and "is there a network?" in output
    assert (tmp_path / ".venv/of-the-site").exists()
    (tmp_path / "offline").unlink()
    assert environment_of(tmp_path, making)[0] == 0
    assert (tmp_path / ".venv/of-the-site").exists()
