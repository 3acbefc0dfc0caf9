"""The secret of a site on this machine alone: made once, then read."""

import contextlib
import os
import secrets

from django.core.exceptions import ImproperlyConfigured

SHORTEST = 50  # characters of a key


def kept_secret(path):
    """Of several processes that start together, the first one's key stays."""
    try:
        if not path.exists():
            draft = path.with_name(f".secret_key.{os.getpid()}")
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
                file.write(secrets.token_urlsafe(64))
                file.flush()
                os.fsync(file.fileno())
            with contextlib.suppress(FileExistsError):
                os.link(draft, path)
            draft.unlink()
        key = path.read_text().strip()
    except OSError as error:
        raise ImproperlyConfigured(f"SECRET_KEY: must be set, or {path} a file we may read ({error}).") from None
    if len(key) < SHORTEST:
        raise ImproperlyConfigured(
            f"SECRET_KEY: {path} holds no whole key. Remove it: another is made, and everybody logs in again."
        )
    return key
