"""One process's share of the count: what it has not yet written, and the figures it shows.

No request touches the database. ``Tally`` takes hits into memory; ``flush`` writes them and reads the figures, on a timer
(timer.py). The lock guards the memory and is never held while the database is asked.
"""

import uuid
from collections import Counter, OrderedDict
from dataclasses import dataclass
from datetime import timedelta
from threading import Lock

from visitors import clock, store
from visitors.identity import visitor_number
from visitors.shared import SINCE, TODAY, WEEK, Shared

MOST_KNOWN = 20_000  # visitors whose last hit is remembered
MOST_WAITING = 20_000  # rows not yet written
MOST_UNNUMBERED = 2_000  # of them, rows that wait for a salt and so keep their agent
MOST_NETWORKS = 20_000  # addresses whose new visitors are counted
MOST_NEW_OF_ONE_NETWORK = 500  # a day and process: one address may not mint visitors by changing its agent


@dataclass(slots=True)
class Row:
    """The unwritten hits of one visitor of one day."""

    first: int
    last: int
    visits: int


@dataclass(frozen=True, slots=True)
class Hit:
    """A hit that is not counted yet. ``visitor``: (day, number), or (day, network, agent, host) while there is no salt."""

    visitor: tuple
    network: bytes
    moment: int
    is_new: bool  # this process does not know the visitor
    begins_visit: bool
    comes_online: bool


@dataclass(slots=True)
class Pending:
    """A batch on its way to the database. It keeps its id, so that trying again counts once."""

    id: uuid.UUID
    day: object
    rows: dict
    begun: int  # visits in it that this process takes for new


class Tally:
    def __init__(self, shared=None):
        self.shared = shared or Shared()
        self.lock = Lock()
        self.known = OrderedDict()  # visitor -> last hit, in the order of the hits
        self.waiting = {}  # day -> visitor -> Row
        self.begun = Counter()  # day -> visits in `waiting` that this process takes for new
        self.arrived = Counter()  # day -> visitors not yet written that were not online at the last read
        self.pending = []
        self.minted = Counter()  # (day, network) -> new visitors
        self.refused = Counter()  # (day, reason) -> hits not counted
        self.salts = {}
        self.figures = None
        self.read_at = 0
        self.read_as_of = 0  # of Shared.written
        self.day_opened = None  # the last day whose first flush was done

    # --- on the request path: memory only ---

    def look(self, network, agent, host, moment):
        """The hit that a request would be, or ``None`` when its network has minted too many visitors today."""
        day = clock.day_of(moment)
        salt = self.salts.get(day)
        visitor = (day, visitor_number(salt, network, agent, host)) if salt else (day, network, agent, host)
        last = self.known.get(visitor)
        if last is None:
            if self.minted.get((day, network), 0) >= MOST_NEW_OF_ONE_NETWORK:
                self.refuse("too many from one address", moment)
                return None
            return Hit(visitor, network, moment, True, True, True)
        pause = moment - last
        return Hit(visitor, network, moment, False, pause >= clock.PAUSE, pause >= clock.ONLINE)

    def count(self, hit):
        """Take ``hit`` for the next flush. It was looked at before its page was made: two at once begin one visit."""
        day = hit.visitor[0]
        with self.lock:
            last = self.known.get(hit.visitor)
            rows = self.waiting.setdefault(day, {})
            row = rows.get(hit.visitor)
            if row is None:
                if len(rows) >= (MOST_WAITING if len(hit.visitor) == 2 else MOST_UNNUMBERED):
                    self.refused[day, "buffer full"] += 1
                    return
                rows[hit.visitor] = Row(hit.moment, hit.moment, 1)
            else:
                row.visits += hit.moment - row.last >= clock.PAUSE
                row.first, row.last = min(row.first, hit.moment), max(row.last, hit.moment)
            self.begun[day] += last is None or hit.moment - last >= clock.PAUSE
            self.arrived[day] += last is None or hit.moment - last >= clock.ONLINE
            if last is None:
                self._mint(day, hit.network)
            self._remember(hit.visitor, hit.moment)

    def refuse(self, reason, moment):
        day = clock.day_of(moment)
        with self.lock:
            self.refused[day, reason] += 1

    def show(self, moment, hit=None):
        """The four figures at ``moment`` with ``hit`` counted in, or ``None`` while none has ever been read."""
        figures = self.figures
        if figures is None:
            return None
        today = clock.day_of(moment)
        monday = clock.monday_of(today)
        with self.lock:
            begun = Counter(self.begun)
            for batch in self.pending:
                begun[batch.day] += batch.begun
        if hit is not None and hit.begins_visit:
            begun[hit.visitor[0]] += 1
        of_today = (figures.today if figures.day == today else 0) + begun[today]
        of_week = (figures.week if clock.monday_of(figures.day) == monday else 0) + sum(
            count for day, count in begun.items() if day >= monday
        )
        of_today = self.shared.highest(TODAY, today.toordinal(), of_today)
        of_week = max(of_today, self.shared.highest(WEEK, monday.toordinal(), of_week))
        since = max(of_week, self.shared.highest(SINCE, 0, figures.since + sum(begun.values())))
        online = self.shared.online(moment // clock.SECOND, max(1, self._online(figures, today, moment, hit)))
        return store.Figures(today, online, of_today, of_week, since, figures.start)

    def _online(self, figures, today, moment, hit):
        arrived = self.arrived[today] + (hit is not None and hit.comes_online)
        if moment - clock.day_start(today) >= clock.ONLINE:
            return figures.online + arrived
        # Who was here before midnight is somebody new today, and must not be counted as two.
        return max(figures.online + self.arrived[today - timedelta(days=1)], arrived)

    def has_news(self):
        """Whether visits wait here, or another process has written since this one read."""
        with self.lock:
            begun = any(self.begun.values())
        return begun or self.shared.written != self.read_as_of

    def _mint(self, day, network):
        if len(self.minted) >= MOST_NETWORKS:
            self.minted.clear()  # memory before strictness: the limit begins anew
        self.minted[day, network] += 1

    def _remember(self, visitor, moment):
        self.known[visitor] = max(moment, self.known.get(visitor, 0))
        self.known.move_to_end(visitor)
        while len(self.known) > MOST_KNOWN:
            self.known.popitem(last=False)

    # --- on the timer: the database ---

    def flush(self, moment):
        """Write what waits, do what a new day asks, read the figures. Raises DatabaseError; nothing is lost by it."""
        today = clock.day_of(moment)
        self._get_salts(today, moment)
        self._pack()
        for batch in self.pending:
            if batch.rows:
                store.apply(batch.id, batch.day, [(v[1], r.first, r.last, r.visits) for v, r in batch.rows.items()])
                batch.rows = {}
                self.shared.has_written()
        if self.day_opened != today:
            store.begin_day(today)
            self.day_opened = today
        self._read(today, moment)

    def _read(self, today, moment):
        written = self.shared.written
        figures = store.read_figures(today, moment)
        since = max(self.read_at - clock.MINUTE, moment - clock.PAUSE)
        elsewhere = store.recently_seen(today, since, MOST_KNOWN)
        with self.lock:
            self.figures, self.read_at, self.read_as_of = figures, moment, written
            self.pending = []
            self.arrived = Counter({day: len(rows) for day, rows in self.waiting.items()})
            for visitor, last in reversed(elsewhere):
                self._remember((today, visitor), last)
            self._forget(today, moment)

    def _get_salts(self, today, moment):
        """Today's, and from noon tomorrow's, so that midnight finds it in every process."""
        wanted = {today, clock.day_of(moment + clock.DAY // 2)}
        if not wanted <= self.salts.keys():
            self.salts = store.salts(sorted(wanted))
        for day in wanted:
            self._number(day)

    def _number(self, day):
        """Give a number to visitors that came before the salt did."""
        salt = self.salts[day]
        with self.lock:
            for held in (self.known, self.waiting.get(day, {})):
                for visitor in [visitor for visitor in held if len(visitor) > 2 and visitor[0] == day]:
                    held[day, visitor_number(salt, *visitor[1:])] = held.pop(visitor)

    def _pack(self):
        """Move what has waited into batches; visitors without a number wait on."""
        with self.lock:
            for day, rows in list(self.waiting.items()):
                numbered = {visitor: row for visitor, row in rows.items() if len(visitor) == 2}
                if numbered:
                    self.pending.append(Pending(uuid.uuid4(), day, numbered, self.begun.pop(day, 0)))
                rest = {visitor: row for visitor, row in rows.items() if len(visitor) > 2}
                if rest:
                    self.waiting[day] = rest
                else:
                    del self.waiting[day]

    def _forget(self, today, moment):
        for visitor, last in list(self.known.items()):
            if moment - last < clock.PAUSE:
                break
            del self.known[visitor]
        self.minted = Counter({key: count for key, count in self.minted.items() if key[0] == today})
        self.refused = Counter({key: count for key, count in self.refused.items() if (today - key[0]).days < 2})
        self.salts = {day: key for day, key in self.salts.items() if day >= today}
