"""What is kept of a visit: counts, and for two days a number that cannot be turned back into a person."""

from django.db import models


class Seen(models.Model):
    """One visitor of one day. Only today and yesterday are kept; then the day is closed into ``Day``."""

    pk = models.CompositePrimaryKey("day", "visitor")
    day = models.DateField()
    visitor = models.BigIntegerField()  # keyed 64-bit digest, see identity.py
    first_seen = models.BigIntegerField()  # milliseconds since 1970, UTC
    last_seen = models.BigIntegerField()
    visits = models.PositiveIntegerField()

    class Meta:
        indexes = [models.Index(fields=["day", "last_seen"], name="seen_day_last")]

    def __str__(self):
        return f"{self.day}: {self.visits}"


class Day(models.Model):
    """A day that is over, for ever."""

    day = models.DateField("ngày", primary_key=True)
    visits = models.PositiveBigIntegerField("lượt truy cập")
    visitors = models.PositiveBigIntegerField("khách")

    class Meta:
        verbose_name = "ngày"
        verbose_name_plural = "lượt truy cập từng ngày"
        ordering = ["-day"]

    def __str__(self):
        return self.day.strftime("%d/%m/%Y")


class Salt(models.Model):
    """The key of one day's visitor numbers; destroyed the day after, and with it the way back to a person."""

    day = models.DateField(primary_key=True)
    key = models.BinaryField(max_length=32)

    def __str__(self):
        return str(self.day)


class Batch(models.Model):
    """A flush that has been applied: the same id again does nothing."""

    id = models.UUIDField(primary_key=True)
    day = models.DateField()

    def __str__(self):
        return str(self.id)


class Start(models.Model):
    """The all-time figure carried over from before this counter."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    value = models.PositiveBigIntegerField("số chuyển sang")
    as_of = models.DateField("tính đến ngày")
    source = models.CharField("nguồn", max_length=300)

    class Meta:
        verbose_name = "số liệu chuyển sang"
        verbose_name_plural = "số liệu chuyển sang"
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="start_is_one")]

    def __str__(self):
        return f"{self.value:,}".replace(",", ".")
