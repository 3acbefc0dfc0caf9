"""Cleaned HTML as it is printed."""

import re
from collections.abc import Callable
from html import escape, unescape
from html.parser import HTMLParser

from news import html

HEADING = re.compile("<(/?)(h[2-4])>")
CELL = {"td", "th"}
# Characters of a cell that is not squeezed to a word a line (static/css/components.css)
ROOM = {"words": 40, "phrase": 15}
HOLDS_FIGURES = {"li", "td", "th", "caption", "blockquote"}
PHRASING = {
    "p",
    "h2",
    "h3",
    "h4",
    "strong",
    "em",
    "u",
    "s",
    "sub",
    "sup",
    "a",
}  # hold words: no figure may stand in one


def typeset(body, figure: Callable[[html.BodyImage], str]):
    """``body`` as it is printed: each picture replaced by ``figure(image)``, standing outside any paragraph, tables scrolling; no
    level of its headings skipped, no item outside a list, and no link without an address or to a place in the text, for none has a name."""
    setter = _Setter(html.images(body), figure)
    setter.feed(body)
    setter.close()
    return _outlined(html.without_empty("".join(setter.out))).strip()


def _outlined(body):
    """Each heading one level below the nearest higher one before it, or below the title, which is the h1."""
    above, opened = [], []  # what the next heading may stand below; what is printed for those not closed yet

    def printed(match):
        if match[1]:
            return f"</{opened.pop()}>"
        while above and above[-1] >= match[2]:
            above.pop()
        above.append(match[2])
        opened.append(f"h{len(above) + 1}")
        return f"<{opened[-1]}>"

    return HEADING.sub(printed, body)


def _linked(figure, link):
    """``figure`` with its picture, and not its caption, in ``link``, the start of an ``<a>``; one that is read to nobody is no link."""
    if not link or ' alt="" ' in figure:
        return figure
    return figure.replace("<picture>", f"{link}<picture>", 1).replace("</picture>", "</picture></a>", 1)


class _Setter(HTMLParser):
    """Prints cleaned HTML again, with its pictures and tables as readers get them."""

    def __init__(self, pictures, figure):
        super().__init__(convert_charrefs=False)
        self.out, self.pictures, self.figure, self.in_figure = [], iter(pictures), figure, False
        self.link = ""  # the start of the one that is open in a figure
        self.open = []  # of each tag its name, and its start and end as they are printed
        self.read = 0  # characters so far
        self.cells = []  # of each cell that is open, where in ``out`` its start stands, and what had been read before it

    def handle_starttag(self, tag, attrs):
        if tag == "figure":
            self.in_figure = True
        elif tag == "img":
            self._picture()
        elif tag == "a" and self.in_figure:
            self.link = self._printed(tag, dict(attrs))[0]
        elif not self.in_figure:
            if tag == "table":
                self.out.append('<div class="table-scroll" role="region" aria-label="Bảng" tabindex="0">')
            start, end = self._printed(tag, dict(attrs))
            if tag in CELL:
                self.cells.append((len(self.out), self.read))
            self.out.append(start)
            if tag not in html.VOID:
                self.open.append((tag, start, end))

    def handle_endtag(self, tag):
        if tag == "figure":
            self.in_figure, self.link = False, ""
        elif tag == "a" and self.in_figure:
            self.link = ""
        elif not self.in_figure and tag not in html.VOID:
            self.out.append(self.open.pop()[2] if self.open and self.open[-1][0] == tag else f"</{tag}>")
            if tag in CELL:
                self._make_room(*self.cells.pop())
            if tag == "table":
                self.out.append("</div>")

    def _printed(self, tag, attrs):
        """The start and the end of ``tag`` in print."""
        if tag == "li" and not (self.open and self.open[-1][0] in ("ul", "ol")):
            if self.out[-1:] == ["</li></ul>"]:  # it follows another of its kind
                self.out[-1] = "</li>"
                return "<li>", "</li></ul>"
            return "<ul><li>", "</li></ul>"
        if tag == "a" and (attrs.get("href") or "#").startswith("#"):
            return "", ""
        return self.get_starttag_text(), f"</{tag}>"

    def _make_room(self, start, before):
        kind = next((kind for kind, most in ROOM.items() if self.read - before > most), None)
        if kind:
            self.out[start] = f'{self.out[start][:3]} class="prose__{kind}"{self.out[start][3:]}'

    def handle_data(self, data):
        if not self.in_figure:
            self.read += len(data)
            self.out.append(escape(unescape(data), quote=False))

    def handle_entityref(self, name):
        self.handle_data(f"&{name};")

    def handle_charref(self, name):
        self.handle_data(f"&#{name};")

    def _picture(self):
        """Closes what holds words around the picture and opens it again: a figure may not stand in one. What stands around a whole
        item or cell is left as it is: closing it would tear the list or the table."""
        held = max((place for place, (tag, *_) in enumerate(self.open, 1) if tag in HOLDS_FIGURES), default=0)
        closed = []
        while any(tag in PHRASING for tag, *_ in self.open[held:]):
            closed.append(self.open.pop())
            self.out.append(closed[-1][2])
        link = next((start for tag, start, _ in closed if tag == "a"), self.link)
        self.out.append(_linked(self.figure(next(self.pictures)), link))
        for opened in reversed(closed):
            self.out.append(opened[1])
            self.open.append(opened)
