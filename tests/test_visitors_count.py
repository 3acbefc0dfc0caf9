"""How visits add up: over time, over processes, over batches that come late or twice, and what the footer shows of it."""

from datetime import date
from itertools import pairwise

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.counting import DAY, MINUTE, SECOND, TUESDAY, Process, at, counted, started
from visitors import clock
from visitors.models import Batch, Day, Salt, Seen
from visitors.shared import Shared
from visitors.tally import MOST_UNNUMBERED

pytestmark = pytest.mark.django_db


# --- what a visit is


def test_29_59_is_the_same_visit_and_30_00_is_another():
    assert counted(started(), TUESDAY, TUESDAY + 30 * MINUTE - SECOND) == 1
    assert counted(started(), TUESDAY + DAY, TUESDAY + DAY + 30 * MINUTE) == 1 + 2


def test_the_same_holds_when_a_flush_comes_between():
    process = started()
    assert counted(process, TUESDAY) == 1
    assert counted(process, TUESDAY + 30 * MINUTE - SECOND) == 1
    assert counted(process, TUESDAY + 60 * MINUTE) == 2


def test_a_hit_every_29_minutes_for_three_hours_is_one_visit():
    assert counted(started(), *(TUESDAY + step * 29 * MINUTE for step in range(7))) == 1


def test_midnight_begins_another_day_and_visit_and_online_counts_the_person_once():
    midnight = at(2024, 3, 6)
    process = started(midnight - 10 * MINUTE)
    process.open_page(midnight - 100)
    process.open_page(midnight + 100)
    shown = process.flush(midnight + SECOND)
    assert (shown.online, shown.today, shown.week, shown.since) == (1, 1, 2, 2)


def test_in_the_first_minutes_of_a_day_yesterdays_readers_are_still_online():
    midnight = at(2024, 3, 6)
    process = started(midnight - 10 * MINUTE)
    for who in "abc":
        process.open_page(midnight - MINUTE, who)
    process.flush(midnight - SECOND)
    assert started(midnight + MINUTE).tally.show(midnight + MINUTE).online == 3
    assert started(midnight + 6 * MINUTE).tally.show(midnight + 6 * MINUTE).online == 1


def test_utc_midnight_and_the_zone_of_the_server_change_nothing(monkeypatch):
    import os
    import time

    monkeypatch.setitem(os.environ, "TZ", "America/New_York")
    time.tzset()
    try:
        assert counted(started(at(2024, 3, 5, 6)), at(2024, 3, 5, 6, 59, 59), at(2024, 3, 5, 7, 0, 1)) == 1
        assert clock.day_of(at(2024, 3, 5, 0, 0)) == date(2024, 3, 5)
        assert clock.day_of(at(2024, 3, 4, 23, 59, 59)) == date(2024, 3, 4)
    finally:
        monkeypatch.undo()
        time.tzset()


def test_the_week_begins_on_monday():
    sunday, monday = at(2024, 3, 10, 23, 59), at(2024, 3, 11, 0, 0)
    process = started(sunday - MINUTE)
    process.open_page(sunday)
    process.open_page(monday)
    shown = process.flush(monday + SECOND)
    assert (shown.today, shown.week, shown.since) == (1, 1, 2)


def test_a_week_goes_on_over_a_new_year():
    new_years_eve, new_year = at(2024, 12, 31, 12), at(2025, 1, 1, 12)
    process = started(new_years_eve)
    process.open_page(new_years_eve)
    process.flush(new_years_eve)
    process.open_page(new_year)
    assert process.flush(new_year).week == 2


def test_a_clock_that_is_set_back_loses_and_doubles_nothing():
    process = started()
    assert counted(process, TUESDAY, TUESDAY - 5 * MINUTE, TUESDAY + MINUTE) == 1
    shown = [process.open_page(TUESDAY + MINUTE), process.open_page(TUESDAY - 2 * MINUTE)]
    assert shown[1].since >= shown[0].since


def test_after_five_minutes_a_reader_is_no_longer_online():
    process = started()
    process.open_page(TUESDAY, "a")
    process.open_page(TUESDAY + 4 * MINUTE, "b")
    assert process.flush(TUESDAY + 4 * MINUTE).online == 2
    assert process.flush(TUESDAY + 6 * MINUTE).online == 1


# --- what is shown


def test_the_first_reader_of_the_sample_site_sees_themselves():
    call_command("carry_over", total=3_489_813, as_of=date(2024, 2, 20), source="x", verbosity=0)
    shown = started().open_page(TUESDAY)
    assert (shown.online, shown.today, shown.week, shown.total) == (1, 1, 1, 3_489_814)


def test_figures_of_yesterday_and_last_week_are_not_shown_as_todays():
    process = started(at(2024, 3, 10, 12))
    process.open_page(at(2024, 3, 10, 12))
    process.flush(at(2024, 3, 10, 12))
    shown = process.tally.show(at(2024, 3, 11, 12))
    assert (shown.today, shown.week, shown.since) == (0, 0, 1)


def test_no_query_is_made_while_a_page_is_looked_at_shown_and_counted():
    process = started()
    with CaptureQueriesContext(connection) as queries:
        process.open_page(TUESDAY)
    assert len(queries) == 0


def test_a_flush_takes_as_many_queries_for_a_thousand_visitors_as_for_one():
    process = started()
    process.open_page(TUESDAY)
    with CaptureQueriesContext(connection) as few:
        process.flush(TUESDAY)
    for number in range(999):
        process.open_page(TUESDAY + SECOND, str(number))
    with CaptureQueriesContext(connection) as many:
        process.flush(TUESDAY + 2 * SECOND)
    assert (
        len(many) == len(few) <= 9
    )  # savepoint, batch, lock, late, visitors, day, release, figures, who was seen elsewhere


def test_what_waits_is_bounded_and_says_what_it_dropped():
    process = Process()
    for number in range(MOST_UNNUMBERED + 3):
        process.tally.count(process.tally.look(str(number).encode(), "Mozilla/5.0", "127.0.0.1", TUESDAY))
    assert process.tally.refused[date(2024, 3, 5)] == {"buffer full": 3}
    assert process.tally.dropped == 3


steps = st.lists(
    st.tuples(
        st.sampled_from(["hit", "hit", "hit", "flush", "back"]),
        st.integers(0, 2),
        st.integers(0, 5),
        st.integers(1, 45),
    ),
    max_size=40,
)


@given(steps)
@settings(max_examples=60, deadline=None)
def test_today_week_and_all_stand_in_order_and_all_never_falls(steps):
    for model in (Seen, Day, Batch, Salt):
        model.objects.all().delete()
    shared = Shared()
    processes = [Process(shared) for _ in range(3)]
    moment, shown = at(2024, 3, 10, 20), []
    for act, number, who, minutes in steps:
        moment += (-1 if act == "back" else 1) * minutes * MINUTE
        process = processes[number]
        figures = process.flush(moment) if act == "flush" else process.open_page(moment, str(who))
        if figures:
            shown.append(figures)
            assert 0 <= figures.today <= figures.week <= figures.total
            assert figures.online >= 1
    assert all(after.total >= before.total for before, after in pairwise(shown))


@given(st.lists(st.tuples(st.integers(0, 1), st.integers(0, 2), st.integers(0, 50), st.booleans()), max_size=60))
@settings(max_examples=60, deadline=None)
def test_hits_in_order_over_two_processes_are_the_visits_that_one_list_of_them_says(hits):
    for model in (Seen, Day, Batch, Salt):
        model.objects.all().delete()
    processes, moment, last, expected = [Process(), Process()], at(2024, 3, 5, 0, 30), {}, 0
    for number, who, minutes, flush in hits:
        moment = min(moment + minutes * MINUTE, at(2024, 3, 5, 23, 50))
        expected += who not in last or moment - last[who] >= 30 * MINUTE
        last[who] = moment
        for process in processes if flush else ():
            process.flush(moment)
        processes[number].open_page(moment, str(who))
        for process in processes:  # every ten seconds or so: before anybody's next visit
            process.flush(moment)
    assert sum(Seen.objects.values_list("visits", flat=True)) == expected
