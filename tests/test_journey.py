"""The main job, in a browser, against the running site: an editor writes and publishes, a resident reads."""

import re
from datetime import date

import pytest
from playwright.sync_api import expect

from tests.desk import ADD, choose, log_in, log_in_by_form, paste, press, told, write, written
from tests.factories import make_photo

pytestmark = pytest.mark.browser


@pytest.fixture
def reader(browser):
    context = browser.new_context(locale="vi-VN")
    yield context.new_page()
    context.close()


def test_a_text_that_is_opened_in_the_editor_and_published_unchanged_makes_no_edition(site, page):
    log_in(page, site)
    # the plan, and the samples with a picture, a list and a table in the text
    holds = " OR ".join(f"body LIKE '%<{tag}%'" for tag in ("figure", "ul", "table"))
    plan_and_others = f"SELECT min(id) FROM news_article WHERE title NOT LIKE 'Bài mẫu%' UNION SELECT id FROM news_article WHERE {holds}"
    numbers = [number for (number,) in site.query(plan_and_others)]
    assert len(numbers) >= 3
    for number in numbers:
        page.goto(f"{site.url}/admin/news/article/{number}/change/")
        page.wait_for_function("() => window.CKEDITOR && CKEDITOR.instances.id_body?.status === 'ready'")
        press(page, "Xuất bản")
        assert "đang đăng đúng như thế này" in told(page), page.url


def test_the_enter_key_in_the_title_saves_a_draft_and_the_first_key_typed_goes_to_the_title(site, page):
    log_in(page, site, ADD)
    write(page, "<p>Nội dung.</p>")
    page.fill("#id_summary", "Tóm tắt.")
    page.select_option("#id_category", label="Kinh tế")
    page.focus("#id_title")
    page.keyboard.type("Gõ xong bấm Enter")
    page.keyboard.press("Enter")
    page.wait_for_url("**/change/")
    assert told(page) == "Đã lưu nháp."
    page.goto(site.url + ADD)
    page.wait_for_function("() => document.activeElement.id === 'id_title'")


def test_an_article_is_written_scheduled_published_corrected_and_withdrawn(site, page, reader):
    log_in_by_form(page, site, "/admin/news/article/add/")
    page.fill("#id_title", "Khai mạc hội thao toàn huyện")
    page.fill("#id_summary", "Hội thao khai mạc sáng nay tại sân vận động huyện.")
    page.select_option("#id_category", label="Văn hóa - Xã hội")
    write(page, "<p>Hơn ba trăm vận động viên dự thi.</p>")
    paste(page, photographs=1)
    page.wait_for_selector(".cke_wysiwyg_div img[src^='/media/anh/']")
    press(page, "Xuất bản")
    assert "Ảnh thứ 1 trong nội dung: chưa có văn bản thay thế" in told(page)

    page.evaluate("""() => {
      const editor = CKEDITOR.instances.id_body;
      editor.setData(editor.getData().replace('alt=""', 'alt="Đội bóng vào sân"'));
    }""")
    press(page, "Lưu nháp")
    assert "Đã lưu nháp" in told(page)

    year = date.today().year + 1
    page.fill("#id_publish_at_0", f"05/03/{year}")
    page.fill("#id_publish_at_1", "07:00")
    press(page, "Hẹn giờ")
    assert f"Đã hẹn đăng bản 1 lúc 07:00 ngày 05/03/{year}" in told(page)
    assert f"07:00 ngày 05/03/{year}" in page.inner_text(".field-standing")
    number = re.search(r"/article/(\d+)/change/", page.url)[1]
    assert reader.goto(f"{site.url}/bai-viet/{number}-x/").status == 404

    press(page, "Hủy lịch hẹn")
    press(page, "Xuất bản")
    assert "Đã đăng bản 2" in told(page)
    assert reader.goto(f"{site.url}/bai-viet/{number}-x/").status == 200
    assert reader.inner_text("h1") == "Khai mạc hội thao toàn huyện"
    photograph = reader.locator(".article__body picture img")
    photograph.scroll_into_view_if_needed()
    reader.wait_for_function("() => document.querySelector('.article__body picture img').naturalWidth > 0")
    assert photograph.get_attribute("alt") == "Đội bóng vào sân"

    page.fill("#id_title", "Khai mạc hội thao toàn huyện năm nay")
    page.fill("#id_change_note", "Sửa tiêu đề")
    press(page, "Xuất bản")
    reader.reload()
    assert reader.inner_text("h1") == "Khai mạc hội thao toàn huyện năm nay"
    assert "Sửa tiêu đề" in reader.inner_text(".change-notes")

    press(page, "Gỡ bài")
    assert "Hãy ghi lý do gỡ bài" in told(page)
    page.fill("#id_withdraw_reason", "Sai ngày khai mạc")
    press(page, "Gỡ bài")
    assert "gỡ bản 3" in told(page)
    assert reader.reload().status == 410
    assert "Sai ngày khai mạc" in reader.inner_text("main")

    press(page, "Xuất bản")
    assert reader.goto(f"{site.url}/bai-viet/{number}-x/").status == 200
    assert reader.inner_text("h1") == "Khai mạc hội thao toàn huyện năm nay"
    assert page.complaints == []


def test_a_photograph_is_chosen_from_the_computer_and_described(site, page, tmp_path):
    photograph = tmp_path / "anh.jpg"
    photograph.write_bytes(make_photo().read())
    log_in(page, site, "/admin/news/article/add/")
    write(page, "")
    choose(page, photograph)
    page.locator(".cke_wysiwyg_div img[src^='/media/anh/']").dblclick()
    expect(page.get_by_label("Văn bản thay thế")).to_be_focused()  # what is typed at once is no address
    page.keyboard.type("Sân vận động")
    page.keyboard.press("Enter")
    page.wait_for_selector(".cke_dialog", state="hidden")
    assert re.search(r'<img [^>]*alt="Sân vận động"[^>]*src="/media/anh/', written(page))
    assert page.complaints == []


def test_the_editor_keeps_to_the_width_of_a_phone(site, page):
    page.set_viewport_size({"width": 320, "height": 700})
    log_in(page, site, "/admin/news/article/1/change/")
    page.wait_for_selector(".cke_chrome")
    frame, row = (page.locator(name).bounding_box() for name in (".cke_chrome", ".field-body"))
    assert (frame["x"], frame["width"]) == (row["x"], row["width"])


def test_no_field_of_an_article_ends_beyond_the_edge_of_a_tablet(site, page):
    page.set_viewport_size({"width": 768, "height": 900})
    log_in(page, site, "/admin/news/article/2/change/")
    page.wait_for_selector(".cke_chrome")
    fields = "input:not([type=hidden]), select, textarea, .select2-container, .cke_chrome, .inline-group table"
    within = "fields => fields.filter(field => field.getBoundingClientRect().right > innerWidth).map(field => field.outerHTML)"
    assert page.locator(fields).count() > 12
    assert page.locator(fields).evaluate_all(within) == []


@pytest.mark.parametrize("form", ["picture/add/", "masthead/1/change/"])
def test_a_tablet_has_room_for_each_field_and_its_label(site, page, form):
    page.set_viewport_size({"width": 768, "height": 900})
    log_in(page, site, f"/admin/news/{form}")
    width = "row => [row, row.querySelector('input')].map(one => one.getBoundingClientRect()).map(box => [box.left, box.right])"
    for row in page.locator(".form-row:has(input:not([type=checkbox]))").all():
        (row_left, row_right), (left, right) = row.evaluate(width)
        assert row_left <= left and right <= row_right and right - left > 0.9 * (row_right - row_left)


def test_of_each_picture_a_phone_shows_all_that_the_list_says(site, page):
    page.set_viewport_size({"width": 360, "height": 700})
    log_in(page, site, "/admin/news/picture/")
    cells = page.locator(".results tbody :is(th, td)")
    assert cells.count() > 20
    assert cells.evaluate_all("cells => Math.max(...cells.map(cell => cell.getBoundingClientRect().right))") <= 360


DESK = [
    "/admin/", "/admin/news/article/", "/admin/news/picture/", "/admin/news/picture/add/", "/admin/news/masthead/1/change/",
    "/admin/auth/user/", "/admin/auth/user/1/change/", "/admin/news/article/1/history/", "/admin/news/article/1/xem-truoc/",
    "/admin/news/article/1/delete/", "/admin/password_change/", "/admin/visitors/day/",
]  # fmt: skip
PRESS = ["/", "/chuyen-muc/kinh-te/", "/tim-kiem/?q=ruong", "/khong-co/", "/bai-viet/1-x/", "/thong-ke/"]


def test_no_page_of_the_desk_breaks_its_own_policy(site, page):
    log_in(page, site)
    for path in DESK:
        page.goto(site.url + path)
        assert [said for said in page.complaints if "403" not in said] == [], path


@pytest.mark.parametrize("path", PRESS)
def test_no_page_is_wider_than_the_screen_or_breaks_its_policy(site, page, path):
    page.goto(site.url + path)
    for width in (320, 768, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, width
    assert [said for said in page.complaints if "404" not in said] == []
