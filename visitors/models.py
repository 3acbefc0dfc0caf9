"""What is kept of a visit: counts, and for two days a number that cannot be turned back into a person."""

from django.db import models

from visitors.figures import dotted


class Seen(models.Model):
    """One visitor of one day. Only today and yesterday are kept."""

    pk = models.CompositePrimaryKey("day", "visitor")
    day = models.DateField()
    visitor = models.BigIntegerField()  # keyed 64-bit digest, see identity.py
    first_seen = models.BigIntegerField()  # milliseconds since 1970, UTC
    last_seen = models.BigIntegerField()
    visits = models.PositiveIntegerField()
    added = models.PositiveIntegerField()  # of them, those of the last batch: what it adds to the day
    pauses = models.TextField(default="")  # between the visits, as "end start" of each, for batches that come late

    class Meta:
        indexes = [models.Index(fields=["day", "last_seen"], name="seen_day_last")]

    def __str__(self):
        return f"{self.day}: {self.visits}"


class Day(models.Model):
    """The running total of a day, for ever."""

    day = models.DateField("ngày", primary_key=True)
    visits = models.PositiveBigIntegerField("lượt truy cập")
    visitors = models.PositiveBigIntegerField("khách")

    class Meta:
        verbose_name = "ngày"
        verbose_name_plural = "lượt truy cập từng ngày"
        ordering = ["-day"]

    def __str__(self):
        return self.day.strftime("%d/%m/%Y")


class PastDay(models.Model):
    """A day from before this counter, as an older one had it (docs/decisions/0006-past-days.md)."""

    day = models.DateField("ngày", primary_key=True)
    visits = models.PositiveBigIntegerField("lượt truy cập")
    visitors = models.PositiveBigIntegerField("khách", null=True)
    source = models.CharField("nguồn", max_length=300)

    class Meta:
        verbose_name = "ngày chuyển sang"
        verbose_name_plural = "lượt truy cập từng ngày chuyển sang"
        ordering = ["-day"]

    def __str__(self):
        return self.day.strftime("%d/%m/%Y")


class Page(models.Model):
    """How often people have opened one page, in all."""

    path = models.CharField("trang", max_length=200, primary_key=True)
    views = models.PositiveBigIntegerField("lượt xem")

    class Meta:
        verbose_name = verbose_name_plural = "lượt xem từng trang"

    def __str__(self):
        return self.path


class PageDay(models.Model):
    """How often people opened one page on one day of the last month."""

    pk = models.CompositePrimaryKey("day", "path")
    day = models.DateField()
    path = models.CharField(max_length=200)
    views = models.PositiveIntegerField()

    class Meta:
        # what is most read is read from it
        indexes = [models.Index(fields=["day", "path", "views"], name="pageday_whole")]
        verbose_name = verbose_name_plural = "lượt xem từng trang mỗi ngày"

    def __str__(self):
        return f"{self.day} {self.path}"


class Refused(models.Model):
    """How many hits of one day of the last month were not counted, and why."""

    pk = models.CompositePrimaryKey("day", "reason")
    day = models.DateField()
    reason = models.CharField(max_length=40)
    hits = models.PositiveBigIntegerField()

    class Meta:
        verbose_name = verbose_name_plural = "lượt không tính"

    def __str__(self):
        return f"{self.day} {self.reason}"


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

    class Meta:
        indexes = [models.Index(fields=["day", "id"], name="batch_day")]

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
        return dotted(self.value)
