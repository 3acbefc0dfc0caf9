"""What is typed in the forms of pictures, categories, authors and the masthead is not lost either."""

import pytest
from playwright.sync_api import expect

from tests import desk
from tests.running_site import ROOT

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(
    ("path", "field"),
    [("picture/1", "caption"), ("category/1", "description"), ("author/1", "full_name"), ("masthead/1", "fax")],
)
def test_what_was_typed_in_any_form_is_there_after_the_session_ended(site, page, path, field):
    desk.log_in(page, site, f"/admin/news/{path}/change/")
    page.fill(f"#id_{field}", "Chữ đã gõ")
    page.context.clear_cookies(name="sessionid")
    page.click("[name=_save]")
    desk.fill_in_log_in(page)
    expect(page.locator(f"#id_{field}")).to_have_value("Chữ đã gõ")
    assert "chưa được lưu" in desk.told(page)
    page.click("text=Bỏ chữ đó")
    expect(page.locator(".errornote")).to_have_count(0)
    assert page.input_value(f"#id_{field}") != "Chữ đã gõ"


def test_what_any_form_has_stored_is_not_brought_back(site, page):
    form = "/admin/news/author/1/change/"
    desk.log_in(page, site, form)
    page.fill("#id_full_name", "Tên đã lưu")
    page.click("[name=_save]")
    page.wait_for_selector(".messagelist .success")
    page.goto(site.url + form)
    expect(page.locator("#id_full_name")).to_have_value("Tên đã lưu")
    assert page.locator(".errornote").count() == 0


def test_the_page_of_a_password_offers_to_change_it_and_nothing_else(site, page):
    desk.log_in(page, site, "/admin/auth/user/1/password/")
    assert page.locator("#user_form [type=submit]:visible").evaluate_all("all => all.map(one => one.name)") == [
        "set-password"
    ]
    assert page.locator("#user_form .form-row:visible").count() == 2


def said(page, field):
    return page.locator(field).evaluate("field => field.validationMessage")


def test_a_photograph_without_its_words_or_too_large_is_not_sent_at_all(site, page, tmp_path):
    desk.log_in(page, site, "/admin/news/picture/add/")
    sent = []
    page.on("request", lambda request: sent.append(request.method))
    page.click("[name=_save]")
    assert said(page, "#id_file") == "Hãy chọn tệp ảnh."
    (tmp_path / "large.jpg").write_bytes(bytes(30 * 1024 * 1024 + 1))
    page.set_input_files("#id_file", tmp_path / "large.jpg")
    page.click("[name=_save]")
    assert "quá 30 MB" in said(page, "#id_file")
    page.set_input_files("#id_file", ROOT / "news/sample/pictures/boat.webp")
    page.click("[name=_save]")
    assert "văn bản thay thế" in said(page, "#id_alt") and "POST" not in sent
    page.check("#id_decorative")
    page.click("[name=_save]")
    page.wait_for_selector(".messagelist .success")
    assert page.complaints == []
