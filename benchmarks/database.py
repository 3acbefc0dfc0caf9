"""``python -m benchmarks.database SIZE…``: how long a round takes on the database of DATABASE_URL, and its slowest query, with so
many visitors of today and as many of yesterday; in milliseconds."""

import json
import os
import statistics
import sys
import time
from contextlib import contextmanager
from datetime import date, timedelta

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
django.setup()

from django.core.management import call_command
from django.db import connection, transaction

from visitors import clock, store
from visitors.models import Batch, Day, Page, PageDay, Seen
from visitors.tally import Tally

DAY = date(2024, 3, 5)
EVENING = clock.day_start(DAY) + 20 * 60 * clock.MINUTE
FILL = """
WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < %s)
INSERT INTO visitors_seen (day, visitor, first_seen, last_seen, visits, added, pauses)
SELECT {day}, n * CAST(9223372036854 AS bigint) %% 4611686018427387847, %s + n * %s, %s + n * %s, 1, 1, '' FROM numbers
"""


def fill(day, size):
    """``size`` visitors of ``day``, who came one after another until the evening."""
    start = clock.day_start(day)
    step = (EVENING - clock.day_start(DAY)) // size
    statement = FILL.format(day="%s" if connection.vendor == "sqlite" else "CAST(%s AS date)")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, [size, day.isoformat(), start, step, start, step])
    Day.objects.create(day=day, visits=size, visitors=size)


def empty():
    for model in (Seen, Day, Batch, Page, PageDay):
        model.objects.all().delete()


def open_pages(tally, readers):
    for number in range(readers):
        tally.count(tally.look(b"%d" % number, f"Mozilla/5.0 {EVENING}", "127.0.0.1", EVENING), "/")


def milliseconds(act, *args):
    began = time.perf_counter()
    act(*args)
    return (time.perf_counter() - began) * 1e3


@contextmanager
def watched():
    """Yields a list of the milliseconds that each query takes."""
    times = []

    def watch(execute, *args):
        began = time.perf_counter()
        try:
            return execute(*args)
        finally:
            times.append((time.perf_counter() - began) * 1e3)

    with connection.execute_wrapper(watch):
        yield times


def rounds_of(size):
    """With ``size`` visitors a day: the first round of a process, later ones, a busy one, and the first of the day after next."""
    fill(DAY, size)
    fill(DAY - timedelta(days=1), size)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE visitors_seen")
    figures = statistics.median(milliseconds(store.read_figures, DAY) for _ in range(20))
    with watched() as times:
        tally = Tally()
        tally.flush(EVENING)
        for _ in range(5):
            open_pages(tally, 1000)
            tally.flush(EVENING)
        tally.flush(EVENING + clock.DAY)
        tally.flush(EVENING + 2 * clock.DAY)
    return {"four figures": figures, "slowest query of any round": max(times)}


def flush_of(readers):
    tally, times = Tally(), []
    tally.flush(EVENING)
    for _ in range(5):
        Seen.objects.all().delete()
        open_pages(tally, readers)
        times.append(milliseconds(tally.flush, EVENING))
    return statistics.median(times)


def main(sizes):
    call_command("migrate", "visitors", verbosity=0)
    version = ".".join(map(str, connection.get_database_version()))
    measured = {"engine": f"{connection.display_name} {version}", "flush": {}, "a day": {}}
    for readers in (100, 1_000, 10_000):
        measured["flush"][readers] = flush_of(readers)
    for size in sizes:
        empty()
        measured["a day"][size] = rounds_of(size)
    empty()
    print(json.dumps(measured))


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]])
