"""The days counted and the figure carried over are read at the desk, in Vietnamese, and changed by nobody."""

from datetime import date

import pytest

from visitors.models import Day, Start

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def counted():
    Day.objects.create(day=date(2024, 3, 5), visits=1234, visitors=1000)
    Start.objects.create(value=3_489_813, as_of=date(2024, 2, 20), source="Trang cũ")


@pytest.mark.parametrize("path", ["/admin/visitors/day/", "/admin/visitors/day/2024-03-05/change/", "/admin/visitors/start/", "/admin/visitors/start/1/change/"])  # fmt: skip
def test_they_can_be_read_and_no_button_changes_them(admin_client, path):
    page = admin_client.get(path)
    assert page.status_code == 200
    assert not any(
        word in page.content.decode()
        for word in ('name="_save"', "deletelink", "/day/add/", "/start/add/", 'name="action"')
    )


@pytest.mark.parametrize("path", ["/admin/visitors/day/add/", "/admin/visitors/day/2024-03-05/delete/", "/admin/visitors/start/add/", "/admin/visitors/start/1/delete/"])  # fmt: skip
def test_nobody_adds_or_deletes_them(admin_client, path):
    for response in (admin_client.get(path), admin_client.post(path, {"post": "yes"})):
        assert response.status_code == 403
    assert (Day.objects.count(), Start.objects.count()) == (1, 1)


def test_nobody_changes_them(admin_client):
    assert admin_client.post("/admin/visitors/start/1/change/", {"value": 1}).status_code == 403
    assert Start.objects.get().value == 3_489_813


@pytest.mark.parametrize("model", ["seen", "salt", "batch"])
def test_what_could_point_to_a_person_is_not_at_the_desk(admin_client, model):
    assert admin_client.get(f"/admin/visitors/{model}/").status_code == 404
