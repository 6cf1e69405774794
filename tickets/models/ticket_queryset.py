"""Which tickets: who sees them, whose turn it is, what a search finds; and how one is sent."""

import re

from django.contrib.postgres.search import SearchQuery
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import Case, Count, Exists, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.models import User
from accounts.roles import Level
from accounts.typed import for_websearch
from tickets import numbers
from tickets.models.attachment import Attachment
from tickets.models.event import READINGS, SENT, Assignment, Event
from tickets.models.reference import LISTS
from tickets.models.server_access import ServerAccess
from tickets.steps import REPORTER, RUNNING, Audience, Status

CODE = re.compile(r"[0-9]{5,14}|(?=.*[0-9])(?=.*-)[A-Za-z0-9-]{6,40}")  # a tender or package code
# Nothing goes on before the reporter answers or reviews: Ticket.waits_for_reporter for many
WAITS_FOR_REPORTER = Q(status=Status.AWAITING_FEEDBACK, feedback_from=REPORTER) | Q(
    status=Status.AWAITING_REVIEW
)
PEOPLE = ("reporter", "officer", "awaited_officer")
# What rules, words and mails ask of somebody
PERSON = ("name", "username", "role", "is_active", "lpse", "email", "mail_preference")
OFFICE = ("code", "name", "zone")
COUNT_CAP = 100  # counters say '99+' beyond
LONG_COUNT_CAP = 10_001  # a list says '10.000+' beyond


class TicketQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The tickets that `user` may see: the one rule behind every page, file, count and search.

        Reporters their own; LPSE officers those of their LPSE that reached their level; officers of
        LKPP those of every LPSE that reached theirs; nobody else any (R41, R132).
        """
        if user.is_authenticated and user.is_reporter:
            return self.filter(reporter=user)
        if user.is_authenticated and user.is_officer:
            # levels by name, none where all are: so the indexes of the queues serve it
            levels = [level for level in Level if level >= user.level]
            reached = self if user.level == Level.LPSE_1 else self.filter(level__in=levels)
            return reached if user.is_lkpp else reached.filter(lpse=user.lpse_id)
        return self.none()

    def public(self):
        """Every ticket, with what a stranger may know of it and not a column more (R127)."""
        return self.select_related("lpse", "category").only(
            *("number", "level", "status", "feedback_from", "created_at", "closed_at"),
            *("lpse__name", "lpse__zone", "category__label"),
        )

    def reassignable_by(self, user):
        """The tickets that `user` may hand to another officer, apart from seeing them (R136).

        Not a part of visible_to: of these a supervisor learns the place and the officers alone.
        """
        held = Assignment.objects.reassignable_by(user).filter(ticket=OuterRef("pk"))
        return self.filter(Exists(held))

    def narrow(self):
        """All of the ticket but what is searched, its LPSE and its rating, in the same query."""
        return self.select_related("lpse", "rating").only(*self._own_columns())

    def with_names(self):
        """Everything about people and lists that a row shows, in the same query.

        Of people only PERSON: most of an account is nobody's business there.
        """
        people = [f"{who}__{column}" for who in PEOPLE for column in PERSON]
        lists = [f"{name}__{column}" for name in LISTS for column in ("code", "label")]
        related = self.select_related("lpse", "rating", *PEOPLE, *LISTS)
        return related.only(*self._own_columns(), *people, *lists)

    def _own_columns(self):
        own = [field.name for field in self.model._meta.concrete_fields if field.name != "search"]
        return [*own, *(f"lpse__{column}" for column in OFFICE), "rating__stars"]

    @staticmethod
    def name_people(tickets, listed):
        """What `with_names` brings along, of a page of tickets read `narrow`: in one query more.

        To plan a join of seven tables costs the database more than these rows do; `listed` are the
        reference lists, which a list has read for its filters.
        """
        keys = {getattr(ticket, f"{who}_id") for ticket in tickets for who in PEOPLE} - {None}
        people = User.objects.only(*PERSON).in_bulk(keys)
        for ticket in tickets:
            for who in PEOPLE:
                setattr(ticket, who, people.get(getattr(ticket, f"{who}_id")))
            for name in LISTS:
                setattr(ticket, name, listed[name].get(getattr(ticket, f"{name}_id")))

    def with_people(self):
        """The names, and what else a ticket's page and its buttons ask about."""
        return self.with_names().with_server_access()

    def with_server_access(self):
        """Annotates `has_server_access`, which a button asks about."""
        kept = ServerAccess.objects.filter(ticket=OuterRef("pk"))
        return self.annotate(has_server_access=Exists(kept))

    def with_last_step(self):
        """`last_action`, `last_role` of who acted and `last_at`, readings left out."""
        acts = Event.objects.filter(ticket=OuterRef("pk")).exclude(action__in=READINGS)
        last = acts.order_by("-position")
        return self.annotate(
            last_action=Subquery(last.values("action")[:1]),
            last_role=Subquery(last.values("actor_role")[:1]),
            last_at=Subquery(last.values("at")[:1]),
        )

    def with_number_of_files(self):
        """`number_of_files` that came with the ticket."""
        files = Attachment.objects.filter(event__ticket=OuterRef("pk"), event__action=SENT)
        files = files.order_by().values("event").annotate(number=Count("pk")).values("number")
        return self.annotate(number_of_files=Coalesce(Subquery(files), 0))

    def open(self):
        """Every ticket that is not closed; a few statuses by name, for the index of the queues."""
        return self.filter(status__in=[Status.NEW, *RUNNING])

    def in_pool_of(self, officer):
        """'Tiket Baru': what any officer of this level may take (R74, R98, R121)."""
        pool = self.visible_to(officer).filter(status=Status.NEW, level=officer.level)
        return pool.exclude(reporter=officer)  # rules.works_at_level

    def in_hand_of(self, officer):
        """'Tiket Proses': what this officer holds, and what they owe an answer for (R83, R102)."""
        held = Q(officer=officer, status__in=RUNNING)
        return self.visible_to(officer).filter(held | self._owed_by(officer))

    def handled_by(self, officer):
        """'Daftar Tiket' of an officer: every ticket they have ever had in hand (R95, R120)."""
        has = Assignment.objects.filter(ticket=OuterRef("pk"), officer=officer)
        had = Event.objects.filter(ticket=OuterRef("pk"), actor=officer, action="take")
        return self.visible_to(officer).filter(Exists(has) | Exists(had))

    def held_at(self, level, officer=None):
        """Not closed and in the hands of an officer of `level`, or of this `officer`."""
        held = self.filter(level=level, status__in=RUNNING)
        return held.filter(officer=officer) if officer else held

    def held_by(self, officers):
        """Unfinished tickets in the hands of these officers, also of those who left."""
        return self.filter(officer__in=officers, status__in=RUNNING)

    def numbers_by_officer(self):
        """[(name, how many), …] of the officers in charge."""
        by_officer = self.order_by("officer__name").values_list("officer__name")
        return list(by_officer.annotate(number=Count("pk")))

    def waiting_for(self, user):
        """What this very person must act on now."""
        return self.visible_to(user).filter(self._turn_of(user))

    def silent_since(self, moment):
        """What has waited for its reporter since `moment` or longer, the longest silence first.

        With `reminded_at` and `reminded_for`, when and for how many days they were last reminded,
        and of that reminder's mail `mail` and `mailed_at`.
        """
        told = Event.objects.filter(ticket=OuterRef("pk"), action="remind")
        told = told.filter(at__gte=OuterRef("updated_at")).order_by("-position")
        return (
            self.filter(WAITS_FOR_REPORTER, updated_at__lte=moment)
            .select_related("lpse")
            .annotate(
                reminded_at=Subquery(told.values("at")[:1]),
                reminded_for=Subquery(told.values("detail__working_days")[:1]),
                mail=Subquery(told.values("notices__mail")[:1]),
                mailed_at=Subquery(told.values("notices__due_at")[:1]),
            )
            .order_by("updated_at", "pk")
        )

    def next_for(self, officer, after):
        """What to do after the ticket `after`: the longest wait for this officer, else the oldest
        of their pool; None when nothing waits."""
        others = self.exclude(pk=after.pk).select_related("lpse")
        turn = others.waiting_for(officer).order_by("updated_at", "pk")
        return turn.first() or others.in_pool_of(officer).order_by("pk").first()

    def with_turn_of(self, user):
        """Annotates `is_turn`: whether the row waits for this person."""
        is_turn = When(self._turn_of(user), then=Value(1))
        return self.annotate(is_turn=Case(is_turn, default=Value(0)))

    def _turn_of(self, user):
        if user.is_officer:
            return Q(officer=user, status=Status.IN_PROGRESS) | self._owed_by(user)
        return WAITS_FOR_REPORTER

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
                search=SearchQuery(
                    for_websearch(text), config="indonesian", search_type="websearch"
                )
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
        except (IntegrityError, ValidationError):  # the key is used, its files are gone
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
