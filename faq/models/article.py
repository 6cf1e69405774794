"""Frequently asked questions."""

from functools import reduce
from operator import add, or_

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import (
    SearchHeadline,
    SearchRank,
    SearchVector,
    SearchVectorField,
)
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Case, Count, F, Q, Value, When
from django.db.models.functions import Length
from django.db.models.lookups import LessThanOrEqual
from django.urls import reverse
from django.utils import timezone

from accounts.models import Lpse
from faq import rules, search
from faq.markdown import render
from faq.models.topic import Topic

BODY_LIMIT = 20_000
FOUND_AT_MOST = 50
SUGGESTED_AT_MOST = 5
RELATED_AT_MOST = 5
RESERVED = {"saran"}  # the address of another page


def check_slug(slug):
    if slug in RESERVED:
        raise ValidationError("Alamat ini dipakai halaman lain. Pilih alamat lain.")


class ArticleQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Published articles that this person may read: the one rule of all pages (R63)."""
        offices = Q(lpse=None)
        if rules.reads_every_office(user):
            offices = Q()
        elif user.is_authenticated and user.lpse_id:
            offices |= Q(lpse=user.lpse_id)
        return self.filter(offices, audience__in=Article.audiences_of(user), is_published=True)

    def editable_by(self, user):
        """The articles that this person keeps: all, those of their office, or none."""
        if rules.is_administrator(user):
            return self
        return self.filter(lpse=user.lpse_id) if rules.is_keeper(user) else self.none()

    def of_office(self, user):
        """National ones and those of this person's LPSE: what a list that is not searched shows."""
        own = Q(lpse=user.lpse_id) if user.is_authenticated else Q()
        return self.filter(Q(lpse=None) | own) if own else self.filter(lpse=None)

    def with_names(self):
        return self.select_related("topic", "lpse")

    def with_counts(self):
        """What visitors made of each article."""
        return self.annotate(
            helpful=Count("opinions", filter=Q(opinions__is_helpful=True)),
            unhelpful=Count("opinions", filter=Q(opinions__is_helpful=False)),
            answered=Count("opinions", filter=Q(opinions__was_answered=True)),
        )

    def search(self, text):
        """The articles with every word of `text`, stemmed or as it begins; best first, marked."""
        words = search.words(text)
        if not words:
            return self.none()
        stems, beginnings = search.stems(text), search.beginnings(words)
        found = self.filter(Q(search=stems) | Q(typed=beginnings))
        ranked = found.annotate(
            rank=SearchRank(F("search"), stems) + SearchRank(F("typed"), beginnings)
        )
        return ranked.order_by("-rank", "position", "pk").marked(stems | beginnings)

    def marked(self, query):
        """Question, short answer and a piece of the body with marks around what was found."""
        marks = {
            "config": "indonesian",
            "start_sel": search.START,
            "stop_sel": search.STOP,
        }
        return self.annotate(
            marked_question=SearchHeadline("question", query, highlight_all=True, **marks),
            marked_answer=SearchHeadline("short_answer", query, highlight_all=True, **marks),
            marked_piece=SearchHeadline("body", query, max_fragments=2, max_words=20, **marks),
        )

    def suggested_for(self, title):
        """The articles that a title may be about: of a long title at least two words (R64)."""
        words = search.telling_words(title)
        if not words:
            return self.none()
        hits = [Case(When(self._has(word), then=Value(1)), default=Value(0)) for word in words]
        found = self.filter(reduce(or_, map(self._has, words))).annotate(
            hits=reduce(add, hits), rank=SearchRank(F("search"), search.any_of(words))
        )
        needed = 2 if len(words) > 2 else 1
        return found.filter(hits__gte=needed).order_by("-hits", "-rank", "position", "pk")

    def suggestions(self, user, title):
        """What stands beside the title that `user` types."""
        visible = self.visible_to(user).of_office(user).defer("body")
        return visible.suggested_for(title)[:SUGGESTED_AT_MOST]

    @staticmethod
    def _has(word):
        return Q(search=search.any_of([word])) | Q(typed=search.beginnings([word]))


class ArticleManager(models.Manager.from_queryset(ArticleQuerySet)):
    def get_queryset(self):
        """Without what only the database reads."""
        return super().get_queryset().defer("search", "typed")


class Article(models.Model):
    """One question with its short and its full answer (R60, R61)."""

    class Audience(models.TextChoices):
        PUBLIC = "public", "Umum"
        REPORTERS = "reporters", "Pelapor"
        OFFICERS = "officers", "Petugas"

    topic = models.ForeignKey(Topic, models.PROTECT, related_name="articles", verbose_name="topik")
    question = models.CharField("pertanyaan", max_length=150)
    slug = models.SlugField(
        "alamat", max_length=160, unique=True, validators=[check_slug],
        help_text="Bagian akhir alamat halaman. Tautan yang sudah disebarkan putus bila diubah.",
    )  # fmt: skip
    short_answer = models.TextField(
        "jawaban singkat", max_length=1000,
        help_text="Satu sampai tiga kalimat tanpa Markdown; tampil saat pertanyaan dibuka.",
    )  # fmt: skip
    body = models.TextField("jawaban lengkap", max_length=BODY_LIMIT, blank=True)
    audience = models.CharField(
        "pembaca", max_length=10, choices=Audience, default=Audience.PUBLIC,
        help_text="Umum: semua orang tanpa masuk. Pelapor: pelapor dan petugas yang sudah masuk.",
    )  # fmt: skip
    lpse = models.ForeignKey(
        Lpse, models.PROTECT, null=True, blank=True, related_name="articles", verbose_name="LPSE",
        help_text="Kosong: nasional. Artikel satu LPSE hanya dibaca orang LPSE itu.",
    )  # fmt: skip
    position = models.PositiveSmallIntegerField(
        "urutan", default=100, help_text="Angka kecil tampil lebih dulu dalam topiknya."
    )
    is_published = models.BooleanField(
        "terbit", default=False, help_text="Tanpa centang, artikel adalah draf."
    )
    updated_at = models.DateTimeField("diperbarui", default=timezone.now, editable=False)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, editable=False,
        related_name="+", verbose_name="diperbarui oleh",
    )  # fmt: skip
    search = models.GeneratedField(
        db_persist=True,
        output_field=SearchVectorField(),
        expression=SearchVector("question", config="indonesian", weight="A")
        + SearchVector("short_answer", config="indonesian", weight="B")
        + SearchVector("body", config="indonesian", weight="C"),
    )
    typed = models.GeneratedField(  # words as they stand, for a word that is not typed to its end
        db_persist=True,
        output_field=SearchVectorField(),
        expression=SearchVector("question", config="simple", weight="A")
        + SearchVector("short_answer", config="simple", weight="B"),
    )

    objects = ArticleManager()

    class Meta:
        verbose_name = verbose_name_plural = "artikel"
        ordering = ["topic__position", "topic__name", "position", "question"]
        indexes = [
            GinIndex(fields=["search"], name="article_search"),
            GinIndex(fields=["typed"], name="article_typed"),
        ]
        constraints = [
            models.CheckConstraint(  # a far longer text could not be indexed
                name="article_body_fits",
                condition=LessThanOrEqual(Length("body"), BODY_LIMIT),
                violation_error_message="Jawaban lengkap maksimal 20.000 karakter.",
            )
        ]

    def __str__(self):
        return self.question

    def get_absolute_url(self):
        return reverse("faq:detail", args=[self.slug])

    @classmethod
    def audiences_of(cls, user):
        """Officers read what reporters read, and everybody what is public."""
        if rules.reads_for_officers(user):
            return list(cls.Audience)
        if rules.is_reporter(user):
            return [cls.Audience.PUBLIC, cls.Audience.REPORTERS]
        return [cls.Audience.PUBLIC]

    @property
    def keeper(self):
        """Who speaks here; never the name of an officer."""
        return str(self.lpse) if self.lpse else "LKPP"

    @property
    def remark(self):
        """What sets this article apart from a national one for everybody."""
        audience = "" if self.audience == self.Audience.PUBLIC else self.get_audience_display()
        return " · ".join(part for part in (audience, str(self.lpse or "")) if part)

    @property
    def body_html(self):
        return render(self.body)
