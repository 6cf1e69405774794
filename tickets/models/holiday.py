"""Days off, which administrators keep (R134)."""

from django.db import models


class Holiday(models.Model):
    """One day on which offices are closed, by the joint decree of three ministers (SKB)."""

    class Kind(models.TextChoices):
        LIBUR_NASIONAL = "libur_nasional", "Libur nasional"
        CUTI_BERSAMA = "cuti_bersama", "Cuti bersama"

    date = models.DateField("tanggal", unique=True)
    name = models.CharField("nama", max_length=120)
    kind = models.CharField("jenis", max_length=16, choices=Kind, default=Kind.LIBUR_NASIONAL)

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
