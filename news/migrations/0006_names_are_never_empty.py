"""No category, author or masthead is without a name: one of invisible characters alone was taken, and nothing of it stored."""

from django.db import migrations, models
from django.db.models import Q

from news.text import fold

UNNAMED = "Chưa đặt tên {}"  # the office sees it in its list, and gives a better one


def name_the_nameless(apps, schema_editor):
    for category in apps.get_model("news", "Category").objects.filter(name=""):
        category.name = UNNAMED.format(category.pk)
        category.save(update_fields=["name"])
    for author in apps.get_model("news", "Author").objects.filter(pen_name=""):
        author.pen_name = UNNAMED.format(author.pk)
        author.folded = fold(f"{author.pen_name} {author.full_name}")
        author.save(update_fields=["pen_name", "folded"])
    masthead = apps.get_model("news", "Masthead")
    for field in ("name", "citation_name"):
        masthead.objects.filter(**{field: ""}).update(**{field: masthead._meta.get_field(field).default})


class Migration(migrations.Migration):
    dependencies = [("news", "0005_pictures_are_found_without_marks")]
    operations = [
        migrations.AlterField(
            "author",
            "pen_name",
            models.CharField(
                "bút danh", error_messages={"unique": "Đã có tác giả mang bút danh này."}, help_text="Tên in dưới bài.", max_length=120, unique=True
            ),
        ),
        migrations.AlterField(
            "category",
            "name",
            models.CharField(
                "tên chuyên mục", error_messages={"unique": "Đã có chuyên mục mang tên này."}, max_length=80, unique=True
            ),
        ),
        migrations.RunPython(name_the_nameless, migrations.RunPython.noop),
        migrations.AddConstraint(
            "author",
            models.CheckConstraint(condition=~Q(pen_name=""), name="author_has_a_pen_name", violation_error_message="Tác giả phải có bút danh."),
        ),
        migrations.AddConstraint(
            "category",
            models.CheckConstraint(condition=~Q(name=""), name="category_has_a_name", violation_error_message="Chuyên mục phải có tên."),
        ),
        migrations.AddConstraint(
            "masthead",
            models.CheckConstraint(
                condition=~Q(name="") & ~Q(citation_name=""),
                name="masthead_has_its_names",
                violation_error_message="Trang phải có tên và tên khi trích nguồn.",
            ),
        ),
    ]
