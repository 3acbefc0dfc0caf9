"""Filling in the desk's forms the way a browser does: what the page holds is sent back, with some of it changed."""

from django.contrib.auth.models import Permission, User
from django.urls import reverse

ADD = "/admin/news/article/add/"


def address(article):
    return reverse("admin:news_article_change", args=[article.pk])


def make_user(name="bien-tap", *permissions, **fields):
    """Someone of the desk, with the permissions named (``view_article`` …); without any named, an administrator."""
    if not permissions:
        return User.objects.create_superuser(name, password="x", **fields)
    user = User.objects.create_user(name, password="x", is_staff=True, **fields)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    return user


def opened(client, url):
    """The data that the form at ``url`` would send, untouched."""
    context = client.get(url).context
    data = fields_of(context["adminform"].form)
    for inline in context.get("inline_admin_formsets", []):
        formset = inline.formset
        for form in [formset.management_form, *formset.forms]:
            data |= fields_of(form)
    return data


def fields_of(form):
    data = {}
    for bound in form:
        value = bound.value()
        if hasattr(bound.field.widget, "widgets"):  # day and hour are two inputs
            parts = bound.field.widget.decompress(value) if not isinstance(value, list) else value
            for number, (widget, part) in enumerate(zip(bound.field.widget.widgets, parts, strict=True)):
                data[f"{bound.html_name}_{number}"] = widget.format_value(part) or ""
        else:
            data[bound.html_name] = "" if value is None or value is False else value
    return data


def send(client, url, button="_save", data=None, **changes):
    """Send the form at ``url`` (or ``data``, opened earlier) with ``changes``, by ``button``."""
    return client.post(url, {**(data or opened(client, url)), **changes, button: "1"})


def errors(response):
    """The errors that the page shows at its fields; empty when the form was taken."""
    if response.context is None:
        return {}
    found = {field: list(said) for field, said in response.context["adminform"].form.errors.items()}
    for inline in response.context["inline_admin_formsets"]:
        formset = inline.formset
        if formset.is_bound and not formset.is_valid():
            found["bylines"] = [
                *formset.non_form_errors(),
                *(str(form.errors) for form in formset.forms if form.errors),
            ]
    return found
