"""Where the words that a reader looked for stand: the passage of a text that holds most of them, and each of them marked."""

import re
from itertools import groupby

from django.db.models.functions import Left
from django.utils.html import format_html, format_html_join

from news import html, text
from news.models import Edition

MOST_READ = 20_000  # characters of a body that are looked through: what stands further on is found, and not shown
CLOSE = 30  # words within which those that were looked for stand together
BEFORE = 6  # words that are shown before the first of them
UNFINISHED = re.compile(r"<[^<>]*\Z")  # a tag that was cut through
WITHOUT_SIGNS = re.compile(r"\w(?:.*\w)?", re.DOTALL)  # from the first letter to the last


def show(hits, query):
    """Give each of ``hits``, a page of editions that hold ``query``, its title and extract as HTML with what was looked for marked:
    ``marked_title``, ``marked_extract``. Where these do not hold every word, the extract is a passage of the body."""
    wanted = set(text.tokens(query))
    unclear = [hit.pk for hit in hits if not wanted <= set(text.tokens(f"{hit.title} {hit.extract}"))]
    passages = {pk: passage(body, wanted) for pk, body in _bodies(unclear)}
    for hit in hits:
        hit.marked_title = marked(hit.title, wanted)
        hit.marked_extract = marked(passages.get(hit.pk) or hit.extract, wanted)


def _bodies(pks):
    """The number and the text of the body of each edition of ``pks``: no query for none."""
    rows = Edition.objects.filter(pk__in=pks).values_list("pk", Left("body", MOST_READ))
    return [(pk, html.plain(UNFINISHED.sub("", start))) for pk, start in rows]


def passage(words, wanted):
    """The part of the text ``words`` where most of the tokens ``wanted`` stand closest together; ``None`` where none does."""
    words = words.split()
    places = _places(words, wanted)
    if not places:
        return None
    start = max(0, max(places, key=lambda place: _closeness(places, place)) - BEFORE)
    return "… " * (start > 0) + html.extract(" ".join(words[start:]))


def _closeness(places, first):
    """How many tokens a passage from the word ``first`` on holds, and, negative, how far from it the last of them stands."""
    held, last = set(), first
    for place in range(first, first + CLOSE):
        if not held.issuperset(places.get(place, ())):
            held |= places[place]
            last = place
    return len(held), first - last


def marked(words, wanted):
    """The text ``words`` as HTML, with the tokens ``wanted`` in ``<mark>``, neighbours in one."""
    words = words.split()
    places = _places(words, wanted)
    runs = groupby(enumerate(words), key=lambda numbered: numbered[0] in places)
    return format_html_join(" ", "{}", ((_run(" ".join(word for _, word in run), is_hit),) for is_hit, run in runs))


def _run(words, is_hit):
    letters = WITHOUT_SIGNS.search(words) if is_hit else None
    if letters is None:
        return words
    return format_html("{}<mark>{}</mark>{}", words[: letters.start()], letters[0], words[letters.end() :])


def _places(words, wanted):
    """The number of each of ``words`` that holds some of the tokens ``wanted``, with those."""
    folded = text.fold(" ".join(words)).split(" ")
    if len(folded) != len(words):  # a sign like ´ folds into a space: one by one, which takes twice as long
        folded = map(text.fold, words)
    held = ((number, wanted.intersection(text.WORD.findall(word))) for number, word in enumerate(folded))
    return {number: tokens for number, tokens in held if tokens}
