"""Who is who within a day: households, changing addresses, proxies, and names of browsers of every shape."""

import http.client
import os
import socket
from ipaddress import ip_network

import pytest

from tests.counting import DAY, SECOND, TUESDAY, known, started
from tests.test_visitors_ends import stored
from tests.test_visitors_running import DESKTOP
from visitors import identity
from visitors.identity import client_network, network_of, visitor_number
from visitors.tally import Tally
from visitors.timer import timer

AGENT = "Mozilla/5.0 (X11; rv:125.0) Gecko/20100101 Firefox/125.0"
SALT = b"k" * 32


@pytest.fixture
def proxies(settings):
    settings.VISITORS_TRUSTED_PROXIES = [ip_network("127.0.0.1/32"), ip_network("10.0.0.0/8")]
    identity.is_trusted.cache_clear()
    yield
    identity.is_trusted.cache_clear()


def number(address="203.0.113.7", agent=AGENT, host="127.0.0.1", salt=SALT):
    return visitor_number(salt, network_of(address), agent, host)


def test_a_household_behind_one_address_is_as_many_visitors_as_it_has_browsers():
    assert len({number(agent=AGENT + str(browser)) for browser in range(5)}) == 5
    assert number() == number()


def test_another_address_host_or_day_is_another_visitor():
    assert len({number(), number("203.0.113.8"), number(host="example.vn"), number(salt=b"j" * 32)}) == 4


def test_an_ipv6_reader_who_changes_the_address_within_the_network_is_one_visitor():
    assert number("2001:db8:1:2:1111:2222:3333:4444") == number("2001:db8:1:2:aaaa:bbbb:cccc:dddd")
    assert number("2001:db8:1:2::1") != number("2001:db8:1:3::1")


def test_an_ipv4_reader_on_an_ipv6_socket_is_the_same_visitor():
    assert number("::ffff:203.0.113.7") == number("203.0.113.7") == number("::FFFF:CB00:7107")


def test_an_agent_is_known_by_its_first_512_characters():
    agents = [identity.agent_of({"HTTP_USER_AGENT": "Mozilla/5.0 " + "x" * 500 + end}) for end in ("a" * 8000, "b", "")]
    assert len(set(agents)) == 1 and len(agents[0]) == 512


def test_no_address_can_be_made_to_look_like_another_by_its_agent():
    four, eight = b"\x01\x02\x03\x04", b"\x01\x02\x03\x04\x00host"[:8]
    assert visitor_number(SALT, four, "\0host\0x", "h") != visitor_number(SALT, eight, "x", "h")


@pytest.mark.parametrize(
    "agent",
    ["", "Mozilla/5.0 \xe9\xff", "Mozilla/5.0 \x00\x00", "Mozilla/5.0 😀", "Mozilla/5.0 \ud83d", "\udcff" * 512],
)
def test_every_agent_has_a_number_that_fits_the_column(agent):
    assert -(2**63) <= number(agent=agent) < 2**63


@pytest.mark.parametrize(
    "said",
    ["2001:db8::1%eth0", "2001:db8::1%,5.6.7.8", "1.2.3.4%1", "1.2.3.4\n", "x" * 8000, "1" * 8000, "0x7f000001", "127.1", "[::1]", "::1,::1",
     "unix:", "localhost", "1.2.3.4/32", "01.2.3.4"],
)  # fmt: skip
def test_rubbish_in_the_proxys_header_is_no_address_and_is_not_kept(proxies, said):
    assert client_network({"REMOTE_ADDR": "127.0.0.1", "HTTP_X_REAL_IP": said}) is None
    if len(said) > identity.LONGEST_ADDRESS:
        before = identity.known_network_of.cache_info().currsize
        network_of(said + "2")
        assert identity.known_network_of.cache_info().currsize == before


def test_a_trusted_proxy_on_an_ipv6_socket_is_trusted(proxies):
    meta = {"REMOTE_ADDR": "::ffff:10.1.2.3", "HTTP_X_REAL_IP": "203.0.113.7"}
    assert client_network(meta) == bytes([203, 0, 113, 7])


def test_a_stranger_is_known_by_the_own_address_whatever_its_headers_say(proxies):
    meta = {"REMOTE_ADDR": "203.0.113.7", "HTTP_X_REAL_IP": "198.51.100.1", "HTTP_X_FORWARDED_FOR": "198.51.100.2"}
    assert client_network(meta) == bytes([203, 0, 113, 7])


@pytest.mark.parametrize("meta", [{}, {"REMOTE_ADDR": ""}, {"REMOTE_ADDR": "", "HTTP_X_FORWARDED_FOR": "1.2.3.4"}])
def test_without_an_address_there_is_nobody(meta):
    assert client_network(meta) is None


@pytest.mark.django_db
def test_a_hit_without_an_address_is_not_counted_and_its_page_is_served(client, monkeypatch):
    monkeypatch.setattr(timer, "tally", Tally())
    response = client.get("/", REMOTE_ADDR="", headers={"user-agent": AGENT, "host": "127.0.0.1"})
    assert response.status_code == 200
    assert not timer.tally.waiting
    assert [list(reasons) for reasons in timer.tally.refused.values()] == [["no address"]]


@pytest.mark.django_db
def test_a_reader_who_refuses_cookies_is_one_visitor_and_is_offered_none(client, monkeypatch):
    monkeypatch.setattr(timer, "tally", Tally())
    for _ in range(3):
        client.cookies.clear()
        response = client.get("/", headers={"user-agent": AGENT, "host": "127.0.0.1"})
        assert not response.cookies
    assert [len(rows) for rows in timer.tally.waiting.values()] == [1]


@pytest.mark.django_db
def test_every_name_of_this_host_is_the_same_visitor(client, monkeypatch):
    monkeypatch.setattr(timer, "tally", Tally())
    for host in ("127.0.0.1:8000", "localhost", "[::1]:8000"):
        client.get("/", headers={"user-agent": AGENT, "host": host})
    assert [len(rows) for rows in timer.tally.waiting.values()] == [1]


@pytest.mark.django_db
def test_nobody_can_be_linked_from_one_day_to_the_next():
    process = started()
    process.open_page(TUESDAY)
    process.flush(TUESDAY + SECOND)
    one = known(process.tally.shared)
    process.open_page(TUESDAY + DAY)
    process.flush(TUESDAY + DAY + SECOND)
    assert len(one) == 1 and len(known(process.tally.shared)) == 2


def ask(connection, *headers):
    connection.putrequest("GET", "/", skip_host=True)
    for name, value in (("Host", "127.0.0.1"), ("User-Agent", DESKTOP), *headers):
        connection.putheader(name, value)
    connection.endheaders()
    response = connection.getresponse()
    response.read()
    assert response.status == 200
    connection.close()


def test_behind_a_real_proxy_and_a_real_socket_only_one_clean_x_real_ip_is_believed(stored_site):
    port = stored_site.env["PORT"]
    path = os.path.relpath(stored_site.folder / "s")  # a socket's path is short
    listening = f"--bind 127.0.0.1:{port} --bind unix:{path}"
    stored_site.env |= {"TRUSTED_PROXIES": "127.0.0.1", "GUNICORN_CMD_ARGS": listening}
    stored_site.start()

    def over_tcp(*headers):
        ask(http.client.HTTPConnection("127.0.0.1", int(port), timeout=10), *headers)

    def over_the_socket(*headers):
        connection = http.client.HTTPConnection("127.0.0.1", timeout=10)
        connection.sock = socket.socket(socket.AF_UNIX)
        connection.sock.connect(path)
        ask(connection, *headers)

    for way in (over_tcp, over_the_socket):
        way()
        way(("X-Real-IP", "203.0.113.7"), ("X-Real-IP", "203.0.113.8"))
        way(("X-Real-IP", "203.0.113.7, 203.0.113.8"))
        way(("X_Real_IP", "203.0.113.7"))
        way(("X-Forwarded-For", "203.0.113.7"))
    over_tcp(("X-Real-IP", "203.0.113.7"))
    over_the_socket(("X-Real-IP", "203.0.113.7"), ("X-Forwarded-For", "203.0.113.9"))
    over_the_socket(("X-Real-IP", "203.0.113.8"))
    stored_site.stop()
    assert stored(stored_site) == 2
