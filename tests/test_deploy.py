"""What stands in deploy/ is what a server takes."""

import getpass
import re
import shutil
import ssl
import subprocess
import time
from http.client import HTTPConnection, HTTPSConnection

import pytest

from tests.behind_nginx import NGINX
from tests.running_site import ROOT
from tests.throwaway_postgres import free_port

OPENSSL = shutil.which("openssl")
pytestmark = pytest.mark.skipif(
    not (NGINX and OPENSSL), reason="nginx or openssl is missing (Debian: apt install nginx openssl)"
)


@pytest.fixture
def nginx(tmp_path):
    """The command of an nginx with the configuration as it is but for its places, and with Debian's own two logs."""
    for path in (ROOT / "deploy/nginx").glob("*.conf"):
        text = (
            path.read_text().replace("/etc/nginx/portal/", f"{tmp_path}/").replace("/etc/ssl/portal/", f"{tmp_path}/")
        )
        text = text.replace("/var/log/nginx/", f"{tmp_path}/").replace("/run/portal-cache", f"{tmp_path}/cache")
        (tmp_path / path.name).write_text(text)
    certificate = [
        "-keyout",
        tmp_path / "privkey.pem",
        "-out",
        tmp_path / "fullchain.pem",
        "-subj",
        "/CN=example.gov.vn",
    ]
    subprocess.run(
        [OPENSSL, "req", "-x509", "-newkey", "rsa:2048", "-nodes", *certificate], check=True, capture_output=True
    )
    (tmp_path / "nginx.conf").write_text(
        f"user {getpass.getuser()}; daemon off; pid {tmp_path}/pid; error_log {tmp_path}/error.log; events {{}}"
        f" http {{ access_log {tmp_path}/access.log; include {tmp_path}/portal.conf; }}"
    )
    return [NGINX, "-p", tmp_path, "-c", tmp_path / "nginx.conf"]


def test_nginx_takes_the_configuration_as_it_is_but_for_its_places(nginx):
    done = subprocess.run([*nginx, "-t", "-q"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_no_log_of_nginx_says_which_address_read_what_even_while_the_application_is_away(nginx, tmp_path):
    plain, secure, nobody = free_port(), free_port(), free_port()
    portal = re.sub(r"listen \[::\].*", "", (tmp_path / "portal.conf").read_text())
    portal = portal.replace("listen 80", f"listen 127.0.0.1:{plain}").replace(
        "listen 443", f"listen 127.0.0.1:{secure}"
    )
    (tmp_path / "portal.conf").write_text(portal)
    cache = (tmp_path / "cache.conf").read_text()
    (tmp_path / "cache.conf").write_text(cache.replace("127.0.0.1:8000", f"localhost:{nobody}"))
    process = subprocess.Popen(nginx)
    try:
        until = time.monotonic() + 10
        while not (tmp_path / "pid").exists():
            assert time.monotonic() < until, (tmp_path / "error.log").read_text()
            time.sleep(0.05)
        for connection in (
            HTTPConnection("127.0.0.1", plain),
            HTTPSConnection("127.0.0.1", secure, context=ssl._create_unverified_context()),
        ):
            connection.request("GET", "/bai-viet/1-x/")
            connection.getresponse().read()
            connection.close()
    finally:
        process.terminate()  # and all is written
        process.wait(10)
    logs = {path.name: path.read_text() for path in tmp_path.glob("*.log")}
    assert '"GET /bai-viet/1-x/ HTTP/1.1" 502' in logs["portal.log"]
    assert [name for name, text in logs.items() if "127.0.0.1" in text] == []
