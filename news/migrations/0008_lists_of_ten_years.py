"""Ten years of articles: what is live is told, and lists are put in order, by indexes alone, and a common word is found by its own."""

from django.db import migrations, models

PUBLIC = ["published_at", "closed_at", "ends_at"]
# Without the last setting the planner, which takes the making of a word list for free, makes those of all editions.
CREATE = """
CREATE FUNCTION news_hits(wish tsquery) RETURNS SETOF bigint LANGUAGE sql STABLE SET enable_seqscan = off AS $$
SELECT id FROM news_edition WHERE array_to_tsvector(string_to_array(search_tokens, ' ')) @@ wish
$$"""


def create(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(CREATE)


def drop(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION news_hits")


class Migration(migrations.Migration):
    dependencies = [("news", "0007_articles_have_titles")]
    operations = [
        migrations.RemoveIndex("edition", "edition_newest"),
        migrations.AddIndex(
            "edition", models.Index(fields=["-first_published_at", "-article", *PUBLIC], name="edition_newest")
        ),
        migrations.AddIndex(
            "edition",
            models.Index(
                fields=["article", *PUBLIC, "first_published_at", "closed_why", "number"], name="edition_of_article"
            ),
        ),
        migrations.AddIndex("edition", models.Index(fields=["path"], name="edition_path")),
        migrations.AddIndex("article", models.Index(fields=["-updated_at"], name="article_updated")),
        migrations.AddIndex("picture", models.Index(fields=["-created_at"], name="picture_newest")),
        migrations.RunPython(create, drop),
    ]
