"""How visits add up: over time, over processes, over batches that come late or twice, and what the footer shows of it."""

import datetime
import uuid
from datetime import date
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from visitors import clock, store
from visitors.hits import Pending, Row
from visitors.models import Batch, Day, Page, Refused, Salt, Seen, Start
from visitors.shared import Shared
from visitors.tally import MOST_UNNUMBERED, Tally

pytestmark = pytest.mark.django_db
HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
MINUTE, SECOND, DAY = clock.MINUTE, clock.SECOND, clock.DAY


def at(*parts):
    """Milliseconds of a local time of Càng Long: at(2024, 3, 5, 7, 30)."""
    return int(datetime.datetime(*parts, tzinfo=HANOI).timestamp() * 1000)


TUESDAY = at(2024, 3, 5, 9)


def known(shared):
    """The numbers of the visitors that the processes of one server remember."""
    return {number for number in shared.visitors.words[::2] if number}


class Process:
    """One process of the site, at the times that a test gives it."""

    def __init__(self, shared=None):
        self.tally = Tally(shared)

    def open_page(self, moment, who="a"):
        hit = self.tally.look(b"net" + who.encode(), "Mozilla/5.0", "127.0.0.1", moment)
        shown = self.tally.show(moment, hit)
        self.tally.count(hit)
        return shown

    def flush(self, moment):
        self.tally.flush(moment)
        return self.tally.show(moment)


def started(moment=TUESDAY, shared=None):
    process = Process(shared)
    process.flush(moment)
    return process


def counted(process, *moments, who="a"):
    """How many visits the hits of one person at ``moments`` are, by the database."""
    for moment in moments:
        process.open_page(moment, who)
    return process.flush(moments[-1]).since


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


# --- several processes


def test_one_person_seen_by_two_processes_is_one_visit():
    one, other = started(), started()
    one.open_page(TUESDAY)
    other.open_page(TUESDAY + MINUTE)
    one.flush(TUESDAY + 2 * MINUTE)
    assert other.flush(TUESDAY + 2 * MINUTE).since == 1


def test_what_one_process_wrote_the_other_does_not_take_for_new():
    one, other = started(), started()
    one.open_page(TUESDAY)
    one.flush(TUESDAY + SECOND)
    other.flush(TUESDAY + 2 * SECOND)
    assert other.open_page(TUESDAY + 3 * SECOND).since == 1


def test_the_processes_of_one_server_know_each_others_visitors_at_once():
    shared = Shared()
    one, other = started(shared=shared), started(shared=shared)
    assert one.open_page(TUESDAY, "a")[:3] == (1, 1, 1)
    assert other.tally.show(TUESDAY)[:3] == (1, 1, 1)
    assert other.open_page(TUESDAY, "a")[:3] == (1, 1, 1)
    assert other.open_page(TUESDAY, "b")[:3] == (2, 2, 2)
    assert one.open_page(TUESDAY, "b").online == 2
    other.flush(TUESDAY)
    assert one.flush(TUESDAY)[:3] == (2, 2, 2)
    assert one.open_page(TUESDAY + 31 * MINUTE, "a").since == 3
    assert other.open_page(TUESDAY + 31 * MINUTE, "a").since == 3
    assert other.flush(TUESDAY + 31 * MINUTE).since == one.flush(TUESDAY + 31 * MINUTE).since == 3


def test_what_a_killed_process_had_counted_is_shown_no_lower_but_not_for_ever():
    shared = Shared()
    one, killed = started(shared=shared), started(shared=shared)
    killed.open_page(TUESDAY, "a")
    assert one.flush(TUESDAY + MINUTE).since == 1
    assert one.flush(TUESDAY + 3 * MINUTE).since == 1
    assert one.open_page(TUESDAY + 4 * MINUTE, "b").since == 1
    assert one.open_page(TUESDAY + 4 * MINUTE, "c").since == 2
    assert one.flush(TUESDAY + 5 * MINUTE).since == Seen.objects.count() == 2


def test_a_batch_applied_twice_counts_once():
    batch = Pending(uuid.uuid4(), date(2024, 3, 5), {1: Row(TUESDAY, TUESDAY, 1, 1)}, {"/": 1}, {"bot": 1})
    for _ in range(2):
        store.apply(batch)
    assert (Day.objects.get().visits, Page.objects.get().views, Refused.objects.get().hits) == (1, 1, 1)
    assert Seen.objects.get().visits == 1


def test_a_commit_whose_answer_was_lost_counts_once(monkeypatch):
    process = started()
    process.open_page(TUESDAY)
    real = store.apply

    def answer_lost(*args):
        real(*args)
        raise DatabaseError("connection reset")

    monkeypatch.setattr(store, "apply", answer_lost)
    with pytest.raises(DatabaseError):
        process.flush(TUESDAY + SECOND)
    monkeypatch.setattr(store, "apply", real)
    assert process.flush(TUESDAY + 2 * SECOND).since == 1


def test_while_the_database_is_down_hits_wait_and_are_shown_and_none_is_lost(monkeypatch):
    process = started()
    monkeypatch.setattr(store, "apply", lambda *args: (_ for _ in ()).throw(DatabaseError("down")))
    for minute in range(0, 240, 40):
        shown = process.open_page(TUESDAY + minute * MINUTE)
        with pytest.raises(DatabaseError):
            process.flush(TUESDAY + minute * MINUTE + SECOND)
    assert shown.since == 6
    monkeypatch.undo()
    assert process.flush(TUESDAY + 4 * 60 * MINUTE).since == 6


def test_a_reader_whom_two_processes_of_one_server_have_in_turn_while_the_database_is_down_makes_one_visit(monkeypatch):
    shared = Shared()
    processes = [started(shared=shared), started(shared=shared)]
    monkeypatch.setattr(store, "apply", lambda *args: (_ for _ in ()).throw(DatabaseError("down")))
    for step in range(8):
        shown = processes[step % 2].open_page(TUESDAY + step * 20 * MINUTE)
    assert shown.since == 1
    monkeypatch.undo()
    assert [process.flush(TUESDAY + 3 * 60 * MINUTE).since for process in processes] == [1, 1]
    assert Seen.objects.get().visits == 1


def test_with_the_database_down_from_the_start_no_figure_is_shown_and_no_visit_is_lost(monkeypatch):
    process = Process()
    monkeypatch.setattr(store, "salts", lambda days: (_ for _ in ()).throw(DatabaseError("down")))
    assert process.open_page(TUESDAY) is None
    assert process.open_page(TUESDAY + MINUTE, "b") is None
    with pytest.raises(DatabaseError):
        process.flush(TUESDAY + MINUTE)
    monkeypatch.undo()
    assert process.flush(TUESDAY + 2 * MINUTE).since == 2
    assert process.open_page(TUESDAY + 3 * MINUTE).since == 2


def test_a_batch_that_comes_a_day_late_counts_on_its_own_day():
    process, late = started(), started()
    late.open_page(TUESDAY)
    process.open_page(TUESDAY + DAY)
    process.flush(TUESDAY + DAY)
    late.flush(TUESDAY + DAY + MINUTE)
    assert dict(Seen.objects.values_list("day", "visits")) == {date(2024, 3, 5): 1, date(2024, 3, 6): 1}


def test_a_batch_that_comes_days_late_is_added_to_the_closed_day():
    process, late = started(), started()
    process.open_page(TUESDAY, "a")
    process.flush(TUESDAY)
    late.open_page(TUESDAY, "b")
    started(TUESDAY + 2 * DAY)
    assert Day.objects.get().visits == 1
    late.flush(TUESDAY + 2 * DAY + MINUTE)
    assert started(TUESDAY + 3 * DAY).tally.show(TUESDAY + 3 * DAY).since == 2
    assert Day.objects.get().visits == 2


# --- days, salts, privacy


def test_a_day_is_closed_into_its_total_two_days_later_and_its_visitors_forgotten():
    process = started()
    for who in "abc":
        process.open_page(TUESDAY, who)
    process.open_page(TUESDAY + 40 * MINUTE, "a")
    process.flush(TUESDAY + 41 * MINUTE)
    started(TUESDAY + DAY)
    assert (Day.objects.count(), Seen.objects.count()) == (1, 3)
    shown = started(TUESDAY + 2 * DAY).tally.show(TUESDAY + 2 * DAY)
    assert list(Day.objects.values_list("day", "visits", "visitors")) == [(date(2024, 3, 5), 4, 3)]
    assert (Seen.objects.count(), Batch.objects.count(), shown.since) == (0, 0, 4)


def test_salts_live_for_their_day_and_tomorrows_is_made_at_noon():
    started(at(2024, 3, 5, 11))
    assert list(Salt.objects.values_list("day", flat=True)) == [date(2024, 3, 5)]
    started(at(2024, 3, 5, 13))
    assert set(Salt.objects.values_list("day", flat=True)) == {date(2024, 3, 5), date(2024, 3, 6)}
    process = started(at(2024, 3, 6, 1))
    assert set(Salt.objects.values_list("day", flat=True)) == {date(2024, 3, 6)}
    assert set(process.tally.salts) == {date(2024, 3, 6)}


def test_one_person_is_another_number_on_another_day_and_no_address_is_kept():
    process = started()
    process.open_page(TUESDAY)
    process.flush(TUESDAY)
    process.open_page(TUESDAY + DAY)
    process.flush(TUESDAY + DAY)
    numbers = list(Seen.objects.values_list("visitor", flat=True))
    assert len(set(numbers)) == 2
    columns = {field.name for model in (Seen, Day, Salt, Batch) for field in model._meta.fields}
    assert columns == {
        "pk",
        "day",
        "visitor",
        "first_seen",
        "last_seen",
        "visits",
        "added",
        "pauses",
        "visitors",
        "key",
        "id",
    }


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
    assert len(many) == len(few) <= 8  # savepoint, batch, visitors, day, release, figures, who was seen elsewhere


@pytest.mark.parametrize("servers", [1, 2])
def test_after_an_outage_of_hours_the_late_batches_of_two_processes_lose_and_add_nothing(servers):
    shared = Shared()
    one, other = started(shared=shared), started(shared=shared if servers == 1 else None)
    moments = [TUESDAY + hour * 3600 * SECOND for hour in range(4)]
    for number, moment in enumerate(moments):  # the database is down: nobody writes
        (one, other)[number % 2].open_page(moment)
        (one, other)[number % 2].open_page(moment + (number % 2) * 20 * MINUTE, "b")
    one.flush(moments[-1] + MINUTE)
    assert other.flush(moments[-1] + 2 * MINUTE).since == 8
    assert Day.objects.get().visits == 8 and Day.objects.get().visitors == 2


@pytest.mark.parametrize("first", [0, 1])
def test_a_visit_that_goes_on_in_another_process_is_put_in_its_place_hours_later(first):
    shared = Shared()
    pair = [started(shared=shared), started(shared=shared)]
    for process, minute in [(0, 0), (1, 60), (1, 80), (0, 100), (1, 200)]:
        pair[process].open_page(TUESDAY + minute * MINUTE)
    pair[first].flush(TUESDAY + 201 * MINUTE)
    assert pair[1 - first].flush(TUESDAY + 202 * MINUTE).since == 3 == Day.objects.get().visits


def test_one_address_cannot_mint_visitors_without_limit(settings):
    settings.VISITORS_PER_ADDRESS = 20
    process = started()
    for number in range(25):
        hit = process.tally.look(b"home", f"Mozilla/5.0 {number}", "127.0.0.1", TUESDAY)
        if hit:
            process.tally.count(hit)
    assert process.flush(TUESDAY).since == 20
    assert Refused.objects.get(reason="too many from one address").hits == 5
    assert process.tally.look(b"home", "Mozilla/5.0 1", "127.0.0.1", TUESDAY)
    assert process.tally.look(b"next door", "Mozilla/5.0 1", "127.0.0.1", TUESDAY)


def test_the_limit_of_an_address_holds_however_many_others_come_between(settings, monkeypatch):
    settings.VISITORS_PER_ADDRESS = 20
    monkeypatch.setattr("visitors.tally.MOST_NETWORKS", 100)
    process, taken = started(), 0
    for number in range(40):
        hit = process.tally.look(b"home", f"Mozilla/5.0 {number}", "127.0.0.1", TUESDAY)
        if hit:
            process.tally.count(hit)
            taken += 1
        for other in range(number * 10, number * 10 + 10):
            process.open_page(TUESDAY, str(other))
    assert taken == 20


def test_a_reader_who_stays_for_hours_keeps_their_address_among_those_of_the_hour():
    process = started()
    for step in range(46):
        process.open_page(TUESDAY + step * 4 * MINUTE)
        process.flush(TUESDAY + step * 4 * MINUTE + SECOND)
        assert process.tally.shared.addresses(TUESDAY + step * 4 * MINUTE) == 1, step


def test_the_views_of_a_page_do_not_fall_while_the_database_is_down(monkeypatch):
    process = started()
    process.tally.views("/tin/")
    process.flush(TUESDAY)
    hit = process.tally.look(b"net", "Mozilla/5.0", "127.0.0.1", TUESDAY)
    process.tally.count(hit, "/tin/")
    assert process.tally.views("/tin/") == 1
    monkeypatch.setattr(store, "apply", down)
    with pytest.raises(DatabaseError):
        process.flush(TUESDAY + SECOND)
    assert process.tally.views("/tin/") == 1


def down(*args):
    raise DatabaseError("down")


def test_what_waits_is_bounded_and_says_what_it_dropped():
    process = Process()
    for number in range(MOST_UNNUMBERED + 3):
        process.tally.count(process.tally.look(str(number).encode(), "Mozilla/5.0", "127.0.0.1", TUESDAY))
    assert process.tally.refused[date(2024, 3, 5)] == {"buffer full": 3}
    assert process.tally.dropped == 3


def test_the_figure_carried_over_is_set_once_however_often_and_may_be_large():
    for _ in range(2):
        call_command("carry_over", total=2**31 + 5, as_of=date(2024, 2, 20), source="sổ", verbosity=0)
    assert Start.objects.get().value == 2**31 + 5
    assert started().tally.show(TUESDAY).total == 2**31 + 5
    call_command("carry_over", remove=True, verbosity=0)
    assert started().tally.show(TUESDAY).total == 0


@pytest.mark.parametrize(
    "options", [{}, {"total": -1, "as_of": date(2024, 1, 1), "source": "x"}, {"total": 1, "as_of": date(2024, 1, 1)}]
)
def test_half_a_figure_to_carry_over_is_refused(options):
    with pytest.raises(CommandError, match="are all needed"):
        call_command("carry_over", **options)


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
