"""Each process writes its share and reads the figures every ten seconds, from its first request to its end."""

import atexit
import contextlib
import logging
import os
import threading
import time

from django.conf import settings
from django.db import DatabaseError, close_old_connections, connection

from visitors import clock
from visitors.shared import Shared
from visitors.tally import Tally

log = logging.getLogger("visitors")

FIRST_READ = 0.5  # seconds that the first request of a process waits for the figures
LAST_FLUSH = 5  # seconds that the end of a process waits for the database
ONE_LINE_A = 60  # seconds
LONGEST_PAUSE = 60  # seconds between tries while the database is down

shared = Shared()  # by all processes forked from this one


class Timer:
    def __init__(self):
        self.tally = Tally(shared)
        self.thread = None
        self.starting = threading.Lock()
        self.first_read = threading.Event()
        self.ending = threading.Event()
        self.patience = 0
        self.said_at, self.said_dropped = None, 0

    def start(self):
        """Called with every request: the first starts the thread, and those of the first moment wait for the figures."""
        if self.first_read.is_set() or settings.VISITORS_FLUSH_SECONDS is None:
            return
        with self.starting:
            if self.thread is None:
                self.patience = time.monotonic() + FIRST_READ
                thread = threading.Thread(target=self.run, name="visitors", daemon=True)
                thread.start()  # where none can be started now, a later request tries again
                self.thread = thread
        self.first_read.wait(max(0, self.patience - time.monotonic()))

    def run(self):
        failures = 0
        while not self.ending.is_set():
            failures = 0 if self.flush() else failures + 1
            self.first_read.set()
            self.ending.wait(pause_after(failures))
        self.flush()
        connection.close()

    def flush(self):
        """One round, whatever happens; says what went wrong once a minute. Returns whether all was written."""
        try:
            close_old_connections()
            self.tally.flush(clock.now())
        except Exception as error:
            with contextlib.suppress(Exception):  # of a connection that is broken already
                connection.close()
            self.say(error)
            return False
        if self.tally.dropped > self.said_dropped:
            self.say()
        return True

    def say(self, error=None):
        now = time.monotonic()
        if self.said_at is not None and now - self.said_at < ONE_LINE_A:
            return
        dropped = self.tally.dropped - self.said_dropped
        self.said_at, self.said_dropped = now, self.said_dropped + dropped
        if isinstance(error, DatabaseError):
            log.warning("visits are kept in memory, the database does not take them: %s", str(error).strip())
        elif error:
            log.error("the counter met what it does not know, and pages are served", exc_info=error)
        if dropped:
            log.warning("%s hits were dropped, there was no room for more", dropped)

    def end(self):
        self.ending.set()
        if self.thread is not None:
            self.thread.join(LAST_FLUSH)
        if held := self.tally.held():
            log.warning("the hits of %s visitors were not written, and end with this process", held)


def pause_after(failures):
    """Seconds until the next round, when the last ``failures`` have failed."""
    usual = settings.VISITORS_FLUSH_SECONDS
    return min(usual * 2 ** min(failures, 10), max(usual, LONGEST_PAUSE))


timer = Timer()


def begin_anew():
    """In a child process: the parent's hits stay the parent's."""
    timer.__init__()


def safely(act, *args):
    """What ``act`` gives; ``None`` when it fails, because no fault of the counter may hurt a page."""
    try:
        return act(*args)
    except Exception as error:
        timer.say(error)
        return None


os.register_at_fork(after_in_child=begin_anew)
atexit.register(lambda: timer.end())
