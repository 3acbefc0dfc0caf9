"""What the processes of one server tell each other without a database: the highest figures any has counted, and that
somebody has written since.

The memory is an anonymous map made at import. gunicorn with ``preload_app`` imports before it forks, so its workers
have one map; a process with a map of its own still learns everything, at its next round.
"""

import mmap
import time

COUNT_BITS = 40  # a count and the number of its day or week in one 64-bit word, which is written in one piece
ONLINE_BITS = 24
A_MOMENT = 5  # seconds in which a number of readers does not fall: longer than one process needs to hear of another
TODAY, WEEK, SINCE, WRITTEN, ONLINE = range(5)


class Shared:
    def __init__(self):
        self.words = memoryview(mmap.mmap(-1, mmap.PAGESIZE)).cast("q")

    def highest(self, word, period, count):
        """The highest ``count`` any process has given for ``period`` (number of a day or week, or 0)."""
        mine, known = period << COUNT_BITS | count, self.words[word]
        if known >> COUNT_BITS == period and known > mine:
            return known - (period << COUNT_BITS)
        if known != mine:
            self.words[word] = mine
        return count

    def online(self, seconds, count):
        """``count``, or the higher one that any process has given within the moment before ``seconds``."""
        known = self.words[ONLINE]
        given, before = known >> ONLINE_BITS, known % (1 << ONLINE_BITS)
        if before > count and 0 <= seconds - given < A_MOMENT:
            return before
        self.words[ONLINE] = seconds << ONLINE_BITS | count
        return count

    @property
    def written(self):
        """Changes whenever a process has written visits to the database."""
        return self.words[WRITTEN]

    def has_written(self):
        self.words[WRITTEN] = time.time_ns()  # not one more: two processes at once would write the same number
