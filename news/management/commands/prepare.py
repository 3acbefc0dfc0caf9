"""``manage.py prepare``: what `make run` does before it serves. A second time it changes nothing."""

import secrets
import socket

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

ADMINISTRATOR = "quantri"


class Command(BaseCommand):
    help = "Migrate; into a new database load the sample content (unless SITE_URL is set or SAMPLE=0) and make an administrator."

    def handle(self, **options):
        self.refuse_a_taken_port()
        call_command("migrate", verbosity=0)
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
                probe.bind(("127.0.0.1", int(settings.PORT)))
            except OSError as error:
                raise CommandError(
                    f"Port {settings.PORT} cannot be used ({error.strerror}). Name another: PORT=8001"
                ) from None

    def make_administrator(self):
        password = "-".join(secrets.token_hex(2) for _ in range(4))
        get_user_model().objects.create_superuser(ADMINISTRATOR, password=password)
        self.stdout.write(
            f"Administrator: {ADMINISTRATOR}   password: {password}   (said only now; log in at {settings.SITE_URL}/admin/)"
        )
