"""What readers see: numbered snapshots, and the only ways to ask who may read which."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.dateformat import format as date_format
from django.utils.functional import cached_property

from news import html, printing, search, text
from news.models.filing import Byline
from news.models.picture import Picture

SOMEBODY = {"to": settings.AUTH_USER_MODEL, "on_delete": models.PROTECT, "related_name": "+", "null": True}
PUBLIC = ["published_at", "closed_at", "ends_at"]  # what tells whether an edition is public at an instant


class EditionQuerySet(models.QuerySet):
    """``now`` is always given: it is the instant the answer is for."""

    def live(self, now):
        """Public at ``now``: every list, feed, sitemap, search and article address."""
        return self.filter(
            Q(ends_at=None) | Q(ends_at__gt=now), Q(closed_at=None) | Q(closed_at__gt=now), published_at__lte=now
        )

    def citable(self, now):
        """Public at some time until ``now`` and not withdrawn, of an article that has a live edition: ``/ban-<n>/``."""
        return self._public_until(now).not_withdrawn().filter(self._has_live(now))

    def withdrawn_and_replaced(self, now):
        """Withdrawn until ``now``, of an article that was published again: 410 at its own ``/ban-<n>/``, with the reason."""
        return self._public_until(now).withdrawn().filter(self._has_live(now))

    def gone(self, now):
        """The last public edition of each article that has none live: the 410 page."""
        later = (
            Edition.objects.all()._public_until(now).filter(article=OuterRef("article"), number__gt=OuterRef("number"))
        )
        return self._public_until(now).filter(~self._has_live(now), ~Exists(later))

    # What those above and the desk are built from: no view of the press asks for these itself.

    def scheduled(self, now):
        """Not public yet at ``now``."""
        return self.filter(Q(closed_at=None) | Q(closed_at__gt=F("published_at")), published_at__gt=now)

    def open(self):
        return self.filter(closed_at=None)

    def superseded_by(self, edition):
        return self.filter(closed_at=edition.published_at, closed_why=Edition.Closed.SUPERSEDED)

    def not_cancelled(self):
        return self.exclude(closed_why=Edition.Closed.CANCELLED)

    def withdrawn(self):
        return self.filter(closed_why=Edition.Closed.WITHDRAWN)

    def not_withdrawn(self):
        return self.exclude(closed_why=Edition.Closed.WITHDRAWN)

    # What is loaded, and in which order.

    def for_cards(self):
        """What a card of a list shows, and not the body."""
        return self.select_related("article__category").only(
            *Edition.CARD, "article__category__name", "article__category__slug"
        )

    def for_page(self):
        """What the page of one article shows."""
        return self.select_related("article__category", "lead_picture").defer(
            "body", "search_tokens", "article__summary", "article__body", "article__folded"
        )

    def for_feed(self):
        """What an item of a full-text feed says: all of the text, and the pictures as they were printed with it."""
        return self.select_related("article__category").only(*Edition.FEED, "article__category__name")

    def for_notes(self):
        """What a list of an article's editions shows, oldest first: no texts."""
        texts = [field.name for field in Edition._meta.fields if isinstance(field, models.TextField | models.JSONField)]
        return self.defer(*texts).order_by("number")

    def newest_first(self):
        """By first publication: a correction does not carry an old item to the top."""
        return self.order_by("-first_published_at", "-article_id")

    def picked(self):
        """These rows, a slice of ``newest_first()``, to be loaded now: chosen by the indexes alone, before any text is read."""
        return Edition.objects.filter(pk__in=self.values("pk")).newest_first()

    def update(self, **fields):
        """What an edition says is not written over in bulk either."""
        if not Edition.CHANGEABLE.issuperset(fields):
            raise ValidationError(Edition.FROZEN, code="protected")
        return super().update(**fields)

    def delete(self):
        raise ValidationError(Edition.KEPT, code="protected")

    @staticmethod
    def _has_live(now):
        return Exists(Edition.objects.live(now).filter(article=OuterRef("article")))

    def _public_until(self, now):
        """Public at some instant until ``now``: begun, and closed later (only what is live is withdrawn, perhaps at once)."""
        was_public = Q(closed_at=None) | Q(closed_at__gt=F("published_at")) | Q(closed_why=Edition.Closed.WITHDRAWN)
        return self.filter(was_public, published_at__lte=now)


class Edition(models.Model):
    """One published snapshot of an article.

    The *text* columns are what was said and never change. The *rendered* ones are worked out from them once, so that
    a page is put together from ready strings; ``manage.py rerender`` makes them anew. No edition is ever deleted.
    """

    class Closed(models.TextChoices):
        SUPERSEDED = "superseded", "có bản mới thay"
        WITHDRAWN = "withdrawn", "đã gỡ"
        CANCELLED = "cancelled", "đã hủy lịch đăng"

    TEXT = [
        "title", "summary", "body", "byline", "authors", "lead_picture_id", "lead_alt", "lead_caption", "lead_credit",
        "pictures", "ends_at",
    ]  # fmt: skip
    RENDERED = ["path", "dated", "dated_iso", "body_html", "lead_html", "card_html", "extract", "search_tokens"]
    CHANGEABLE = frozenset([*RENDERED, "closed_at", "closed_why", "closed_reason", "closed_by"])
    FROZEN, KEPT = "Nội dung của bản đã đăng không bao giờ thay đổi.", "Bản đã đăng không bao giờ bị xóa."
    CARD = ["path", "title", "extract", "dated", "dated_iso", "card_html", "first_published_at", "article__category"]
    FEED = [
        "path", "number", "title", "summary", "authors", "byline", "lead_html", "body_html", "change_note",
        "first_published_at", "published_at", "article__category",
    ]  # fmt: skip

    article = models.ForeignKey("Article", models.PROTECT, related_name="editions", verbose_name="bài viết")
    number = models.PositiveIntegerField("bản")

    title = models.CharField("tiêu đề", max_length=300)
    summary = models.TextField("tóm tắt")
    body = models.TextField("nội dung")
    byline = models.TextField("tác giả như đã in", blank=True)
    authors = models.JSONField("tác giả bài", default=list)
    lead_picture = models.ForeignKey(Picture, models.PROTECT, related_name="+", null=True, verbose_name="ảnh đại diện")
    lead_alt = models.CharField("văn bản thay thế", max_length=300, blank=True)
    lead_caption = models.CharField("chú thích", max_length=500, blank=True)
    lead_credit = models.CharField("nguồn ảnh", max_length=200, blank=True)
    pictures = models.JSONField("ảnh trong bài", default=list)
    ends_at = models.DateTimeField("hết hạn lúc", null=True)
    change_note = models.CharField("nội dung thay đổi", max_length=500, blank=True)

    published_at = models.DateTimeField("đăng lúc")
    first_published_at = models.DateTimeField("đăng lần đầu lúc")
    published_by = models.ForeignKey(**SOMEBODY, verbose_name="người đăng")
    closed_at = models.DateTimeField("đóng lúc", null=True)
    closed_why = models.CharField("vì sao đóng", max_length=10, choices=Closed, blank=True)
    closed_reason = models.CharField("lý do nói với bạn đọc", max_length=500, blank=True)
    closed_by = models.ForeignKey(**SOMEBODY, verbose_name="người đóng")
    created_at = models.DateTimeField("lập lúc", default=timezone.now)

    path = models.CharField(max_length=200)
    dated = models.CharField(max_length=20)
    dated_iso = models.CharField(max_length=40)
    body_html = models.TextField()
    lead_html = models.TextField(blank=True)
    card_html = models.TextField(blank=True)
    extract = models.CharField(max_length=400)
    search_tokens = models.TextField()

    objects = EditionQuerySet.as_manager()

    class Meta:
        verbose_name = "bản đăng"
        verbose_name_plural = "bản đăng"
        ordering = ["article_id", "number"]
        indexes = [  # of one list, of what is counted or ranked, of one article, of an address: none reads a text to tell what is live
            models.Index(fields=["-first_published_at", "-article", *PUBLIC], name="edition_newest"),
            models.Index(fields=[*PUBLIC, "first_published_at", "article"], name="edition_live"),
            models.Index(
                fields=["article", *PUBLIC, "first_published_at", "closed_why", "number"], name="edition_of_article"
            ),
            models.Index(fields=["path"], name="edition_path"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["article", "number"], name="edition_number_once"),
            models.UniqueConstraint(fields=["article"], condition=Q(closed_at=None), name="edition_one_open"),
            models.CheckConstraint(condition=Q(number__gte=1), name="edition_number_from_1"),
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(ends_at__gt=F("published_at")), name="edition_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None) | Q(closed_at__gte=F("published_at")), name="edition_closes_after_it_begins"
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None, closed_why="")
                | Q(closed_at__isnull=False, closed_why__in=["superseded", "withdrawn", "cancelled"]),
                name="edition_closed_says_why",
            ),
            models.CheckConstraint(
                condition=~Q(closed_why="cancelled") | Q(closed_at=F("published_at")),
                name="edition_cancelled_never_began",
            ),
        ]

    def __str__(self):
        return f"Bản {self.number}: {self.title}"

    @classmethod
    def of(cls, article):
        """The unsaved edition that publishing the desk copy ``article`` would make, without number and dates."""
        lead = article.lead_picture
        bylines = list(article.bylines.select_related("author")) if article.pk else []
        return cls(
            article=article,
            title=article.title,
            summary=article.summary,
            body=article.body,
            byline=Byline.printed(bylines),
            authors=[b.author.pen_name for b in bylines if b.role == Byline.Role.TEXT],
            lead_picture=lead,
            lead_alt=lead.alt if lead else "",
            lead_caption=lead.caption if lead else "",
            lead_credit=lead.credit if lead else "",
            pictures=article.frozen_pictures(),
            ends_at=article.ends_at,
        )

    def says_the_same_as(self, other):
        return all(getattr(self, name) == getattr(other, name) for name in self.TEXT)

    def typeset(self):
        """Work the rendered columns out of the text columns and ``first_published_at``."""
        first = timezone.localtime(self.first_published_at)
        self.path = self.article.get_absolute_url()
        self.dated = date_format(first, "d/m/Y H:i")
        self.dated_iso = text.iso(first)
        self.extract = html.extract(self.summary, 240)
        self.search_tokens = " ".join(text.findable("\n".join(self._words())))
        self._typeset_pictures()

    def _words(self):
        """All that a reader may look for: what is printed, captions and credits included."""
        yield from (self.title, self.summary, html.plain(self.body), self.byline, self.lead_caption, self.lead_credit)
        for item in self.pictures:
            yield from (item["caption"], item["credit"])

    def _typeset_pictures(self):
        frozen = {item["position"]: item for item in self.pictures}
        kept = Picture.objects.in_bulk([item["key"] for item in self.pictures], field_name="key")

        def figure(image):
            item = frozen.get(image.position)
            if item is None:  # in a preview: publishing refuses what is not in the picture store
                return ""
            return kept[item["key"]].figure(item["alt"], item["caption"], item["credit"])

        self.body_html = printing.typeset(self.body, figure)
        lead = self.lead_picture
        self.lead_html = lead.figure(self.lead_alt, self.lead_caption, self.lead_credit, lazy=False) if lead else ""
        shown = lead or (kept[self.pictures[0]["key"]] if self.pictures else None)
        self.card_html = shown.card() if shown else ""

    def save(self, *args, **kwargs):
        """Written once. Later only what closing and rerendering change may be saved, named in ``update_fields``."""
        if self.pk and not (kwargs.get("update_fields") and self.CHANGEABLE.issuperset(kwargs["update_fields"])):
            raise ValidationError(self.FROZEN, code="protected")
        super().save(*args, **kwargs)
        if not kwargs.get("update_fields") or "search_tokens" in kwargs["update_fields"]:
            search.write(self.pk, self.search_tokens)

    def delete(self, *args, **kwargs):
        raise ValidationError(self.KEPT, code="protected")

    def close(self, at, why, *, by=None, reason=""):
        self.closed_at, self.closed_why, self.closed_by, self.closed_reason = at, why, by, reason
        self.save(update_fields=["closed_at", "closed_why", "closed_by", "closed_reason"])

    def get_absolute_url(self):
        return self.path

    @cached_property
    def share_picture(self):
        """What stands for the text elsewhere: its lead picture, or else the first in its body, or None."""
        if self.lead_picture or not self.pictures:
            return self.lead_picture
        return Picture.objects.filter(key=self.pictures[0]["key"]).first()

    @property
    def share_words(self):
        lead = {"alt": self.lead_alt, "caption": self.lead_caption, "credit": self.lead_credit}
        return lead if self.lead_picture or not self.pictures else self.pictures[0]

    @property
    def edition_path(self):
        """The address of exactly this text."""
        return f"{self.path}ban-{self.number}/"
