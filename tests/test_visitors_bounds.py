"""Whatever arrives, a process takes no more than 16 MB for it: a new agent, address, path, host, cookie, method with every request.

``STRANGE_REQUESTS`` says how many (``make bench-visitors`` sends a million).
"""

import os
import subprocess
import sys

import pytest

from tests.running_site import ROOT, environment

pytestmark = pytest.mark.computing
REQUESTS = int(os.environ.get("STRANGE_REQUESTS", 12_000))
MOST = 16 * 2**20
FLOOD = """
import logging, os, resource, sys, django
django.setup()
from django.conf import settings
from django.core.handlers.wsgi import WSGIRequest
from django.core.management import call_command
from django.db import OperationalError
from django.http import HttpResponse
from django.test import RequestFactory
from visitors import clock, ping, store
from visitors.middleware import VisitorMiddleware
from visitors.timer import timer

count_by, database, number = sys.argv[1], sys.argv[2], int(sys.argv[3])
settings.VISITORS_COUNT_BY, settings.VISITORS_FLUSH_SECONDS = count_by, None
logging.disable()

def view(request):
    timer.tally.show(clock.now(), getattr(request, "visitor_hit", None))
    timer.tally.views(request.path_info)
    return HttpResponse()

def strange(n):
    long = "x" * 470
    environ = {**blank, "HTTP_USER_AGENT": f"Mozilla/5.0 (X11; {n}) {long}", "PATH_INFO": f"/{n}/" + long[:180],
        "HTTP_HOST": "127.0.0.1", "REMOTE_ADDR": f"2001:db8:{n >> 16:x}:{n & 65535:x}::{n:x}"}
    if n % 2 and count_by == "ping":
        path, query = ping.address_of(environ["PATH_INFO"]).split("?")
        environ |= {"PATH_INFO": path, "QUERY_STRING": query}
    for every, rubbish in [
        (5, {"HTTP_COOKIE": f"a{n}={long}; b{n}={long}"}), (7, {"HTTP_HOST": f"{n}.{long}"}), (11, {"REQUEST_METHOD": f"M{n}"}),
        (13, {"REMOTE_ADDR": "", "HTTP_X_REAL_IP": f"{n}, {long}"}), (17, {"REMOTE_ADDR": "", "HTTP_X_REAL_IP": f"10.0.0.{n}"}),
        (19, {"REMOTE_ADDR": f"fe80::{n & 65535:x}%{n}"}), (23, {"HTTP_SEC_FETCH_DEST": f"{n}", "HTTP_SEC_FETCH_SITE": f"{n}"}),
        (29, {"QUERY_STRING": f"trang={n}&khoa={long}"}), (31, {"HTTP_USER_AGENT": f"{n}" + 16 * long}),
    ]:
        environ |= rubbish if n % every == 0 else {}
    return WSGIRequest(environ)

def down(*args):
    raise OperationalError("down")

def take_down():
    for name in ["apply", "views_of", "salts", "kept_salts", "begin_day", "read_figures", "recently_seen"]:
        setattr(store, name, down)

def memory():
    with open("/proc/self/statm") as sizes:
        return int(sizes.read().split()[1]) * resource.getpagesize()

blank = RequestFactory().get("/").environ
site = VisitorMiddleware(view)
if database != "down":
    call_command("migrate", "visitors", verbosity=0)
    timer.flush()
if database != "up":
    take_down()
for n in range(1, 100):
    site(strange(-n))
timer.flush()
before = memory()
for n in range(1, number + 1):
    site(strange(n))
    if n % 3000 == 0:
        timer.flush()
print(memory() - before)
"""


@pytest.mark.skipif(
    not os.path.exists("/proc/self/statm"), reason="/proc is missing: how much memory a process takes cannot be read"
)
@pytest.mark.parametrize(("count_by", "database"), [("page", "up"), ("ping", "up"), ("page", "lost"), ("page", "down")])
def test_whatever_arrives_a_process_takes_16_megabytes_for_it(tmp_path, count_by, database):
    env = {**environment(tmp_path, 8000, None), "DJANGO_SETTINGS_MODULE": "canglong_portal.settings"}
    command = [sys.executable, "-c", FLOOD, count_by, database, str(REQUESTS)]
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    print(f"{int(done.stdout) / 2**20:.1f} MB for {REQUESTS} requests, by {count_by}, the database {database}")
    assert int(done.stdout) <= MOST
