"""What is still on its way when a button is pressed: for a photograph the article waits, and for nothing else; a second press is none."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests import desk

pytestmark = pytest.mark.browser

WAIT = "Ảnh đang tải lên"


@pytest.fixture
def page(page, site):
    desk.log_in(page, site, desk.ADD)
    page.fill("#id_title", "Tin có ảnh đang tải")
    page.fill("#id_summary", "Tóm tắt.")
    page.select_option("#id_category", label="Kinh tế")
    desk.write(page, "<p>Chữ trước ảnh</p>")
    return page


@pytest.fixture
def held(page):
    """The uploads that wait until the test lets them go on."""
    routes = []
    page.route(f"**{reverse('upload_picture')}", lambda route: routes.append(route))
    desk.paste(page, photographs=1)
    page.wait_for_selector(".cke_upload_uploading")
    return routes


def test_no_button_sends_the_article_before_its_photograph_has_arrived(page, held):
    for button in ("Lưu nháp", "Xem trước", "Xuất bản", "Hẹn giờ"):
        desk.press(page, button)
        said = page.locator(".cke_notification_warning").last
        expect(said).to_contain_text(WAIT)
        expect(said).to_be_in_viewport()
        assert page.url.endswith(desk.ADD)
        page.evaluate(
            "() => [...CKEDITOR.instances.id_body._.notificationArea.notifications].forEach(one => one.hide())"
        )
    assert "Chữ trước ảnh" in desk.written(page)
    held.pop().continue_()
    page.wait_for_selector(".cke_wysiwyg_div img[src^='/media/anh/']")
    desk.press(page, "Lưu nháp")
    assert desk.told(page) == "Đã lưu nháp."
    expect(page.locator(".cke_wysiwyg_div img[src^='/media/anh/']")).to_have_count(1)
    assert page.complaints == []


@pytest.mark.parametrize("width", [320, 768, 1280])
def test_a_note_lies_within_the_editor_on_every_screen(page, held, width):
    page.set_viewport_size({"width": width, "height": 800})
    desk.press(page, "Lưu nháp")
    note = page.locator(".cke_notification_warning").last
    expect(note).to_be_in_viewport()
    inner, outer = note.bounding_box(), page.locator(".cke_chrome").bounding_box()
    assert outer["x"] <= inner["x"] and inner["x"] + inner["width"] <= outer["x"] + outer["width"]


def test_an_upload_that_failed_holds_nothing_up(page, held):
    held.pop().abort()
    expect(page.locator(".cke_notification_warning")).to_contain_text("Mất kết nối")
    desk.press(page, "Lưu nháp")
    assert desk.told(page) == "Đã lưu nháp."


def test_a_photograph_taken_out_again_while_it_is_on_its_way_holds_nothing_up(page, held):
    page.click(".cke_button__undo")
    expect(page.locator(".cke_upload_uploading")).to_have_count(0)
    desk.press(page, "Lưu nháp")
    assert desk.told(page) == "Đã lưu nháp."
    expect(page.locator(".cke_wysiwyg_div")).to_have_text("Chữ trước ảnh")


def test_a_form_sent_before_the_editor_has_come_is_sent_with_its_text(page):
    desk.press(page, "Lưu nháp")
    page.route("**/plugins/image2/**", lambda route: None)
    page.goto(page.url, wait_until="domcontentloaded")
    page.wait_for_function("() => window.CKEDITOR?.instances.id_body")
    page.fill("#id_title", "Gửi trước khi có khung soạn")
    page.click("[name=_save]")
    page.unroute_all()
    page.wait_for_url("**/change/")
    page.wait_for_selector(".messagelist")
    assert desk.told(page) == "Đã lưu nháp."
    expect(page.locator("#id_title")).to_have_value("Gửi trước khi có khung soạn")
    expect(page.locator(".cke_wysiwyg_div")).to_have_text("Chữ trước ảnh")
    assert page.complaints == []


def test_a_double_click_sends_once_and_says_what_the_first_click_did(page):
    sent = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    page.route("**/add/", lambda route: (page.wait_for_timeout(700), route.continue_())[1], times=1)
    page.locator(".submit-row input[value='Xuất bản']").first.evaluate(
        "button => { button.click(); setTimeout(() => button.click(), 200); }"
    )
    page.wait_for_url("**/change/")
    page.wait_for_selector(".messagelist")
    assert desk.told(page) == "Đã đăng bản 1." and len([url for url in sent if url.endswith(desk.ADD)]) == 1
