"""Who works at the desk: Django's own pages of users, in Vietnamese to the last word."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminPasswordChangeForm, SetUnusablePasswordMixin, UserCreationForm
from django.contrib.auth.models import User


class PasswordForm(AdminPasswordChangeForm):
    usable_password_help_text = (
        SetUnusablePasswordMixin.usable_password_help_text
    )  # Django adds one that it never translates


admin.site.unregister(User)


@admin.register(User)
class DeskUserAdmin(UserAdmin):
    add_form = UserCreationForm
    change_password_form = PasswordForm
    add_fieldsets = ((None, {"fields": ["username", "password1", "password2"]}),)
    actions = None
