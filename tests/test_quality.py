"""What two judges say of the pages: axe (WCAG 2.2 AA, in Chromium) and the Nu HTML checker."""

import json
import shutil
import subprocess
import urllib.error
import urllib.request

import pytest

from tests.behind_nginx import TOO_LONG
from tests.desk import log_in
from tests.running_site import ROOT, running

AXE = ROOT / ".ci/node_modules/axe-core/axe.min.js"
NU = ROOT / ".ci/node_modules/vnu-jar/build/dist/vnu.jar"
QUICK_START = [
    "-XX:TieredStopAtLevel=1",
    "-XX:+UseSerialGC",
    "-Xss2m",
]  # a second of work is not worth an optimising compiler
STANDARD = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WIDTHS = [320, 1280]
PAGES = {
    "home": "/",
    "home, page 2": "/?trang=2",
    "category": "/chuyen-muc/kinh-te/",
    "article": "/bai-viet/1-x/",
    "corrected": "/bai-viet/2-x/",
    "first edition": "/bai-viet/2-x/ban-1/",
    "withdrawn": "/bai-viet/3-x/",
    "ended": "/bai-viet/4-x/",
    "search": "/tim-kiem/?q=ruong",
    "nothing found": "/tim-kiem/?q=khongcogi",
    "statistics": "/thong-ke/",
    "404": "/khong-co/",
    "405": None,
}
needs_axe = pytest.mark.skipif(not AXE.exists(), reason="axe-core is missing (npm ci --prefix .ci)")
needs_nu = pytest.mark.skipif(
    not (NU.exists() and shutil.which("java")),
    reason="the Nu checker is missing (apt install default-jre-headless; npm ci --prefix .ci)",
)
FILL = """
from datetime import timedelta
from django.utils import timezone
from news.models import Article, Edition
from visitors import clock
from visitors.models import Day, PageDay, PastDay, Refused

corrected, withdrawn, ended = (Article.objects.get(pk=pk) for pk in (2, 3, 4))
corrected.title += ", đã sửa"
corrected.save()
corrected.publish(note="Sửa tiêu đề")
withdrawn.withdraw("Sai số liệu")
ended.ends_at = timezone.now()
ended.save()
ended.publish(now=ended.ends_at - timedelta(microseconds=1))

days = [clock.day_of(clock.now()) - timedelta(n) for n in range(3000)]
Day.objects.bulk_create(Day(day=day, visits=n * 37 % 500, visitors=n % 90) for n, day in enumerate(days[:400]))
PastDay.objects.bulk_create(PastDay(day=day, visits=n, source="nhật ký") for n, day in enumerate(days[500:]))
for path in set(Edition.objects.values_list("path", flat=True)):
    PageDay.objects.create(day=days[0], path=path, views=1234)
Refused.objects.bulk_create(Refused(day=days[0], reason=reason, hits=5) for reason in ("bot", "buffer full", "staff"))
"""


@pytest.fixture(scope="module")
def site(shared, tmp_path_factory):
    """A site with something in every corner: a correction, articles that are gone, years of statistics."""
    with running(shared, tmp_path_factory.mktemp("full")) as found:
        found.manage("shell", "-v0", "-c", FILL)
        yield found


def complaints(page, within="html"):
    """What axe finds on ``page``. Its source is evaluated: a script tag the page's policy would refuse."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text())
    found = page.evaluate("([within, tags]) => axe.run(within, {runOnly: tags})", [within, STANDARD])["violations"]
    return [f"{rule['id']}: {rule['help']}: {[node['html'] for node in rule['nodes']]}" for rule in found]


def every_article(site):
    feed = urllib.request.urlopen(site.url + "/rss.xml").read().decode()
    return ["/" + link.split("</link>")[0].split("/", 3)[3] for link in feed.split("<link>")[2:]]


@pytest.mark.browser
@needs_axe
@pytest.mark.parametrize("name", [name for name, path in PAGES.items() if path])
def test_axe_finds_nothing(site, page, name):
    page.goto(site.url + PAGES[name])
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert complaints(page) == [], width


@pytest.mark.browser
@needs_axe
def test_axe_finds_nothing_on_any_sample_article(site, page):
    for address in every_article(site):
        page.goto(site.url + address)
        assert complaints(page) == [], address


@pytest.mark.browser
@needs_axe
def test_axe_finds_nothing_on_the_page_of_nginx(cached, page):
    page.goto(cached.url + TOO_LONG)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert complaints(page) == [], width


@pytest.mark.browser
@needs_axe
def test_axe_would_find_something(site, page):
    page.goto(site.url)
    page.evaluate("document.querySelector('h1').after(document.createElement('img'))")
    assert any("image-alt" in said for said in complaints(page))


@pytest.mark.browser
@needs_axe
@pytest.mark.parametrize(("path", "within"), [("/thong-ke/", "html"), ("/admin/visitors/day/", ".desk-statistics")])
def test_axe_finds_nothing_on_full_statistics_with_their_tables_open(site, page, path, within):
    log_in(page, site, path) if path.startswith("/admin/") else page.goto(site.url + path)
    for summary in page.locator(".chart__summary").all():
        summary.click()
    assert page.locator(".chart__column").count() > 100
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert complaints(page, within) == [], width
    assert page.complaints == []


def answered(site, path):
    request = urllib.request.Request(site.url + (path or "/"), method="GET" if path else "DELETE")
    try:
        return urllib.request.urlopen(request).read()
    except urllib.error.HTTPError as error:
        return error.read()


def checked(folder):
    """What the Nu HTML checker says of the files in ``folder``."""
    command = [
        "java",
        *QUICK_START,
        "-jar",
        str(NU),
        "--format",
        "json",
        "--exit-zero-always",
        "--skip-non-html",
        str(folder),
    ]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stderr
    return [f"{m['url'].rsplit('/', 1)[1]}:{m.get('lastLine')}: {m['message']}" for m in json.loads(said)["messages"]]


@needs_nu
def test_the_nu_checker_finds_nothing_but_a_planted_fault(site, cached, tmp_path):
    for name, path in PAGES.items():
        (tmp_path / f"{name.replace(' ', '-')}.html").write_bytes(answered(site, path))
    for number, address in enumerate(every_article(site)):
        (tmp_path / f"article-{number}.html").write_bytes(answered(site, address))
    (tmp_path / "nginx.html").write_bytes(answered(cached, TOO_LONG))
    (tmp_path / "planted.html").write_text("<!doctype html><html lang=vi><title>x</title><p><div></div></p></html>")
    found = checked(tmp_path)
    assert [said for said in found if said.startswith("planted.html")]
    assert [said for said in found if not said.startswith("planted.html")] == []
