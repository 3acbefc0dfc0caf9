"""One process's share of the count: what it has not yet written, and the figures it shows.

No request touches the database. ``Tally`` takes hits into memory; ``flush`` writes them and reads the figures, on a timer
(timer.py). The lock guards this process's memory and is never held while the database is asked.
"""

import secrets
import uuid
from collections import Counter, defaultdict
from threading import RLock

from django.conf import settings

from visitors import clock, store
from visitors.figures import Figures
from visitors.hits import Hit, Pending, Row, begins_visit
from visitors.identity import visitor_number
from visitors.pages import Pages
from visitors.shared import AHEAD, READ_AT, SALT_BYTES, START, STOOD_IN, TODAY, Shared, online_of, periods_of

MOST_WAITING = 10_000  # rows not yet written, and as many more on their way
MOST_PAUSES = 100_000  # between visits not yet written, of all rows that wait
MOST_UNNUMBERED = 2_000  # of them, rows that wait for a salt and so keep their agent
MOST_NETWORKS = 10_000  # addresses whose new visitors are counted
MOST_LEARNED = 20_000  # visitors of other processes that a read takes over
MOST_PATHS = 2_000  # pages whose views wait for one day
LONGEST_PATH = 200  # characters


class Tally:
    def __init__(self, shared=None):
        self.shared = shared or Shared()
        self.lock = RLock()
        self.waiting = defaultdict(dict)  # day -> visitor -> Row
        self.pauses = 0  # in them
        self.unnumbered = 0  # rows in `waiting` that wait for a salt
        self.viewed = defaultdict(Counter)  # day -> path -> how often it was opened
        self.refused = defaultdict(Counter)  # day -> reason -> hits not counted
        self.dropped = 0  # hits that there was no room for
        self.pending = []
        self.pages = Pages(self.shared.pages)
        self.minted = Counter()  # (day, network) -> new visitors
        self.most_minted = settings.VISITORS_PER_ADDRESS
        self.salts = {}
        self.read_at = 0
        self.day_opened = None  # the last day that was begun, and all before yesterday forgotten

    # --- on the request path: memory only ---

    def look(self, network, agent, host, moment):
        """The hit that a request would be, or ``None`` when its network has minted too many visitors today."""
        day = clock.day_of(moment)
        salt = self.salts.get(day) or self._borrow_salt(day, moment)
        visitor = (day, visitor_number(salt, network, agent, host)) if salt else (day, network, agent, host)
        if salt and self.shared.words[STOOD_IN]:
            self._recognise(visitor, (day, network, agent, host), moment)
        if self.minted.get((day, network), 0) >= self.most_minted and self._last(visitor) is None:
            self.refuse("too many from one address", moment)
            return None
        return Hit(visitor, network, moment)

    def count(self, hit, path=None):
        """Take ``hit``, a person who has opened ``path``, for the next flush. It was looked at before its page was made:
        two at once begin one visit."""
        day, moment = hit.visitor[0], hit.moment
        with self.lock:
            visitor = self._numbered(hit.visitor)
            number = visitor[1] if len(visitor) == 2 else self._name(visitor)
            last = self.shared.visitors.last(number)
            row = self._row(visitor, moment)
            if row is None and len(visitor) > 2:
                return  # nobody would know them again
            begun = False
            if last is None or begins_visit(last, moment) or self.shared.comes_online(last):
                begun, last = self.shared.arrive(day, moment, hit.network, number)
            else:
                self.shared.stay(number, last, moment, hit.network)
            if row:
                self.pauses += row.add(moment, begun, last)
            if last is None:
                self._mint(day, hit.network)
            if path is not None:
                self._view(day, path)

    def _row(self, visitor, moment):
        """The row of ``visitor`` that waits, one that begins at ``moment`` if there was none; ``None`` without room."""
        rows = self.waiting[visitor[0]]
        row = rows.get(visitor)
        if row is None and self._has_room(visitor):
            row = rows[visitor] = Row(moment, moment, 1, 0)
            self.unnumbered += len(visitor) > 2
        elif row and self.pauses >= MOST_PAUSES and begins_visit(row.last, moment):
            row = None
        if row is None:
            self.dropped += 1
            self.refused[visitor[0]]["buffer full"] += 1
        return row

    def _view(self, day, path):
        views = self.viewed[day]
        if path in views or (len(views) < MOST_PATHS and len(path) <= LONGEST_PATH and "\0" not in path):
            views[path] += 1
            self.pages.opened(path)

    def refuse(self, reason, moment):
        day = clock.day_of(moment)
        with self.lock:
            self.refused[day][reason] += 1

    def views(self, path):
        """How often people have opened ``path``; ``None`` until a round has read it, after somebody asked."""
        return self.pages.ask(path)

    def show(self, moment, hit=None):
        """The four figures at ``moment`` with ``hit`` counted in, or ``None`` while none has ever been read."""
        if not self.shared.words[READ_AT]:
            return None
        today, new, online = clock.day_of(moment), (), 0
        if hit is not None:  # another page of theirs may have been counted since it was looked at
            day, last = hit.visitor[0], self._last(self._numbered(hit.visitor))
            new = periods_of(day) if begins_visit(last, hit.moment) else ()
            online = day == today and self.shared.comes_online(last)
        figures = self.shared.shown(today, new)
        return Figures(*figures, self.shared.words[START], self._online(today, moment, online, figures[TODAY]))

    def _online(self, today, moment, new, visits):
        """Who is here has begun one of today's ``visits`` (of other servers the visits are read a moment before the visitors). In
        the first minutes of a day yesterday's readers are still here, as other visitors: not both are counted."""
        count = self.shared.counted(*online_of(today)) + new
        if count > visits:
            count = visits
        if moment - clock.day_start(today) < clock.ONLINE:
            count = max(count, self.shared.counted(*online_of(clock.day_before(today))))
        return count or 1

    def _last(self, visitor):
        """When ``visitor`` was last here."""
        return self.shared.visitors.last(visitor[1] if len(visitor) == 2 else self._name(visitor))

    def _name(self, visitor):
        """By what the processes of this server know a ``visitor`` who has no number yet."""
        with self.lock:  # as always where other processes are kept out
            return visitor_number(self.shared.stand_in(visitor[0]), *visitor[1:])

    def _recognise(self, visitor, unnumbered, moment):
        """Whoever was here before the salt was has no number yet in the process that had them, and is known by what stood in."""
        if self._last(visitor) is None and self.shared.stand_ins.get(visitor[0]):
            self.shared.visitors.rename(self._name(unnumbered), visitor[1], moment)

    def held(self):
        """How many visitors' hits are not written yet."""
        with self.lock:
            return sum(map(len, self.waiting.values())) + sum(len(batch.rows) for batch in list(self.pending))

    def _has_room(self, visitor):
        if len(visitor) > 2 and self.unnumbered >= MOST_UNNUMBERED:
            return False
        return sum(map(len, self.waiting.values())) < MOST_WAITING

    def _numbered(self, visitor):
        """``visitor`` by its number, if the salt has come since it was looked at."""
        salt = self.salts.get(visitor[0]) if len(visitor) > 2 else None
        return (visitor[0], visitor_number(salt, *visitor[1:])) if salt else visitor

    def _borrow_salt(self, day, moment):
        """The salt of ``day`` from another process of this server: this one has not reached the database yet."""
        key = self.shared.salts.get(day)
        if key:
            self._number({day: key}, moment)
        return key

    def _mint(self, day, network):
        if len(self.minted) >= MOST_NETWORKS:
            nearest = self.minted.most_common(MOST_NETWORKS // 2)  # to their limit; the others begin anew
            self.minted = Counter(dict(nearest))
        self.minted[day, network] += 1

    # --- on the timer: the database ---

    def flush(self, moment):
        """Write what waits, do what a new day asks, read the figures. Raises DatabaseError; nothing is lost by it."""
        today = clock.day_of(moment)
        try:
            if not self.read_at:  # the first page waits for it: before anything that waits for a lock
                self._number(store.kept_salts([today]), moment)
                self._read(today, moment)
            self._get_salts(today, moment)
            self._write()  # what an earlier round could not: until then no other batch is packed, and memory is bounded
            self._pack()
            self._write()
            if self.day_opened != today:
                is_done = store.begin_day(today)
                self._open_day(today, is_done)
            self._read(today, moment)
            self.pages.learn(store.views_of(self.pages.wanted()))
        finally:
            self._count_online(today, moment)

    def _write(self):
        while self.pending:
            store.apply(self.pending[0])
            self.pending.pop(0)

    def _read(self, today, moment):
        figures = store.read_figures(today)
        since = max(self.read_at - clock.MINUTE, moment - clock.PAUSE)
        elsewhere = store.recently_seen(today, since, MOST_LEARNED)
        with self.lock:
            self._take_back(elsewhere)
            unwritten = Counter()
            # of a process that reads for the first time they may be in what others have written, read and shown
            is_late = self.shared.words[READ_AT] and not self.read_at
            for day, rows in self.waiting.items():
                begun = 0 if is_late else sum(row.begun for row in rows.values())
                unwritten.update(dict.fromkeys(periods_of(day), begun))
            counts = {
                figure: count + unwritten[figure] for figure, count in zip(periods_of(today), figures, strict=False)
            }
            self.shared.learn(counts, figures.start, moment)
            self.read_at = moment
            for _, visitor, last in elsewhere:
                if last < moment + AHEAD:
                    self.shared.visitors.remember(visitor, last, moment)

    def _take_back(self, elsewhere):
        """Who came while the figures were read, and is in them already by another process, was not new."""
        for day, visitor, last in elsewhere if self.waiting else ():
            row = self.waiting.get(day, {}).get((day, visitor))
            if row:
                row.take_back(last)

    def _count_online(self, today, moment):
        with self.lock:
            self.shared.count_online(today, moment)

    def _get_salts(self, today, moment):
        """Today's, and from noon tomorrow's, so that midnight finds it in every process.

        Visitors of a past day that still have no number get it by what is left of that day's salt, or by what stood in for it:
        they are counted, and perhaps again by another server.
        """
        wanted = {today, clock.day_of(moment + clock.DAY // 2)}
        if not wanted <= self.salts.keys() or self.unnumbered:
            salts = {**self.salts, **store.salts(sorted(wanted))}
            past = {day: store.kept_salts([day]).get(day) for day in list(self.waiting) if day not in salts}
            self._number(salts, moment, {day: key or self._key_of_past(day) for day, key in past.items()})

    def _key_of_past(self, day):
        return self.shared.stand_ins.get(day) or secrets.token_bytes(SALT_BYTES)

    def _number(self, salts, moment, past=()):
        """Give a number to visitors that came before the salt of their day did, by ``salts`` and the keys of ``past`` days. With
        ``salts`` it is given at once from here on, in every process of this server."""
        keys = {**salts, **dict(past)}
        for day in sorted(salts):
            self.shared.salts.keep(day, salts[day])
        with self.lock:
            self.salts = {**self.salts, **salts}
            for day in keys.keys() & self.waiting.keys():
                rows, stand_in = self.waiting[day], self.shared.stand_ins.get(day)
                for visitor in [visitor for visitor in rows if len(visitor) > 2]:
                    number = visitor_number(keys[day], *visitor[1:])
                    rows[day, number] = row = rows.pop(visitor)
                    if stand_in and stand_in != keys[day]:
                        row.take_back(self.shared.visitors.last(number))
                        self.shared.visitors.rename(visitor_number(stand_in, *visitor[1:]), number, moment)
                    self.shared.visitors.remember(number, row.last, moment)
                    self.unnumbered -= 1

    def _pack(self):
        """Move what has waited into batches; visitors without a number wait on."""
        with self.lock:
            self.pauses = 0
            for day in sorted(self.waiting.keys() | self.viewed.keys() | self.refused.keys()):
                rows = self.waiting.pop(day, {})
                if unnumbered := {visitor: row for visitor, row in rows.items() if len(visitor) > 2}:
                    self.waiting[day] = unnumbered
                numbered = [(visitor[1], row) for visitor, row in rows.items() if len(visitor) == 2]
                parts = [
                    dict(numbered[n : n + store.ROWS_A_BATCH]) for n in range(0, len(numbered), store.ROWS_A_BATCH)
                ]
                first, *others = parts or [{}]
                views, refused = self.viewed.pop(day, {}), self.refused.pop(day, {})
                if first or views or refused:
                    self.pending.append(Pending(uuid.uuid4(), day, first, views, refused))
                self.pending += [Pending(uuid.uuid4(), day, part) for part in others]

    def _open_day(self, today, is_done):
        with self.lock:
            self.day_opened = today if is_done else None
            self.minted = Counter({key: count for key, count in self.minted.items() if key[0] >= today})
            self.salts = {day: key for day, key in self.salts.items() if day >= today}
            self.shared.forget_salts(today)
