"""``make bench-visitors``: what the counter costs, beside its goals, into docs/benchmarks/visitors.md and visitors.svg.

Each part runs as a process of its own, on a database that is made for it and thrown away. ``--small`` runs all of it in tiny
sizes and writes to the folder named after it: a test keeps it from rotting.
"""

import contextlib
import json
import os
import re
import subprocess
import sys
from pathlib import Path

from benchmarks import report
from tests.throwaway_postgres import cluster, programs

ROOT = Path(__file__).resolve().parent.parent
SIMULATED = ["tests/test_visitors_month.py", "tests/test_visitors_bounds.py", "-k", "month or page-up"]
FULL = {"rounds": 41, "sizes": (500, 100_000, 1_000_000), "serving": (5, 2), "hits": 320_000, "requests": 1_000_000}
SMALL = {"rounds": 1, "sizes": (500,), "serving": (1, 0.05), "hits": 0, "requests": 0}


def run(module, *args, database_url=""):
    """What ``python -m MODULE ARGS`` prints, read as JSON."""
    command = [sys.executable, "-m", module, *map(str, args)]
    env = {**os.environ, "DATABASE_URL": database_url}
    done = subprocess.run(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(done.stdout)


def simulate(hits, requests):
    """What the month of many hits and the flood of strange requests say of themselves."""
    env = {**os.environ, "SIMULATED_HITS": str(hits), "STRANGE_REQUESTS": str(requests), "DATABASE_URL": ""}
    command = [sys.executable, "-m", "pytest", "-q", "-s", "-p", "no:cacheprovider", *SIMULATED]
    done = subprocess.run(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        sys.exit(done.stdout)
    return re.findall(r"\d.* (?:visits counted of|MB for) .*", done.stdout)


def databases():
    """A context for each database there is: it yields its DATABASE_URL."""
    yield contextlib.nullcontext("")
    if programs():
        yield cluster(programs())
    else:
        print("PostgreSQL is not measured: its programs are missing (Debian: apt install postgresql)")


def measure(sizes):
    measured = {"costs": {}, "databases": [], "simulated": []}
    for count_by in ("page", "ping"):
        measured["costs"][count_by] = run("benchmarks.costs", count_by, sizes["rounds"])
    for database in databases():
        with database as url:
            found = run("benchmarks.database", *sizes["sizes"], database_url=url)
            found["pages a second"] = run("benchmarks.serving", *sizes["serving"], database_url=url)
            measured["databases"].append(found)
    if sizes["hits"]:
        measured["simulated"] = simulate(sizes["hits"], sizes["requests"])
    return measured


def main(folder, sizes):
    measured = measure(sizes)
    folder.mkdir(parents=True, exist_ok=True)
    text = report.table(measured)
    (folder / "visitors.md").write_text(text)
    (folder / "visitors.svg").write_text(report.plot(measured["databases"]))
    print(text)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--small"]:
        main(Path(sys.argv[2]), SMALL)
    else:
        main(ROOT / "docs/benchmarks", FULL)
