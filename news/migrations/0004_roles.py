"""The roles of the desk. An administrator ("Quản trị") is Django's superuser and needs no group."""

from django.contrib.auth.management import create_permissions
from django.db import migrations

WRITING = [
    "view_article", "add_article", "change_article", "view_byline", "add_byline", "change_byline", "delete_byline",
    "view_author", "add_author", "view_picture", "add_picture", "change_picture", "view_category",
]  # fmt: skip
ROLES = {
    "Phóng viên": WRITING,
    "Biên tập viên": [*WRITING, "publish_article", "delete_article", "change_author", "add_category", "change_category"],
}


def make_roles(apps, schema_editor):
    config = apps.get_app_config("news")
    config.models_module = True  # Django makes permissions after all migrations; these are needed now
    create_permissions(config, apps=apps, verbosity=0)
    config.models_module = None
    Group, Permission = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    for name, codenames in ROLES.items():
        group, is_new = Group.objects.get_or_create(name=name)
        if is_new:
            group.permissions.set(Permission.objects.filter(content_type__app_label="news", codename__in=codenames))


class Migration(migrations.Migration):
    dependencies = [("news", "0003_newest_first_indexes"), ("auth", "0012_alter_user_first_name_max_length")]
    operations = [migrations.RunPython(make_roles, migrations.RunPython.noop)]
