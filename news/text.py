"""Vietnamese made comparable: what is typed one way and searched another must meet."""

import re
import sys
import unicodedata
from functools import cache
from itertools import accumulate

from django.utils import timezone
from slugify import slugify

MOST_PARTS = 10  # of two document numbers in a row; each has five at most: 01/2024/TTLT-BTP-BNV
MOST_INDEXED = 900_000  # characters of one text's words, each once: beyond a megabyte PostgreSQL finds none of them, and says nothing
TOKEN_LENGTH = 64  # PostgreSQL takes no lexeme over 2 kB; no word of any language comes near this
WORD = re.compile(r"[a-z0-9]+")
NUMBERED = re.compile(r"(?<![a-z0-9])[0-9][a-z0-9]*(?:[/-][a-z0-9]+)+")  # 11/kh-ubnd, but 17/04/2024 too
ISSUED = re.compile(r"/[0-9]*[a-z]")  # what a document number has and a date lacks
DASHES = re.compile("[\u2010-\u2015\u2212]")  # Word makes them of a hyphen
# "Số: 11 /KH-UBND", where the number was written in by hand
AROUND_A_STROKE = re.compile(r"(?<=[0-9])\s{0,3}/\s{0,3}(?=[a-z0-9])")
D_WITH_STROKE = str.maketrans("đðɖ", "ddd")  # Đ, and the two that old Vietnamese keyboards wrote for it
# Control characters, what no XML may hold, and the invisible ones that split a word for a search or turn it round for a reader.
UNSEEN = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069"
    r"\ud800-\udfff\ufeff\ufffe\uffff]"
)

# On one letter, as Unicode's stream-safe text has it (UAX 15): normalising takes the square of a longer run.
MOST_MARKS = 30
NEITHER_LETTERS_NOR_ASCII = re.compile(rf"[^\w\x00-\x7f]{{{MOST_MARKS + 1},}}")  # where such a run may be

# Nothing of it is seen on its own: joiners, variation selectors, fillers, white space.
BLANK = re.compile(
    "[\\s\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0000-\U000e0fff]*"
)


def nfc(text):
    """The composed form of ``text``, without control and invisible characters (NUL among them): the form everything is stored in."""
    seen = UNSEEN.sub("", text)
    if NEITHER_LETTERS_NOR_ASCII.search(seen):
        seen = _long_run_of_marks().sub(r"\1", seen)
    return unicodedata.normalize("NFC", seen)


@cache
def _long_run_of_marks():
    """Its first ``MOST_MARKS`` are the group."""
    marks = "".join(char for char in map(chr, range(sys.maxunicode + 1)) if unicodedata.combining(char))
    return re.compile(f"([{marks}]{{{MOST_MARKS}}})[{marks}]+")


def lines(text):
    """Stored text of several lines: NFC, each line ended by one ``\\n`` however the browser sent it, nothing at the ends; nothing
    at all where nothing would be seen."""
    found = "\n".join(nfc(text).splitlines()).strip()
    return "" if BLANK.fullmatch(found) else found


def line(text):
    """One line of stored text: NFC, every run of white space one space, none at the ends; nothing at all where nothing would be seen."""
    found = " ".join(nfc(text).split())
    return "" if BLANK.fullmatch(found) else found


def fold(text):
    """``text`` in lower case without marks, đ as d: "Hoà", "hòa" and their NFD forms are all "hoa"."""
    decomposed = unicodedata.normalize("NFKD", text.lower())
    return "".join(char for char in decomposed if not unicodedata.combining(char)).lower().translate(D_WITH_STROKE)


def tokens(text):
    """The words of ``text`` as both search engines store and ask for them.

    Folded, only ``[a-z0-9]``, in order, repeats kept. A document number also gives one joined token: "11/KH-UBND"
    is ``11khubnd 11 kh ubnd``, so that it is found as one thing and by its parts.
    """
    return _tokens_of(_with_whole_numbers(text))


def findable(text):
    """What ``text`` is found by, each once: its tokens, and those of what is asked for of a document number or of two numbers in a row:
    of "147/2024/NĐ-CP" also 147/2024/NĐ, of "60km/h-80km/h" also 80km/h."""
    folded = _with_whole_numbers(text)
    parts = (re.split("([/-])", number) for number in NUMBERED.findall(folded))
    found = dict.fromkeys([*_tokens_of(folded), *(run for number in parts for run in _runs(number))])
    return [token for token, taken in zip(found, accumulate(map(len, found)), strict=True) if taken <= MOST_INDEXED]


def _with_whole_numbers(text):
    return AROUND_A_STROKE.sub("/", DASHES.sub("-", fold(text)))


def _tokens_of(folded):
    numbers = [re.sub("[/-]", "", number) for number in NUMBERED.findall(folded) if ISSUED.search(number)]
    return [word[:TOKEN_LENGTH] for word in numbers + WORD.findall(folded)]


def _runs(parts):
    """``parts``: words and the signs between them. The joined token of each run of words that begins with a figure."""
    if len(parts) >= 2 * MOST_PARTS:
        return []
    runs = (parts[start:end] for start in range(0, len(parts), 2) for end in range(start + 3, len(parts) + 1, 2))
    return ["".join(run[::2])[:TOKEN_LENGTH] for run in runs if run[0][0].isdigit() and ISSUED.search("".join(run))]


def hour(moment):
    """``moment`` as the desk says it: "08:00 ngày 05/03/2027"."""
    return timezone.localtime(moment).strftime("%H:%M ngày %d/%m/%Y")


def iso(moment):
    """``moment`` in local time to the second, as HTML takes it too: a ``<time>`` knows no microseconds."""
    return timezone.localtime(moment).isoformat(timespec="seconds")


def slug(text, fallback="bai-viet"):
    """The part of an address that readers can read: "Đèn đỏ" is ``den-do``; nothing left is ``fallback``."""
    return slugify(text, max_length=80, word_boundary=True, save_order=True) or fallback
