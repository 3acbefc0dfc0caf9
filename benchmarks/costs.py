"""``python -m benchmarks.costs page|ping ROUNDS``: what the middleware adds to a page and to a ping, in microseconds of process
time: with it less without it, the one after the other in each round."""

import json
import os
import statistics
import sys
import time

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
django.setup()

from django.conf import settings
from django.core.handlers.wsgi import WSGIRequest
from django.core.management import call_command
from django.http import HttpResponse
from django.test import RequestFactory

from visitors import clock, ping
from visitors.middleware import CacheablePageMiddleware, VisitorMiddleware
from visitors.timer import timer

REQUESTS = 1000  # a round
READER = {
    "HTTP_USER_AGENT": "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0 Safari/537.36",
    "HTTP_HOST": "127.0.0.1",
    "HTTP_ACCEPT": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "HTTP_ACCEPT_ENCODING": "gzip, deflate, br",
    "HTTP_ACCEPT_LANGUAGE": "vi-VN,vi;q=0.9",
    "HTTP_SEC_FETCH_DEST": "document",
    "HTTP_SEC_FETCH_MODE": "navigate",
    "HTTP_SEC_FETCH_SITE": "same-origin",
    "REMOTE_ADDR": "203.0.113.9",
}


def page(request):
    return HttpResponse("<!doctype html>")


def page_with_figures(request):
    timer.tally.show(clock.now(), getattr(request, "visitor_hit", None))
    return HttpResponse("<!doctype html>")


def nothing(request):
    return None


def seconds(answer, environs):
    began = time.process_time()
    for environ in environs:
        answer(WSGIRequest({**environ}))
    return time.process_time() - began


def new_readers(environ):
    new_readers.count += REQUESTS
    for number in range(new_readers.count, new_readers.count + REQUESTS):
        yield environ | {"REMOTE_ADDR": f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}"}


new_readers.count = 0


def cost(rounds, with_it, without, environ, are_new):
    """Microseconds a request, the median of the rounds."""
    differences = []
    for _ in range(rounds):
        environs = list(new_readers(environ)) if are_new else [environ] * REQUESTS
        differences.append(seconds(with_it, environs) - seconds(without, environs))
        if are_new:
            timer.flush()
    return statistics.median(differences) / REQUESTS * 1e6


def main(count_by, rounds):
    settings.VISITORS_COUNT_BY = count_by
    call_command("migrate", "visitors", verbosity=0)
    timer.flush()
    timer.first_read.set()
    blank = {name: value for name, value in RequestFactory().get("/").environ.items() if name != "HTTP_COOKIE"}
    environ = blank | READER
    path, query = ping.address_of("/").split("?")
    the_ping = environ | {"PATH_INFO": path, "QUERY_STRING": query, "HTTP_SEC_FETCH_DEST": "empty"}
    if count_by == "page":
        counted = VisitorMiddleware(page_with_figures)
        measured = {
            "a page, known reader": cost(rounds, counted, page, environ, are_new=False),
            "a page, new reader": cost(rounds, counted, page, environ, are_new=True),
        }
    else:
        counted = VisitorMiddleware(page)
        measured = {
            "a page": cost(rounds, counted, page, environ, are_new=False),
            "a ping, known reader": cost(rounds, counted, nothing, the_ping, are_new=False),
            "a ping, new reader": cost(rounds, counted, nothing, the_ping, are_new=True),
            "a page that caches may keep, counted or not": cost(
                rounds, CacheablePageMiddleware(page), page, environ, are_new=False
            ),
        }
    print(json.dumps(measured))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
