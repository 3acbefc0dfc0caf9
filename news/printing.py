"""Cleaned HTML as it is printed."""

from collections.abc import Callable
from html import escape, unescape
from html.parser import HTMLParser

from news import html

PHRASING = {"p", "h2", "h3", "h4", "strong", "em", "u", "s", "sub", "sup"}  # hold words: no figure may stand in one


def typeset(body, figure: Callable[[html.BodyImage], str]):
    """``body`` as it is printed: each picture replaced by ``figure(image)``, standing outside any paragraph, tables scrolling."""
    setter = _Setter(html.images(body), figure)
    setter.feed(body)
    setter.close()
    return html.without_empty("".join(setter.out)).strip()


class _Setter(HTMLParser):
    """Prints cleaned HTML again, with its pictures and tables as readers get them."""

    def __init__(self, pictures, figure):
        super().__init__(convert_charrefs=False)
        self.out, self.open, self.pictures, self.figure, self.in_figure = [], [], iter(pictures), figure, False

    def handle_starttag(self, tag, attrs):
        if tag == "figure":
            self.in_figure = True
        elif tag == "img":
            self._picture()
        elif not self.in_figure:
            if tag == "table":
                self.out.append('<div class="table-scroll" role="region" aria-label="Bảng" tabindex="0">')
            self.out.append(self.get_starttag_text())
            if tag not in html.VOID:
                self.open.append((tag, self.get_starttag_text()))

    def handle_endtag(self, tag):
        if tag == "figure":
            self.in_figure = False
        elif not self.in_figure and tag not in html.VOID:
            self.out.append(f"</{tag}>")
            if self.open and self.open[-1][0] == tag:
                self.open.pop()
            if tag == "table":
                self.out.append("</div>")

    def handle_data(self, data):
        if not self.in_figure:
            self.out.append(escape(unescape(data), quote=False))

    def handle_entityref(self, name):
        self.handle_data(f"&{name};")

    def handle_charref(self, name):
        self.handle_data(f"&#{name};")

    def _picture(self):
        """Closes what holds words around the picture and opens it again: a figure may not stand in one."""
        closed = []
        while any(tag in PHRASING for tag, _ in self.open):
            closed.append(self.open.pop())
            self.out.append(f"</{closed[-1][0]}>")
        self.out.append(self.figure(next(self.pictures)))
        for tag, start in reversed(closed):
            self.out.append(start)
            self.open.append((tag, start))
