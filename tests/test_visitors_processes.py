"""Eight processes that count at once into one database: nothing is lost, nothing counted twice, nobody waits for ever."""

import json
import os
import signal
import subprocess
import sys
from datetime import date

from tests.running_site import ROOT
from visitors.shared import Shared, online_of, periods_of
from visitors.tally import Tally

COUNT = """
import sys
from visitors import clock
from visitors.tally import Tally
start, seed = int(sys.argv[1]), int(sys.argv[2])
tally = Tally()
for step in range(20):
    moment = start + step * clock.SECOND
    for number in range(50):
        hit = tally.look(str((number * 7 + step * 13 + seed * 29) % 400).encode(), "Mozilla/5.0", "127.0.0.1", moment)
        tally.count(hit)
    tally.flush(moment)
"""
CLOSE = """
import sys
from visitors import clock
from visitors.tally import Tally
Tally().flush(int(sys.argv[1]) + 2 * clock.DAY)
"""
LATE = """
import sys, time
from visitors import clock
from visitors.tally import Tally
start, seed = int(sys.argv[1]), int(sys.argv[2])
tally = Tally()
tally.flush(start)
for number in range(1500):  # at 0, 20, 40 … minutes, in turns of the processes: of each reader one visit that never pauses
    for step in range(seed, 16, 8):
        moment = start + step * 20 * clock.MINUTE
        tally.count(tally.look(str(number).encode(), "Mozilla/5.0", "127.0.0.1", moment))
time.sleep(max(0, float(sys.argv[3]) - time.time()))
for _ in range(5):
    tally.flush(start + 6 * 60 * clock.MINUTE)
"""
READ = """
import json
from django.db.models import Sum
from visitors.models import Batch, Day, Salt, Seen
print(json.dumps([Seen.objects.count(), Seen.objects.aggregate(n=Sum("visits"))["n"], Salt.objects.filter(day="2024-03-05").count(), Batch.objects.filter(day="2024-03-05").count(),
    list(Day.objects.values_list("visits", "visitors"))]))
"""
START = 1709604000000  # 05/03/2024 09:00 in Càng Long
SEEN = len({(n * 7 + step * 13 + seed * 29) % 400 for n in range(50) for step in range(20) for seed in range(8)})


EIGHT = """
import os, sys, time, django
django.setup()
import visitors.tally
together, children = str(time.time() + 2), []
for seed in range(8):
    child = os.fork()
    if child == 0:
        code, sys.argv[2:] = sys.argv[2], [str(seed), together]
        exec(code)
        os._exit(0)
    children.append(child)
sys.exit(max(os.waitpid(child, 0)[1] > 0 for child in children))
"""


def eight(site, code):
    """What is stored after eight processes have run ``code`` at once, each with a memory of its own."""
    env = {**site.env, "DJANGO_SETTINGS_MODULE": "canglong_portal.settings"}
    done = subprocess.run(
        [sys.executable, "-c", EIGHT, str(START), code], cwd=ROOT, env=env, capture_output=True, timeout=120
    )
    assert done.returncode == 0, done.stderr.decode()
    return json.loads(site.manage("shell", "-v0", "-c", READ))


def test_eight_processes_at_once_agree_on_one_salt_one_visit_each_and_the_total_of_a_day_that_is_over(stored_site):
    seen, visits, salts, batches, days = eight(stored_site, COUNT)
    assert (seen, visits, salts, days) == (SEEN, SEEN, 1, [[SEEN, SEEN]])
    assert batches == 8 * 20
    seen, _, salts, batches, days = eight(stored_site, CLOSE)
    assert (seen, salts, batches, days) == (0, 0, 0, [[SEEN, SEEN]])


def test_what_eight_processes_write_at_once_after_an_outage_of_hours_is_one_list_of_the_hits(stored_site):
    seen, visits, _, _, days = eight(stored_site, LATE)
    assert (seen, visits, days) == (1500, 1500, [[1500, 1500]])


def test_a_child_forked_with_a_full_buffer_leaves_its_parents_hits_to_its_parent(monkeypatch):
    from visitors.timer import timer

    monkeypatch.setattr(timer, "tally", Tally())
    hit = timer.tally.look(b"abcd", "Mozilla/5.0", "127.0.0.1", START)
    timer.tally.count(hit)
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(write, b"%d" % len(timer.tally.waiting))
        os._exit(0)
    os.waitpid(child, 0)
    assert os.read(read, 9) == b"0"
    assert len(timer.tally.waiting) == 1


def test_of_visitors_that_reach_several_processes_in_the_same_moment_each_begins_one_visit():
    shared, day = Shared(), date(2024, 3, 5)
    children = []
    for _ in range(4):
        child = os.fork()
        if child == 0:
            for number in range(1, 4001):
                shared.arrive(day, START, b"net%d" % (number % 50), number)
            os._exit(0)
        children.append(child)
    for child in children:
        assert os.waitpid(child, 0)[1] == 0
    assert [shared.counted(*figure) for figure in periods_of(day)] == [4000, 4000, 4000]
    assert shared.counted(*online_of(day)) == 4000
    assert shared.addresses(START + 59 * 60_000) == 50 and shared.addresses(START + 60 * 60_000) == 0
    assert all(shared.visitors.last(number) == START for number in range(1, 4001))


def test_a_process_that_is_killed_while_it_counts_holds_up_no_other():
    shared = Shared()
    child = os.fork()
    if child == 0:
        with shared.alone():
            os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(child, 0)
    assert shared.arrive(date(2024, 3, 5), START, b"net", 1) == (True, None)
