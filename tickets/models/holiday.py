"""Days off, which administrators keep (R134)."""

from datetime import timedelta

from django.db import models


class HolidayQuerySet(models.QuerySet):
    def dates_from(self, moment):
        """The dates off since `moment`, whichever zone its day is read in; one query."""
        first = moment.date() - timedelta(days=1)
        return set(self.filter(date__gte=first).values_list("date", flat=True))


class Holiday(models.Model):
    """One day on which offices are closed, by the joint decree of three ministers (SKB)."""

    class Kind(models.TextChoices):
        LIBUR_NASIONAL = "libur_nasional", "Libur nasional"
        CUTI_BERSAMA = "cuti_bersama", "Cuti bersama"

    date = models.DateField("tanggal", unique=True)
    name = models.CharField("nama", max_length=120)
    kind = models.CharField("jenis", max_length=16, choices=Kind, default=Kind.LIBUR_NASIONAL)

    objects = HolidayQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "hari libur"
        ordering = ["date"]
        constraints = [
            models.CheckConstraint(
                name="holiday_kind",
                condition=models.Q(kind__in=["libur_nasional", "cuti_bersama"]),
            )
        ]

    def __str__(self):
        return self.name
