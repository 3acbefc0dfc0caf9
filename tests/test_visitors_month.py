"""A month of hits on several servers, against one plain list of them: people, bots and rubbish; rounds that come late, outages,
restarts, midnights, weeks, the end of a year.

``SIMULATED_HITS`` says how many hits (``make bench-visitors`` simulates a third of a million).
"""

import contextlib
import datetime
import heapq
import json
import os
import random
from collections import Counter, defaultdict

import pytest
from django.core.handlers.wsgi import WSGIRequest
from django.db import OperationalError, connection
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.test import RequestFactory

from tests.counting import HANOI, MINUTE
from tests.running_site import ROOT
from visitors import clock, ping, shared, store
from visitors.middleware import VisitorMiddleware
from visitors.models import Day, PageDay, Refused
from visitors.shared import Shared
from visitors.tally import Tally
from visitors.timer import timer

pytestmark = [pytest.mark.django_db, pytest.mark.computing]
HITS = int(os.environ.get("SIMULATED_HITS", 12_000 if connection.vendor == "sqlite" else 6_000))
FIRST_DAY = datetime.date(2024, 12, 16)  # a Monday
DAYS = 31
AGENTS = json.loads((ROOT / "tests/user_agents.json").read_text())
PATHS = ["/", "/tim-kiem/", *(f"/bai-viet/{number}-tin/" for number in range(1, 60))]
EDGES = [1, 29 * MINUTE, 30 * MINUTE - 1, 30 * MINUTE, 31 * MINUTE, 90 * MINUTE]  # from one hit to the next
DATABASE = ["apply", "views_of", "salts", "kept_salts", "begin_day", "read_figures", "recently_seen"]
RUBBISH = {  # what is asked and is no visit, and what the counter says of it
    "page": [
        ({"HTTP_USER_AGENT": "curl/8.5"}, "bot"),
        ({"HTTP_SEC_PURPOSE": "prefetch;prerender"}, "prefetch"),
        ({"HTTP_SEC_FETCH_DEST": "image"}, "not a document"),
        ({"HTTP_COOKIE": "sessionid=x"}, "staff"),
        ({"HTTP_HOST": "example.com"}, "host"),
        ({"REQUEST_METHOD": "HEAD"}, "method"),
        ({"REMOTE_ADDR": "", "HTTP_X_REAL_IP": "198.51.100.1, 10.0.0.1"}, "no address"),
        ({"PATH_INFO": "/khong-co/"}, "no page"),
        ({"PATH_INFO": "/rss.xml"}, "no page"),
        ({"PATH_INFO": "/cu/"}, "no page"),
    ],
    "ping": [
        ({"HTTP_USER_AGENT": "curl/8.5"}, "bot"),
        ({"HTTP_SEC_FETCH_SITE": "cross-site"}, "another site"),
        ({"QUERY_STRING": "trang=/&khoa=0"}, "no page of ours"),
        ({"REMOTE_ADDR": "", "HTTP_X_REAL_IP": "rubbish"}, "no address"),
    ],
}


def view(request):
    """A small site: the figures on each page, and three addresses that are no page."""
    no_page = NO_PAGES.get(request.path_info)
    shown.append(timer.tally.show(clock.now(), None if no_page else getattr(request, "visitor_hit", None)))
    return no_page() if no_page else HttpResponse()


NO_PAGES = {
    "/khong-co/": lambda: HttpResponse(status=404),
    "/rss.xml": lambda: JsonResponse({}),
    "/cu/": lambda: HttpResponseRedirect("/"),
}
shown = []


class Person:
    """Who they are to the counter: a network and an agent. Households share the one, and a maker of telephones the other."""

    def __init__(self, dice, number):
        self.network = dice.randrange(number + 1) if dice.random() < 0.3 else number
        self.agent = dice.choice(AGENTS["people"])
        if dice.random() < 0.7:
            self.agent = f"Mozilla/5.0 (Linux; Android {number % 7 + 8}) Chrome/{number % 40 + 90}.0.0.0 Safari/537.36"
        self.is_modern = self.network % 3 == 0
        self.key = (self.network, self.agent)

    def address(self, dice):
        if self.is_modern:  # another one of their /64 each time
            return f"2001:db8:{self.network >> 8:x}:{self.network & 255:x}:{dice.randrange(65536):x}::1"
        return dice.choice(["", "::ffff:"]) + f"10.{self.network >> 8}.{self.network & 255}.7"


def month(dice, size):
    """The hits in the order of their moments: (moment, person, path, is_again), with ``None`` for a path that is rubbish."""
    people = [Person(dice, number) for number in range(max(50, size // 15))]
    hits = []
    for number in range(DAYS):
        morning = clock.day_start(FIRST_DAY) + number * clock.DAY
        crowds = [morning + hour * 60 * MINUTE for hour in dice.sample(range(24), 2)] + [morning - 20 * MINUTE]
        while len(hits) < size * (number + 1) // DAYS:
            moment, who = dice.choice(crowds) + dice.randrange(30 * MINUTE), dice.choice(people)
            for _ in range(dice.choice([1, 1, 2, 3, 6])):
                is_rubbish = dice.random() < 0.35
                hits.append((moment, who, None if is_rubbish else dice.choice(PATHS), dice.random() < 0.2))
                moment += dice.choice(EDGES) if dice.random() < 0.05 else int(dice.expovariate(1 / (5 * MINUTE)))
    return sorted(hits, key=lambda hit: hit[0])


class Oracle:
    """What VISITORS.md says of the hits, one after another."""

    def __init__(self):
        self.last, self.visits, self.visitors, self.views = {}, Counter(), defaultdict(set), Counter()

    def hit(self, moment, who, path):
        day = datetime.datetime.fromtimestamp(moment / 1000, HANOI).date()
        last = self.last.get((day, who.key))
        self.visits[day] += last is None or moment - last >= 30 * 60 * 1000
        self.visitors[day].add(who.key)
        self.last[day, who.key] = moment
        if path:
            self.views[day, path] += 1


class Servers:
    """1 to 16 processes on 1 to 3 hosts. Whoever is out of reach of the database keeps what it has."""

    def __init__(self, dice, moment):
        self.dice = dice
        self.rounds = []  # (when, which process): each that holds something has a round soon
        self.unreachable = {}  # host -> until when
        self.deploy(moment)

    def deploy(self, moment):
        hosts = [Shared() for _ in range(self.dice.randint(1, 3))]
        self.processes = [self.started(self.dice.choice(hosts), moment) for _ in range(self.dice.randint(1, 16))]
        self.highest = {}  # process -> the figures that it has shown

    def started(self, host, moment):
        process = Tally(host)
        process.flush(moment)
        return process

    def expect_round(self, process, moment):
        if all(other is not process for _, _, other in self.rounds):
            heapq.heappush(self.rounds, (moment + self.dice.randrange(1, 2 * MINUTE), id(process), process))

    def pass_time(self, moment):
        """The rounds until ``moment``, each of a process that still runs."""
        while self.rounds and self.rounds[0][0] <= moment:
            due, _, process = heapq.heappop(self.rounds)
            if process in self.processes and not self.flush(process, due):
                self.expect_round(process, due)

    def flush(self, process, moment):
        global is_down
        is_down = self.unreachable.get(process.shared, 0) > moment
        with pytest.raises(OperationalError) if is_down else contextlib.nullcontext():
            process.flush(moment)
        is_down = False
        return self.unreachable.get(process.shared, 0) <= moment

    def flush_all(self, moment):
        self.dice.shuffle(self.processes)
        return sum(self.flush(process, moment) for process in self.processes) == len(self.processes)

    def befall(self, moment):
        """Now and then a process is replaced, everything is, or the database is out of reach of one host or of all."""
        chance = self.dice.random() * 800  # of 1,600 hits one is followed by something, of 8,000 one by an outage
        if chance < 0.3:
            number = self.dice.randrange(len(self.processes))
            if self.flush(self.processes[number], moment):
                self.processes[number] = self.started(self.processes[number].shared, moment)
        elif chance < 0.4:
            if self.flush_all(moment):
                self.deploy(moment)
        elif chance < 0.5:
            hosts = {process.shared for process in self.processes}
            some = hosts if self.dice.random() < 0.5 else [self.dice.choice(self.processes).shared]
            until = moment + self.dice.randrange(3 * 60 * MINUTE)
            self.unreachable |= dict.fromkeys(some, until)

    def check(self, process, moment, figures):
        """In order, and none lower than this process has shown it for the same day, week or ever."""
        assert 0 <= figures.today <= figures.week <= figures.since <= figures.total and figures.online >= 1
        day = clock.day_of(moment)
        if moment - clock.day_start(day) >= clock.ONLINE:  # until then yesterday's readers are still here
            assert figures.online <= max(1, figures.today)
        for name, period in (("today", day), ("week", clock.monday_of(day)), ("since", None)):
            value = getattr(figures, name)
            assert value >= self.highest.get((process, name, period), 0), (name, moment)
            self.highest[process, name, period] = value


is_down = False


@pytest.fixture(autouse=True)
def small_world(settings, monkeypatch):
    """A memory that is quickly looked through, and a database that can be out of reach."""
    settings.VISITORS_PER_ADDRESS = 10**6
    monkeypatch.setattr(shared, "VISITORS", 4096)
    monkeypatch.setattr(store, "DAYS_READ", 2 * DAYS)  # all of it is compared in the end
    for name in DATABASE:
        monkeypatch.setattr(store, name, reachable(getattr(store, name)))
    monkeypatch.setattr(timer, "tally", None)


def reachable(act):
    def tried(*args):
        if is_down:
            raise OperationalError("out of reach")
        return act(*args)

    return tried


def request_of(dice, who, path, is_again, count_by):
    """The request, and why the counter refuses it (``None``: it is a page)."""
    said = {"HTTP_USER_AGENT": who.agent, "REMOTE_ADDR": who.address(dice), "HTTP_HOST": "127.0.0.1", "HTTP_COOKIE": ""}
    asked, reason = {"PATH_INFO": path or "/"}, None
    if count_by == "ping":
        address, query = ping.address_of(path or "/", image=dice.random() < 0.1).split("?")
        asked = {"PATH_INFO": address, "QUERY_STRING": query + "&lai" * is_again}
    if path is None:
        rubbish, reason = dice.choice(RUBBISH[count_by])
        asked |= rubbish
    return WSGIRequest(BLANK | said | asked), reason


BLANK = RequestFactory().get("/").environ


@pytest.mark.parametrize(("seed", "count_by"), [(1, "page"), (2, "ping")])
def test_a_month_of_several_servers_is_what_one_list_of_the_hits_says(settings, monkeypatch, seed, count_by):
    settings.VISITORS_COUNT_BY = count_by
    dice = random.Random(seed)
    site, hits = VisitorMiddleware(view), month(dice, HITS // 2)
    oracle, servers, refused = Oracle(), Servers(dice, hits[0][0]), Counter()
    for moment, who, path, is_again in hits:
        servers.pass_time(moment)
        process = timer.tally = dice.choice(servers.processes)
        monkeypatch.setattr(clock, "now", lambda moment=moment: moment)
        request, reason = request_of(dice, who, path, is_again, count_by)
        site(request)
        if path:
            oracle.hit(moment, who, None if count_by == "ping" and is_again else path)
        refused[reason] += reason is not None
        figures = shown.pop() if count_by == "page" else process.show(moment)
        if figures:
            servers.check(process, moment, figures)
        servers.expect_round(process, moment)
        servers.befall(moment)
    servers.unreachable.clear()
    servers.flush_all(moment + MINUTE)
    compare(oracle, refused)


def compare(oracle, refused):
    stored = {day: (visits, visitors) for day, visits, visitors in Day.objects.values_list("day", "visits", "visitors")}
    assert {day: visitors for day, (_, visitors) in stored.items()} == {
        day: len(seen) for day, seen in oracle.visitors.items()
    }
    counted, expected = sum(visits for visits, _ in stored.values()), sum(oracle.visits.values())
    print(f"{counted} visits counted of {expected}, {sum(map(len, oracle.visitors.values()))} visitors")
    assert abs(counted - expected) <= expected / 1000
    assert Counter(dict_of(PageDay, "day", "path", "views")) == oracle.views
    reasons = Counter()
    for (_, reason), count in dict_of(Refused, "day", "reason", "hits").items():
        reasons[reason] += count
    assert reasons == +refused


def dict_of(model, *names):
    return {tuple(key): value for *key, value in model.objects.values_list(*names)}
