"""Events: a ticket's thread and its history in one, append-only (a database trigger says so)."""

from django.conf import settings
from django.db import models
from django.db.models import Case, F, Prefetch, Q, Value, When

from accounts.roles import LEVEL_OF_ROLE, Level, Role
from tickets.models.attachment import Attachment
from tickets.workflow import FEEDBACK_PARTIES, STEPS, Audience, Status

SENT = "send"
READINGS = [name for name, step in STEPS.items() if step.is_reading]


class EventQuerySet(models.QuerySet):
    def as_read_by(self, user):
        """The events of a ticket with what `user` may read of them, in `text` and `files`.

        Officers read everything. For a reporter the database itself blanks what officers wrote to
        one another, and leaves out who read secrets; that a step happened stays.
        """
        events = self.select_related("actor").defer("message")
        if user.is_officer:
            events = events.annotate(text=F("message"))
        else:
            is_open = When(audience=Audience.EVERYONE, then=F("message"))
            events = events.exclude(action__in=READINGS).annotate(
                text=Case(is_open, default=Value(""), output_field=models.TextField())
            )
        files = Attachment.objects.readable_by(user)
        return events.prefetch_related(Prefetch("attachments", files, to_attr="files")).order_by(
            "pk"
        )


class Event(models.Model):
    """One step of one ticket: who, when, from and to where, what they said and to whom (R130)."""

    ticket = models.ForeignKey("tickets.Ticket", models.PROTECT, related_name="events")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    actor_role = models.CharField(max_length=10, choices=Role)
    action = models.CharField(max_length=32)
    from_status = models.CharField(max_length=20, choices=Status, blank=True)
    to_status = models.CharField(max_length=20, choices=Status)
    from_level = models.PositiveSmallIntegerField(choices=Level)
    to_level = models.PositiveSmallIntegerField("posisi", choices=Level)
    feedback_from = models.PositiveSmallIntegerField(null=True, choices=FEEDBACK_PARTIES)
    message = models.TextField(blank=True)
    audience = models.CharField(max_length=8, choices=Audience)
    detail = models.JSONField(default=dict)  # {"changes": [[label, before, after]], "file": name}
    ip = models.GenericIPAddressField(null=True)
    key = models.UUIDField(null=True)
    at = models.DateTimeField("waktu")

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = "peristiwa"
        verbose_name_plural = "riwayat tiket"
        constraints = [
            # a form carries a key: posting it twice gives one event (R35)
            models.UniqueConstraint(name="event_once_per_form", fields=["actor", "key"]),
            models.CheckConstraint(name="event_audience_known", condition=Q(audience__in=Audience)),
        ]

    def __str__(self):
        return "Kirim" if self.action == SENT else STEPS[self.action].label

    @property
    def is_internal(self):
        return self.audience == Audience.OFFICERS

    @property
    def level_of_actor(self):
        """The Level of the officer who acted; None for the reporter."""
        return LEVEL_OF_ROLE.get(self.actor_role)

    @property
    def changes(self):
        return self.detail.get("changes", [])


class ReadingManager(models.Manager):
    def get_queryset(self):
        return super().get_queryset().filter(action="read_server_access")


class Reading(Event):
    """That an officer read Data Server, and why (R114)."""

    objects = ReadingManager()

    class Meta:
        proxy = True
        verbose_name = verbose_name_plural = "pembacaan Data Server"


class Assignment(models.Model):
    """Who handled a ticket at a level: the last officer who took it there."""

    ticket = models.ForeignKey("tickets.Ticket", models.CASCADE, related_name="assignments")
    level = models.PositiveSmallIntegerField(choices=Level)
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="assignments", db_index=False
    )
    taken_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="assignment_once_per_level", fields=["ticket", "level"])
        ]
        indexes = [models.Index(fields=["officer", "-ticket"], name="assignment_of_officer")]

    def __str__(self):
        return f"{self.ticket_id} level {self.level}"


class Rating(models.Model):
    """The reporter's one judgement of a closed ticket (R56-R58)."""

    ticket = models.OneToOneField("tickets.Ticket", models.PROTECT, related_name="rating")
    stars = models.PositiveSmallIntegerField("bintang")
    suggestion = models.TextField("saran dan masukan", blank=True)
    created_at = models.DateTimeField("waktu", auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "penilaian"
        constraints = [
            models.CheckConstraint(name="rating_stars", condition=Q(stars__range=(1, 5))),
            models.CheckConstraint(
                name="rating_low_has_suggestion", condition=Q(stars__gt=3) | ~Q(suggestion="")
            ),
        ]

    def __str__(self):
        return f"{self.stars} bintang"
