"""``manage.py carry_over``: what an older counter had counted, in all and by day. Carried over twice, it is there once."""

from argparse import ArgumentTypeError
from functools import partial

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.db.models import Sum

from visitors import clock, past_days, store
from visitors.models import PastDay, Start

MOST = 10**past_days.MOST_DIGITS
LONGEST_SOURCE = Start._meta.get_field("source").max_length


def said_plainly(read):
    """``read``, for argparse, which has no ear for what a ValueError says."""

    def argument(words):
        try:
            return read(words)
        except ValueError as error:
            raise ArgumentTypeError(str(error)) from None

    return argument


class Command(BaseCommand):
    help = "Set the all-time figure and the known days of an older counter, or take them out again."

    def add_arguments(self, parser):
        parser.add_argument(
            "--total",
            type=said_plainly(partial(past_days.whole_number, "it:")),
            help="the all-time figure, a whole number",
        )
        parser.add_argument("--as-of", type=said_plainly(past_days.date_of), help="the day it was read, YYYY-MM-DD")
        parser.add_argument("--days", help="a CSV of known days before this counter: ngay,luot_truy_cap[,khach]")
        parser.add_argument("--source", help="where the figures were read")
        parser.add_argument("--unless-set", action="store_true", help="leave a figure alone that is there already")
        parser.add_argument(
            "--remove", action="store_true", help="take all of it out (with --source: only what is from there)"
        )

    def handle(self, total, as_of, days, source, unless_set, remove, **options):
        if source is not None:
            source = " ".join(source.split())  # as it is stored
        if remove:
            self.remove(source)
            return
        wants_total = total is not None or as_of is not None or not days
        refuse_incomplete(wants_total, total, as_of, source)
        with transaction.atomic():
            done = [self.carry_total(total, as_of, source, unless_set)] if wants_total else []
            done += [self.carry_days(days, source)] if days else []
            refuse_more_than_all()
        self.stdout.write("\n".join(done))

    def remove(self, source):
        if source == "":
            raise CommandError("--source is empty. Name it, or leave it out to remove all that was carried over.")
        chosen = {"source": source} if source else {}
        figures, _ = Start.objects.filter(**chosen).delete()
        days, _ = PastDay.objects.filter(**chosen).delete()
        self.stdout.write(f"Figures carried over that were removed: {figures}; days: {days}.")

    def carry_total(self, total, as_of, source, unless_set):
        if unless_set and Start.objects.exists():
            return "A figure is carried over already; it stays."
        store.carry_over(total, as_of, source)
        return f"Carried over: {total} visits as of {as_of} ({source})."

    def carry_days(self, path, source):
        try:
            days = past_days.read(path, source, past_days.first_own_day())
        except ValueError as error:
            raise CommandError(f"{error} Nothing was carried over.") from None
        past_days.keep(days)
        return f"Carried over: {len(days)} days ({source})."


def refuse_incomplete(wants_total, total, as_of, source):
    if wants_total and (total is None or not 0 <= total < MOST or as_of is None or not source):
        raise CommandError(f"--total (0 or more, under {MOST}), --as-of and --source are all needed.")
    if not source or len(source) > LONGEST_SOURCE:
        raise CommandError(f"--source is needed, {LONGEST_SOURCE} characters at most.")
    if as_of and str(as_of) > str(clock.day_of(clock.now())):  # another command may give it as text
        raise CommandError(f"--as-of: {as_of} has not come yet.")


def refuse_more_than_all():
    """The days until ``as_of`` are a part of the figure: they cannot be more than all of it."""
    start = Start.objects.first()
    known = PastDay.objects.filter(day__lte=start.as_of).aggregate(sum=Sum("visits"))["sum"] if start else None
    if known and known > start.value:
        raise CommandError(
            f"The days until {start.as_of} have {known} visits, more than the {start.value} carried over as of then. "
            "Nothing was carried over."
        )
