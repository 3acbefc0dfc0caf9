"""What the processes of one server know together, without asking the database: when each visitor was last here, and
the figures as they stand.

The memory is an anonymous map made at import. gunicorn with ``preload_app`` imports before it forks, so its workers have
one map; a process with a map of its own learns of the others at its next read.
"""

import fcntl
import mmap
import secrets
import tempfile
from contextlib import contextmanager
from functools import lru_cache
from itertools import accumulate, pairwise

from visitors import clock
from visitors.hits import begins_visit

COUNT_BITS = 40  # a word of a figure holds a count, and above it the number of the day or week that it belongs to
COUNT = (1 << COUNT_BITS) - 1
TODAY, WEEK, SINCE = range(3)
FLOOR = 3  # and two more: what each figure has been shown as, when it was set right to less
ONLINE = 6  # and one more: one word for even days and one for odd ones, so that yesterday's stays beside today's
ONLINE_AT, BEGUN_AT, READ_AT, START = range(8, 12)
BEGUN_SINCE, BEGUN, BEGUN_BEFORE = range(12, 15)  # visits begun since a moment, and in the minute before it
STOOD_IN = 15  # whether a key stands in for the salt of a day
FIGURES = 16  # words
VISITORS, NETWORKS = 65_536, 32_768  # whose last hits are known
PAGES = 65_536  # whose views are known
SALT_BYTES = 32
SALT = 1 + SALT_BYTES // 8  # words: the number of its day, and the key
HOUR, QUARTER = 3600 * clock.SECOND, 900 * clock.SECOND
AHEAD = clock.ONLINE  # no process is that slow: a moment so far ahead is of a clock that was wrong


class Table:
    """Numbers, and the moment each was here last, in a fixed number of places: the set follows from the number, and within it
    the oldest makes room."""

    WAYS = 4

    def __init__(self, words):
        self.words, self.sets = words, len(words) // (2 * self.WAYS)

    def last(self, number):
        """When ``number`` was last here, or ``None``."""
        words, first = self.words, number % self.sets * 2 * self.WAYS
        for place in range(first, first + 2 * self.WAYS, 2):
            if words[place] == number:
                return words[place + 1]
        return None

    def remember(self, number, moment, now):
        """Note ``number`` at ``moment``, unless it was here after that already. What is far ahead of ``now`` was a wrong clock's."""
        words, first = self.words, number % self.sets * 2 * self.WAYS
        oldest = first
        for place in range(first, first + 2 * self.WAYS, 2):
            if words[place] == number:
                if not moment <= words[place + 1] < now + AHEAD:
                    words[place + 1] = moment
                return
            if words[place + 1] < words[oldest + 1]:
                oldest = place
        words[oldest] = 0  # nobody takes the other one's moment for this one's
        words[oldest + 1] = moment
        words[oldest] = number

    def forget(self, number):
        words, first = self.words, number % self.sets * 2 * self.WAYS
        for place in range(first, first + 2 * self.WAYS, 2):
            if words[place] == number:
                words[place] = words[place + 1] = 0

    def rename(self, name, number, now):
        """``number`` was here when ``name`` was, if that was."""
        if last := self.last(name):
            self.remember(number, last, now)
            self.forget(name)

    def since(self, moment):
        """The moments after ``moment``."""
        return [last for last in self.words[1::2].tolist() if last > moment]

    def set_right(self, now):
        """Who was here while the clock was ahead was here when it was set right."""
        for place, last in enumerate(self.words[1::2].tolist()):
            if last >= now + AHEAD:
                self.words[2 * place + 1] = now


class Salts:
    """The salts of two days that follow each other. A process that has not reached the database takes them from those that have:
    otherwise each of their readers would be new to it."""

    def __init__(self, words):
        self.words = words

    def get(self, day):
        """The salt of ``day``, or ``None``."""
        first, number = self._place(day)
        return self.words[first + 1 : first + SALT].tobytes() if self.words[first] == number else None

    def keep(self, day, key):
        first, number = self._place(day)
        if self.words[first] != number:
            self.words[first] = 0  # nobody takes half of it
            self.words[first + 1 : first + SALT] = memoryview(key).cast("q")
            self.words[first] = number

    def forget(self, before):
        """Destroy the salts of the days before ``before``."""
        for first in (0, SALT):
            if self.words[first] < before.toordinal():
                self.words[first : first + SALT] = memoryview(bytes(8 * SALT)).cast("q")

    def _place(self, day):
        number = day.toordinal()
        return number % 2 * SALT, number


class Shared:
    def __init__(self):
        ends = list(accumulate([FIGURES, 2 * VISITORS, 2 * NETWORKS, 2 * PAGES, 2 * SALT, 2 * SALT]))
        self.words = memoryview(mmap.mmap(-1, 8 * ends[-1])).cast("q")
        visitors, networks, self.pages, *salts = (self.words[first:end] for first, end in pairwise(ends))
        self.visitors, self.networks = Table(visitors), Table(networks)
        self.salts, self.stand_ins = map(Salts, salts)
        self.guard = tempfile.TemporaryFile()  # noqa: SIM115 (empty, kept for its lock, which ends with its holder)

    @contextmanager
    def alone(self):
        """No other process changes a figure meanwhile. (Threads of one process: ``Tally.lock``.)"""
        fcntl.lockf(self.guard, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.lockf(self.guard, fcntl.LOCK_UN)

    # --- who was here ---

    def stand_in(self, day):
        """The key by which the processes of this server know the visitors of ``day`` while no process has its salt."""
        if key := self.stand_ins.get(day):
            return key
        with self.alone():
            if not self.stand_ins.get(day):
                self.stand_ins.keep(day, secrets.token_bytes(SALT_BYTES))
                self.words[STOOD_IN] = 1
            return self.stand_ins.get(day)

    def forget_salts(self, today):
        """Destroy the salts of past days. What stood in for yesterday's stays: a process may still have visitors of it."""
        self.salts.forget(before=today)
        self.stand_ins.forget(before=clock.day_before(today))
        self.words[STOOD_IN] = any(self.stand_ins.words[::SALT])

    def addresses(self, moment):
        """How many addresses readers have come from in the hour before ``moment``."""
        return len(self.networks.since(moment - HOUR))

    def arrive(self, day, moment, network, number):
        """Count a hit that may begin a visit, or bring someone online. Returns whether it begins one, and when they were last
        here before: of two processes that the same visitor reaches at once, one is told so, and the other that they are here."""
        with self.alone():
            self.networks.remember(hash(network), moment, moment)  # a keyed hash, never out of this memory
            last = self.visitors.last(number)
            self.visitors.remember(number, moment, moment)
            if self.comes_online(last):
                self.add(*online_of(day))
            begun = begins_visit(last, moment)
            if begun:
                for figure in periods_of(day):
                    self.add(*figure)
                self.begin(moment)
            return begun, last

    def stay(self, number, last, moment, network):
        """A hit that goes on with a visit of someone online. Their address is noted anew every quarter of an hour."""
        self.visitors.remember(number, moment, moment)
        if last // QUARTER != moment // QUARTER:
            self.networks.remember(hash(network), moment, moment)

    # --- the figures ---

    def counted(self, word, period):
        """The count of ``word`` for ``period``: nothing yet when it stands for another one."""
        known = self.words[word]
        return known & COUNT if known >> COUNT_BITS == period else 0

    def shown(self, day, new):
        """Today, week and all as a reader is shown them on ``day``. ``new``: the figures that this very reader adds one to."""
        words, shown, most = self.words, [], 0
        for figure in periods_of(day):
            word, period = figure
            known, floor = words[word], words[FLOOR + word]
            count = known & COUNT if known >> COUNT_BITS == period else 0
            if figure in new:
                count += 1
            if floor >> COUNT_BITS == period and floor & COUNT > count:
                count = floor & COUNT
            if count > most:
                most = count
            shown.append(most)
        return shown

    def add(self, word, period):
        """One more. A period that has just begun begins with it; one that is over stays as it is."""
        known = self.words[word]
        if known >> COUNT_BITS == period:
            self.words[word] = known + 1
        elif known >> COUNT_BITS < period:
            self.words[word] = period << COUNT_BITS | 1

    def begin(self, moment):
        """A visit begins on this server."""
        words = self.words
        if not 0 <= moment - words[BEGUN_SINCE] < clock.MINUTE:
            words[BEGUN_BEFORE] = self.begun_lately(moment)
            words[BEGUN_SINCE], words[BEGUN] = moment, 0
        words[BEGUN] += 1
        words[BEGUN_AT] = moment

    def begun_lately(self, moment):
        """How many visits have begun on this server in the minute before ``moment``, or up to two minutes: no process has
        older ones that it could have written and has not."""
        age = moment - self.words[BEGUN_SINCE]
        if not 0 <= age < 2 * clock.MINUTE:
            return 0
        return self.words[BEGUN] + (self.words[BEGUN_BEFORE] if age < clock.MINUTE else 0)

    def learn(self, counts, start, moment):
        """Take ``counts`` (periods_of to number) from the database. What is known is higher by what is not written yet: by
        the visits of the last minute, and no more. What is more was not new, or went down with its process. Readers are
        then shown what they were, until the figure is as high again."""
        with self.alone():
            lately = self.begun_lately(moment)
            for (word, period), count in counts.items():
                # before the first reading nobody has been shown any
                known = self.counted(word, period) if self.words[READ_AT] else 0
                if not self.is_over(word, period, moment):
                    floor = max(known, self.counted(FLOOR + word, period))
                    self.words[FLOOR + word] = period << COUNT_BITS | floor
                    self.words[word] = period << COUNT_BITS | min(max(known, count), count + lately)
            self.words[START], self.words[READ_AT] = start, moment

    def is_over(self, word, period, moment):
        """Whether ``word`` stands for a later period already, which began during a round of ``moment`` that took its time.
        (Not so where the clock was ahead by hours.)"""
        return self.words[word] >> COUNT_BITS > period and 0 < self.words[BEGUN_AT] - moment < HOUR

    # --- who is online ---

    def comes_online(self, last):
        """Whether someone whose last hit was at ``last`` is not among those counted online."""
        return last is None or last <= self.words[ONLINE_AT] - clock.ONLINE

    def count_online(self, today, moment):
        """Count anew who has been here in the last five minutes: today, and before midnight."""
        midnight, since = clock.day_start(today), moment - clock.ONLINE
        with self.alone():
            if moment < self.words[ONLINE_AT]:
                self.visitors.set_right(moment)
                self.networks.set_right(moment)
            recent = [last for last in self.visitors.since(since) if since < last < moment + AHEAD]
            of_today = sum(last >= midnight for last in recent)
            for day, count in ((today, of_today), (clock.day_before(today), len(recent) - of_today)):
                word, period = online_of(day)
                if not self.is_over(word, period, moment):
                    self.words[word] = period << COUNT_BITS | count
            self.words[ONLINE_AT] = moment


@lru_cache(maxsize=16)
def periods_of(day):
    """The figures that a visit of ``day`` adds to, each with the number of its day or week."""
    return (TODAY, day.toordinal()), (WEEK, clock.monday_of(day).toordinal()), (SINCE, 0)


@lru_cache(maxsize=16)
def online_of(day):
    return ONLINE + day.toordinal() % 2, day.toordinal()
