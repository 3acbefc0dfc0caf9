"""The real article and the real footer, word for word; and a sample that leaves no trace when it is taken out."""

import html
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from news import images
from news.html import plain
from news.models import Article, Author, Byline, Category, Edition, Masthead, Picture
from news.sample import content, pictures
from tests.factories import make_article, make_category, make_draft, make_picture

pytestmark = pytest.mark.django_db
TEXT = (content.HERE / "cchc-2024.txt").read_text().strip().split("\n\n")
FOOTER = (content.HERE / "footer.txt").read_text().splitlines()


@pytest.fixture(autouse=True, scope="module")
def each_drawing_is_encoded_once():
    encode, known = images.encode, {}

    def encode_once(file):
        if file.name not in pictures.DRAWN:
            return encode(file)
        if file.name not in known:
            known[file.name] = encode(file)
        return known[file.name]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(images, "encode", encode_once)
        yield


@pytest.fixture
def loaded():
    call_command("load_sample", verbosity=0)


def rows():
    """How many rows each table holds, but those that Django fills by itself."""
    own = [
        model
        for app in ("news", "visitors")
        for model in apps.get_app_config(app).get_models(include_auto_created=True)
    ]
    return {model.__name__: model.objects.count() for model in own if not model.__name__.startswith("Historical")}


def indexed():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM news_search" if connection.vendor == "sqlite" else "SELECT count(*) FROM news_edition"
        )
        return cursor.fetchone()[0]


def files():
    return {path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()}


def visible(markup):
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", markup)).split())


def the_plan():
    return Edition.objects.get(title=TEXT[0])


def test_the_plan_is_stored_word_for_word(loaded):
    edition = the_plan()
    assert [edition.title, edition.summary, *re.findall("<p>(.*?)</p>", edition.body), edition.byline] == TEXT
    assert edition.dated == "20/02/2024 08:00"


def test_the_plan_is_read_paragraph_for_paragraph_and_its_summary_once(loaded, client):
    page = client.get(the_plan().path).content.decode()
    article = re.search(r'<article class="article">(.*?)</article>', page, re.S)[1]
    assert [visible(paragraph) for paragraph in re.findall("<p>(.*?)</p>", article, re.S)] == TEXT[2:-1]
    for part in TEXT:
        assert visible(article).count(part) >= 1
    assert visible(article).count(TEXT[1]) == 1


def test_the_footer_stands_on_the_page_word_for_word(loaded, client):
    footer = re.search(r"<footer.*?</footer>", client.get("/").content.decode(), re.S)[0]
    for line in FOOTER[5:]:
        assert line in visible(footer)


def test_every_sample_says_that_it_is_one(loaded):
    others = Edition.objects.exclude(title=TEXT[0])
    assert len(others) >= 12
    assert all(edition.title.startswith("Bài mẫu: ") and "Đây là bài mẫu" in plain(edition.body) for edition in others)


def test_every_category_has_something_to_read(loaded):
    assert not Category.objects.filter(articles=None).exists()


def test_loading_twice_is_loading_once(loaded):
    before, stored = rows(), files()
    call_command("load_sample", verbosity=0)
    assert (rows(), files()) == (before, stored)


def test_taking_it_out_leaves_nothing():
    before = rows()
    call_command("load_sample", verbosity=0)
    assert rows() != before
    call_command("remove_sample", verbosity=0)
    assert rows() == before
    assert indexed() == 0
    assert Article.history.count() == 0


def test_taking_it_out_takes_its_files_along(django_capture_on_commit_callbacks):
    keys = [content.key(name).hex for name in pictures.DRAWN]
    call_command("load_sample", verbosity=0)
    assert {path.name[:32] for path in files()}.issuperset(keys)
    with django_capture_on_commit_callbacks(execute=True):
        call_command("remove_sample", verbosity=0)
    assert {path.name[:32] for path in files()}.isdisjoint(keys)


def test_what_the_office_wrote_and_what_it_uses_stays(loaded):
    mine = make_article(title="Tin của huyện", category=Category.objects.get(name="Kinh tế"))
    drawing = Picture.objects.get(key=content.key("rice").hex)
    make_draft(title="Bản nháp dùng tranh mẫu", lead_picture=drawing)
    own_picture = make_picture()
    masthead = Masthead.current()
    masthead.email = "lienhe@example.gov.vn"
    masthead.save()
    call_command("remove_sample", verbosity=0)
    assert list(Edition.objects.values_list("article", flat=True)) == [mine.pk]
    assert set(Picture.objects.all()) == {drawing, own_picture}
    assert Category.objects.filter(name="Kinh tế").exists()
    assert not Category.objects.filter(name="Nông thôn mới").exists()
    assert Masthead.objects.exists()


def test_a_sample_that_the_office_published_withdrew_or_filed_anew_is_its_own(loaded, capsys):
    changed = list(Article.objects.filter(title__startswith="Bài mẫu")[:4])
    pictured, withdrawn, filed, signed = changed
    pictured.lead_picture = make_picture()
    pictured.save()
    withdrawn.withdraw("Chỉ là bài mẫu")
    filed.category = make_category("Của huyện")
    filed.save()
    Byline.objects.create(article=signed, author=Author.objects.create(pen_name="Người của huyện"))
    for article in (pictured, signed):
        article.publish()
    kept = Edition.objects.filter(article__in=changed).count()
    call_command("remove_sample", verbosity=0)
    assert set(Article.objects.all()) == set(changed) and Edition.objects.count() == kept
    told = capsys.readouterr().out
    assert all(f"article {article.pk}, {article}" in told for article in changed)


def test_a_figure_from_elsewhere_is_not_the_samples_to_take(loaded):
    call_command("carry_over", total=5, as_of=content.START["as_of"], source="sổ của huyện", verbosity=0)
    call_command("remove_sample", verbosity=0)
    assert apps.get_model("visitors", "Start").objects.get().value == 5
