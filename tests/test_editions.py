"""At every instant an article has at most one live edition, and what was public stays as it was."""

from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from news.models import Article, Author, Byline, CannotPublish, Edition
from tests.factories import NINE, make_article, make_draft

pytestmark = pytest.mark.django_db
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
AFTER = NINE + 365 * DAY


def rewrite(article, words, **fields):
    article.refresh_from_db()
    article.body = f"<p>{words}</p>"
    for name, value in fields.items():
        setattr(article, name, value)
    article.save()


def live_numbers(article, at):
    return list(Edition.objects.live(at).filter(article=article).values_list("number", flat=True))


def codes(refusal):
    return {error.code for error in refusal.value.error_list} if hasattr(refusal.value, "error_list") else set()


def test_publishing_makes_the_first_edition_live_from_that_instant_on():
    article = make_draft()
    edition = article.publish(now=NINE)
    assert (edition.number, edition.published_at) == (1, NINE)
    assert live_numbers(article, NINE) == [1]
    assert live_numbers(article, NINE - MINUTE) == []


def test_the_desk_copy_changes_and_the_edition_does_not():
    article = make_draft()
    edition = article.publish(now=NINE)
    rewrite(article, "Câu khác", title="Tiêu đề khác")
    edition.refresh_from_db()
    assert "khác" not in edition.title + edition.body


def test_what_came_by_no_form_and_no_save_is_cleaned_before_it_is_public():
    draft = make_draft()
    Article.objects.filter(pk=draft.pk).update(body="<p>Chữ<script>alert(1)</script></p>")
    assert draft.publish(now=NINE).body == "<p>Chữ</p>"


def test_an_article_has_a_title_that_can_be_seen():
    with pytest.raises(IntegrityError), transaction.atomic():
        make_draft(title=" \u200b\u3164")
    article = make_draft()
    article.title = "\u200c"
    assert list(article.problems()) == ["title"]


def test_a_list_of_editions_is_in_the_order_of_its_numbers_by_their_own_table_alone():
    assert "JOIN" not in str(Edition.objects.all().query)


def test_a_correction_follows_on_without_gap_or_overlap():
    article = make_draft()
    article.publish(now=NINE)
    rewrite(article, "Đã sửa")
    second = article.publish(now=NINE + HOUR, note="Sửa số liệu")
    first = article.editions.get(number=1)
    assert (first.closed_at, first.closed_why) == (second.published_at, "superseded")
    assert live_numbers(article, NINE + HOUR - MINUTE) == [1]
    assert live_numbers(article, NINE + HOUR) == [2]
    assert second.first_published_at == NINE


def test_nothing_new_makes_no_edition_and_says_so():
    article = make_draft()
    article.publish(now=NINE)
    with pytest.raises(CannotPublish, match="Không có gì khác với bản 1"):
        article.publish(now=NINE + HOUR)
    assert article.editions.count() == 1


def test_a_scheduled_edition_is_live_from_its_hour_without_anyone_doing_anything():
    article = make_draft()
    article.publish(NINE + DAY, now=NINE)
    assert live_numbers(article, NINE + DAY - MINUTE) == []
    assert live_numbers(article, NINE + DAY) == [1]


def test_while_an_edition_waits_no_other_one_is_taken():
    article = make_draft()
    article.publish(NINE + DAY, now=NINE)
    rewrite(article, "Khác")
    for hour in (NINE + 2 * DAY, None):
        with pytest.raises(CannotPublish, match="Bài đã hẹn đăng lúc 09:00 ngày 21/02/2024"):
            article.publish(hour, now=NINE + HOUR)
    assert article.editions.count() == 1


def test_cancelling_reopens_the_predecessor_and_uses_up_the_number():
    article = make_draft()
    article.publish(now=NINE)
    rewrite(article, "Bản hẹn")
    article.publish(NINE + DAY, now=NINE + HOUR)
    article.cancel_schedule(now=NINE + 2 * HOUR)
    assert live_numbers(article, NINE + 2 * DAY) == [1]
    assert not Edition.objects.citable(NINE + 2 * DAY).filter(number=2)
    assert article.publish(now=NINE + 3 * HOUR).number == 3


def test_cancelling_does_not_bring_back_what_was_withdrawn():
    article = make_draft()
    article.publish(now=NINE)
    article.withdraw("Sai số liệu", now=NINE + HOUR)
    rewrite(article, "Viết lại")
    article.publish(NINE + DAY, now=NINE + 2 * HOUR)
    article.cancel_schedule(now=NINE + 3 * HOUR)
    assert live_numbers(article, NINE + 2 * DAY) == []


def test_there_is_nothing_to_cancel_once_the_hour_has_come():
    article = make_draft()
    article.publish(NINE + HOUR, now=NINE)
    with pytest.raises(CannotPublish, match="không có lịch hẹn"):
        article.cancel_schedule(now=NINE + HOUR)


def test_withdrawing_closes_with_a_reason_and_leaves_the_past_as_it_was():
    article = make_draft()
    article.publish(now=NINE)
    article.withdraw("Sai số liệu", now=NINE + HOUR)
    assert live_numbers(article, NINE + HOUR) == []
    assert live_numbers(article, NINE + HOUR - MINUTE) == [1]
    gone = Edition.objects.gone(NINE + HOUR).get(article=article)
    assert (gone.closed_why, gone.closed_reason) == ("withdrawn", "Sai số liệu")


def test_what_is_withdrawn_at_the_instant_of_its_publication_is_gone_with_its_reason():
    article = make_draft()
    article.publish(now=NINE)
    article.withdraw("Sai số liệu", now=NINE)
    assert live_numbers(article, NINE) == []
    assert Edition.objects.gone(NINE).get(article=article).closed_reason == "Sai số liệu"


def test_withdrawing_also_cancels_the_edition_that_waits():
    article = make_draft()
    article.publish(now=NINE)
    rewrite(article, "Bản hẹn")
    article.publish(NINE + DAY, now=NINE + HOUR)
    article.withdraw("Sai", now=NINE + 2 * HOUR)
    assert live_numbers(article, NINE + 2 * DAY) == []


def test_nothing_is_withdrawn_without_a_reason_or_without_a_live_edition():
    article = make_draft()
    with pytest.raises(CannotPublish, match="không đang được đăng"):
        article.withdraw("Lý do", now=NINE)
    article.publish(now=NINE)
    with pytest.raises(CannotPublish, match="lý do gỡ bài"):
        article.withdraw("   ", now=NINE + HOUR)
    assert live_numbers(article, NINE + HOUR) == [1]


def test_an_edition_ends_by_itself_and_can_be_published_again_unchanged():
    article = make_draft(ends_at=NINE + DAY)
    article.publish(now=NINE)
    assert live_numbers(article, NINE + DAY) == []
    assert Edition.objects.gone(NINE + DAY).get().closed_why == ""
    rewrite(article, "Gia hạn", ends_at=None)
    assert article.publish(now=NINE + 2 * DAY).number == 2
    assert live_numbers(article, NINE + 2 * DAY) == [2]
    assert not Edition.objects.gone(NINE + 2 * DAY)


def test_a_preview_of_a_picture_that_is_gone_is_a_page_and_publishing_it_is_refused():
    article = make_draft(body=f'<p>a</p><p><img src="/media/anh/ab/{"a" * 32}-480.jpg" alt="x"></p>')
    edition = Edition.of(article)
    edition.first_published_at = NINE
    edition.article.slug = "x"
    edition.typeset()
    assert edition.body_html == "<p>a</p>"
    with pytest.raises(CannotPublish, match="không còn trong kho ảnh"):
        article.publish(now=NINE)


def test_a_text_by_a_whole_class_is_published_with_every_name():
    article = make_draft()
    for n in range(12):
        author = Author.objects.create(pen_name=f"{n} {'Tôn Nữ Thị Ninh ' * 7}")
        Byline.objects.create(article=article, author=author)
    assert article.publish(now=NINE).byline.count("Tôn Nữ") == 84


def test_an_end_before_the_beginning_is_refused():
    article = make_draft(ends_at=NINE)
    with pytest.raises(CannotPublish, match="Giờ hạ bài phải sau giờ đăng"):
        article.publish(now=NINE)


def test_an_old_article_may_be_moved_in_at_its_own_date_but_history_is_not_rewritten():
    article = make_draft()
    article.publish(NINE - 30 * DAY, now=NINE)
    assert live_numbers(article, NINE - 29 * DAY) == [1]
    rewrite(article, "Khác")
    with pytest.raises(CannotPublish, match="Giờ đăng đã qua"):
        article.publish(NINE - DAY, now=NINE)


def test_first_publication_is_kept_by_corrections_and_begins_anew_after_a_withdrawal():
    article = make_draft()
    article.publish(now=NINE)
    article.withdraw("Sai", now=NINE + HOUR)
    rewrite(article, "Viết lại")
    assert article.publish(now=NINE + DAY).first_published_at == NINE + DAY


def test_the_address_is_settled_by_the_first_publication():
    article = make_draft(title="Tên đầu")
    article.publish(NINE + DAY, now=NINE)
    article.cancel_schedule(now=NINE)
    rewrite(article, "Thân bài", title="Tên thứ hai")
    edition = article.publish(now=NINE + HOUR)
    assert edition.path == f"/bai-viet/{article.pk}-ten-thu-hai/"
    article.withdraw("Sai", now=NINE + 2 * HOUR)
    rewrite(article, "Thân bài", title="Tên thứ ba")
    assert article.publish(now=NINE + 3 * HOUR).path == edition.path


def test_a_copy_read_before_the_first_publication_does_not_undo_the_address_when_it_is_saved():
    article = make_draft(title="Tên đầu")
    stale = Article.objects.get(pk=article.pk)
    path = article.publish(now=NINE).path
    stale.title = "Tên thứ hai"
    stale.save()
    stale.refresh_from_db()
    assert stale.get_absolute_url() == path == stale.publish(now=NINE + HOUR).path


def test_two_copies_of_one_article_that_are_saved_are_two_saves_with_a_number_each():
    article = make_draft()
    one, other = Article.objects.get(pk=article.pk), Article.objects.get(pk=article.pk)
    one.save(), other.save()
    assert (article.version, one.version, other.version) == (1, 2, 3)
    assert Article.objects.get(pk=article.pk).version == 3
    assert article.history.count() == 3


def test_withdrawn_editions_are_not_citable_and_the_others_are_while_one_is_live():
    article = make_draft()
    article.publish(now=NINE)
    rewrite(article, "Hai")
    article.publish(now=NINE + HOUR)
    article.withdraw("Sai", now=NINE + 2 * HOUR)
    assert not Edition.objects.citable(NINE + 2 * HOUR)
    rewrite(article, "Ba")
    article.publish(now=NINE + 3 * HOUR)
    assert list(Edition.objects.citable(NINE + 3 * HOUR).values_list("number", flat=True)) == [1, 3]


def test_what_an_edition_says_cannot_be_saved_over_or_deleted():
    edition = make_draft().publish(now=NINE)
    edition.title = "Khác"
    everything = Edition.objects.all()
    acts = [
        edition.save,
        edition.delete,
        everything.delete,
        edition.article.delete,
        edition.article.editions.all().delete,
    ]
    acts += [lambda: everything.update(title="Khác"), lambda: everything.bulk_update([edition], ["title"])]
    acts += [
        lambda: edition.save(update_fields=["title"]),
        lambda: everything.update_or_create(pk=edition.pk, defaults={"title": "Khác"}),
    ]
    for act in acts:
        with pytest.raises((ValidationError, IntegrityError)), transaction.atomic():
            act()
    edition.refresh_from_db()
    assert edition.title != "Khác"


@pytest.mark.parametrize(
    "change",
    [
        {"number": 1},
        {"closed_at": None, "closed_why": ""},
        {"ends_at": NINE - DAY},
        {"closed_at": NINE - DAY},
        {"closed_at": NINE + DAY, "closed_why": ""},
        {"closed_at": NINE + DAY, "closed_why": "cancelled"},
    ],
)
def test_the_database_itself_refuses_what_must_not_be(change):
    article = make_draft()
    article.publish(now=NINE)
    rewrite(article, "Hai")
    article.publish(now=NINE + HOUR)
    target = article.editions.filter(number=2 if "number" in change else 1)
    with pytest.raises(IntegrityError), transaction.atomic():
        QuerySet.update(target, **change)  # past the refusal of EditionQuerySet


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["publish", "schedule", "end", "correct", "withdraw", "cancel", "again"]),
        st.integers(min_value=0, max_value=4),  # hours that pass before it
        st.integers(min_value=0, max_value=6),  # hours ahead, of a schedule or an end
    ),
    max_size=14,
)


def act(article, step, now, ahead):
    """One wish of an editor. What cannot be is refused, and a refusal changes nothing."""
    if step == "schedule":
        rewrite(article, f"Hẹn {now}")
        return article.publish(now + ahead, now=now)
    if step == "end":
        rewrite(article, f"Hết hạn {now}", ends_at=now + ahead)
        return article.publish(now=now)
    if step == "correct":
        rewrite(article, f"Sửa {now}", ends_at=None)
        return article.publish(now=now)
    if step == "withdraw":
        return article.withdraw("Lý do", now=now)
    if step == "cancel":
        return article.cancel_schedule(now=now)
    return article.publish(now=now)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
def test_at_every_instant_at_most_one_edition_is_live_and_the_past_never_changes(steps):
    article, now, seen = make_draft(), NINE, {}
    for step, pause, ahead in steps:
        now += pause * HOUR
        before = list(article.editions.order_by("number").values())
        try:
            act(article, step, now, ahead * HOUR)
        except CannotPublish:
            assert list(article.editions.order_by("number").values()) == before
        seen[now] = live_numbers(article, now)
    begun_or_closed = article.editions.values_list("published_at", "closed_at", "ends_at")
    for instant in {moment for row in begun_or_closed for moment in row if moment} | {NINE, AFTER}:
        assert len(live_numbers(article, instant)) <= 1
        assert len(live_numbers(article, instant - MINUTE)) <= 1
        gone = Edition.objects.gone(instant).filter(article=article).count()
        citable = Edition.objects.citable(instant).filter(article=article)
        assert not (gone and citable)
        assert gone <= 1
    for instant, numbers in list(seen.items())[:-1]:
        assert live_numbers(article, instant) == numbers


@pytest.mark.django_db
def test_an_edition_is_public_from_the_moment_its_article_was_ours_and_not_from_before_the_wait(monkeypatch):
    take_turns = QuerySet.select_for_update
    with time_machine.travel(NINE, tick=False) as clock:

        def wait(rows):
            clock.shift(60)
            return take_turns(rows)

        article = make_draft()
        monkeypatch.setattr(QuerySet, "select_for_update", wait)
        assert article.publish().published_at == NINE + timedelta(minutes=1)


@pytest.mark.django_db
def test_what_is_derived_is_saved_with_whatever_is_named():
    article, author = make_article(), Author.objects.create(pen_name="Minh Hiếu")
    Article.objects.filter(pk=article.pk).update(body="<p>Của người khác.</p>")
    article.title, author.pen_name = "Tên mới", "Thu Hà"
    article.save(update_fields=["title"])
    author.save(update_fields=["pen_name"])
    for stored in (article, author):
        stored.refresh_from_db()
    assert article.folded.startswith("ten moi") and article.version == 2 and author.folded == "thu ha "
    assert article.body == "<p>Của người khác.</p>"
