"""What an editor pastes into the real editor: from Word, from Google Docs, from a web page, photographs."""

import re

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests import desk
from tests.running_site import ROOT

pytestmark = pytest.mark.browser

FROM_WORD = """<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><meta name=Generator content="Microsoft Word 15">
<style>p.MsoNormal {margin:0cm}</style></head><body lang=VI><!--StartFragment-->
<h1 style="text-align:center"><span style="font-size:14.0pt">KẾ HOẠCH<o:p></o:p></span></h1>
<p class=MsoNormal style="text-indent:36pt"><b><span lang=VI>1. Mục đích<o:p></o:p></span></b></p>
<p class=MsoNormal><st1:place w:st="on">Càng Long</st1:place> ngày <font color=red>19/02/2024</font></p>
<table class=MsoTableGrid border=1><tr><td width=100><p class=MsoNormal>STT<o:p></o:p></p></td><td>Việc</td></tr></table>
<!--EndFragment--></body></html>"""
FROM_GOOGLE_DOCS = """<meta charset="utf-8"><b style="font-weight:normal;" id="docs-internal-guid-1f2e">
<h1 dir="ltr"><span style="font-size:20pt;">Kế hoạch</span></h1>
<p dir="ltr"><span style="font-weight:700;">Đậm</span><span> thường</span></p></b>"""

# Word's own lists: a paragraph each, its sign in brackets that only other programs read.
ITEM_OF_WORD = """<p class=MsoListParagraph style='mso-list:{} level1 lfo1'><![if !supportLists]><span
style='mso-list:Ignore'>{}<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp;</span></span><![endif]>{}<o:p></o:p></p>"""


@pytest.fixture
def page(page, site):
    desk.log_in(page, site, desk.ADD)
    desk.write(page, "")
    return page


def body(page):
    return re.sub(r"\s*\n\s*", "", desk.written(page))


def wait_for_pictures(page, number):
    page.locator(".cke_wysiwyg_div img[src^='/media/anh/']").nth(number - 1).wait_for()


def test_what_comes_from_word_keeps_its_structure_and_nothing_else(page):
    desk.paste(page, FROM_WORD)
    page.wait_for_selector(".cke_wysiwyg_div table")
    assert body(page) == (
        "<h2>KẾ HOẠCH</h2><p><strong>1. Mục đích</strong></p><p>Càng Long ngày 19/02/2024</p>"
        "<table><tbody><tr><td><p>STT</p></td><td>Việc</td></tr></tbody></table>"
    )


def test_what_comes_from_google_docs_arrives(page):
    desk.paste(page, FROM_GOOGLE_DOCS)
    page.wait_for_selector(".cke_wysiwyg_div h2")
    assert body(page) == "<h2>Kế hoạch</h2><p><strong>Đậm</strong> thường</p>"
    assert page.complaints == []


@pytest.mark.parametrize(
    ("copied", "arrives"),
    [
        ("".join(ITEM_OF_WORD.format(*item) for item in [("l0", "5.", "Khoản năm"), ("l0", "6.", "Khoản sáu")]),
         '<ol start="5"><li>Khoản năm</li><li>Khoản sáu</li></ol>'),
        ("".join(ITEM_OF_WORD.format(*item) for item in [("l1", "c)", "Điểm c"), ("l1", "d)", "Điểm d")]),
         '<ol start="3" type="a"><li>Điểm c</li><li>Điểm d</li></ol>'),
        ('<b id="docs-internal-guid-1f2e"><ol start="3"><li style="list-style-type:lower-alpha" aria-level="1"><p>Điểm c</p></li></ol></b>',
         '<ol start="3" type="a"><li>Điểm c</li></ol>'),
        ('<ol type="I" start="4"><li value="7">Phần bảy</li></ol>', '<ol start="4" type="I"><li value="7">Phần bảy</li></ol>'),
        ('<ol style="list-style-type: decimal"><li>Một</li></ol>', "<ol><li>Một</li></ol>"),
    ],
    ids=["a number of Word", "a letter of Word", "Google Docs", "a web page", "plain numbers"],
)  # fmt: skip
def test_a_list_keeps_its_numbers_and_letters(page, copied, arrives):
    desk.paste(
        page, FROM_WORD.split("<h1")[0] + copied + "<!--EndFragment--></body></html>" if "Mso" in copied else copied
    )
    page.wait_for_selector(".cke_wysiwyg_div li")
    assert body(page) == arrives


WORD = "<html><head><meta name=Generator content='Microsoft Word 15'></head><body><!--StartFragment-->{}<!--EndFragment--></body></html>"


@pytest.mark.parametrize(
    ("copied", "arrives", "is_said"),
    [
        (WORD.format('<p class=MsoNormal>Hỗ trợ <span class=msoDel><del cite="mailto:A">100</del></span><span class=msoIns><ins>200</ins></span> hộ</p>'),
         "<p>Hỗ trợ 200 hộ</p>", True),
        (WORD.format('<p class=MsoNormal>Số liệu<a class=msocomanchor href="#_msocom_1">[A1]</a> tiếp.</p><div style="mso-element:comment-list">'
                     '<hr class=msocomoff><div><p class=MsoCommentText>Chưa duyệt</p></div></div>'), "<p>Số liệu tiếp.</p>", True),
        (WORD.format("<p class=MsoNormal>Tin<span style='display:none;mso-hide:all'> nội bộ</span> công khai</p>"), "<p>Tin công khai</p>", True),
        (WORD.format("<p class=MsoNormal>Tin<span style='display:none;mso-hide:all'><o:p>&nbsp;</o:p></span> <span style='mso-hide:none'>hai</span></p>"),
         "<p>Tin hai</p>", False),
        ("<p>Giá <del>100</del><ins>200</ins> đồng</p>", "<p>Giá <s>100</s>200 đồng</p>", False),
        (WORD.format("<p class=MsoNormal>Giá <span style='text-decoration:line-through'>170</span> 200</p>"), "<p>Giá <s>170</s> 200</p>", False),
    ],
    ids=["deleted", "a remark", "hidden", "nothing hidden", "struck out on the web", "struck out in Word"],
)  # fmt: skip
def test_what_nobody_was_meant_to_read_stays_out_and_what_is_struck_out_stays_so(page, copied, arrives, is_said):
    desk.paste(page, copied)
    page.wait_for_selector(".cke_wysiwyg_div p >> text=/[a-z]/")
    assert body(page) == arrives
    assert page.locator(".cke_notification:has-text('không được dán theo')").count() == is_said


def test_what_was_set_as_typed_keeps_its_lines(page):
    desk.paste(page, "<p>Trước</p><pre class=x>\ndòng <b\nlang=vi>một</b>\n  dòng hai\n</pre>")
    page.wait_for_selector(".cke_wysiwyg_div br", state="attached")
    assert body(page) == "<p>Trước</p><p>dòng <strong>một</strong><br />dòng hai</p>"


def test_a_picture_that_lies_elsewhere_is_left_out_at_once_and_its_text_stays(page):
    desk.paste(page, '<p>Trước <img src="https://noi-khac.vn/a.jpg"> sau</p>')
    page.wait_for_selector(".cke_notification")
    assert "Ảnh nằm ở nơi khác" in page.inner_text(".cke_notification")
    assert body(page) == "<p>Trước sau</p>"


def test_a_picture_of_this_site_is_known_by_whatever_name_the_site_was_opened(page):
    own = "/media/anh/00/00000000000000000000000000000000-480.jpg"
    desk.paste(page, f'<p>Trước <img src="{page.evaluate("location.origin")}{own}" alt="x"> sau</p>')
    page.wait_for_selector(".cke_wysiwyg_div img")
    assert f'src="{own}"' in body(page)


def test_what_is_typed_behind_a_pasted_photograph_stands_behind_it(page):
    desk.paste(page, photographs=1)
    wait_for_pictures(page, 1)
    page.keyboard.type("Chữ gõ sau ảnh")
    assert re.fullmatch(r"<p><img [^>]+></p><p>Chữ gõ sau ảnh</p>", body(page))


def test_photographs_pasted_together_and_one_after_the_other_all_stay(page):
    desk.paste(page, photographs=2)
    wait_for_pictures(page, 2)
    desk.paste(page, photographs=1)
    wait_for_pictures(page, 3)
    desk.paste(page, "<p>Chữ dán sau ảnh</p>")
    page.wait_for_selector("text=Chữ dán sau ảnh")
    assert re.fullmatch(r"<p>(<img [^>]+>){2}</p><p><img [^>]+></p><p>Chữ dán sau ảnh</p>", body(page))
    assert page.complaints == []


def test_a_picture_pasted_as_data_keeps_what_it_says_of_itself(page):
    dot = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
    desk.paste(page, f'<p>Trước <img src="data:image/png;base64,{dot}" alt="Chợ &quot;nổi&quot; $&amp;"> sau</p>')
    wait_for_pictures(page, 1)
    assert page.get_attribute(".cke_wysiwyg_div img[src^='/media/anh/']", "alt") == 'Chợ "nổi" $&'
    assert page.complaints == []


def test_a_picture_that_only_adorns_is_said_to_beneath_the_text_and_the_form_follows(page):
    page.fill("#id_title", "Tin có ảnh")
    page.fill("#id_summary", "Tóm tắt.")
    page.select_option("#id_category", label="Kinh tế")
    desk.paste(page, photographs=1)
    wait_for_pictures(page, 1)
    desk.press(page, "Xuất bản")
    assert "Ảnh thứ 1" in desk.told(page) and "“Ảnh trong bài”" in page.inner_text(".field-body")
    desk.press(page, "Lưu nháp")
    row = page.locator(".body-picture__words")
    expect(row).to_contain_text("CHƯA CÓ VĂN BẢN THAY THẾ")
    with page.expect_popup() as opened:
        page.click("text=“chỉ trang trí” >> nth=-1")
    opened.value.check("#id_decorative")
    opened.value.fill("#id_credit", "Minh Hiếu")
    opened.value.click("[name=_save]")
    expect(row).to_have_text("Ảnh 1. Văn bản thay thế: chỉ trang trí. Nguồn ảnh: Minh Hiếu.")
    desk.press(page, "Xuất bản")
    assert "Đã đăng bản 1" in desk.told(page) and page.complaints == []


def test_a_file_that_is_no_picture_is_refused_in_words_and_the_text_stays(page):
    desk.paste(page, "<p>Chữ trước</p>")
    desk.paste(page, broken=1)
    page.wait_for_selector(".cke_notification_warning")
    assert "không phải là ảnh" in page.inner_text(".cke_notification_warning")
    assert "Chữ trước" in body(page) and "<img" not in body(page)
    assert page.locator(".cke_notification").count() == 1  # and nothing says that it was taken


@pytest.mark.parametrize("name", ["boat.webp", "boat.png", "boat.gif", "boat.jpeg"])
def test_every_kind_that_the_server_takes_is_taken(page, tmp_path, name):
    Image.open(ROOT / "news/sample/pictures/boat.webp").save(tmp_path / name)
    desk.choose(page, tmp_path / name)
    wait_for_pictures(page, 1)


@pytest.mark.parametrize("kind", ["image/heic", "application/msword", "application/pdf", ""])
def test_of_any_other_file_it_is_said_what_is_taken(page, kind):
    desk.paste(page, broken=1, kind=kind)
    said = page.locator(".cke_notification").first
    expect(said).to_contain_text("Chỉ nhận ảnh JPEG, PNG, WebP hoặc GIF")
    assert not re.search("heic|application|msword|pdf", said.inner_text())
    assert (
        said.evaluate("note => getComputedStyle(note).backgroundColor") == "rgb(31, 79, 120)"
    )  # white on it is 8.6 to 1


def test_a_photograph_sent_after_the_session_ended_is_refused_in_those_words(page):
    page.context.clear_cookies(name="sessionid")
    desk.paste(page, photographs=1)
    expect(page.locator(".cke_notification_warning")).to_contain_text("Bấm “Lưu nháp” rồi đăng nhập lại")


def test_signs_that_other_sites_draw_are_pasted_as_the_signs_they_are(page):
    drawn = '<img alt="{}" src="https://static.xx.fbcdn.net/emoji.png">'
    desk.paste(
        page,
        f"<p>Chúc mừng {drawn.format('🎉')} năm {drawn.format('❤️')}{drawn.format('👨‍👩‍👧')}{drawn.format('1️⃣')} mới {drawn.format('Ảnh 1')}</p>",
    )
    assert body(page) == "<p>Chúc mừng 🎉 năm ❤️👨‍👩‍👧1️⃣ mới</p>"
    expect(page.locator(".cke_notification_warning")).to_contain_text("Ảnh nằm ở nơi khác")
    desk.paste(page, f"<p>{drawn.format('🎉')}</p>")
    expect(page.locator(".cke_notification_warning")).to_have_count(1)


def ask_for_a_caption(page):
    page.dblclick(".cke_wysiwyg_div img[src^='/media/anh/']")
    page.check(".cke_dialog input[type=checkbox]")
    page.click(".cke_dialog_ui_button_ok")


def test_a_caption_asked_for_and_not_written_is_none(page):
    desk.paste(page, photographs=1)
    wait_for_pictures(page, 1)
    ask_for_a_caption(page)
    expect(page.locator(".cke_wysiwyg_div figcaption")).to_have_text("Gõ chú thích vào đây")
    assert re.fullmatch(r"<p><img [^>]+></p><p>&nbsp;</p>", body(page))


def test_a_caption_takes_the_place_of_the_words_that_ask_for_it(page):
    desk.paste(page, photographs=1)
    wait_for_pictures(page, 1)
    ask_for_a_caption(page)
    page.click(".cke_wysiwyg_div figcaption")
    page.keyboard.type("Trạm y tế mới")
    assert "<figcaption>Trạm y tế mới</figcaption></figure>" in body(page)
    page.click(".cke_wysiwyg_div figcaption")
    page.keyboard.press("End")
    page.keyboard.type(" sơn vàng")
    assert "<figcaption>Trạm y tế mới sơn vàng</figcaption></figure>" in body(page)


STYLE = """element => {
    const style = getComputedStyle(element);
    return [style.listStyleType, style.marginLeft, style.fontSize, style.color];
}"""


def test_lists_and_quotations_look_in_the_editor_like_what_they_are(page):
    desk.write(page, '<p>Chữ</p><ul><li>Một</li></ul><ol type="a"><li>Hai</li></ol><blockquote><p>Ba</p></blockquote>')
    _, _, size, colour = page.locator(".cke_wysiwyg_div > p").evaluate(STYLE)
    for item, mark in {"ul > li": "disc", "ol > li": "lower-alpha"}.items():
        assert page.locator(f".cke_wysiwyg_div {item}").evaluate(STYLE) == [mark, "0px", size, colour]
    for name in ("ul", "ol", "blockquote"):
        assert page.locator(f".cke_wysiwyg_div > {name}").evaluate(STYLE)[1:] == ["0px", size, colour]


def test_the_link_dialog_offers_what_the_cleaning_keeps(page):
    page.click(".cke_button__link")
    page.wait_for_selector(".cke_dialog")
    offered = " ".join(page.locator(".cke_dialog select:visible option").all_inner_texts()).split()
    assert [option.strip("\u200e") for option in offered] == (
        ["Trang", "web", "Thư", "điện", "tử", "Điện", "thoại", "http://", "https://", "<khác>"]
    )
