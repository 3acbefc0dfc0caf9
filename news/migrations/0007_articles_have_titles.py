"""No article is without a title: one of invisible characters alone was taken, and nothing of it seen."""

from django.db import migrations, models
from django.db.models import Q

from news.text import line

UNTITLED = "Chưa đặt tiêu đề {}"  # the office sees it in its list, and gives a better one


def title_the_untitled(apps, schema_editor):
    for article in apps.get_model("news", "Article").objects.only("title").iterator():
        if not line(article.title):
            article.title = UNTITLED.format(article.pk)
            article.save(update_fields=["title"])


class Migration(migrations.Migration):
    dependencies = [("news", "0006_names_are_never_empty")]
    operations = [
        migrations.AlterModelOptions(
            "edition",
            {"ordering": ["article_id", "number"], "verbose_name": "bản đăng", "verbose_name_plural": "bản đăng"},
        ),
        migrations.RunPython(title_the_untitled, migrations.RunPython.noop),
        migrations.AddConstraint(
            "article",
            models.CheckConstraint(condition=~Q(title=""), name="article_has_a_title", violation_error_message="Bài phải có tiêu đề."),
        ),
    ]
