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


def end_session(page):
    page.context.clear_cookies(name="sessionid")


def test_a_new_article_sent_after_the_session_ended_is_there_after_logging_in(site, page):
    type_an_article(page, "Gửi khi đã đăng xuất")
    end_session(page)
    desk.press(page, "Lưu nháp")
    desk.fill_in_log_in(page)
    expect(page.locator("#id_title")).to_have_value("Gửi khi đã đăng xuất")
    assert "chưa được lưu" in desk.told(page)
    expect(page.locator(".cke_wysiwyg_div")).to_have_text("Nội dung dài.")
    assert page.locator("#id_category option:checked").inner_text() == "Kinh tế"
    desk.press(page, "Lưu nháp")
    assert desk.told(page) == "Đã lưu nháp."
    page.goto(site.url + desk.ADD)
    expect(page.locator("#id_title")).to_have_value("")


def sign(page, row, name, role):
    page.click(f"#bylines-{row} .select2-selection")
    page.fill(".select2-search__field", name)
    page.click(f".select2-results__option:has-text('{name}')")
    page.select_option(f"#id_bylines-{row}-role", label=role)


def test_who_signs_and_the_lead_picture_are_there_too(site, page):
    for name in ("Minh Hiếu", "Thu Hà"):
        make = "from news.models import Author; Author.objects.get_or_create(pen_name='{}')"
        site.manage("shell", "-v0", "-c", make.format(name))
    page.reload()
    type_an_article(page, "Gửi cả tác giả và ảnh")
    sign(page, 0, "Minh Hiếu", "Bài")
    page.click("#bylines-group .add-row a")
    sign(page, 1, "Thu Hà", "Ảnh")
    page.click(".field-lead_picture .select2-selection")
    page.click(".select2-results__option >> nth=0")
    lead = page.input_value("#id_lead_picture")
    end_session(page)
    desk.press(page, "Lưu nháp")
    desk.fill_in_log_in(page)
    page.wait_for_selector("#bylines-1 .select2-selection")
    assert page.inner_text("#bylines-1 .select2-selection__rendered").endswith("Thu Hà")
    assert page.input_value("#id_lead_picture") == lead != ""
    desk.press(page, "Lưu nháp")
    assert desk.told(page) == "Đã lưu nháp."
    assert page.input_value("#id_lead_picture") == lead
    assert page.locator("[id^='bylines-'] select[name$=role] option:checked").all_inner_texts() == ["Bài", "Ảnh", "Bài"]
    assert page.complaints == []


def test_what_was_kept_before_the_site_was_upgraded_is_brought_back_too(site, page):
    type_an_article(page, "Gửi trước khi nâng cấp")
    end_session(page)
    desk.press(page, "Lưu nháp")
    page.evaluate("""() => {
      const name = "desk-unsaved:/admin/news/article/add/", kept = JSON.parse(sessionStorage.getItem(name));
      delete kept.chosen; /* which nobody kept then */
      sessionStorage.setItem(name, JSON.stringify(kept));
    }""")
    desk.fill_in_log_in(page)
    expect(page.locator("#id_title")).to_have_value("Gửi trước khi nâng cấp")
    expect(page.locator(".errornote")).to_contain_text("đưa lại vào đây")
    assert page.complaints == []


def test_a_correction_sent_after_the_session_ended_is_there_too_and_can_be_thrown_away(site, page):
    type_an_article(page, "Bài sẽ sửa")
    desk.press(page, "Lưu nháp")
    desk.write(page, "<p>Đã sửa.</p>")
    end_session(page)
    desk.press(page, "Lưu nháp")
    desk.fill_in_log_in(page)
    expect(page.locator(".cke_wysiwyg_div")).to_have_text("Đã sửa.")
    page.click("text=Bỏ chữ đó")
    expect(page.locator(".cke_wysiwyg_div")).to_have_text("Nội dung dài.")
    assert desk.told(page) == ""


def test_a_correction_sent_after_the_session_ended_is_there_although_somebody_else_has_saved_meanwhile(site, page):
    type_an_article(page, "Bài hai người sửa")
    desk.press(page, "Lưu nháp")
    number = page.url.split("/")[-3]
    desk.write(page, "<p>Của tôi.</p>")
    end_session(page)
    desk.press(page, "Lưu nháp")
    other = "from news.models import Article; a = Article.objects.get(pk={}); a.summary = 'Của người khác.'; a.save()"
    site.manage("shell", "-v0", "-c", other.format(number))
    desk.fill_in_log_in(page)
    expect(page.locator(".cke_wysiwyg_div")).to_have_text("Của tôi.")
    desk.press(page, "Lưu nháp")
    assert "sau khi bạn mở trang" in desk.told(page)
    expect(page.locator(".cke_wysiwyg_div")).to_have_text("Của tôi.")
    assert site.query(f"SELECT summary FROM news_article WHERE id = {number}") == [("Của người khác.",)]


def test_what_was_refused_because_somebody_else_had_saved_can_be_saved_from_the_form_as_it_is_now(site, page):
    type_an_article(page, "Bài bị vượt")
    desk.press(page, "Lưu nháp")
    number = page.url.split("/")[-3]
    desk.write(page, "<p>Của tôi.</p>")
    other = "from news.models import Article; a = Article.objects.get(pk={}); a.summary = 'Của người khác.'; a.save()"
    site.manage("shell", "-v0", "-c", other.format(number))
    desk.press(page, "Lưu nháp")
    assert "sau khi bạn mở trang" in desk.told(page)
    assert leaves_by_the_menu(page, "/admin/news/picture/") == ["beforeunload"]
    page.goto(f"{site.url}/admin/news/article/{number}/change/")
    expect(page.locator(".cke_wysiwyg_div")).to_have_text("Của tôi.")
    assert "Lần gửi trước chưa được lưu." in desk.told(page) and "lưu là thay bản của họ" in desk.told(page)
    desk.press(page, "Lưu nháp")
    assert desk.told(page) == "Đã lưu nháp."
    assert site.query(f"SELECT summary FROM news_article WHERE id = {number}") == [("Tóm tắt.",)]


OTHER = """
from django.contrib.auth.models import User
from django.test import Client
client = Client()
client.force_login(User.objects.create_superuser("nguoi-khac"))
print(client.cookies["sessionid"].value)
"""


def test_what_somebody_else_typed_in_this_tab_is_not_handed_on(site, page):
    type_an_article(page, "Chữ của người trước")
    end_session(page)
    desk.press(page, "Lưu nháp")
    session = site.manage("shell", "-v0", "-c", OTHER).strip()
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": site.url}])
    page.goto(site.url + desk.ADD)
    page.wait_for_selector(".cke_wysiwyg_div")
    assert (page.input_value("#id_title"), desk.told(page)) == ("", "")
    assert page.evaluate("JSON.stringify(sessionStorage)").count("Chữ của người trước") == 0


def asked_on(page, leaving):
    """What the browser asks while ``leaving``, a function, leads away from the page."""
    asked = []

    def accept(dialog):
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", accept)
    leaving()
    page.remove_listener("dialog", accept)
    return asked


def test_who_leaves_with_something_typed_is_asked_and_who_saved_is_not(site, page):
    type_an_article(page, "Bỏ dở")
    page.click("#id_title")
    assert asked_on(page, lambda: page.goto(f"{site.url}/admin/")) == ["beforeunload"]
    page.goto(site.url + desk.ADD)
    type_an_article(page, "Đã lưu")
    desk.press(page, "Lưu nháp")
    assert asked_on(page, lambda: page.goto(f"{site.url}/admin/")) == []


PREVIEW = "**/xem-truoc/"
CHANGE = "**/change/**"


def preview(page, title):
    type_an_article(page, title)
    desk.press(page, "Xem trước")
    page.wait_for_url(PREVIEW)


def save_with_more(page, more):
    desk.write(page, f"<p>{more}</p>")
    desk.press(page, "Lưu nháp")
    assert desk.told(page) == "Đã lưu nháp."
    expect(page.locator(".cke_wysiwyg_div")).to_have_text(more)


def drafts(site, title):
    return site.query(f"SELECT COUNT(*) FROM news_article WHERE title LIKE '{title}%'")[0][0]


def test_a_preview_leads_back_to_the_form_of_its_article(site, page):
    preview(page, "Xem rồi bấm quay lại")
    page.click("text=Quay lại trang sửa bài")
    page.wait_for_url(CHANGE)
    expect(page.locator(".cke_wysiwyg_div")).to_have_text("Nội dung dài.")
    assert desk.told(page) == ""
    save_with_more(page, "Thêm chữ.")
    assert page.complaints == []


def test_the_back_button_leads_from_a_preview_to_the_form_of_the_article_that_was_saved(site, page):
    preview(page, "Xem rồi lui")
    page.go_back()
    page.wait_for_url(CHANGE)
    assert desk.told(page) == ""
    save_with_more(page, "Thêm chữ.")
    desk.press(page, "Xem trước")
    page.wait_for_url(PREVIEW)
    page.go_back()
    save_with_more(page, "Thêm chữ lần nữa.")
    assert drafts(site, "Xem rồi lui") == 1 and page.complaints == []


def test_after_a_preview_another_new_article_begins_empty(site, page):
    preview(page, "Bài số một")
    page.goto(site.url + desk.ADD)
    expect(page.locator("#id_title")).to_have_value("")
    assert desk.told(page) == ""
    type_an_article(page, "Bài số hai")
    desk.press(page, "Lưu nháp")
    assert (desk.told(page), drafts(site, "Bài số")) == ("Đã lưu nháp.", 2)


def test_the_back_button_after_publishing_makes_no_second_article(site, page):
    type_an_article(page, "Đăng rồi lui")
    desk.press(page, "Xuất bản")
    assert "Đã đăng bản 1" in desk.told(page)
    page.go_back()
    page.wait_for_url(CHANGE)
    page.fill("#id_title", "Đăng rồi lui, đã sửa")
    desk.press(page, "Xuất bản")
    assert "Đã đăng bản 2" in desk.told(page) and drafts(site, "Đăng rồi lui") == 1


def test_a_note_on_what_changes_is_still_there_after_a_preview(site, page):
    type_an_article(page, "Xem trước bản sửa")
    desk.press(page, "Xuất bản")
    for go_back in (lambda: page.click("text=Quay lại trang sửa bài"), page.go_back):
        page.fill("#id_change_note", "Sửa số liệu & tên")
        desk.press(page, "Xem trước")
        page.wait_for_url(PREVIEW)
        go_back()
        page.wait_for_url(CHANGE)
        expect(page.locator("#id_change_note")).to_have_value("Sửa số liệu & tên")


def test_the_back_button_after_a_refusal_leads_to_what_was_typed(site, page):
    type_an_article(page, "Bị từ chối")
    desk.press(page, "Lưu nháp")
    page.fill("#id_title", "Bị từ chối, đã sửa")
    page.fill("#id_summary", "")
    desk.press(page, "Xuất bản")
    assert page.locator(".errornote").count() == 1
    page.go_back()
    expect(page.locator("#id_title")).to_have_value("Bị từ chối, đã sửa")


def leaves_by_the_menu(page, path):
    """What the browser asked before it left."""

    def leave():
        page.click(f"#nav-sidebar a[href='{path}']")
        page.wait_for_url(f"**{path}")

    return asked_on(page, leave)


def test_who_leaves_what_was_refused_is_asked_and_finds_it_again(site, page):
    type_an_article(page, "Thiếu văn bản thay thế")
    page.fill("#id_summary", "")
    desk.press(page, "Xuất bản")
    assert page.locator(".errornote").count() == 1
    assert leaves_by_the_menu(page, "/admin/news/picture/") == ["beforeunload"]
    page.goto(site.url + desk.ADD)
    expect(page.locator("#id_title")).to_have_value("Thiếu văn bản thay thế")
    expect(page.locator(".cke_wysiwyg_div")).to_have_text("Nội dung dài.")
    page.fill("#id_summary", "Tóm tắt.")
    desk.press(page, "Lưu nháp")
    assert desk.told(page) == "Đã lưu nháp."
    page.goto(site.url + desk.ADD)
    expect(page.locator("#id_title")).to_have_value("")


def test_what_was_sent_and_not_stored_waits_until_another_article_is_stored(site, page):
    type_an_article(page, "Bài khác")
    desk.press(page, "Lưu nháp")
    other = page.url
    page.goto(site.url + desk.ADD)
    type_an_article(page, "Gửi khi mất mạng")
    page.context.set_offline(True)
    page.click(".submit-row input[value='Lưu nháp'] >> nth=0")
    page.wait_for_timeout(300)
    page.context.set_offline(False)
    page.goto(other)
    page.fill("#id_summary", "Câu khác.")
    desk.press(page, "Lưu nháp")
    assert desk.told(page) == "Đã lưu nháp."
    page.goto(site.url + desk.ADD)
    expect(page.locator("#id_title")).to_have_value("Gửi khi mất mạng")
    page.goto(other)
    assert desk.told(page) == ""


def test_an_old_save_is_shown_as_it_was_whatever_was_refused_since(site, page):
    type_an_article(page, "Lần lưu thứ nhất")
    desk.press(page, "Lưu nháp")
    number = page.url.split("/")[-3]
    page.fill("#id_title", "Bị từ chối về sau")
    page.fill("#id_summary", "")
    desk.press(page, "Xuất bản")
    page.once("dialog", lambda dialog: dialog.accept())
    ((version,),) = site.query(f"SELECT history_id FROM news_historicalarticle WHERE id = {number}")
    page.goto(f"{site.url}/admin/news/article/{number}/history/{version}/")
    expect(page.locator("#id_title")).to_have_value("Lần lưu thứ nhất")
    assert page.locator(".errornote").count() == 0
    page.goto(f"{site.url}/admin/news/article/{number}/change/")
    expect(page.locator("#id_title")).to_have_value("Bị từ chối về sau")


def test_who_restores_an_old_save_has_it_and_not_what_was_refused_before(site, page):
    type_an_article(page, "Sẽ khôi phục")
    desk.press(page, "Lưu nháp")
    number = page.url.split("/")[-3]
    page.fill("#id_title", "Bị từ chối trước khi khôi phục")
    page.fill("#id_summary", "")
    desk.press(page, "Xuất bản")
    page.once("dialog", lambda dialog: dialog.accept())
    ((version,),) = site.query(f"SELECT history_id FROM news_historicalarticle WHERE id = {number}")
    page.goto(f"{site.url}/admin/news/article/{number}/history/{version}/")
    page.click(".submit-row [value='Khôi phục']")
    page.wait_for_url(CHANGE)
    expect(page.locator("#id_title")).to_have_value("Sẽ khôi phục")
    assert page.locator(".errornote").count() == 0
    page.fill("#id_title", "Sửa sau khi khôi phục")
    desk.press(page, "Lưu nháp")
    assert desk.told(page) == "Đã lưu nháp."


def test_what_was_stored_although_its_answer_was_lost_is_not_said_to_be_unsaved(site, page):
    type_an_article(page, "Đã lưu, mất câu trả lời")
    desk.press(page, "Lưu nháp")
    page.fill("#id_title", "Đã lưu, mất câu trả lời, đã sửa")
    desk.write(page, "<p>Một<br />hai</p><p>&nbsp;</p><p>ba</p>")
    form = page.url
    page.route("**/change/", lambda route: (route.fetch(max_redirects=0), route.abort())[1], times=1)
    page.click(".submit-row input[value='Lưu nháp'] >> nth=0")
    page.wait_for_timeout(500)
    page.goto(f"{site.url}/admin/")
    page.goto(form)
    expect(page.locator("#id_title")).to_have_value("Đã lưu, mất câu trả lời, đã sửa")
    assert page.locator(".errornote").count() == 0
    page.fill("#id_title", "Sửa tiếp")
    desk.press(page, "Lưu nháp")
    assert desk.told(page) == "Đã lưu nháp."


def test_who_logs_out_leaves_nothing_for_the_next_and_who_stays_loses_nothing(site, page):
    type_an_article(page, "Chữ của người trước")
    page.fill("#id_summary", "")
    desk.press(page, "Xuất bản")
    kept = "() => Object.keys(sessionStorage).filter(name => name.startsWith('desk-unsaved:')).length"
    page.route(
        "**/admin/logout/", lambda route: route.fulfill(body="Đã đăng xuất")
    )  # the others of this run stay logged in
    page.once("dialog", lambda dialog: dialog.dismiss())
    page.click("#logout-form button")
    assert page.evaluate(kept) == 1
    assert leaves_by_the_menu(page, "/admin/news/picture/") == ["beforeunload"]
    page.goto(site.url + desk.ADD)
    expect(page.locator("#id_title")).to_have_value("Chữ của người trước")
    page.once("dialog", lambda dialog: dialog.accept())
    page.click("#logout-form button")
    page.wait_for_url("**/admin/logout/")
    assert page.evaluate(kept) == 0


def test_readers_pages_load_nothing_of_the_desk(site, page):
    preview(page, "Chỉ bàn làm việc")
    assert page.locator("script[src*=unsaved]").count() == 1
    page.goto(f"{site.url}/bai-viet/12-x/")
    assert page.locator("script[src*=unsaved], .notice").count() == 0
