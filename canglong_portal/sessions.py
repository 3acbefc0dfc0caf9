"""Django's sessions in the database. A key that is none of theirs is not looked up: PostgreSQL takes no NUL."""

from django.contrib.sessions.backends import db


class SessionStore(db.SessionStore):
    def _validate_session_key(self, key):
        return super()._validate_session_key(key) and key.isascii() and key.isalnum()
