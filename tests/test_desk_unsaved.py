"""Nothing typed is lost: not when the session has ended, not when somebody leaves the page unawares."""

import pytest
from playwright.sync_api import expect

from tests import desk

pytestmark = pytest.mark.browser


@pytest.fixture
def page(page, site):
    desk.log_in(page, site, desk.ADD)
    return page


def type_an_article(page, title):
    page.fill("#id_title", title)
    page.fill("#id_summary", "Tóm tắt.")
    page.select_option("#id_category", label="Kinh tế")
    desk.write(page, "<p>Nội dung dài.</p>")


def log_out_elsewhere(page, site):
    other = page.context.new_page()
    other.goto(f"{site.url}/admin/")
    other.click("#logout-form button")
    other.wait_for_load_state()
    other.close()


def log_in_again(page):
    page.fill("#id_username", desk.USER)
    page.fill("#id_password", desk.PASSWORD)
    page.click("[type=submit]")


def test_a_new_article_sent_after_the_session_ended_is_there_after_logging_in(site, page):
    type_an_article(page, "Gửi khi đã đăng xuất")
    log_out_elsewhere(page, site)
    desk.press(page, "Lưu nháp")
    log_in_again(page)
    expect(page.locator("#id_title")).to_have_value("Gửi khi đã đăng xuất")
    assert "chưa được lưu" in desk.told(page)
    expect(page.locator(".cke_wysiwyg_div")).to_have_text("Nội dung dài.")
    assert page.locator("#id_category option:checked").inner_text() == "Kinh tế"
    desk.press(page, "Lưu nháp")
    assert desk.told(page) == "Đã lưu nháp."
    page.goto(site.url + desk.ADD)
    expect(page.locator("#id_title")).to_have_value("")


def test_a_correction_sent_after_the_session_ended_is_there_too_and_can_be_thrown_away(site, page):
    type_an_article(page, "Bài sẽ sửa")
    desk.press(page, "Lưu nháp")
    desk.write(page, "<p>Đã sửa.</p>")
    log_out_elsewhere(page, site)
    desk.press(page, "Lưu nháp")
    log_in_again(page)
    expect(page.locator(".cke_wysiwyg_div")).to_have_text("Đã sửa.")
    page.click("text=Bỏ chữ đó")
    expect(page.locator(".cke_wysiwyg_div")).to_have_text("Nội dung dài.")
    assert desk.told(page) == ""


def test_who_leaves_with_something_typed_is_asked_and_who_saved_is_not(site, page):
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    type_an_article(page, "Bỏ dở")
    page.click("#id_title")
    page.goto(f"{site.url}/admin/")
    assert asked == ["beforeunload"]
    page.goto(site.url + desk.ADD)
    type_an_article(page, "Đã lưu")
    desk.press(page, "Lưu nháp")
    page.goto(f"{site.url}/admin/")
    assert asked == ["beforeunload"]


def test_the_enter_key_in_the_title_saves_a_draft_and_the_first_key_typed_goes_to_the_title(site, page):
    desk.write(page, "<p>Nội dung.</p>")
    page.fill("#id_summary", "Tóm tắt.")
    page.select_option("#id_category", label="Kinh tế")
    page.focus("#id_title")
    page.keyboard.type("Gõ xong bấm Enter")
    page.keyboard.press("Enter")
    page.wait_for_url("**/change/")
    assert desk.told(page) == "Đã lưu nháp."
    page.goto(site.url + desk.ADD)
    page.wait_for_function("() => document.activeElement.id === 'id_title'")
