"""The buttons of an article's form: publish, schedule, cancel, withdraw; and what was typed for them."""

from datetime import datetime, timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils import timezone

from news.models import Edition
from tests import desk
from tests.factories import (
    make_article,
    make_draft,
    make_scheduled,
    make_withdrawn,
)

pytestmark = pytest.mark.django_db
HANOI = ZoneInfo("Asia/Ho_Chi_Minh")


def test_the_fifth_of_march_is_the_fifth_of_march(editor):
    year = timezone.localtime().year + 1
    article = make_draft()
    response = desk.send(editor, desk.address(article), "_schedule", publish_at_0=f"05/03/{year}", publish_at_1="07:00")
    assert desk.errors(response) == {}
    assert Edition.objects.get().published_at == datetime(year, 3, 5, 7, tzinfo=HANOI)
    page = editor.get(desk.address(article)).content.decode()
    assert f"Hẹn giờ: bản 1 lúc 07:00 ngày 05/03/{year}" in page
    assert 'name="_cancel"' in page and 'name="_schedule"' not in page


@pytest.mark.parametrize("typed", ["7:30", "07:30", "7.30", "7h30", "7 giờ 30"])
def test_an_hour_is_read_however_people_write_it(editor, typed):
    article = make_draft()
    desk.send(editor, desk.address(article), "_schedule", publish_at_0="5/3/2090", publish_at_1=typed)
    assert Edition.objects.get().published_at == datetime(2090, 3, 5, 7, 30, tzinfo=HANOI)


@pytest.mark.parametrize("typed", ["7", "7h", "7 giờ", "7:00"])
def test_a_whole_hour_needs_no_minutes(editor, typed):
    article = make_draft()
    desk.send(editor, desk.address(article), "_schedule", publish_at_0="5/3/2090", publish_at_1=typed)
    assert Edition.objects.get().published_at == datetime(2090, 3, 5, 7, tzinfo=HANOI)


@pytest.mark.parametrize(
    ("day", "hour", "said"),
    [("", "", "Hãy ghi ngày và giờ"), ("05/03/2024", "07:00", "đã qua"), ("31/02/2031", "07:00", "hợp lệ")],
)
def test_an_hour_that_cannot_be_is_refused_at_its_field(editor, day, hour, said):
    article = make_draft()
    response = desk.send(editor, desk.address(article), "_schedule", publish_at_0=day, publish_at_1=hour)
    assert said in " ".join(desk.errors(response)["publish_at"])
    assert not Edition.objects.exists()


def test_a_schedule_is_cancelled_and_its_number_stays_used(editor):
    article = make_scheduled()
    desk.send(editor, desk.address(article), "_cancel")
    assert Edition.objects.get().closed_why == "cancelled"
    page = editor.get(desk.address(article)).content.decode()
    assert "<td>đã hủy lịch đăng</td>" in page  # it has no end: it never began
    desk.send(editor, desk.address(article), "_publish")
    assert article.live(timezone.now()).number == 2


def test_a_correction_is_calm_until_it_is_published_with_its_note(editor):
    article = make_article(title="Tin cũ")
    desk.send(editor, desk.address(article), title="Tin sửa")
    assert article.live(timezone.now()).title == "Tin cũ"
    assert "Có sửa đổi chưa đăng" in editor.get(desk.address(article)).content.decode()
    desk.send(editor, desk.address(article), "_publish", change_note="Sửa tiêu đề")
    live = article.live(timezone.now())
    assert (live.number, live.title, live.change_note) == (2, "Tin sửa", "Sửa tiêu đề")


def test_a_correction_of_what_waits_for_its_hour_is_said_not_to_be_in_it(editor):
    article = make_scheduled(title="Tin cũ")
    said = "Bản hẹn giờ không có sửa đổi này"
    desk.send(editor, desk.address(article), title="Tin cũ")
    page = editor.get(desk.address(article)).text
    assert "Đã lưu nháp." in page and said not in page
    desk.send(editor, desk.address(article), title="Tin sửa")
    page = editor.get(desk.address(article)).text
    assert page.count(said) == 2  # as the answer, and where it says how the article stands
    assert "có sửa đổi chưa đăng" in editor.get("/admin/news/article/?trang-thai=changed").text
    desk.send(editor, desk.address(article), title="Tin cũ")
    editor.get(desk.address(article))  # the answer is read
    assert said not in editor.get(desk.address(article)).text


def test_withdrawing_needs_a_reason_that_readers_are_told(editor):
    article = make_article()
    response = desk.send(editor, desk.address(article), "_withdraw")
    assert "Hãy ghi lý do" in desk.errors(response)["withdraw_reason"][0]
    desk.send(editor, desk.address(article), "_withdraw", withdraw_reason="Sai số liệu")
    gone = editor.get(article.get_absolute_url())
    assert gone.status_code == 410 and "Sai số liệu" in gone.content.decode()


def test_what_is_not_live_cannot_be_withdrawn_by_hand(editor):
    article = make_draft()
    data = desk.opened(editor, desk.address(article))
    response = editor.post(desk.address(article), {**data, "withdraw_reason": "x", "_withdraw": "1"}, follow=True)
    assert "không đang được đăng" in response.content.decode()


@pytest.mark.parametrize(
    ("button", "changes", "field", "said"),
    [
        ("_publish", {"publish_at_0": "05/03/2099", "publish_at_1": "07:00"}, "publish_at", "bấm “Hẹn giờ”"),
        ("_save", {"publish_at_0": "05/03/2099", "publish_at_1": "07:00"}, "publish_at", "bấm “Hẹn giờ”"),
        ("_publish", {"withdraw_reason": "Sai số liệu"}, "withdraw_reason", "bấm “Gỡ bài”"),
    ],
)
def test_what_another_button_reads_is_neither_lost_nor_overridden(editor, button, changes, field, said):
    article = make_article()
    before = list(Edition.objects.values())
    response = desk.send(editor, desk.address(article), button, title="Sửa", **changes)
    assert said in desk.errors(response)[field][0]
    article.refresh_from_db()
    assert (article.title, list(Edition.objects.values())) == ("Tin thử", before)


def test_a_note_of_what_changed_waits_in_the_form_until_it_is_printed(editor):
    article = make_article()
    response = desk.send(editor, desk.address(article), title="Sửa", change_note="Sửa tiêu đề & số")
    data = desk.opened(editor, response.url)
    assert data["change_note"] == "Sửa tiêu đề & số"
    assert desk.send(editor, desk.address(article), "_publish", data=data).url == desk.address(article)
    assert article.live(timezone.now()).change_note == "Sửa tiêu đề & số"


@pytest.mark.parametrize(
    ("day", "hour"),
    [
        ("5/3/2032", "7h"),
        ("05-03-2032", "7h00"),
        ("5.3.2032", "07:00"),
        ("05/03/32", "7 giờ"),
        ("2032-03-05", "07:00:30"),
    ],
)
def test_days_and_hours_are_read_as_people_write_them(editor, day, hour):
    article = make_draft()
    assert desk.errors(desk.send(editor, desk.address(article), ends_at_0=day, ends_at_1=hour)) == {}
    article.refresh_from_db()
    assert article.ends_at == datetime(2032, 3, 5, 7, tzinfo=HANOI)


@pytest.mark.parametrize(
    ("make", "there", "missing"),
    [
        (make_draft, ["publish_at_0"], ["change_note", "withdraw_reason"]),
        (make_scheduled, ["change_note"], ["publish_at_0", "withdraw_reason"]),
        (make_article, ["publish_at_0", "change_note", "withdraw_reason"], []),
        (make_withdrawn, ["publish_at_0", "change_note"], ["withdraw_reason"]),
    ],
)
def test_a_field_is_shown_where_its_button_is(editor, make, there, missing):
    page = editor.get(desk.address(make())).content.decode()
    assert [name for name in [*there, *missing] if f'name="{name}"' in page] == there


def test_what_was_typed_for_an_act_that_was_not_carried_out_is_still_there(editor):
    article = make_article()
    typed = {"change_note": "Sửa số liệu", "publish_at_0": "05/03/2099", "publish_at_1": "07:30"}
    answer = desk.send(editor, desk.address(article), "_schedule", **typed)
    assert "Không có gì khác" in desk.told_after(editor, answer)  # but for the note, which nobody has read yet
    shown = desk.opened(editor, answer.url)
    assert {name: shown[name] for name in typed} == typed
    assert (
        desk.opened(editor, desk.send(editor, desk.address(article), "_publish", change_note="Sửa").url)["change_note"]
        == "Sửa"
    )
    draft = make_draft()
    refused = desk.send(editor, desk.address(draft), "_withdraw", withdraw_reason="Nhầm")
    assert 'value="Nhầm"' in editor.get(refused.url).content.decode()
    saved = desk.send(editor, refused.url, title="Tin khác")  # there is no button for it, and nothing waits for one
    assert desk.errors(saved) == {} and 'value="Nhầm"' in editor.get(saved.url).content.decode()
    done = desk.send(editor, desk.address(article), "_publish", title="Tin sửa", change_note="Sửa")
    assert desk.opened(editor, done.url)["change_note"] == ""


@pytest.mark.parametrize("hour", ["x", "2099-02-31T07:00", "2099-03-05", "\0", "99999-01-01T00:00"])
def test_an_hour_in_the_address_of_a_form_that_is_none_fills_nothing_in(editor, hour):
    shown = desk.opened(editor, f"{desk.address(make_article())}?{urlencode({'publish_at': hour})}")
    assert shown["publish_at_0"] == shown["publish_at_1"] == ""


def test_a_period_that_ended_before_the_next_edition_began_ends_the_edition(editor):
    article = make_article(ends_at=timezone.now() + timedelta(hours=1))
    with time_machine.travel(timezone.now() + timedelta(hours=2)):
        article.ends_at = None
        article.title = "Tin sửa"
        article.save()
        article.publish()
        page = editor.get(desk.address(article)).content.decode()
    assert "(hết thời hạn)" in page and "(có bản mới thay)" not in page


def test_who_closed_an_edition_is_kept_and_a_schedule_that_went_with_a_withdrawal_is_said(editor):
    article = make_article()
    desk.send(
        editor, desk.address(article), "_schedule", title="Tin sửa", publish_at_0="05/03/2099", publish_at_1="07:30"
    )
    told = desk.told_after(editor, desk.send(editor, desk.address(article), "_withdraw", withdraw_reason="Sai"))
    assert "Cũng đã hủy bản 2 đang chờ giờ đăng." in told
    assert [edition.closed_by.username for edition in article.editions.all()] == ["bien-tap"] * 2
    assert "(đã gỡ: Sai, bien-tap)" in editor.get(desk.address(article)).content.decode()


def test_what_was_changed_is_printed_in_one_line(editor):
    article = make_article()
    article.title = "Tin sửa"
    article.save()
    assert article.publish(note=" Sửa \n số  liệu ").change_note == "Sửa số liệu"
