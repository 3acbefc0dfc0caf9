"""What nginx keeps: no reader waits for another, what is withdrawn is gone, and pages outlive the application."""

import html
import re
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.conf import settings

from tests.behind_nginx import EXPIRED
from tests.running_site import ROOT


def test_readers_of_one_page_do_not_wait_for_each_others_pings(cached):
    page = urllib.request.urlopen(cached.url).read().decode()
    address = cached.url + html.unescape(re.search(r'data-ping="([^"]+)"', page)[1])

    def ping(number):
        headers = {"User-Agent": f"Mozilla/5.0 (X11; Linux) Firefox/{number}", "Sec-Fetch-Site": "same-origin"}
        urllib.request.urlopen(urllib.request.Request(address, headers=headers)).read()

    with ThreadPoolExecutor(8) as readers:
        list(readers.map(ping, range(40)))
    assert len(cached.asked("/thong-ke/luot")) == 40
    assert max(cached.waits()) < 0.45  # nginx looks at what it keeps locked every half second


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


def test_what_readers_get_waits_for_no_disk_that_may_be_full():
    cache = (ROOT / "deploy/nginx/cache.conf").read_text()
    assert re.search(r"^proxy_cache_path /run/\S+ .* use_temp_path=off;$", cache, re.M)
    assert re.search(r"^proxy_max_temp_file_size 0;", cache, re.M)


def test_nginx_refuses_the_uploads_that_the_application_would_refuse_and_no_others():
    (most,) = re.findall(r"^client_max_body_size (\d+)m;", (ROOT / "deploy/nginx/site.conf").read_text(), re.M)
    assert int(most) * 1024 * 1024 == settings.DATA_UPLOAD_MAX_MEMORY_SIZE
