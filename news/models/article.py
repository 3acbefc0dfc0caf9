"""The desk's working copy. Only people who are logged in ever read it; readers get editions."""

import uuid

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Case, Exists, F, Max, Min, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.db.models.lookups import IsNull
from django.urls import reverse
from django.utils import timezone
from simple_history.models import HistoricalRecords

from news import html, text
from news.models.edition import Edition
from news.models.filing import Category
from news.models.picture import Picture


class CannotPublish(ValidationError):
    """Why an article was not published, scheduled or withdrawn, in the editor's words. Nothing has changed."""


def equal_or_both_empty(field):
    """In a subquery: its ``field`` is that of the outer row. To SQL, nothing equals nothing only when asked so."""
    return Q(**{field: OuterRef(field)}) | Q(IsNull(OuterRef(field), True), **{field: None})


def says_the_same(editions):
    """In a subquery: those of ``editions`` that say what the outer row, an article, says."""
    words = editions.filter(title=OuterRef("title"), summary=OuterRef("summary"), body=OuterRef("body"))
    return words.filter(equal_or_both_empty("lead_picture"), equal_or_both_empty("ends_at"))


class ArticleQuerySet(models.QuerySet):
    def with_state(self, now):
        """Adds ``state`` (of ``Article.State``), ``is_changed``, ``first_public`` (of what is live, or was), ``scheduled_for``, ``signed``.

        ``is_changed``: title, summary, body, lead picture or end differ from the edition that waits, or else from the live one;
        ``signed``: how that is signed. Words of pictures are not compared here (``Edition.says_the_same_as`` compares all).
        """
        own = {"article": OuterRef("pk")}
        live = Edition.objects.live(now).filter(**own)
        scheduled = Edition.objects.scheduled(now).filter(**own)
        is_changed = Case(
            When(Exists(scheduled), then=~Exists(says_the_same(scheduled))),
            default=Exists(live) & ~Exists(says_the_same(live)),
        )
        gone = Edition.objects.gone(now).filter(**own)
        state = Case(
            When(Exists(live), then=Value(Article.State.LIVE)),
            When(Exists(scheduled), then=Value(Article.State.SCHEDULED)),
            When(Exists(gone.withdrawn()), then=Value(Article.State.WITHDRAWN)),
            When(Exists(gone), then=Value(Article.State.ENDED)),
            default=Value(Article.State.DRAFT),
        )
        return self.annotate(
            state=state,
            is_changed=is_changed,
            first_public=Coalesce(*(Subquery(shown.values("first_published_at")[:1]) for shown in (live, gone))),
            scheduled_for=Subquery(scheduled.values("published_at")[:1]),
            signed=Coalesce(*(Subquery(shown.values("byline")[:1]) for shown in (scheduled, live))),
        )


class Article(models.Model):
    class State(models.TextChoices):
        DRAFT = "draft", "Bản nháp"
        SCHEDULED = "scheduled", "Hẹn giờ đăng"
        LIVE = "live", "Đang đăng"
        ENDED = "ended", "Hết thời hạn"
        WITHDRAWN = "withdrawn", "Đã gỡ"

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)  # one form sent twice makes one article
    version = models.PositiveIntegerField(default=0, editable=False)  # how often it was saved: tells a stale form

    title = models.CharField("tiêu đề", max_length=300)
    summary = models.TextField(
        "tóm tắt", max_length=2000, blank=True, help_text="Đoạn mở đầu (sapo), in một lần trên bài."
    )
    body = models.TextField("nội dung", blank=True)
    category = models.ForeignKey(Category, models.PROTECT, related_name="articles", verbose_name="chuyên mục")
    lead_picture = models.ForeignKey(
        Picture, models.PROTECT, related_name="+", null=True, blank=True, verbose_name="ảnh đại diện"
    )
    ends_at = models.DateTimeField(
        "hạ bài lúc", null=True, blank=True, help_text="Để trống nếu bài đăng không thời hạn."
    )

    slug = models.SlugField(max_length=90, blank=True, editable=False)
    folded = models.TextField(editable=False, default="")
    created_at = models.DateTimeField("viết lúc", auto_now_add=True)
    updated_at = models.DateTimeField("lưu lúc", auto_now=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, editable=False, verbose_name="người viết"
    )

    objects = ArticleQuerySet.as_manager()
    history = HistoricalRecords(
        # what a restored copy keeps of the present one: its address, and how often it was saved
        excluded_fields=["folded", "key", "slug", "version"],
        verbose_name="lần lưu",
        verbose_name_plural="các lần lưu",
    )

    class Meta:
        verbose_name = "bài viết"
        verbose_name_plural = "bài viết"
        ordering = ["-updated_at"]
        indexes = [models.Index(fields=["-updated_at"], name="article_updated")]
        permissions = [("publish_article", "Được xuất bản, hẹn giờ và gỡ bài")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(title=""), name="article_has_a_title", violation_error_message="Bài phải có tiêu đề."
            )
        ]

    def __str__(self):
        return self.title

    def save(self, *args, **kwargs):
        """Normalise and clean what came in, whatever the way in. Raises ValidationError when the body is refused."""
        self.title, self.summary = text.line(self.title), text.lines(self.summary)
        self.body = html.clean(self.body)
        self.folded = text.fold(f"{self.title} {self.summary}")
        if self._state.adding:
            self.version = 1
            super().save(*args, **kwargs)
            return
        # a copy that was read before the first publication knows no address: it must not undo it
        written = [field.name for field in self._meta.local_fields if field.name not in ("id", "slug")]
        kwargs["update_fields"] = {*(kwargs.get("update_fields") or written), "folded", "version", "updated_at"}
        # counted where it is stored: another copy may have been saved since this one was read
        self.version = F("version") + 1
        super().save(*args, **kwargs)
        self.refresh_from_db(fields=["version"])

    def get_absolute_url(self):
        return reverse("article", args=[self.pk, self.slug or text.slug(self.title)])

    # --- the desk asks ---

    def live(self, now):
        return self.editions.live(now).first() if self.pk else None

    def scheduled(self, now):
        return self.editions.scheduled(now).first() if self.pk else None

    def has_been_taken_down(self, now):
        """Whether it has been public, or was to be, and nothing of it is live or waits."""
        return self.editions.exists() and not (self.live(now) or self.scheduled(now))

    def is_changed_since(self, edition):
        """Whether this copy says anything else than ``edition``."""
        return not Edition.of(self).says_the_same_as(edition)

    def next_number(self):
        """Of the edition that would come next. A number stays used, whatever became of its edition."""
        return (self.editions.aggregate(last=Max("number"))["last"] or 0) + 1

    def frozen_pictures(self):
        """The body's pictures as an edition keeps them: position, key, alt, caption, credit.

        What is written at the place in the text comes before what the picture itself says.
        """
        frozen, images = [], html.images(self.body)
        kept = Picture.objects.by_src(image.src for image in images)
        for image in images:
            if picture := kept.get(image.src):
                alt, caption = image.alt or picture.alt, image.caption or picture.caption
                words = {"alt": alt, "caption": caption, "credit": picture.credit}
                frozen.append({"position": image.position, "key": picture.key, **words})
        return frozen

    def problems(self):
        """What stops this copy from being published: a dict of field to sentences, empty when nothing does."""
        found = {}
        if not text.line(self.title):
            found["title"] = ["Cần có tiêu đề trước khi đăng."]
        if not self.summary:
            found["summary"] = ["Cần có tóm tắt trước khi đăng."]
        images = html.images(self.body)
        if not images and not text.line(html.plain(self.body)):
            found["body"] = ["Cần có nội dung trước khi đăng."]
        kept = Picture.objects.by_src(image.src for image in images)
        unfit = [sentence for image in images if (sentence := self._picture_problem(image, kept.get(image.src)))]
        if unfit:
            found["body"] = unfit
        lead_problem = self.lead_picture and self.lead_picture.problems()
        if lead_problem:
            found["lead_picture"] = [f"Ảnh đại diện: {lead_problem}"]
        return found

    @staticmethod
    def _picture_problem(image, picture):
        if picture is None:
            return f"Ảnh thứ {image.position} trong nội dung không còn trong kho ảnh. Hãy xóa rồi tải lên lại."
        problem = None if image.alt else picture.problems()
        return f"Ảnh thứ {image.position} trong nội dung: {problem}" if problem else None

    # --- the desk acts ---

    def publish(self, at=None, *, by=None, note="", now=None):
        """Freeze the stored desk copy into an edition that is public from ``at`` (default: ``now``, the present).

        Returns the edition. A time in the past is taken only for an article that has never had an edition (old articles
        moved in). Raises CannotPublish when something is missing, nothing differs from the live edition, another
        edition waits for its hour, or the dates do not fit; ValidationError when the body is refused.
        """
        with transaction.atomic():
            article, now = self._locked(now)
            at = at or now
            article.body = html.clean(article.body)  # whatever its way in: a bulk one passes no save
            candidate = Edition.of(article)
            article.check_fit(at, now)
            article._refuse_repetition(candidate, now)
            article._freeze_slug()
            article._supersede(at, by)
            candidate.published_at, candidate.published_by, candidate.change_note = at, by, text.line(note)
            candidate.number = article.next_number()
            candidate.first_published_at = article.first_date() or at
            candidate.typeset()
            candidate.save()
        self.slug = article.slug
        return candidate

    def withdraw(self, reason, *, by=None, now=None):
        """Close the live edition with a reason that readers are told; an edition waiting for its hour is cancelled too.

        Returns the closed edition. Raises CannotPublish without a reason, or when nothing is live.
        """
        reason = text.line(reason)
        if not reason:
            raise CannotPublish({"reason": "Hãy ghi lý do gỡ bài để nói với bạn đọc."}, code="reason")
        with transaction.atomic():
            article, now = self._locked(now)
            live, scheduled = article.live(now), article.scheduled(now)
            if live is None:
                raise CannotPublish("Bài không đang được đăng nên không gỡ được.", code="not_live")
            if scheduled:
                scheduled.close(scheduled.published_at, Edition.Closed.CANCELLED, by=by)
            live.close(now, Edition.Closed.WITHDRAWN, by=by, reason=reason)
        return live

    def cancel_schedule(self, *, by=None, now=None):
        """Cancel the edition that waits for its hour and reopen the one it was to follow. Its number stays used.

        Returns the cancelled edition. Raises CannotPublish when none waits.
        """
        with transaction.atomic():
            article, now = self._locked(now)
            scheduled = article.scheduled(now)
            if scheduled is None:
                raise CannotPublish("Bài không có lịch hẹn đăng nào để hủy.", code="not_scheduled")
            scheduled.close(scheduled.published_at, Edition.Closed.CANCELLED, by=by)
            for predecessor in article.editions.superseded_by(scheduled):
                predecessor.close(None, "")  # open again
        return scheduled

    def check_fit(self, at, now):
        """Raises CannotPublish when this copy, as it stands in memory, may not become public at ``at``."""
        if problems := self.problems():
            raise CannotPublish(problems)
        if waiting := self.scheduled(now):
            raise CannotPublish(
                f"Bài đã hẹn đăng lúc {text.hour(waiting.published_at)}. Hãy hủy lịch hẹn trước.", code="scheduled"
            )
        if self.ends_at and self.ends_at <= at:
            raise CannotPublish({"ends_at": "Giờ hạ bài phải sau giờ đăng."}, code="ends_at")
        if at < now and self.pk and self.editions.exists():
            raise CannotPublish("Giờ đăng đã qua. Hãy chọn một giờ sắp tới.", code="past")

    def _locked(self, now):
        """The stored copy, ours alone until the transaction ends, and the present: read once we have it, or what readers
        saw while we waited would be said never to have been so."""
        article = Article.objects.select_for_update().get(pk=self.pk)
        return article, now or timezone.now()

    def _refuse_repetition(self, candidate, now):
        live = self.live(now)
        if live and candidate.says_the_same_as(live):
            raise CannotPublish(
                f"Không có gì khác với bản {live.number} đang đăng nên không đăng bản mới.", code="same"
            )

    def _freeze_slug(self):
        """The address is settled by the first edition that readers could see; until then it follows the title."""
        if not self.editions.not_cancelled().exists():
            self.slug = text.slug(self.title)
            Article.objects.filter(pk=self.pk).update(slug=self.slug)

    def _supersede(self, at, by):
        for edition in self.editions.open():
            edition.close(at, Edition.Closed.SUPERSEDED, by=by)

    def first_date(self):
        """When the first edition began; one that was withdrawn no longer counts as a first date."""
        begun = self.editions.not_cancelled().not_withdrawn()
        return begun.aggregate(first=Min("published_at"))["first"]
