"""The ticket: its data, and the one door through which it changes."""

from functools import cached_property

from django.conf import settings
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django_fsm import FSMField

from accounts.models import User
from accounts.roles import REPORTERS, ROLE_OF_LEVEL, Level
from tickets import chain, numbers, redaction, rules, silence
from tickets.models.attachment import Draft
from tickets.models.event import SENT, Event, Rating
from tickets.models.notice import Notice
from tickets.models.reference import AppVersion, Category
from tickets.models.server_access import ServerAccess
from tickets.models.ticket_queryset import TicketQuerySet
from tickets.models.ticket_table import CONSTRAINTS, INDEXES
from tickets.steps import FEEDBACK_PARTIES, REPORTER, Refused, Stale, Status
from tickets.telling import SENDING
from tickets.workflow import STEPS, Classification, Workflow

# What steps change; everything else is as the reporter sent it, which the database sees to
MOVING_FIELDS = [
    *("category", "type", "priority", "version", "status", "level", "officer"),
    *("feedback_from", "awaited_officer", "last_event", "updated_at", "closed_at"),
    "reopen_until",
]


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

    # Nobody asks for all tickets of a category, a version or an officer who was asked: a list is of
    # an LPSE or a level first. An index would be written with every step for nothing
    category = models.ForeignKey(
        Category,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name="kategori tiket",
        db_index=False,
    )
    type = models.CharField("tipe tiket", max_length=12, choices=Type, blank=True)
    priority = models.PositiveSmallIntegerField(
        "prioritas", choices=Priority, null=True, blank=True
    )
    version = models.ForeignKey(
        AppVersion,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name="versi aplikasi",
        db_index=False,
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
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    last_event = models.BigIntegerField(default=0, editable=False)  # what a form must have seen

    created_at = models.DateTimeField("tanggal dibuat", editable=False)
    updated_at = models.DateTimeField("pembaruan terakhir", editable=False)
    closed_at = models.DateTimeField("ditutup", null=True, editable=False)
    # only of a ticket that the portal has closed by itself: what its reporter was promised then
    reopen_until = models.DateTimeField(
        "dapat dibuka kembali sampai", null=True, blank=True, editable=False
    )
    search = models.GeneratedField(
        expression=SearchVector("title", config="indonesian"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = TicketQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "tiket"
        ordering = ["-pk"]
        permissions = [
            ("reassign_ticket", "Dapat mengalihkan tiket ke petugas lain"),
            ("redact_ticket", "Dapat menghapus isi tiket menurut hukum"),
        ]
        indexes = INDEXES
        constraints = CONSTRAINTS

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
    def waits_for_reporter(self):
        """Whether nothing goes on before its reporter answers or reviews."""
        return self.owes_feedback_of_reporter or self.owes_review

    def is_turn_of(self, user):
        """Whether it waits for this very person: waiting_for of a ticket that they see."""
        if not user.is_officer:
            return self.waits_for_reporter
        in_hand = self.officer_id == user.pk and self.status == Status.IN_PROGRESS
        return in_hand or rules.owes_feedback(self, user)

    @property
    def silence(self):
        """The Silence of its reporter, as time has it now; asked of the database each time."""
        return silence.of(self)

    @property
    def closes_at(self):
        """When it is closed if its reporter stays silent; None when it waits for others (R135)."""
        now = timezone.now()
        return max(now, self.silence.closes_at(now)) if self.waits_for_reporter else None

    @property
    def is_closed_by_system(self):
        return self.reopen_until is not None

    @property
    def is_reopenable(self):
        return self.is_closed_by_system and timezone.now() <= self.reopen_until

    @property
    def next_level(self):
        """The Level that an escalation leads to; None at the last."""
        return None if self.is_at_last_level else Level(self.level + 1)

    @property
    def classification(self):
        return Classification(self.category, self.type, self.priority, self.version)

    @property
    def holders(self):
        """{level: officer} of who holds it: the one in charge, and an officer asked by them."""
        held = {self.level: self.officer, self.feedback_from: self.awaited_officer}
        return {level: officer for level, officer in held.items() if officer}

    def replaceable_by(self, user):
        """Those of its holders whom `user` may replace."""
        held = self.holders.items()
        return {level: who for level, who in held if rules.can_replace(self, user, level)}

    def successors(self, by):
        """The officers to whom `by` may hand it: colleagues of a holder whom `by` may replace."""
        replaced = self.replaceable_by(by)
        roles = [ROLE_OF_LEVEL[level] for level in replaced]
        return User.objects.filter(
            Q(lpse=self.lpse_id) | Q(lpse=None), is_active=True, role__in=roles
        ).exclude(pk__in=[self.reporter_id, *(officer.pk for officer in replaced.values())])

    def officer_of_level(self, level):
        """Who handled the ticket at that level and still may; None means anybody of the level."""
        assignment = self.assignments.select_related("officer").filter(level=level).first()
        if assignment is None:
            return None
        officer = assignment.officer
        return officer if rules.still_works_at(self, officer, level) else None

    def open_steps(self, user):
        """The steps that `user` may do now, by name; no readings, and nothing of the law."""
        return {
            name: step
            for name, step in STEPS.items()
            if not (step.is_reading or step.is_apart) and step.is_open(self, user)
        }

    # What steps do besides: called by Workflow alone

    def classify(self, classification):
        if classification is not None:
            self.category, self.type, self.priority, self.version = classification

    def assign(self, officer):
        """`officer` handles the ticket at their level from now on."""
        self.assignments.update_or_create(
            level=officer.level, defaults={"officer": officer, "taken_at": timezone.now()}
        )

    def hand_to(self, successor):
        """`successor` takes the place of the holder of their level; from whom to whom."""
        level, replaced = successor.level, self.holders[successor.level]
        if level == self.level:
            self.officer = successor
        else:
            self.awaited_officer = successor
        self.assign(successor)
        named = {"from": replaced, "to": successor}
        return {"level": level} | {
            side: {"id": person.pk, "name": str(person)} for side, person in named.items()
        }

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
                # a reading shows a secret, so it is never done again for an earlier record
                if (event.ticket_id, event.action) != (ticket.pk, action) or STEPS[
                    action
                ].is_reading:
                    raise Refused("Formulir ini sudah dipakai. Muat ulang halaman lalu coba lagi.")
                return event
            step = STEPS[action]
            ticket._check(step, by, message, seen)
            before, earlier = (ticket.status, ticket.level), ticket.classification
            said = getattr(ticket, action)(by, **fields) or {}
            if changes := _changes(earlier, ticket.classification):
                said["detail"] = said.get("detail", {}) | {"changes": changes}
            event = ticket.record(
                action, by=by, message=message, files=files, key=key, ip=ip, before=before,
                **{"audience": step.audience} | said,
            )  # fmt: skip
            if action == "redact":  # the order stands in the history before anything goes
                redaction.remove(event)
            return event

    def _locked(self):
        """This ticket as it stands now, its row locked until the transaction ends.

        In two statements: one that had to wait for the lock would give the new row joined with
        the people, rating and Data Server of before.
        """
        Ticket.objects.select_for_update(no_key=True).values_list("pk").get(pk=self.pk)
        return Ticket.objects.with_people().get(pk=self.pk)

    def _check(self, step, by, message, seen):
        if not step.is_open(self, by):
            raise Refused(self.why_not(step.label, by))
        if seen is not None and seen != self.last_event:
            raise Stale(
                "Tiket ini sudah berubah sejak Anda membukanya. Periksa isinya lalu kirim lagi."
            )
        if step.needs_message and not message.strip():
            raise ValidationError("Pesan wajib diisi.")

    def why_not(self, label, user):
        """The sentence for `user`, who wanted to do what `label` says, and cannot now."""
        if label == STEPS["take"].label and self.officer:
            return f"Tiket sudah diambil oleh {self.officer}."
        if user not in self.holders.values():
            handed = self.events.filter(action="reassign", detail__from__id=user.pk)
            if event := handed.last():
                return f"Tiket sudah dialihkan kepada {event.successor}."
        return f"“{label}” tidak dapat dilakukan sekarang. Periksa status tiket di bawah."

    def record(self, action, *, by, message, files, before, at=None, **said):
        """Save the ticket, append the event with its files, and write whom it tells.

        `perform` and `send` call it.
        """
        head = self.head
        now = at or _now(head)
        held = Draft.objects.held(files, by)
        event = Event(
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
        chain.link(event, self, held, self.rating if action == "rate" else None, after=head)
        event.save(force_insert=True)
        Draft.objects.attach(held, event)
        Notice.objects.settle(event)
        Notice.objects.tell(event, SENDING if action == SENT else STEPS[action].tells)
        if action == SENT or STEPS[action].changes_ticket:
            self.last_event = event.pk
            if action not in {"reassign", "redact"}:  # who waits goes on since the last real step
                self.updated_at = now
            self.save(update_fields=MOVING_FIELDS)
        return event

    @property
    def head(self):
        """The last event of the chain with its place, hash and time; None before the first."""
        return self.events.only("ticket", "position", "hash", "at").order_by("-position").first()


def _now(head):
    """Never before the last event: where the clock was put back, time stands still meanwhile."""
    return max(timezone.now(), head.at) if head else timezone.now()


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
