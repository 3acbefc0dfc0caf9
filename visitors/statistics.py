"""The numbers of the statistics page: what there is to read in the totals of days, in a fixed number of queries."""

from datetime import date, timedelta
from typing import NamedTuple

from django.db.models import CharField, F, Max, Min, Sum, Value
from django.db.models.functions import TruncMonth

from visitors import charts, clock, store
from visitors.models import Day, PageDay, PastDay, Refused, Start
from visitors.past_days import first_own_day
from visitors.timer import safely, timer

FEWEST_MONTHS = 12  # that the chart of months has room for


class Count(NamedTuple):
    """One day or month: a line of a table, and a column of its chart. ``None``: not known."""

    name: str
    iso: str
    visits: int | None
    visitors: int | None = None
    is_over: bool = True


class Month(NamedTuple):
    """The known days of one month. ``source`` is empty for what this counter has counted itself."""

    month: date
    source: str
    visits: int
    first: date
    last: date


def figures_at(moment, hit=None):
    """The four figures as the footer shows them to the reader of ``hit``; ``None`` while none has been read."""
    safely(timer.start)
    return safely(timer.tally.show, moment, hit)


def overview(today, figures):
    """All that the page shows of visits. Today's are those of ``figures``, which no table has yet."""
    months, days = known_months(), known_days(today - timedelta(store.DAYS_READ - 1), today)
    begun = min((month.first for month in months if not month.source), default=today)
    visits, visitors = days.get(today, (0, None))
    shown = figures.today if figures else visits
    days[today] = shown, visitors
    counts = count_days(days, begun, today)
    month_counts = count_months(months, begun, today, unwritten=shown - visits)
    return {
        "figures": figures,
        "today": today,
        "monday": clock.monday_of(today),
        "first_of_month": today.replace(day=1),
        "this_month": month_counts[-1].visits,
        "week_ago": today - timedelta(7),
        "same_day": counts[-8].visits,
        "days": charts.drawn(counts, charts.mondays(today, store.DAYS_READ)),
        "months": charts.drawn(month_counts, charts.years(month_counts)),
        "carried": carried_over([month for month in months if month.source], Start.objects.first()),
    }


def carried_over(months, start):
    """What is said of the counter before this one: its total ``start``, or None, and its known ``months``. ``within``: whether some
    of their days are a part of the total; ``after``: whether some are not."""
    first = min((month.first for month in months), default=None)
    last = max((month.last for month in months), default=None)
    return {
        "start": start,
        "first": first,
        "last": last,
        "within": bool(start and first and first <= start.as_of),
        "after": bool(last and not (start and last <= start.as_of)),
        "sources": sorted({month.source for month in months}),
    }


def count_days(days, begun, today):
    """The last days, one by one. From ``begun`` on a day without a row is one without a visit."""
    counts = []
    for day in (today - timedelta(ago) for ago in reversed(range(store.DAYS_READ))):
        visits, visitors = days.get(day, (0, 0) if day >= begun else (None, None))
        counts.append(Count(f"{day:%d/%m/%Y}", f"{day}", visits, visitors, is_over=day < today))
    return counts


def count_months(months, begun, today, unwritten):
    """Every month from the first known one to this one, in which ``unwritten`` visits are in no table yet."""
    sums = {today.replace(day=1): unwritten}
    for month in months:
        sums[month.month] = sums.get(month.month, 0) + month.visits
    number = min(number_of(min(sums)), number_of(today) - FEWEST_MONTHS + 1)
    counts = []
    for month in (date(n // 12, n % 12 + 1, 1) for n in range(number, number_of(today) + 1)):
        visits = sums.get(month, 0 if month >= begun else None)
        is_over = number_of(month) < number_of(today)
        counts.append(Count(f"{month:%m/%Y}", f"{month:%Y-%m}", visits, is_over=is_over))
    return counts


def number_of(day):
    """The months since the year 0: the month of ``day``."""
    return day.year * 12 + day.month - 1


def every_day(before):
    """(day, visits, visitors) of every known day before ``before``, oldest first."""
    days, begun = known_days(date.min, before - timedelta(1)), first_own_day()
    own = {begun + timedelta(n): (0, 0) for n in range((before - begun).days)}
    return [(day, *counts) for day, counts in sorted((own | days).items())]


# --- queries


def known_days(first, last):
    """Day -> (visits, visitors), of this counter and an older one."""
    rows = [
        model.objects.order_by().filter(day__range=(first, last)).values_list("day", "visits", "visitors")
        for model in (PastDay, Day)
    ]
    return {day: counts for day, *counts in rows[0].union(rows[1], all=True)}


def known_months():
    """A ``Month`` for each month and source."""
    rows = [
        model.objects.order_by()
        .annotate(month=TruncMonth("day"), of=source)
        .values_list("month", "of")
        .annotate(Sum("visits"), Min("day"), Max("day"))
        for model, source in ((PastDay, F("source")), (Day, Value("", CharField())))
    ]
    return [Month(*row) for row in rows[0].union(rows[1], all=True)]


def most_viewed(today, days, limit, prefix):
    """The ``limit`` pages below ``prefix`` that were opened most on the last ``days`` days, today included."""
    rows = PageDay.objects.filter(day__gt=today - timedelta(days), day__lte=today, path__startswith=prefix)
    sums = rows.values_list("path").annotate(sum=Sum("views")).order_by("-sum", "path")[:limit]
    return [{"path": path, "views": views} for path, views in sums]


def refused(today):
    """What was not counted on the last days: the reasons, commonest first, and (day, hits of each reason, their sum)."""
    rows = Refused.objects.filter(day__gt=today - timedelta(store.DAYS_READ)).values_list("day", "reason", "hits")
    by_day, sums = {}, {}
    for day, reason, hits in rows:
        by_day.setdefault(day, {})[reason] = hits
        sums[reason] = sums.get(reason, 0) + hits
    reasons = sorted(sums, key=lambda reason: (-sums[reason], reason))
    lines = [
        (day, [hits.get(reason, 0) for reason in reasons], sum(hits.values()))
        for day, hits in sorted(by_day.items(), reverse=True)
    ]
    return reasons, lines
