"""A hit before it is counted, and the hits of one visitor on their way to the database."""

import uuid
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from visitors import clock


@dataclass(slots=True)
class Row:
    """The unwritten hits of one visitor of one day."""

    first: int
    last: int
    visits: int
    begun: int  # of them, those that this process takes for new
    pauses: str = ""  # between them, "end start " of each: what was not written for hours can still be put in its place

    def add(self, moment, begun, before):
        """A hit, ``begun`` if it begins a visit by all that this server knows. It goes on with the one of the hit ``before``,
        if not: the row reaches back to that, so that the database sees it too, whoever writes first. Returns whether a pause lies
        between them now."""
        start = moment if begun or before is None else before
        paused = begins_visit(self.last, start)
        if paused:
            self.pauses += f"{self.last} {start} "
            self.visits += 1  # whoever begun it: what both rows have is taken off when the second is written (store.py)
        self.begun += begun
        self.first = min(self.first, start)
        if moment > self.last:
            self.last = moment
        return paused

    def take_back(self, last):
        """Who was here at ``last`` already, by what others have seen: if so, this row's first visit was not new."""
        if self.begun and not begins_visit(last, self.first):
            self.begun -= 1


class Hit(NamedTuple):
    """A hit that is not counted yet. ``visitor``: (day, number), or (day, network, agent, host) while there is no salt."""

    visitor: tuple
    network: bytes
    moment: int


@dataclass(slots=True)
class Pending:
    """A batch on its way to the database. It keeps its id, so that trying again counts once."""

    id: uuid.UUID
    day: date
    rows: dict  # number of a visitor -> Row
    views: dict = field(default_factory=dict)  # path -> how often it was opened
    refused: dict = field(default_factory=dict)  # reason -> hits not counted


def spans(first, last, pauses):
    """The visits of a row as pairs of moments."""
    moments = [first, *map(int, pauses.split()), last]
    return list(zip(moments[::2], moments[1::2], strict=True))


def joined(visits):
    """``visits`` in order, those that no pause sets apart as one."""
    found = []
    for first, last in sorted(visits):
        if found and not begins_visit(found[-1][1], first):
            found[-1] = (found[-1][0], max(last, found[-1][1]))
        else:
            found.append((first, last))
    return found


def begins_visit(last, moment):
    """Whether a hit at ``moment`` begins a visit when the one before was at ``last`` (``None``: there was none)."""
    return last is None or moment - last >= clock.PAUSE
