"""Categories, authors and the masthead have names: none is empty, none stands twice, and two made at once are both taken."""

import subprocess
import sys

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from news.models import Author, Category, Masthead
from tests import desk
from tests.factories import make_article, make_category, make_draft
from tests.running_site import ROOT, environment, new_database

pytestmark = pytest.mark.django_db

CATEGORY, AUTHOR, MASTHEAD = "/admin/news/category/add/", "/admin/news/author/add/", "/admin/news/masthead/add/"
INVISIBLE = "\u200b"


@pytest.mark.parametrize(
    ("url", "field"), [(CATEGORY, "name"), (AUTHOR, "pen_name"), (MASTHEAD, "name"), (MASTHEAD, "citation_name")]
)
@pytest.mark.parametrize("name", [INVISIBLE, f" {INVISIBLE}\u00ad "], ids=["one", "several"])
def test_a_name_that_nobody_can_see_is_refused_at_its_field(editor, url, field, name):
    assert list(desk.errors(desk.send(editor, url, **{field: name}))) == [field]
    assert not (Category.objects.exists() or Author.objects.exists() or Masthead.objects.exists())


@pytest.mark.parametrize(
    "nameless",
    [Category(name=INVISIBLE), Author(pen_name=INVISIBLE), Masthead(name=INVISIBLE), Masthead(citation_name=INVISIBLE)],
    ids=["category", "author", "masthead", "masthead when cited"],
)
def test_the_database_itself_takes_nothing_without_a_name(nameless):
    with pytest.raises(IntegrityError), transaction.atomic():
        nameless.save()


@pytest.mark.parametrize("name", ["Kinh tế", "kinh tế", "  KINH   TẾ ", f"Kinh{INVISIBLE} tế"])
def test_a_category_that_reads_like_another_is_refused_with_its_name(editor, name):
    make_category(name="Kinh tế")
    said = desk.errors(desk.send(editor, CATEGORY, name=name))
    assert said == {"name": ["Đã có chuyên mục “Kinh tế”. Hãy chọn tên khác."]}


def test_a_category_may_change_the_case_of_its_own_name_and_marks_tell_two_apart(editor):
    category = make_category(name="Kinh tế")
    assert desk.errors(desk.send(editor, f"/admin/news/category/{category.pk}/change/", name="KINH TẾ")) == {}
    assert desk.errors(desk.send(editor, CATEGORY, name="Kinh tê")) == {}


def test_the_places_of_categories_are_changed_in_their_list(editor):
    category = make_category(name="Kinh tế")
    total = {"form-TOTAL_FORMS": 1, "form-INITIAL_FORMS": 1}
    editor.post("/admin/news/category/", {**total, "form-0-id": category.pk, "form-0-position": 7, "_save": "1"})
    category.refresh_from_db()
    assert (category.name, category.position) == ("Kinh tế", 7)


@pytest.mark.parametrize("position", ["10000", "70000", "9" * 30])
def test_a_place_that_some_database_would_not_hold_is_refused(editor, position):
    assert "position" in desk.errors(desk.send(editor, CATEGORY, name="Kinh tế", position=position))


def test_a_name_that_is_taken_is_said_in_a_sentence(editor):
    Author.objects.create(pen_name="Minh Hiếu")
    said = desk.errors(desk.send(editor, AUTHOR, pen_name="Minh  Hiếu"))
    assert said == {"pen_name": ["Đã có tác giả “Minh Hiếu”. Hãy chọn tên khác."]}
    assert "pen_name" in desk.errors(desk.send(editor, AUTHOR, pen_name="MINH HIẾU"))
    assert (
        desk.errors(desk.send(editor, f"/admin/news/author/{Author.objects.get().pk}/change/", pen_name="MINH HIẾU"))
        == {}
    )
    make_category(name="Kinh tế")
    with pytest.raises(ValidationError, match="Đã có chuyên mục mang tên này"):
        Category(name="Kinh tế").full_clean(exclude=["slug"])


def test_two_categories_made_at_once_whose_names_fold_to_one_address_are_both_taken(editor, monkeypatch):
    """The other one is stored after we had looked which addresses are free, and before we take ours."""
    look = Category._free_slug

    def overtaken(self):
        monkeypatch.setattr(Category, "_free_slug", look)
        free = look(self)
        make_category(name="Bò")
        return free

    monkeypatch.setattr(Category, "_free_slug", overtaken)
    assert desk.errors(desk.send(editor, CATEGORY, name="Bỏ")) == {}
    assert dict(Category.objects.values_list("name", "slug")) == {"Bò": "bo", "Bỏ": "bo-2"}


UPGRADE = """
import django

django.setup()
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from news.management.commands.prepare import Command
from news.models import Article, Author, Category, Masthead

before = ("news", "0005_pictures_are_found_without_marks")
call_command("migrate", *before, verbosity=0)
call_command("migrate", "auth", verbosity=0)
old = MigrationExecutor(connection).loader.project_state(before).apps.get_model
category = old("news", "Category").objects.create(name="", slug="chuyen-muc")
old("news", "Category").objects.create(name="Kinh tế", slug="kinh-te")
article = old("news", "Article").objects.create(title="Tin", category=category)
author = old("news", "Author").objects.create(pen_name="")
old("news", "Byline").objects.create(article=article, author=author)
old("news", "Masthead").objects.create(id=1, name="", citation_name="Trang xã")
unseen = old("news", "Article").objects.create(title="\u2800 \u3164", category=category)
Command().migrate()
assert Article.objects.get(pk=unseen.pk).title == f"Chưa đặt tiêu đề {unseen.pk}"
assert Article.objects.get(pk=article.pk).title == "Tin"
assert sorted(Category.objects.values_list("name", "slug")) == [
    (f"Chưa đặt tên {category.pk}", "chuyen-muc"), ("Kinh tế", "kinh-te")
]
assert list(Author.objects.values_list("pen_name", "folded")) == [
    (f"Chưa đặt tên {author.pk}", f"chua dat ten {author.pk} ")
]
assert list(Masthead.objects.values_list("name", "citation_name")) == [("TRANG THÔNG TIN ĐIỆN TỬ", "Trang xã")]
"""


def test_what_an_older_site_took_without_a_name_is_given_one_by_the_upgrade(tmp_path):
    env = environment(tmp_path, 8000, new_database()) | {"DJANGO_SETTINGS_MODULE": "canglong_portal.settings"}
    done = subprocess.run([sys.executable, "-c", UPGRADE], cwd=ROOT, env=env, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()


def test_who_files_a_live_article_elsewhere_is_told_that_readers_see_it(editor):
    category, draft, article = make_category("Kinh tế"), make_draft(), make_article()
    said = [desk.told_after(editor, desk.send(editor, desk.address(a), category=category.pk)) for a in (draft, article)]
    assert said == ["Đã lưu nháp.", "Đã lưu nháp. Bài đã chuyển sang chuyên mục mới trên trang."]


@pytest.mark.parametrize(("button", "changes", "said"), [
    ("_publish", {}, "Bản 1 đang đăng đúng như thế này, không cần đăng lại."),
    ("_publish", {"title": "Tin sửa"}, "Đã đăng bản 2."),
    ("_schedule", {"title": "Tin sửa", "publish_at_0": "05/03/2099", "publish_at_1": "07:30"}, "Đã hẹn đăng bản 2 lúc 07:30 ngày 05/03/2099."),
    ("_withdraw", {"withdraw_reason": "Sai"}, None),
])  # fmt: skip
def test_whatever_is_done_with_a_live_article_that_it_stands_elsewhere_is_said(editor, button, changes, said):
    article = make_article()
    changes = {**changes, "category": make_category(name="Nông thôn").pk}
    told = desk.told_after(editor, desk.send(editor, desk.address(article), button, **changes))
    moved = "Bài đã chuyển sang chuyên mục mới trên trang."
    assert told == f"{said} {moved}" if said else moved not in told


def test_the_address_of_a_category_that_had_a_public_article_is_kept(editor):
    article, empty = make_article(category=make_category(name="Sẽ bỏ")), make_category(name="Chưa dùng")
    desk.send(editor, desk.address(article), category=make_category(name="Nông thôn").pk)
    for category in (Category.objects.get(name="Sẽ bỏ"), empty):
        editor.post(f"/admin/news/category/{category.pk}/delete/", {"post": "yes"})
    assert set(Category.objects.values_list("name", flat=True)) == {"Sẽ bỏ", "Nông thôn"}
    assert editor.get("/chuyen-muc/se-bo/").status_code == 200
    page = editor.get(f"/admin/news/category/{Category.objects.get(name='Sẽ bỏ').pk}/delete/").content.decode()
    assert "Địa chỉ công khai" in page


def test_a_category_that_only_a_draft_stood_in_may_be_deleted(editor):
    article = make_draft(category=make_category(name="Chỉ bản nháp"))
    desk.send(editor, desk.address(article), category=make_category(name="Nông thôn").pk)
    desk.send(editor, desk.address(article), "_publish")
    desk.send(editor, desk.address(article), category=make_category(name="Kinh tế").pk)
    for name in ("Chỉ bản nháp", "Nông thôn"):
        editor.post(f"/admin/news/category/{Category.objects.get(name=name).pk}/delete/", {"post": "yes"})
    assert set(Category.objects.values_list("name", flat=True)) == {"Nông thôn", "Kinh tế"}


def test_a_preview_that_files_a_live_article_elsewhere_says_so_at_the_desk(editor):
    article = make_article()
    desk.send(editor, desk.address(article), "_preview", category=make_category(name="Nông thôn").pk)
    told = [str(message) for message in editor.get(desk.address(article)).context["messages"]]
    assert told == ["Bài đã chuyển sang chuyên mục mới trên trang."]
