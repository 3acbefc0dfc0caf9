"""What systemd starts after every boot (deploy/systemd/)."""

import re
import secrets
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from tests.running_site import PATIENCE, ROOT, new_database
from tests.throwaway_postgres import free_port

ANALYZE = shutil.which("systemd-analyze")
UNIT = ROOT / "deploy/systemd/canglong-portal.service"


@pytest.fixture
def unit(tmp_path):
    """The unit as it is but for the place of the code."""
    text = UNIT.read_text().replace("/srv/canglong_portal/.venv/bin", str(Path(sys.executable).parent))
    placed = tmp_path / UNIT.name
    placed.write_text(text.replace("/srv/canglong_portal", str(ROOT)))
    return placed


def said(unit, name):
    return re.search(rf"^{name}=(.+)$", unit.read_text(), re.MULTILINE)[1]


@pytest.mark.skipif(not ANALYZE, reason="systemd-analyze is missing (Debian: apt install systemd)")
def test_systemd_takes_the_unit_and_finds_it_well_contained(unit):
    done = subprocess.run([ANALYZE, "verify", unit], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    exposure = [
        ANALYZE,
        "security",
        "--offline=true",
        "--threshold=20",
        unit,
    ]  # in tenths; above 40 it would be called medium
    done = subprocess.run(exposure, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_what_the_unit_starts_says_that_it_is_ready_serves_and_ends_by_a_word(unit, tmp_path):
    """With the settings that the unit's head names, and with nothing else of this test's surroundings."""
    settings = dict(re.findall(r"\b([A-Z_]+)=([^,\s]+?)[.,]?(?=\s|$)", UNIT.read_text().split("[Unit]")[0]))
    assert set(settings) == {"DATA_DIR", "SITE_URL", "SECRET_KEY", "TRUSTED_PROXIES", "VISITORS_COUNT_BY"}
    port, database = free_port(), new_database()
    env = {**settings, "DATA_DIR": str(tmp_path), "SECRET_KEY": secrets.token_urlsafe(60), "PORT": str(port)}
    if database:
        env["DATABASE_URL"] = database
    before = subprocess.run(shlex.split(said(unit, "ExecStartPre")), cwd=ROOT, env=env, capture_output=True, text=True)
    assert before.returncode == 0 and "password:" in before.stdout, before.stderr
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(str(tmp_path / "notify"))
        systemd.settimeout(PATIENCE)
        env["NOTIFY_SOCKET"] = str(tmp_path / "notify")
        process = subprocess.Popen(shlex.split(said(unit, "ExecStart")), cwd=ROOT, env=env, stderr=subprocess.PIPE)
        try:
            assert said(unit, "Type") == "notify" and b"READY=1" in systemd.recv(1000)
            asked = urllib.request.Request(f"http://127.0.0.1:{port}/readyz", headers={"Host": "example.gov.vn"})
            assert urllib.request.urlopen(asked, timeout=PATIENCE).status == 200
        finally:
            process.send_signal(signal.SIGTERM)
            complaints = process.communicate(timeout=int(said(unit, "TimeoutStopSec")))[1]
    assert (process.returncode, complaints) == (0, b"")
