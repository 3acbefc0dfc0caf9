"""``manage.py prepare``: what `make run` does before it serves. A second time it only forgets what has expired."""

import contextlib
import secrets
import socket
import time

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from canglong_portal.staticfiles import fingerprint

ADMINISTRATOR = "quantri"
OWN_APPS = ("news", "visitors")
DAY = 24 * 3600  # seconds


class Command(BaseCommand):
    help = "Migrate; into a new database load the sample content (unless SITE_URL is set or SAMPLE=0) and make an administrator."

    def add_arguments(self, parser):
        parser.add_argument("--static", action="store_true", help="collect the static files too, if any has changed")

    def handle(self, static, **options):
        self.refuse_what_could_only_fail_later()
        self.migrate()
        call_command("clearsessions")  # here, for there is no cron; Django itself removes only what is logged out of
        self.forget_uploads_cut_off()
        settings.MEDIA_ROOT.mkdir(exist_ok=True)  # a backup copies it, with pictures in it or without
        if static:
            self.collect_static()
        if get_user_model().objects.exists():
            return
        # Nobody can log in yet: this is the first run, or the next one after a first run that was cut short.
        # Another first start at the same moment may have made theirs.
        if settings.LOAD_SAMPLE:
            with contextlib.suppress(IntegrityError):
                call_command("load_sample", stdout=self.stdout)
        with contextlib.suppress(IntegrityError):
            self.make_administrator()

    def refuse_what_could_only_fail_later(self):
        self.refuse_a_taken_port()
        self.refuse_a_database_that_is_not_there()
        self.refuse_a_database_of_other_letters()
        self.refuse_a_database_of_a_newer_version()

    def refuse_a_taken_port(self):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", settings.PORT))
            except OSError as error:
                raise CommandError(
                    f"Port {settings.PORT} cannot be used ({error.strerror}). Name another (PORT=8001); or, if"
                    " this very site runs there already, stop it first."
                ) from None

    def refuse_a_database_that_is_not_there(self):
        try:
            connection.ensure_connection()
        except DatabaseError as error:
            said = " ".join(str(error).split())
            raise CommandError(f"The database cannot be used, see DATABASE_URL: {said}") from None

    def refuse_a_database_of_other_letters(self):
        """PostgreSQL made where no locale is installed keeps bytes (SQL_ASCII): it would fail at the first byline with an accent."""
        if connection.vendor != "postgresql":
            return
        with connection.cursor() as cursor:
            cursor.execute("SHOW server_encoding")
            encoding = cursor.fetchone()[0]
        if encoding != "UTF8":
            raise CommandError(
                f"DATABASE_URL: the database must be UTF8, and is {encoding} (createdb -E UTF8 -T template0 makes one that is)."
            )

    def refuse_a_database_of_a_newer_version(self):
        """Older code would serve it, and fail at whatever the newer one has added."""
        known = MigrationLoader(None).disk_migrations
        applied = MigrationRecorder(connection).applied_migrations()
        unknown = sorted(f"{app}.{name}" for app, name in applied if app in OWN_APPS and (app, name) not in known)
        if unknown:
            raise CommandError(
                f"The database was made by a newer version of this site ({unknown[-1]}). Start that version, or restore"
                " the backup that was made before the upgrade."
            )

    def migrate(self):
        """All or nothing. Django writes down some migrations only after their transaction: pulling the plug in between would leave
        tables that no later run could make."""
        with connection.constraint_checks_disabled(), transaction.atomic():
            if connection.vendor == "postgresql":
                # One start at a time; it alters no table whose rows still wait for a check; and has all the time it needs.
                connection.cursor().execute(
                    "SELECT pg_advisory_xact_lock(1); SET CONSTRAINTS ALL IMMEDIATE; SET LOCAL statement_timeout = 0"
                )
            call_command("migrate", verbosity=0)

    def collect_static(self):
        """By content, not by date: an upgrade may bring files that are older than what was collected. What was cut off is begun
        anew: a file that was half written is newer than its source."""
        collected, now = settings.DATA_DIR / "static.sha256", fingerprint()
        is_whole = settings.COLLECTED and collected.exists()
        if is_whole and collected.read_text() == now:
            return
        self.stdout.write("Collecting static files")
        collected.unlink(missing_ok=True)
        if not is_whole:
            settings.MANIFEST.unlink(missing_ok=True)  # half of one would be read before anything is cleared
        call_command("collectstatic", interactive=False, verbosity=0, clear=not is_whole)
        collected.write_text(now)

    def forget_uploads_cut_off(self):
        """What was on its way when the power failed: originals, with all that a camera wrote into them."""
        for path in settings.FILE_UPLOAD_TEMP_DIR.iterdir():
            with contextlib.suppress(OSError):  # gone already, or no upload
                if path.stat().st_mtime < time.time() - DAY:
                    path.unlink()

    @transaction.atomic
    def make_administrator(self):
        """Said before it is committed: whoever pulls the plug in between is told another one next time."""
        password = "-".join(secrets.token_hex(2) for _ in range(4))
        get_user_model().objects.create_superuser(ADMINISTRATOR, password=password)
        self.stdout.write(
            f"Administrator: {ADMINISTRATOR}   password: {password}   (said only now; log in at {settings.SITE_URL}/admin/)"
        )
        self.stdout.flush()
