"""The four figures between reads: whole after any sequence of hits, flushes, failures and clock moves; online exact."""

import contextlib
import re
import threading
from datetime import date

import pytest
from django.core.management import call_command
from django.db import DatabaseError
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.counting import DAY, MINUTE, SECOND, TUESDAY, Process, at, known, started
from tests.factories import make_withdrawn
from visitors import clock, store
from visitors.models import Batch, Day, Salt, Seen, Start
from visitors.shared import Shared
from visitors.tally import Tally

pytestmark = pytest.mark.django_db
MODELS = (Seen, Day, Batch, Salt)


def empty():
    for model in MODELS:
        model.objects.all().delete()


def down(*args):
    raise DatabaseError("down")


# --- online


def test_who_reads_on_both_sides_of_midnight_is_online_once_before_and_after_any_flush():
    midnight = at(2024, 3, 6)
    process = started(midnight - 10 * SECOND)
    assert process.open_page(midnight - 100).online == 1
    assert process.open_page(midnight + 100).online == 1
    assert process.open_page(midnight + 200, "b").online == 2
    assert process.flush(midnight + 10 * SECOND).online == 2
    assert process.open_page(midnight + 11 * SECOND, "c").online == 3
    assert process.open_page(midnight + 12 * SECOND, "a").online == 3


def test_new_readers_of_a_new_day_show_beside_those_that_were_read_already():
    midnight = at(2024, 3, 6)
    process = started(midnight + SECOND)
    for who in "abc":
        process.open_page(midnight + 2 * SECOND, who)
    process.flush(midnight + 3 * SECOND)
    assert process.open_page(midnight + 4 * SECOND, "d").online == 4


def test_a_reader_who_stays_is_counted_online_once_while_a_flush_is_under_way(monkeypatch):
    process = started()
    for who in "abc":
        process.open_page(TUESDAY, who)
    process.flush(TUESDAY + SECOND)
    read = store.read_figures

    def busy(*args):
        for who in "abcd":
            process.open_page(TUESDAY + 3 * SECOND, who)
        return read(*args)

    monkeypatch.setattr(store, "read_figures", busy)
    assert process.flush(TUESDAY + 2 * SECOND).online == 4


def test_a_reader_who_comes_back_while_a_flush_no_longer_sees_them_is_online(monkeypatch):
    process = started()
    process.open_page(TUESDAY, "a")
    process.open_page(TUESDAY + 4 * MINUTE, "b")
    process.flush(TUESDAY + 4 * MINUTE)
    read, later = store.read_figures, TUESDAY + 5 * MINUTE

    def busy(*args):
        process.open_page(later + 100, "a")
        return read(*args)

    monkeypatch.setattr(store, "read_figures", busy)
    assert process.flush(later).online == 2


def test_a_page_of_one_who_was_away_five_minutes_counts_them_online_once():
    process = started()
    process.open_page(TUESDAY)
    process.flush(TUESDAY + 4 * MINUTE)
    assert process.open_page(TUESDAY + 5 * MINUTE + SECOND).online == 1
    assert process.flush(TUESDAY + 5 * MINUTE + 2 * SECOND).online == 1


def test_while_the_database_is_down_readers_who_left_are_not_shown_online_for_hours(monkeypatch):
    process = started()
    for number in range(20):
        process.open_page(TUESDAY, str(number))
    process.flush(TUESDAY + SECOND)
    monkeypatch.setattr(store, "read_figures", down)
    for minute in range(1, 60):
        process.open_page(TUESDAY + minute * MINUTE, f"new {minute}")
        with pytest.raises(DatabaseError):
            process.flush(TUESDAY + minute * MINUTE + SECOND)
    assert process.tally.show(TUESDAY + 60 * MINUTE).online == 5
    assert process.tally.show(TUESDAY + 60 * MINUTE).today == 20 + 59


# --- today, week, all


def test_addresses_of_a_clock_that_was_ahead_are_of_the_hour_in_which_it_was_set_right():
    process, ahead = started(TUESDAY + DAY), TUESDAY + DAY
    for who in "abc":
        process.open_page(ahead, who)
    process.flush(ahead)
    process.flush(TUESDAY)
    shared = process.tally.shared
    assert [shared.addresses(TUESDAY + minutes * MINUTE) for minutes in (0, 59, 61)] == [3, 3, 0]


@pytest.mark.parametrize("ahead", [8, 20, 29, 180])
def test_who_was_here_while_the_clock_was_ahead_was_here_when_it_was_set_right(ahead):
    process = started(TUESDAY + ahead * MINUTE)
    for who in "abc":
        process.open_page(TUESDAY + ahead * MINUTE, who)
    assert process.flush(TUESDAY + ahead * MINUTE).online == 3
    process.open_page(TUESDAY + SECOND, "d")
    shown = [process.flush(TUESDAY + minute * MINUTE + 2 * SECOND).online for minute in range(ahead + 10)]
    assert shown[:5] == [4] * 5
    # the database has their last hit at an hour still to come, and nobody can tell it from another server's when it comes
    assert set(shown[6 : ahead - 5] + shown[ahead + 6 :]) == {1}


def test_the_first_worker_that_writes_after_an_outage_puts_back_no_old_moment(monkeypatch):
    shared = Shared()
    one, other = started(shared=shared), started(shared=shared)
    late = TUESDAY + 20 * MINUTE
    for who in "abc":
        one.open_page(TUESDAY, who)
        other.open_page(late, who)
    shown = [one.flush(late).online, one.flush(late + SECOND).online, other.flush(late + 2 * SECOND).online]
    assert shown == [3, 3, 3]


def test_who_came_while_the_database_was_away_from_the_start_is_online_by_their_last_hit_and_shown_once(monkeypatch):
    shared = Shared()
    both = [Process(shared), Process(shared)]
    for number in range(100):
        both[0].open_page(TUESDAY, str(number))
        both[1].open_page(TUESDAY + 6 * MINUTE, str(number))
    now = TUESDAY + 6 * MINUTE + SECOND
    shown = [process.flush(now) for process in both * 2]
    assert [(figures.today, figures.online) for figures in shown[1:]] == [(100, 100)] * 3


def test_all_a_process_shows_never_falls_although_it_took_another_ones_visitors_for_new():
    one, other = started(), started()
    for who in "abc":
        one.open_page(TUESDAY, who)
        one.flush(TUESDAY + SECOND)
    shown = [other.open_page(TUESDAY + 2 * SECOND, who) for who in "abcd"][-1]
    assert other.flush(TUESDAY + 3 * SECOND).since >= shown.since == 4


def test_a_site_that_cannot_remember_all_its_readers_shows_a_minute_of_them_too_many_and_no_more(monkeypatch):
    monkeypatch.setattr("visitors.shared.VISITORS", 64)
    process, most = started(), 0
    for second in range(0, 3600, 5):  # 200 readers in turns, each back after 17 minutes
        process.open_page(TUESDAY + second * SECOND, str(second // 5 % 200))
        shown = process.flush(TUESDAY + second * SECOND)  # after each hit: the surplus has but one of this round
        most = max(most, shown.today - store.read_figures(clock.day_of(TUESDAY)).today)
    assert store.read_figures(clock.day_of(TUESDAY)).today == 200
    assert 0 < most <= 2 * 60 / 5 + 1


def test_a_visitor_of_another_server_who_comes_while_the_figures_are_read_is_shown_once(monkeypatch):
    elsewhere, process = started(), started()
    elsewhere.open_page(TUESDAY)
    elsewhere.flush(TUESDAY)
    read = store.read_figures

    def busy(*args):
        figures = read(*args)
        process.tally.count(process.tally.look(b"neta", "Mozilla/5.0", "127.0.0.1", TUESDAY + SECOND))
        return figures

    monkeypatch.setattr(store, "read_figures", busy)
    process.tally.flush(TUESDAY + SECOND)
    assert process.tally.show(TUESDAY + SECOND).since == 1
    assert process.flush(TUESDAY + 2 * SECOND).since == 1


def test_a_round_that_began_before_midnight_and_took_its_time_leaves_the_new_day_its_figures(monkeypatch):
    midnight, shared = at(2024, 3, 11), Shared()  # a Monday
    slow, quick = started(midnight - MINUTE, shared), started(midnight - MINUTE, shared)
    slow.open_page(midnight - 20 * SECOND, "a")
    read = store.read_figures

    def late(*args):
        figures = read(*args)
        for number, who in enumerate("bcd"):
            quick.open_page(midnight + number * SECOND, who)
        return figures

    monkeypatch.setattr(store, "read_figures", late)
    slow.tally.flush(midnight - 10 * SECOND)
    monkeypatch.undo()
    assert quick.tally.show(midnight + 4 * SECOND)[:3] == (3, 3, 4)
    assert quick.tally.show(midnight + 6 * MINUTE).online == 3
    assert slow.flush(midnight + 7 * SECOND)[:3] == (3, 3, 4)


def test_a_clock_that_was_a_day_ahead_leaves_the_figures_of_today_as_soon_as_it_is_right():
    process = started()
    process.open_page(TUESDAY, "a")
    process.flush(TUESDAY)
    process.open_page(TUESDAY + 2 * DAY, "b")
    process.flush(TUESDAY + 2 * DAY)
    shown = process.flush(TUESDAY + MINUTE)
    assert (shown.today, shown.week, shown.since) == (1, 2, 2)
    assert process.open_page(TUESDAY + 2 * MINUTE, "c").today == 2
    assert process.flush(TUESDAY + 3 * MINUTE)[:3] == (2, 2, 3)  # the week has two again, of its own


def test_two_pages_that_one_reader_opens_at_once_show_one_visit():
    process = started()
    first, second = (process.tally.look(b"net", "Mozilla/5.0", "127.0.0.1", TUESDAY) for _ in range(2))
    assert process.tally.show(TUESDAY, first)[:3] == (1, 1, 1)
    process.tally.count(first)
    shown = process.tally.show(TUESDAY, second)
    assert (shown.since, shown.online) == (1, 1)


def test_a_figure_carried_over_while_the_site_runs_shows_at_the_next_read_and_goes_when_removed():
    process = started()
    process.open_page(TUESDAY)
    call_command("carry_over", total=3_489_813, as_of=date(2024, 2, 20), source="x", verbosity=0)
    assert process.flush(TUESDAY + SECOND).total == 3_489_814
    call_command("carry_over", remove=True, source="another", verbosity=0)
    assert Start.objects.count() == 1
    call_command("carry_over", remove=True, source="x", verbosity=0)
    assert process.flush(TUESDAY + 2 * SECOND).total == 1


def test_the_footer_shows_the_figures_the_vietnamese_way_with_the_reader_in_them(client, monkeypatch):
    from visitors.timer import timer

    call_command("carry_over", total=3_489_813, as_of=date(2024, 2, 20), source="x", verbosity=0)
    monkeypatch.setattr(timer, "tally", Tally())
    timer.tally.flush(clock.now())
    agent = "Mozilla/5.0 (X11; rv:125.0) Gecko/20100101 Firefox/125.0"

    def footer(path, agent=agent):
        page = client.get(path, headers={"user-agent": agent, "host": "127.0.0.1"}).content.decode()
        return re.findall(r'data-visitors="\w+">([\d.]+)<', page)

    withdrawn = make_withdrawn().get_absolute_url()
    for path in ("/khong-co/", withdrawn):
        assert footer(path) == ["1", "0", "0", "3.489.813"]  # a page that is not there counts nobody
    assert footer("/", "curl/8.5") == ["1", "0", "0", "3.489.813"]
    assert footer("/") == ["1", "1", "1", "3.489.814"]
    assert footer("/") == ["1", "1", "1", "3.489.814"]
    assert footer("/", agent + " x") == ["2", "2", "2", "3.489.815"]


def test_before_anything_was_read_the_footer_shows_nothing(client, monkeypatch):
    from visitors.timer import timer

    monkeypatch.setattr(timer, "tally", Tally())
    page = client.get("/", headers={"user-agent": "Mozilla/5.0", "host": "127.0.0.1"})
    assert page.status_code == 200
    assert "visitor-figures__" not in page.content.decode()


def test_threads_that_count_look_show_and_flush_at_once_lose_nothing():
    tally, failures = Tally(), []
    tally.salts = {date(2024, 3, 5): b"k" * 32}
    tally.flush(TUESDAY)

    def read(seed):
        try:
            for step in range(400):
                moment = TUESDAY + step * SECOND
                hit = tally.look(b"%d" % (step * 7 % 100), f"Mozilla/5.0 {seed % 2}", "127.0.0.1", moment)
                tally.show(moment, hit)
                tally.count(hit)
                tally.refuse("bot", moment)
                if step % 8 == seed:  # in every step by one of them
                    tally._count_online(date(2024, 3, 5), moment)
                tally._pack()
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=read, args=(seed,)) for seed in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    tally._pack()
    assert {number for batch in tally.pending for number in batch.rows} == known(tally.shared) and len(
        known(tally.shared)
    ) == 200
    assert tally.show(TUESDAY).since == 200
    assert sum(batch.refused.get("bot", 0) for batch in tally.pending) == 8 * 400


steps = st.lists(
    st.tuples(
        st.sampled_from(["hit", "hit", "hit", "hit", "flush", "flush", "down", "restart"]),
        st.integers(0, 1),
        st.integers(0, 4),
        st.sampled_from([0, 1, 3, 4, 6, 29, 30, 31, 300, 1440, 2880, -1, -40, -1440]),
    ),
    max_size=40,
)


@given(steps, st.sampled_from([at(2024, 3, 10, 23, 40), at(2024, 12, 31, 12), at(2024, 3, 5, 0, 3)]))
@settings(max_examples=120, deadline=None)
def test_after_any_steps_of_two_servers_the_figures_are_in_order_and_all_never_falls(steps, moment):
    """Two servers, so without shared memory. A flush may fail after it wrote; a process may end and another begin."""
    empty()
    processes = [Process(), Process()]
    shown = [0, 0]
    for act, number, who, minutes in steps:
        moment += minutes * MINUTE
        process = processes[number]
        if act == "restart":
            process.flush(moment)
            processes[number], shown[number] = Process(), 0
            continue
        if act == "down":
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(store, "read_figures", down)
                with pytest.raises(DatabaseError):
                    process.flush(moment)
            figures = process.tally.show(moment)
        else:
            figures = process.flush(moment) if act == "flush" else process.open_page(moment, str(who))
        if figures:
            assert 0 <= figures.today <= figures.week <= figures.since
            assert figures.online >= 1
            assert figures.since >= shown[number]
            shown[number] = figures.since


@given(
    st.lists(
        st.tuples(
            st.integers(0, 3), st.sampled_from([0, 1, 10, 29, 30, 31, 200, 900, 1500]), st.booleans(), st.booleans()
        ),
        max_size=50,
    )
)
@settings(max_examples=120, deadline=None)
def test_one_process_shows_at_every_page_exactly_what_one_list_of_the_hits_says(hits):
    """Whether or not it was flushed, whether or not the database took it, over midnights, weeks and closed days."""
    empty()
    process, moment, last = started(at(2024, 3, 8, 21)), at(2024, 3, 8, 21), {}
    visits = []  # the day of each
    for who, minutes, flush, is_down in hits:
        moment += minutes * MINUTE
        day = clock.day_of(moment)
        if flush and is_down:
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(store, "apply", down)
                with contextlib.suppress(DatabaseError):  # nothing to write is no failure
                    process.flush(moment)
        elif flush:
            process.flush(moment)
        if (who, day) not in last or moment - last[who, day] >= 30 * MINUTE:
            visits.append(day)
        last[who, day] = moment
        figures = process.open_page(moment, str(who))
        monday = clock.monday_of(day)
        assert (figures.today, figures.week, figures.since) == (
            visits.count(day),
            sum(other >= monday for other in visits),
            len(visits),
        )
        here = {who for (who, _), hit in last.items() if hit > moment - 5 * MINUTE}
        if moment - clock.day_start(day) >= 5 * MINUTE and flush and not is_down:
            assert process.tally.show(moment + 6 * SECOND).online == len(here)  # 5 s in which it does not fall
