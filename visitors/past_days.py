"""Known days of an older counter, from a CSV: all of them or none."""

import csv
import io
from datetime import date, datetime
from pathlib import Path

from django.db.models import Min

from visitors import clock
from visitors.models import Day, PastDay

COLUMNS = ["ngay", "luot_truy_cap", "khach"]  # the last may be missing; the same as of the CSV that the site offers
OLDEST = date(1990, 1, 1)  # there was no Web: a slip in a year draws no chart of two thousand years
MOST_DIGITS = 12


def first_own_day():
    """The day from which on this counter counts itself."""
    return Day.objects.aggregate(first=Min("day"))["first"] or clock.day_of(clock.now())


def read(path, source, before):
    """The days of the CSV at ``path``, each before ``before``. Raises ValueError, one sentence that names the line."""
    text = text_of(path)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=";" if ";" in text else ",")  # Excel writes either
    try:
        header = [name.strip().lower() for name in next(rows, [])]
        if header not in (COLUMNS, COLUMNS[:2]):
            raise ValueError(f"the first line must be {','.join(COLUMNS[:2])} or {','.join(COLUMNS)}.")
        days = {}
        for row in rows:
            if any(cell.strip() for cell in row):
                day = past_day([cell.strip() for cell in row], len(header), source, before)
                if day.day in days:
                    raise ValueError(f"{day.day} stands there twice.")
                days[day.day] = day
    except (csv.Error, ValueError) as error:
        raise ValueError(f"{path}, line {max(1, rows.line_num)}: {error}") from None
    return list(days.values())


def text_of(path):
    try:
        return Path(path).read_text(encoding="utf-8-sig")
    except OSError as error:
        raise ValueError(f"{path}: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise ValueError(f"{path}: must be text in UTF-8.") from None


def past_day(cells, width, source, before):
    if len(cells) != width:
        raise ValueError(f"must have {width} values, as the first line does.")
    day = date_of(cells[0])
    if not OLDEST <= day < before:
        raise ValueError(f"{day} must be from {OLDEST} on and before {before}, the first day of this counter's own.")
    visits = whole_number(COLUMNS[1], cells[1])
    visitors = whole_number(COLUMNS[2], cells[2]) if width == 3 and cells[2] else None
    if visitors is not None and visitors > visits:
        raise ValueError(f"{visitors} {COLUMNS[2]} cannot have made {visits} visits.")
    return PastDay(day=day, visits=visits, visitors=visitors, source=source)


def date_of(cell):
    for form in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            return datetime.strptime(cell, form).date()
        except ValueError:
            continue
    raise ValueError(f"{cell!r} is no date: YYYY-MM-DD or dd/mm/yyyy.")


def whole_number(column, cell):
    if not (cell.isascii() and cell.isdigit() and len(cell) <= MOST_DIGITS):
        raise ValueError(f"{column} {cell!r} must be digits alone, {MOST_DIGITS} at most.")
    return int(cell)


def keep(days):
    """Store ``days``. Known ones are set anew, so that twice is once."""
    PastDay.objects.bulk_create(
        days,
        batch_size=1000,
        update_conflicts=True,
        unique_fields=["day"],
        update_fields=["visits", "visitors", "source"],
    )
