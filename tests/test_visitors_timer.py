"""The thread that writes: it goes on whatever it meets, says so, and ends with its process."""

import logging
import threading
import time

import pytest
from django.db import OperationalError, ProgrammingError

from tests.counting import TUESDAY
from visitors import timer as timer_module
from visitors.tally import Tally
from visitors.timer import Timer, pause_after

pytestmark = pytest.mark.django_db
AGENT = "Mozilla/5.0 (X11; rv:125.0) Gecko/20100101 Firefox/125.0"


@pytest.fixture
def thread(monkeypatch, settings):
    """A timer with a database that does what ``thread.does`` does, and that waits for nobody."""

    class Connection:
        def close(self):
            pass

    settings.VISITORS_FLUSH_SECONDS = 0.02
    monkeypatch.setattr(timer_module, "connection", Connection())
    monkeypatch.setattr(timer_module, "close_old_connections", lambda: None)
    made = Timer()
    made.rounds = []
    made.does = lambda: None

    def flush(moment):
        made.rounds.append(moment)
        made.does()

    monkeypatch.setattr(made.tally, "flush", flush)
    yield made
    made.end()


def fails(error):
    def act(*args):
        raise error

    return act


@pytest.mark.parametrize(
    "error",
    [OperationalError("database is locked"), ProgrammingError('relation "visitors_seen" does not exist'), ValueError("?")],
)  # fmt: skip
def test_whatever_a_round_meets_the_thread_goes_on_and_says_so_once_a_minute(thread, caplog, error):
    thread.does = fails(error)
    thread.start()
    thread.tally.dropped = 7
    until = time.monotonic() + 5
    while len(thread.rounds) < 3 and time.monotonic() < until:
        threading.Event().wait(0.01)
    assert len(thread.rounds) >= 3 and thread.thread.is_alive()
    lines = [record for record in caplog.records if record.name == "visitors"]
    assert len(lines) == 1 and lines[0].levelno >= logging.WARNING
    assert "in memory" in lines[0].getMessage() or "pages are served" in lines[0].getMessage()
    thread.said_at -= 60
    thread.say(error)
    assert "7 hits were dropped" in caplog.records[-1].getMessage()


def test_what_there_was_no_room_for_is_said_also_while_the_database_is_well_and_once(thread, caplog):
    thread.tally.dropped = 7
    thread.flush(), thread.flush()
    assert [record.getMessage() for record in caplog.records] == ["7 hits were dropped, there was no room for more"]
    thread.said_at -= 60
    thread.flush()
    assert len(caplog.records) == 1
    thread.tally.dropped += 2
    thread.flush()
    assert caplog.records[-1].getMessage() == "2 hits were dropped, there was no room for more"


def test_each_failure_doubles_the_pause_up_to_a_minute(settings):
    settings.VISITORS_FLUSH_SECONDS = 10
    assert [pause_after(failures) for failures in (0, 1, 2, 3, 100_000)] == [10, 20, 40, 60, 60]


def test_a_request_waits_half_a_second_for_the_first_figures_and_no_longer(thread, monkeypatch):
    monkeypatch.setattr(timer_module, "FIRST_READ", 0.05)
    hangs = threading.Event()
    thread.does = lambda: hangs.wait(5)
    began = time.monotonic()
    thread.start()
    assert time.monotonic() - began >= 0.05
    waits = []
    with monkeypatch.context() as patch:
        patch.setattr(thread.first_read, "wait", waits.append)
        for _ in range(100):
            thread.start()
    assert waits == [0] * 100
    hangs.set()
    assert thread.first_read.wait(5)


def test_every_request_of_the_first_moment_waits_for_the_figures(thread):
    reads = threading.Event()
    thread.does = lambda: reads.wait(5)
    seen = []
    requests = [threading.Thread(target=lambda: (thread.start(), seen.append(reads.is_set()))) for _ in range(4)]
    for request in requests:
        request.start()
    reads.set()
    for request in requests:
        request.join(5)
    assert seen == [True] * 4 and len({thread.thread}) == 1


def test_the_end_of_a_process_flushes_once_more_and_does_not_wait_for_a_database_that_hangs(thread, monkeypatch):
    thread.start()
    assert thread.first_read.wait(5)
    thread.end()
    before = len(thread.rounds)
    assert not thread.thread.is_alive()
    monkeypatch.setattr(timer_module, "LAST_FLUSH", 0.05)
    hanging, back = Timer(), threading.Event()
    monkeypatch.setattr(hanging.tally, "flush", lambda moment: back.wait(5))
    hanging.start()
    began = time.monotonic()
    hanging.end()
    assert time.monotonic() - began < 1 and hanging.thread.is_alive()
    back.set()
    hanging.thread.join(5)
    assert len(thread.rounds) == before


def test_a_process_that_ends_before_it_could_write_says_what_is_lost(thread, monkeypatch, caplog):
    monkeypatch.setattr(timer_module, "LAST_FLUSH", 0.05)
    thread.end()
    assert not caplog.messages
    for who in (b"a", b"b", b"a"):
        thread.tally.count(thread.tally.look(who, AGENT, "127.0.0.1", TUESDAY))
    thread.end()
    assert caplog.messages == ["the hits of 2 visitors were not written, and end with this process"]
    thread.tally.waiting.clear()


def test_a_process_that_may_start_no_thread_now_starts_it_with_a_later_request(thread, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(threading.Thread, "start", fails(RuntimeError("can't start new thread")))
        with pytest.raises(RuntimeError):
            thread.start()
        thread.end()  # does not fail
        thread.ending.clear()
    thread.start()
    assert thread.first_read.wait(5)


def test_in_the_tests_no_thread_runs(client, monkeypatch):
    from visitors.timer import timer

    monkeypatch.setattr(timer, "tally", Tally())
    client.get("/", headers={"user-agent": AGENT, "host": "127.0.0.1"})
    assert timer.thread is None


def test_a_page_is_served_with_any_fault_of_the_counter(client, monkeypatch):
    from visitors.timer import timer

    for name in ("look", "count", "show", "refuse"):
        monkeypatch.setattr(timer, "tally", Tally())
        monkeypatch.setattr(timer.tally, name, fails(RuntimeError(name)))
        for agent in (AGENT, "curl/8.5"):
            response = client.get("/", headers={"user-agent": agent, "host": "127.0.0.1"})
            assert response.status_code == 200, name
    monkeypatch.setattr(timer, "start", fails(RuntimeError("can't start new thread")))
    assert client.get("/", headers={"user-agent": AGENT, "host": "127.0.0.1"}).status_code == 200
