"""The place of a category is one that every database holds. Nothing of the table changes."""

from django.core.validators import MaxValueValidator
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("news", "0008_lists_of_ten_years")]
    operations = [
        migrations.AlterField(
            "category",
            "position",
            models.PositiveSmallIntegerField(
                "thứ tự", default=100, help_text="Số nhỏ đứng trước.", validators=[MaxValueValidator(9999)]
            ),
        ),
    ]
