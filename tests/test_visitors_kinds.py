"""What counts and what does not: agents, prefetching, methods, answers, staff, addresses."""

import json

import pytest
from django.test import RequestFactory

from tests import desk
from tests.factories import make_article, make_withdrawn
from tests.running_site import ROOT
from visitors import clock
from visitors.bots import is_bot
from visitors.identity import agent_of, client_network
from visitors.middleware import VisitorMiddleware, why_not_counted
from visitors.tally import Tally
from visitors.timer import timer

AGENTS = json.loads((ROOT / "tests/user_agents.json").read_text())
CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0.0.0 Safari/537.36"
)


@pytest.fixture(autouse=True)
def tally(monkeypatch):
    fresh = Tally()
    monkeypatch.setattr(timer, "tally", fresh)
    return fresh


@pytest.fixture
def client(client):
    client.defaults["HTTP_HOST"] = "127.0.0.1"
    return client


def visits(tally):
    return sum(row.visits for rows in tally.waiting.values() for row in rows.values())


@pytest.mark.parametrize("agent", AGENTS["bots"])
def test_a_bot_is_a_bot(agent):
    assert is_bot(agent)


@pytest.mark.parametrize("agent", AGENTS["people"])
def test_a_person_is_a_person(agent):
    assert not is_bot(agent)


@pytest.mark.parametrize(
    "agent",
    ["", "curl/8.5.0", "python-requests/2.32", "Mozilla/5.0 HeadlessChrome/124", "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
     "Wget/1.21", "Go-http-client/2.0", "facebookexternalhit/1.1"],
)  # fmt: skip
def test_what_fetches_by_itself_is_a_bot(agent):
    assert is_bot(agent)


@pytest.mark.parametrize(
    "agent",
    [CHROME,
     "Mozilla/5.0 (Linux; Android 13; CPH2387) AppleWebKit/537.36 Version/4.0 Chrome/120.0 Mobile Safari/537.36 Zalo android/12060421 ZaloTheme/light ZaloLanguage/vi",
     "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 [FBAN/FBIOS;FBAV/459.0;FBDV/iPhone14,5]",
     "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) coc_coc_browser/120.0 Chrome/118.0 Safari/537.36",
     "Mozilla/5.0 (Linux; Android 9; CUBOT X19) AppleWebKit/537.36 Chrome/100.0 Mobile Safari/537.36",
     "Opera/9.80 (J2ME/MIDP; Opera Mini/7.1) Presto/2.12 Version/11.10"],
)  # fmt: skip
def test_the_browsers_inside_other_programs_and_old_telephones_are_people(agent):
    assert not is_bot(agent)


def why(agent=CHROME, method="GET", path="/", cookies=(), secure=False, host="127.0.0.1:8000", **headers):
    meta = {"HTTP_USER_AGENT": agent, "HTTP_HOST": host, **headers}
    return why_not_counted(meta, method, path, dict.fromkeys(cookies, "x"), secure)


def test_a_person_who_opens_a_page_counts():
    assert why() is None
    assert why(HTTP_SEC_FETCH_DEST="document") is None


@pytest.mark.parametrize("header", ["HTTP_SEC_PURPOSE", "HTTP_PURPOSE", "HTTP_X_PURPOSE", "HTTP_X_MOZ"])
def test_a_page_fetched_ahead_of_time_does_not_count(header):
    assert why(**{header: "prefetch"}) == "prefetch"


@pytest.mark.parametrize("destination", ["empty", "image", "script", "iframe", "style", ""])
def test_what_is_fetched_for_something_else_than_a_page_does_not_count(destination):
    assert why(HTTP_SEC_FETCH_DEST=destination) == "not a document"


@pytest.mark.parametrize("method", ["HEAD", "POST", "OPTIONS", "PUT", "BREW"])
def test_only_get_counts(method):
    assert why(method=method) == "method"


def test_the_desk_and_whoever_is_logged_in_do_not_count():
    assert why(path="/admin/") == "staff"
    assert why(cookies=["sessionid"]) == "staff"
    assert why(cookies=["csrftoken", "other"]) is None


@pytest.mark.parametrize("host", ["evil.vn", "127.0.0.1.evil.vn", "", "[::2]:8000"])
def test_another_host_does_not_count(host):
    assert why(host=host) == "host"


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "LOCALHOST", "[::1]:8000"])
def test_every_name_of_this_host_counts(host):
    assert why(host=host) is None


SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS {0}_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/{0}.{1} Mobile/15E148 Safari/604.1"


@pytest.mark.parametrize(
    ("agent", "reason"),
    [(CHROME, "forged browser"), (CHROME.replace("124", "79"), None), (CHROME + " Edg/124.0", "forged browser"),
     ("Mozilla/5.0 (X11; rv:125.0) Gecko/20100101 Firefox/125.0", "forged browser"), ("Mozilla/5.0 (X11; rv:89.0) Gecko/20100101 Firefox/89.0", None),
     (SAFARI.format(17, 4), "forged browser"), (SAFARI.format(16, 3), None), (SAFARI.format(16, 4), "forged browser")],
)  # fmt: skip
def test_over_https_a_browser_that_would_say_what_it_fetches_and_does_not_is_forged(agent, reason):
    assert why(agent, secure=True) == reason
    assert why(agent, secure=False) is None
    assert why(agent, secure=True, HTTP_SEC_FETCH_DEST="document") is None


# --- addresses


def network(**meta):
    return client_network({"REMOTE_ADDR": "127.0.0.1", **meta})


def test_ipv4_is_taken_whole_and_ipv6_by_its_network():
    assert network(REMOTE_ADDR="203.0.113.7") == bytes([203, 0, 113, 7])
    assert network(REMOTE_ADDR="2001:db8:1:2:aaaa::1") == network(REMOTE_ADDR="2001:db8:1:2:bbbb::2")
    assert network(REMOTE_ADDR="2001:db8:1:3::1") != network(REMOTE_ADDR="2001:db8:1:2::1")
    assert network(REMOTE_ADDR="::ffff:203.0.113.7") == network(REMOTE_ADDR="203.0.113.7")


@pytest.mark.parametrize("forged", ["1.2.3.4", "1.2.3.4, 5.6.7.8"])
def test_a_forwarded_address_is_never_read(forged):
    assert network(REMOTE_ADDR="203.0.113.7", HTTP_X_FORWARDED_FOR=forged) == bytes([203, 0, 113, 7])
    assert network(REMOTE_ADDR="203.0.113.7", HTTP_X_REAL_IP=forged) == bytes([203, 0, 113, 7])


@pytest.fixture
def behind_a_proxy(settings):
    from ipaddress import ip_network

    from visitors import identity

    settings.VISITORS_TRUSTED_PROXIES = [ip_network("127.0.0.1/32")]
    identity.is_trusted.cache_clear()
    yield
    identity.is_trusted.cache_clear()


def test_a_trusted_proxy_says_who_it_is_and_so_does_a_socket(behind_a_proxy):
    assert network(HTTP_X_REAL_IP="203.0.113.7") == bytes([203, 0, 113, 7])
    assert network(REMOTE_ADDR="", HTTP_X_REAL_IP="203.0.113.7") == bytes([203, 0, 113, 7])


@pytest.mark.parametrize(
    "said", ["", "1.2.3.4, 5.6.7.8", "rubbish", "1.2.3.4:80", "1.2.3", "\x00", "1.2.3.4 ", "２.3.4.5"]
)
def test_what_is_no_address_is_nobody(behind_a_proxy, said):
    assert network(HTTP_X_REAL_IP=said) is None


@pytest.mark.parametrize(
    "agent",
    [
        None,
        "Mozilla/5.0 " + "x" * 8000,
        "Mozilla/5.0 \xe9\xff",
        "Mozilla/5.0 \x00",
        "Mozilla/5.0 \ud83d\ude00",
        "Mozilla/5.0 😀",
    ],
)
def test_no_agent_breaks_the_page(agent, tally):
    meta = {} if agent is None else {"HTTP_USER_AGENT": agent}
    assert len(agent_of(meta)) <= 512
    tally.salts[clock.day_of(0)] = b"k" * 32
    assert tally.look(b"abcd", agent_of(meta), "127.0.0.1", 0)


# --- whole requests


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "counted"),
    [("/", 1), ("/tim-kiem/?q=x", 1), ("/khong-co/", 0), ("/rss.xml", 0), ("/sitemap.xml", 0), ("/robots.txt", 0), ("/healthz", 0),
     ("/static/css/base.css", 0), ("/admin/login/", 0), ("/?trang=abc", 0)],
)  # fmt: skip
def test_only_a_page_that_is_there_counts(client, tally, path, counted):
    client.get(path, HTTP_USER_AGENT=CHROME)
    assert visits(tally) == counted
    assert sum(sum(reasons.values()) for reasons in tally.refused.values()) == 1 - counted  # and why not is known


@pytest.mark.django_db
def test_a_moved_page_and_a_withdrawn_one_do_not_count(client, tally):
    article, gone = make_article(title="Một"), make_withdrawn(title="Hai")
    assert client.get(f"/bai-viet/{article.pk}-sai/", HTTP_USER_AGENT=CHROME).status_code == 301
    assert client.get(gone.get_absolute_url(), HTTP_USER_AGENT=CHROME).status_code == 410
    assert client.head("/", HTTP_USER_AGENT=CHROME).status_code == 200
    assert visits(tally) == 0


@pytest.mark.django_db
def test_an_editor_reading_does_not_count(client, tally):
    client.force_login(desk.make_user())
    client.get("/", HTTP_USER_AGENT=CHROME)
    assert visits(tally) == 0


@pytest.mark.django_db
def test_a_counted_page_is_kept_by_nobody_sets_no_cookie_and_does_not_vary_by_one(client):
    response = client.get("/", HTTP_USER_AGENT=CHROME)
    assert response["Cache-Control"] == "private, no-cache"
    assert not response.has_header("ETag") and not response.cookies
    assert "Cookie" not in response.get("Vary", "")


@pytest.mark.django_db
def test_a_page_with_figures_is_kept_by_nobody_whoever_asked_for_it_and_what_says_so_itself_is_left_alone(client):
    for answer in (client.get("/", HTTP_USER_AGENT="curl/8"), client.head("/", HTTP_USER_AGENT=CHROME)):
        assert answer["Cache-Control"] == "private, no-cache"
    assert "no-store" in client.get("/admin/login/", HTTP_USER_AGENT=CHROME)["Cache-Control"]
    assert not client.get("/rss.xml", HTTP_USER_AGENT=CHROME).has_header("Cache-Control")


def test_a_view_that_fails_is_not_a_visit(tally):
    def fails(request):
        raise ValueError

    request = RequestFactory().get("/", HTTP_USER_AGENT=CHROME, HTTP_HOST="127.0.0.1")
    with pytest.raises(ValueError, match=r"^$"):
        VisitorMiddleware(fails)(request)
    assert visits(tally) == 0


@pytest.mark.django_db
def test_a_counter_that_fails_does_not_hurt_the_page(client, monkeypatch):
    monkeypatch.setattr("visitors.middleware.client_network", lambda meta: 1 / 0)
    assert client.get("/", HTTP_USER_AGENT=CHROME).status_code == 200


@pytest.mark.django_db
def test_what_is_refused_is_counted_by_its_reason(client, tally):
    client.get("/", HTTP_USER_AGENT="curl/8")
    client.get("/", HTTP_USER_AGENT=CHROME, HTTP_SEC_PURPOSE="prefetch")
    assert {reason for reasons in tally.refused.values() for reason in reasons} == {"bot", "prefetch"}
