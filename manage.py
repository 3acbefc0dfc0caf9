#!/usr/bin/env python
"""Every command of the site. A wrong setting is said in one line, before anything starts."""

import os
import sys


def main():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "canglong_portal.settings")
    try:
        from django.conf import settings
        from django.core.exceptions import ImproperlyConfigured
        from django.core.management import execute_from_command_line
    except ModuleNotFoundError:
        sys.exit(
            f"Django is not installed for {sys.executable}. Run .venv/bin/python manage.py ...; where that says so too"
            " (Python itself was upgraded): make clean, then make run."
        )
    try:
        settings.INSTALLED_APPS  # noqa: B018 (reads the settings, so that a mistake in them shows here)
    except ImproperlyConfigured as error:
        sys.exit(f"The site cannot start. {error}")
    from django.db import DatabaseError

    try:
        execute_from_command_line(sys.argv)
    except KeyboardInterrupt:
        sys.exit(130)
    except DatabaseError as error:
        if "no such table" not in str(error) and getattr(error.__cause__, "pgcode", None) != "42P01":  # undefined_table
            raise
        sys.exit(
            "This database is empty: are DATA_DIR and DATABASE_URL those of the site? (manage.py prepare fills a new one.)"
        )


if __name__ == "__main__":
    main()
