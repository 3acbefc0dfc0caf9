"""The counter's time: milliseconds since 1970, and days of Asia/Ho_Chi_Minh whatever the server's zone.

Vietnam has kept UTC+7 without summer time since 1975 (IANA tzdata), so a day is one division.
"""

import time
from datetime import date, timedelta
from functools import lru_cache

SECOND = 1000
MINUTE = 60 * SECOND
PAUSE = 30 * 60 * SECOND  # a hit this long after the one before begins a new visit
ONLINE = 300 * SECOND
DAY = 24 * 3600 * SECOND
OFFSET = 7 * 3600 * SECOND
EPOCH = date(1970, 1, 1).toordinal()


def now():
    return int(time.time() * SECOND)


def day_of(moment):
    """The local day of ``moment``."""
    return nth_day((moment + OFFSET) // DAY)


@lru_cache(maxsize=16)  # one object a day: its hash is worked out once
def nth_day(number):
    return date.fromordinal(EPOCH + number)


@lru_cache(maxsize=16)
def day_start(day):
    return (day.toordinal() - EPOCH) * DAY - OFFSET


def day_before(day):
    return day - timedelta(days=1)


@lru_cache(maxsize=16)
def monday_of(day):
    return day - timedelta(days=day.weekday())
