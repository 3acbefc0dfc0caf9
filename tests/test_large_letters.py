"""Pages for those who set the letters of their browser to twice the size, on a phone."""

import pytest

from tests.broken_words import BROKEN_WORDS
from visitors import charts

pytestmark = pytest.mark.browser


def open_enlarged(page, address, width=320):
    page.set_viewport_size({"width": width, "height": 560})
    page.goto(address)
    page.evaluate("document.documentElement.style.fontSize = '32px'")


@pytest.mark.parametrize("path", ["/", "/?trang=2", "/bai-viet/12-x/", "/thong-ke/"])
def test_no_page_scrolls_sideways_and_no_word_is_broken_in_its_head_its_cards_and_its_foot(site, page, path):
    open_enlarged(page, site.url + path)
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    for width in (320, 360):
        page.set_viewport_size({"width": width, "height": 560})
        assert page.evaluate(BROKEN_WORDS, ".site-header__name, .article-card, .pages") == []


def test_the_link_past_the_head_is_not_seen_until_it_is_reached(site, page):
    open_enlarged(page, site.url)
    link = page.locator(".skip-link")
    place = link.bounding_box()
    assert place["y"] + place["height"] <= 0
    page.keyboard.press("Tab")
    place = link.bounding_box()
    assert place["x"] >= 0 and place["y"] >= 0 and place["x"] + place["width"] <= 320


def test_the_words_of_a_chart_stay_as_wide_as_it_makes_room_for(site, page):
    open_enlarged(page, site.url + "/thong-ke/")
    page.evaluate("""document.querySelector("main").insertAdjacentHTML("beforeend",
                       '<svg><text class="chart__word" y="20">1.000.000</text></svg>')""")
    width = page.locator(".chart__word").last.evaluate("word => word.getBBox().width")
    assert width <= charts.DIGIT * len("1.000.000")
