"""Where a text stands and who wrote it: categories, authors, bylines."""

from django.core.validators import MaxValueValidator
from django.db import IntegrityError, models, transaction
from django.urls import reverse

from news import text
from news.models.one_line import OneLineModel


class Category(OneLineModel):
    """A section of the site (chuyên mục). Its slug is part of public addresses and never changes once given."""

    name = models.CharField(
        "tên chuyên mục", max_length=80, unique=True, error_messages={"unique": "Đã có chuyên mục mang tên này."}
    )
    slug = models.SlugField("địa chỉ", max_length=90, unique=True, editable=False)
    description = models.CharField("giới thiệu ngắn", max_length=300, blank=True)
    position = models.PositiveSmallIntegerField(
        "thứ tự", default=100, help_text="Số nhỏ đứng trước.", validators=[MaxValueValidator(9999)]
    )

    class Meta:
        verbose_name = "chuyên mục"
        verbose_name_plural = "chuyên mục"
        ordering = ["position", "name"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(name=""),
                name="category_has_a_name",
                violation_error_message="Chuyên mục phải có tên.",
            ),
        ]

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        self.keep_to_one_line()
        if self.slug:
            super().save(*args, **kwargs)
            return
        try:
            self._save_with_a_slug(*args, **kwargs)
        except IntegrityError:  # another category took it after we had looked which are free
            self._save_with_a_slug(*args, **kwargs)

    def get_absolute_url(self):
        return reverse("category", args=[self.slug])

    def _save_with_a_slug(self, *args, **kwargs):
        self.slug = self._free_slug()
        with transaction.atomic():
            super().save(*args, **kwargs)

    def _free_slug(self):
        """Two names may fold to one slug ("Bò", "Bỏ"): the later one gets a number."""
        wish = text.slug(self.name, fallback="chuyen-muc")
        taken = set(Category.objects.filter(slug__startswith=wish).values_list("slug", flat=True))
        choices = (wish if n == 1 else f"{wish}-{n}" for n in range(1, len(taken) + 2))
        return next(slug for slug in choices if slug not in taken)


class Author(OneLineModel):
    """A name that may be printed (bút danh); whose it is stays at the desk."""

    pen_name = models.CharField(
        "bút danh",
        max_length=120,
        unique=True,
        help_text="Tên in dưới bài.",
        error_messages={"unique": "Đã có tác giả mang bút danh này."},
    )
    full_name = models.CharField("họ tên thật", max_length=120, blank=True, help_text="Chỉ dùng trong tòa soạn.")
    folded = models.CharField(max_length=250, editable=False, default="")

    class Meta:
        verbose_name = "tác giả"
        verbose_name_plural = "tác giả"
        ordering = ["pen_name"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(pen_name=""),
                name="author_has_a_pen_name",
                violation_error_message="Tác giả phải có bút danh.",
            ),
        ]

    def __str__(self):
        return self.pen_name

    def save(self, *args, **kwargs):
        self.keep_to_one_line()
        self.folded = text.fold(f"{self.pen_name} {self.full_name}")[:250]  # of no name of ours is more
        if kwargs.get("update_fields"):
            kwargs["update_fields"] = {*kwargs["update_fields"], "folded"}
        super().save(*args, **kwargs)


class Byline(models.Model):
    """Who did what for an article."""

    class Role(models.TextChoices):
        TEXT = "bai", "Bài"
        PHOTO = "anh", "Ảnh"
        EDIT = "bien-tap", "Biên tập"
        AFTER = "theo", "Theo"

    PRINTED = {Role.TEXT: "{}", Role.PHOTO: "Ảnh: {}", Role.EDIT: "Biên tập: {}", Role.AFTER: "Theo {}"}

    article = models.ForeignKey("Article", models.CASCADE, related_name="bylines", verbose_name="bài viết")
    author = models.ForeignKey(Author, models.PROTECT, related_name="bylines", verbose_name="tác giả")
    role = models.CharField("vai trò", max_length=10, choices=Role, default=Role.TEXT)

    class Meta:
        verbose_name = "tác giả của bài"
        verbose_name_plural = "tác giả của bài"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["article", "author", "role"],
                name="byline_once",
                violation_error_message="Tác giả này đã có tên trong bài với cùng vai trò.",
            ),
        ]

    def __str__(self):
        return self.PRINTED[self.Role(self.role)].format(self.author)

    @classmethod
    def printed(cls, bylines):
        """One line for all of ``bylines``: names of a role together, roles in the order of ``Role``."""
        named = {role: [b.author.pen_name for b in bylines if b.role == role] for role in cls.Role}
        return " – ".join(cls.PRINTED[role].format(", ".join(names)) for role, names in named.items() if names)
