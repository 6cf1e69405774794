"""Events: a ticket's thread and its history in one, append-only (a database trigger says so)."""

from django.conf import settings
from django.db import models
from django.db.models import Case, F, OuterRef, Prefetch, Q, Subquery, Value, When
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast

from accounts.roles import LEVEL_OF_ROLE, ROLE_OF_LEVEL, Level, Role
from tickets import rules
from tickets.models.attachment import Attachment
from tickets.steps import FEEDBACK_PARTIES, RUNNING, Audience, Status
from tickets.workflow import STEPS

SENT = "send"
PUBLIC = ("ticket", "action", "to_status", "to_level", "feedback_from", "at")
VERDICTS = ["reject", "rate"]
CREDITED = ["take", "escalate", "resolve", *VERDICTS]
READINGS = [name for name, step in STEPS.items() if step.is_reading]


class EventQuerySet(models.QuerySet):
    def as_read_by(self, user):
        """The events of a ticket with what `user` may read of them, in `text` and `files`.

        Officers read everything. For a reporter the database itself blanks what officers wrote to
        one another, and leaves out who read secrets and `detail`, which names officers; that a
        step happened stays.
        """
        events = self.select_related("actor").defer("message")
        if user.is_officer:
            events = events.annotate(text=F("message"))
        else:
            is_open = When(audience=Audience.EVERYONE, then=F("message"))
            events = events.exclude(action__in=READINGS).defer("detail")
            events = events.annotate(
                text=Case(is_open, default=Value(""), output_field=models.TextField())
            )
        files = Attachment.objects.readable_by(user).with_scan()
        return events.prefetch_related(Prefetch("attachments", files, to_attr="files")).order_by(
            "pk"
        )

    def credited_at(self, level):
        """The acts that count for officers who worked at `level`, each with `credited_to`.

        Taking, solving and escalating count for who did it; the reporter's verdict and rating for
        who had called the ticket solved (product.md A11), or had asked a question last, when the
        ticket was closed for want of an answer. What time does counts for nobody (R135).
        """
        solver = (
            Event.objects.filter(
                ticket=OuterRef("ticket"), action__in=["resolve", "ask"], pk__lt=OuterRef("pk")
            )
            .order_by("-pk")
            .values("actor")[:1]
        )
        return self.filter(action__in=CREDITED, from_level=level).annotate(
            credited_to=Case(
                When(action__in=VERDICTS, then=Subquery(solver)),
                default=F("actor_id"),
                output_field=models.BigIntegerField(),
            )
        )

    def with_beginning(self):
        """Annotates `began_at`: for a taking when the ticket came into the pool, for a solution
        when an officer of that level last got it; for other acts NULL."""
        earlier = Event.objects.filter(ticket=OuterRef("ticket"), pk__lt=OuterRef("pk"))
        earlier = earlier.order_by("-pk").values("at")
        into_pool = earlier.filter(to_status=Status.NEW).exclude(action__in=READINGS)[:1]
        level = OuterRef("from_level")
        handed_at = Cast(KeyTextTransform("level", "detail"), models.IntegerField())
        got = Q(action="take", to_level=level) | Q(action="reassign", handed_at=level)
        into_hand = earlier.alias(handed_at=handed_at).filter(got)[:1]
        return self.annotate(
            began_at=Case(
                When(action="take", then=Subquery(into_pool)),
                When(action="resolve", then=Subquery(into_hand)),
            )
        )

    def public(self):
        """The events that moved their ticket: how, where to and when, not a column more (R127).

        Readings, ratings and whatever else leaves a ticket where it is are nobody's business.
        """
        moved = self.exclude(from_status=F("to_status"), from_level=F("to_level"))
        return moved.only(*PUBLIC).order_by("pk")


class Event(models.Model):
    """One step of one ticket: who, when, from and to where, what they said and to whom (R130)."""

    # db_index=False: each is the first column of a unique constraint below
    ticket = models.ForeignKey(
        "tickets.Ticket", models.PROTECT, related_name="events", db_index=False
    )
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False
    )
    actor_role = models.CharField(max_length=10, choices=Role, blank=True)  # '': administrator
    action = models.CharField(max_length=32)
    from_status = models.CharField(max_length=20, choices=Status, blank=True)
    to_status = models.CharField(max_length=20, choices=Status)
    from_level = models.PositiveSmallIntegerField(choices=Level)
    to_level = models.PositiveSmallIntegerField("posisi", choices=Level)
    feedback_from = models.PositiveSmallIntegerField(null=True, choices=FEEDBACK_PARTIES)
    message = models.TextField(blank=True)
    audience = models.CharField(max_length=8, choices=Audience)
    # {"changes": [[label, before, after]], "file": name}, or of a reassignment {"level": level,
    # "from": {"id": pk, "name": name}, "to": the same}, of a reminder {"working_days": number}
    detail = models.JSONField(default=dict)
    ip = models.GenericIPAddressField(null=True)
    key = models.UUIDField(null=True)
    at = models.DateTimeField("waktu")
    # The chain (tickets.chain): `salts` go with what is removed by law, the rest stays
    position = models.PositiveIntegerField("urutan")
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField("hash", max_length=64)
    commitments = models.JSONField(default=dict)
    salts = models.JSONField(default=dict)

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = "peristiwa"
        verbose_name_plural = "riwayat tiket"
        constraints = [
            # a form carries a key: posting it twice gives one event (R35)
            models.UniqueConstraint(name="event_once_per_form", fields=["actor", "key"]),
            models.UniqueConstraint(name="event_once_per_place", fields=["ticket", "position"]),
            models.CheckConstraint(name="event_audience_known", condition=Q(audience__in=Audience)),
        ]
        indexes = [
            models.Index(fields=["at"], name="event_at"),  # the events of a day
            # what an officer has ever taken: TicketQuerySet.handled_by
            models.Index(fields=["actor", "ticket"], name="event_take", condition=Q(action="take")),
            # the acts of tickets in a period: EventQuerySet.credited_at
            models.Index(
                fields=["ticket", "at"],
                include=["action", "from_level", "actor"],
                name="event_credit",
                condition=Q(action__in=CREDITED),
            ),
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

    @property
    def successor(self):
        """The name of the officer who was given the ticket; '' of every other step."""
        return self.detail.get("to", {}).get("name", "")


class AssignmentQuerySet(models.QuerySet):
    def current(self):
        """Who holds a running ticket now: the officer in charge, and one who was asked by them."""
        in_charge = Q(level=F("ticket__level"), officer=F("ticket__officer"))
        asked = Q(level=F("ticket__feedback_from"), officer=F("ticket__awaited_officer"))
        return self.filter(in_charge | asked, ticket__status__in=RUNNING)

    def reassignable_by(self, user):
        """rules.can_replace for many tickets (R136)."""
        if not (user.is_authenticated and rules.is_supervisor(user)):
            return self.none()
        if rules.is_administrator(user):
            return self.current()
        return self.current().filter(level=Level.LPSE_1, ticket__lpse=user.lpse_id)

    def with_duty(self):
        """Annotates `is_on_duty`: rules.still_works_at of each row's ticket, officer and level."""
        works = Q()
        for level, role in ROLE_OF_LEVEL.items():
            works |= Q(level=level, officer__role=role)
        serves = Q(officer__lpse=None) | Q(officer__lpse=F("ticket__lpse"))
        on_duty = When(works & serves, officer__is_active=True, then=Value(1))
        return self.annotate(is_on_duty=Case(on_duty, default=Value(0)))

    def with_places(self):
        """What a supervisor reads of each: the officer and the ticket's place, in one query."""
        people = ("officer__lpse", "ticket__lpse", "ticket__category", "ticket__awaited_officer")
        return (
            self.with_duty()
            .select_related(*people)
            .annotate(officer_name=F("officer__name"), waiting_since=F("ticket__updated_at"))
        )


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
    """Who handles a ticket at a level: the last officer who took it there or was given it."""

    # db_index=False: both are the first column of an index below
    ticket = models.ForeignKey(
        "tickets.Ticket", models.CASCADE, related_name="assignments", db_index=False
    )
    level = models.PositiveSmallIntegerField(choices=Level)
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="assignments", db_index=False
    )
    taken_at = models.DateTimeField()

    objects = AssignmentQuerySet.as_manager()

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
