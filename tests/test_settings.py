"""The settings are safe when nothing is set, and say which variable is wrong before anything starts."""

import os
import re
import runpy
import subprocess
import sys
from datetime import datetime
from multiprocessing import Pool
from pathlib import Path

import pytest
from django import forms
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from django.utils import formats

from tests import VARIABLES, desk
from tests.running_site import ROOT

KEY = "k3y-" * 20 + "abcdef"
HOST = "canglong.example.gov.vn"
OF_HEADERS_AND_COOKIES = ("ALLOWED_HOSTS", "CSRF_", "MESSAGE_", "SECURE_", "SESSION_")


@pytest.fixture
def read(tmp_path, monkeypatch):
    """The settings as they are read with the variables given and no other."""

    def reader(**variables):
        for name in VARIABLES:
            monkeypatch.delenv(name, raising=False)
        for name, value in {"DATA_DIR": str(tmp_path / "var"), **variables}.items():
            monkeypatch.setenv(name, value)
        return runpy.run_path(str(ROOT / "canglong_portal/settings.py"))

    return reader


@pytest.fixture
def over_https(read, settings):
    """A client of the site under an https address, as its web server hands requests on."""
    for name, value in read(SITE_URL=f"https://{HOST}", SECRET_KEY=KEY).items():
        if name.startswith(OF_HEADERS_AND_COOKIES):
            setattr(settings, name, value)
    return Client(headers={"Host": HOST, "X-Forwarded-Proto": "https"})


def test_a_file_in_the_place_of_the_folder_of_uploads_is_said_of_the_variable(read, tmp_path):
    (tmp_path / "uploads").write_text("")
    with pytest.raises(ImproperlyConfigured, match=r"DATA_DIR=.*uploads"):
        read(DATA_DIR=str(tmp_path))


def test_the_table_of_the_readme_is_every_variable_that_is_read():
    source = (ROOT / "canglong_portal/settings.py").read_text()
    read = set(re.findall(r'(?:os\.environ\.get|read_\w+)\("(\w+)"', source))
    told = re.findall(r"^\| `(\w+)` \|", (ROOT / "README.md").read_text(), re.M)
    assert set(told) == read == {*VARIABLES}


def test_with_nothing_set_the_site_is_on_loopback_with_sqlite_and_a_secret_of_its_own(read, tmp_path):
    settings = read()
    assert settings["SITE_URL"] == "http://127.0.0.1:8000"
    assert settings["ALLOWED_HOSTS"] == ["127.0.0.1", "localhost", "[::1]"]
    assert settings["DEBUG"] is False
    assert settings["DATABASES"]["default"]["NAME"] == str(tmp_path / "var/portal.sqlite3")
    assert settings["DATABASES"]["default"]["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert "SESSION_COOKIE_SECURE" not in settings
    secret = tmp_path / "var/secret_key"
    assert settings["SECRET_KEY"] == secret.read_text() == read()["SECRET_KEY"]
    for private in (secret, tmp_path / "var/portal.sqlite3"):
        assert private.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("held", ["", "\n", "abc"])
def test_a_kept_secret_that_is_no_whole_one_is_named(read, tmp_path, held):
    read()
    (tmp_path / "var/secret_key").write_text(held)
    with pytest.raises(ImproperlyConfigured, match=r"^SECRET_KEY: .*/secret_key holds no whole key\. Remove it"):
        read()
    assert (tmp_path / "var/secret_key").read_text() == held


@pytest.mark.parametrize("name", ["", "uploads", "media", "media/anh", "static"])
def test_a_folder_of_another_user_is_named_before_anything_starts(read, tmp_path, monkeypatch, name):
    taken = tmp_path / "var" / name
    taken.mkdir(parents=True)
    access = os.access
    monkeypatch.setattr(
        os, "access", lambda path, mode: Path(path) != taken and access(path, mode)
    )  # root may write anywhere
    with pytest.raises(ImproperlyConfigured, match=f"^DATA_DIR=.*{re.escape(str(taken))} is another user's"):
        read()


def test_static_files_whose_list_is_empty_are_not_taken_for_collected(read, tmp_path):
    manifest = tmp_path / "var/static/staticfiles.json"
    manifest.parent.mkdir(parents=True)
    manifest.touch()
    assert not read()["COLLECTED"]
    manifest.write_text("{}")
    assert read()["COLLECTED"]


def test_an_https_address_brings_everything_that_https_needs(read):
    settings = read(SITE_URL="https://canglong.example.gov.vn", SECRET_KEY=KEY)
    assert settings["ALLOWED_HOSTS"] == ["canglong.example.gov.vn"]
    assert settings["SESSION_COOKIE_NAME"] == "__Host-sessionid"
    assert settings["CSRF_COOKIE_NAME"] == "__Host-csrftoken"
    assert settings["SESSION_COOKIE_SECURE"] and settings["CSRF_COOKIE_SECURE"] and settings["SECURE_SSL_REDIRECT"]
    assert settings["SECURE_HSTS_SECONDS"] >= 365 * 24 * 3600
    assert settings["LOAD_SAMPLE"] is False


@pytest.mark.django_db
def test_every_cookie_of_the_desk_is_for_https_to_this_host_alone_and_out_of_the_reach_of_scripts(over_https):
    desk.make_user("hieu")
    answers = [
        over_https.get("/admin/login/"),
        over_https.post("/admin/login/", {"username": "hieu", "password": "x"}),
        desk.send(over_https, "/admin/news/category/add/", name="Nông thôn mới"),
        over_https.get("/admin/news/category/"),
    ]
    assert [answer.status_code for answer in answers] == [200, 302, 302, 200]
    assert len(answers[-1].context["messages"]) == 1, "nobody is told that it was saved"
    cookies = [cookie for answer in answers for cookie in answer.cookies.values()]
    assert {cookie.key for cookie in cookies} == {"__Host-sessionid", "__Host-csrftoken"}
    for cookie in cookies:
        kept = [cookie[flag] for flag in ("secure", "httponly", "samesite", "path", "domain")]
        assert kept == [True, True, "Lax", "/", ""], cookie.key


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/admin/login/", "/khong-co/"])
def test_no_page_is_shown_in_the_frame_of_another(over_https, path):
    assert over_https.get(path).headers["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize(
    ("url", "known_as", "host"),
    [
        ("https://CangLong.example.gov.vn/", "https://canglong.example.gov.vn", "canglong.example.gov.vn"),
        ("https://canglong.example.gov.vn:8443", "https://canglong.example.gov.vn:8443", "canglong.example.gov.vn"),
        ("https://xn--cng-long-n1a.vn", "https://xn--cng-long-n1a.vn", "xn--cng-long-n1a.vn"),
        ("https://[2001:db8::1]", "https://[2001:db8::1]", "[2001:db8::1]"),
    ],
)
def test_the_site_answers_to_the_host_of_its_address(read, url, known_as, host):
    settings = read(SITE_URL=url, SECRET_KEY=KEY)
    assert (settings["SITE_URL"], settings["ALLOWED_HOSTS"]) == (known_as, [host])
    assert settings["VISITORS_HOSTS"] == [host.strip("[]")]


POSTGRESQL_OPTIONS = {
    "connect_timeout": 10, "tcp_user_timeout": 30_000, "options": "-c lock_timeout=20s -c statement_timeout=60s -c jit=off ",
}  # fmt: skip


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("postgres://u:p%23x%40y%2F@db:5433/n", {"HOST": "db", "PORT": 5433, "NAME": "n", "PASSWORD": "p#x@y/"}),
        ("postgresql://u@h/n?sslmode=require", {"HOST": "h", "NAME": "n"}),
        ("postgres:///n", {"HOST": "", "NAME": "n"}),
    ],
)
def test_a_database_is_where_its_url_says(read, url, expected):
    database = read(DATABASE_URL=url)["DATABASES"]["default"]
    assert {name: database[name] for name in expected} == expected


def test_no_statement_waits_for_ever_for_postgresql_unless_its_url_says_so(read):
    options = read(DATABASE_URL="postgres://u@h/n?sslmode=require")["DATABASES"]["default"]["OPTIONS"]
    assert options == {"sslmode": "require"} | POSTGRESQL_OPTIONS
    slow = read(DATABASE_URL="postgres://u@h/n?options=-c%20lock_timeout%3D1h")["DATABASES"]["default"]["OPTIONS"]
    assert slow["options"] == POSTGRESQL_OPTIONS["options"] + "-c lock_timeout=1h"


def test_sqlite_is_opened_for_writers_that_wait_wherever_its_file_is(read, tmp_path):
    elsewhere = read(DATABASE_URL=f"sqlite:///{tmp_path}/x.sqlite3")["DATABASES"]["default"]
    assert elsewhere["NAME"] == f"{tmp_path}/x.sqlite3"
    assert elsewhere["OPTIONS"] == read()["DATABASES"]["default"]["OPTIONS"]


@pytest.mark.parametrize("name", ["a b", "50% #1", "a?b", "a%20b", "Càng Long"])
def test_a_folder_may_be_called_anything(read, tmp_path, name):
    settings = read(DATA_DIR=str(tmp_path / name))
    assert settings["DATABASES"]["default"]["NAME"] == str(tmp_path / name / "portal.sqlite3")
    assert sorted(path.name for path in (tmp_path / name).iterdir()) == ["portal.sqlite3", "secret_key", "uploads"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SITE_URL", "http://canglong.example.gov.vn"),
        ("SITE_URL", "canglong.example.gov.vn"),
        ("SITE_URL", "https://canglong.example.gov.vn/tin"),
        ("SITE_URL", "https://[::1"),
        ("SITE_URL", "ftp://127.0.0.1"),
        ("SITE_URL", "https://canglong.example.gov.vn SECRET_KEY=x"),
        ("SITE_URL", "https://càng-long.vn"),
        ("SITE_URL", "https://canglong_.vn"),
        ("SITE_URL", "https://a.vn,b.vn"),
        ("SITE_URL", "https://user@a.vn"),
        ("SITE_URL", "https://a.vn:70000"),
        ("SITE_URL", "https://a.vn:0443"),
        ("SITE_URL", "https://-a.vn"),
        ("SITE_URL", "https://a-.vn"),
        ("SITE_URL", "https://[:]"),
        ("SITE_URL", "https://a.vn\n"),
        ("SITE_URL", "https://"),
        ("SITE_URL", "http://127.0.0.1.evil.example"),
        ("PORT", "abc"),
        ("PORT", "70000"),
        ("PORT", "-1"),
        ("PORT", "0"),
        ("PORT", "８０"),
        ("DATABASE_URL", "mysql://a@b/c"),
        ("DATABASE_URL", "rubbish"),
        ("DATABASE_URL", "postgres://"),
        ("DATABASE_URL", "postgres://u:p@h:99999/n"),
        ("DATABASE_URL", "postgres://u:p@h:port/n"),
        ("DATABASE_URL", "sqlite://"),
        ("DATABASE_URL", "sqlite://:memory:"),
        ("DATABASE_URL", "sqlite:////"),
        ("DATABASE_URL", "sqlite:////tmp/x.sqlite3?timeout=3"),
        ("DATABASE_URL", "sqlite:////proc/none/x.sqlite3"),
        ("SECRET_KEY", "short"),
        ("SECRET_KEY", "a" * 60),
        ("DEBUG", "yes"),
        ("SAMPLE", "no"),
        ("TRUSTED_PROXIES", "10.0.0.1, nginx"),
        ("VISITORS_COUNT_BY", "cookie"),
        ("VISITORS_PER_ADDRESS", "many"),
        ("VISITORS_PER_ADDRESS", "0"),
        ("DATA_DIR", "/proc/none"),
        ("DATA_DIR", "/etc/passwd"),
        ("DATA_DIR", "/etc/passwd/var"),
        ("DATA_DIR", "~no-such-user/var"),
    ],
)
def test_a_wrong_setting_is_refused_by_its_name_and_quietly(read, name, value, recwarn):
    with pytest.raises(ImproperlyConfigured, match=f"^{name}.*must be"):
        read(**{name: value})
    assert not recwarn.list


def test_a_password_is_not_said_aloud(read):
    with pytest.raises(ImproperlyConfigured) as refused:
        read(DATABASE_URL="postgres://portal:bi-mat@db:port/n")
    assert "bi-mat" not in str(refused.value)


def test_https_without_a_secret_is_refused(read):
    with pytest.raises(ImproperlyConfigured, match=r"^SECRET_KEY: .*is required with an https SITE_URL"):
        read(SITE_URL="https://canglong.example.gov.vn")


def test_debug_on_a_public_address_is_refused(read):
    with pytest.raises(ImproperlyConfigured, match=r"^DEBUG=1"):
        read(SITE_URL="https://canglong.example.gov.vn", SECRET_KEY=KEY, DEBUG="1")


@pytest.mark.parametrize(
    "command",
    [
        ["manage.py", "check"],
        ["-m", "gunicorn", "-c", "deploy/gunicorn.conf.py", "canglong_portal.wsgi"],
    ],
    ids=["manage.py", "gunicorn"],
)
def test_a_start_says_it_in_one_line_and_no_traceback(command):
    done = subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "canglong_portal.settings", "SAMPLE": "no"},
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert done.returncode == 1
    assert done.stderr.strip() == "The site cannot start. SAMPLE='no': must be one of: 0, 1."


def test_a_python_without_django_is_told_what_to_do():
    done = subprocess.run([sys.executable, "-I", "-S", "manage.py", "check"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stderr.startswith("Django is not installed for") and done.stderr.count("\n") == 1


def secret_of(folder):
    os.environ["DATA_DIR"] = folder
    return runpy.run_path(str(ROOT / "canglong_portal/settings.py"))["SECRET_KEY"]


def test_processes_that_start_together_share_one_secret(tmp_path, monkeypatch):
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    with Pool(8) as pool:
        assert len(set(pool.map(secret_of, [str(tmp_path)] * 8))) == 1


def test_a_date_typed_the_vietnamese_way_is_read_so_and_shown_so():
    field = forms.SplitDateTimeField(localize=True)
    march = field.clean(["05/03/2025", "07:00"])
    assert (march.day, march.month) == (5, 3)
    assert formats.date_format(march, "SHORT_DATETIME_FORMAT") == "05/03/2025 07:00"
    assert formats.date_format(datetime(2024, 4, 17), "l") == "Thứ tư"
