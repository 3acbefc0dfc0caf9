"""Vietnamese made comparable: whatever way a word is typed, it meets itself."""

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from news import text

VIETNAMESE = st.text(alphabet="aàảãáạăằâầđĐeêềơờưừyỳAÀĂÂĐ hoòáa'-/1200KHUBND", max_size=60)


@pytest.mark.parametrize(
    ("one", "other"),
    [("hoà", "hòa"), ("Càng Long", "cang long"), ("ĐƯỜNG", "duong"), ("thuỷ", "thủy"), ("Nguyễn", "nguyen"),
     ("\u00d0ường", "Đường")],
)  # fmt: skip
def test_two_spellings_of_one_word_fold_to_the_same(one, other):
    assert text.fold(one) == text.fold(other)
    assert text.fold(unicodedata.normalize("NFD", one)) == text.fold(other)


@pytest.mark.parametrize(
    "unseen", ["\u200c", "\u200d", "\u2800", "\u3164", "\u115f", "\ufe0f", "\u034f", "\U000e0041", " \u200c \u3164 "]
)
def test_a_line_of_what_nobody_can_see_is_empty_and_signs_keep_what_joins_them(unseen):
    assert text.line(unseen) == text.lines(f"{unseen}\n{unseen}") == ""
    assert (
        text.line(f"a{unseen.strip()}b") != ""
        and text.line("👨\u200d👩\u200d👧 ❤\ufe0f") == "👨\u200d👩\u200d👧 ❤\ufe0f"
    )


def test_different_letters_do_not_fold_to_the_same():
    assert text.fold("đa") != text.fold("ta")


def test_a_document_number_is_found_as_one_thing_and_by_its_parts():
    assert text.tokens("Kế hoạch số 11/KH-UBND") == ["11khubnd", "ke", "hoach", "so", "11", "kh", "ubnd"]
    assert text.tokens("147/2024/NĐ-CP")[0] == "1472024ndcp"


@pytest.mark.parametrize("dash", "\u2010\u2011\u2012\u2013\u2014\u2212")
def test_a_document_number_is_the_same_with_the_dash_that_a_word_processor_makes_of_a_hyphen(dash):
    assert text.tokens(f"11/KH{dash}UBND") == text.tokens("11/KH-UBND")


@pytest.mark.parametrize("typed", ["11 /KH-UBND", "11/ KH-UBND", "11\u00a0/ KH-UBND", "11  /KH–UBND"])
def test_a_document_number_with_spaces_around_its_stroke_is_the_same(typed):
    assert text.tokens(typed) == text.findable("11/KH-UBND")[:4] == text.tokens("11/KH-UBND")
    assert "11kh" in text.findable(typed)


@pytest.mark.parametrize("unit", ["1 / ", "1", "1/", "1-", "1/1-", "1/a-", "a1/", "1/1a"])
def test_what_looks_like_a_number_without_end_takes_no_time(unit):
    began = time.process_time()
    text.findable(unit * (200_000 // len(unit)))
    assert time.process_time() - began < 1


@pytest.mark.parametrize("form", ["{0}", "{0} {0}", "a{0}\u2028b{0}"])
def test_marks_without_end_on_a_letter_take_no_time_and_thirty_of_them_stay(form):
    """To put them in their order takes the square of their number; Unicode's stream-safe text has thirty at most."""
    few, many = form.format("\u0300\u0316" * 15), form.format("\u0300\u0316" * 100_000)
    began = time.process_time()
    assert text.nfc(many) == text.nfc(few) and text.nfc(text.nfc(many)) == text.nfc(many)
    assert time.process_time() - began < 1
    assert text.nfc("─" * 100 + "e\u0323\u0302") == "─" * 100 + "ệ"


@pytest.mark.parametrize("plain", ["19/02", "17/04/2024", "2024-2025", "và/hoặc", "24/7"])
def test_a_date_or_a_range_is_no_document_number(plain):
    assert "".join(char for char in text.fold(plain) if char.isalnum()) not in text.tokens(plain)


def test_operators_and_quotes_are_not_words():
    assert text.tokens("\"cải\" AND (cách) OR * NEAR/3 'x'; --") == ["cai", "and", "cach", "or", "near", "3", "x"]


def test_a_word_without_end_is_cut_so_that_the_index_takes_it():
    assert text.tokens("a" * 5000) == ["a" * text.TOKEN_LENGTH]


@given(VIETNAMESE)
def test_text_and_query_give_the_same_tokens_in_any_normal_form_and_case(words):
    wanted = text.tokens(words)
    assert text.tokens(unicodedata.normalize("NFD", words)) == wanted
    assert text.tokens(unicodedata.normalize("NFC", words).upper()) == wanted


@pytest.mark.parametrize(
    ("title", "slug"),
    [("Đèn đỏ", "den-do"), ("Ủy ban nhân dân", "uy-ban-nhan-dan"), ("!!!", "bai-viet"), ("", "bai-viet")],
)
def test_a_slug_can_be_read_and_is_never_empty(title, slug):
    assert text.slug(title) == slug


def test_a_long_slug_ends_with_a_whole_word():
    slug = text.slug("cải cách hành chính " * 20)
    assert len(slug) <= 80
    assert not slug.endswith("-")
    assert set(slug.split("-")) == {"cai", "cach", "hanh", "chinh"}


def test_what_is_stored_is_composed_and_without_control_characters():
    assert text.nfc("hòa\x00 bình\x07\n") == "hòa bình\n"
    assert text.nfc("a\x80\u200e\u200f\ufffe\uffff\udcffb") == "ab"
    assert text.line("  Càng \n Long  ") == "Càng Long"
