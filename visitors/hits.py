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

    def add(self, moment):
        self.visits += begins_visit(self.last, moment)
        if moment > self.last:
            self.last = moment
        elif moment < self.first:
            self.first = moment


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
