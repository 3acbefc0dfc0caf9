"""``manage.py carry_over``: the all-time figure from before this counter. Set twice, it is set once."""

from datetime import date

from django.core.management.base import BaseCommand, CommandError

from visitors import store
from visitors.models import Start


class Command(BaseCommand):
    help = "Set the all-time figure carried over from an older counter, or take it out again."

    def add_arguments(self, parser):
        parser.add_argument("--total", type=int, help="the figure, a whole number")
        parser.add_argument("--as-of", type=date.fromisoformat, help="the day it was read, YYYY-MM-DD")
        parser.add_argument("--source", help="where it was read")
        parser.add_argument("--unless-set", action="store_true", help="leave a figure alone that is there already")
        parser.add_argument(
            "--remove", action="store_true", help="take the figure out (with --source: only the one from there)"
        )

    def handle(self, total, as_of, source, unless_set, remove, **options):
        if remove:
            rows = Start.objects.filter(source=source) if source else Start.objects.all()
            count, _ = rows.delete()
            self.stdout.write(f"Figures carried over that were removed: {count}.")
            return
        if total is None or total < 0 or as_of is None or not source:
            raise CommandError("--total (0 or more), --as-of and --source are all needed.")
        if unless_set and Start.objects.exists():
            self.stdout.write("A figure is carried over already; it stays.")
            return
        store.carry_over(total, as_of, source)
        self.stdout.write(f"Carried over: {total} visits as of {as_of} ({source}).")
