from django.db import models


class Topic(models.Model):
    """A heading of the FAQ that articles stand under."""

    name = models.CharField("nama", max_length=80, unique=True)
    slug = models.SlugField("alamat", unique=True)
    position = models.PositiveSmallIntegerField("urutan", default=100)

    class Meta:
        verbose_name = verbose_name_plural = "topik"
        ordering = ["position", "name"]

    def __str__(self):
        return self.name
