"""The statistics page: the footer's figures and what the days say, drawn and in tables; every day as a file."""

import csv
import io
import re
from datetime import date, timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.template import engines
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from tests.factories import make_article, make_draft, make_scheduled, make_withdrawn
from tests.test_visitors_count import TUESDAY
from visitors import charts, clock
from visitors import statistics as numbers
from visitors.models import Day, PageDay, PastDay
from visitors.store import Figures
from visitors.tally import Tally
from visitors.timer import timer

pytestmark = pytest.mark.django_db
TODAY = date(2024, 3, 5)  # a Tuesday
AGENT = "Mozilla/5.0 (X11; rv:125.0) Gecko/20100101 Firefox/125.0"


@pytest.fixture(autouse=True)
def tuesday(monkeypatch):
    """Nine o'clock of a Tuesday, and a counter that has read the figures."""
    with time_machine.travel(TUESDAY / 1000, tick=False):
        monkeypatch.setattr(timer, "tally", Tally())
        yield


def read():
    timer.tally.flush(clock.now())


def count(day, visits, visitors=0):
    Day.objects.create(day=day, visits=visits, visitors=visitors)


def carry(day, visits, source="sổ cũ"):
    PastDay.objects.create(day=day, visits=visits, source=source)


def opened(client, path="/thong-ke/", agent="curl/8.5"):
    return client.get(path, headers={"user-agent": agent, "host": "127.0.0.1"})


def text_of(response):
    """What is read, in one line."""
    page = re.sub(r"(?s)<head>.*?</head>|<svg.*?</svg>|<[^>]*>", " ", response.content.decode())
    return re.sub(r"\s+", " ", page)


def figures(page, name):
    return re.findall(rf'data-visitors="{name}">([^<]*)<', page.content.decode())


def table(page, name):
    """The lines of the table of the chart ``name``: what stands in the first column -> the others."""
    section = page.content.decode().split(f'id="{name}"')[1].split("</section>")[0]
    rows = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row) for row in re.findall(r"<tr>(.*?)</tr>", section, re.S)[1:]]
    return {re.sub("<.*?>", "", name): rest for name, *rest in rows}


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
    assert text_of(page).count("Chưa có lượt truy cập nào.") == 2
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
        (date(2023, 4, 1), ["04/2023", "08/2023", "12/2023"]),
        (date(2022, 4, 1), ["04/2022", "12/2022", "08/2023"]),
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


# --- most read


def view(path, views, ago=0):
    PageDay.objects.create(day=TODAY - timedelta(ago), path=path, views=views)


def most_read(page):
    """(title, views) of the last 7 and of the last 30 days."""
    lists = page.content.decode().split('class="most-read__list"')[1:]
    return [
        re.findall(r'most-read__link" href="[^"]*">([^<]*)</a> <span class="most-read__views">([^<]*) lượt', rows)
        for rows in lists
    ]


def test_the_most_read_of_a_week_and_of_thirty_days_with_their_titles(client):
    first, second = make_article(title="Cầu mới & đường mới"), make_article(title="Lịch tiếp dân")
    view(first.get_absolute_url(), 1000, ago=6)
    view(first.get_absolute_url(), 234)
    view(second.get_absolute_url(), 5)
    view(second.get_absolute_url(), 9000, ago=7)
    view(second.get_absolute_url(), 90_000, ago=30)
    page = opened(client)
    bridge, hours = ("Cầu mới &amp; đường mới", "1.234"), ("Lịch tiếp dân", "5")
    assert most_read(page) == [[bridge, hours], [("Lịch tiếp dân", "9.005"), bridge]]
    assert f'href="{first.get_absolute_url()}"' in page.content.decode()


def test_only_live_articles_are_among_the_most_read(client):
    live, draft = make_article(title="Đang đăng"), make_draft(title="Bí mật một")
    live.title = "Bí mật hai"
    live.save()
    hidden = [draft, make_scheduled(title="Bí mật ba"), make_withdrawn(title="Bí mật bốn")]
    for article in (live, *hidden):
        view(f"/bai-viet/{article.pk}-{article.slug or 'bi-mat-mot'}/", 10)
    view(live.get_absolute_url() + "ban-1/", 50)
    view("/", 1000)
    view("/bai-viet/999-khong-co/", 50)
    page = opened(client)
    assert most_read(page) == [[("Đang đăng", "10")]] * 2
    assert "Bí mật" not in page.content.decode() and "bi-mat" not in page.content.decode()


def test_ten_are_shown_although_some_of_the_most_opened_are_gone(client):
    for n in range(12):
        view(make_article(title=f"Tin {n:02}").get_absolute_url(), 100 - n)
    view(make_withdrawn().get_absolute_url(), 500)
    assert [title for title, _ in most_read(opened(client))[0]] == [f"Tin {n:02}" for n in range(10)]


def test_templates_ask_for_the_most_viewed_below_any_path():
    for path, views in {"/chuyen-muc/a/": 3, "/chuyen-muc/b/": 5, "/tim-kiem/": 9}.items():
        view(path, views, ago=2)
    template = '{% load visitors %}{% most_viewed days=3 limit=1 prefix="/chuyen-muc/" as rows %}{% for row in rows %}{{ row.path }} {{ row.views }};{% empty %}nothing{% endfor %}'
    assert engines["django"].from_string(template).render() == "/chuyen-muc/b/ 5;"
    assert engines["django"].from_string(template.replace("days=3", "days=2")).render() == "nothing"


# --- views of one page


def test_an_article_says_how_often_it_was_opened_its_reader_included_and_asks_no_query_for_it(
    client, django_assert_num_queries
):
    article = make_article()
    path = article.get_absolute_url()
    read()
    opened(client, path, AGENT)
    read()
    with django_assert_num_queries(5):  # as in test_lean_pages
        page = opened(client, path, AGENT)
    assert figures(page, "views") == ["2"]
    assert figures(opened(client, path), "views") == ["2"]  # a bot does not count itself
    read()
    assert figures(opened(client, path, AGENT), "views") == ["3"]


def test_until_its_views_are_known_and_on_past_editions_an_article_does_not_speak_of_them(client):
    article = make_article()
    read()
    assert re.search(r"<span hidden>Lượt xem", opened(client, article.get_absolute_url()).content.decode())
    read()
    assert figures(opened(client, article.get_absolute_url()), "views") == ["0"]
    assert "Lượt xem" not in opened(client, article.get_absolute_url() + "ban-1/").content.decode()


def test_behind_a_cache_the_ping_brings_the_views_and_the_page_stays_as_it_is(client, settings):
    settings.VISITORS_COUNT_BY = "ping"
    path = make_article().get_absolute_url()
    before = opened(client, path, AGENT).content
    timer.tally.views(path)
    read()
    assert timer.tally.views(path) == 0
    assert opened(client, path, AGENT).content == before
    assert b'<span hidden>L\xc6\xb0\xe1\xbb\xa3t xem: <span data-visitors="views"></span></span>' in before


def test_a_reader_adds_to_the_views_of_the_page_they_read_alone():
    render = engines["django"].from_string("{% load visitors %}{% page_views path as views %}{{ views }}").render
    request = RequestFactory().get("/a/")
    request.visitor_hit = object()
    render({"path": "/a/"}), render({"path": "/b/"})
    read()
    assert [render({"path": path}, request) for path in ("/a/", "/b/", "/c/")] == ["1", "0", "None"]


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
