"""What the tests of the statistics page put into the database, and what they find on the page."""

import re
from datetime import date, timedelta

from visitors import clock
from visitors.models import Day, PageDay, PastDay
from visitors.timer import timer

TODAY = date(2024, 3, 5)  # a Tuesday
AGENT = "Mozilla/5.0 (X11; rv:125.0) Gecko/20100101 Firefox/125.0"


def read():
    timer.tally.flush(clock.now())


def count(day, visits, visitors=0):
    Day.objects.create(day=day, visits=visits, visitors=visitors)


def carry(day, visits, source="sổ cũ"):
    PastDay.objects.create(day=day, visits=visits, source=source)


def opened(client, path="/thong-ke/", agent="curl/8.5"):
    return client.get(path, headers={"user-agent": agent, "host": "127.0.0.1"})


def text_of(response):
    """What is read, in one line."""
    page = re.sub(r"(?s)<head>.*?</head>|<svg.*?</svg>|<[^>]*>", " ", response.content.decode())
    return re.sub(r"\s+", " ", page)


def figures(page, name):
    return re.findall(rf'data-visitors="{name}">([^<]*)<', page.content.decode())


def table(page, name):
    """The lines of the table of the chart ``name``: what stands in the first column -> the others."""
    section = page.content.decode().split(f'id="{name}"')[1].split("</section>")[0]
    rows = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row) for row in re.findall(r"<tr>(.*?)</tr>", section, re.S)[1:]]
    return {re.sub("<.*?>", "", name): rest for name, *rest in rows}


def view(path, views, ago=0):
    PageDay.objects.create(day=TODAY - timedelta(ago), path=path, views=views)


def most_read(page):
    """(title, views) of the last 7 and of the last 30 days."""
    lists = page.content.decode().split('class="most-read__list"')[1:]
    return [
        re.findall(r'most-read__link" href="[^"]*">([^<]*)</a> <span class="most-read__views">([^<]*) lượt', rows)
        for rows in lists
    ]
