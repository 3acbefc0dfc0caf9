"""The database's side of the counter: the same statements on SQLite and PostgreSQL."""

import json
import secrets
from datetime import timedelta

from django.db import connection, transaction

from visitors.clock import MINUTE, PAUSE, day_before, monday_of
from visitors.figures import Figures
from visitors.hits import Pending, joined, spans
from visitors.models import Batch, Page, Salt, Seen, Start
from visitors.shared import SALT_BYTES

ROWS_A_BATCH = 2000  # 20 ms on PostgreSQL
APART = MINUTE  # processes that write every ten seconds are no further apart
DAYS_READ = 30  # of views and refusals, today included: the most that any page shows

# A batch that begins or ends within the pause of what is stored goes on with the same visit: one is taken off.
SEEN = """
INSERT INTO visitors_seen (day, visitor, first_seen, last_seen, visits, added, pauses) {rows}
ON CONFLICT (day, visitor) DO UPDATE SET
  visits = visitors_seen.visits + {added}, added = {added},
  pauses = visitors_seen.pauses || CASE WHEN excluded.first_seen < visitors_seen.last_seen + {pause} THEN ''
      ELSE visitors_seen.last_seen || ' ' || excluded.first_seen || ' ' END || excluded.pauses,
  first_seen = {smaller}(visitors_seen.first_seen, excluded.first_seen),
  last_seen = {larger}(visitors_seen.last_seen, excluded.last_seen)
RETURNING added, visits
"""
ADDED = """excluded.visits - CASE
    WHEN excluded.first_seen < visitors_seen.last_seen + {pause}
     AND excluded.last_seen > visitors_seen.first_seen - {pause} THEN 1 ELSE 0 END"""
# Whose row comes late: they have been seen after its first hit, by more than processes that write in turn are apart; or by
# anything where there are pauses, which it may bridge.
# (SQLite takes the tables of a CROSS JOIN in their order: each row of the batch is looked up, not each row of the day read.)
SEEN_AFTER = """
SELECT seen.visitor, seen.first_seen, seen.last_seen, seen.visits, seen.pauses
FROM ({rows}) AS late CROSS JOIN visitors_seen AS seen
WHERE seen.day = %s AND seen.visitor = late.visitor
  AND seen.last_seen > late.first_seen + CASE WHEN seen.pauses = '' AND late.pauses = '' THEN {apart} ELSE 0 END
"""
PUT_BETWEEN = """
UPDATE visitors_seen SET first_seen = %s, last_seen = %s, visits = %s, pauses = %s WHERE day = %s AND visitor = %s
"""
# Until the transaction ends nobody else writes visitors of the day: two batches of one outage that come at the same moment would
# not see each other's rows, nor that they are late, and would wait for each other in a circle.
LOCK_DAY = """
INSERT INTO visitors_day (day, visits, visitors) VALUES (%s, 0, 0) ON CONFLICT (day) DO UPDATE SET visits = visitors_day.visits
"""
ADD_TO_DAY = "UPDATE visitors_day SET visits = visits + %s, visitors = visitors + %s WHERE day = %s"
# Tables of counts: what is in the key, and what is added up.
PAGE = ("visitors_page", ("path",), ("views",))
PAGE_DAY = ("visitors_pageday", ("day", "path"), ("views",))
REFUSED = ("visitors_refused", ("day", "reason"), ("hits",))
FORGET = """
DELETE FROM {table} WHERE (day, {key}) IN
  (SELECT day, {key} FROM {table} WHERE day < %s ORDER BY day, {key} LIMIT %s)
"""
FIGURES = """
SELECT coalesce(sum(CASE WHEN day = %(today)s THEN visits END), 0),
       coalesce(sum(CASE WHEN day BETWEEN %(monday)s AND %(today)s THEN visits END), 0),
       coalesce(sum(visits), 0),
       coalesce((SELECT value FROM visitors_start), 0) + coalesce((
           SELECT sum(visits) FROM visitors_pastday
           WHERE day > coalesce((SELECT as_of FROM visitors_start), '0001-01-01')), 0)
FROM visitors_day
"""


def apply(batch: Pending):
    """Add ``batch`` to its day, once: an id already stored changes nothing.

    Batches whose times follow each other, by one process or several in turn, come out exactly. So do those that come late, by
    hours: their visits are put between the stored ones, or join them. What joins two that are counted already takes one off;
    readers are shown the higher figure until the true one has reached it (shared.py).
    """
    day = batch.day.isoformat()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO visitors_batch (id, day) VALUES (%s, %s) ON CONFLICT DO NOTHING",
            [Batch._meta.get_field("id").get_db_prep_value(batch.id, connection), day],
        )
        if not cursor.rowcount:
            return
        if batch.rows:
            cursor.execute(LOCK_DAY, [day])
            cursor.execute(ADD_TO_DAY, [*see(cursor, day, batch.rows), day])
        add(cursor, PAGE_DAY, {(day, path): (count,) for path, count in batch.views.items()})
        add(cursor, PAGE, {(path,): (count,) for path, count in batch.views.items()})
        add(cursor, REFUSED, {(day, reason): (count,) for reason, count in batch.refused.items()})


def see(cursor, day, rows):
    """Write the visitors ``rows`` (hits.Row by number). Returns how many visits and visitors that adds to the day."""
    columns = ("day", "visitor", "first_seen", "last_seen", "visits", "added", "pauses")
    # Sorted by key: what lies together in the index is written together.
    written = [
        dict(zip(columns, (day, number, row.first, row.last, row.visits, row.visits, row.pauses), strict=True))
        for number, row in sorted(rows.items())
    ]
    between = put_between(cursor, day, rows, rows_of("visitors_seen", columns), json.dumps(written))
    smaller, larger = ("min", "max") if connection.vendor == "sqlite" else ("LEAST", "GREATEST")
    added = ADDED.format(pause=PAUSE)
    statement = SEEN.format(
        rows=rows_of("visitors_seen", columns), added=added, smaller=smaller, larger=larger, pause=PAUSE
    )
    cursor.execute(statement, [json.dumps([row for row in written if row["visitor"] not in between])])
    result = cursor.fetchall()
    visits = sum(between.values()) + sum(added for added, _ in result)
    return visits, sum(added == visits for added, visits in result)


def put_between(cursor, day, rows, selected, written):
    """Write those of ``rows`` that come late, each among the visits stored. Returns how many visits each of them adds."""
    cursor.execute(SEEN_AFTER.format(rows=selected, apart=APART), [written, day])
    updates, adds = [], {}
    for number, first, last, visits, pauses in cursor.fetchall():
        row = rows[number]
        all_visits = joined([*spans(first, last, pauses), *spans(row.first, row.last, row.pauses)])
        adds[number] = len(all_visits) - visits
        moments = [moment for visit in all_visits for moment in visit]
        between = "".join(f"{moment} " for moment in moments[1:-1])
        updates.append((moments[0], moments[-1], len(all_visits), between, day, number))
    if updates:
        cursor.executemany(PUT_BETWEEN, updates)
    return adds


def add(cursor, table, counts):
    """Add ``counts`` (key to numbers) to the rows of ``table``, in the order of their keys."""
    if not counts:
        return
    name, keys, sums = table
    columns = keys + sums
    updates = ", ".join(f"{column} = {name}.{column} + excluded.{column}" for column in sums)
    cursor.execute(
        f"INSERT INTO {name} ({', '.join(columns)}) {rows_of(name, columns)} "  # nosec B608 (names of ours)
        f"ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {updates}",
        [json.dumps([dict(zip(columns, key + numbers, strict=True)) for key, numbers in sorted(counts.items())])],
    )


def rows_of(table, columns):
    """The rows of one parameter, a JSON list of objects: a statement that is the same however many they are. (SQLite's
    driver keeps the last 128 statements; with a sign for each value those took 36 MB and more.)"""
    if connection.vendor == "sqlite":
        values = ", ".join(f"json_extract(value, '$.{column}') AS {column}" for column in columns)
        return f"SELECT {values} FROM json_each(%s) WHERE true"  # noqa: S608  # nosec B608
    return f"SELECT {', '.join(columns)} FROM json_populate_recordset(NULL::{table}, %s)"  # noqa: S608  # nosec B608


def salts(days):
    """The salts of ``days``, made for all processes by whoever comes first."""
    found = kept_salts(days)
    missing = [Salt(day=day, key=secrets.token_bytes(SALT_BYTES)) for day in days if day not in found]
    if missing:
        Salt.objects.bulk_create(missing, ignore_conflicts=True)
        found = kept_salts(days)
    return found


def kept_salts(days):
    """The salts of ``days`` that there are. None is made for a day that is over."""
    return {salt.day: bytes(salt.key) for salt in Salt.objects.filter(day__in=days)}


def begin_day(today):
    """What the first flush of a day does: past salts are destroyed, and what nobody reads any more is forgotten: the visitors of
    the days before yesterday, the views and refusals of a month ago. The totals of days and pages stay. So many a round that no
    query takes long; returns whether that were all."""
    yesterday = day_before(today)
    Salt.objects.filter(day__lt=today).delete()
    oldest = today - timedelta(days=DAYS_READ)  # a process where it is yesterday still reads this day
    forgotten = [
        ("visitors_seen", "visitor", yesterday), ("visitors_batch", "id", yesterday), ("visitors_pageday", "path", oldest),
        ("visitors_refused", "reason", oldest),
    ]  # fmt: skip
    return all(forget(*rows) for rows in forgotten)


def forget(table, key, before):
    """Forget the days of ``table`` that are ``before`` a day. Returns whether that were all."""
    with connection.cursor() as cursor:
        cursor.execute(FORGET.format(table=table, key=key), [before.isoformat(), ROWS_A_BATCH])
        return cursor.rowcount < ROWS_A_BATCH


def read_figures(today):
    with connection.cursor() as cursor:
        cursor.execute(FIGURES, {"today": today.isoformat(), "monday": monday_of(today).isoformat()})
        return Figures(*map(int, cursor.fetchone()))


def recently_seen(today, since, most):
    """Day, visitor and last hit of those of today and yesterday with a hit after ``since``: what other processes know. The
    latest ``most`` of them."""
    rows = Seen.objects.filter(day__in=[day_before(today), today], last_seen__gt=since).order_by("-last_seen")
    return list(rows.values_list("day", "visitor", "last_seen")[:most])


def views_of(paths):
    """How often each of ``paths`` has been opened in all."""
    if not paths:
        return {}
    found = dict(Page.objects.filter(path__in=paths).values_list("path", "views"))
    return {path: found.get(path, 0) for path in paths}


def carry_over(value, as_of, source):
    Start.objects.update_or_create(id=1, defaults={"value": value, "as_of": as_of, "source": source})
