"""The drawn charts: columns, scales and words of any figures."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.statistics_page import TODAY, carry
from visitors import charts
from visitors import statistics as numbers

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tuesday")]


def of(*visits):
    return [numbers.Count(str(n), str(n), visit) for n, visit in enumerate(visits)]


def test_columns_are_as_high_as_what_they_count_and_a_single_visit_is_seen():
    chart = charts.drawn(of(1000, 500, 1, 0, None), {})
    assert [column.height for column in chart.columns] == ["200.0", "100.0", "1.0", "0.0"]
    assert [line.value for line in chart.lines] == [0, 500, 1000]


@pytest.mark.parametrize(
    ("highest", "step"), [(0, 1), (1, 1), (4, 1), (5, 2), (9, 5), (20, 5), (21, 10), (3_489_813, 1_000_000)]
)
def test_the_scale_has_round_numbers(highest, step):
    assert charts.step_of(highest) == step


@given(st.lists(st.none() | st.integers(0, 10**12), min_size=1, max_size=400), st.data())
def test_nothing_is_drawn_outside_the_drawing(visits, data):
    place = data.draw(st.integers(0, len(visits) - 1))
    chart = charts.drawn(of(*visits), {place: "03/2024"})
    for column in chart.columns:
        assert float(column.x[:-1]) >= 0 and float(column.x[:-1]) + float(column.width[:-1]) <= 100.01
        assert float(column.y) >= charts.HEAD and float(column.y) + float(column.height) <= chart.bottom + 0.1
    assert 2 <= len(chart.lines) <= charts.MOST_LINES + 1
    assert chart.lines[-1].value >= max(visit or 0 for visit in visits)
    (mark,) = chart.marks
    middle = float(mark.x[:-1]) + {"start": 11, "middle": 0, "end": -11}[mark.anchor]
    assert 11 <= middle <= 89


@pytest.mark.parametrize(
    ("first", "words"),
    [
        (date(2023, 4, 1), ["04/2023", "10/2023"]),
        (date(2022, 4, 1), ["04/2022", "04/2023"]),
        (date(2022, 3, 1), ["2023", "2024"]),
        (date(2011, 5, 1), ["2012", "2015", "2018", "2021", "2024"]),
    ],
)
def test_a_telephone_has_room_for_the_words_below_the_months(first, words):
    carry(first, 5)
    assert [mark.word for mark in numbers.overview(TODAY, None)["months"].marks] == words


def test_below_the_days_stand_their_mondays():
    assert [mark.word for mark in numbers.overview(TODAY, None)["days"].marks] == [
        "05/02",
        "12/02",
        "19/02",
        "26/02",
        "04/03",
    ]
