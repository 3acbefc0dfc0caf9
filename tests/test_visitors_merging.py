"""One statement merges a batch into what other processes stored: exact where times follow each other, bounded where not."""

import re
import time
import uuid
from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.counting import MINUTE, TUESDAY
from tests.test_promises import TEMPLATES
from visitors import store
from visitors.hits import Pending, Row, begins_visit
from visitors.models import Batch, Day, Page, PageDay, Refused, Salt, Seen

pytestmark = pytest.mark.django_db
THE_DAY = date(2024, 3, 5)
PAUSE = 30 * MINUTE


def batch_of_rows(*rows, day=THE_DAY, **more):
    return Pending(uuid.uuid4(), day, {number: row_of(moments) for number, *moments in rows}, **more)


def row_of(moments):
    """As a process has it that saw the hits at ``moments``."""
    first, *others = sorted(moments)
    row = Row(first, first, 1, 0)
    for moment in others:
        row.add(moment, begins_visit(row.last, moment), row.last)
    return row


def apply(*rows, day=THE_DAY, **more):
    store.apply(batch_of_rows(*rows, day=day, **more))


def minutes(*hits, who=1):
    return who, *(TUESDAY + minute * MINUTE for minute in hits)


def stored():
    return Seen.objects.values_list("visits", flat=True).get()


@pytest.mark.parametrize(
    ("batches", "visits"),
    [
        ([minutes(0, 5), minutes(10, 10)], 1),  # another process goes on with the visit
        ([minutes(0, 5), minutes(50, 50)], 2),
        ([minutes(10, 10), minutes(0, 5)], 1),  # in whatever order they arrive
        ([minutes(50, 50), minutes(0, 5)], 2),
        ([minutes(0, 5), minutes(2, 3)], 1),
        ([minutes(1, 1), minutes(0, 30)], 1),  # what is stored bridges the pause of what comes late
        ([minutes(0, 40), minutes(45, 90)], 3),
        ([minutes(0, 0), minutes(30, 30)], 2),
        ([minutes(30, 30), minutes(0, 0)], 2),
        ([(1, TUESDAY), (1, TUESDAY + PAUSE - 1)], 1),
        ([(1, TUESDAY + PAUSE - 1), (1, TUESDAY)], 1),
        ([minutes(0, 100), minutes(50)], 3),  # late, between two
        ([minutes(0), minutes(100), minutes(50)], 3),
        ([minutes(0), minutes(200), minutes(20, 100, 185)], 3),
        ([minutes(0, 50), minutes(25)], 1),  # late, it joins two
    ],
)
def test_a_batch_that_begins_or_ends_within_the_pause_of_what_is_stored_goes_on_with_its_visit(batches, visits):
    for row in batches:
        apply(row)
    assert stored() == visits


def test_the_first_and_the_last_hit_of_all_batches_are_kept():
    apply(minutes(50, 60))
    apply(minutes(0, 5), minutes(7, 7, who=2))
    apply(minutes(20, 30))
    seen = Seen.objects.get(visitor=1)
    assert (seen.first_seen, seen.last_seen) == (TUESDAY, TUESDAY + 60 * MINUTE)


def test_rows_are_written_in_the_order_of_their_key():
    numbers = [5, -(2**63), 2**63 - 1, 0, -5]
    with CaptureQueriesContext(connection) as queries:
        apply(*(minutes(0, 0, who=number) for number in numbers))
    upsert = next(query["sql"] for query in queries if "INSERT INTO visitors_seen" in query["sql"])
    assert [int(number) for number in re.findall(r'"visitor": (-?\d+)', upsert)] == sorted(numbers)
    assert set(Seen.objects.values_list("visitor", flat=True)) == set(numbers)


def test_a_batch_is_few_statements_in_one_transaction_and_one_that_is_known_is_one():
    batch = batch_of_rows(minutes(0, 0))
    with CaptureQueriesContext(connection) as queries:
        store.apply(batch)
    words = [query["sql"].split()[:3] for query in queries][1:-1]
    assert words == [
        ["INSERT", "INTO", "visitors_batch"],
        ["INSERT", "INTO", "visitors_day"],  # it is locked
        ["SELECT", "seen.visitor,", "seen.first_seen,"],
        ["INSERT", "INTO", "visitors_seen"],
        ["UPDATE", "visitors_day", "SET"],
    ]
    with CaptureQueriesContext(connection) as queries:
        store.apply(batch)
    assert [query["sql"].split()[0] for query in queries] == ["SAVEPOINT", "INSERT", "RELEASE"]


def test_a_batch_that_fails_half_way_leaves_no_id_behind():
    batch = batch_of_rows(minutes(0))
    batch.rows[1].first = None
    with pytest.raises(IntegrityError), transaction.atomic():
        store.apply(batch)
    assert not Batch.objects.exists()
    batch.rows = batch_of_rows(minutes(0, 0)).rows
    store.apply(batch)
    assert stored() == 1


def test_the_total_of_a_day_runs_along_with_its_batches():
    def total():
        return Day.objects.values_list("visits", "visitors").get()

    apply(minutes(0, 5), minutes(0, 40, who=2))
    assert total() == (3, 2)
    apply(minutes(10, 10), minutes(60, 60, who=3))
    assert total() == (4, 3)
    apply(minutes(90, 90), minutes(95, 95, who=2), day=THE_DAY)
    assert total() == (6, 3)
    assert total() == (sum(Seen.objects.values_list("visits", flat=True)), Seen.objects.count())


def test_views_and_refusals_are_added_up_by_day_and_the_views_of_a_page_in_all():
    apply(minutes(0, 0), views={"/": 2, "/a/": 1}, refused={"bot": 3})
    apply(views={"/": 1}, refused={"bot": 1, "host": 1})
    apply(views={"/": 5}, day=date(2024, 3, 4))
    assert dict(Page.objects.values_list("path", "views")) == {"/": 8, "/a/": 1}
    assert dict(PageDay.objects.filter(day=THE_DAY).values_list("path", "views")) == {"/": 3, "/a/": 1}
    assert dict(Refused.objects.values_list("reason", "hits")) == {"bot": 4, "host": 1}
    assert store.views_of(["/", "/b/"]) == {"/": 8, "/b/": 0}


def test_the_models_read_what_the_statements_wrote():
    batch = batch_of_rows(minutes(0, 5), views={"/": 1}, refused={"bot": 1})
    store.apply(batch)
    seen = Seen.objects.get(pk=(THE_DAY, 1))
    assert (seen.day, seen.visitor, seen.visits, str(seen)) == (THE_DAY, 1, 1, "2024-03-05: 1")
    assert Batch.objects.get(pk=batch.id).day == THE_DAY
    assert store.salts([THE_DAY]) == {THE_DAY: bytes(Salt.objects.get().key)}
    assert str(Batch.objects.get()) == str(batch.id) and str(Salt.objects.get()) == "2024-03-05"
    assert str(Day.objects.get()) == "05/03/2024"
    assert (str(Page.objects.get()), str(PageDay.objects.get()), str(Refused.objects.get())) == (
        "/",
        "2024-03-05 /",
        "2024-03-05 bot",
    )


def test_the_salts_of_a_day_are_made_once_and_of_a_past_day_never():
    first = store.salts([THE_DAY])
    assert store.salts([THE_DAY]) == first == store.kept_salts([THE_DAY])
    assert store.kept_salts([date(2024, 3, 4)]) == {}
    assert len(first[THE_DAY]) == 32


def test_figures_are_of_today_of_the_week_and_of_all_days():
    apply(minutes(0, 0, who=1), minutes(5, 5, who=2))
    Day.objects.create(day=date(2024, 3, 4), visits=7, visitors=5)
    Day.objects.create(day=date(2024, 3, 3), visits=100, visitors=50)
    Day.objects.create(day=date(2024, 3, 7), visits=1000, visitors=900)  # the clock was ahead for a while
    figures = store.read_figures(THE_DAY)
    assert (figures.today, figures.week, figures.since, figures.start) == (2, 9, 1109, 0)


def test_figures_of_more_than_two_thousand_million_are_whole():
    Day.objects.create(day=date(2024, 3, 4), visits=2**33, visitors=2**32)
    assert store.read_figures(THE_DAY).since == 2**33


def seconds_of_a_late_batch(day, visitors):
    """What it takes to add one of 2,000 rows to a ``day`` that has so many ``visitors``."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO visitors_seen (day, visitor, first_seen, last_seen, visits, added, pauses) "
            "WITH RECURSIVE n(n) AS (SELECT 10 UNION ALL SELECT n + 1 FROM n WHERE n < %s) "
            f"SELECT {'%s' if connection.vendor == 'sqlite' else 'CAST(%s AS date)'}, n, 0, 0, 1, 1, '' FROM n",
            [visitors, day.isoformat()],
        )
    began = time.monotonic()
    apply(*(minutes(number % 600, who=number) for number in range(2000)), day=day)
    return time.monotonic() - began


def test_what_comes_late_is_looked_up_row_by_row_however_many_the_day_has():
    sizes = {1: 2_000, 2: 60_000}  # month -> visitors of each of its days
    tries = [[seconds_of_a_late_batch(date(2024, month, day), sizes[month]) for month in sizes] for day in (1, 2, 3)]
    few, many = map(min, zip(*tries, strict=True))  # the try that nothing else on the machine held up
    assert many < 5 * few  # were all of the day read for each row: thirty times as long


def test_reading_the_figures_is_one_statement_on_an_index():
    with CaptureQueriesContext(connection) as queries:
        store.read_figures(THE_DAY)
    assert len(queries) == 1


def test_what_was_seen_elsewhere_is_the_latest_of_two_days_and_bounded():
    yesterday = date(2024, 3, 4)
    apply(*(minutes(number, number, who=number) for number in range(10)))
    apply(minutes(9, 10, who=99), day=yesterday)
    apply(minutes(9, 11, who=98), day=date(2024, 3, 3))
    assert store.recently_seen(THE_DAY, TUESDAY + 6 * MINUTE, 3) == [
        (yesterday, 99, TUESDAY + 10 * MINUTE),
        (THE_DAY, 9, TUESDAY + 9 * MINUTE),
        (THE_DAY, 8, TUESDAY + 8 * MINUTE),
    ]


def oracle(moments):
    ordered = sorted(moments)
    return sum(after is None or now - after >= PAUSE for after, now in zip([None, *ordered], ordered, strict=False))


def batch_of(moments):
    return 1, *moments


hits = st.lists(st.integers(0, 23 * 60), min_size=1, max_size=30).map(sorted)


@given(hits, st.lists(st.integers(1, 5), max_size=30))
@settings(max_examples=150, deadline=None)
def test_batches_whose_times_follow_each_other_come_out_as_one_list_of_the_hits(moments, sizes):
    """As several processes that flush every ten seconds give them: each batch begins after the one before it ended."""
    Seen.objects.all().delete()
    moments, start = [TUESDAY + minute * MINUTE for minute in moments], 0
    for size in [*sizes, len(moments)]:
        part = moments[start : start + size]
        start += size
        if part:
            apply(batch_of(part))
    assert stored() == oracle(moments)


@given(st.lists(hits, min_size=1, max_size=6))
@example([[0, 50], [25]])
@example([[0, 100], [50]])
@settings(max_examples=150, deadline=None)
def test_batches_in_any_order_come_out_as_one_list_of_the_hits(batches):
    """As after an outage of hours, of several processes and servers, each with its own of the hits of one visitor."""
    Seen.objects.all().delete()
    Day.objects.all().delete()
    known = []
    for moments in batches:
        known += [TUESDAY + minute * MINUTE for minute in moments]
        apply(batch_of([TUESDAY + minute * MINUTE for minute in moments]))
        assert stored() == Day.objects.get().visits == oracle(known)


def test_a_million_visitors_are_forgotten_so_many_a_round_and_their_batches_last(monkeypatch):
    monkeypatch.setattr(store, "ROWS_A_BATCH", 40)
    long_ago = date(2024, 3, 1)
    apply(*(minutes(0, 0, who=number) for number in range(50)), day=long_ago)
    apply(*(minutes(0, 0, who=number) for number in range(50)))
    assert not store.begin_day(THE_DAY)
    assert (Seen.objects.filter(day=long_ago).count(), Batch.objects.count()) == (10, 2)
    assert store.begin_day(THE_DAY)
    assert (Seen.objects.filter(day=long_ago).count(), Batch.objects.count()) == (0, 1)
    assert Seen.objects.filter(day=THE_DAY).count() == 50


def test_views_and_refusals_of_days_that_nobody_reads_any_more_are_forgotten_so_many_a_round(monkeypatch):
    monkeypatch.setattr(store, "ROWS_A_BATCH", 40)
    for back in range(29, 32):
        day = date.fromordinal(THE_DAY.toordinal() - back)
        PageDay.objects.bulk_create(PageDay(day=day, path=f"/{number}/", views=1) for number in range(50))
        Refused.objects.bulk_create(Refused(day=day, reason=f"{number}", hits=1) for number in range(50))
    Page.objects.create(path="/1/", views=3)
    assert [store.begin_day(THE_DAY) for _ in range(4)] == [False, False, True, True]
    for model in (PageDay, Refused):
        assert sorted(model.objects.values_list("day", flat=True).distinct()) == [date(2024, 2, 4), date(2024, 2, 5)]
        assert model.objects.count() == 100
    assert Page.objects.get().views == 3


def test_what_the_statistics_read_is_kept():
    asked = [int(days) for path in TEMPLATES for days in re.findall(r"{% most_viewed days=(\d+)", path.read_text())]
    assert asked and max(asked) <= store.DAYS_READ


def test_visitors_before_yesterday_are_forgotten_and_the_totals_of_their_days_stay():
    for back in range(5):
        apply(minutes(0, 0), minutes(1, 1, who=2), day=date.fromordinal(THE_DAY.toordinal() - back))
    Batch.objects.create(id=uuid.uuid4(), day=date(2024, 3, 4))
    store.begin_day(THE_DAY)
    assert list(Day.objects.values_list("day__day", "visits", "visitors")) == [(day, 2, 2) for day in (5, 4, 3, 2, 1)]
    assert set(Seen.objects.values_list("day__day", flat=True)) == {5, 4}
    assert set(Batch.objects.values_list("day__day", flat=True)) == {5, 4}
