"""Each process writes its share every ten seconds, from its first request to its end."""

import atexit
import logging
import os
import threading

from django.conf import settings
from django.db import DatabaseError, close_old_connections, connection

from visitors import clock
from visitors.tally import Tally

log = logging.getLogger("visitors")

FIRST_READ = 0.5  # seconds that the first request of a process waits for the figures
LAST_FLUSH = 5  # seconds that the end of a process waits for the database
ONE_LINE_A = 60 * clock.SECOND
LONGEST_PAUSE = 60  # seconds between tries while the database is down


class Timer:
    def __init__(self):
        self.tally = Tally()
        self.thread = None
        self.starting = threading.Lock()
        self.first_read = threading.Event()
        self.ending = threading.Event()
        self.said_at = 0

    def start(self):
        """Called with every request; the first one starts the thread and waits a moment for the figures."""
        if self.thread is not None or settings.VISITORS_FLUSH_SECONDS is None:
            return
        with self.starting:
            if self.thread is None:
                self.thread = threading.Thread(target=self.run, name="visitors", daemon=True)
                self.thread.start()
        self.first_read.wait(FIRST_READ)

    def run(self):
        pause = settings.VISITORS_FLUSH_SECONDS
        while True:
            done = self.flush()
            self.first_read.set()
            pause = settings.VISITORS_FLUSH_SECONDS if done else min(pause * 2, LONGEST_PAUSE)
            if self.ending.wait(pause):
                self.flush()
                connection.close()
                return

    def flush(self):
        """One round, whatever happens; says what went wrong once a minute. Returns whether all was written."""
        try:
            close_old_connections()
            self.tally.flush(clock.now())
        except DatabaseError as error:
            connection.close()
            if clock.now() - self.said_at >= ONE_LINE_A:
                self.said_at = clock.now()
                log.warning("visits are kept in memory, the database does not take them: %s", str(error).strip())
            return False
        return True

    def end(self):
        self.ending.set()
        if self.thread is not None:
            self.thread.join(LAST_FLUSH)


timer = Timer()


def begin_anew():
    """In a child process: the parent's hits stay the parent's."""
    timer.__init__()


os.register_at_fork(after_in_child=begin_anew)
atexit.register(lambda: timer.end())
