"""Vietnamese made comparable: what is typed one way and searched another must meet."""

import re
import unicodedata

from slugify import slugify

TOKEN_LENGTH = 64  # PostgreSQL takes no lexeme over 2 kB; no word of any language comes near this
WORD = re.compile(r"[a-z0-9]+")
DOCUMENT_NUMBER = re.compile(r"\d[a-z0-9]*(?:[/-][a-z0-9]+)*/[a-z0-9]*[a-z][a-z0-9]*(?:[/-][a-z0-9]+)*")
# Control characters, and the invisible ones that split a word for a search or turn it round for a reader.
UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u00ad\u200b\u202a-\u202e\u2060\u2066-\u2069\ufeff]")


def nfc(text):
    """The composed form of ``text``, without control and invisible characters (NUL among them): the form everything is stored in."""
    return unicodedata.normalize("NFC", UNSEEN.sub("", text))


def line(text):
    """One line of stored text: NFC, every run of white space one space, none at the ends."""
    return " ".join(nfc(text).split())


def fold(text):
    """``text`` in lower case without marks, đ as d: "Hoà", "hòa" and their NFD forms are all "hoa"."""
    decomposed = unicodedata.normalize("NFKD", text.lower())
    return "".join(char for char in decomposed if not unicodedata.combining(char)).replace("đ", "d").lower()


def tokens(text):
    """The words of ``text`` as both search engines store and ask for them.

    Folded, only ``[a-z0-9]``, in order, repeats kept. A document number also gives one joined token: "11/KH-UBND"
    is ``11khubnd 11 kh ubnd``, so that it is found as one thing and by its parts.
    """
    folded = fold(text)
    numbers = [re.sub("[^a-z0-9]", "", number) for number in DOCUMENT_NUMBER.findall(folded)]
    return [word[:TOKEN_LENGTH] for word in numbers + WORD.findall(folded)]


def slug(text, fallback="bai-viet"):
    """The part of an address that readers can read: "Đèn đỏ" is ``den-do``; nothing left is ``fallback``."""
    return slugify(text, max_length=80, word_boundary=True, save_order=True) or fallback
