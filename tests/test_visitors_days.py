"""What is kept of a reader: a number of one day, and of an address nothing but how many there were."""

from datetime import date

import pytest

from tests.counting import DAY, MINUTE, SECOND, TUESDAY, at, started
from visitors.models import Batch, Day, Refused, Salt, Seen
from visitors.shared import Shared

pytestmark = pytest.mark.django_db


def test_a_day_is_closed_into_its_total_two_days_later_and_its_visitors_forgotten():
    process = started()
    for who in "abc":
        process.open_page(TUESDAY, who)
    process.open_page(TUESDAY + 40 * MINUTE, "a")
    process.flush(TUESDAY + 41 * MINUTE)
    started(TUESDAY + DAY)
    assert (Day.objects.count(), Seen.objects.count()) == (1, 3)
    shown = started(TUESDAY + 2 * DAY).tally.show(TUESDAY + 2 * DAY)
    assert list(Day.objects.values_list("day", "visits", "visitors")) == [(date(2024, 3, 5), 4, 3)]
    assert (Seen.objects.count(), Batch.objects.count(), shown.since) == (0, 0, 4)


def test_salts_live_for_their_day_and_tomorrows_is_made_at_noon():
    started(at(2024, 3, 5, 11))
    assert list(Salt.objects.values_list("day", flat=True)) == [date(2024, 3, 5)]
    started(at(2024, 3, 5, 13))
    assert set(Salt.objects.values_list("day", flat=True)) == {date(2024, 3, 5), date(2024, 3, 6)}
    process = started(at(2024, 3, 6, 1))
    assert set(Salt.objects.values_list("day", flat=True)) == {date(2024, 3, 6)}
    assert set(process.tally.salts) == {date(2024, 3, 6)}


def test_the_processes_of_a_server_share_the_salts_and_destroy_them_with_their_day():
    process, shared = started(at(2024, 3, 5, 13)), Shared()
    days = [date(2024, 3, day) for day in (4, 5, 6, 7)]
    assert [process.tally.shared.salts.get(day) for day in days] == [
        None,
        *(process.tally.salts[d] for d in days[1:3]),
        None,
    ]
    assert [shared.salts.get(day) for day in days] == [None] * 4
    process.flush(at(2024, 3, 6, 1))
    assert [process.tally.shared.salts.get(day) for day in days] == [None, None, process.tally.salts[days[2]], None]
    process.flush(at(2024, 3, 7, 1))
    (key,) = process.tally.salts.values()
    assert list(filter(None, process.tally.shared.salts.words.tolist())) == [
        days[3].toordinal(),
        *memoryview(key).cast("q"),
    ]


def test_one_person_is_another_number_on_another_day_and_no_address_is_kept():
    process = started()
    process.open_page(TUESDAY)
    process.flush(TUESDAY)
    process.open_page(TUESDAY + DAY)
    process.flush(TUESDAY + DAY)
    numbers = list(Seen.objects.values_list("visitor", flat=True))
    assert len(set(numbers)) == 2
    columns = {field.name for model in (Seen, Day, Salt, Batch) for field in model._meta.fields}
    assert columns == {
        "pk",
        "day",
        "visitor",
        "first_seen",
        "last_seen",
        "visits",
        "added",
        "pauses",
        "visitors",
        "key",
        "id",
    }


def test_one_address_cannot_mint_visitors_without_limit(settings):
    settings.VISITORS_PER_ADDRESS = 20
    process = started()
    for number in range(25):
        hit = process.tally.look(b"home", f"Mozilla/5.0 {number}", "127.0.0.1", TUESDAY)
        if hit:
            process.tally.count(hit)
    assert process.flush(TUESDAY).since == 20
    assert Refused.objects.get(reason="too many from one address").hits == 5
    assert process.tally.look(b"home", "Mozilla/5.0 1", "127.0.0.1", TUESDAY)
    assert process.tally.look(b"next door", "Mozilla/5.0 1", "127.0.0.1", TUESDAY)


def test_the_limit_of_an_address_holds_however_many_others_come_between(settings, monkeypatch):
    settings.VISITORS_PER_ADDRESS = 20
    monkeypatch.setattr("visitors.tally.MOST_NETWORKS", 100)
    process, taken = started(), 0
    for number in range(40):
        hit = process.tally.look(b"home", f"Mozilla/5.0 {number}", "127.0.0.1", TUESDAY)
        if hit:
            process.tally.count(hit)
            taken += 1
        for other in range(number * 10, number * 10 + 10):
            process.open_page(TUESDAY, str(other))
    assert taken == 20


def test_a_reader_who_stays_for_hours_keeps_their_address_among_those_of_the_hour():
    process = started()
    for step in range(46):
        process.open_page(TUESDAY + step * 4 * MINUTE)
        process.flush(TUESDAY + step * 4 * MINUTE + SECOND)
        assert process.tally.shared.addresses(TUESDAY + step * 4 * MINUTE) == 1, step


def test_the_addresses_of_a_busy_hour_are_counted_to_one_in_a_hundred():
    shared = Shared()
    for number in range(8000):
        shared.arrive(date(2024, 3, 5), TUESDAY, b"net%d" % number, number + 1)
    assert 7920 <= shared.addresses(TUESDAY + MINUTE) <= 8000
