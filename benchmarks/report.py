"""What was measured, as a Markdown page and as a plot drawn by hand."""

import os
import platform
from datetime import date
from pathlib import Path

import django

GOALS = {  # microseconds
    ("page", "a page, known reader"): 10,
    ("ping", "a page"): 1,
    ("ping", "a ping, known reader"): 15,
}
SLOWEST = 50  # milliseconds that a query may take
PAGE = """# What the counter costs

Measured on {date} by `make bench-visitors`, which writes this page.
{machine}

The middleware, in microseconds of process time (the median of many rounds, each with it less without it):

| counted by | what is asked for | µs | goal |
|---|---|--:|--:|
{costs}

Rounds of the timer, in milliseconds. No request waits for them; the request path makes no query:

| | {engines} | goal |
|---|{lines}--:|
{rounds}

Pages a second of one process through Django's whole handler, with a page that does nothing (so the share of the counter is the
largest possible) and this counter's rounds every second:

| | {engines} |
|---|{lines}
{serving}

![The same as bars](visitors.svg)
{simulated}"""


def row(*cells):
    return f"| {' | '.join(map(str, cells))} |"


def machine():
    """Cores, processor, versions, and how busy it was."""
    cpuinfo = Path("/proc/cpuinfo")
    lines = cpuinfo.read_text().splitlines() if cpuinfo.exists() else []
    models = [line.split(":")[1].strip() for line in lines if line.startswith("model name")]
    busy = f"load {os.getloadavg()[2]:.1f} over the quarter of an hour before"
    return (
        f"{os.cpu_count()} cores ({models[0] if models else platform.machine()}, shared with others, {busy}), "
        f"Python {platform.python_version()}, Django {django.get_version()}. PostgreSQL without fsync, on the same machine."
    )


def costs_of(measured):
    for count_by, found in measured["costs"].items():
        for name, microseconds in found.items():
            yield row(f"`{count_by}`", name, f"{microseconds:.1f}", GOALS.get((count_by, name), ""))


def rounds_of(databases):
    for readers in databases[0]["flush"]:
        times = [f"{found['flush'][readers]:.1f}" for found in databases]
        yield row(f"a round that writes {int(readers):,} readers", *times, "")
    for size in databases[0]["a day"]:
        for name, goal in (("four figures", SLOWEST), ("slowest query of any round", SLOWEST)):
            times = [f"{found['a day'][size][name]:.2f}" for found in databases]
            yield row(f"{name}, {int(size):,} visitors a day", *times, goal)


def serving_of(databases):
    for name in databases[0]["pages a second"]:
        yield row(name, *(f"{found['pages a second'][name]:,.0f}" for found in databases))
    rates = [list(found["pages a second"].values()) for found in databases]
    yield row("this one beside none", *(f"{ours / none:.2f}" for none, ours, _ in rates))
    yield row("this one beside one that writes", *(f"{ours / writing:.1f} times" for _, ours, writing in rates))


def table(measured):
    databases, simulated = measured["databases"], measured["simulated"]
    return PAGE.format(
        date=date.today().isoformat(),
        machine=machine(),
        costs="\n".join(costs_of(measured)),
        engines=" | ".join(found["engine"] for found in databases),
        lines="--:|" * len(databases),
        rounds="\n".join(rounds_of(databases)),
        serving="\n".join(serving_of(databases)),
        simulated="\nA month of several servers beside a plain list of its hits, and a million strange requests to one process:\n\n"
        + "".join(f"- {line}\n" for line in simulated)
        if simulated
        else "",
    )


BAR, GAP, LEFT, WIDTH = 22, 6, 240, 360
COLOURS = ["#8a8a8a", "#1d6fa5", "#b3541e"]


def plot(databases):
    """Pages a second as bars, for each database."""
    most = max(rate for found in databases for rate in found["pages a second"].values())
    parts, y = [], 10
    for found in databases:
        parts.append(f'<text x="10" y="{y + 16}" font-weight="bold">{found["engine"]}: pages a second</text>')
        y += BAR + GAP
        for colour, (name, rate) in zip(COLOURS, found["pages a second"].items(), strict=True):
            length = rate / most * WIDTH
            parts.append(f'<text x="{LEFT - 8}" y="{y + 16}" text-anchor="end">{name}</text>')
            parts.append(f'<rect x="{LEFT}" y="{y}" width="{length:.0f}" height="{BAR}" fill="{colour}"/>')
            parts.append(f'<text x="{LEFT + length + 6:.0f}" y="{y + 16}">{rate:,.0f}</text>')
            y += BAR + GAP
        y += GAP
    size = f'width="{LEFT + WIDTH + 80}" height="{y}" viewBox="0 0 {LEFT + WIDTH + 80} {y}"'
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="sans-serif" font-size="14">',
            '<rect width="100%" height="100%" fill="#fff"/>',
            *parts,
            "</svg>\n",
        ]
    )
