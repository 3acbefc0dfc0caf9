"""The database's side of the counter: the same statements on SQLite and PostgreSQL."""

import secrets
from datetime import date, timedelta
from typing import NamedTuple

from django.db import connection, transaction

from visitors.clock import PAUSE, monday_of
from visitors.models import Batch, Salt, Seen, Start
from visitors.shared import periods_of

ROWS_A_BATCH = 5000  # five values each; SQLite takes 32,766 a statement

UPSERT = """
INSERT INTO visitors_seen (day, visitor, first_seen, last_seen, visits) VALUES {rows}
ON CONFLICT (day, visitor) DO UPDATE SET
  visits = visitors_seen.visits + excluded.visits - CASE
    WHEN excluded.first_seen < visitors_seen.last_seen + {pause}
     AND excluded.last_seen > visitors_seen.first_seen - {pause} THEN 1 ELSE 0 END,
  first_seen = {smaller}(visitors_seen.first_seen, excluded.first_seen),
  last_seen = {larger}(visitors_seen.last_seen, excluded.last_seen)
"""
FIGURES = """
SELECT
  (SELECT coalesce(sum(visits), 0) FROM visitors_seen WHERE day = %(today)s),
  (SELECT coalesce(sum(visits), 0) FROM visitors_seen WHERE day >= %(monday)s)
    + (SELECT coalesce(sum(visits), 0) FROM visitors_day WHERE day >= %(monday)s),
  (SELECT coalesce(sum(visits), 0) FROM visitors_seen) + (SELECT coalesce(sum(visits), 0) FROM visitors_day),
  coalesce((SELECT value FROM visitors_start), 0)
"""


class Figures(NamedTuple):
    """The four figures of the local day ``day``: as the database had them, or as a reader is shown them."""

    day: date
    today: int
    week: int
    since: int  # every visit this counter has counted
    start: int  # the figure carried over from before it
    online: int = 1  # known to the processes alone

    @property
    def total(self):
        return self.start + self.since

    def of(self, word, period):
        """The count that stands for ``period`` (visitors.shared.periods_of), 0 when the period has begun since."""
        counts = dict(zip(periods_of(self.day), (self.today, self.week, self.since), strict=True))
        return counts.get((word, period), 0)


def apply(batch_id, day, rows):
    """Add one batch of ``(visitor, first, last, visits)`` to ``day``, once: an id already stored changes nothing.

    ``visits`` is what the hits of the batch are by themselves. A batch that begins within the pause of what is stored (or ends
    within it before) goes on with the same visit, so one is taken off. Batches whose times follow each other, by one process or
    several in turn, come out exactly. Of the hits before it only the first and the last are known, so a batch that is late
    and falls between them is judged by those: it may count visits that a hit between them joined, or miss one.
    Rows are sorted by visitor, because two unsorted batches can wait for each other's locks.
    """
    if connection.vendor == "sqlite":
        smaller, larger = "min", "max"
    else:
        smaller, larger = "LEAST", "GREATEST"
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO visitors_batch (id, day) VALUES (%s, %s) ON CONFLICT DO NOTHING",
            [Batch._meta.get_field("id").get_db_prep_value(batch_id, connection), day.isoformat()],
        )
        if not cursor.rowcount:
            return
        values = ", ".join(["(%s, %s, %s, %s, %s)"] * len(rows))
        statement = UPSERT.format(rows=values, pause=PAUSE, smaller=smaller, larger=larger)
        cursor.execute(statement, [value for row in sorted(rows) for value in (day.isoformat(), *row)])


def salts(days):
    """The salts of ``days``, made for all processes by whoever comes first."""
    found = kept_salts(days)
    missing = [Salt(day=day, key=secrets.token_bytes(32)) for day in days if day not in found]
    if missing:
        Salt.objects.bulk_create(missing, ignore_conflicts=True)
        found = kept_salts(days)
    return found


def kept_salts(days):
    """The salts of ``days`` that there are. None is made for a day that is over."""
    return {salt.day: bytes(salt.key) for salt in Salt.objects.filter(day__in=days)}


def begin_day(today):
    """What the first flush of a day does: past salts are destroyed, days before yesterday are closed into their totals."""
    Salt.objects.filter(day__lt=today).delete()
    yesterday = today - timedelta(days=1)
    for day in Seen.objects.filter(day__lt=yesterday).values_list("day", flat=True).distinct().order_by("day"):
        close_day(day)
    Batch.objects.filter(day__lt=yesterday).delete()


def close_day(day):
    """Turn the visitors of ``day`` into its total. The row of the total is the lock: processes that close the same day
    do so one after the other, and each visitor is deleted, and so added, by one of them."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO visitors_day (day, visits, visitors) VALUES (%s, 0, 0) "
            "ON CONFLICT (day) DO UPDATE SET visits = visitors_day.visits",
            [day.isoformat()],
        )
        cursor.execute("DELETE FROM visitors_seen WHERE day = %s RETURNING visits", [day.isoformat()])
        visits = [row[0] for row in cursor.fetchall()]
        cursor.execute(
            "UPDATE visitors_day SET visits = visits + %s, visitors = visitors + %s WHERE day = %s",
            [sum(visits), len(visits), day.isoformat()],
        )


def read_figures(today):
    with connection.cursor() as cursor:
        cursor.execute(FIGURES, {"today": today.isoformat(), "monday": monday_of(today).isoformat()})
        return Figures(today, *map(int, cursor.fetchone()))


def recently_seen(today, since, most):
    """Day, visitor and last hit of those of today and yesterday with a hit after ``since``: what other processes know. The
    latest ``most`` of them."""
    rows = Seen.objects.filter(day__in=[today - timedelta(days=1), today], last_seen__gt=since).order_by("-last_seen")
    return list(rows.values_list("day", "visitor", "last_seen")[:most])


def carry_over(value, as_of, source):
    Start.objects.update_or_create(id=1, defaults={"value": value, "as_of": as_of, "source": source})
