"""Notices: what a step tells people, in 'Notifikasi' and by mail (R129). Also the outbox."""

from datetime import datetime, time, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timezone import localtime

from accounts.models import MailPreference, User
from accounts.roles import ROLE_OF_LEVEL, Level
from tickets import rules
from tickets.models.event import SENT, Event
from tickets.steps import REPORTER, Status
from tickets.telling import SENDING, Party, Tell
from tickets.wording import NAME_OF_LEVEL
from tickets.workflow import STEPS

DIGEST_AT = time(7)  # half an hour before offices open, in the zone of the person
CHANGED = Tell(Party.REPORTER, "diperbarui", "Buka tiket untuk melihat perkembangannya.")


class NoticeQuerySet(models.QuerySet):
    def of(self, user):
        """What `user` reads in 'Notifikasi': their own, of tickets that they may still see."""
        visible = Event.ticket.field.related_model.objects.visible_to(user)
        seen = visible.filter(pk=OuterRef("event__ticket"))
        return self.filter(Exists(seen), recipient=user)

    def unread(self):
        return self.filter(read_at=None)

    def read(self):
        """These were looked at; those already read keep their first time."""
        return self.unread().update(read_at=timezone.now())

    def about(self, ticket):
        return self.filter(event__ticket=ticket)

    def with_ticket(self):
        return self.select_related("event__ticket__lpse")

    def unspread(self):
        """Rows for a whole pool, which the worker turns into one of each officer."""
        return self.filter(recipient=None)

    def due(self, now):
        """The outbox: what has to be mailed by now, the longest waiting first."""
        waiting = self.filter(mail__in=WAITING, due_at__lte=now, recipient__isnull=False)
        return waiting.order_by("due_at", "pk")

    def dead(self):
        return self.filter(mail=Notice.Mail.DEAD)

    def send_again(self):
        """Dead letters go back into the outbox, with all their attempts, as their people prefer
        it now: a day's digest is one mail again. How many."""
        daily = User.objects.filter(mail_preference=MailPreference.DAILY).values("pk")
        fresh = {"attempts": 0, "due_at": timezone.now()}
        number = self.dead().filter(recipient__in=daily).update(mail=Notice.Mail.DIGEST, **fresh)
        return number + self.dead().update(mail=Notice.Mail.DUE, **fresh)

    def settled(self):
        """Nothing of it has to be mailed any more."""
        return self.exclude(mail__in=WAITING)

    def oldest_due(self, now):
        """Since when the longest waiting row should have been dealt with; None: nothing waits."""
        waiting = self.filter(mail__in=WAITING, due_at__lte=now)
        return waiting.order_by("due_at").values_list("due_at", flat=True).first()

    def settle(self, event):
        """What was told of the ticket before is read: by who acts, by all of the pool that the
        ticket was taken from, and what the reporter was asked, when the portal closes it."""
        over = Q(recipient=event.actor_id)
        if event.action == "take":
            over |= Q(to=Party.HOLDER)
        if event.action == "close_silent":
            over |= Q(recipient=event.ticket.reporter_id)
        self.about(event.ticket).filter(over, event__lt=event.pk).read()

    def tell(self, event, tells):
        """Write the notices of `event`, in its transaction: one row for a person or for a pool."""
        told = set() if event.action == SENT else {event.actor_id}
        rows = []
        for tell in tells:
            people, pool = parties(event, tell.to)
            if pool:
                rows.append(Notice(event=event, to=tell.to, pool=pool, due_at=event.at))
            for person in people:
                if person.pk not in told:
                    told.add(person.pk)
                    rows.append(Notice.for_person(person, event, tell.to))
        self.bulk_create(rows)

    def spread(self, notice):
        """Put one notice for each officer of the pool in place of its row.

        None, when somebody has taken or answered it meanwhile.
        """
        event, ticket = notice.event, notice.event.ticket
        notice.delete()
        if not notice.is_for_pool_still:
            return
        officers = User.objects.filter(role=ROLE_OF_LEVEL[notice.pool], is_active=True)
        officers = officers.filter(Q(lpse=ticket.lpse_id) | Q(lpse=None))
        others = officers.exclude(pk__in=[event.actor_id, ticket.reporter_id])
        rows = [Notice.for_person(officer, event, notice.to) for officer in others]
        self.bulk_create(rows, ignore_conflicts=True)


class Notice(models.Model):
    """That an event happened, for one person: read or not, mailed or not.

    Written with the event or not at all. What it says stands beside the step (`tells`), so a row
    holds no text. A row with a `pool` instead of a recipient is for all officers of that level.
    """

    class Mail(models.TextChoices):
        NONE = "none", "Tanpa surel"
        DUE = "due", "Akan dikirim"
        DIGEST = "digest", "Untuk ringkasan harian"
        SENT = "sent", "Terkirim"
        DEAD = "dead", "Gagal"

    # db_index=False: indexes below begin with the columns that are asked for
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="notices",
        verbose_name="penerima",
        db_index=False,
    )
    pool = models.PositiveSmallIntegerField("kumpulan", null=True, choices=Level)
    event = models.ForeignKey(
        Event, models.PROTECT, related_name="notices", verbose_name="peristiwa", db_index=False
    )
    to = models.CharField("sebagai", max_length=12, choices=Party)
    read_at = models.DateTimeField("dibaca", null=True)
    mail = models.CharField("surel", max_length=6, choices=Mail, default=Mail.DUE)
    due_at = models.DateTimeField("dikirim pada")
    attempts = models.PositiveSmallIntegerField("percobaan", default=0)
    error = models.CharField("kesalahan", max_length=120, blank=True)  # never an address

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "notifikasi"
        ordering = ["-pk"]
        permissions = [("resend_notice", "Dapat mengirim lagi surel yang gagal")]
        constraints = [
            models.UniqueConstraint(fields=["event", "recipient"], name="notice_once"),
            models.CheckConstraint(
                name="notice_for_person_or_pool",
                condition=Q(recipient__isnull=False, pool=None)
                | Q(recipient=None, pool__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["recipient", "-id"], name="notice_of_person"),
            models.Index(fields=["recipient"], name="notice_unread", condition=Q(read_at=None)),
            models.Index(
                fields=["due_at", "id"],
                name="notice_outbox",
                condition=Q(mail__in=["due", "digest"]),
            ),
            models.Index(fields=["id"], name="notice_dead", condition=Q(mail="dead")),
            models.Index(fields=["id"], name="notice_pool", condition=Q(recipient=None)),
        ]

    def __str__(self):
        return f"Tiket {self.event.ticket} {self.says}"

    @classmethod
    def for_person(cls, person, event, to):
        """The row for `person`, unsaved: mailed as they prefer it, if they have an address."""
        mail = cls.Mail.NONE
        if person.email:
            mail = MAIL_OF_PREFERENCE[person.mail_preference]
        # people of an LPSE are told of its tickets alone
        zone = event.ticket.lpse.tzinfo if person.lpse_id else person.tzinfo
        due_at = next_digest(event.at, zone) if mail == cls.Mail.DIGEST else event.at
        return cls(recipient=person, event=event, to=to, mail=mail, due_at=due_at)

    @property
    def is_for_pool_still(self):
        """Whether the ticket still waits for any officer of that level."""
        ticket = self.event.ticket
        if self.to == Party.ASKED:
            return (ticket.feedback_from, ticket.awaited_officer_id) == (self.pool, None)
        return (ticket.status, ticket.level) == (Status.NEW, self.pool)

    @property
    def is_read(self):
        return self.read_at is not None

    @property
    def says(self):
        """The end of the sentence 'Tiket {number} …'."""
        return self._tell.says.format(**self._words)

    @property
    def then(self):
        """What there is to do now."""
        return self._tell.then.format(**self._words)

    @property
    def _tell(self):
        """What stands beside the step for this party; steps change, notices of before stay."""
        action = self.event.action
        step = STEPS.get(action)
        tells = SENDING if action == SENT else step.tells if step else ()
        return next((tell for tell in tells if tell.to == self.to), CHANGED)

    @property
    def _words(self):
        level, detail = Level(self.event.to_level), self.event.detail
        return {
            "level": NAME_OF_LEVEL[level] if self.to == Party.REPORTER else level.label,
            "closes": _moment(detail.get("closes_at"), self.event),
            "reopens": _moment(detail.get("reopen_until"), self.event),
        }


WAITING = [Notice.Mail.DUE, Notice.Mail.DIGEST]
MAIL_OF_PREFERENCE = {
    MailPreference.AT_ONCE: Notice.Mail.DUE,
    MailPreference.DAILY: Notice.Mail.DIGEST,
    MailPreference.NEVER: Notice.Mail.NONE,
}


def _moment(written, event):
    """'24 November 2026 09.30 WIB' of a time in an event's detail; '' of none."""
    if not written:
        return ""
    lpse = event.ticket.lpse
    local = localtime(datetime.fromisoformat(written), lpse.tzinfo)
    return f"{date_format(local, 'j F Y H.i')} {lpse.zone}"


def next_digest(after, zone):
    """The next time that the day's digests of `zone` go out."""
    local = after.astimezone(zone)
    today = datetime.combine(local.date(), DIGEST_AT, zone)
    return today if today > local else today + timedelta(days=1)


def parties(event, to):
    """([people], pool): who `to` is after `event`; the pool is a level, or None."""
    ticket = event.ticket
    match to:
        case Party.REPORTER:
            return [ticket.reporter], None
        case Party.HOLDER:
            return _person_or_pool(ticket.officer, ticket.level)
        case Party.ASKED if ticket.feedback_from == REPORTER:
            return [ticket.reporter], None
        case Party.ASKED:
            return _person_or_pool(ticket.awaited_officer, ticket.feedback_from)
        case Party.HANDLERS:
            handled = ticket.assignments.select_related("officer")
            return [
                each.officer
                for each in handled
                if rules.still_works_at(ticket, each.officer, each.level)
            ], None
    side = {Party.SUCCESSOR: "to", Party.PREDECESSOR: "from"}[to]
    return list(User.objects.filter(pk=event.detail[side]["id"])), None


def _person_or_pool(person, level):
    return ([person], None) if person else ([], level)
