"""Pages from a real nginx that caches, in a real browser: who looks at a page is counted, however it came to the screen."""

import re
import time
import urllib.error
import urllib.request
from itertools import pairwise

import pytest

from tests.behind_nginx import EXPIRED

pytestmark = pytest.mark.browser
AGENT = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{}.0.0.0 Safari/537.36"

AHEAD = """<!doctype html><title>x</title><a href="/chuyen-muc/kinh-te/">x</a>
<script type="speculationrules">{"prerender": [{"urls": ["/chuyen-muc/kinh-te/"], "eagerness": "immediate"}]}</script>"""


@pytest.fixture
def reader(browser):
    """A function that opens a page of somebody with a Chromium of ``version``; they all go when the test ends."""
    contexts = []

    def reader(version=124, **options):
        contexts.append(browser.new_context(user_agent=AGENT.format(version), **options))
        return contexts[-1].new_page()

    yield reader
    for context in contexts:
        context.close()


def open_page(page, address):
    """Open a page and wait until its footer has the figures."""
    page.goto(address)
    page.wait_for_selector(".visitor-figures:not([hidden])")
    return [int(place.inner_text().replace(".", "")) for place in page.locator("[data-visitors]").all()][-4:]


def test_two_readers_of_one_cached_page_are_two_and_the_application_makes_it_once(cached, reader):
    urllib.request.urlopen(cached.url + "/").read()  # a script fills the cache and is nobody
    assert open_page(reader(124), cached.url + "/")[1:] == [1, 1, 3_489_814]
    assert open_page(reader(125), cached.url + "/")[1:] == [2, 2, 3_489_815]
    assert cached.asked("/").count("MISS") == 1
    assert cached.asked("/thong-ke/luot", 2) == ["MISS", "MISS"]
    assert cached.figures() == [2, {"/": 2}]


def test_on_the_statistics_page_the_month_grows_with_today(cached, reader):
    urllib.request.urlopen(cached.url + "/thong-ke/").read()
    pages = [reader(124), reader(125)]
    shown = [open_page(page, cached.url + "/thong-ke/") and key_figures(page) for page in pages]
    assert [(figures["Hôm nay"], figures["Trong tháng"]) for figures in shown] == [("1", "1"), ("2", "2")]


def test_a_page_that_is_open_for_days_shows_no_month_of_another_day(cached, reader):
    page = reader()
    page.clock.install()
    open_page(page, cached.url + "/thong-ke/")
    assert key_figures(page)["Trong tháng"] == "1"
    page.clock.run_for(25 * 3600_000)
    page.wait_for_timeout(500)
    assert key_figures(page)["Trong tháng"] == "–"


@pytest.mark.parametrize(("opened", "shown"), [("2026-12-01T16:50Z", "–"), ("2026-12-01T07:50Z", "1")])
def test_the_day_ends_at_vietnams_midnight_for_a_reader_elsewhere_too(cached, reader, opened, shown):
    page = reader(timezone_id="America/Los_Angeles")
    page.clock.install(time=opened)
    open_page(page, cached.url + "/thong-ke/")
    assert key_figures(page)["Trong tháng"] == "1"
    page.clock.run_for(20 * 60_000)
    page.wait_for_timeout(500)
    assert key_figures(page)["Trong tháng"] == shown


def key_figures(page):
    names, numbers = (page.locator(f".key-figures__{part}").all_inner_texts() for part in ("name", "number"))
    return dict(zip(names, numbers, strict=True))


def test_a_page_shown_again_by_the_back_button_is_opened_once_more(cached, reader):
    page = reader()
    open_page(page, cached.url + "/")
    open_page(page, cached.url + "/chuyen-muc/kinh-te/")
    page.evaluate("setTimeout(() => history.back())")  # nothing is loaded that could be waited for
    until = time.monotonic() + 10
    while len(cached.asked("/thong-ke/luot")) < 3:
        assert time.monotonic() < until
        page.wait_for_timeout(100)
    assert cached.asked("/") == ["MISS"]  # the browser kept the page and asked for nothing but the ping
    assert cached.figures() == [1, {"/": 2, "/chuyen-muc/kinh-te/": 1}]


def test_a_page_that_has_not_changed_is_revalidated_and_counted(cached, reader):
    page = reader()
    open_page(page, cached.url + "/")
    time.sleep(EXPIRED)
    with page.expect_response(re.compile("/thong-ke/luot")):
        page.reload()
    assert cached.asked("/")[-1] in ("EXPIRED", "REVALIDATED")
    assert any('"GET / HTTP/1.1" 304' in line for line in (cached.folder / "access.log").read_text().splitlines())
    assert cached.figures() == [1, {"/": 2}]


def test_a_page_fetched_ahead_of_time_is_counted_when_it_is_looked_at_and_not_before(cached, reader):
    page = reader()
    page.route("**/prerender", lambda route: route.fulfill(content_type="text/html", body=AHEAD))
    page.goto(cached.url + "/prerender")
    until = time.monotonic() + 10
    while not cached.asked("/chuyen-muc/kinh-te/"):
        assert time.monotonic() < until
        page.wait_for_timeout(100)
    page.wait_for_timeout(1500)
    assert cached.asked("/thong-ke/luot") == []
    page.click("a")
    page.wait_for_selector(".visitor-figures:not([hidden])")
    assert cached.asked("/chuyen-muc/kinh-te/") == ["MISS"]  # the page that was ready is the one that is shown
    assert cached.figures() == [1, {"/chuyen-muc/kinh-te/": 1}]


def test_a_page_in_a_tab_that_nobody_has_looked_at_is_not_counted(cached, reader):
    page = reader()
    page.add_init_script("Object.defineProperty(document, 'visibilityState', {get: () => window.seen || 'hidden'})")
    page.goto(cached.url + "/")
    page.wait_for_timeout(1000)
    assert cached.asked("/thong-ke/luot") == []
    with page.expect_response(re.compile("/thong-ke/luot")):
        page.evaluate("window.seen = 'visible'; document.dispatchEvent(new Event('visibilitychange'))")
    assert cached.figures() == [1, {"/": 1}]


def test_a_reader_without_script_is_counted(cached, reader):
    page = reader(java_script_enabled=False)
    with page.expect_response(re.compile(r"/thong-ke/luot\.gif")):
        page.goto(cached.url + "/")
    assert cached.figures() == [1, {"/": 1}]


def watched(page):
    """``page``, by a clock of the test's; ``pings`` there are the times of its pings, and whether each said that it is one more."""
    page.clock.install()
    page.add_init_script(
        "window.pings = []; const asked = window.fetch;"
        "window.fetch = (address, how) => { pings.push([Date.now(), address.endsWith('&lai')]); return asked(address, how); };"
    )
    return page


def test_a_reader_who_stays_is_asked_again_every_four_minutes_and_opens_the_page_once(cached, reader):
    page = watched(reader())
    open_page(page, cached.url + "/")
    page.clock.run_for(3 * 60_000)
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    page.clock.run_for(15 * 60_000)
    times, further = zip(*page.evaluate("pings"), strict=True)
    gaps = [later - earlier for earlier, later in pairwise(times)]
    assert len(gaps) == 4 and all(240_000 <= gap < 255_000 for gap in gaps), gaps  # online is who asked within 300 s
    assert further == (False, True, True, True, True)
    assert cached.figures() == [1, {"/": 1}]


@pytest.mark.parametrize("fault", [lambda route: route.fulfill(status=502, body="{}"), lambda route: route.abort()])
def test_a_ping_that_fails_is_sent_again_soon_and_the_page_is_opened_all_the_same(cached, reader, fault):
    page = watched(reader())
    page.route("**/thong-ke/luot?*", fault, times=1)
    page.goto(cached.url + "/")
    page.wait_for_timeout(300)
    page.clock.run_for(60_000)
    page.wait_for_selector(".visitor-figures:not([hidden])")
    assert [further for _, further in page.evaluate("pings")] == [False, False]
    page.clock.run_for(180_000)  # and then as ever
    assert len(page.evaluate("pings")) == 2
    assert cached.figures() == [1, {"/": 1}]


def test_while_every_ping_fails_a_page_asks_twice_a_minute_at_most(cached, reader):
    page = watched(reader())
    page.route("**/thong-ke/luot?*", lambda route: route.abort())
    page.goto(cached.url + "/")
    for _ in range(60):
        page.wait_for_timeout(50)
        page.clock.run_for(5_000)
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    assert 7 <= len(page.evaluate("pings")) <= 11


def test_while_the_application_is_away_readers_get_the_pages_that_nginx_has(cached, reader):
    open_page(reader(), cached.url + "/")
    cached.site.stop()
    time.sleep(EXPIRED)
    page = reader(125)
    assert page.goto(cached.url + "/").status == 200
    assert page.locator(".visitor-figures").is_hidden()
