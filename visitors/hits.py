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

    def add(self, moment, begun, before):
        """A hit, ``begun`` if it begins a visit by all that this server knows. It goes on with the one of the hit ``before``,
        if not: the row reaches back to that, so that the database sees it too, whoever writes first."""
        self.visits += begun and begins_visit(self.last, moment)
        self.begun += begun
        self.first = min(self.first, moment if begun or before is None else before)
        if moment > self.last:
            self.last = moment


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


def begins_visit(last, moment):
    """Whether a hit at ``moment`` begins a visit when the one before was at ``last`` (``None``: there was none)."""
    return last is None or moment - last >= clock.PAUSE
