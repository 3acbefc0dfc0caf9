"""The statistics, the days counted and what was carried over are read at the desk, in Vietnamese, and changed by nobody."""

import re
from datetime import date, timedelta

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission

from tests.factories import make_article
from tests.running_site import ROOT
from visitors import clock
from visitors.admin import REASONS
from visitors.models import Day, PageDay, PastDay, Refused, Start
from visitors.shared import Shared

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def counted():
    Day.objects.create(day=date(2024, 3, 5), visits=1234, visitors=1000)
    PastDay.objects.create(day=date(2024, 2, 19), visits=120, source="Trang cũ")
    Start.objects.create(value=3_489_813, as_of=date(2024, 2, 20), source="Trang cũ")


@pytest.mark.parametrize("path", ["/admin/visitors/day/", "/admin/visitors/day/2024-03-05/change/", "/admin/visitors/start/", "/admin/visitors/start/1/change/", "/admin/visitors/pastday/", "/admin/visitors/pastday/2024-02-19/change/"])  # fmt: skip
def test_they_can_be_read_and_no_button_changes_them(admin_client, path):
    page = admin_client.get(path)
    assert page.status_code == 200
    assert not any(
        word in page.content.decode()
        for word in ('name="_save"', "deletelink", "/day/add/", "/pastday/add/", "/start/add/", 'name="action"')
    )


@pytest.mark.parametrize(("path", "numbers"), [
    ("/admin/visitors/day/?day__year=2024", ["1.234", "1.000"]),
    ("/admin/visitors/day/2024-03-05/change/", ["1.234", "1.000"]),
    ("/admin/visitors/pastday/", ["12.000.000", "-"]),
    ("/admin/visitors/pastday/2024-02-19/change/", ["12.000.000", "-"]),
    ("/admin/visitors/start/", ["3.489.813"]),
    ("/admin/visitors/start/1/change/", ["3.489.813"]),
])  # fmt: skip
def test_their_numbers_are_shown_the_vietnamese_way(admin_client, path, numbers):
    PastDay.objects.update(visits=12_000_000)
    page = admin_client.get(path).content.decode()
    cells = re.findall(r'class="field-[a-z_]+_shown">(?:<a [^>]*>)?([^<]*)|<div class="readonly">([^<]*)</div>', page)
    shown = [listed or alone for listed, alone in cells]
    assert [number for number in shown if number in numbers or number.replace(".", "").isdigit()] == numbers


def test_the_days_are_sorted_by_their_numbers_and_not_by_what_is_shown_of_them(admin_client):
    Day.objects.create(day=date(2024, 3, 6), visits=999, visitors=2000)
    for order, days in (("1", ["06/03/2024", "05/03/2024"]), ("2", ["05/03/2024", "06/03/2024"])):
        page = admin_client.get("/admin/visitors/day/", {"o": order, "day__year": "2024"}).content.decode()
        assert re.findall(r'class="field-day[^>]*><a [^>]*>([^<]*)', page) == days


@pytest.mark.parametrize("path", ["/admin/visitors/day/add/", "/admin/visitors/day/2024-03-05/delete/", "/admin/visitors/start/add/", "/admin/visitors/start/1/delete/", "/admin/visitors/pastday/add/", "/admin/visitors/pastday/2024-02-19/delete/"])  # fmt: skip
def test_nobody_adds_or_deletes_them(admin_client, path):
    for response in (admin_client.get(path), admin_client.post(path, {"post": "yes"})):
        assert response.status_code == 403
    assert (Day.objects.count(), PastDay.objects.count(), Start.objects.count()) == (1, 1, 1)


def test_nobody_changes_them(admin_client):
    assert admin_client.post("/admin/visitors/start/1/change/", {"value": 1}).status_code == 403
    assert Start.objects.get().value == 3_489_813


@pytest.mark.parametrize("model", ["seen", "salt", "batch"])
def test_what_could_point_to_a_person_is_not_at_the_desk(admin_client, model):
    assert admin_client.get(f"/admin/visitors/{model}/").status_code == 404


# --- the statistics above the list of days


def desk(client, query="", path="/admin/visitors/day/"):
    page = client.get(path + query)
    return re.sub(r"\s+", " ", re.sub(r"(?s)<svg.*?</svg>|<[^>]*>", " ", page.content.decode()))


def test_the_desk_reads_the_figures_the_charts_and_what_was_carried_over(admin_client):
    page = desk(admin_client)
    for words in (
        "Thống kê truy cập", "Đang online", "30 ngày qua", "Từng tháng", "03/2024 1.234", "3.489.813 lượt, tính đến ngày 20/02/2024",
        "Nguồn: Trang cũ.",
    ):  # fmt: skip
        assert words in page


def test_the_desk_shows_all_that_the_public_page_shows(admin_client):
    path = make_article(title="Xuống giống vụ đông xuân").get_absolute_url()
    PageDay.objects.create(day=clock.day_of(clock.now()), path=path, views=1234)
    public, page = desk(admin_client, path="/thong-ke/"), desk(admin_client)
    for words in ("Xuống giống vụ đông xuân 1.234 lượt xem", "Đếm gì và đếm thế nào", "Tải về"):
        assert words in public and words in page


def test_what_was_not_counted_is_there_by_day_and_reason_in_words_and_the_commonest_reason_first(admin_client):
    today = clock.day_of(clock.now())
    rows = [(0, "bot", 7), (0, "prefetch", 1500), (29, "prefetch", 3), (30, "bot", 9), (0, "something new", 1)]
    Refused.objects.bulk_create([Refused(day=today - timedelta(n), reason=why, hits=hits) for n, why, hits in rows])
    page = desk(admin_client)
    table = page.split("Địa chỉ trong")[0].split("Không đếm, 30 ngày qua")[1]
    lines = f"""
        Vì sao Cộng {today:%d/%m} {today - timedelta(29):%d/%m}
        Trình duyệt tải trước, chưa ai xem 1.503 1.500 3
        Máy tìm kiếm, chương trình tự động 7 7 0
        something new 1 1 0
        Cộng 1.511 1.508 3"""
    assert table.split() == lines.split()


def test_when_nothing_was_refused_the_desk_says_so(admin_client):
    assert "Chưa có yêu cầu nào bị loại." in desk(admin_client)


def test_every_reason_of_the_counter_has_its_words():
    code = "".join((ROOT / f"visitors/{name}.py").read_text() for name in ("middleware", "tally"))
    patterns = [
        r'return "([^"]+)"',
        r'refuse\((?:reason or )?"([^"]+)"',
        r'\.refuse, "([^"]+)"',
        r'\["([a-z ]+)"\] \+= 1',
        r'else "(no [^"]+)"',
        r', "([a-z ]+)"\),?\n',
    ]
    said = {reason for pattern in patterns for reason in re.findall(pattern, code)}
    assert said == REASONS.keys()


def test_the_number_of_addresses_is_there_and_nothing_else_of_them(admin_client, monkeypatch):
    monkeypatch.setattr(Shared, "addresses", lambda shared, moment: 1234)
    assert "Địa chỉ trong một giờ qua: 1.234" in desk(admin_client)
    monkeypatch.setattr(Shared, "addresses", lambda shared, moment: 1 / 0)
    assert "Địa chỉ trong một giờ qua: chưa biết" in desk(admin_client)


def test_another_page_of_the_list_is_the_list_alone(admin_client):
    assert "30 ngày qua" not in desk(admin_client, "?day__year=2024")


@pytest.mark.parametrize(("permission", "status"), [("view_day", 200), ("view_start", 403), (None, 403)])
def test_who_may_read_the_days_may_read_the_statistics(client, permission, status):
    user = get_user_model().objects.create_user("bientap", password="x", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename=permission))
    client.force_login(user)
    assert client.get("/admin/visitors/day/").status_code == status


def test_the_desk_takes_as_many_queries_for_three_thousand_days_as_for_three(
    admin_client, django_assert_max_num_queries
):
    Day.objects.bulk_create([Day(day=date(2010, 1, 1) + timedelta(n), visits=n, visitors=n) for n in range(3000)])
    # session, user; months, days, start, the most opened of a week and of a month, their titles, refused; how many days there are (twice), the first and last of them, years, a page of them
    with django_assert_max_num_queries(15):
        assert admin_client.get("/admin/visitors/day/").status_code == 200
