"""``python -m benchmarks.serving ROUNDS SECONDS``: pages a second of one process, through Django's whole WSGI handler, with a page
that does nothing: without a counter, with this one, and with one that writes with every request."""

import json
import os
import statistics
import sys
import time

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
django.setup()

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.core.management import call_command
from django.db import connection
from django.test import RequestFactory
from django.urls import path

from benchmarks.costs import READER, page_with_figures
from visitors.timer import timer

READERS = 500
TABLE = "CREATE TABLE IF NOT EXISTS bench_visitors (visitor varchar(200) PRIMARY KEY, hits bigint NOT NULL)"
WRITE = """INSERT INTO bench_visitors (visitor, hits) VALUES (%s, 1)
ON CONFLICT (visitor) DO UPDATE SET hits = bench_visitors.hits + 1"""
urlpatterns = [path("", page_with_figures)]


class WriteEachRequest:
    """What counters commonly do."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        with connection.cursor() as cursor:
            cursor.execute(WRITE, [request.META["REMOTE_ADDR"] + request.META["HTTP_USER_AGENT"][:100]])
        return response


MIDDLEWARE = {
    "without a counter": [],
    "with this one": ["visitors.middleware.VisitorMiddleware"],
    "with one that writes each request": ["benchmarks.serving.WriteEachRequest"],
}


def handler_of(middleware):
    settings.MIDDLEWARE = middleware
    return WSGIHandler()


def pages_a_second(handler, seconds):
    blank = {name: value for name, value in RequestFactory().get("/").environ.items() if name != "HTTP_COOKIE"}
    served, until = 0, time.perf_counter() + seconds
    while time.perf_counter() < until:
        for _ in range(50):
            served += 1
            address = f"10.0.{served % READERS // 250}.{served % 250}"
            b"".join(handler({**blank, **READER, "REMOTE_ADDR": address}, lambda status, headers: None))
    return served / seconds


def main(rounds, seconds):
    """The three in turn, again and again; the median of each. This one's rounds, each second, are part of what is measured."""
    call_command("migrate", "visitors", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute(TABLE)
    settings.ROOT_URLCONF, settings.VISITORS_COUNT_BY, settings.VISITORS_FLUSH_SECONDS = __name__, "page", 1
    handlers = {name: handler_of(middleware) for name, middleware in MIDDLEWARE.items()}
    rates = {name: [] for name in handlers}
    for _ in range(rounds):
        for name, handler in handlers.items():
            rates[name].append(pages_a_second(handler, seconds))
    timer.end()
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE bench_visitors")
    print(json.dumps({name: statistics.median(found) for name, found in rates.items()}))


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]))
