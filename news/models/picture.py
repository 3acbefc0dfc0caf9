"""A photograph of the house: its files, and the words that go with it. Replacing a picture makes a new one."""

import re

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import DatabaseError, models
from django.utils.html import format_html, format_html_join

from news import images, text
from news.models.one_line import OneLineModel

SRC = re.compile(f"/media/{images.NAME.pattern}")
LABEL = re.compile(r"^(ảnh\s*:\s*)+", re.IGNORECASE)  # printed before every credit (Picture.figure)
FULL = "(min-width: 44rem) 42rem, 100vw"  # the measure of an article (static/css/tokens.css)
CARD = "(min-width: 64rem) 30rem, (min-width: 48rem) 50vw, 100vw"


class PictureQuerySet(models.QuerySet):
    def by_src(self, sources):
        """The pictures whose files ``sources`` name, each under its source; what names none of ours is left out. One query."""
        keys = {src: match["key"] for src in sources if (match := SRC.fullmatch(src))}
        found = self.in_bulk(set(keys.values()), field_name="key")
        return {src: found[key] for src, key in keys.items() if key in found}


class Picture(OneLineModel):
    key = models.CharField(max_length=32, unique=True, editable=False)
    width = models.PositiveIntegerField("rộng", editable=False)
    height = models.PositiveIntegerField("cao", editable=False)
    alt = models.CharField(
        "văn bản thay thế",
        max_length=300,
        blank=True,
        help_text="Tả điều thấy trong ảnh, cho người không nhìn thấy ảnh.",
    )
    decorative = models.BooleanField("chỉ trang trí", default=False)
    caption = models.CharField("chú thích", max_length=500, blank=True)
    credit = models.CharField("nguồn ảnh", max_length=200, blank=True)
    folded = models.TextField(editable=False, default="")
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        null=True,
        editable=False,
        verbose_name="người tải lên",
    )
    created_at = models.DateTimeField("tải lên lúc", auto_now_add=True)

    objects = PictureQuerySet.as_manager()

    class Meta:
        verbose_name = "ảnh"
        verbose_name_plural = "ảnh"
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["-created_at"], name="picture_newest")]

    def __str__(self):
        return self.caption or self.alt or f"Ảnh {self.pk}"

    def save(self, *args, **kwargs):
        self.keep_to_one_line()
        self.credit = LABEL.sub("", self.credit)
        self.folded = text.fold(f"{self.caption} {self.alt} {self.credit}")
        if kwargs.get("update_fields"):
            kwargs["update_fields"] = {*kwargs["update_fields"], "folded"}
        try:
            super().save(*args, **kwargs)
        except DatabaseError:
            if self._state.adding:
                images.remove(self.files)  # nobody would ever find them
            raise

    @classmethod
    def create_from(cls, file, user=None, **words):
        """Decode, encode and store ``file``. Raises ValidationError when it is no fit picture."""
        picture = cls(uploaded_by=user, **words)
        picture.take(images.encode(file))
        picture.save()
        return picture

    def take(self, encoded):
        """Store the files of ``encoded`` (news.images), which become this picture's. Not saved yet."""
        images.store(encoded)
        self.key, self.width, self.height = encoded.key, encoded.width, encoded.height

    @property
    def widths(self):
        return images.widths_for(self.width)

    @property
    def files(self):
        """The names of its files in the storage."""
        return [images.name(self.key, width, kind) for width in self.widths for kind in images.QUALITY]

    def url(self, width=None, kind="jpg"):
        """The address of one file; without ``width`` the largest."""
        return default_storage.url(images.name(self.key, width or self.width, kind))

    def problems(self):
        """What stops this picture from being printed, or None."""
        if self.alt or self.decorative:
            return None
        return "chưa có văn bản thay thế. Hãy ghi văn bản thay thế, hoặc chọn “chỉ trang trí”."

    def markup(self, alt, sizes, lazy=True):
        """``<picture>`` in every width, WebP first."""
        srcset = {
            kind: ", ".join(f"{self.url(width, kind)} {width}w" for width in self.widths) for kind in ("webp", "jpg")
        }
        loading = format_html(' {}="{}"', *(("loading", "lazy") if lazy else ("fetchpriority", "high")))
        return format_html(
            '<picture><source type="image/webp" srcset="{}" sizes="{}">'
            '<img src="{}" srcset="{}" sizes="{}" width="{}" height="{}" alt="{}"{} decoding="async"></picture>',
            srcset["webp"], sizes, self.url(), srcset["jpg"], sizes, self.width, self.height, alt, loading,
        )  # fmt: skip

    def figure(self, alt, caption, credit, lazy=True):
        """The picture with its caption and credit, as an article shows it."""
        if caption and credit and caption[-1] not in ".!?…":
            caption += "."
        parts = [("caption-text", caption), ("credit", f"Ảnh: {credit}" if credit else "")]
        words = format_html_join(" ", '<span class="picture__{}">{}</span>', [part for part in parts if part[1]])
        below = format_html('<figcaption class="picture__caption">{}</figcaption>', words) if words else ""
        return format_html('<figure class="picture">{}{}</figure>', self.markup(alt, FULL, lazy), below)

    def card(self):
        """The picture on a card: the headline beside it says what it is about, so it is silent there. One that would be blown up
        there is left out."""
        return self.markup("", CARD) if self.width >= images.WIDTHS[0] else ""
