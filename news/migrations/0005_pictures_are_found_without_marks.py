"""Pictures are found as articles and authors are; and a column of editions goes that no page printed."""

from django.db import migrations, models

from news.text import fold


def fold_words(apps, schema_editor):
    for picture in apps.get_model("news", "Picture").objects.iterator():
        picture.folded = fold(f"{picture.caption} {picture.alt} {picture.credit}")
        picture.save(update_fields=["folded"])


class Migration(migrations.Migration):
    dependencies = [("news", "0004_roles")]
    operations = [
        migrations.RemoveField("edition", "dated_long"),
        migrations.AddField("picture", "folded", models.TextField(default="", editable=False)),
        migrations.RunPython(fold_words),
    ]
