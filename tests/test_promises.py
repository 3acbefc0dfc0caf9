"""Promises of the whole house: each is small, and each would be broken one day without a test."""

import ast
import re

import pytest
from django.apps import apps
from django.core.management import call_command
from django.template import engines
from django.template.loader_tags import BlockNode, ExtendsNode

from tests.running_site import ROOT

PYTHON = [path for folder in ("canglong_portal", "news", "visitors") for path in (ROOT / folder).rglob("*.py")]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
STYLES = sorted((ROOT / "static/css").glob("*.css"))


def short(path):
    return str(path.relative_to(ROOT))


@pytest.mark.django_db
def test_migrations_match_the_models():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def imported(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{name.name}" for name in node.names)


def test_the_two_apps_do_not_know_each_other():
    strangers = {"news": "visitors", "visitors": "news"}
    found = [
        (short(path), name)
        for path in PYTHON
        for name in imported(path)
        if name.split(".")[0] == strangers.get(path.relative_to(ROOT).parts[0])
    ]
    assert found == []


def test_what_is_below_does_not_import_what_is_above():
    below = {"news/text.py": [], "news/html.py": ["text"], "news/images.py": ["text"]}
    for path, allowed in below.items():
        own = {name for name in imported(ROOT / path) if name.startswith("news.")}
        assert own <= {f"news.{name}" for name in allowed}, path
    for path in (ROOT / "news/models").glob("*.py"):
        below = {f"news.{name}" for name in ("models", "text", "html", "images", "printing", "search")}
        own = {".".join(name.split(".")[:2]) for name in imported(path) if name.startswith("news.")}
        assert own <= below, path


def test_one_place_asks_editions_for_their_dates_and_states():
    asked = re.compile(r"(?:\b|__)(?:published_at|ends_at|closed_at|closed_why)(?:__\w+)?=(?!=)")
    elsewhere = [
        (short(path), line.strip())
        for path in PYTHON
        if "migrations" not in path.parts and short(path) != "news/models/edition.py"
        for line in path.read_text().splitlines()
        if asked.search(line)
    ]
    assert elsewhere == []


def test_there_are_no_drawers_for_everything():
    names = {path.stem for path in PYTHON}
    assert names.isdisjoint({"utils", "helpers", "services", "mixins", "signals", "managers", "common", "misc"})


def test_no_file_is_longer_than_three_hundred_lines():
    long = [
        short(path) for path in PYTHON if "migrations" not in path.parts and len(path.read_text().splitlines()) > 300
    ]
    assert long == []


def test_the_environment_is_read_in_one_file():
    reading = [
        short(path) for path in [*PYTHON, *(ROOT / "deploy").glob("*.py")]
        if re.search(r"environ(\.get\(|\[)|getenv\(", path.read_text())
    ]  # fmt: skip
    assert reading == ["canglong_portal/settings.py"]


def test_one_place_trusts_a_string_as_html():
    trusting = [
        short(path)
        for path in PYTHON
        for _ in re.findall(r"\bmark_safe\(|SafeString\(|\.__html__|allow_tags", path.read_text())
    ]
    assert trusting == ["news/templatetags/press.py"]
    assert [short(path) for path in TEMPLATES if re.search(r"\|\s*safe\b|autoescape off", path.read_text())] == []


@pytest.mark.parametrize("path", TEMPLATES, ids=short)
def test_every_template_compiles_and_overrides_only_blocks_that_exist(path):
    name = str(path.relative_to(ROOT / "templates"))
    template = engines["django"].get_template(name).template
    extends = next(iter(template.nodelist.get_nodes_by_type(ExtendsNode)), None)
    if extends is None:
        return
    known, parent = set(), extends.parent_name.resolve({})
    while parent:
        above = engines["django"].get_template(parent).template
        known |= {block.name for block in above.nodelist.get_nodes_by_type(BlockNode)}
        further = next(iter(above.nodelist.get_nodes_by_type(ExtendsNode)), None)
        parent = further and further.parent_name.resolve({})
    assert {
        block.name for block in extends.nodelist.get_nodes_by_type(BlockNode) if block.name in extends.blocks
    } <= known


@pytest.mark.parametrize("path", TEMPLATES, ids=short)
def test_no_template_has_a_block_inside_a_condition_or_a_style_of_its_own(path):
    text = path.read_text()
    depth = 0
    for tag in re.findall(r"{%\s*(\w+)", text):
        depth += {"if": 1, "endif": -1}.get(tag, 0)
        assert not (tag == "block" and depth), "a block inside {% if %} is not conditional"
    assert not re.search(r"\sstyle=|<style|\son\w+=|<script(?![^>]*\bsrc=)(?![^>]*ld\+json)", text)


@pytest.mark.parametrize("path", STYLES, ids=short)
def test_no_style_shouts_or_names_one_element(path):
    text = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.S)
    assert "!important" not in text
    assert not re.search(r"#[a-z][\w-]*[^{};]*\{", re.sub(r":[^;{}]*;", ";", text))
    assert "url(http" not in text and "@import" not in text


def test_there_are_no_signals():
    assert [short(path) for path in PYTHON if re.search(r"@receiver|post_save|pre_save", path.read_text())] == []


def test_every_model_of_ours_is_called_something_in_vietnamese():
    for app in ("news", "visitors"):
        for model in apps.get_app_config(app).get_models():
            if model.__name__ in ("Seen", "Salt", "Batch") or model.__name__.startswith("Historical"):
                continue  # never on a screen
            assert model._meta.verbose_name != model.__name__.lower(), model
