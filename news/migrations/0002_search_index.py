"""The search index: an FTS5 table on SQLite, a GIN index on PostgreSQL (docs/decisions/0002-search-lexemes.md)."""

from django.db import migrations

CREATE = {
    "sqlite": "CREATE VIRTUAL TABLE news_search USING fts5(words)",
    "postgresql": "CREATE INDEX news_edition_search ON news_edition "
    "USING gin (array_to_tsvector(string_to_array(search_tokens, ' ')))",
}
DROP = {"sqlite": "DROP TABLE news_search", "postgresql": "DROP INDEX news_edition_search"}


def create(apps, schema_editor):
    schema_editor.execute(CREATE[schema_editor.connection.vendor])


def drop(apps, schema_editor):
    schema_editor.execute(DROP[schema_editor.connection.vendor])


class Migration(migrations.Migration):
    dependencies = [("news", "0001_initial")]
    operations = [migrations.RunPython(create, drop)]
