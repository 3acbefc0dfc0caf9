"""One process's share of the count: what it has not yet written, and the figures it shows.

No request touches the database. ``Tally`` takes hits into memory; ``flush`` writes them and reads the figures, on a timer
(timer.py). The lock guards the memory and is never held while the database is asked.
"""

import secrets
import uuid
from collections import Counter, OrderedDict
from datetime import timedelta
from threading import Lock

from django.conf import settings

from visitors import clock, store
from visitors.hits import Hit, Pending, Row, begins_visit
from visitors.identity import visitor_number
from visitors.shared import SINCE, TODAY, WEEK, Shared

MOST_KNOWN = 20_000  # visitors whose last hit is remembered
MOST_WAITING = 10_000  # rows not yet written, and as many more on their way
MOST_UNNUMBERED = 2_000  # of them, rows that wait for a salt and so keep their agent
MOST_NETWORKS = 10_000  # addresses whose new visitors are counted


class Tally:
    def __init__(self, shared=None):
        self.shared = shared or Shared()
        self.lock = Lock()
        self.known = OrderedDict()  # visitor -> last hit, in the order of the hits
        self.waiting = {}  # day -> visitor -> Row
        self.begun = Counter()  # day -> visits in `waiting` that this process takes for new
        self.unread = Counter()  # day -> those and what was packed since `figures` were read
        self.unnumbered = 0  # rows in `waiting` that wait for a salt
        self.online = {}  # day -> visitors online at `online_at`
        self.online_at = 0
        self.arrived = Counter()  # day -> visitors that have come online since
        self.pending = []
        self.minted = Counter()  # (day, network) -> new visitors
        self.refused = Counter()  # (day, reason) -> hits not counted
        self.salts = {}
        self.figures = None
        self.read_at = 0
        self.read_as_of = 0  # of Shared.written
        self.day_opened = None  # the last day whose first flush was done
        self.shown = {}  # word of Shared -> (period, count): what this process has shown

    # --- on the request path: memory only ---

    def look(self, network, agent, host, moment):
        """The hit that a request would be, or ``None`` when its network has minted too many visitors today."""
        day = clock.day_of(moment)
        salt = self.salts.get(day)
        visitor = (day, visitor_number(salt, network, agent, host)) if salt else (day, network, agent, host)
        last = self.known.get(visitor)
        if last is None and self.minted.get((day, network), 0) >= settings.VISITORS_PER_ADDRESS:
            self.refuse("too many from one address", moment)
            return None
        return Hit(visitor, network, moment, begins_visit(last, moment), self._comes_online(last))

    def count(self, hit):
        """Take ``hit`` for the next flush. It was looked at before its page was made: two at once begin one visit."""
        day = hit.visitor[0]
        with self.lock:
            visitor = self._numbered(hit.visitor)
            last = self.known.get(visitor)
            rows = self.waiting.setdefault(day, {})
            row = rows.get(visitor)
            if row is None:
                if not self._has_room(visitor):
                    self.refused[day, "buffer full"] += 1
                    return
                rows[visitor] = Row(hit.moment, hit.moment, 1, last)
                self.unnumbered += len(visitor) > 2
            else:
                row.visits += hit.moment - row.last >= clock.PAUSE
                row.first, row.last = min(row.first, hit.moment), max(row.last, hit.moment)
            if begins_visit(last, hit.moment):
                self.begun[day] += 1
                self.unread[day] += 1
            if self._comes_online(last):
                self.arrived[day] += 1
            if last is None:
                self._mint(day, hit.network)
            self._remember(visitor, hit.moment, last)

    def refuse(self, reason, moment):
        day = clock.day_of(moment)
        with self.lock:
            self.refused[day, reason] += 1

    @property
    def dropped(self):
        """Hits that this process had no room for, today and yesterday."""
        with self.lock:
            return sum(count for (_, reason), count in self.refused.items() if reason == "buffer full")

    def show(self, moment, hit=None):
        """The four figures at ``moment`` with ``hit`` counted in, or ``None`` while none has ever been read."""
        today = clock.day_of(moment)
        monday = clock.monday_of(today)
        with self.lock:
            figures = self.figures
            if figures is None:
                return None
            since = figures.since
            of_week = figures.week if clock.monday_of(figures.day) == monday else 0
            of_today = figures.today if figures.day == today else 0
            for day, count in self.unread.items():
                since += count
                of_week += count if day >= monday else 0
                of_today += count if day == today else 0
            if hit is not None and hit.begins_visit:
                since += 1
                of_week += hit.visitor[0] >= monday
                of_today += hit.visitor[0] == today
            of_today = self._never_less(TODAY, today.toordinal(), of_today)
            of_week = self._never_less(WEEK, monday.toordinal(), max(of_today, of_week))
            since = self._never_less(SINCE, 0, max(of_week, since))
            online = self._online(today, moment, hit)
        online = self.shared.online(moment // clock.SECOND, online)
        return store.Figures(today, online, of_today, of_week, since, figures.start)

    def _never_less(self, word, period, count):
        """``count``, or what this or another process of this server has already shown for ``period``."""
        before, shown = self.shown.get(word, (period, 0))
        count = self.shared.highest(word, period, max(count, shown) if before == period else count)
        self.shown[word] = period, count
        return count

    def _online(self, today, moment, hit):
        """In the first minutes of a day yesterday's readers are still here, as other visitors: not both are counted."""
        count = self.online.get(today, 0) + self.arrived.get(today, 0)
        count += hit is not None and hit.comes_online and hit.visitor[0] == today
        if moment - clock.day_start(today) < clock.ONLINE:
            yesterday = today - timedelta(days=1)
            count = max(count, self.online.get(yesterday, 0) + self.arrived.get(yesterday, 0))
        return max(1, count)

    def _comes_online(self, last):
        return last is None or last <= self.online_at - clock.ONLINE

    def _has_room(self, visitor):
        if len(visitor) > 2 and self.unnumbered >= MOST_UNNUMBERED:
            return False
        return sum(map(len, self.waiting.values())) < MOST_WAITING

    def _numbered(self, visitor):
        """``visitor`` by its number, if the salt has come since it was looked at."""
        salt = self.salts.get(visitor[0]) if len(visitor) > 2 else None
        return (visitor[0], visitor_number(salt, *visitor[1:])) if salt else visitor

    def has_news(self):
        """Whether visits wait here, or another process has written since this one read."""
        with self.lock:
            begun = any(self.begun.values())
        return begun or self.shared.written != self.read_as_of

    def _mint(self, day, network):
        if len(self.minted) >= MOST_NETWORKS:
            self.minted.clear()  # memory before strictness: the limit begins anew
        self.minted[day, network] += 1

    def _remember(self, visitor, moment, last):
        self.known[visitor] = moment if last is None or moment > last else last
        if last is not None:
            self.known.move_to_end(visitor)
        elif len(self.known) > MOST_KNOWN:
            self.known.popitem(last=False)

    # --- on the timer: the database ---

    def flush(self, moment):
        """Write what waits, do what a new day asks, read the figures. Raises DatabaseError; nothing is lost by it."""
        today = clock.day_of(moment)
        try:
            if self.figures is None:
                self._read(today, moment)  # the first page waits for it: before anything that waits for a lock
            self._get_salts(today, moment)
            self._write()  # what an earlier round could not: until then no other batch is packed, and memory is bounded
            self._pack()
            self._write()
            if self.day_opened != today:
                store.begin_day(today)
                self._open_day(today)
            self._read(today, moment)
        except Exception:
            self._recount(moment)
            raise

    def _write(self):
        for batch in self.pending:
            if batch.rows:
                store.apply(batch.id, batch.day, [(v[1], r.first, r.last, r.visits) for v, r in batch.rows.items()])
                batch.rows = {}
                if batch.begun:
                    self.shared.has_written()

    def _read(self, today, moment):
        written = self.shared.written
        figures = store.read_figures(today, moment)
        since = max(self.read_at - clock.MINUTE, moment - clock.PAUSE)
        elsewhere = store.recently_seen(today, since, MOST_KNOWN)
        with self.lock:
            self.figures, self.read_at, self.read_as_of = figures, moment, written
            self.pending, self.unread = [], Counter(self.begun)  # what was pending is written, or nothing was
            self.online, self.online_at = {today: figures.online, today - timedelta(days=1): figures.late}, moment
            self.arrived = Counter()
            for day, rows in self.waiting.items():  # what came while this was read
                self.arrived[day] = sum(self._comes_online(row.before) for row in rows.values())
            for visitor, last in reversed(elsewhere):
                self._remember((today, visitor), last, self.known.get((today, visitor)))
            self._forget(moment)

    def _recount(self, moment):
        """Five minutes after the last read, who is online is what this process knows by itself."""
        if moment - self.read_at < clock.ONLINE:
            return
        with self.lock:
            self.online = Counter(visitor[0] for visitor, last in self.known.items() if last > moment - clock.ONLINE)
            self.online_at, self.arrived = moment, Counter()

    def _get_salts(self, today, moment):
        """Today's, and from noon tomorrow's, so that midnight finds it in every process.

        Visitors of a past day that still have no number get it by what is left of that day's salt, or by a key of this
        process that is thrown away: they are counted, and perhaps again by another process.
        """
        wanted = {today, clock.day_of(moment + clock.DAY // 2)}
        if not wanted <= self.salts.keys():
            self.salts = {**self.salts, **store.salts(sorted(wanted))}
        if self.unnumbered:
            past = [day for day in self.waiting if day not in self.salts]
            keys = {**store.kept_salts(past), **self.salts}
            self._number({day: keys.get(day) or secrets.token_bytes(32) for day in self.waiting})

    def _number(self, keys):
        """Give a number to visitors that came before the salt did."""
        with self.lock:
            for held in (self.known, *self.waiting.values()):
                for visitor in [visitor for visitor in held if len(visitor) > 2 and visitor[0] in keys]:
                    day, *name = visitor
                    held[day, visitor_number(keys[day], *name)] = held.pop(visitor)
            self._count_unnumbered()

    def _count_unnumbered(self):
        self.unnumbered = sum(len(visitor) > 2 for rows in self.waiting.values() for visitor in rows)

    def _pack(self):
        """Move what has waited into batches; visitors without a number wait on."""
        with self.lock:
            for day, rows in list(self.waiting.items()):
                numbered = [(visitor, row) for visitor, row in rows.items() if len(visitor) == 2]
                for start in range(0, len(numbered), store.ROWS_A_BATCH):
                    part = dict(numbered[start : start + store.ROWS_A_BATCH])
                    self.pending.append(Pending(uuid.uuid4(), day, part, self.begun.pop(day, 0)))
                self.waiting[day] = {visitor: row for visitor, row in rows.items() if len(visitor) > 2}
                if not self.waiting[day]:
                    del self.waiting[day]

    def _open_day(self, today):
        with self.lock:
            self.day_opened = today
            self.minted = Counter({key: count for key, count in self.minted.items() if key[0] >= today})
            self.refused = Counter({key: count for key, count in self.refused.items() if (today - key[0]).days < 2})
            self.salts = {day: key for day, key in self.salts.items() if day >= today}

    def _forget(self, moment):
        while self.known:
            visitor, last = next(iter(self.known.items()))
            if moment - last < clock.PAUSE:
                break
            del self.known[visitor]
