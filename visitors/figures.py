"""The four figures, and how a number is shown."""

from functools import lru_cache
from typing import NamedTuple


class Figures(NamedTuple):
    """The four figures, as the database has them or as a reader is shown them."""

    today: int
    week: int
    since: int  # every visit this counter has counted
    start: int  # the figure carried over from before it, and the past days that it does not hold
    online: int = 1  # known to the processes alone

    @property
    def total(self):
        return self.start + self.since

    def named(self):
        """The four as they are shown."""
        return {"online": self.online, "today": self.today, "week": self.week, "total": self.total}


@lru_cache(maxsize=256)
def dotted(number):
    """3489813 as 3.489.813; nothing for a figure that is not known. (Django's own way takes twenty times as long.)"""
    return f"{number:,}".replace(",", ".") if isinstance(number, int) else ""
