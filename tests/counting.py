"""A process of the site that counts, at the times that a test gives it."""

import datetime
from zoneinfo import ZoneInfo

from django.db import DatabaseError

from visitors import clock
from visitors.tally import Tally

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

    def open_page(self, moment, who="a", path=None):
        hit = self.tally.look(b"net" + who.encode(), "Mozilla/5.0", "127.0.0.1", moment)
        shown = self.tally.show(moment, hit)
        self.tally.count(hit, path)
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


def down(*args):
    raise DatabaseError("down")
