"""What the pages look like, as far as a machine can see it."""

import io
import re

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.desk import log_in
from tests.factories import make_article, make_category
from tests.running_site import running
from tests.slow_link import slow_link

MAKE_WIDE_ARTICLES = """
from tests.factories import make_article, make_category
make_article(title="Bảng rộng", body="<table><tr>" + "<td>nghiêng nghiêng</td>" * 14 + "</tr></table>")
word = "Khôngcódấucách" * 21
make_article(title=word, summary=word, body=f"<p>{word}</p>", category=make_category(name="Kinh tế"))
"""


@pytest.fixture(scope="module")
def wide(shared, tmp_path_factory):
    """A site whose last article is a word without end, and the one before a table of fourteen columns."""
    with running(shared, tmp_path_factory.mktemp("wide")) as found:
        found.manage("shell", "-v0", "-c", MAKE_WIDE_ARTICLES)
        yield found


@pytest.mark.browser
def test_a_word_without_end_makes_no_page_wider_than_the_screen(wide, page):
    page.goto(wide.url)
    article = page.locator(".article-card--lead .article-card__link").get_attribute("href")
    for path in ("/", "/chuyen-muc/kinh-te/", "/tim-kiem/?q=khongcodaucach", article, "/bai-viet/14-x/"):
        page.goto(wide.url + path)
        for width in (320, 1280):
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate("document.documentElement.scrollWidth") <= width, path


LINES_OF_THE_NAME = """
const texts = document.createTreeWalker(document.querySelector(".site-header__name"), NodeFilter.SHOW_TEXT), lines = [];
while (texts.nextNode()) {
    const text = texts.currentNode, range = document.createRange();
    for (const word of text.data.matchAll(/\\S+/g)) {
        range.setStart(text, word.index);
        range.setEnd(text, word.index + word[0].length);
        const top = range.getBoundingClientRect().top;
        if (lines.at(-1)?.top === top) lines.at(-1).words.push(word[0]); else lines.push({top, words: [word[0]]});
    }
}
return lines.map(line => line.words.join(" "));
"""


@pytest.mark.browser
def test_the_name_of_the_site_breaks_before_the_place_and_nowhere_else(site, page):
    page.goto(site.url)
    for width in (320, 360, 414, 768, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        lines = page.evaluate(f"() => {{{LINES_OF_THE_NAME}}}")
        assert " / ".join(lines) in (
            "TRANG THÔNG TIN ĐIỆN TỬ / HUYỆN CÀNG LONG",
            "TRANG THÔNG TIN ĐIỆN TỬ HUYỆN CÀNG LONG",
        ), width


@pytest.mark.browser
def test_every_category_is_reached_without_a_script_on_the_smallest_phone(site, browser):
    context = browser.new_context(viewport={"width": 320, "height": 560}, java_script_enabled=False)
    page = context.new_page()
    page.goto(site.url)
    page.click("text=Chuyên mục >> nth=0")
    last = page.locator(".sections-nav__link", has_text="Nông thôn mới")
    assert last.is_visible()
    last.click()
    assert page.inner_text("h1") == "Nông thôn mới"
    context.close()


@pytest.mark.browser
def test_every_category_reached_by_the_tab_key_is_seen_whole_on_the_smallest_phone(site, page):
    page.set_viewport_size({"width": 320, "height": 560})
    page.goto(site.url)
    page.focus(".site-nav__all")
    edge = page.locator(".site-nav__list").bounding_box()["x"]
    for link in page.locator(".site-nav__link").all():
        page.keyboard.press("Tab")
        expect(link).to_be_focused()
        page.wait_for_timeout(100)  # it may still be scrolling
        seen = link.bounding_box()
        assert edge <= seen["x"] and seen["x"] + seen["width"] <= 320 - 4, link.inner_text()  # with the ring around it


@pytest.mark.browser
def test_a_small_picture_is_shown_no_larger_than_it_is(site, page):
    page.goto(f"{site.url}/bai-viet/12-x/")
    assert (
        page.locator(".picture img").first.evaluate("image => { image.width = 300; return image.clientWidth; }") == 300
    )


@pytest.mark.browser
@pytest.mark.parametrize("width", [320, 768, 1280])
def test_a_portrait_is_seen_whole_on_one_screen(site, page, width):
    portrait = io.BytesIO()
    Image.new("RGB", (400, 1200), "green").save(portrait, "JPEG")
    page.route("**/media/**", lambda route: route.fulfill(body=portrait.getvalue(), content_type="image/jpeg"))
    page.set_viewport_size({"width": width, "height": 560})
    page.goto(f"{site.url}/bai-viet/12-x/")
    picture = page.locator(".picture img").first
    assert picture.evaluate("async image => { await image.decode(); return image.clientHeight; }") == 560 * 0.85
    assert picture.evaluate("image => getComputedStyle(image).objectFit") == "contain"


def edges_in_shadow(page):
    """Whether the left and the right edge of the table are darker than the page between the lines of the table."""
    box = page.locator(".table-scroll").bounding_box()
    found = []
    for left in (box["x"] + 1, box["x"] + box["width"] - 3):
        strip = page.screenshot(clip={"x": left, "y": box["y"] + 2, "width": 2, "height": box["height"] - 4})
        found.append(Image.open(io.BytesIO(strip)).convert("L").getextrema()[1] < 250)
    return found


@pytest.mark.browser
def test_a_table_that_is_wider_than_the_screen_shows_at_which_edge_it_goes_on(site, page):
    page.set_viewport_size({"width": 320, "height": 2000})
    page.goto(f"{site.url}/bai-viet/12-x/")
    table = "<div class='table-scroll'><table><tr>" + "<td>Chỉ&nbsp;tiêu&nbsp;giao</td>" * 7 + "</tr></table></div>"
    page.locator(".prose").evaluate("(prose, table) => { prose.innerHTML = table; }", table)

    def scrolled(left):
        page.locator(".table-scroll").evaluate("(box, left) => { box.scrollLeft = left; }", left)
        return edges_in_shadow(page)

    assert [scrolled(left) for left in (0, 100, 9999)] == [[False, True], [True, True], [True, False]]


@pytest.mark.browser
def test_the_caption_of_a_wide_table_and_the_names_in_it_are_read_on_a_telephone(site, page):
    page.set_viewport_size({"width": 320, "height": 2000})
    page.goto(f"{site.url}/bai-viet/12-x/")
    cells = "<td>Xã Nhị Long Phú</td>" * 6
    table = (
        f"<div class='table-scroll'><table><caption>{'Kết quả chấm điểm ' * 5}</caption><tr>{cells}</tr></table></div>"
    )
    page.locator(".prose").evaluate("(prose, table) => { prose.innerHTML = table; }", table)
    page.locator(".table-scroll").evaluate("box => { box.scrollLeft = 300; }")
    caption, box = page.locator(".prose caption").bounding_box(), page.locator(".table-scroll").bounding_box()
    assert (caption["x"], caption["width"]) == (box["x"], box["width"])
    lines = page.locator(".prose td").first.evaluate(
        "cell => { const all = document.createRange(); all.selectNodeContents(cell); return all.getClientRects().length; }"
    )
    assert lines == 1


@pytest.mark.browser
def test_what_stands_in_a_cell_is_no_wider_for_it_and_no_narrower(site, page):
    page.goto(f"{site.url}/bai-viet/12-x/")
    figure = f"<figure class='picture'><img src='' alt='' width='90' height='60'><figcaption>{'Lời của ảnh ' * 12}</figcaption></figure>"
    inner = f"<div class='table-scroll' id='trong'><table><tr>{'<td>Xã Nhị Long Phú</td>' * 3}</tr></table></div>"
    cells = {"figure": f"<td>{figure}</td><td>a</td>", "table": f"<td>{inner}</td><td>a</td>"}
    width = """([cells, what]) => {
      document.querySelector(".prose").innerHTML = `<div class="table-scroll"><table><tr>${cells}</tr></table></div>`;
      const found = document.querySelector(".prose td " + what);
      return [found.scrollWidth, found.clientWidth];
    }"""
    assert page.evaluate(width, [cells["figure"], ".picture"])[0] < 700
    needed, shown = page.evaluate(width, [cells["table"], ".table-scroll"])
    assert needed == shown


@pytest.mark.browser
def test_the_ring_of_the_focus_lies_beside_the_words_of_the_menu(site, page):
    page.goto(site.url)
    page.focus(".site-nav__link >> nth=1")
    page.keyboard.press("Tab")
    ring = page.locator(".site-nav__link:focus-visible").evaluate("""link => {
      const ring = getComputedStyle(link, "::before");
      return [ring.outlineStyle, parseFloat(ring.left), getComputedStyle(link).outlineStyle];
    }""")
    assert ring[0] == "solid" and ring[1] <= -5 and ring[2] == "none"


@pytest.mark.browser
def test_a_text_that_begins_with_a_heading_begins_at_its_top(site, page):
    page.goto(f"{site.url}/bai-viet/12-x/")
    top = """tag => {
      document.querySelector(".prose").insertAdjacentHTML("afterbegin", `<${tag}>a</${tag}>`);
      return getComputedStyle(document.querySelector(".prose").firstChild).marginTop;
    }"""
    assert [page.evaluate(top, tag) for tag in ("h2", "h3", "figure", "p")] == ["0px"] * 4


@pytest.mark.browser
def test_a_list_of_a_text_shows_the_signs_that_it_was_written_with(site, page):
    page.goto(f"{site.url}/bai-viet/12-x/")
    sign = """type => {
      document.querySelector(".prose").innerHTML = `<ol type="${type}"><li>a</li></ol>`;
      return getComputedStyle(document.querySelector(".prose li")).listStyleType;
    }"""
    signs = {"1": "decimal", "a": "lower-alpha", "A": "upper-alpha", "i": "lower-roman", "I": "upper-roman"}
    assert {kind: page.evaluate(sign, kind) for kind in signs} == signs


# In pixels: how far each number reaches beyond its place, and the places beyond the page.
BEYOND = """number => {
  const range = document.createRange(), places = [...document.querySelectorAll(".key-figures__number")];
  const right = thing => thing.getBoundingClientRect().right;
  places.forEach(place => { place.textContent = number; });
  return Math.max(...places.map(place => {
    range.selectNodeContents(place);
    return Math.max(right(range) - right(place.parentElement), right(place.parentElement) - right(place.closest("dl")));
  }));
}"""


@pytest.mark.browser
@pytest.mark.parametrize("path", ["/thong-ke/", "/admin/visitors/day/"])
def test_the_key_figures_stay_apart_on_every_screen_however_large_they_are(site, page, path):
    if path.startswith("/admin/"):
        log_in(page, site)
    for width in (320, 375, 768, 1024, 1100, 1280, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(site.url + path)
        for number in ("144", "1.000.000", "25.000.300", "227.271.594", "9.999.999.999"):
            assert page.evaluate(BEYOND, number) < 1, (width, number)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, number


# What moved on a page since it was opened: one entry for each time that something did.
MOVED = """new Promise(done => new PerformanceObserver(list => done(list.getEntries().map(
             entry => [entry.value, ...entry.sources.map(source => source.node && source.node.outerHTML)])))
           .observe({type: "layout-shift", buffered: true}) || setTimeout(done, 500, []))"""


@pytest.mark.browser
@pytest.mark.parametrize("path", ["/", "/chuyen-muc/kinh-te/", "/bai-viet/12-x/"])
def test_nothing_moves_while_a_page_loads(site, page, path):
    page.set_viewport_size({"width": 320, "height": 560})
    page.goto(site.url + path)
    page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    page.wait_for_load_state("networkidle")
    assert page.evaluate(MOVED) == []


@pytest.mark.browser
@pytest.mark.parametrize("path", ["/", "/thong-ke/"])
@pytest.mark.parametrize("width", [320, 768, 1280])
def test_nothing_moves_on_a_link_so_slow_that_a_page_comes_in_pieces(site, page, path, width):
    page.set_viewport_size({"width": width, "height": 560})
    with slow_link(site.url, pieces=rb"(?=<(?:span|img|p|form|nav|section|h3|dd) )") as address:
        page.goto(address + path)
        assert page.evaluate(MOVED) == []


@pytest.mark.django_db
def test_the_styles_of_a_page_come_in_one_wave(client):
    assert client.get("/").content.count(b'rel="stylesheet"') == 5  # a browser opens six connections to a host


@pytest.mark.django_db
@pytest.mark.parametrize("articles", [0, 1, 2, 3, 4, 10])
def test_the_front_page_is_whole_with_few_articles(client, articles):
    for n in range(articles):
        make_article(title=f"Tin {n}", category=make_category())
    page = client.get("/").content.decode()
    top = page.split('class="front-page__sections"')[0]
    assert re.findall(r">Tin (\d+)</a>", top) == [str(n) for n in reversed(range(articles))][:9]
    assert ("Chưa có tin nào được đăng." in page) == (articles == 0)
    assert ("Tin mới nhất" in top) == (articles > 3)
    assert ('href="?trang=2"' in page) == (articles > 9)
    assert top.count("article-card--side") == {4: 1, 10: 4}.get(articles, 0)  # briefs fill the place of the picture


def test_a_card_loads_its_picture_as_wide_as_it_is_shown_and_the_lead_before_all_others(fresh_site, page):
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(fresh_site.url)
    page.wait_for_function(
        "() => [...document.querySelectorAll('.article-card--lead img, .article-card--side img')].slice(0, 2).every(i => i.currentSrc)"
    )
    lead = page.locator(".article-card--lead img")
    assert lead.get_attribute("loading") is None and lead.get_attribute("fetchpriority") == "high"
    assert lead.evaluate("image => image.currentSrc").endswith("-960.webp")
    assert page.locator(".front-page__top .article-card--side").count() == 6
    side = page.locator(".article-card--side img").first
    assert side.get_attribute("loading") == "lazy"
    assert side.evaluate("image => image.currentSrc").endswith("-480.webp")
