"""What is always true of a ticket's way: the invariants of product.md part B."""

import uuid
from datetime import timedelta
from itertools import pairwise

import pytest
from cryptography.fernet import Fernet, InvalidToken
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, OperationalError, ProgrammingError, connection, transaction
from django.utils import timezone

from accounts.roles import Role
from tests.cast import SERVER, Cast, classification, send_ticket, ticket_at
from tests.factories import make_user
from tickets import numbers
from tickets.models import (
    Assignment,
    Attachment,
    Category,
    Draft,
    Event,
    Rating,
    ServerAccess,
    Ticket,
)
from tickets.steps import REPORTER, Refused, Stale, Status
from tickets.workflow import STEPS

pytestmark = pytest.mark.django_db

ROLE_OF_LEVEL = {1: Role.LPSE_L1, 2: Role.LPSE_L2, 3: Role.LKPP_L1, 4: Role.LKPP_L2}
RUNNING_STEPS = {
    "ask": {"feedback_from": 0},
    "escalate": {},
    "resolve": {},
}


def fresh(ticket):
    return Ticket.objects.with_people().get(pk=ticket.pk)


def place(ticket):
    ticket = fresh(ticket)
    return (ticket.status, ticket.level, ticket.officer)


def colleague(cast, level):
    lpse = cast.lpse if level < 3 else None
    return make_user(ROLE_OF_LEVEL[level], lpse)


def draft(owner, key=None, name="bukti.txt", content=b"isi bukti"):
    return Draft.objects.receive(
        SimpleUploadedFile(name, content), key=key or uuid.uuid4(), owner=owner
    )


def stored():
    """How much of everything there is."""
    models = (Ticket, Event, Attachment, Draft, Assignment, Rating, ServerAccess)
    return {model.__name__: model.objects.count() for model in models}


# Who acts


@pytest.mark.requirement("R82", "R87", "R88", "R89")
@pytest.mark.parametrize("level", [1, 2, 3, 4])
@pytest.mark.parametrize("action", RUNNING_STEPS)
def test_only_the_officer_in_charge_acts_on_a_running_ticket(cast, action, level):
    ticket = ticket_at(cast, "in_progress", level)
    before = stored()

    for user in (colleague(cast, level), cast.penyedia, make_user(Role.LPSE_L1)):
        with pytest.raises(Refused):
            ticket.perform(action, by=user, message="Pesan.", **RUNNING_STEPS[action])

    assert place(ticket) == ("in_progress", level, cast.officers[level])
    assert stored() == before


@pytest.mark.requirement("R48")
def test_the_reporter_answers_and_the_ticket_returns_to_the_officer_who_asked(cast):
    ticket = ticket_at(cast, "awaiting_feedback", 2, 0)

    ticket.perform("answer", by=cast.penyedia, message="Versi 4.5.")

    assert place(ticket) == ("in_progress", 2, cast.admin_sistem)
    assert fresh(ticket).feedback_from is None


@pytest.mark.requirement("R94", "R117")
@pytest.mark.parametrize(("level", "asked"), [(2, 1), (3, 2), (4, 2), (4, 3)])
def test_a_question_to_a_level_is_answered_by_the_officer_who_handled_it(cast, level, asked):
    ticket = ticket_at(cast, "awaiting_feedback", level, asked)

    with pytest.raises(Refused):
        ticket.perform("answer", by=colleague(cast, asked), message="Saya jawab.")
    event = ticket.perform("answer", by=cast.officers[asked], message="Versi 4.5.")

    assert place(ticket) == ("in_progress", level, cast.officers[level])
    assert (event.feedback_from, event.audience) == (asked, "officers")


@pytest.mark.parametrize(("level", "asked"), [(2, 1), (3, 2), (4, 2), (4, 3)])
@pytest.mark.parametrize("left", ["before the question", "after the question"])
def test_any_colleague_answers_for_an_officer_who_was_deactivated(cast, level, asked, left):
    if left == "before the question":
        ticket = ticket_at(cast, "in_progress", level)
        cast.officers[asked].is_active = False
        cast.officers[asked].save()
        ticket.perform("ask", by=cast.officers[level], message="Versi berapa?", feedback_from=asked)
    else:
        ticket = ticket_at(cast, "awaiting_feedback", level, asked)
        cast.officers[asked].is_active = False
        cast.officers[asked].save()
    successor = colleague(cast, asked)
    elsewhere = make_user(Role.LPSE_L1 if asked == 1 else Role.LPSE_L2)

    with pytest.raises(Refused):
        ticket.perform("answer", by=cast.officers[asked], message="Saya jawab.")
    with pytest.raises(Refused):
        ticket.perform("answer", by=elsewhere, message="Saya jawab.")
    ticket.perform("answer", by=successor, message="Versi 4.5.")

    assert place(ticket) == ("in_progress", level, cast.officers[level])


def test_any_colleague_answers_for_an_officer_who_changed_level_meanwhile(cast):
    ticket = ticket_at(cast, "awaiting_feedback", 2, 1)
    cast.helpdesk.role = Role.LPSE_L2
    cast.helpdesk.save()
    successor = colleague(cast, 1)

    with pytest.raises(Refused):
        ticket.perform("answer", by=cast.helpdesk, message="Saya jawab.")

    assert list(Ticket.objects.waiting_for(successor)) == [ticket]
    ticket.perform("answer", by=successor, message="Versi 4.5.")
    assert place(ticket) == ("in_progress", 2, cast.admin_sistem)


@pytest.mark.requirement("R104", "R122", "R123")
@pytest.mark.parametrize(
    ("level", "asked"),
    [(1, 1), (1, 2), (2, 2), (2, 3), (3, 1), (3, 3), (3, 4), (4, 1), (4, 4), (1, None)],
)
def test_only_the_parties_of_the_guide_can_be_asked(cast, level, asked):
    ticket = ticket_at(cast, "in_progress", level)

    with pytest.raises(ValidationError) as refused:
        ticket.perform("ask", by=cast.officers[level], message="Apa?", feedback_from=asked)

    assert refused.value.messages == ["Pilih tujuan feedback."]
    assert place(ticket) == ("in_progress", level, cast.officers[level])


@pytest.mark.requirement("R46", "R54", "R86", "R92", "R118")
@pytest.mark.parametrize(
    ("action", "at", "fields"),
    [
        ("ask", ("in_progress", 1), {"feedback_from": 0}),
        ("answer", ("awaiting_feedback", 1), {}),
        ("escalate", ("in_progress", 1), {}),
        ("resolve", ("in_progress", 1), {}),
        ("reject", ("awaiting_review", 1), {}),
        ("read_server_access", ("in_progress", 3), {}),
    ],
)
@pytest.mark.parametrize("message", ["", "  \n "])
def test_a_step_that_needs_a_message_is_refused_without(cast, action, at, fields, message):
    ticket = ticket_at(cast, *at)
    by = cast.penyedia if action in {"answer", "reject"} else cast.officers[at[1]]
    before = stored()

    with pytest.raises(ValidationError) as refused:
        ticket.perform(action, by=by, message=message, **fields)

    assert refused.value.messages == ["Pesan wajib diisi."]
    assert stored() == before


# Escalation


@pytest.mark.requirement("R88", "R105", "R122")
@pytest.mark.parametrize(("level", "above"), [(1, 2), (2, 3), (3, 4)])
def test_an_escalation_leads_to_the_pool_of_the_very_next_level(cast, level, above):
    ticket = ticket_at(cast, "in_progress", level)

    ticket.perform(
        "escalate", by=cast.officers[level], message="Mohon bantuan.", server_access=SERVER
    )

    assert place(ticket) == ("new", above, None)


@pytest.mark.requirement("R123")
def test_the_last_level_cannot_escalate(cast):
    ticket = ticket_at(cast, "in_progress", 4)

    with pytest.raises(Refused):
        ticket.perform("escalate", by=cast.lkpp2, message="Mohon bantuan.")

    assert place(ticket) == ("in_progress", 4, cast.lkpp2)


def test_whoever_escalated_has_no_more_say(cast):
    ticket = ticket_at(cast, "new", 2)

    for action in RUNNING_STEPS:
        with pytest.raises(Refused):
            ticket.perform(action, by=cast.helpdesk, message="Lagi.", **RUNNING_STEPS[action])

    assert place(ticket) == ("new", 2, None)


# Classification


@pytest.mark.requirement("R77", "R100")
@pytest.mark.parametrize("level", [1, 2, 3, 4])
def test_taking_needs_a_classification(cast, level):
    ticket = ticket_at(cast, "new", level)

    with pytest.raises(TypeError, match="classification"):
        ticket.perform("take", by=cast.officers[level])

    assert place(ticket) == ("new", level, None)


@pytest.mark.requirement("R77")
@pytest.mark.parametrize(
    "missing", [{"category": None}, {"type": ""}, {"priority": None}, {"version": None}]
)
def test_the_database_refuses_a_ticket_past_the_first_pool_that_is_not_classified(cast, missing):
    ticket = ticket_at(cast, "new", 1)

    with pytest.raises(IntegrityError, match="ticket_classified_past_first_pool"):
        ticket.perform("take", by=cast.helpdesk, classification=classification(**missing))


@pytest.mark.requirement("R85", "R100", "R130")
@pytest.mark.parametrize(
    ("action", "at", "fields"),
    [
        ("take", ("new", 2), {}),
        ("ask", ("in_progress", 1), {"feedback_from": 0}),
        ("escalate", ("in_progress", 1), {}),
        ("resolve", ("in_progress", 4), {}),
    ],
)
def test_a_changed_classification_is_recorded(cast, action, at, fields):
    ticket = ticket_at(cast, *at)
    other = Category.objects.get_or_create(code="JADWAL", defaults={"label": "Jadwal Tender"})[0]
    changed = classification(category=other, priority=Ticket.Priority.KRITIS)
    before = ticket.category.label

    event = ticket.perform(
        action, by=cast.officers[at[1]], message="Pesan.", classification=changed, **fields
    )

    assert event.detail == {
        "changes": [
            ["Kategori Tiket", before, "Jadwal Tender"],
            ["Prioritas", "Sedang", "Kritis"],
        ]
    }
    assert fresh(ticket).classification == changed


@pytest.mark.parametrize(("action", "at"), [("take", ("new", 1)), ("resolve", ("in_progress", 1))])
def test_a_first_or_unchanged_classification_is_no_change(cast, action, at):
    ticket = ticket_at(cast, *at)

    event = ticket.perform(
        action, by=cast.helpdesk, message="Pesan.", classification=classification()
    )

    assert event.detail == {}


# Data Server


SECRETS = [SERVER["Password Server"], SERVER["Password Database"]]


def everything_stored():
    """Every row of every table of tickets, as text; bytes as hex."""
    rows = []
    with connection.cursor() as cursor:
        for model in (Ticket, Event, Attachment, Draft, Assignment, Rating, ServerAccess):
            cursor.execute(f"SELECT t::text FROM {model._meta.db_table} t")
            rows += [row for (row,) in cursor.fetchall()]
    return "\n".join(rows)


@pytest.mark.requirement("R105")
@pytest.mark.parametrize("server_access", [None, {}])
def test_escalating_to_lkpp_needs_data_server(cast, server_access):
    ticket = ticket_at(cast, "in_progress", 2)

    with pytest.raises(ValidationError) as refused:
        ticket.perform(
            "escalate", by=cast.admin_sistem, message="Mohon bantuan.", server_access=server_access
        )

    assert refused.value.messages == ["Data server wajib diisi untuk eskalasi ke LKPP Level 1."]
    assert place(ticket) == ("in_progress", 2, cast.admin_sistem)


@pytest.mark.requirement("R114")
@pytest.mark.parametrize(
    ("at", "exists"),
    [
        (("new", 1), False),
        (("in_progress", 2), False),
        (("new", 3), True),
        (("in_progress", 3), True),
        (("awaiting_feedback", 3), True),
        (("awaiting_review", 3), True),
        (("new", 4), True),
        (("awaiting_review", 4), True),
        (("closed", 3), False),
        (("closed", 4), False),
    ],
)
def test_data_server_exists_from_the_escalation_to_lkpp_until_the_ticket_closes(cast, at, exists):
    ticket = ticket_at(cast, *at)

    assert ServerAccess.objects.filter(ticket=ticket).exists() is exists
    assert ticket.has_server_access is exists


@pytest.mark.requirement("R114")
def test_an_escalation_above_lkpp_level_1_keeps_the_data_server_there_is(cast):
    ticket = ticket_at(cast, "in_progress", 3)

    ticket.perform("escalate", by=cast.lkpp1, message="Ya.", server_access={"IP Server": "x"})

    assert ServerAccess.objects.get(ticket=ticket).open() == SERVER


@pytest.mark.requirement("R109", "R112", "R114")
def test_no_column_of_the_database_has_a_password_in_clear(cast):
    ticket_at(cast, "in_progress", 3)

    text = everything_stored()

    assert [secret for secret in SECRETS if secret in text] == []
    assert [secret for secret in SECRETS if secret.encode().hex() in text] == []
    assert ServerAccess.objects.get().open() == SERVER


@pytest.mark.requirement("R114")
def test_keys_can_be_rotated(cast, settings):
    ticket_at(cast, "in_progress", 3)
    old, new = settings.FIELD_KEYS, Fernet.generate_key().decode()

    settings.FIELD_KEYS = [new, *old]
    with_both = ServerAccess.objects.get().open()
    rotated = ServerAccess.objects.rotate_keys()

    settings.FIELD_KEYS = [new]
    assert (rotated, with_both, ServerAccess.objects.get().open()) == (1, SERVER, SERVER)
    settings.FIELD_KEYS = old
    with pytest.raises(InvalidToken):
        ServerAccess.objects.get().open()


@pytest.mark.requirement("R114")
def test_data_server_moved_to_another_ticket_does_not_open(cast):
    ticket_at(cast, "in_progress", 3)
    other = ticket_at(cast, "new", 1)

    ServerAccess.objects.update(ticket=other)

    with pytest.raises(InvalidToken):
        ServerAccess.objects.get().open()


@pytest.mark.requirement("R114")
def test_each_reading_is_an_event_that_changes_nothing_else(cast):
    ticket = ticket_at(cast, "in_progress", 3)
    before = fresh(ticket)

    event = ticket.perform("read_server_access", by=cast.lkpp1, message="Memeriksa log.")

    after = fresh(ticket)
    assert (event.actor, event.message, event.audience) == (
        cast.lkpp1,
        "Memeriksa log.",
        "officers",
    )
    assert (after.last_event, after.updated_at, after.status) == (
        before.last_event,
        before.updated_at,
        before.status,
    )


# Whole or not at all


@pytest.mark.parametrize("action", ["ask", "escalate", "resolve"])
def test_a_step_its_message_and_its_files_are_stored_together(cast, action):
    ticket = ticket_at(cast, "in_progress", 1)
    file = draft(cast.helpdesk)

    event = ticket.perform(
        action, by=cast.helpdesk, message="Lihat file.", files=[file], **RUNNING_STEPS[action]
    )

    attachment = event.attachments.get()
    assert (event.message, attachment.name, attachment.path) == (
        "Lihat file.",
        "bukti.txt",
        file.path,
    )
    assert Draft.objects.count() == 0


@pytest.fixture
def full_disk(monkeypatch):
    """Attachments, which are written after the event, cannot be written."""

    def fail(self, attachments):
        if attachments:
            raise OperationalError("disk full")

    monkeypatch.setattr(type(Attachment.objects.all()), "bulk_create", fail)


@pytest.mark.parametrize("action", ["ask", "escalate", "resolve"])
def test_a_file_that_cannot_be_stored_takes_the_whole_step_back(cast, full_disk, action):
    ticket = ticket_at(cast, "in_progress", 2)
    file = draft(cast.admin_sistem)
    fields = RUNNING_STEPS[action] | ({"server_access": SERVER} if action == "escalate" else {})
    changed = classification(priority=Ticket.Priority.KRITIS)
    before = stored()

    with pytest.raises(OperationalError), transaction.atomic():
        ticket.perform(
            action,
            by=cast.admin_sistem,
            message="Lihat file.",
            files=[file],
            classification=changed,
            **fields,
        )

    assert stored() == before
    assert place(ticket) == ("in_progress", 2, cast.admin_sistem)
    assert fresh(ticket).priority == Ticket.Priority.SEDANG
    assert default_storage.exists(file.path)


@pytest.mark.requirement("R33")
def test_a_ticket_whose_file_cannot_be_stored_is_not_sent(cast, full_disk):
    file = draft(cast.penyedia)
    before = stored()

    with pytest.raises(OperationalError), transaction.atomic():
        send_ticket(cast.penyedia, files=[file])

    assert stored() == before


@pytest.mark.requirement("R114")
def test_closing_that_fails_at_the_last_moment_keeps_data_server(cast, monkeypatch):
    ticket = ticket_at(cast, "awaiting_review", 3)

    def fail(self, *args, **kwargs):
        raise RuntimeError("disk full")

    monkeypatch.setattr(Ticket, "save", fail)
    with pytest.raises(RuntimeError), transaction.atomic():
        ticket.perform("accept", by=cast.penyedia)

    assert place(ticket) == ("awaiting_review", 3, cast.lkpp1)
    assert ServerAccess.objects.get().open() == SERVER
    assert Event.objects.filter(action="accept").count() == 0


# Events are for ever


def run(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)


def event_with_file(cast):
    ticket = send_ticket(cast.penyedia, files=[draft(cast.penyedia)])
    return ticket.events.get()


@pytest.mark.requirement("R34", "R130")
@pytest.mark.parametrize("model", [Event, Attachment])
def test_the_orm_cannot_change_or_delete_what_was_sent(cast, model):
    event_with_file(cast)
    row, everything = model.objects.get(), model.objects.all()

    for change in (
        row.save,
        lambda: everything.update(id=row.pk + 1),
        lambda: everything._raw_delete("default"),
    ):
        with pytest.raises(ProgrammingError, match="is append-only"), transaction.atomic():
            change()

    assert list(model.objects.all()) == [row]


@pytest.mark.requirement("R34", "R130")
@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE tickets_event SET message = 'lain'",
        "UPDATE tickets_event SET at = now()",
        "DELETE FROM tickets_event",
        "UPDATE tickets_attachment SET name = 'lain'",
        "DELETE FROM tickets_attachment",
    ],
)
def test_sql_cannot_change_or_delete_what_was_sent(cast, sql):
    event = event_with_file(cast)

    with pytest.raises(ProgrammingError, match="is append-only"), transaction.atomic():
        run(sql)

    assert Event.objects.get().message == event.message
    assert Attachment.objects.get().name == "bukti.txt"


@pytest.mark.requirement("R58")
@pytest.mark.parametrize(
    "sql", ["UPDATE tickets_rating SET stars = 1", "DELETE FROM tickets_rating"]
)
def test_a_rating_never_changes(cast, sql):
    ticket_at(cast, "closed").perform("rate", by=cast.penyedia, stars=5)

    with pytest.raises(ProgrammingError, match="is append-only"), transaction.atomic():
        run(sql)

    assert Rating.objects.get().stars == 5


@pytest.mark.requirement("R34")
@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE tickets_ticket SET number = 'LS263842673765'",
        "UPDATE tickets_ticket SET lpse_id = lpse_id",
        "UPDATE tickets_ticket SET reporter_id = officer_id",
        "UPDATE tickets_ticket SET reporter_kind = 'ppk'",
        "UPDATE tickets_ticket SET identity_number = '1'",
        "UPDATE tickets_ticket SET package_code = '1'",
        "UPDATE tickets_ticket SET error_code = '1'",
        "UPDATE tickets_ticket SET title = 'lain'",
        "UPDATE tickets_ticket SET created_at = now()",
        "DELETE FROM tickets_ticket",
    ],
)
def test_what_the_reporter_sent_never_changes(cast, sql):
    ticket = ticket_at(cast, "in_progress", 1)

    with pytest.raises(ProgrammingError, match="never changes"), transaction.atomic():
        run(sql)

    assert (fresh(ticket).number, fresh(ticket).title) == (ticket.number, ticket.title)


@pytest.mark.requirement("R34", "R130")
@pytest.mark.parametrize("table", ["tickets_event", "tickets_attachment"])
def test_tables_of_what_was_sent_cannot_be_emptied(cast, table):
    event_with_file(cast)
    run("SET CONSTRAINTS ALL IMMEDIATE")  # else TRUNCATE waits for them in vain
    run(f"ALTER TABLE {table} ENABLE TRIGGER append_only_table")  # tests/conftest.py disables it

    with pytest.raises(ProgrammingError, match=f"{table} is append-only"), transaction.atomic():
        run(f"TRUNCATE {table} CASCADE")

    assert (Event.objects.count(), Attachment.objects.count()) == (1, 1)


@pytest.mark.requirement("R130")
def test_each_step_is_recorded_with_who_when_from_and_to(cast):
    ticket = ticket_at(cast, "in_progress", 1)

    ticket.perform("escalate", by=cast.helpdesk, message="Mohon bantuan.", ip="192.0.2.7")

    event = ticket.events.order_by("pk").last()
    assert (
        event.actor,
        event.actor_role,
        event.action,
        event.from_status,
        event.from_level,
        event.to_status,
        event.to_level,
        event.ip,
        event.at,
    ) == (
        cast.helpdesk,
        "lpse_l1",
        "escalate",
        "in_progress",
        1,
        "new",
        2,
        "192.0.2.7",
        fresh(ticket).updated_at,
    )


def test_the_whole_way_leaves_one_event_per_step(cast):
    ticket = ticket_at(cast, "closed", 4)

    told = list(ticket.events.order_by("pk").values_list("action", flat=True))

    assert told == ["send", *["take", "escalate"] * 3, "take", "resolve", "accept"]


# Review


@pytest.mark.requirement("R53")
def test_the_reporter_closes_the_ticket(cast):
    ticket = ticket_at(cast, "awaiting_review", 1)

    event = ticket.perform("accept", by=cast.penyedia)

    closed = fresh(ticket)
    assert (closed.status, closed.level, closed.officer) == ("closed", 1, cast.helpdesk)
    assert closed.closed_at <= event.at


@pytest.mark.requirement("R54")
@pytest.mark.parametrize("level", [1, 2, 3, 4])
def test_a_rejected_ticket_returns_to_the_level_and_officer_that_closed_it(cast, level):
    ticket = ticket_at(cast, "awaiting_review", level)

    ticket.perform("reject", by=cast.penyedia, message="Masih gagal.")

    assert place(ticket) == ("in_progress", level, cast.officers[level])


@pytest.mark.requirement("R54")
@pytest.mark.parametrize("level", [1, 2, 3, 4])
def test_a_rejected_ticket_returns_to_the_pool_when_its_officer_has_left(cast, level):
    ticket = ticket_at(cast, "awaiting_review", level)
    cast.officers[level].is_active = False
    cast.officers[level].save()

    event = ticket.perform("reject", by=cast.penyedia, message="Masih gagal.")

    assert place(ticket) == ("new", level, None)
    assert event.to_status == "new"
    successor = colleague(cast, level)
    ticket.perform("take", by=successor, classification=classification())
    assert place(ticket) == ("in_progress", level, successor)


@pytest.mark.requirement("R54")
def test_a_rejected_ticket_returns_to_the_pool_when_its_officer_works_elsewhere_now(cast):
    ticket = ticket_at(cast, "awaiting_review", 1)
    cast.helpdesk.role = Role.LPSE_L2
    cast.helpdesk.save()

    ticket.perform("reject", by=cast.penyedia, message="Masih gagal.")

    assert place(ticket) == ("new", 1, None)


# Rating


@pytest.mark.requirement("R56", "R58")
def test_a_ticket_is_rated_once(cast):
    ticket = ticket_at(cast, "closed")

    ticket.perform("rate", by=cast.penyedia, stars=5)
    with pytest.raises(Refused):
        ticket.perform("rate", by=cast.penyedia, stars=1, suggestion="Berubah pikiran.")

    rating = Rating.objects.get()
    assert (rating.ticket, rating.stars, rating.suggestion) == (ticket, 5, "")


@pytest.mark.requirement("R57")
@pytest.mark.parametrize("stars", [1, 2, 3])
@pytest.mark.parametrize("suggestion", ["", " \n"])
def test_three_stars_or_fewer_need_a_suggestion(cast, stars, suggestion):
    ticket = ticket_at(cast, "closed")

    with pytest.raises(ValidationError) as refused:
        ticket.perform("rate", by=cast.penyedia, stars=stars, suggestion=suggestion)

    assert refused.value.messages == ["Saran dan masukan wajib diisi untuk penilaian 1–3 bintang."]
    assert Rating.objects.count() == 0


@pytest.mark.requirement("R57")
@pytest.mark.parametrize(("stars", "suggestion"), [(1, "Lambat."), (3, "Cukup."), (4, ""), (5, "")])
def test_a_rating_is_kept_with_its_suggestion(cast, stars, suggestion):
    ticket = ticket_at(cast, "closed")

    ticket.perform("rate", by=cast.penyedia, stars=stars, suggestion=suggestion)

    rating = Rating.objects.get()
    assert (rating.stars, rating.suggestion) == (stars, suggestion)
    assert fresh(ticket).is_rated


@pytest.mark.requirement("R59")
@pytest.mark.parametrize(
    ("ago", "is_open"),
    [(timedelta(days=29, hours=23), True), (timedelta(days=30, minutes=1), False)],
)
def test_rating_is_open_for_thirty_days_after_closing(cast, ago, is_open):
    ticket = ticket_at(cast, "closed")
    Ticket.objects.filter(pk=ticket.pk).update(closed_at=timezone.now() - ago)

    assert STEPS["rate"].is_open(fresh(ticket), cast.penyedia) is is_open


@pytest.mark.requirement("R59")
def test_a_ticket_closed_31_days_ago_cannot_be_rated(cast):
    ticket = ticket_at(cast, "closed")
    Ticket.objects.filter(pk=ticket.pk).update(closed_at=timezone.now() - timedelta(days=31))

    with pytest.raises(Refused):
        ticket.perform("rate", by=cast.penyedia, stars=5)

    assert Rating.objects.count() == 0


# Keys and stale pages


@pytest.mark.requirement("R35")
def test_the_same_key_gives_the_same_event(cast):
    ticket, key = ticket_at(cast, "in_progress", 1), uuid.uuid4()

    first = ticket.perform("resolve", by=cast.helpdesk, message="Sudah.", key=key)
    second = ticket.perform("resolve", by=cast.helpdesk, message="Sudah.", key=key)

    assert first == second
    assert ticket.events.filter(action="resolve").count() == 1


@pytest.mark.requirement("R35")
def test_a_key_of_another_act_is_refused(cast):
    ticket, other, key = (
        ticket_at(cast, "in_progress", 1),
        ticket_at(cast, "in_progress", 1),
        uuid.uuid4(),
    )
    ticket.perform("resolve", by=cast.helpdesk, message="Sudah.", key=key)

    for again, action in ((other, "resolve"), (ticket, "escalate")):
        with pytest.raises(Refused) as refused:
            again.perform(action, by=cast.helpdesk, message="Sudah.", key=key)
        assert str(refused.value) == (
            "Formulir ini sudah dipakai. Muat ulang halaman lalu coba lagi."
        )

    assert place(other) == ("in_progress", 1, cast.helpdesk)


@pytest.mark.requirement("R35")
def test_the_same_key_of_two_people_means_two_things(cast):
    key = uuid.uuid4()

    first = send_ticket(cast.penyedia, key=key)
    second = send_ticket(cast.ppk, key=key)

    assert first != second


def test_a_page_that_is_out_of_date_changes_nothing(cast):
    ticket = ticket_at(cast, "in_progress", 1)
    seen = ticket.last_event
    ticket.perform("ask", by=cast.helpdesk, message="Versi?", feedback_from=0)
    ticket.perform("answer", by=cast.penyedia, message="4.5")

    with pytest.raises(Stale):
        ticket.perform("resolve", by=cast.helpdesk, message="Sudah.", seen=seen)

    assert place(ticket) == ("in_progress", 1, cast.helpdesk)


@pytest.mark.requirement("R80")
def test_whoever_comes_too_late_reads_who_took_the_ticket(cast):
    ticket = ticket_at(cast, "in_progress", 1)

    with pytest.raises(Refused) as refused:
        ticket.perform("take", by=colleague(cast, 1), classification=classification())

    assert str(refused.value) == "Tiket sudah diambil oleh Bagas Pramudyo."


@pytest.mark.parametrize("status", Status)
def test_nobody_sets_a_status_by_hand(cast, status):
    ticket = ticket_at(cast, "new", 1)

    with pytest.raises(AttributeError):
        ticket.status = status


# What the database refuses

NOW = timezone.now()


@pytest.mark.parametrize(
    ("at", "change", "constraint"),
    [
        (("in_progress", 1), {"status": "lost"}, "ticket_status"),
        (("in_progress", 1), {"level": 0}, "ticket_level"),
        (("in_progress", 4), {"level": 5}, "ticket_level"),
        (("new", 1), {"level": 2}, "ticket_classified_past_first_pool"),
        (("new", 1), {"status": "in_progress"}, "ticket_"),
        (("in_progress", 1), {"category": None}, "ticket_classified_past_first_pool"),
        (("in_progress", 1), {"version": None}, "ticket_classified_past_first_pool"),
        (("in_progress", 1), {"priority": None}, "ticket_classified_past_first_pool"),
        (("in_progress", 1), {"type": ""}, "ticket_classified_past_first_pool"),
        (("in_progress", 1), {"officer": None}, "ticket_officer_unless_in_pool"),
        (("closed", 1), {"officer": None}, "ticket_officer_unless_in_pool"),
        (("in_progress", 2), {"status": "new"}, "ticket_officer_unless_in_pool"),
        (
            ("in_progress", 2),
            {"status": "awaiting_feedback"},
            "ticket_feedback_owed_by_lower_level",
        ),
        (("in_progress", 2), {"feedback_from": 1}, "ticket_feedback_owed_by_lower_level"),
        (("awaiting_feedback", 2), {"feedback_from": 2}, "ticket_feedback_owed_by_lower_level"),
        (("awaiting_feedback", 2), {"feedback_from": 3}, "ticket_feedback_owed_by_lower_level"),
        (("awaiting_feedback", 2), {"feedback_from": None}, "ticket_feedback_owed_by_lower_level"),
        (("awaiting_review", 1), {"status": "closed"}, "ticket_closed_at_when_closed"),
        (("awaiting_review", 1), {"closed_at": NOW}, "ticket_closed_at_when_closed"),
        (("closed", 1), {"closed_at": None}, "ticket_closed_at_when_closed"),
    ],
)
def test_the_database_refuses_a_ticket_that_contradicts_itself(cast, at, change, constraint):
    ticket = ticket_at(cast, *at)

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Ticket.objects.filter(pk=ticket.pk).update(**change)

    assert (fresh(ticket).status, fresh(ticket).level) == at


@pytest.mark.requirement("R56", "R57")
@pytest.mark.parametrize(
    ("stars", "suggestion", "constraint"),
    [
        (0, "Nol.", "rating_stars"),
        (6, "Enam.", "rating_stars"),
        (3, "", "rating_low_has_suggestion"),
    ],
)
def test_the_database_refuses_an_impossible_rating(cast, stars, suggestion, constraint):
    ticket = ticket_at(cast, "closed")

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Rating.objects.create(ticket=ticket, stars=stars, suggestion=suggestion)


@pytest.mark.requirement("R58")
def test_the_database_refuses_a_second_rating(cast):
    ticket = ticket_at(cast, "closed")
    Rating.objects.create(ticket=ticket, stars=5)

    with pytest.raises(IntegrityError), transaction.atomic():
        Rating.objects.create(ticket=ticket, stars=4)


def test_the_database_refuses_a_ticket_number_twice_and_two_officers_at_one_level(cast):
    ticket, other = ticket_at(cast, "in_progress", 1), ticket_at(cast, "new", 1)

    other.pk, other.number = None, ticket.number
    with pytest.raises(IntegrityError), transaction.atomic():
        Ticket.objects.bulk_create([other])
    with pytest.raises(IntegrityError, match="assignment_once_per_level"), transaction.atomic():
        Assignment.objects.create(
            ticket=ticket, level=1, officer=colleague(cast, 1), taken_at=timezone.now()
        )


# Numbers


def test_a_number_says_the_year_and_is_random():
    made = {numbers.new_number(2026) for _ in range(200)}

    assert len(made) == 200
    assert {number[:4] for number in made} == {"LS26"}
    assert {len(number) for number in made} == {14}


@pytest.mark.parametrize(
    "typed",
    [
        "LS26-384-267-376-5",
        "ls26-384-267-376-5",
        "LS263842673765",
        "263842673765",
        "26-384-267-376-5",
        "  LS26 384 267 376 5 ",
        "Ls26.384.267.376.5",
        "LS26–384–267–376–5",
        "LS 26-384-267-376-5",
        "\tLS26-384-267-376-5\n",
        "LS26\u00a0384\u00a0267\u00a0376\u00a05",
    ],
)
def test_a_number_is_understood_in_every_spelling(typed):
    assert numbers.parse(typed) == "LS263842673765"


def test_letters_that_look_like_digits_are_read_as_digits():
    number = next(n for n in iter(lambda: numbers.new_number(2010), "") if {"0", "1"} <= set(n[4:]))
    typed = number[:4] + number[4:].replace("0", "o").replace("1", "l", 1).replace("1", "I")

    assert numbers.parse(typed) == number


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "LS",
        "LS26",
        "LS26-384-267-376",
        "LS26-384-267-376-55",
        "LS26-384-267-376-4",
        "XX26-384-267-376-5",
        "٢٦٣٨٤٢٦٧٣٧٦٥",
        "LS26-384-267-376-²",
        "\0",
        "LS26-384-267-376-5\0",
        "9" * 5000,
        "' OR 1=1 --",
    ],
)
def test_what_is_no_number_is_answered_with_an_example(typed):
    with pytest.raises(ValueError, match="Nomor tiket") as refused:
        numbers.parse(typed)

    assert str(refused.value) == (
        "Nomor tiket tidak lengkap atau salah ketik. Contoh: LS26-384-267-376-5."
    )


def test_a_number_is_shown_in_groups():
    assert numbers.spoken("LS263842673765") == "LS26-384-267-376-5"


def is_number(digits):
    try:
        return bool(numbers.parse(digits))
    except ValueError:
        return False


def test_every_wrong_digit_of_200_numbers_is_noticed():
    missed = [
        (digits, place, wrong)
        for digits in (numbers.new_number(2026)[2:] for _ in range(200))
        for place, right in enumerate(digits)
        for wrong in "0123456789"
        if wrong != right and is_number(digits[:place] + wrong + digits[place + 1 :])
    ]

    assert missed == []


def test_every_pair_of_swapped_neighbours_of_200_numbers_is_noticed():
    missed = [
        (digits, place)
        for digits in (numbers.new_number(2026)[2:] for _ in range(200))
        for place, (left, right) in enumerate(pairwise(digits))
        if left != right and is_number(digits[:place] + right + left + digits[place + 2 :])
    ]

    assert missed == []


def test_a_number_that_is_taken_is_not_given_again(cast, monkeypatch):
    taken = send_ticket(cast.penyedia)
    drawn = iter([taken.number, taken.number, "LS263842673765"])
    monkeypatch.setattr(numbers, "new_number", lambda year: next(drawn))

    assert send_ticket(cast.penyedia).number == "LS263842673765"


@pytest.mark.parametrize(("zone", "year"), [("WIB", "LS26"), ("WITA", "LS27"), ("WIT", "LS27")])
def test_the_year_of_a_number_is_that_of_the_reporters_clock(monkeypatch, zone, year):
    cast = Cast()
    cast.lpse.zone = zone
    moment = timezone.datetime(2026, 12, 31, 16, 30, tzinfo=timezone.get_fixed_timezone(0))
    monkeypatch.setattr(timezone, "now", lambda: moment)

    assert send_ticket(cast.penyedia).number[:4] == year


@pytest.mark.requirement("R132")
def test_who_became_an_officer_does_not_handle_what_they_reported(cast):
    ticket = send_ticket(cast.penyedia)
    cast.penyedia.role = "lpse_l1"
    cast.penyedia.save()

    with pytest.raises(Refused):
        ticket.perform("take", by=cast.penyedia, classification=classification())

    assert fresh(ticket).officer is None
    assert list(Ticket.objects.in_pool_of(cast.penyedia)) == []
    assert list(Ticket.objects.in_pool_of(cast.helpdesk)) == [ticket]


def test_a_step_after_the_clock_was_put_back_is_not_older_than_the_one_before(cast, monkeypatch):
    ticket = ticket_at(cast, "in_progress")
    ahead = timezone.now() + timedelta(days=3)

    with monkeypatch.context() as clock:
        clock.setattr(timezone, "now", lambda: ahead)
        ticket.perform("ask", by=cast.helpdesk, message="Versi?", feedback_from=REPORTER)
    event = ticket.perform("answer", by=cast.penyedia, message="4.5")

    assert event.at == ahead
