"""What an older counter had counted: its days beside its total, each visit in the sum once, and files that are not right."""

import re
from datetime import date, timedelta

import pytest
from django.core.management import CommandError, call_command

from tests.counting import DAY, TUESDAY, started
from visitors import clock
from visitors.models import Day, PastDay, Start

pytestmark = pytest.mark.django_db
AS_OF = date(2024, 2, 20)
TODAY = clock.day_of(clock.now())


@pytest.fixture
def carry(tmp_path):
    def carry(*lines, encoding="utf-8", **options):
        path = tmp_path / "ngay.csv"
        path.write_text("\n".join(lines), encoding=encoding)
        call_command("carry_over", days=str(path), verbosity=0, **{"source": "sổ cũ", **options})

    return carry


def test_the_command_is_run_as_readme_says_it(stored_site, tmp_path):
    days = tmp_path / "ngay.csv"
    days.write_text("ngay,luot_truy_cap\n2024-02-19,120\n")
    stored_site.manage("carry_over", "--remove")
    said = stored_site.manage("carry_over", "--total", "3489813", "--as-of", "2024-02-20", "--source", "chân trang cũ")
    assert said == "Carried over: 3489813 visits as of 2024-02-20 (chân trang cũ).\n"
    assert stored_site.manage("carry_over", "--days", str(days), "--source", "x") == "Carried over: 1 days (x).\n"
    assert stored_site.query("SELECT value FROM visitors_start") == [(3489813,)]
    assert stored_site.query("SELECT visits FROM visitors_pastday") == [(120,)]


def stored():
    return [(f"{day.day}", day.visits, day.visitors) for day in PastDay.objects.order_by("day")]


def all_time():
    return started().tally.show(TUESDAY).total


def test_known_days_are_carried_over_once_however_often(carry):
    for _ in range(2):
        carry("ngay,luot_truy_cap,khach", "2024-02-19,120,100", "20/02/2024,80,", "")
    assert stored() == [("2024-02-19", 120, 100), ("2024-02-20", 80, None)]
    carry("ngay,luot_truy_cap", "2024-02-20,90")
    assert stored() == [("2024-02-19", 120, 100), ("2024-02-20", 90, None)]


def test_a_file_saved_by_excel_is_read(carry):
    carry("NGAY;Luot_truy_cap;khach\r", "5/3/2024;10;8\r", encoding="utf-8-sig")
    assert stored() == [("2024-03-05", 10, 8)]


def test_days_until_the_total_was_read_are_in_it_and_later_ones_add_to_it_in_whatever_order_they_come(carry):
    lines = ["ngay,luot_truy_cap", "2024-02-19,120", "2024-02-20,80", "2024-02-21,7", "2024-02-25,5"]
    carry(*lines)
    assert all_time() == 212
    call_command("carry_over", total=1000, as_of=AS_OF, source="chân trang cũ", verbosity=0)
    assert all_time() == 1012
    call_command("carry_over", total=1100, as_of=date(2024, 2, 21), source="chân trang cũ", verbosity=0)
    assert all_time() == 1105
    PastDay.objects.all().delete()
    carry(*lines, total=1000, as_of=AS_OF)
    assert all_time() == 1012


def test_past_days_are_in_neither_today_nor_the_week(carry):
    carry("ngay,luot_truy_cap", "2024-03-04,50")  # a Monday, carried over as of the Sunday before
    process = started()
    process.open_page(TUESDAY)
    shown = process.flush(TUESDAY + 1000)
    assert (shown.today, shown.week, shown.total) == (1, 1, 51)


def test_what_this_counter_counts_itself_cannot_be_carried_over(carry):
    process = started()
    process.open_page(TUESDAY)
    process.flush(TUESDAY + 1000)
    process.open_page(TUESDAY + 2 * DAY)
    process.flush(TUESDAY + 2 * DAY + 1000)
    for day in ("2024-03-05", "2024-03-06", "2024-03-07"):  # the 6th too: nobody came, and that is counted
        with pytest.raises(CommandError, match=rf"line 3: {day} must be .* before 2024-03-05, .* Nothing was"):
            carry("ngay,luot_truy_cap", "2024-03-04,50", f"{day},50")
    assert stored() == []
    carry("ngay,luot_truy_cap", "2024-03-04,50")
    assert stored() == [("2024-03-04", 50, None)]


def test_a_day_that_is_not_over_cannot_be_carried_over(carry):
    for ahead in (0, 1):
        with pytest.raises(CommandError, match=f"line 2: {TODAY + timedelta(ahead)} must be"):
            carry("ngay,luot_truy_cap", f"{TODAY + timedelta(ahead)},50")
    carry("ngay,luot_truy_cap", f"{TODAY - timedelta(1)},50")


GOOD = "2024-03-01,5"


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        ([], "line 1: the first line must be ngay,luot_truy_cap or"),
        ([GOOD], "line 1: the first line must be"),
        (["ngay,khach", GOOD], "line 1: the first line must be"),
        (["ngay,luot_truy_cap", GOOD, "2024-03-05"], "line 3: must have 2 values"),
        (["ngay,luot_truy_cap", GOOD, "2024-03-05,10,8"], "line 3: must have 2 values"),
        (["ngay,luot_truy_cap", GOOD, "", "31/02/2024,10"], "line 4: '31/02/2024' is no date"),
        (["ngay,luot_truy_cap", GOOD, "03/05/24,10"], "line 3: '03/05/24' is no date"),
        (["ngay,luot_truy_cap", GOOD, "0224-03-05,10"], "line 3: 0224-03-05 must be from 1990-01-01"),
        (["ngay,luot_truy_cap", GOOD, "2024-03-05,-1"], "line 3: luot_truy_cap '-1' must be digits"),
        (["ngay,luot_truy_cap", GOOD, "2024-03-05,1.234"], "line 3: luot_truy_cap '1.234' must be digits"),
        (["ngay,luot_truy_cap", GOOD, "2024-03-05,"], "line 3: luot_truy_cap '' must be digits"),
        (["ngay,luot_truy_cap", GOOD, "2024-03-05,１２"], "line 3: luot_truy_cap '１２' must be digits"),
        (["ngay,luot_truy_cap", GOOD, "2024-03-05," + "9" * 13], "12 at most"),
        (["ngay,luot_truy_cap,khach", GOOD + ",5", "2024-03-05,10,x"], "line 3: khach 'x' must be digits"),
        (["ngay,luot_truy_cap,khach", GOOD + ",6"], "line 2: 6 khach cannot have made 5 visits"),
        (["ngay,luot_truy_cap", GOOD, "01/03/2024,10"], "line 3: 2024-03-01 stands there twice"),
        (["ngay,luot_truy_cap", GOOD, "2024-03-05," + "9" * 200_000], "line 3: field larger"),
        (["ngay,luot_truy_cap", GOOD, "\0"], "line 3: "),
    ],
)
def test_a_file_that_is_not_right_is_refused_in_one_sentence_and_whole(carry, lines, sentence):
    with pytest.raises(CommandError) as refused:
        carry(*lines, total=10, as_of=AS_OF)
    said = str(refused.value)
    assert sentence in said and said.endswith("Nothing was carried over.") and "\n" not in said
    assert not PastDay.objects.exists() and not Start.objects.exists()


def test_a_file_that_is_not_there_or_no_text_is_refused_in_one_sentence(carry, tmp_path):
    with pytest.raises(CommandError, match="No such file or directory"):
        call_command("carry_over", days=str(tmp_path / "khong-co.csv"), source="x")
    with pytest.raises(CommandError, match="must be text in UTF-8"):
        carry("ngày", encoding="utf-16")


def test_more_visits_in_the_days_than_in_the_total_that_holds_them_are_refused(carry):
    with pytest.raises(CommandError, match="The days until 2024-02-20 have 200 visits, more than the 150 carried"):
        carry("ngay,luot_truy_cap", "2024-02-19,120", "2024-02-20,80", total=150, as_of=AS_OF)
    assert not PastDay.objects.exists() and not Start.objects.exists()
    carry("ngay,luot_truy_cap", "2024-02-20,150", "2024-02-21,80", total=150, as_of=AS_OF)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"days": "x.csv"}, "--source is needed"),
        ({"days": "x.csv", "source": "  "}, "--source is needed"),
        ({"days": "x.csv", "source": "x", "total": 5}, "are all needed"),
        ({"total": 5, "as_of": AS_OF, "source": "x" * 301}, "300 characters at most"),
        ({"total": 10**12, "as_of": AS_OF, "source": "x"}, "under 1000000000000"),
        ({"total": 5, "as_of": TODAY + timedelta(1), "source": "x"}, "has not come yet"),
    ],
)
def test_what_cannot_be_is_refused_before_anything_is_read(options, sentence):
    with pytest.raises(CommandError, match=sentence):
        call_command("carry_over", **options)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--total", "3.489.813"], "--total: it: '3.489.813' must be digits alone"),
        (["--total", "1", "--as-of", "tháng 2"], "--as-of: 'tháng 2' is no date: YYYY-MM-DD or dd/mm/yyyy."),
        (["--total", "1", "--as-of", "30/02/2024"], "--as-of: '30/02/2024' is no date"),
    ],
)
def test_an_argument_that_is_none_is_refused_in_a_sentence(arguments, sentence):
    with pytest.raises(CommandError, match=re.escape(sentence)):
        call_command("carry_over", *arguments, "--source", "x")


def test_the_day_of_the_figure_may_be_written_as_in_a_file():
    call_command("carry_over", "--total", "5", "--as-of", "20/02/2024", "--source", "x", verbosity=0)
    assert Start.objects.get().as_of == AS_OF


def test_what_came_from_one_place_is_taken_out_alone(carry):
    carry("ngay,luot_truy_cap", "2024-02-19,120", total=1000, as_of=AS_OF)
    carry("ngay,luot_truy_cap", "2024-02-22,5", source="nhật ký")
    call_command("carry_over", remove=True, source="sổ cũ", verbosity=0)
    assert stored() == [("2024-02-22", 5, None)] and not Start.objects.exists()
    call_command("carry_over", remove=True, verbosity=0)
    assert stored() == [] and not Day.objects.exists()


def test_what_is_taken_out_is_named_as_it_was_carried_over_and_an_empty_name_takes_nothing():
    call_command("carry_over", total=5, as_of=AS_OF, source=" sổ  cũ", verbosity=0)
    with pytest.raises(CommandError, match="--source is empty"):
        call_command("carry_over", remove=True, source=" ", verbosity=0)
    assert Start.objects.exists()
    call_command("carry_over", remove=True, source=" sổ  cũ", verbosity=0)
    assert not Start.objects.exists()


def test_taking_out_the_sample_leaves_the_days_that_the_office_carried_over(carry):
    call_command("load_sample", verbosity=0)
    carry("ngay,luot_truy_cap", "2024-02-19,120")
    call_command("remove_sample", verbosity=0)
    assert stored() == [("2024-02-19", 120, None)] and not Start.objects.exists()


def test_the_figure_carried_over_is_set_once_however_often_and_may_be_large():
    for _ in range(2):
        call_command("carry_over", total=2**31 + 5, as_of=date(2024, 2, 20), source="sổ", verbosity=0)
    assert Start.objects.get().value == 2**31 + 5
    assert started().tally.show(TUESDAY).total == 2**31 + 5
    call_command("carry_over", remove=True, verbosity=0)
    assert started().tally.show(TUESDAY).total == 0


@pytest.mark.parametrize(
    "options", [{}, {"total": -1, "as_of": date(2024, 1, 1), "source": "x"}, {"total": 1, "as_of": date(2024, 1, 1)}]
)
def test_half_a_figure_to_carry_over_is_refused(options):
    with pytest.raises(CommandError, match="are all needed"):
        call_command("carry_over", **options)
