"""Several processes and one database: a visit is one whoever saw it, whatever is written late, twice or not at all."""

import uuid
from datetime import date

import pytest
from django.db import DatabaseError

from tests.counting import DAY, MINUTE, SECOND, TUESDAY, Process, down, started
from visitors import store
from visitors.hits import Pending, Row
from visitors.models import Day, Page, Refused, Seen
from visitors.shared import STOOD_IN, Shared

pytestmark = pytest.mark.django_db


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


def test_readers_of_another_server_are_online_no_sooner_than_they_are_counted(monkeypatch):
    one, other = started(), started()
    one.open_page(TUESDAY, "a")
    for who in "bcd":
        other.open_page(TUESDAY, who)
    real = store.recently_seen

    def recently_seen(*asked):  # between the two reads of `one` the other one writes
        monkeypatch.setattr(store, "recently_seen", real)
        other.flush(TUESDAY)
        return real(*asked)

    monkeypatch.setattr(store, "recently_seen", recently_seen)
    shown = one.flush(TUESDAY)
    assert shown.online <= shown.today
    assert one.flush(TUESDAY + SECOND)[:5] == (4, 4, 4, 0, 4)


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


def test_a_round_of_one_process_takes_nothing_for_lost_that_another_saw_within_the_last_two_minutes():
    shared = Shared()
    one, other = started(shared=shared), started(shared=shared)
    for who in "abcde":
        one.open_page(TUESDAY, who)
    one.open_page(TUESDAY + 61 * SECOND, "f")
    other.flush(TUESDAY + 65 * SECOND)
    assert one.open_page(TUESDAY + 66 * SECOND, "g").today == 7


def test_two_pages_that_one_reader_opens_at_once_after_a_pause_begin_a_visit_in_the_database_too(monkeypatch):
    shared, back = Shared(), TUESDAY + 40 * MINUTE
    one, other = started(shared=shared), started(shared=shared)
    one.open_page(TUESDAY)
    one.flush(TUESDAY)
    arrive = shared.arrive

    def overtaken(*hit):  # the other process has looked at who was here last, and is overtaken by this one
        monkeypatch.setattr(shared, "arrive", arrive)
        one.open_page(back)
        return arrive(*hit)

    monkeypatch.setattr(shared, "arrive", overtaken)
    other.open_page(back + 1)
    one.flush(back + SECOND)
    other.flush(back + 2 * SECOND)
    assert store.read_figures(date(2024, 3, 5)).today == 2


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_what_two_processes_of_one_server_saw_in_turns_during_an_outage_is_exact_whoever_writes_first(order):
    shared, back = Shared(), TUESDAY + 40 * MINUTE
    both = [started(shared=shared), started(shared=shared)]
    both[1].open_page(TUESDAY)
    both[0].open_page(back)
    both[1].open_page(back + SECOND)
    for number in order:
        both[number].flush(back + MINUTE)
    assert store.read_figures(date(2024, 3, 5)).today == both[0].flush(back + 2 * MINUTE).today == 2


@pytest.mark.parametrize("workers", [2, 4, 8])
def test_an_outage_of_an_hour_with_readers_who_return_to_any_worker_is_one_list_of_the_hits(workers):
    shared = Shared()
    processes = [started(shared=shared) for _ in range(workers)]
    for number in range(200):
        for turn, after in enumerate((0, 40 * MINUTE, 40 * MINUTE + 15 * SECOND, 41 * MINUTE)):
            moment = TUESDAY + number * SECOND + after
            processes[(number * 7 + turn * 3) % workers].open_page(moment, str(number))
    for process in processes:
        process.flush(TUESDAY + 60 * MINUTE)
    day = Day.objects.get()
    assert (day.visits, day.visitors) == (400, 200)
    assert {process.flush(TUESDAY + 61 * MINUTE).today for process in processes} == {400}


def test_a_hit_that_comes_late_by_seconds_and_bridges_a_pause_makes_one_visit_of_two():
    one, elsewhere = started(), started()
    one.open_page(TUESDAY)
    elsewhere.open_page(TUESDAY + 29 * MINUTE + 50 * SECOND)
    one.open_page(TUESDAY + 30 * MINUTE + 10 * SECOND)
    one.flush(TUESDAY + 31 * MINUTE)
    elsewhere.flush(TUESDAY + 35 * MINUTE)
    assert store.read_figures(date(2024, 3, 5)).today == 1


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


def test_a_process_that_has_not_reached_the_database_knows_the_readers_of_those_that_have():
    shared = Shared()
    one, other = Process(shared), Process(shared)
    one.open_page(TUESDAY, "a")
    other.open_page(TUESDAY, "b")
    one.flush(TUESDAY + SECOND)
    for step, who in enumerate("aabbaab"):
        shown = (one, other)[step % 2].open_page(TUESDAY + MINUTE + step * SECOND, who)
    assert shown[:3] == (1, 1, 1)  # "b" came before anything was read, and is not written yet
    other.flush(TUESDAY + 2 * MINUTE)
    for process in (one, other):
        assert process.flush(TUESDAY + 3 * MINUTE)[:3] == (2, 2, 2)
        assert (process.tally.salts, process.tally.unnumbered) == (one.tally.salts, 0)
    assert Day.objects.get().visits == Seen.objects.count() == 2


def test_after_a_start_without_the_database_those_whom_it_knows_are_not_new_when_it_is_back():
    before, shared = started(), Shared()
    for who in "abcde":
        before.open_page(TUESDAY, who)
    before.flush(TUESDAY)
    one, other = Process(shared), Process(shared)
    for process, who in [(one, "a"), (one, "b"), (other, "b"), (other, "c"), (other, "f")]:
        assert process.open_page(TUESDAY + MINUTE, who) is None
    for process in (one, other, one):
        shown = process.flush(TUESDAY + 2 * MINUTE)
        assert shown.today == Day.objects.get().visits
    assert shown.today == 6


def test_without_a_salt_for_the_day_the_processes_of_one_server_know_each_others_readers(monkeypatch):
    shared = Shared()
    pair = [started(shared=shared), started(shared=shared)]
    for name in ("salts", "kept_salts", "apply", "read_figures"):
        monkeypatch.setattr(store, name, down)
    night = TUESDAY + 15 * 60 * MINUTE + MINUTE  # no process has seen the database since nine in the morning
    for step, who in enumerate(["abc", "bca", "cab", "abd"]):
        for process, reader in zip([*pair, pair[step % 2]], who, strict=True):
            shown = process.open_page(night + step * MINUTE, reader)
    assert (shown.today, shown.online) == (4, 4)
    monkeypatch.undo()
    assert pair[0].flush(night + 5 * MINUTE).today == 4
    for reader in "abcd":  # those whom the other one has had by no number yet
        shown = pair[0].open_page(night + 6 * MINUTE, reader)
    assert (shown.today, shown.online) == (4, 4)
    assert [process.flush(night + 7 * MINUTE).today for process in pair[::-1]] == [4, 4]
    assert (Day.objects.get().visits, Day.objects.get().visitors) == (4, 4)


def test_a_reader_of_a_day_that_had_no_salt_is_one_visitor_whichever_processes_of_a_server_had_them(monkeypatch):
    shared = Shared()
    pair = [Process(shared), Process(shared)]
    midnight = TUESDAY + 15 * 60 * MINUTE
    for number, process in enumerate(pair):
        process.open_page(midnight - 10 * MINUTE + number * SECOND)
    for process in pair:
        process.flush(midnight + MINUTE)
    day = Day.objects.get(day=date(2024, 3, 5))
    assert (day.visits, day.visitors) == (1, 1)
    for process in pair:
        process.flush(midnight + 2 * DAY)
    assert not any(shared.stand_ins.words.tolist()) and not shared.words[STOOD_IN]


def test_new_processes_that_meet_an_outage_show_nobody_twice_when_it_is_over(monkeypatch):
    shared = Shared()
    started(shared=shared)
    one, other = Process(shared), Process(shared)  # in place of it
    for name in ("salts", "kept_salts", "apply", "read_figures", "recently_seen"):
        monkeypatch.setattr(store, name, down)
    for minute, process in ((1, other), (2, one)):
        for who in "abcde":
            process.open_page(TUESDAY + minute * MINUTE, who)
    monkeypatch.undo()
    back = TUESDAY + 60 * MINUTE
    assert [process.flush(back + step * SECOND).since for step, process in enumerate([one, other, one])] == [5, 5, 5]
    assert one.open_page(back + MINUTE, "new").since == 6


def test_the_last_hit_that_another_process_had_is_not_forgotten_when_the_salt_comes():
    shared = Shared()
    one, other = Process(shared), Process(shared)
    one.open_page(TUESDAY, "a")
    other.open_page(TUESDAY + 23 * MINUTE, "a")
    one.flush(TUESDAY + 30 * MINUTE)
    assert one.open_page(TUESDAY + 31 * MINUTE, "a").since == 1
    other.flush(TUESDAY + 32 * MINUTE)
    assert one.flush(TUESDAY + 33 * MINUTE).since == Day.objects.get().visits == 1


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
