"""The one place that cleans HTML, and that reads what is clean."""

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from html import unescape
from html.parser import HTMLParser

import nh3
from django.conf import settings
from django.core.exceptions import ValidationError

from news import text

LONGEST, MOST_TAGS, DEEPEST = 200_000, 40_000, 100  # characters, "<", levels: nh3 is quadratic on nesting
OWN_PICTURE = re.compile(r"/media/anh/[0-9a-f]{2}/[0-9a-f]{32}-[0-9]{1,4}\.(jpg|webp)")  # as news/images.py names them
TAGS = {
    "p", "h2", "h3", "h4", "strong", "em", "u", "s", "sub", "sup", "br", "blockquote", "ul", "ol", "li", "hr", "table",
    "caption", "thead", "tbody", "tr", "th", "td", "figure", "figcaption", "a", "img",
}  # fmt: skip
CELL = {"colspan", "rowspan", "scope"}
ATTRIBUTES = {
    "*": set(), "a": {"href", "title"}, "img": {"src", "alt", "width", "height"}, "th": CELL, "td": CELL, "figure": {"class"},
    "ol": {"start", "type"}, "li": {"value"},  # "điểm c khoản 5" of a text of state: docs/decisions/0012
}  # fmt: skip
SCHEMES = {"http", "https", "mailto", "tel"}
HREF = re.compile(r"(?:https?://|mailto:|tel:|#|/(?![/\\]))[^\s\\\u2028\u2029\x00-\x1f]*", re.IGNORECASE)
NAME_OF_A_SITE = re.compile(r"(?:[a-z0-9-]+\.)+(?:vn|com|org|net|info)(?=[/?#:]|$)", re.IGNORECASE)
BLOCKS = {"p", "h2", "h3", "h4", "blockquote", "ul", "ol", "li", "hr", "table", "caption", "tr", "td", "th", "figure",
          "figcaption", "br"}  # fmt: skip
VOID = {"br", "hr", "img"}
FORMATTING = {"a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"}
MOST_REOPENED = 100_000  # a parser opens each formatting tag that was left open anew in each block that follows
TOO_DEEP = "Nội dung lồng nhau quá nhiều lớp. Hãy dán lại dưới dạng văn bản thường."
CLOSE_EACH_OTHER = {"p", "li", "tr", "td", "th", "thead", "tbody"}  # they nest only through others, which are counted
# Of the expressions that read what an editor sent: no two parts in a row may take the same character, or a long run of it
# is tried in every division among them, and takes for ever.
NOT_UPLOADED = re.compile(r"<img\b[^<>]*?\bsrc\s*=\s*(?:[\"']\s*)?(?:data|blob):", re.IGNORECASE)
TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
LINK = re.compile(r"""<a\s[^<>]*?\bhref\s*=\s*(?:"([^"<>]*)"|'([^'<>]*)')""", re.IGNORECASE)
WHOLE_TAG = re.compile(r"(<[^<>]*>)")
PREFORMATTED = re.compile(r"(</?pre\b[^<>]*>)", re.IGNORECASE)
END_OF_LINE = re.compile(r"\r\n?|\n")
EMPTY = re.compile(r"<(p|h[2-4]|a|strong|em|u|s|sub|sup)(?: [^>]*)?>(?:\s|&nbsp;|<br>)*</\1>")
AROUND_A_FIGURE = re.compile(r"<figure[^>]*>(?=(?:(?!</?figure[ >])[\s\S])*<figure[ >])")
FIGURE = re.compile(r"<figure[^>]*>((?:(?!</?figure[ >])[\s\S])*)</figure>|<(/?)figcaption>")
WHITE = re.compile(r"[ \t\r\n\f]+")
AROUND_A_BLOCK = re.compile(rf" ?(</?(?:{'|'.join(sorted(BLOCKS | {'thead', 'tbody'}))})(?: [^<>]*)?>) ?")
ATTRIBUTE = re.compile(r' [a-z]+="[^"]*"')
ATTRIBUTES_OF_A_TAG = re.compile(rf"<([a-z0-9]+)((?:{ATTRIBUTE.pattern}){{2,}})>")  # as nh3 writes them
CAPTION = re.compile(r"<figcaption>[\s\S]*?</figcaption>")
OTHER_BLOCKS = (
    "address", "article", "aside", "center", "dd", "details", "div", "dl", "dt", "fieldset", "footer", "form", "header", "legend",
    "main", "nav", "pre", "section", "summary",
)  # fmt: skip
RENAMED = {
    "h1": "h2", "h5": "h4", "h6": "h4", "b": "strong", "i": "em", "strike": "s", "del": "s", **dict.fromkeys(OTHER_BLOCKS, "p"),
}  # fmt: skip
FIT = {
    "colspan": re.compile("[1-9][0-9]?"), "rowspan": re.compile("[1-9][0-9]?"), "scope": re.compile("(row|col)(group)?"),
    "width": re.compile("[1-9][0-9]{0,4}"), "height": re.compile("[1-9][0-9]{0,4}"),
    "start": re.compile("[1-9][0-9]{0,3}"), "value": re.compile("[1-9][0-9]{0,3}"), "type": re.compile("[1aAiI]"),
}  # fmt: skip


@dataclass(frozen=True)
class BodyImage:
    """One picture of a body: ``position`` counts from 1."""

    src: str
    alt: str
    caption: str
    position: int


def clean(raw):
    """``raw`` as it may be stored: NFC, only ``TAGS`` and ``ATTRIBUTES``, own pictures. clean(clean(x)) == clean(x).

    Raises ValidationError, in the editor's words, for what is too long, too deeply nested, or a picture not uploaded.
    """
    _refuse_excess(raw if len(raw) > 4 * LONGEST else text.nfc(raw))  # four characters at most become one
    body = _rename(_with_lines(_composed(raw)).replace(f'src="{settings.SITE_URL}/media/', 'src="/media/'))
    for _ in range(10):
        before, body = body, _cleaned_once(body)
        if body == before:
            _refuse_excess(body)  # what grew: "&" is five characters when it is written out
            _refuse_foreign_pictures(body)
            return body
    raise ValidationError("Nội dung có định dạng không đọc được. Hãy dán lại dưới dạng văn bản thường.")


def plain(body):
    """The readable text of ``body``: tags away, entities decoded, a space between blocks."""
    reader = _Reader()
    reader.feed(body)
    reader.close()
    return " ".join("".join(reader.words).split())


def extract(words, length=200):
    """The beginning of ``words``, which are text: whole words, with an ellipsis where something was cut."""
    words = " ".join(words.split())
    if len(words) <= length:
        return words
    return words[:length].rsplit(" ", 1)[0].rstrip(",;:.– ") + "…"


def lost_links(raw):
    """The addresses that ``raw`` links to and that cleaning takes away, each once: the words of such links stay. Scripts are none."""
    found = (unescape(double or single).strip() for double, single in LINK.findall(raw))
    meant = (address for address in found if address and not address.lower().startswith("javascript:"))
    return [address for address in dict.fromkeys(meant) if _link(address) is None]


def images(body):
    """The pictures of ``body``, in order."""
    if "<img" not in body:  # most texts: reading one takes as long as cleaning it
        return []
    reader = _Reader()
    reader.feed(body)
    reader.close()
    return reader.found()


def _refuse_excess(body):
    small = body.lower()
    if ("data:" in small or "blob:" in small) and (missing := NOT_UPLOADED.search(body)):
        position = small.count("<img", 0, missing.end())
        raise ValidationError(f"Ảnh thứ {position} trong nội dung chưa được tải lên. Hãy xóa ảnh đó rồi chèn lại.")
    if len(body) > LONGEST:
        length, limit = (f"{count:,}".replace(",", ".") for count in (len(body), LONGEST))
        raise ValidationError(f"Nội dung dài {length} ký tự, quá giới hạn {limit}.")
    if body.count("<") > MOST_TAGS:
        raise ValidationError("Nội dung có quá nhiều thẻ định dạng. Hãy dán lại dưới dạng văn bản thường.")
    _refuse_depth(body)


def _refuse_depth(body):
    """Counted in one pass, before anything parses it. An end without its beginning closes nothing, for a parser too."""
    opened, depth, formatting, reopened = Counter(), 0, 0, 0
    for closing, name in TAG.findall(body.lower()):
        reopened += formatting if name not in FORMATTING and not closing else 0
        if reopened > MOST_REOPENED:
            raise ValidationError(TOO_DEEP)
        if name in VOID | CLOSE_EACH_OTHER or (closing and not opened[name]):
            continue
        step = -1 if closing else 1
        opened[name] += step
        depth += step
        formatting += step if name in FORMATTING else 0
        if depth > DEEPEST:
            raise ValidationError(TOO_DEEP)


def _composed(body):
    """NFC, tags and text apart: a mark after a tag must not melt into its ``>``."""
    if text.nfc(body) == body:  # and so is every part of it
        return body
    return "".join(map(text.nfc, WHOLE_TAG.split(body)))


def _with_lines(body):
    """``body`` with the lines of what was set as typed (``<pre>``) as lines: white space is one space everywhere else."""
    parts = PREFORMATTED.split(body)
    for tag, inner in zip(range(1, len(parts), 2), range(2, len(parts), 2), strict=True):
        if parts[tag][1] != "/":
            pieces = WHOLE_TAG.split(parts[inner].strip("\r\n"))  # Word breaks the lines of its tags too
            pieces[::2] = [END_OF_LINE.sub("<br>", words) for words in pieces[::2]]
            parts[inner] = "".join(pieces)
    return "".join(parts)


def _rename(body):
    """Old or unwanted tags as those we keep: their text must not be lost, nor run into its neighbour's."""

    def renamed(match):
        return f"<{match[1]}{RENAMED.get(match[2].lower(), match[2])}"

    return TAG.sub(renamed, body)


def _attribute(tag, name, value):
    if (tag, name) == ("figure", "class"):
        return "image"
    if (tag, name) == ("a", "href"):
        return _link(value.strip())
    return value if name not in FIT or FIT[name].fullmatch(value) else None


def _link(address):
    """``address`` if it is one we keep, mended where people write it as browsers show it: with spaces, or beginning with a name."""
    mended = address.replace(" ", "%20")
    if NAME_OF_A_SITE.match(mended):
        mended = f"https://{mended}"
    return mended if HREF.fullmatch(mended) else None


def _cleaned_once(body):
    body = _composed(_sanitise(body))
    _refuse_depth(body)
    return _uniform(without_empty(FIGURE.sub(_figure, AROUND_A_FIGURE.sub("", body)))).strip()


def _uniform(body):
    """No white space around blocks and one space elsewhere, as a browser shows it, and attributes by their names: CKEditor writes
    both its own way, and a text that was opened and closed again must be the same text."""
    spaced = AROUND_A_BLOCK.sub(r"\1", WHITE.sub(" ", body))
    return ATTRIBUTES_OF_A_TAG.sub(lambda match: f"<{match[1]}{''.join(sorted(ATTRIBUTE.findall(match[2])))}>", spaced)


def _sanitise(body):
    return nh3.clean(
        body, tags=TAGS, attributes=ATTRIBUTES, url_schemes=SCHEMES, link_rel=None, attribute_filter=_attribute,
        clean_content_tags={"script", "style", "title", "template"},
    )  # fmt: skip


def _figure(match):
    """A figure holds a picture and its caption; around anything else it is taken away, and a caption outside is a paragraph."""
    inner, closing = match.groups()
    if inner is None:
        return f"<{closing}p>"
    if "<img" in inner and not plain(CAPTION.sub("", inner)):
        return f'<figure class="image">{inner}</figure>'
    return inner.replace("<figcaption>", "<p>").replace("</figcaption>", "</p>")


def without_empty(body):
    """What Word and editors leave behind: paragraphs and marks with nothing in them."""
    before = None
    while before != body:
        before, body = body, EMPTY.sub("", body)
    return body


def _refuse_foreign_pictures(body):
    for image in images(body):
        if not OWN_PICTURE.fullmatch(image.src):
            raise ValidationError(
                f"Ảnh thứ {image.position} trong nội dung nằm ở trang khác hoặc chưa được tải lên. Hãy chèn lại ảnh từ máy."
            )


class _Reader(HTMLParser):
    """Reads cleaned HTML: its words, and its pictures with their captions."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.words, self.pictures, self.captions = [], [], defaultdict(str)
        self.first, self.in_caption = 1, False  # of this figure, the place of its first picture

    def handle_starttag(self, tag, attrs):
        if tag in BLOCKS:
            self._read(" ")
        if tag == "img":
            self.pictures.append(dict(attrs))
        elif tag == "figure":
            self.first = len(self.pictures) + 1
        elif tag == "figcaption":
            self.in_caption = True

    def handle_endtag(self, tag):
        if tag in BLOCKS:
            self._read(" ")
        if tag == "figcaption":
            self.in_caption = False

    def handle_data(self, data):
        self._read(data)

    def _read(self, words):
        self.words.append(words)
        if self.in_caption:
            self.captions[max(len(self.pictures), self.first)] += words

    def found(self):
        return [
            BodyImage(p.get("src") or "", (p.get("alt") or "").strip(), " ".join(self.captions[n].split()), n)
            for n, p in enumerate(self.pictures, 1)
        ]
