"""The search index: one row of words for each edition, in the engine that the database brings.

``publish`` writes it in its own transaction, and ``manage.py rebuild_search`` makes it anew. There are no triggers:
a table that a later migration rebuilds would drop them without a word. Who may read a hit is not decided here but by
the querysets of ``models/edition.py``.

SQLite: an FTS5 table, row id = edition id. PostgreSQL: a GIN index over the column ``search_tokens`` itself, whose
words are taken as they stand (docs/decisions/0002-search-lexemes.md), so there is nothing more to write; and a function that
asks it, for without one a common word would be looked for in every text.
"""

from django.db import connection
from django.db.models import F
from django.db.models.expressions import RawSQL

from news.text import tokens

LONGEST_QUERY = 200  # characters
SQLITE_MATCH = "SELECT rowid FROM news_search WHERE news_search MATCH %s"
POSTGRESQL_MATCH = "SELECT news_hits(%s::tsquery)"


def matches(query):
    """The ids of the editions that hold every word of ``query``, as an expression for ``pk__in``; ``None`` for no word."""
    words = sorted(set(tokens(query)))
    if not words:
        return None
    if connection.vendor == "sqlite":
        statement, wish = SQLITE_MATCH, " AND ".join(f'"{word}"' for word in words)
    else:
        statement, wish = POSTGRESQL_MATCH, " & ".join(f"'{word}'" for word in words)
    # The wish is a parameter, and its words are [a-z0-9].
    return RawSQL(statement, [wish])  # noqa: S611  # nosec B611


def among(editions, hits):
    """Those of ``editions`` that ``hits`` (of ``matches``) name."""
    if connection.vendor == "sqlite":  # by its number each hit's text would be read: + 0 leaves them to the indexes
        return editions.alias(number_of_hit=F("pk") + 0).filter(number_of_hit__in=hits)
    return editions.filter(pk__in=hits)


def write(edition_id, words):
    """Put the words of one edition into the index, in place of what it held."""
    remove(edition_id)
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO news_search (rowid, words) VALUES (%s, %s)", [edition_id, words])


def remove(edition_id):
    """Take one edition out of the index (PostgreSQL's is a column of the edition itself)."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM news_search WHERE rowid = %s", [edition_id])


def forget_strays():
    """Take out of the index what is no edition."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM news_search WHERE rowid NOT IN (SELECT id FROM news_edition)")
