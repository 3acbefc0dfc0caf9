"""What stands in deploy/ is what a server takes."""

import getpass
import re
import shutil
import socket
import ssl
import subprocess
import time
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPSConnection

import pytest

from news.views.errors import SENTENCES
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


@contextmanager
def serving(nginx, tmp_path, application):
    """nginx on two free ports, one of them with TLS, before an application on the port ``application``."""
    plain, secure = free_port(), free_port()
    portal = re.sub(r"listen \[::\].*", "", (tmp_path / "portal.conf").read_text())
    portal = portal.replace("listen 80", f"listen 127.0.0.1:{plain}").replace(
        "listen 443", f"listen 127.0.0.1:{secure}"
    )
    (tmp_path / "portal.conf").write_text(portal)
    cache = (tmp_path / "cache.conf").read_text()
    (tmp_path / "cache.conf").write_text(cache.replace("127.0.0.1:8000", f"localhost:{application}"))
    process = subprocess.Popen(nginx)
    try:
        until = time.monotonic() + 10
        while not (tmp_path / "pid").exists():
            assert time.monotonic() < until, (tmp_path / "error.log").read_text()
            time.sleep(0.05)
        yield plain, secure
    finally:
        process.terminate()  # and all is written
        process.wait(10)


def opened(connection):
    connection.request("GET", "/bai-viet/1-x/")
    answer = connection.getresponse()
    page = answer.read().decode()
    connection.close()
    return answer.status, page


def securely(port):
    return HTTPSConnection("127.0.0.1", port, context=ssl._create_unverified_context())


def test_no_log_of_nginx_says_which_address_read_what_even_while_the_application_is_away(nginx, tmp_path):
    with serving(nginx, tmp_path, free_port()) as (plain, secure):
        opened(HTTPConnection("127.0.0.1", plain))
        opened(securely(secure))
    logs = {path.name: path.read_text() for path in tmp_path.glob("*.log")}
    assert '"GET /bai-viet/1-x/ HTTP/1.1" 502' in logs["portal.log"]
    assert [name for name, text in logs.items() if "127.0.0.1" in text] == []


def test_a_reader_for_whom_the_application_takes_too_long_is_told_so_in_vietnamese(nginx, tmp_path):
    site = (tmp_path / "site.conf").read_text()
    (tmp_path / "site.conf").write_text(site.replace("proxy_pass ", "proxy_read_timeout 1s; proxy_pass "))
    with (
        socket.create_server(("127.0.0.1", 0)) as silent,
        serving(nginx, tmp_path, silent.getsockname()[1]) as (_, secure),
    ):
        status, page = opened(securely(secure))
    assert status == 504
    assert "Trang chưa mở được. Xin thử tải lại sau ít phút." in page


@pytest.mark.browser
def test_a_browser_that_sends_too_much_shows_the_limit(nginx, tmp_path, browser):
    with (tmp_path / "large.jpg").open("wb") as large:
        large.truncate(40 * 1024 * 1024)
    with serving(nginx, tmp_path, free_port()) as (_, secure):
        page = browser.new_context(ignore_https_errors=True).new_page()
        page.set_content(
            f'<form action="https://127.0.0.1:{secure}/" method="post" enctype="multipart/form-data">'
            '<input type="file" name="upload"><button>Lưu</button></form>'
        )
        page.set_input_files("input", tmp_path / "large.jpg")
        page.click("button")
        page.get_by_text(SENTENCES[413][1]).wait_for()
        assert page.evaluate("performance.getEntriesByType('navigation')[0].nextHopProtocol") == "h2"
        page.context.close()
