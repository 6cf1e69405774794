"""The ticket: its data, who sees it, and the one door through which it changes."""

import re
from functools import cached_property

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchQuery, SearchVector, SearchVectorField
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import Case, Exists, F, OuterRef, Q, Value, When
from django.urls import reverse
from django.utils import timezone
from django_fsm import FSMField

from accounts.roles import REPORTERS, Level
from tickets import numbers, rules
from tickets.models.attachment import Draft
from tickets.models.event import SENT, Assignment, Event, Rating
from tickets.models.reference import AppVersion, Category
from tickets.models.server_access import ServerAccess
from tickets.workflow import (
    FEEDBACK_PARTIES,
    REPORTER,
    STEPS,
    Audience,
    Classification,
    Refused,
    Stale,
    Status,
    Workflow,
)

# What steps change; everything else is as the reporter sent it, which the database sees to
MOVING_FIELDS = [
    *("category", "type", "priority", "version", "status", "level", "officer"),
    *("feedback_from", "awaited_officer", "last_event", "updated_at", "closed_at"),
]
RUNNING = [Status.IN_PROGRESS, Status.AWAITING_FEEDBACK, Status.AWAITING_REVIEW]
CODE = re.compile(r"[0-9]{5,14}|(?=.*[0-9])(?=.*-)[A-Za-z0-9-]{6,40}")  # a tender or package code
COUNT_CAP = 100  # counters say '99+' beyond


class TicketQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The tickets that `user` may see: the one rule behind every page, file, count and search.

        Reporters their own; LPSE officers those of their LPSE that reached their level; officers of
        LKPP those of every LPSE that reached theirs; nobody else any (R41, R132).
        """
        if user.is_authenticated and user.is_reporter:
            return self.filter(reporter=user)
        if user.is_authenticated and user.is_officer:
            reached = self.filter(level__gte=user.level)
            return reached if user.is_lkpp else reached.filter(lpse=user.lpse_id)
        return self.none()

    def with_people(self):
        """Everything about people and lists that a row or a page shows, in the same query."""
        return self.select_related(
            "lpse", "reporter", "officer", "awaited_officer", "category", "version", "rating"
        ).annotate(has_server_access=Exists(ServerAccess.objects.filter(ticket=OuterRef("pk"))))

    def in_pool_of(self, officer):
        """'Tiket Baru': what any officer of this level may take (R74, R98, R121)."""
        return self.visible_to(officer).filter(status=Status.NEW, level=officer.level)

    def in_hand_of(self, officer):
        """'Tiket Proses': what this officer holds, and what they owe an answer for (R83, R102)."""
        held = Q(officer=officer, status__in=RUNNING)
        return self.visible_to(officer).filter(held | self._owed_by(officer))

    def handled_by(self, officer):
        """'Daftar Tiket' of an officer: every ticket they have ever taken (R95, R120)."""
        took = Assignment.objects.filter(ticket=OuterRef("pk"), officer=officer)
        return self.visible_to(officer).filter(Exists(took))

    def waiting_for(self, user):
        """What this very person must act on now."""
        return self.visible_to(user).filter(self._turn_of(user))

    def with_turn_of(self, user):
        """Annotates `is_turn`: whether the row waits for this person."""
        is_turn = When(self._turn_of(user), then=Value(1))
        return self.annotate(is_turn=Case(is_turn, default=Value(0)))

    def _turn_of(self, user):
        if user.is_officer:
            return Q(officer=user, status=Status.IN_PROGRESS) | self._owed_by(user)
        answer = Q(status=Status.AWAITING_FEEDBACK, feedback_from=REPORTER)
        return answer | Q(status=Status.AWAITING_REVIEW)

    @staticmethod
    def _owed_by(officer):
        """rules.owes_feedback for many tickets."""
        of_this_lpse = Q(awaited_officer__lpse=None) | Q(awaited_officer__lpse=F("lpse"))
        is_there = Q(awaited_officer__is_active=True, awaited_officer__role=officer.role)
        free = Q(awaited_officer=None) | ~(is_there & of_this_lpse)
        return Q(status=Status.AWAITING_FEEDBACK, feedback_from=officer.level) & (
            free | Q(awaited_officer=officer)
        )

    def search(self, text):
        """By number in any spelling, by tender or package code, by words of the title (R42)."""
        text = text.replace("\0", "").strip()
        try:
            return self.filter(number=numbers.parse(text))
        except ValueError:
            if CODE.fullmatch(text):
                return self.filter(package_code=text.upper())
            return self.filter(
                search=SearchQuery(text, config="indonesian", search_type="websearch")
            )

    def send(self, *, by, key, message, files=(), ip=None, **fields):
        """A reporter files a ticket: the ticket, its first event and its files, or nothing (R33).

        Returns the event. The same `key` of the same person gives the first event again (R35).
        """
        earlier = Event.objects.select_related("ticket").filter(actor=by, key=key, action=SENT)
        if event := earlier.first():
            return event
        try:
            with transaction.atomic():
                return self._send(by=by, key=key, message=message, files=files, ip=ip, **fields)
        except IntegrityError:
            if event := earlier.first():  # the other click of a double click was first
                return event
            raise

    def _send(self, *, by, key, message, files, ip, **fields):
        now = timezone.now()
        ticket = self.model(
            lpse=by.lpse,
            reporter=by,
            reporter_kind=by.role,
            created_at=now,
            updated_at=now,
            **fields,
        )
        ticket.number = self._free_number(timezone.localtime(now, by.tzinfo).year)
        ticket.save()
        return ticket.record(
            SENT, by=by, at=now, message=message, files=files, key=key, ip=ip,
            audience=Audience.EVERYONE, before=("", Level.LPSE_1),
        )  # fmt: skip

    def _free_number(self, year):
        while True:
            number = numbers.new_number(year)
            if not self.model.objects.filter(number=number).exists():
                return number


class Ticket(Workflow, models.Model):
    """One problem of one reporter at one LPSE.

    What the reporter sent never changes afterwards (R34); where it stands changes by `perform`.
    """

    Status = Status

    class Type(models.TextChoices):
        KELUHAN = "KELUHAN", "Keluhan Pengguna"
        PERMINTAAN = "PERMINTAAN", "Permintaan Layanan"
        PERTANYAAN = "PERTANYAAN", "Pertanyaan"
        PEMERIKSAAN = "PEMERIKSAAN", "Pemeriksaan"
        KEBERATAN = "KEBERATAN", "Keberatan/Penyangkalan"
        USULAN = "USULAN", "Usulan"

    class Priority(models.IntegerChoices):
        RENDAH = 1, "Rendah"
        SEDANG = 2, "Sedang"
        TINGGI = 3, "Tinggi"
        KRITIS = 4, "Kritis"

    number = models.CharField("nomor tiket", max_length=14, unique=True, editable=False)
    # db_index=False: each is the first column of an index below
    lpse = models.ForeignKey("accounts.Lpse", models.PROTECT, verbose_name="LPSE", db_index=False)
    reporter = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="tickets",
        verbose_name="dibuat oleh",
        db_index=False,
    )
    reporter_kind = models.CharField(
        "kategori pelapor", max_length=10, choices=[(role.value, role.label) for role in REPORTERS]
    )
    identity_number = models.CharField("NPWP atau NIP", max_length=22)
    package_code = models.CharField("kode tender/kode paket", max_length=40, blank=True)
    error_code = models.CharField("kode error", max_length=12, blank=True)
    title = models.CharField("judul", max_length=100)

    category = models.ForeignKey(
        Category, models.PROTECT, null=True, blank=True, verbose_name="kategori tiket"
    )
    type = models.CharField("tipe tiket", max_length=12, choices=Type, blank=True)
    priority = models.PositiveSmallIntegerField(
        "prioritas", choices=Priority, null=True, blank=True
    )
    version = models.ForeignKey(
        AppVersion, models.PROTECT, null=True, blank=True, verbose_name="versi aplikasi"
    )

    status = FSMField("status", choices=Status, default=Status.NEW, protected=True, max_length=20)
    level = models.PositiveSmallIntegerField("posisi", choices=Level, default=Level.LPSE_1)
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="petugas",
        db_index=False,
    )
    feedback_from = models.PositiveSmallIntegerField(
        "feedback dari", null=True, blank=True, choices=FEEDBACK_PARTIES
    )
    awaited_officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    last_event = models.BigIntegerField(default=0, editable=False)  # what a form must have seen

    created_at = models.DateTimeField("tanggal dibuat", editable=False)
    updated_at = models.DateTimeField("pembaruan terakhir", editable=False)
    closed_at = models.DateTimeField("ditutup", null=True, editable=False)
    search = models.GeneratedField(
        expression=SearchVector("title", config="indonesian"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = TicketQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "tiket"
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["level", "status", "lpse", "-id"], name="ticket_queue"),
            models.Index(fields=["lpse", "-id"], name="ticket_of_lpse"),
            models.Index(fields=["reporter", "-id"], name="ticket_of_reporter"),
            models.Index(fields=["officer", "status", "-id"], name="ticket_of_officer"),
            models.Index(
                fields=["package_code"], name="ticket_package", condition=~Q(package_code="")
            ),
            GinIndex(fields=["search"], name="ticket_search"),
        ]
        constraints = [
            models.CheckConstraint(name="ticket_status", condition=Q(status__in=Status)),
            models.CheckConstraint(name="ticket_level", condition=Q(level__range=(1, 4))),
            models.CheckConstraint(
                name="ticket_classified_past_first_pool",
                condition=Q(level=Level.LPSE_1, status=Status.NEW)
                | Q(category__isnull=False, version__isnull=False, priority__isnull=False)
                & ~Q(type=""),
            ),
            models.CheckConstraint(
                name="ticket_officer_unless_in_pool",
                condition=Q(status=Status.NEW, officer=None)
                | ~Q(status=Status.NEW) & Q(officer__isnull=False),
            ),
            models.CheckConstraint(
                name="ticket_feedback_owed_by_lower_level",
                condition=Q(
                    status=Status.AWAITING_FEEDBACK,
                    feedback_from__isnull=False,  # a check that gives NULL passes
                    feedback_from__lt=F("level"),
                )
                | ~Q(status=Status.AWAITING_FEEDBACK) & Q(feedback_from=None),
            ),
            models.CheckConstraint(
                name="ticket_closed_at_when_closed",
                condition=Q(status=Status.CLOSED, closed_at__isnull=False)
                | ~Q(status=Status.CLOSED) & Q(closed_at=None),
            ),
        ]

    def __str__(self):
        return numbers.spoken(self.number)

    def get_absolute_url(self):
        return reverse("tickets:detail", args=[self.number])

    def refresh_from_db(self, using=None, fields=None, from_queryset=None):
        """django-fsm guards a protected field even against reloading; forget its value first."""
        if fields is None or "status" in fields:
            self.__dict__.pop("status", None)
        super().refresh_from_db(using=using, fields=fields, from_queryset=from_queryset)

    # Facts

    @property
    def description(self):
        """What the reporter wrote: the message of the first event, stored there alone."""
        return self.events.get(action=SENT).message

    @property
    def is_at_last_level(self):
        return self.level == Level.LKPP_2

    @property
    def is_rated(self):
        return hasattr(self, "rating")

    @cached_property
    def has_server_access(self):
        """Whether Data Server is there to read; `with_people` brings the answer along."""
        return ServerAccess.objects.filter(ticket=self).exists()

    @property
    def is_untaken(self):
        """Whether no officer has ever taken it: until then names stay masked."""
        return self.category_id is None

    @property
    def owes_feedback_of_reporter(self):
        return self.feedback_from == REPORTER

    @property
    def owes_review(self):
        return self.status == Status.AWAITING_REVIEW

    @property
    def next_level(self):
        """The Level that an escalation leads to; None at the last."""
        return None if self.is_at_last_level else Level(self.level + 1)

    @property
    def classification(self):
        return Classification(self.category, self.type, self.priority, self.version)

    def officer_of_level(self, level):
        """Who handled the ticket at that level and still may; None means anybody of the level."""
        assignment = self.assignments.select_related("officer").filter(level=level).first()
        if assignment is None:
            return None
        officer = assignment.officer
        return officer if rules.still_works_at(self, officer, level) else None

    def open_steps(self, user):
        """The steps that `user` may do now, by name; readings are not among them."""
        return {
            name: step
            for name, step in STEPS.items()
            if not step.is_reading and step.is_open(self, user)
        }

    # What steps do besides: called by Workflow alone

    def classify(self, classification):
        if classification is not None:
            self.category, self.type, self.priority, self.version = classification

    def assign(self, officer):
        self.assignments.update_or_create(
            level=self.level, defaults={"officer": officer, "taken_at": timezone.now()}
        )

    def release_if_officer_left(self):
        if not rules.is_officer_in_charge(self, self.officer):
            self.officer = None

    def keep_server_access(self, values, by):
        access = ServerAccess(ticket=self)
        access.seal(values)
        access.save()

    def wipe_server_access(self):
        ServerAccess.objects.filter(ticket=self).delete()

    def keep_rating(self, stars, suggestion):
        self.rating = Rating.objects.create(ticket=self, stars=stars, suggestion=suggestion)

    # The one door

    def perform(self, action, *, by, message="", files=(), key=None, seen=None, ip=None, **fields):
        """Do a step of the workflow, whole or not at all; return its Event.

        `files` are Drafts of `by`; `key` makes a second post give the first one's event; `seen`
        is the `last_event` that the person had before their eyes. Raises Stale when the ticket
        has moved on since, Refused when the step may not happen, ValidationError for fields that
        do not fit.
        """
        with transaction.atomic():
            ticket = self._locked()
            if key and (event := Event.objects.filter(actor=by, key=key).first()):
                if (event.ticket_id, event.action) != (ticket.pk, action):
                    raise Refused("Formulir ini sudah dipakai. Muat ulang halaman lalu coba lagi.")
                return event
            step = STEPS[action]
            ticket._check(step, by, message, seen)
            before, earlier = (ticket.status, ticket.level), ticket.classification
            said = getattr(ticket, action)(by, **fields) or {}
            if changes := _changes(earlier, ticket.classification):
                said["detail"] = said.get("detail", {}) | {"changes": changes}
            return ticket.record(
                action, by=by, message=message, files=files, key=key, ip=ip, before=before,
                **{"audience": step.audience} | said,
            )  # fmt: skip

    def _locked(self):
        """This ticket as it stands now, its row locked until the transaction ends.

        In two statements: one that had to wait for the lock would give the new row joined with
        the people, rating and Data Server of before.
        """
        Ticket.objects.select_for_update(no_key=True).values_list("pk").get(pk=self.pk)
        return Ticket.objects.with_people().get(pk=self.pk)

    def _check(self, step, by, message, seen):
        if not step.is_open(self, by):
            raise Refused(self.why_not(step.label))
        if seen is not None and seen != self.last_event:
            raise Stale(
                "Tiket ini sudah berubah sejak Anda membukanya. Periksa isinya lalu kirim lagi."
            )
        if step.needs_message and not message.strip():
            raise ValidationError("Pesan wajib diisi.")

    def why_not(self, label):
        """The sentence for a person who wanted to do what `label` says, and cannot now."""
        if label == STEPS["take"].label and self.officer:
            return f"Tiket sudah diambil oleh {self.officer}."
        return f"“{label}” tidak dapat dilakukan sekarang. Periksa status tiket di bawah."

    def record(self, action, *, by, message, files, before, at=None, **said):
        """Save the ticket and append the event with its files; `perform` and `send` call it."""
        now = at or timezone.now()
        event = Event.objects.create(
            ticket=self,
            actor=by,
            actor_role=by.role,
            action=action,
            message=message,
            from_status=before[0],
            from_level=before[1],
            to_status=self.status,
            to_level=self.level,
            at=now,
            **said,
        )
        Draft.objects.attach(files, event)
        if action == SENT or not STEPS[action].is_reading:
            self.last_event, self.updated_at = event.pk, now
            self.save(update_fields=MOVING_FIELDS)
        return event


def _changes(before, after):
    """[[label, before, after], …] of what was changed; [] when it was first set."""
    if before.category is None:
        return []
    labels = ("Kategori Tiket", "Tipe Tiket", "Prioritas", "Versi Aplikasi")
    words = zip(labels, _words(before), _words(after), strict=True)
    return [[label, old, new] for label, old, new in words if old != new]


def _words(classification):
    category, kind, priority, version = classification
    return (
        str(category),
        Ticket.Type(kind).label,
        Ticket.Priority(priority).label,
        str(version),
    )
