"""A chart of columns, worked out for a drawing that is as wide as its place: across in percent, down in pixels, so that
columns grow and shrink with the page and the words keep their size on a telephone."""

from datetime import timedelta
from typing import NamedTuple

from visitors.figures import dotted

HEIGHT, HEAD, FOOT = 200, 14, 26  # pixels: of the columns, of the word above the highest line, of the words below
MOST_LINES = 4
DIGIT, NARROWEST = 7.2, 225  # pixels: a digit of the words, and the columns on the smallest telephone
GAP = 0.2  # between two columns, of the width of both
MOST_YEARS, MOST_MONTHS = 6, 3  # words below that a telephone has room for
PARTS_OF_A_YEAR = (1, 2, 3, 6, 12)  # months from word to word


class Column(NamedTuple):
    x: str
    y: str
    width: str
    height: str
    count: object


class Line(NamedTuple):
    y: str
    word_y: str
    value: int


class Mark(NamedTuple):
    x: str
    anchor: str
    word: str


class Chart(NamedTuple):
    counts: list  # of all columns, oldest first; one that is not known has no column
    columns: list
    lines: list
    marks: list
    scale_width: int
    height: int = HEAD + HEIGHT + FOOT
    bottom: int = HEAD + HEIGHT
    words_y: int = HEAD + HEIGHT + FOOT - 8

    @property
    def known(self):
        return [count for count in self.counts if count.visits is not None]

    @property
    def has_gaps(self):
        return len(self.known) < len(self.counts)

    @property
    def newest_first(self):
        return self.known[::-1]

    @property
    def highest(self):
        return max(self.known, key=lambda count: count.visits)


def drawn(counts, marks):
    """The chart of ``counts`` (``visits``, ``None`` where not known), with words below: ``marks`` by place."""
    step = step_of(max(count.visits or 0 for count in counts))
    top = step * max(1, -(-max(count.visits or 0 for count in counts) // step))
    slot = 100 / len(counts)
    columns = [column(place, count, slot, top) for place, count in enumerate(counts) if count.visits is not None]
    lines = [line(value, top) for value in range(0, top + 1, step)]
    width = round(DIGIT * len(dotted(top))) + 9
    return Chart(counts, columns, lines, [mark(place, word, slot) for place, word in marks.items()], width)


def column(place, count, slot, top):
    height = max(HEIGHT * count.visits / top, 1 if count.visits else 0)  # a single visit is seen
    x, width = slot * (place + GAP / 2), slot * (1 - GAP)
    return Column(f"{x:.2f}%", f"{HEAD + HEIGHT - height:.1f}", f"{width:.2f}%", f"{height:.1f}", count)


def line(value, top):
    y = HEAD + HEIGHT - HEIGHT * value / top
    return Line(f"{y:.1f}", f"{y + 4:.1f}", value)


def mark(place, word, slot):
    """A word below the column at ``place``, and within the drawing: near its ends it begins or ends with its column."""
    middle, half = slot * (place + 0.5), 100 * len(word) * DIGIT / 2 / NARROWEST
    if middle < half:
        return Mark(f"{slot * place:.2f}%", "start", word)
    if middle > 100 - half:
        return Mark(f"{slot * (place + 1):.2f}%", "end", word)
    return Mark(f"{middle:.2f}%", "middle", word)


def step_of(highest):
    """The least of 1, 2, 5, 10, 20, 50 … that reaches ``highest`` in ``MOST_LINES`` steps."""
    unit = 1
    while True:
        for step in (unit, 2 * unit, 5 * unit):
            if step * MOST_LINES >= highest:
                return step
        unit *= 10


def mondays(today, days):
    """The words below a chart of the last ``days`` days."""
    shown = [today - timedelta(ago) for ago in reversed(range(days))]
    return {place: f"{day:%d/%m}" for place, day in enumerate(shown) if day.weekday() == 0}


def years(months):
    """The words below a chart of months: a few of them, or of many the years."""
    if len(months) <= 24:
        every = next(step for step in PARTS_OF_A_YEAR if step * MOST_MONTHS >= len(months))
        return {place: months[place].name for place in range(0, len(months), every)}
    januaries = [place for place, month in enumerate(months) if month.name.startswith("01/")]
    return {place: months[place].name[3:] for place in januaries[:: -(-len(januaries) // MOST_YEARS)]}
