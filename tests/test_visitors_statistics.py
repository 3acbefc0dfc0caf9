"""The statistics page: the footer's figures and what the days say, drawn and in tables; every day as a file."""

import csv
import io
import re
from datetime import date, timedelta

import pytest
from django.core.management import call_command

from tests.factories import make_article
from tests.statistics_page import AGENT, TODAY, carry, count, figures, opened, read, table, text_of, view
from visitors import clock
from visitors import statistics as numbers
from visitors.figures import Figures
from visitors.models import Day, PastDay
from visitors.timer import timer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tuesday")]

# --- the figures


def test_the_page_shows_the_four_figures_as_the_footer_does_with_its_reader_in_them(client):
    call_command("carry_over", total=3_489_813, as_of=date(2024, 2, 20), source="Chân trang cũ", verbosity=0)
    read()
    page = opened(client, agent=AGENT)
    for name, shown in {"online": "1", "today": "1", "week": "1", "total": "3.489.814"}.items():
        assert figures(page, name) == [shown, shown]
    assert "trong đó 3.489.813 lượt chuyển sang" in text_of(page)
    assert "3.489.813 lượt, tính đến ngày 20/02/2024" in text_of(page) and "Nguồn: Chân trang cũ." in text_of(page)


def test_today_stands_against_the_whole_same_day_of_last_week(client):
    count(TODAY - timedelta(7), 1234)
    assert "cả ngày thứ ba tuần trước: 1.234" in text_of(opened(client))


def test_a_last_week_without_visits_is_nought_and_one_before_the_counter_is_not_known(client):
    count(TODAY - timedelta(8), 5)
    assert "cả ngày thứ ba tuần trước: 0" in text_of(opened(client))
    Day.objects.update(day=TODAY - timedelta(6))
    assert "thứ ba tuần trước chưa đếm" in text_of(opened(client))


def test_the_month_is_its_days_and_what_is_not_written_yet(client):
    for day in (date(2024, 2, 29), date(2024, 3, 1), date(2024, 3, 5)):
        count(day, 10)
    carry(date(2024, 2, 28), 7)
    read()
    page = opened(client, agent=AGENT)
    assert re.search(r"Trong tháng 21 từ ngày 01/03/2024", text_of(page))
    assert table(page, "tung-thang") == {"03/2024 (đang đếm)": ["21"], "02/2024": ["17"]}


def test_before_the_figures_are_read_the_page_says_what_the_days_say(client):
    count(TODAY, 5)
    page = opened(client)
    assert page.status_code == 200
    assert set(figures(page, "today")) == {"–"} and "Trong tháng 5 " in text_of(page)


def test_on_an_empty_database_the_page_says_that_there_is_nothing_yet(client):
    page = opened(client)
    assert text_of(page).count("Chưa có số liệu để vẽ biểu đồ.") == 2
    assert text_of(page).count("Chưa có bài nào được đọc trong thời gian này.") == 2
    assert b"<svg" not in page.content


# --- the charts and their tables


def test_a_day_nobody_came_is_nought_and_one_before_the_counter_is_not_known(client):
    count(date(2024, 3, 1), 40, 30)
    count(date(2024, 3, 4), 1500, 900)
    carry(date(2024, 2, 20), 7)
    assert table(opened(client), "tung-ngay") == {
        "05/03/2024 (đang đếm)": ["0", "–"],
        "04/03/2024": ["1.500", "900"],
        "03/03/2024": ["0", "0"],
        "02/03/2024": ["0", "0"],
        "01/03/2024": ["40", "30"],
        "20/02/2024": ["7", "–"],
    }


def test_months_begin_with_the_first_that_is_known_and_a_hole_before_the_counter_is_not_nought(client):
    carry(date(2022, 11, 30), 5)
    carry(date(2023, 2, 1), 6)
    count(date(2023, 12, 31), 1)
    page = opened(client)
    assert table(page, "tung-thang") == {
        "03/2024 (đang đếm)": ["0"],
        "02/2024": ["0"],
        "01/2024": ["0"],
        "12/2023": ["1"],
        "02/2023": ["6"],
        "11/2022": ["5"],
    }
    assert "từ 11/2022 đến 03/2024. Cao nhất là 02/2023 với 6 lượt." in page.content.decode()


def test_a_month_counted_by_both_is_their_sum():
    carry(date(2024, 2, 10), 5)
    carry(date(2024, 2, 11), 5, source="nơi khác")
    count(date(2024, 2, 20), 7)
    assert numbers.overview(TODAY, None)["months"].known[0][:3] == ("02/2024", "2024-02", 17)


def test_a_new_site_has_room_for_twelve_months_and_draws_those_it_knows():
    count(TODAY, 3)
    chart = numbers.overview(TODAY, None)["months"]
    assert len(chart.counts) == 12 and chart.has_gaps
    assert [column.count.name for column in chart.columns] == ["03/2024"]


def test_todays_column_is_as_high_as_the_footer_says_and_marked_as_not_over():
    count(TODAY, 3)
    overview = numbers.overview(TODAY, Figures(8, 8, 8, 0))
    for name in ("days", "months"):
        *_, last = overview[name].columns
        assert (last.count.visits, last.count.is_over) == (8, False)


def test_a_chart_is_an_image_with_a_name_and_nothing_in_it_needs_a_style_of_its_own(client):
    count(date(2024, 3, 4), 1500)
    page = opened(client).content.decode()
    assert page.count('role="img" aria-label="Biểu đồ cột: ') == 2
    assert page.count("<summary") == page.count("<svg") / 2 == 2
    assert "<title>04/03/2024: 1.500 lượt</title>" in page
    assert not re.search(r"<style|style=", page)


# --- every day as a file


def lines_of(response):
    text = response.content.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline="")))


def test_every_known_day_until_yesterday_is_in_the_file(client):
    carry(date(2023, 12, 31), 1_000_000)
    count(date(2024, 3, 2), 40, 30)
    count(TODAY, 5, 5)
    response = opened(client, "/thong-ke/luot-truy-cap.csv")
    assert lines_of(response) == [
        ["ngay", "luot_truy_cap", "khach"],
        ["2023-12-31", "1000000", ""],
        ["2024-03-02", "40", "30"],
        ["2024-03-03", "0", "0"],
        ["2024-03-04", "0", "0"],
    ]
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"] == 'attachment; filename="luot-truy-cap.csv"'
    assert response.content.startswith(b"\xef\xbb\xbfngay,")


def test_the_file_of_an_empty_site_has_its_first_line_alone(client):
    assert lines_of(opened(client, "/thong-ke/luot-truy-cap.csv")) == [["ngay", "luot_truy_cap", "khach"]]


def test_what_one_site_offers_another_can_carry_over(client, tmp_path):
    count(date(2024, 3, 2), 40, 30)
    (tmp_path / "x.csv").write_bytes(opened(client, "/thong-ke/luot-truy-cap.csv").content)
    Day.objects.all().delete()
    call_command("carry_over", days=str(tmp_path / "x.csv"), source="trang cũ", verbosity=0)
    assert PastDay.objects.count() == 3


# --- what it costs, and who is counted


@pytest.mark.parametrize("days", [3, 3000])
def test_the_page_takes_eight_queries_and_the_file_two(client, days, django_assert_num_queries):
    Day.objects.bulk_create([Day(day=TODAY - timedelta(n), visits=n, visitors=n) for n in range(days)])
    PastDay.objects.bulk_create([PastDay(day=TODAY - timedelta(days + n), visits=n, source="x") for n in range(days)])
    for n in range(3):
        view(make_article(title=f"Tin {n}").get_absolute_url(), 5)
    read()
    # 1 visits by month, 2 the last 30 days, 3 the figure carried over, 4 the masthead, 5 the categories, 6 the most read of
    # 7 days, 7 of 30 days, 8 their titles
    with django_assert_num_queries(8):
        assert opened(client, agent=AGENT).status_code == 200
    # 1 every day, 2 the first day of this counter
    with django_assert_num_queries(2):
        assert opened(client, "/thong-ke/luot-truy-cap.csv", AGENT).status_code == 200


@pytest.mark.parametrize(("path", "visits"), [("/thong-ke/", 1), ("/thong-ke/luot-truy-cap.csv", 0)])
def test_the_page_counts_its_reader_and_the_file_does_not(client, path, visits):
    read()
    assert opened(client, path, AGENT).status_code == 200
    read()
    assert timer.tally.show(clock.now()).since == visits


def test_behind_a_cache_the_page_is_the_same_for_everyone_and_brings_itself_up_to_date(client, settings):
    settings.VISITORS_COUNT_BY = "ping"
    count(TODAY, 5)
    read()
    page = opened(client, agent=AGENT)
    assert page["Cache-Control"] == "public, max-age=1"
    assert page.content == opened(client, agent=AGENT + " x").content
    assert figures(page, "today")[0] == "5" and b"visit.js" in page.content


def test_behind_a_cache_the_page_does_not_wait_for_a_ping_to_read_the_figures(client, settings, monkeypatch):
    settings.VISITORS_COUNT_BY = "ping"
    count(TODAY, 5)
    monkeypatch.setattr(timer, "start", read)
    assert figures(opened(client), "today")[0] == "5"


def test_the_page_stands_in_the_footer_and_in_the_site_map(client):
    assert '<a class="sections-nav__link" href="/thong-ke/">' in client.get("/").content.decode()
    assert "<loc>http://127.0.0.1:8000/thong-ke/</loc>" in client.get("/sitemap.xml").content.decode()


def test_days_carried_over_are_shown_as_what_they_are(client):
    carry(date(2023, 1, 1), 5, source="Nhật ký máy chủ")
    carry(date(2024, 2, 25), 5, source="Sổ tay")
    text = text_of(opened(client))
    assert "từ 01/01/2023 đến 25/02/2024 cũng là của bộ đếm trước. Những ngày ấy được cộng vào “Tất cả”." in text
    assert "Nguồn: Nhật ký máy chủ; Sổ tay." in text
    call_command("carry_over", total=100, as_of=date(2024, 2, 20), source="Chân trang", verbosity=0)
    text = text_of(opened(client))
    assert (
        "Những ngày đến hết 20/02/2024 đã nằm trong số chuyển sang, không cộng thêm lần nữa. Những ngày sau đó được"
        in text
    )
    PastDay.objects.filter(source="Nhật ký máy chủ").delete()
    assert "đã nằm trong số chuyển sang" not in text_of(opened(client))
