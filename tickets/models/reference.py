"""The lists that administrators keep: ticket categories and application versions (R134)."""

from django.db import models
from django.db.models import Value


class ReferenceQuerySet(models.QuerySet):
    def offered(self):
        """What a person may choose now; tickets keep what they have."""
        return self.filter(is_active=True)


class Reference(models.Model):
    code = models.CharField("kode", max_length=32, unique=True)
    label = models.CharField("nama", max_length=80)
    position = models.PositiveSmallIntegerField("urutan", default=100)
    is_active = models.BooleanField("aktif", default=True)

    objects = ReferenceQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["position", "label"]

    def __str__(self):
        return self.label

    @property
    def is_used(self):
        return self.ticket_set.exists()


class Category(Reference):
    """What a ticket is about (domain.md part 1.2)."""

    class Meta(Reference.Meta):
        verbose_name = verbose_name_plural = "kategori tiket"


class AppVersion(Reference):
    """The version of the application that a ticket is about (domain.md part 1.2)."""

    class Meta(Reference.Meta):
        verbose_name = verbose_name_plural = "versi aplikasi"


LISTS = {"category": Category, "version": AppVersion}


def listed():
    """{'category': {pk: Category}, 'version': {pk: AppVersion}} in their order, of one query.

    Also what is not offered any more: tickets of before still have it.
    """
    columns = ("pk", "code", "label", "position", "is_active")
    rows = [
        model.objects.order_by().annotate(of=Value(name)).values_list("of", *columns)
        for name, model in LISTS.items()
    ]
    found = {name: {} for name in LISTS}
    for name, *values in rows[0].union(rows[1], all=True).order_by("position", "label"):
        found[name][values[0]] = LISTS[name](**dict(zip(columns, values, strict=True)))
    return found
