"""One process's share of the count: what it has not yet written, and the figures it shows.

No request touches the database. ``Tally`` takes hits into memory; ``flush`` writes them and reads the figures, on a timer
(timer.py). A lock guards the memory and is never held while the database is asked.
"""

import uuid
from collections import Counter, OrderedDict
from dataclasses import dataclass, replace
from threading import Lock

from visitors import clock, store
from visitors.identity import visitor_number

MOST_KNOWN = 30_000  # visitors whose last hit is remembered
MOST_WAITING = 30_000  # rows not yet written
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
    begins_visit: bool
    is_known: bool


@dataclass(slots=True)
class Pending:
    """A batch on its way to the database. It keeps its id, so that trying again counts once."""

    id: uuid.UUID
    day: object
    rows: dict
    fresh: int


class Tally:
    def __init__(self):
        self.lock = Lock()
        self.known = OrderedDict()  # visitor -> last hit, in the order of the hits
        self.waiting = {}  # day -> visitor -> Row
        self.fresh = Counter()  # day -> visits in `waiting` that this process takes for new
        self.pending = []
        self.minted = Counter()  # (day, network) -> new visitors
        self.salts = {}
        self.figures = None
        self.shown = None
        self.begun = None  # the last day whose first flush was done
        self.read_at = 0
        self.refused = Counter()  # (day, reason) -> hits not counted

    # --- on the request path: memory only ---

    def look(self, network, agent, host, moment):
        """The hit that a request would be, or ``None`` when its network has minted too many visitors today."""
        day = clock.day_of(moment)
        salt = self.salts.get(day)
        visitor = (day, visitor_number(salt, network, agent, host)) if salt else (day, network, agent, host)
        last = self.known.get(visitor)
        if last is None and self.minted[day, network] >= MOST_NEW_OF_ONE_NETWORK:
            self.refuse("too many from one address", moment)
            return None
        begins = last is None or moment - last >= clock.PAUSE
        return Hit(visitor, network, moment, begins, last is not None)

    def count(self, hit):
        day = hit.visitor[0]
        with self.lock:
            rows = self.waiting.setdefault(day, {})
            row = rows.get(hit.visitor)
            if row is None:
                if len(rows) >= MOST_WAITING:
                    self.refused[day, "buffer full"] += 1
                    return
                rows[hit.visitor] = Row(hit.moment, hit.moment, 1)
            else:
                row.visits += hit.moment - row.last >= clock.PAUSE
                row.first, row.last = min(row.first, hit.moment), max(row.last, hit.moment)
            if hit.begins_visit:
                self.fresh[day] += 1
            if not hit.is_known:
                self.minted[day, hit.network] += 1
            self._remember(hit.visitor, hit.moment)

    def refuse(self, reason, moment):
        self.refused[clock.day_of(moment), reason] += 1

    def show(self, moment, hit=None):
        """The four figures at ``moment`` with ``hit`` counted in, or ``None`` while none has ever been read."""
        figures = self.figures
        if figures is None:
            return None
        today = clock.day_of(moment)
        with self.lock:
            fresh = Counter(self.fresh)
            for batch in self.pending:
                fresh[batch.day] += batch.fresh
        if hit and hit.begins_visit:
            fresh[hit.visitor[0]] += 1
        monday = clock.monday_of(today)
        same_day, same_week = figures.day == today, clock.monday_of(figures.day) == monday
        shown = store.Figures(
            day=today,
            online=max(1, figures.online if same_day else 0, self._online_here(today, moment, hit)),
            today=(figures.today if same_day else 0) + fresh[today],
            week=(figures.week if same_week else 0) + sum(n for day, n in fresh.items() if day >= monday),
            total=figures.total + sum(fresh.values()),
        )
        return self._never_falling(shown)

    def _online_here(self, today, moment, hit):
        """Readers this process has seen in the last minutes: it knows them before the database does."""
        count = 0
        for visitor, last in reversed(self.known.items()):
            if moment - last >= clock.ONLINE or count >= 1000:
                break
            count += visitor[0] == today
        return count + (hit is not None and not hit.is_known)

    def _never_falling(self, shown):
        before = self.shown
        if before is not None:
            today = max(shown.today, before.today) if before.day == shown.day else shown.today
            same_week = clock.monday_of(before.day) == clock.monday_of(shown.day)
            week = max(shown.week, before.week) if same_week else shown.week
            shown = replace(shown, today=today, week=max(week, today), total=max(shown.total, before.total))
        self.shown = shown
        return shown

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
        for batch in list(self.pending):
            if batch.rows:
                store.apply(batch.id, batch.day, [(v[1], r.first, r.last, r.visits) for v, r in batch.rows.items()])
                batch.rows = {}
        if self.begun != today:
            store.begin_day(today)
            self.begun = today
        figures = store.read_figures(today, moment)
        learnt = store.recently_seen(today, max(self.read_at - clock.SECOND * 60, moment - clock.PAUSE), MOST_KNOWN)
        with self.lock:
            self.figures, self.read_at = figures, moment
            self.pending = []
            for visitor, last in reversed(learnt):
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
                    self.pending.append(Pending(uuid.uuid4(), day, numbered, self.fresh.pop(day, 0)))
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
        self.salts = {day: key for day, key in self.salts.items() if day >= today}
