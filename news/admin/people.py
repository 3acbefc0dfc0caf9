"""Who works at the desk: an account is a name, a password and a role (news/migrations/0004_roles.py)."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm
from django.contrib.auth.models import Group, User
from django.forms import CheckboxSelectMultiple

from news.admin.folded import LONGEST_SEARCH


class PasswordForm(AdminPasswordChangeForm):
    """Without the choice to have no password: there is no other way to log in here."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields.pop("usable_password", None)


class AccountForm(UserChangeForm):
    def clean(self):
        """Nobody but an administrator makes another one: the last stays."""
        words = super().clean()
        # Two of them at once take their turns.
        list(User.objects.select_for_update().filter(is_superuser=True).order_by("pk"))
        others = User.objects.filter(is_superuser=True, is_active=True).exclude(pk=self.instance.pk)
        if self.initial["is_superuser"] and self.initial["is_active"] and not others.exists():
            for field in ("is_superuser", "is_active"):
                if not words.get(field):
                    self.add_error(field, "Đây là quản trị viên cuối cùng. Hãy trao quyền cho một người khác trước.")
        return words


admin.site.unregister(Group)  # the roles are there; nobody here ticks forty permissions
admin.site.unregister(User)


@admin.register(User)
class DeskUserAdmin(UserAdmin):
    add_form = UserCreationForm
    form = AccountForm
    change_password_form = PasswordForm
    add_fieldsets = ((None, {"fields": ["username", "password1", "password2", "groups"]}),)
    fieldsets = (
        (None, {"fields": ["username", "password", "last_name", "first_name", "email"]}),
        ("Quyền", {"fields": ["groups", "is_superuser", "is_active"]}),
        ("Mốc thời gian", {"fields": ["last_login", "date_joined"]}),
    )
    readonly_fields = ["last_login", "date_joined"]
    list_display = ["username", "last_name", "first_name", "roles", "is_active"]
    list_filter = ["groups", "is_superuser", "is_active"]
    filter_horizontal = []
    actions = None

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("groups")

    def has_delete_permission(self, request, obj=None):
        return False  # with the account its acts would go from the log; who leaves is made inactive

    def get_search_results(self, request, queryset, search_term):
        return super().get_search_results(request, queryset, search_term[:LONGEST_SEARCH])

    def formfield_for_manytomany(self, db_field, request=None, **kwargs):
        field = super().formfield_for_manytomany(db_field, request, **kwargs)
        if db_field.name == "groups":
            field.label, field.widget = "Vai trò", CheckboxSelectMultiple(choices=field.choices)
            field.help_text = "Phóng viên viết và lưu nháp. Biên tập viên sửa, đăng, hẹn giờ và gỡ bài của mọi người."
        return field

    def save_model(self, request, obj, form, change):
        obj.is_staff = True  # there is nothing else on this site to log in to
        super().save_model(request, obj, form, change)

    @admin.display(description="vai trò")
    def roles(self, user):
        names = ["Quản trị"] if user.is_superuser else [group.name for group in user.groups.all()]
        return ", ".join(names) or "chưa có"
