"""Frequently asked questions."""

from django.db import models


class Topic(models.Model):
    name = models.CharField("nama", max_length=80, unique=True)
    slug = models.SlugField(unique=True)
    position = models.PositiveSmallIntegerField("urutan", default=100)

    class Meta:
        verbose_name = verbose_name_plural = "topik"
        ordering = ["position", "name"]

    def __str__(self):
        return self.name


class ArticleQuerySet(models.QuerySet):
    def published(self):
        return self.filter(is_published=True).select_related("topic")


class Article(models.Model):
    """One question with its short answer (R60)."""

    topic = models.ForeignKey(Topic, models.PROTECT, related_name="articles", verbose_name="topik")
    question = models.CharField("pertanyaan", max_length=150)
    slug = models.SlugField(max_length=160, unique=True)
    short_answer = models.TextField("jawaban singkat")
    position = models.PositiveSmallIntegerField("urutan", default=100)
    is_published = models.BooleanField("terbit", default=False)
    updated_at = models.DateTimeField("diperbarui", auto_now=True)

    objects = ArticleQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "artikel"
        ordering = ["topic__position", "position", "question"]

    def __str__(self):
        return self.question
