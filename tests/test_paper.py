"""The print sheet: what is left of a page on paper."""

import pytest

from tests.broken_words import BROKEN_WORDS

PAPER = {"width": 642, "height": 900}  # A4 without its margins, in pixels
FIGURES = "<td>Thu ngân sách nhà nước trên địa bàn huyện</td>" + "<td>11.604.925.926</td>" * 4


@pytest.fixture
def article(page, site):
    """The page of an article with everything: a picture, a byline, editions."""
    page.set_viewport_size(PAPER)
    page.emulate_media(media="print")
    page.goto(f"{site.url}/bai-viet/12-x/")
    return page


def write(article, body):
    article.evaluate("body => { document.querySelector('.prose').innerHTML = body; }", body)


@pytest.mark.browser
def test_the_print_sheet_holds_the_article_with_its_source_and_nothing_else(article):
    printed = [".site-header__name", ".article__title", ".article__date", ".article__summary", ".article__lead img",
               ".article__body", ".article__byline", ".source-line__address"]  # fmt: skip
    kept_back = [".site-header__today", ".search-form", ".site-nav", ".breadcrumb", ".article__views",
                 ".related", ".site-footer"]  # fmt: skip
    assert [name for name in printed if not article.locator(name).first.is_visible()] == []
    assert [name for name in kept_back if article.locator(name).first.is_visible()] == []


@pytest.mark.browser
def test_a_table_of_fourteen_columns_is_printed_whole_on_paper(article):
    write(article, f"<table><tr>{'<td>nghiêng nghiêng</td>' * 14}</tr></table>")
    last = article.locator("td").nth(13).bounding_box()
    assert last["x"] + last["width"] <= PAPER["width"]


@pytest.mark.browser
def test_a_figure_is_not_printed_on_two_lines(article):
    write(article, f"<table><tr>{FIGURES}</tr></table>")
    assert article.evaluate(BROKEN_WORDS, "td") == []
    last = article.locator("td").nth(4).bounding_box()
    assert last["x"] + last["width"] <= PAPER["width"]


@pytest.mark.browser
@pytest.mark.parametrize("columns", [7, 8, 9])
def test_of_many_columns_words_are_broken_and_no_figure(article, columns):
    name = '<td class="prose__words">Thu ngân sách nhà nước trên địa bàn huyện</td>'
    write(article, f"<table><tr>{name + (columns - 1) * '<td>604.925.926</td>'}</tr></table>")
    assert article.evaluate(BROKEN_WORDS, "td:not([class])") == []
    last = article.locator("td").nth(columns - 1).bounding_box()
    assert last["x"] + last["width"] <= PAPER["width"]


@pytest.mark.browser
def test_the_head_of_a_page_has_the_width_of_the_paper(article):
    article.set_viewport_size(
        {"width": 794, "height": 900}
    )  # by which a page with margins of 20 mm chooses its columns
    name = article.locator(".site-header__name")
    assert (
        name.evaluate("name => name.getClientRects()[0].height / parseFloat(getComputedStyle(name).lineHeight)") < 1.5
    )


@pytest.mark.browser
def test_what_was_changed_is_printed_with_the_article(article):
    article.evaluate(
        """document.querySelector(".article").insertAdjacentHTML("beforeend", '<section class="change-notes">Bản 2</section>')"""
    )
    assert article.locator(".change-notes").is_visible()


@pytest.mark.browser
def test_on_paper_each_heading_is_smaller_than_the_one_above_it(article):
    sizes = article.evaluate("""() => {
      document.querySelector(".prose").insertAdjacentHTML("beforeend", "<h2>a</h2><h3>b</h3><h4>c</h4>");
      const headings = [document.querySelector("h1"), ...document.querySelectorAll(".prose > :is(h2, h3, h4):nth-last-child(-n+3)")];
      return headings.map(heading => parseFloat(getComputedStyle(heading).fontSize));
    }""")
    title, large, middle, small = sizes
    assert title > 1.3 * large and large > middle > small
