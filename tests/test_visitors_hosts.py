"""Several servers of one database: four processes on two of them, each pair forked from one parent, agree after a round."""

import json
import subprocess
import sys
from contextlib import ExitStack

import pytest

from tests.running_site import ROOT
from tests.test_visitors_processes import READ, START

SERVER = """
import json, os, sys, django
django.setup()
from visitors.tally import Tally
from visitors.timer import shared

def serve(lines):
    tally, hit = Tally(shared), None
    for line in lines:
        act, moment, who = line.split()
        if act == "open":
            hit = tally.look(who.encode(), "Mozilla/5.0", "127.0.0.1", int(moment))
            shown = tally.show(int(moment), hit)
            tally.count(hit, "/")
        else:
            tally.flush(int(moment))
            shown = tally.show(int(moment))
        print(json.dumps(shown.named()), flush=True)

workers = []
for _ in range(2):
    read, write = os.pipe()
    if os.fork() == 0:
        os.close(write)
        serve(os.fdopen(read))
        os._exit(0)
    os.close(read)
    workers.append(write)
for line in sys.stdin:
    number, said = line.split(" ", 1)
    os.write(workers[int(number)], said.encode())
"""
SECOND, MINUTE = 1000, 60_000


class Servers:
    """Two of them, with two workers each."""

    def __init__(self, env, stack):
        self.running = [
            stack.enter_context(
                subprocess.Popen(
                    [sys.executable, "-c", SERVER], cwd=ROOT, env=env, text=True, bufsize=1,
                    stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                )
            )
            for _ in range(2)
        ]  # fmt: skip

    def act(self, act, server, worker, moment, who="-"):
        """What this worker shows after it."""
        process = self.running[server]
        process.stdin.write(f"{worker} {act} {moment} {who}\n")
        return json.loads(process.stdout.readline())

    def open_page(self, *where, who):
        return self.act("open", *where, who)

    def flush_all(self, moment):
        return [self.act("flush", server, worker, moment) for server in (0, 1) for worker in (0, 1)]


@pytest.fixture
def servers(stored_site):
    with ExitStack() as stack:
        yield Servers({**stored_site.env, "DJANGO_SETTINGS_MODULE": "canglong_portal.settings"}, stack)


def figures(number, total=None, online=None):
    return {"online": online or number, "today": number, "week": number, "total": 3_489_813 + number}


def test_four_processes_on_two_servers_agree_after_a_round_and_whom_all_have_seen_is_one_visit(servers, stored_site):
    servers.flush_all(START)
    for server in (0, 1):
        for worker in (0, 1):
            for who in ("everyone", f"server-{server}", f"worker-{server}-{worker}"):
                shown = servers.open_page(server, worker, START + SECOND, who=who)
        assert shown == figures(4)  # one server knows at once what its workers know
    servers.flush_all(START + 10 * SECOND)
    assert servers.flush_all(START + 20 * SECOND) == [figures(7)] * 4
    assert servers.open_page(1, 0, START + MINUTE, who="worker-0-1") == figures(7)
    assert servers.open_page(0, 0, START + MINUTE, who="server-1") == figures(7)
    back = START + 31 * MINUTE + 30 * SECOND
    for server in (0, 1):
        for worker in (0, 1):
            assert servers.open_page(server, worker, back, who="everyone") == figures(8, online=7)
    servers.flush_all(back + SECOND)
    assert servers.flush_all(back + 10 * SECOND) == [figures(8, online=1)] * 4
    seen, visits, salts, _, days = json.loads(stored_site.manage("shell", "-v0", "-c", READ))
    assert (seen, visits, salts, days) == (7, 8, 1, [[8, 7]])
