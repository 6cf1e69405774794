"""What one visitor made of one article."""

from django.db import models
from django.utils.crypto import salted_hmac

from faq.models.article import Article


class OpinionQuerySet(models.QuerySet):
    def say(self, article, visitor, **opinion):
        """Keep the opinion; one given again replaces the first, however often it is sent."""
        self.bulk_create(
            [self.model(article=article, visitor=visitor, **opinion)],
            update_conflicts=True,
            unique_fields=["article", "visitor"],
            update_fields=list(opinion),
        )


class Opinion(models.Model):
    """One row for each visitor and article; who the visitor is cannot be read from it (ADR 9)."""

    article = models.ForeignKey(
        Article, models.CASCADE, related_name="opinions", verbose_name="artikel"
    )
    visitor = models.CharField("pengunjung", max_length=64)
    is_helpful = models.BooleanField("membantu", null=True)
    was_answered = models.BooleanField("menjawab pertanyaan", default=False)
    at = models.DateTimeField("waktu", auto_now_add=True)

    objects = OpinionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "pendapat"
        constraints = [
            models.UniqueConstraint(name="opinion_once_per_visitor", fields=["article", "visitor"])
        ]

    def __str__(self):
        return f"{self.article_id}: {self.is_helpful}, {self.was_answered}"


def visitor_of(name):
    """The key of a visitor: the same for the same name, and no way back to it."""
    return salted_hmac("faq.visitor", name, algorithm="sha256").hexdigest()
