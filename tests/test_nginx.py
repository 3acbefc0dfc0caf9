"""What nginx keeps (no reader waits for another, what is withdrawn is gone, pages outlive the application), and what it says."""

import html
import re
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode

import pytest
from django.conf import settings

from news.views.errors import SENTENCES
from tests.behind_nginx import EXPIRED, TOO_LONG, behind_nginx, said
from tests.running_site import ROOT


@pytest.fixture(scope="module")
def kept(shared, tmp_path_factory):
    """A site behind nginx, for tests that leave it as it was for the next one."""
    with behind_nginx(shared, tmp_path_factory.mktemp("nginx")) as found:
        yield found


def test_readers_of_one_page_do_not_wait_for_each_others_pings(kept):
    page = urllib.request.urlopen(kept.url).read().decode()
    address = kept.url + html.unescape(re.search(r'data-ping="([^"]+)"', page)[1])

    def ping(number):
        headers = {"User-Agent": f"Mozilla/5.0 (X11; Linux) Firefox/{number}", "Sec-Fetch-Site": "same-origin"}
        urllib.request.urlopen(urllib.request.Request(address, headers=headers)).read()

    with ThreadPoolExecutor(8) as readers:
        list(readers.map(ping, range(40)))
    assert len(kept.asked("/thong-ke/luot", 40)) == 40
    assert max(kept.waits()) < 0.45  # nginx looks at what it keeps locked every half second


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


def test_what_one_reader_did_wrong_is_not_what_the_next_one_is_told(kept):
    wrong = urllib.request.Request(kept.url + "/", headers={"Host": "example.com"})
    with pytest.raises(urllib.error.HTTPError, match="400"):
        urllib.request.urlopen(wrong)
    assert kept.status("/") == 200


def test_a_copy_that_nobody_asks_for_is_thrown_away_before_the_three_hours_of_the_law_are_over():
    (hours,) = re.findall(r"proxy_cache_path .* inactive=(\d+)h ", (ROOT / "deploy/nginx/cache.conf").read_text())
    assert int(hours) < 3


def test_what_readers_get_waits_for_no_disk_that_may_be_full():
    cache = (ROOT / "deploy/nginx/cache.conf").read_text()
    assert re.search(r"^proxy_cache_path /run/\S+ .* use_temp_path=off;$", cache, re.M)
    assert re.search(r"^proxy_max_temp_file_size 0;", cache, re.M)


TOO_MUCH = str(settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1).encode()
LONG_ADDRESS = b"GET %b HTTP/1.1\r\nHost: HOST\r\n\r\n" % TOO_LONG.encode()
REFUSED = {
    "an upload that is too large": (
        413,
        b"POST /admin/ HTTP/1.1\r\nHost: HOST\r\nContent-Length: %b\r\n\r\n" % TOO_MUCH,
    ),
    "an address that is too long": (414, LONG_ADDRESS),
    "cookies that are too large": (400, b"GET / HTTP/1.1\r\nHost: HOST\r\nCookie: %b\r\n\r\n" % (b"x" * 9_000)),
    "a request without a host": (400, b"GET / HTTP/1.1\r\n\r\n"),
    "no request": (400, b"\x16\x03\x01\r\n\r\n"),
    "a method for testing": (405, b"TRACE / HTTP/1.1\r\nHost: HOST\r\n\r\n"),
    "another HTTP": (505, b"GET / HTTP/3.0\r\nHost: HOST\r\n\r\n"),
    "the address of these pages": (404, b"GET /loi HTTP/1.1\r\nHost: HOST\r\n\r\n"),
}
FRONT_PAGE = b"GET / HTTP/1.1\r\nHost: HOST\r\n\r\n"


def words(page):
    """Title and sentence of an error page, and the status that it tells."""
    return re.search(r'<html lang="vi">.*<h1>(.+)</h1>\s*<p>(.+?)</p>.*Mã lỗi: (\d+)</p>', page, re.S).groups()


def test_what_nginx_refuses_it_refuses_in_vietnamese_and_by_its_status(kept):
    for name, (status, request) in REFUSED.items():
        answered, headers, page = kept.said(request)
        assert (answered, headers["Content-Type"]) == (status, "text/html; charset=utf-8"), name
        title, sentence, told = words(page)
        assert told == str(status), name
        if status == 414:
            assert "từ khóa" in sentence
        else:
            assert (title, sentence) == SENTENCES[413 if status == 413 else 400], name


def test_readers_are_told_in_vietnamese_that_the_application_is_away_and_not_after_it_is_back(cached):
    cached.site.stop()
    status, _, page = cached.said(FRONT_PAGE)
    assert status == 502
    assert words(page) == (SENTENCES[500][0], "Trang chưa mở được. Xin thử tải lại sau ít phút.", "502")
    cached.site.start()
    assert cached.status("/") == 200


def test_the_pages_of_nginx_have_the_headers_of_the_applications_and_a_policy_that_allows_less(kept):
    _, own, _ = said(kept.site.url, b"GET /khong-co/ HTTP/1.1\r\nHost: HOST\r\nConnection: close\r\n\r\n")
    _, headers, _ = kept.said(LONG_ADDRESS)
    same = [
        "Cache-Control", "Content-Type", "Cross-Origin-Opener-Policy", "Referrer-Policy", "X-Content-Type-Options",
        "X-Frame-Options",
    ]  # fmt: skip
    assert [headers[name] for name in same] == [own[name] for name in same]
    assert None not in [own[name] for name in same]
    assert headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains; preload"
    assert re.fullmatch(
        "default-src 'none'; style-src 'sha256-[^']+'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        headers["Content-Security-Policy"],
    )


@pytest.mark.browser
def test_the_pages_of_nginx_look_like_the_applications_without_asking_it(cached, page):
    def look():
        return page.evaluate(
            "['body', 'h1', 'p', '.status'].map(name => { const of = getComputedStyle(document.querySelector(name));"
            " return [of.color, of.font, of.margin, of.borderTop, of.maxWidth]; })"
        )

    page.goto(cached.site.url.replace("127.0.0.1", "example.localhost"))
    own = look()
    page.complaints.clear()
    cached.site.stop()
    page.goto(cached.url)
    assert look() == own
    assert [line for line in page.complaints if not line.startswith("Failed to load resource")] == []


def test_the_applications_own_errors_pass_as_they_are(cached):
    rename = "ALTER TABLE news_category RENAME TO elsewhere"
    at_the_desk(cached, f"from django.db import connection; connection.cursor().execute('{rename}')")
    for status, asked, host in [(400, "GET", "example.com"), (405, "DELETE", "HOST"), (500, "GET", "HOST")]:
        request = f"{asked} / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode()
        answered, _, page = cached.said(request)
        own_status, _, own_page = said(cached.site.url, request)
        assert answered == own_status == status
        assert page == own_page


def test_nginx_refuses_the_uploads_that_the_application_would_refuse_and_no_others():
    (most,) = re.findall(r"^client_max_body_size (\d+)m;", (ROOT / "deploy/nginx/site.conf").read_text(), re.M)
    assert int(most) * 1024 * 1024 == settings.DATA_UPLOAD_MAX_MEMORY_SIZE


def test_a_file_is_kept_once_whatever_follows_its_address(cached):
    page = urllib.request.urlopen(cached.url + "/").read().decode()
    picture = re.search(r"/media/anh/[^ \"]+\.jpg", page)[0]
    for query in ("", "?a", "?b=1", ""):
        assert cached.status(picture + query) == 200
    assert cached.asked(picture) == ["MISS", "HIT", "HIT", "HIT"]
    for _ in range(2):
        assert cached.status(picture.replace("/anh/", "/%61nh/")) == 200
    assert cached.asked(picture.replace("/anh/", "/%61nh/")) == ["MISS", "MISS"]


def test_no_reader_gets_a_page_that_another_ones_letters_have_made(cached):
    address = cached.url + "/tim-kiem/?q=n%C3%B4ng"
    odd = urllib.request.Request(address, headers={"Content-Type": "text/plain; charset=utf-16"})
    assert "“nông”" in urllib.request.urlopen(odd).read().decode()
    assert "“nông”" in urllib.request.urlopen(address).read().decode()


def test_who_tries_one_password_after_the_other_has_to_wait(cached):
    form = b"username=quantri&password=sai"
    tried = []
    for _ in range(12):
        try:
            tried.append(urllib.request.urlopen(cached.url + "/admin/login/", form).status)
        except urllib.error.HTTPError as error:
            tried.append(error.code)
            page = error.read().decode()
    assert (
        tried[:8] == [403] * 8 and tried[-1] == 429
    )  # 403: without a cookie nobody is logged in, and it is tried all the same
    assert "Đăng nhập quá nhiều lần" in page and "Xin đợi một phút" in page
    assert cached.status("/admin/login/") == 200  # the form itself is there


@pytest.mark.parametrize("condition", [{"If-Match": '"x"'}, {"If-Unmodified-Since": "Mon, 01 Jan 2001 00:00:00 GMT"}])
def test_a_condition_on_a_page_that_is_renewed_ends_no_process_of_nginx(cached, condition):
    assert cached.status("/rss.xml") == 200
    time.sleep(EXPIRED)
    with pytest.raises(urllib.error.HTTPError, match="412"):
        urllib.request.urlopen(urllib.request.Request(cached.url + "/rss.xml", headers=condition))
    assert cached.status("/rss.xml") == 200  # and when it is stopped, no process of it has died (behind_nginx)


def test_a_form_that_is_refused_for_its_size_is_said_to_be_too_large_every_time(kept):
    for size in [150_000] * 8 + [1_200_000] * 4:
        with pytest.raises(urllib.error.HTTPError) as refusal:
            urllib.request.urlopen(kept.url + "/tim-kiem/", b"a=" + b"x" * size)
        assert refusal.value.code == 413 and "Khi chưa đăng nhập" in refusal.value.read().decode()


def test_a_note_as_long_as_there_is_room_for_comes_back_into_its_form(kept):
    path, token = "/admin/news/article/add/", "a" * 32
    head = (
        f"HTTP/1.1\r\nHost: HOST\r\nConnection: close\r\nCookie: sessionid={kept.site.session}; csrftoken={token}\r\n"
    )
    _, _, form = kept.said(f"GET {path} {head}\r\n".encode())
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form))
    words = {
        "title": "Tin",
        "summary": "Tóm tắt",
        "body": "<p>a</p>",
        "category": "1",
        "change_note": "ế" * 500,
        "bylines-TOTAL_FORMS": "0",
    }
    sent = urlencode({**hidden, **words, "csrfmiddlewaretoken": token, "_save": "1"})
    kind = f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(sent)}"
    status, headers, _ = kept.said(f"POST {path} {head}{kind}\r\n\r\n{sent}".encode())
    assert status == 302 and headers["Location"].endswith(f"/change/?{urlencode({'change_note': 'ế' * 500})}")
