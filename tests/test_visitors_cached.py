"""Pages from a real nginx that caches, in a real browser: who looks at a page is counted, however it came to the screen."""

import getpass
import html
import re
import shutil
import subprocess
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pytest

from tests.conftest import CHROMIUM, FLAGS
from tests.running_site import ROOT, Site, running
from tests.throwaway_postgres import free_port

NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not NGINX, reason="nginx is missing (Debian: apt install nginx)"),
    pytest.mark.skipif(not CHROMIUM, reason="Chromium is missing (Debian: apt install chromium)"),
]
AGENT = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{}.0.0.0 Safari/537.36"
CONF = """
user {user};
pid {folder}/nginx.pid;
error_log {folder}/error.log;
daemon off;
events {{ worker_connections 256; }}
http {{
    include /etc/nginx/mime.types;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
    {cache}
    server {{
        listen 127.0.0.1:{port};
        access_log {folder}/access.log portal;
        include {site};
    }}
}}
"""

EXPIRED = 2.2  # seconds until nginx, which counts whole ones, takes no copy of a second for fresh

AHEAD = """<!doctype html><title>x</title><a href="/chuyen-muc/kinh-te/">x</a>
<script type="speculationrules">{"prerender": [{"urls": ["/chuyen-muc/kinh-te/"], "eagerness": "immediate"}]}</script>"""


@dataclass
class Cached:
    """A site behind nginx. ``url``: nginx's."""

    url: str
    folder: Path
    site: Site

    def asked(self, path):
        """What the cache did with each request for ``path`` so far: MISS, HIT, EXPIRED, REVALIDATED, or - where it has no part."""
        lines = (self.folder / "access.log").read_text().splitlines()
        return [line.split('" ')[1].split()[1] for line in lines if f'"GET {path} ' in line or f'"GET {path}?' in line]

    def status(self, path):
        """What nginx answers a script, which is nobody, for ``path``."""
        try:
            with urllib.request.urlopen(self.url + path, timeout=30) as answer:
                return answer.status
        except urllib.error.HTTPError as error:
            return error.code

    def figures(self):
        """Today's visits, and how often each page was opened, once all is written."""
        self.site.stop()
        ((visits,),) = self.site.query("SELECT coalesce(sum(visits), 0) FROM visitors_day")
        return [visits, dict(self.site.query("SELECT path, views FROM visitors_page"))]


def configuration(folder, port, application):
    cache = (ROOT / "deploy/nginx/cache.conf").read_text()
    cache = cache.replace("path cache ", f"path {folder}/cache ").replace("127.0.0.1:8000", application)
    return CONF.format(
        user=getpass.getuser(), folder=folder, port=port, cache=cache, site=ROOT / "deploy/nginx/site.conf"
    )


@pytest.fixture
def cached(shared, tmp_path):
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    env = {"VISITORS_COUNT_BY": "ping", "SITE_URL": url, "TRUSTED_PROXIES": "127.0.0.1"}
    with running(shared, tmp_path, **env) as site:
        (tmp_path / "nginx.conf").write_text(configuration(tmp_path, port, site.url.removeprefix("http://")))
        nginx = subprocess.Popen([NGINX, "-p", tmp_path, "-c", tmp_path / "nginx.conf"])
        until = time.monotonic() + 10
        while not (tmp_path / "nginx.pid").exists():
            assert time.monotonic() < until, (tmp_path / "error.log").read_text()
            time.sleep(0.05)
        yield Cached(url, tmp_path, site)
        nginx.terminate()
        nginx.wait(10)


@pytest.fixture(scope="module")
def browser():
    """One that keeps the pages that were left, as readers' browsers do."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=CHROMIUM, args=FLAGS, ignore_default_args=["--disable-back-forward-cache"]
        )
        yield chromium
        chromium.close()


def reader(browser, version=124, **options):
    return browser.new_context(user_agent=AGENT.format(version), **options).new_page()


def open_page(page, address):
    """Open a page and wait until its footer has the figures."""
    page.goto(address)
    page.wait_for_selector(".visitor-figures:not([hidden])")
    return [int(place.inner_text().replace(".", "")) for place in page.locator("[data-visitors]").all()][-4:]


def test_two_readers_of_one_cached_page_are_two_and_the_application_makes_it_once(cached, browser):
    urllib.request.urlopen(cached.url + "/").read()  # a script fills the cache and is nobody
    assert open_page(reader(browser, 124), cached.url + "/")[1:] == [1, 1, 3_489_814]
    assert open_page(reader(browser, 125), cached.url + "/")[1:] == [2, 2, 3_489_815]
    assert cached.asked("/").count("MISS") == 1
    assert set(cached.asked("/thong-ke/luot")) == {"MISS"} and len(cached.asked("/thong-ke/luot")) == 2
    assert cached.figures() == [2, {"/": 2}]


def test_a_page_shown_again_by_the_back_button_is_opened_once_more(cached, browser):
    page = reader(browser)
    open_page(page, cached.url + "/")
    open_page(page, cached.url + "/chuyen-muc/kinh-te/")
    page.evaluate("history.back()")  # nothing is loaded that could be waited for
    until = time.monotonic() + 10
    while len(cached.asked("/thong-ke/luot")) < 3:
        assert time.monotonic() < until
        page.wait_for_timeout(100)
    assert cached.asked("/") == ["MISS"]  # the browser kept the page and asked for nothing but the ping
    assert cached.figures() == [1, {"/": 2, "/chuyen-muc/kinh-te/": 1}]


def test_a_page_that_has_not_changed_is_revalidated_and_counted(cached, browser):
    page = reader(browser)
    open_page(page, cached.url + "/")
    time.sleep(EXPIRED)
    with page.expect_response(re.compile("/thong-ke/luot")):
        page.reload()
    assert cached.asked("/")[-1] in ("EXPIRED", "REVALIDATED")
    assert any('"GET / HTTP/1.1" 304' in line for line in (cached.folder / "access.log").read_text().splitlines())
    assert cached.figures() == [1, {"/": 2}]


def test_a_page_fetched_ahead_of_time_is_counted_when_it_is_looked_at_and_not_before(cached, browser):
    page = reader(browser)
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


def test_a_page_in_a_tab_that_nobody_has_looked_at_is_not_counted(cached, browser):
    page = reader(browser)
    page.add_init_script("Object.defineProperty(document, 'visibilityState', {get: () => window.seen || 'hidden'})")
    page.goto(cached.url + "/")
    page.wait_for_timeout(1000)
    assert cached.asked("/thong-ke/luot") == []
    with page.expect_response(re.compile("/thong-ke/luot")):
        page.evaluate("window.seen = 'visible'; document.dispatchEvent(new Event('visibilitychange'))")
    assert cached.figures() == [1, {"/": 1}]


def test_a_reader_without_script_is_counted(cached, browser):
    page = reader(browser, java_script_enabled=False)
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


def test_a_reader_who_stays_is_asked_again_every_four_minutes_and_opens_the_page_once(cached, browser):
    page = watched(reader(browser))
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
def test_a_ping_that_fails_is_sent_again_soon_and_the_page_is_opened_all_the_same(cached, browser, fault):
    page = watched(reader(browser))
    page.route("**/thong-ke/luot?*", fault, times=1)
    page.goto(cached.url + "/")
    page.wait_for_timeout(300)
    page.clock.run_for(60_000)
    page.wait_for_selector(".visitor-figures:not([hidden])")
    assert [further for _, further in page.evaluate("pings")] == [False, False]
    page.clock.run_for(180_000)  # and then as ever
    assert len(page.evaluate("pings")) == 2
    assert cached.figures() == [1, {"/": 1}]


def test_while_every_ping_fails_a_page_asks_twice_a_minute_at_most(cached, browser):
    page = watched(reader(browser))
    page.route("**/thong-ke/luot?*", lambda route: route.abort())
    page.goto(cached.url + "/")
    for _ in range(60):
        page.wait_for_timeout(50)
        page.clock.run_for(5_000)
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    assert 7 <= len(page.evaluate("pings")) <= 11


def test_while_the_application_is_away_readers_get_the_pages_that_nginx_has(cached, browser):
    open_page(reader(browser), cached.url + "/")
    cached.site.stop()
    time.sleep(EXPIRED)
    page = reader(browser, 125)
    assert page.goto(cached.url + "/").status == 200
    assert page.locator(".visitor-figures").is_hidden()


def test_readers_of_one_page_do_not_wait_for_each_others_pings(cached):
    page = urllib.request.urlopen(cached.url).read().decode()
    address = cached.url + html.unescape(re.search(r'data-ping="([^"]+)"', page)[1])

    def ping(number):
        began = time.monotonic()
        headers = {"User-Agent": f"Mozilla/5.0 (X11; Linux) Firefox/{number}", "Sec-Fetch-Site": "same-origin"}
        urllib.request.urlopen(urllib.request.Request(address, headers=headers)).read()
        return time.monotonic() - began

    with ThreadPoolExecutor(8) as readers:
        assert max(readers.map(ping, range(40))) < 0.45  # nginx looks at what it keeps locked every half second


def first_article(cached):
    """The address of an article that a reader finds on the front page."""
    page = urllib.request.urlopen(cached.url + "/").read().decode()
    return re.search(r'href="(/bai-viet/[^"]+/)"', page)[1]


def at_the_desk(cached, act):
    cached.site.manage("shell", "-v0", "-c", f"from news.models import Article, Category; {act}")


def withdraw(cached, path):
    number = path.split("/")[2].split("-")[0]
    at_the_desk(cached, f"Article.objects.get(pk={number}).withdraw('Đăng nhầm.')")


def test_a_withdrawn_article_is_gone_for_the_next_reader_and_stays_gone_while_the_application_is_away(cached):
    path = first_article(cached)
    assert [cached.status(path), cached.status(path)] == [200, 200]
    withdraw(cached, path)  # takes longer than a copy is fresh
    time.sleep(EXPIRED)
    assert [cached.status(path) for _ in range(6)] == [410] * 6
    cached.site.stop()
    time.sleep(EXPIRED)
    assert cached.status("/") == 200
    assert [cached.status(path) for _ in range(6)] == [410] * 6
    assert cached.asked(path)[-1] == "STALE"


def test_a_page_that_is_no_more_is_not_found_again_while_the_application_is_away(cached):
    at_the_desk(cached, "Category.objects.create(name='Thử')")
    assert cached.status("/chuyen-muc/thu/") == 200
    at_the_desk(cached, "Category.objects.get(name='Thử').delete()")
    time.sleep(EXPIRED)
    assert cached.status("/chuyen-muc/thu/") == 404
    cached.site.stop()
    time.sleep(EXPIRED)
    assert cached.status("/chuyen-muc/thu/") == 404


def test_the_first_reader_after_a_quiet_while_gets_the_page_as_it_is_now(cached):
    path = first_article(cached)
    withdraw(cached, path)
    time.sleep(EXPIRED)
    assert path not in urllib.request.urlopen(cached.url + "/").read().decode()
    assert not {"STALE", "UPDATING"} & set(cached.asked("/"))


def test_what_one_reader_did_wrong_is_not_what_the_next_one_is_told(cached):
    wrong = urllib.request.Request(cached.url + "/", headers={"Host": "example.com"})
    with pytest.raises(urllib.error.HTTPError, match="400"):
        urllib.request.urlopen(wrong)
    assert cached.status("/") == 200


def test_a_copy_that_nobody_asks_for_is_thrown_away_before_the_three_hours_of_the_law_are_over():
    (hours,) = re.findall(r"proxy_cache_path .* inactive=(\d+)h ", (ROOT / "deploy/nginx/cache.conf").read_text())
    assert int(hours) < 3
