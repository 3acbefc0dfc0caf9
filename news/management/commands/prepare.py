"""``manage.py prepare``: what `make run` does before it serves. A second time it only forgets the log-ins that have expired."""

import secrets
import socket

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection, transaction

from canglong_portal.staticfiles import fingerprint

ADMINISTRATOR = "quantri"


class Command(BaseCommand):
    help = "Migrate; into a new database load the sample content (unless SITE_URL is set or SAMPLE=0) and make an administrator."

    def add_arguments(self, parser):
        parser.add_argument("--static", action="store_true", help="collect the static files too, if any has changed")

    def handle(self, static, **options):
        self.refuse_a_taken_port()
        self.refuse_a_database_that_is_not_there()
        self.migrate()
        call_command("clearsessions")  # here, for there is no cron; Django itself removes only what is logged out of
        if static:
            self.collect_static()
        if get_user_model().objects.exists():
            return
        # Nobody can log in yet: this is the first run, or the next one after a first run that was cut short.
        if settings.LOAD_SAMPLE:
            call_command("load_sample", stdout=self.stdout)
        self.make_administrator()

    def refuse_a_taken_port(self):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", settings.PORT))
            except OSError as error:
                raise CommandError(
                    f"Port {settings.PORT} cannot be used ({error.strerror}). Name another: PORT=8001"
                ) from None

    def refuse_a_database_that_is_not_there(self):
        try:
            connection.ensure_connection()
        except DatabaseError as error:
            said = " ".join(str(error).split())
            raise CommandError(f"The database cannot be used, see DATABASE_URL: {said}") from None

    def migrate(self):
        """All or nothing. Django writes down some migrations only after their transaction: pulling the plug in between would leave
        tables that no later run could make."""
        with connection.constraint_checks_disabled(), transaction.atomic():
            if connection.vendor == "postgresql":  # it alters no table whose rows still wait for a check
                connection.cursor().execute("SET CONSTRAINTS ALL IMMEDIATE")
            call_command("migrate", verbosity=0)

    def collect_static(self):
        """By content, not by date: an upgrade may bring files that are older than what was collected."""
        collected, now = settings.DATA_DIR / "static.sha256", fingerprint()
        if settings.COLLECTED and collected.exists() and collected.read_text() == now:
            return
        self.stdout.write("Collecting static files")
        call_command("collectstatic", interactive=False, verbosity=0)
        collected.write_text(now)

    @transaction.atomic
    def make_administrator(self):
        """Said before it is committed: whoever pulls the plug in between is told another one next time."""
        password = "-".join(secrets.token_hex(2) for _ in range(4))
        get_user_model().objects.create_superuser(ADMINISTRATOR, password=password)
        self.stdout.write(
            f"Administrator: {ADMINISTRATOR}   password: {password}   (said only now; log in at {settings.SITE_URL}/admin/)"
        )
        self.stdout.flush()
