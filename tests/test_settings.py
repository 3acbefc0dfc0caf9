"""The settings are safe when nothing is set, and say which variable is wrong before anything starts."""

import os
import runpy
import subprocess
import sys
from datetime import datetime
from multiprocessing import Pool

import pytest
from django import forms
from django.core.exceptions import ImproperlyConfigured
from django.utils import formats

from tests.running_site import ROOT

KEY = "k3y-" * 20 + "abcdef"
OURS = [
    "SITE_URL",
    "PORT",
    "DATABASE_URL",
    "SECRET_KEY",
    "DEBUG",
    "TRUSTED_PROXIES",
    "VISITORS_COUNT_BY",
    "VISITORS_PER_ADDRESS",
    "SAMPLE",
]


@pytest.fixture
def read(tmp_path, monkeypatch):
    """The settings as they are read with the variables given and no other."""

    def reader(**variables):
        for name in OURS:
            monkeypatch.delenv(name, raising=False)
        for name, value in {"DATA_DIR": str(tmp_path / "var"), **variables}.items():
            monkeypatch.setenv(name, value)
        return runpy.run_path(str(ROOT / "canglong_portal/settings.py"))

    return reader


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
    assert secret.stat().st_mode & 0o777 == 0o600


def test_an_https_address_brings_everything_that_https_needs(read):
    settings = read(SITE_URL="https://canglong.example.gov.vn", SECRET_KEY=KEY)
    assert settings["ALLOWED_HOSTS"] == ["canglong.example.gov.vn"]
    assert settings["SESSION_COOKIE_NAME"] == "__Host-sessionid"
    assert settings["CSRF_COOKIE_NAME"] == "__Host-csrftoken"
    assert settings["SESSION_COOKIE_SECURE"] and settings["CSRF_COOKIE_SECURE"] and settings["SECURE_SSL_REDIRECT"]
    assert settings["SECURE_HSTS_SECONDS"] >= 365 * 24 * 3600
    assert settings["LOAD_SAMPLE"] is False


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SITE_URL", "http://canglong.example.gov.vn"),
        ("SITE_URL", "canglong.example.gov.vn"),
        ("SITE_URL", "https://canglong.example.gov.vn/tin"),
        ("SITE_URL", "https://[::1"),
        ("SITE_URL", "ftp://127.0.0.1"),
        ("PORT", "abc"),
        ("PORT", "70000"),
        ("PORT", "-1"),
        ("DATABASE_URL", "mysql://a@b/c"),
        ("DATABASE_URL", "rubbish"),
        ("DATABASE_URL", "postgres://"),
        ("SECRET_KEY", "short"),
        ("DEBUG", "yes"),
        ("SAMPLE", "no"),
        ("TRUSTED_PROXIES", "10.0.0.1, nginx"),
        ("VISITORS_COUNT_BY", "cookie"),
        ("VISITORS_PER_ADDRESS", "many"),
        ("DATA_DIR", "/proc/none"),
    ],
)
def test_a_wrong_setting_is_refused_by_its_name(read, name, value):
    with pytest.raises(ImproperlyConfigured, match=f"^{name}.*must be"):
        read(**{name: value})


def test_https_without_a_secret_is_refused(read):
    with pytest.raises(ImproperlyConfigured, match=r"^SECRET_KEY: must be set"):
        read(SITE_URL="https://canglong.example.gov.vn")


def test_debug_on_a_public_address_is_refused(read):
    with pytest.raises(ImproperlyConfigured, match=r"^DEBUG=1"):
        read(SITE_URL="https://canglong.example.gov.vn", SECRET_KEY=KEY, DEBUG="1")


def test_the_command_line_says_it_in_one_line_and_no_traceback():
    done = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=ROOT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "canglong_portal.settings", "PORT": "abc"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert done.stderr.startswith("The site cannot start. PORT='abc'") and done.stderr.count("\n") == 1


def secret_of(folder):
    os.environ["DATA_DIR"] = folder
    return runpy.run_path(str(ROOT / "canglong_portal/settings.py"))["SECRET_KEY"]


def test_processes_that_start_together_share_one_secret(tmp_path, monkeypatch):
    for name in OURS:
        monkeypatch.delenv(name, raising=False)
    with Pool(8) as pool:
        assert len(set(pool.map(secret_of, [str(tmp_path)] * 8))) == 1


def test_a_date_typed_the_vietnamese_way_is_read_so_and_shown_so():
    field = forms.SplitDateTimeField(localize=True)
    march = field.clean(["05/03/2025", "07:00"])
    assert (march.day, march.month) == (5, 3)
    assert formats.date_format(march, "SHORT_DATETIME_FORMAT") == "05/03/2025 07:00"
    assert formats.date_format(datetime(2024, 4, 17), "l") == "Thứ tư"
