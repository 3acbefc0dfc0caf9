"""When the database is down, slow, full or strange: memory stays bounded, pages are served, and what can be kept is counted."""

import uuid
from datetime import date

import pytest
from django.db import DatabaseError, OperationalError

from tests.counting import DAY, MINUTE, SECOND, TUESDAY, Process, at, known, started
from visitors import store, tally
from visitors.hits import Pending, Row
from visitors.models import Batch, Day, Page, Salt, Seen

pytestmark = pytest.mark.django_db
AGENT = "Mozilla/5.0 (X11; rv:125.0) Gecko/20100101 Firefox/125.0"


@pytest.fixture
def outage(monkeypatch):
    """``outage(True)``: every statement of the counter fails; ``outage(False)``: the database is back."""
    names = [
        "apply",
        "views_of",
        "salts",
        "kept_salts",
        "begin_day",
        "read_figures",
        "recently_seen",
    ]
    real = {name: getattr(store, name) for name in names}

    def fails(*args):
        raise OperationalError("database or disk is full")

    def switch(on):
        for name in names:
            monkeypatch.setattr(store, name, fails if on else real[name])

    return switch


def try_flush(process, moment):
    with pytest.raises(DatabaseError):
        process.flush(moment)


# --- midnight without a database


def test_down_at_midnight_both_days_are_counted_as_they_were(outage):
    midnight = at(2024, 3, 6)
    process = started(midnight - 11 * 60 * MINUTE)
    outage(True)
    for minutes in (-20, -10, 10, 20, 60):
        process.open_page(midnight + minutes * MINUTE)
        try_flush(process, midnight + minutes * MINUTE + SECOND)
    outage(False)
    shown = process.flush(midnight + 61 * MINUTE)
    assert (shown.today, shown.week, shown.since) == (2, 3, 3)
    assert dict(Seen.objects.values_list("day", "visits")) == {date(2024, 3, 5): 1, date(2024, 3, 6): 2}


def test_down_from_noon_over_midnight_visitors_wait_without_a_salt_and_are_counted(outage):
    noon = at(2024, 3, 5, 11, 59)
    process = started(noon)
    outage(True)
    midnight = at(2024, 3, 6)
    for who in "ab":
        process.open_page(midnight + MINUTE, who)
        process.open_page(midnight + 10 * MINUTE, who)
    try_flush(process, midnight + 11 * MINUTE)
    outage(False)
    process.open_page(midnight + 12 * MINUTE, "a")
    assert process.flush(midnight + 13 * MINUTE).today == 2
    assert process.open_page(midnight + 14 * MINUTE, "b").today == 2
    assert process.tally.unnumbered == 0


def test_down_from_the_start_for_a_whole_day_its_visitors_are_counted_on_that_day(outage):
    outage(True)
    process = Process()
    for who in "abc":
        process.open_page(TUESDAY, who)
    process.open_page(TUESDAY + DAY, "a")
    outage(False)
    shown = process.flush(TUESDAY + DAY + MINUTE)
    assert (shown.today, shown.since) == (1, 4)
    assert not Salt.objects.filter(day=date(2024, 3, 5)).exists()
    assert (process.tally.waiting, process.tally.unnumbered) == ({}, 0)


def test_what_is_left_of_yesterdays_salt_is_used_for_yesterdays_visitors(outage):
    other = started()
    other.open_page(TUESDAY)
    other.flush(TUESDAY)
    outage(True)
    process = Process()
    process.open_page(TUESDAY + MINUTE)
    outage(False)
    process.flush(TUESDAY + DAY)
    assert [seen.visits for seen in Seen.objects.all()] == [1]


def test_down_for_three_days_every_visit_is_on_its_day_and_closed_days_are_whole(outage):
    process = started()
    outage(True)
    for day in range(4):
        process.open_page(TUESDAY + day * DAY, "a")
        process.open_page(TUESDAY + day * DAY + 40 * MINUTE, "a")
        try_flush(process, TUESDAY + day * DAY + 41 * MINUTE)
    outage(False)
    assert process.flush(TUESDAY + 3 * DAY + 42 * MINUTE).since == 8
    assert list(Day.objects.order_by("day").values_list("visits", "visitors")) == [(2, 1)] * 4
    assert sorted(Seen.objects.values_list("visits", flat=True)) == [2, 2]


def test_a_process_that_can_read_but_not_write_shows_the_figures_and_keeps_its_visitors(monkeypatch):
    other = started()
    other.open_page(TUESDAY, "b")
    other.flush(TUESDAY)
    monkeypatch.setattr(store, "apply", lambda *args: (_ for _ in ()).throw(OperationalError("database is locked")))
    process = Process()
    process.open_page(TUESDAY)
    for moment in (TUESDAY + SECOND, TUESDAY + 2 * SECOND):
        try_flush(process, moment)
        assert process.tally.show(moment).since == 2
    monkeypatch.undo()
    assert process.flush(TUESDAY + MINUTE).since == 2


def test_a_visitor_looked_at_before_the_salt_came_is_the_same_one_after_it():
    process = Process()
    early = process.tally.look(b"neta", "Mozilla/5.0", "127.0.0.1", TUESDAY)
    process.flush(TUESDAY)
    process.open_page(TUESDAY + SECOND)
    process.open_page(TUESDAY + 40 * MINUTE)
    process.tally.count(early)
    assert len(known(process.tally.shared)) == 1
    assert process.flush(TUESDAY + 40 * MINUTE + SECOND).since == 2


# --- for hours


def test_what_waits_stays_bounded_however_often_a_flush_fails_and_the_rest_is_counted(outage, monkeypatch):
    monkeypatch.setattr(tally, "MOST_WAITING", 50)
    process = started()
    outage(True)
    for number in range(400):
        process.open_page(TUESDAY + number * SECOND, str(number))
        if number % 10 == 0:
            try_flush(process, TUESDAY + number * SECOND)
    held = sum(len(batch.rows) for batch in process.tally.pending) + sum(map(len, process.tally.waiting.values()))
    assert held <= 2 * 50
    assert process.tally.dropped == 400 - held
    outage(False)
    assert process.flush(TUESDAY + 401 * SECOND).since >= held
    assert Seen.objects.count() == held


def test_readers_who_return_again_and_again_during_an_outage_wait_within_bounds_and_what_is_too_much_is_said(
    outage, monkeypatch
):
    monkeypatch.setattr(tally, "MOST_PAUSES", 3)
    process, moments = started(), [TUESDAY + n * 31 * MINUTE for n in range(6)]
    outage(True)
    for moment in moments:
        process.open_page(moment)
        process.open_page(moment + SECOND)
    assert process.tally.dropped == 4  # the two hits of each of the last two visits
    outage(False)
    assert process.flush(moments[-1] + MINUTE).today == 6
    assert store.read_figures(date(2024, 3, 5)).today == 4
    for moment in moments:
        process.open_page(moment + 6 * 31 * MINUTE)
    assert process.tally.dropped == 6


def test_one_flush_after_an_outage_writes_all_of_it(outage):
    process = started()
    outage(True)
    for number in range(5):
        process.open_page(TUESDAY + number * SECOND, str(number))
        try_flush(process, TUESDAY + number * SECOND)
    assert len(process.tally.pending) == 1
    outage(False)
    process.flush(TUESDAY + MINUTE)
    assert (Seen.objects.count(), Batch.objects.count(), process.tally.pending) == (5, 2, [])


def test_the_memory_of_addresses_and_reasons_begins_anew_each_day():
    process = started()
    process.open_page(TUESDAY)
    process.tally.refuse("bot", TUESDAY)
    process.flush(TUESDAY + SECOND)
    for day in (1, 2):
        process.flush(TUESDAY + day * DAY)
    assert not process.tally.minted and not process.tally.refused
    assert set(process.tally.salts) == {date(2024, 3, 7)}


def test_a_day_of_many_visitors_is_forgotten_over_several_rounds(monkeypatch):
    process = started()
    for number in range(20):
        process.open_page(TUESDAY, str(number))
    process.flush(TUESDAY + SECOND)
    monkeypatch.setattr(store, "ROWS_A_BATCH", 8)
    left = []
    for number in range(4):
        process.flush(TUESDAY + 2 * DAY + number * SECOND)
        left.append(Seen.objects.count())
    assert left == [12, 4, 0, 0]
    assert set(process.tally.salts) == {date(2024, 3, 7)}


def test_the_batches_of_a_day_are_forgotten_over_several_rounds_too(monkeypatch):
    monkeypatch.setattr(store, "ROWS_A_BATCH", 2)
    Batch.objects.bulk_create(Batch(id=uuid.uuid4(), day=date(2024, 3, 3)) for _ in range(5))
    left = [[store.begin_day(date(2024, 3, 5)), Batch.objects.count()] for _ in range(3)]
    assert left == [[False, 3], [False, 1], [True, 0]]


def test_a_path_that_no_database_takes_is_not_kept_and_holds_up_no_batch():
    process = started()
    for path in ("/a\0b/", "/tin-m\u1edbi/", "/\U0001f600/", '/"\\/', "/" + "x" * 200):
        process.tally.count(process.tally.look(b"net", "Mozilla/5.0", "127.0.0.1", TUESDAY), path)
    assert process.flush(TUESDAY + SECOND).since == 1
    assert set(Page.objects.values_list("path", flat=True)) == {"/tin-m\u1edbi/", "/\U0001f600/", '/"\\/'}


def test_more_visitors_than_a_batch_holds_are_written_in_several(monkeypatch):
    monkeypatch.setattr(store, "ROWS_A_BATCH", 7)
    process = started()
    for number in range(20):
        process.open_page(TUESDAY, str(number))
    assert process.flush(TUESDAY + SECOND).since == 20
    assert Batch.objects.count() == 3


def test_a_batch_of_the_largest_size_is_one_statement_on_this_database():
    rows = {number: Row(TUESDAY, TUESDAY, 1, 1) for number in range(store.ROWS_A_BATCH)}
    store.apply(Pending(uuid.uuid4(), date(2024, 3, 5), rows))
    assert Seen.objects.count() == store.ROWS_A_BATCH
