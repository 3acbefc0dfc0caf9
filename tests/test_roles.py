"""Every role at every address of the desk, by every method: who is let in is who stands in the tables here, and no one else."""

import re

import pytest
from django.contrib.auth.models import Group, User
from django.db import transaction
from django.urls import URLResolver, get_resolver

from news.models import Author, Masthead
from tests import desk
from tests.factories import make_draft, make_picture
from visitors.models import Day, PastDay, Start

pytestmark = pytest.mark.django_db
ROLES = {"K": "Khách", "P": "Phóng viên", "B": "Biên tập viên", "Q": "Quản trị"}  # a guest has not logged in
# Whom an address is shown to / whose sending it takes (- is nobody)
MODELS = """
                  changelist  add      history  change   delete
news_article      PBQ/PBQ     PBQ/PBQ  PBQ/PBQ  PBQ/PBQ  BQ/BQ
news_category     PBQ/BQ      BQ/BQ    PBQ/PBQ  PBQ/BQ   Q/Q
news_author       PBQ/PBQ     PBQ/PBQ  PBQ/PBQ  PBQ/BQ   Q/Q
news_picture      PBQ/PBQ     PBQ/PBQ  PBQ/PBQ  PBQ/PBQ  -/-
news_masthead     Q/Q         -/-      Q/Q      Q/Q      -/-
auth_user         Q/Q         Q/Q      Q/Q      Q/Q      -/-
visitors_day      Q/Q         -/-      Q/Q      Q/-      -/-
visitors_pastday  Q/Q         -/-      Q/Q      Q/-      -/-
visitors_start    Q/Q         -/-      Q/Q      Q/-      -/-
"""
OTHERS = {
    "login": "KPBQ/KPBQ",
    "logout": "-/PBQ",
    "index": "PBQ/PBQ",
    "app_list news": "PBQ/PBQ",
    "app_list auth": "Q/Q",
    "app_list visitors": "Q/Q",
    "password_change": "PBQ/PBQ",
    "password_change_done": "PBQ/-",
    "jsi18n": "PBQ/-",
    "autocomplete": "PBQ/-",
    "view_on_site": "-/-",
    "not found": "-/-",
    "upload_picture": "-/PBQ",
    "news_article_preview": "PBQ/PBQ",
    "news_article_simple_history": "PBQ/PBQ",
    "auth_user_password_change": "Q/Q",
}


def table():
    """Name of an address to (whom it is shown to, whose sending it takes)."""
    head, *rows = (line.split() for line in MODELS.strip().splitlines())
    named = {f"{model}_{act}": who for model, *whos in rows for act, who in zip(head, whos, strict=True)}
    told = {name: who.split("/") for name, who in (named | OTHERS).items()}
    short = {f"{model} by its number": [told[f"{model}_change"][0]] * 2 for model, *_ in rows}  # leads to the form
    return told | short


def patterns(resolver=None, prefix=""):
    """Route and name of every address of the desk."""
    for entry in (resolver or get_resolver()).url_patterns:
        route = prefix + str(entry.pattern).strip("^$")
        if isinstance(entry, URLResolver):
            yield from patterns(entry, route)
        elif route.startswith("admin/"):
            yield route, entry.name


@pytest.fixture
def addresses():
    """Name to an address that is there, for every address of the desk."""
    draft = make_draft()
    made = [draft, draft.category, make_picture(), Author.objects.create(pen_name="Hiếu"), User.objects.create(username="x"),
            Day.objects.create(day="2024-02-20", visits=1, visitors=1), Start.objects.create(value=1, as_of="2024-01-01"),
            PastDay.objects.create(day="2024-01-01", visits=1)]  # fmt: skip
    Masthead(name="TRANG TIN").save()
    numbers = {one._meta.label_lower.replace(".", "_"): one.pk for one in [*made, Masthead.objects.get()]}
    version = draft.history.get().pk
    return dict(found for route, name in patterns() for found in addressed(route, name, numbers, version))


def addressed(route, name, numbers, version):
    """Names and addresses of ``route``, its gaps filled with what there is."""
    model = "_".join(route.split("/")[1:3])
    if name == "app_list":
        yield from ((f"app_list {label}", f"/admin/{label}/") for label in ("news", "auth", "visitors"))
        return
    gaps = iter([numbers.get(model, "khong-co"), version])
    path = "/" + re.sub(r"<[^>]+>|\([^)]*\)", lambda _: str(next(gaps)), route)
    query = "?app_label=news&model_name=article&field_name=lead_picture&term=" if name == "autocomplete" else ""
    yield name or (f"{model} by its number" if model in numbers else "not found"), path + query


def enter(client, role):
    """Log in with ``role``."""
    if role != "K":
        user = User.objects.create_user(ROLES[role], is_staff=True, is_superuser=role == "Q")
        user.groups.set(Group.objects.filter(name=ROLES[role]))
        client.force_login(user)


def lets_in(client, method, path):
    """Whether the page is shown or the form taken, as the last address says that this one leads to. Nothing of it stays."""
    data = {"post": "yes", "_save": "1"} if method == "post" else {}
    kept = client.cookies.copy()
    with transaction.atomic():
        answer = getattr(client, method)(path, data)
        assert answer.status_code in (200, 302, 403, 404, 405), path
        if answer.status_code == 302 and not answer.url.startswith("/admin/login/"):
            answer = client.get(answer.url, follow=True)
        transaction.set_rollback(True)
    client.cookies = kept  # whoever has logged out is there again
    is_log_in = answer.request["PATH_INFO"] == "/admin/login/"
    return answer.status_code == 200 and (not is_log_in or path == "/admin/login/")


def test_the_tables_know_every_address_of_the_desk_and_no_other(addresses):
    assert set(addresses) == set(table())


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("method", ["get", "post"])
def test_who_is_let_in_is_who_stands_in_the_tables(client, addresses, role, method):
    enter(client, role)
    let_in = {name for name, path in addresses.items() if lets_in(client, method, path)}
    assert let_in == {name for name, who in table().items() if role in who[method == "post"]}


@pytest.mark.parametrize("role", ["K", "P"])
@pytest.mark.parametrize("method", ["head", "put", "patch", "delete", "options"])
def test_no_other_method_lets_anybody_in_who_does_not_stand_there(client, addresses, role, method):
    enter(client, role)
    let_in = {name for name, path in addresses.items() if lets_in(client, method, path)}
    assert let_in <= {name for name, who in table().items() if role in "".join(who)}


def test_a_draft_is_shown_in_no_preview_to_who_may_not_read_it(client):
    client.force_login(desk.make_user("khong-vai-tro", "view_category"))
    assert client.get(f"/admin/news/article/{make_draft().pk}/xem-truoc/").status_code == 403
