"""A running site behind a real nginx that caches, by the configuration of deploy/nginx."""

import getpass
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPResponse
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.running_site import PATIENCE, ROOT, Site, running
from tests.throwaway_postgres import free_port

NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
CONF = """
user {user};
pid {folder}/nginx.pid;
error_log {folder}/error.log;
daemon off;
events {{ worker_connections 256; }}
http {{
    include /etc/nginx/mime.types;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
    {cache}
    log_format waits '$request_time $upstream_response_time';
    server {{
        listen 127.0.0.1:{port};
        access_log {folder}/access.log portal;
        access_log {folder}/waits.log waits;
        include {site};
    }}
}}
"""

EXPIRED = 2.2  # seconds until nginx, which counts whole ones, takes no copy of a second for fresh

TOO_LONG = "/tim-kiem/?q=" + "x" * 9_000  # an address that nginx itself refuses


@dataclass
class Cached:
    """A site behind nginx. ``url``: nginx's."""

    url: str
    folder: Path
    site: Site

    def asked(self, path, times=0):
        """What the cache did with each request for ``path`` so far: MISS, HIT, EXPIRED, REVALIDATED, or - where it has no part.
        The first ``times`` of them are waited for."""
        until = time.monotonic() + PATIENCE
        while True:
            lines = (self.folder / "access.log").read_text().splitlines()
            found = [
                line.split('" ')[1].split()[1] for line in lines if line.startswith((f'"GET {path} ', f'"GET {path}?'))
            ]
            if len(found) >= times:
                return found
            assert time.monotonic() < until, path
            time.sleep(0.01)

    def waits(self):
        """How many seconds nginx itself kept each request so far: all but what the application took."""
        lines = (self.folder / "waits.log").read_text().split("\n")[:-1]
        return [float(whole) - float(application) for whole, application in map(str.split, lines)]

    def status(self, path):
        """What nginx answers a script, which is nobody, for ``path``, once it has noted that: what it keeps of an answer it has
        kept by then, and not always when its reader has the whole of it."""
        times = len(self.asked(urlsplit(path).path))
        try:
            with urllib.request.urlopen(self.url + path, timeout=30) as answer:
                answer.read()
        except urllib.error.HTTPError as error:
            answer = error
        self.asked(urlsplit(path).path, times + 1)
        return answer.status

    def said(self, request):
        """Status, headers and page that nginx answers to these bytes, which need not be a request at all."""
        return said(self.url, request)

    def figures(self):
        """Today's visits, and how often each page was opened, once all is written."""
        self.site.stop()
        ((visits,),) = self.site.query("SELECT coalesce(sum(visits), 0) FROM visitors_day")
        return [visits, dict(self.site.query("SELECT path, views FROM visitors_page"))]


def said(url, request):
    at = urlsplit(url)
    with socket.create_connection((at.hostname, at.port), timeout=30) as connection:
        connection.sendall(request.replace(b"HOST", at.netloc.encode()))
        answer = HTTPResponse(connection)
        answer.begin()
        return answer.status, answer.headers, answer.read().decode()


def configuration(folder, port, application):
    cache = (ROOT / "deploy/nginx/cache.conf").read_text()
    cache = cache.replace("path /run/portal-cache ", f"path {folder}/cache ").replace("127.0.0.1:8000", application)
    return CONF.format(
        user=getpass.getuser(), folder=folder, port=port, cache=cache, site=ROOT / "deploy/nginx/site.conf"
    )


@contextmanager
def behind_nginx(shared, folder):
    if not NGINX:
        pytest.skip("nginx is missing (Debian: apt install nginx)")
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    env = {"VISITORS_COUNT_BY": "ping", "SITE_URL": url, "TRUSTED_PROXIES": "127.0.0.1"}
    with running(shared, folder, **env) as site:
        (folder / "nginx.conf").write_text(configuration(folder, port, site.url.removeprefix("http://")))
        nginx = subprocess.Popen([NGINX, "-p", folder, "-c", folder / "nginx.conf"])
        until = time.monotonic() + 10
        while not (folder / "nginx.pid").exists():
            assert time.monotonic() < until, (folder / "error.log").read_text()
            time.sleep(0.05)
        yield Cached(url, folder, site)
        nginx.terminate()
        nginx.wait(10)
        assert "exited on signal" not in (folder / "error.log").read_text()
