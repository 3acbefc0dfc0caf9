"""Who publishes (măng-sét): the heading, the footer and every citation come from here."""

from django.db import models

from news.models.one_line import OneLineModel


class Masthead(OneLineModel):
    """The one row of its table. Empty fields are left out of the footer; the desk is warned of those the law asks for."""

    ENDS_A_SENTENCE = ["agency", "parent_agency", "address", "responsible"]  # the footer prints the full stop
    REQUIRED_BY_LAW = ["agency", "parent_agency", "address", "phone", "email", "responsible"]  # Nghị định 174/2026

    name = models.CharField(
        "tên trang",
        max_length=200,
        default="TRANG THÔNG TIN ĐIỆN TỬ",
        help_text="Đầu trang, chân trang và bản tin RSS.",
    )
    citation_name = models.CharField(
        "tên khi trích nguồn", max_length=200, default="Trang thông tin điện tử", help_text="Đứng trong ngoặc kép."
    )
    agency = models.CharField("đơn vị quản lý", max_length=200, blank=True)
    parent_agency = models.CharField("cơ quan chủ quản", max_length=200, blank=True)
    address = models.CharField("địa chỉ", max_length=300, blank=True)
    phone = models.CharField("điện thoại", max_length=60, blank=True)
    fax = models.CharField("fax", max_length=60, blank=True)
    email = models.EmailField("thư điện tử", blank=True)
    responsible = models.CharField("chịu trách nhiệm nội dung", max_length=200, blank=True)
    designed_by = models.CharField(
        "dòng người thiết kế", max_length=200, blank=True, help_text="In ở cuối chân trang, ví dụ: Designed by VNPT."
    )

    class Meta:
        verbose_name = "măng-sét"
        verbose_name_plural = "măng-sét"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(id=1), name="masthead_is_one", violation_error_message="Trang chỉ có một măng-sét."
            ),
            models.CheckConstraint(
                condition=~models.Q(name="") & ~models.Q(citation_name=""),
                name="masthead_has_its_names",
                violation_error_message="Trang phải có tên và tên khi trích nguồn.",
            ),
        ]

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        self.pk = 1
        self.keep_to_one_line()
        for name in self.ENDS_A_SENTENCE:
            setattr(self, name, getattr(self, name).rstrip(". "))
        super().save(*args, **kwargs)

    @classmethod
    def current(cls):
        """The masthead as it stands this moment (one query); the defaults when none has been written yet."""
        return cls.objects.first() or cls(pk=1)

    def missing(self):
        """The names of the fields that the law wants in the footer and that are empty."""
        return [self._meta.get_field(name).verbose_name for name in self.REQUIRED_BY_LAW if not getattr(self, name)]
