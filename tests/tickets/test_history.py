"""A ticket's history can be proven: chained, sealed daily, unchanged, redacted by law (R130)."""

import hashlib
import io
import uuid
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from unittest.mock import patch

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from tests.at_once import at_once
from tests.cast import Cast, classification, send_ticket, ticket_at
from tests.factories import make_user
from tickets import chain, redaction
from tickets.models import Attachment, DayRoot, Draft, Event, Rating, Ticket
from tickets.models.day_root import ZONE
from tickets.proof import faults, one_moment

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("R130")]


def draft(owner, name="bukti.txt", content=b"isi bukti"):
    upload = SimpleUploadedFile(name, content)
    return Draft.objects.receive(upload, key=uuid.uuid4(), owner=owner)


def run(sql, *values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


@contextmanager
def no_guards():
    """As for somebody who owns the tables and switches everything off."""
    run("SET CONSTRAINTS ALL IMMEDIATE")
    tables = ("tickets_event", "tickets_attachment", "tickets_ticket", "tickets_rating")
    for table in (*tables, "tickets_dayroot"):
        run(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    yield
    run("SET CONSTRAINTS ALL IMMEDIATE")
    for table in (*tables, "tickets_dayroot"):
        run(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def behind_the_guards(sql, *values):
    with no_guards():
        if sql.startswith("DELETE FROM tickets_event"):
            run("DELETE FROM tickets_notice")  # which point to it
        run(sql, *values)


def found(**options):
    return [f"{fault.kind}: {fault.where}" for fault in faults(**options)]


def verify(*args):
    said = io.StringIO()
    call_command("verify_history", *args, stdout=said, stderr=said)
    return said.getvalue()


def place(event):
    return f"{event.ticket} event {event.position} (id {event.pk}, {event.action})"


@pytest.fixture
def rated(cast):
    """A ticket that went the whole way of its LPSE, with files and a rating."""
    cast.penyedia.identity_number = "0123456789012345"
    ticket = send_ticket(
        cast.penyedia, package_code="8214260", error_code="1A2B3C", files=[draft(cast.penyedia)]
    )
    ticket.perform("take", by=cast.helpdesk, classification=classification(), ip="192.0.2.7")
    changed = classification(priority=4)
    ticket.perform(
        "ask", by=cast.helpdesk, message="Versi?", feedback_from=0, classification=changed
    )
    files = [draft(cast.penyedia, "layar.txt", b"satu"), draft(cast.penyedia, "b.rhs", b"\1\2" * 9)]
    ticket.perform("answer", by=cast.penyedia, message="4.5", files=files, ip="2001:DB8::0:1")
    ticket.perform("download_sealed_file", by=cast.helpdesk, name="b.rhs")
    ticket.perform("resolve", by=cast.helpdesk, message="Sudah.")
    ticket.perform("accept", by=cast.penyedia)
    ticket.perform("rate", by=cast.penyedia, stars=2, suggestion="Lebih cepat.")
    return Ticket.objects.with_people().get(pk=ticket.pk)


# The chain


def test_each_event_carries_the_hash_of_the_one_before_it(rated):
    send_ticket(rated.reporter)
    events = list(rated.events.order_by("pk"))

    assert [event.position for event in events] == [*range(1, 9)]
    assert [event.previous_hash for event in events] == ["0" * 64, *(e.hash for e in events[:-1])]
    assert len({event.hash for event in events}) == 8


def test_the_history_of_every_way_through_the_workflow_is_as_written(cast, rated):
    for status in ("new", "in_progress", "awaiting_feedback", "awaiting_review", "closed"):
        for level in (1, 4):
            ticket_at(cast, status, level)
    ticket_at(Cast(), "in_progress", 3).perform(
        "read_server_access", by=make_lkpp_in_charge(), message="Periksa log."
    )

    assert found(files=True) == []


def make_lkpp_in_charge():
    return Ticket.objects.with_people().latest("pk").officer


def test_two_steps_at_once_make_one_chain(transactional_db):
    cast = Cast()
    ticket = ticket_at(cast, "in_progress", 1, files=[])

    def download():
        Ticket.objects.get(pk=ticket.pk).perform(
            "download_sealed_file", by=cast.penyedia, name="b.rhs"
        )

    at_once([download] * 8)

    assert found() == []
    assert [*ticket.events.order_by("pk").values_list("position", flat=True)] == [*range(1, 11)]


ALTERED = [
    "UPDATE tickets_event SET message = 'Versi 4.5?' WHERE id = %s",
    "UPDATE tickets_event SET actor_id = (SELECT reporter_id FROM tickets_ticket LIMIT 1)"
    " WHERE id = %s",
    "UPDATE tickets_event SET actor_role = 'lpse_l2' WHERE id = %s",
    "UPDATE tickets_event SET at = at + interval '1 microsecond' WHERE id = %s",
    "UPDATE tickets_event SET action = 'resolve' WHERE id = %s",
    "UPDATE tickets_event SET audience = 'officers' WHERE id = %s",
    "UPDATE tickets_event SET ip = '192.0.2.8' WHERE id = %s",
    "UPDATE tickets_event SET to_status = 'closed' WHERE id = %s",
    "UPDATE tickets_event SET from_level = 2 WHERE id = %s",
    "UPDATE tickets_event SET feedback_from = 1 WHERE id = %s",
    "UPDATE tickets_event SET detail = '{\"changes\": []}' WHERE id = %s",
    "UPDATE tickets_event SET key = gen_random_uuid() WHERE id = %s",
    "UPDATE tickets_event SET salts = '{}', message = '[dihapus]' WHERE id = %s",
    "UPDATE tickets_event SET commitments = '{}' WHERE id = %s",
    "UPDATE tickets_event SET hash = repeat('a', 64) WHERE id = %s",
]


@pytest.mark.parametrize("sql", ALTERED)
def test_whatever_of_an_event_is_altered_is_named(rated, sql):
    asked = rated.events.get(action="ask")

    behind_the_guards(sql, asked.pk)

    event = Event.objects.get(pk=asked.pk)
    assert found()[0] == f"altered: {place(event)}"
    with pytest.raises(CommandError, match="The history is not what was written"):
        verify()


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE tickets_ticket SET title = 'Lain' WHERE id = %s",
        "UPDATE tickets_ticket SET identity_number = '1' WHERE id = %s",
        "UPDATE tickets_ticket SET package_code = '1' WHERE id = %s",
        "UPDATE tickets_ticket SET error_code = '' WHERE id = %s",
        "UPDATE tickets_ticket SET reporter_kind = 'ppk' WHERE id = %s",
        "UPDATE tickets_ticket SET reporter_id = officer_id WHERE id = %s",
        "UPDATE tickets_ticket SET created_at = now() WHERE id = %s",
    ],
)
def test_what_the_reporter_sent_belongs_to_the_first_event(rated, sql):
    behind_the_guards(sql, rated.pk)

    assert found()[0] == f"altered: {place(rated.events.get(action='send'))}"


@pytest.mark.parametrize("sql", ["stars = 5", "suggestion = 'Hebat.'"])
def test_a_rating_belongs_to_its_event(rated, sql):
    behind_the_guards(f"UPDATE tickets_rating SET {sql}")

    assert found() == [f"altered: {place(rated.events.get(action='rate'))}"]


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE tickets_attachment SET name = 'lain.txt' WHERE name = 'layar.txt'",
        "UPDATE tickets_attachment SET sha256 = repeat('b', 64) WHERE name = 'layar.txt'",
        "UPDATE tickets_attachment SET size = 5 WHERE name = 'layar.txt'",
        "DELETE FROM tickets_attachment WHERE name = 'layar.txt'",
        "INSERT INTO tickets_attachment (name, size, sha256, path, preview_path, event_id)"
        " SELECT name, size, sha256, 'x', '', event_id FROM tickets_attachment"
        " WHERE name = 'layar.txt'",
    ],
)
def test_files_belong_to_their_event(rated, sql):
    behind_the_guards(sql)

    assert found()[0] == f"altered: {place(rated.events.get(action='answer'))}"


def test_the_stored_bytes_of_a_file_are_compared_on_request(rated):
    file = Attachment.objects.get(name="layar.txt")
    default_storage.delete(file.path)
    where = place(rated.events.get(action="answer"))
    gone = found(files=True)
    default_storage.save(file.path, SimpleUploadedFile("x", b"dua!"))

    assert found() == []
    assert gone == [f"missing: {where}"]
    assert found(files=True) == [f"altered: {where}"]


@pytest.mark.parametrize("action", ["send", "ask", "rate"])
def test_a_missing_event_is_named(rated, action):
    event = rated.events.get(action=action)
    behind_the_guards("DELETE FROM tickets_attachment WHERE event_id = %s", event.pk)

    behind_the_guards("DELETE FROM tickets_event WHERE id = %s", event.pk)

    where = "" if action == "rate" else f" event {event.position}"
    assert found()[0] == f"missing: {rated}{where}"


def test_a_ticket_without_any_event_is_named(cast):
    ticket = send_ticket(cast.penyedia)

    behind_the_guards("DELETE FROM tickets_event WHERE ticket_id = %s", ticket.pk)

    assert found() == [f"missing: {ticket}"]


def copy_of(event, **fields):
    """An event like `event`, written by somebody who knows how chains are made."""
    forged = Event.objects.get(pk=event.pk)
    forged.pk, forged.key = None, uuid.uuid4()
    for name, value in fields.items():
        setattr(forged, name, value)
    return forged


def test_an_inserted_event_is_named(rated):
    asked = rated.events.get(action="ask")
    forged = copy_of(asked)

    with no_guards():
        run("ALTER TABLE tickets_event DROP CONSTRAINT event_once_per_place")
        forged.save(force_insert=True)

    assert found()[0] == f"inserted: {place(forged)}"


def test_an_event_written_anew_with_its_hash_is_told_by_the_next(rated):
    asked = rated.events.get(action="ask")
    before = rated.events.get(position=asked.position - 1)
    asked.message = "Lain sama sekali"
    chain.link(asked, rated, [], after=before)

    with no_guards():
        asked.save()

    assert found() == [f"altered: {place(asked)}"]


def test_the_database_takes_no_event_into_the_middle(rated):
    asked = rated.events.get(action="ask")

    for fields in ({}, {"position": 3, "action": "x"}, {"position": 99}, {"position": 9}):
        with pytest.raises((DatabaseError, IntegrityError)), transaction.atomic():
            copy_of(asked, **fields).save(force_insert=True)

    assert rated.events.count() == 8


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE tickets_ticket SET status = 'in_progress', closed_at = NULL WHERE id = %s",
        "UPDATE tickets_ticket SET level = 2 WHERE id = %s",
        "UPDATE tickets_ticket SET officer_id = reporter_id WHERE id = %s",
    ],
)
def test_where_a_ticket_stands_is_where_its_events_led(rated, sql):
    behind_the_guards(sql, rated.pk)

    assert set(found()) == {f"altered: {rated}"}


def test_a_rating_that_nobody_gave_is_named(cast):
    ticket = ticket_at(cast, "closed")

    Rating.objects.create(ticket=ticket, stars=5)

    assert found() == [f"altered: {ticket} event 4"]


def test_a_file_that_was_taken_away_without_an_order_is_named(rated):
    behind_the_guards("UPDATE tickets_attachment SET path = '' WHERE name = 'layar.txt'")

    assert found(files=True) == [f"altered: {place(rated.events.get(action='answer'))}"]


@pytest.mark.parametrize("detail", ["{}", '{"removed": 5}', '{"removed": [[1]]}', "[]"])
def test_what_was_forged_in_any_shape_is_named_and_the_tickets_after_it_are_checked(
    cast, rated, detail
):
    later = send_ticket(cast.ppk)
    behind_the_guards(
        "UPDATE tickets_event SET action = 'redact', detail = %s WHERE id = %s",
        detail,
        rated.events.get(action="ask").pk,
    )
    behind_the_guards("UPDATE tickets_ticket SET title = 'lain' WHERE id = %s", later.pk)

    named = found()

    assert named[0].startswith(f"altered: {rated}")
    assert named[-1] == f"altered: {place(later.events.get())}"


def test_an_event_dated_before_the_one_it_follows_or_to_come_is_named(cast, rated):
    with on(2):  # a step of the portal would be given the time of the one before it
        earlier = timezone.now()
    late = rated.record(
        "download_sealed_file", by=cast.penyedia, at=earlier, message="", files=(),
        before=(rated.status, rated.level), audience="officers", detail={"file": "b.rhs"},
    )  # fmt: skip
    with patch.object(timezone, "now", return_value=timezone.now() + timedelta(days=9)):
        ahead = rated.perform("download_sealed_file", by=cast.penyedia, name="b.rhs")

    assert found() == [f"inserted: {place(late)}", f"inserted: {place(ahead)}"]


# The roots of the days


def on(day, hour=10):
    """The clock at that hour in Jakarta of a day of November 2026."""
    at = datetime(2026, 11, day, hour - 7, tzinfo=UTC)
    return patch.object(timezone, "now", return_value=at)


@pytest.fixture
def sealed(cast):
    """Tickets on the 2nd and 4th, every day until the 5th sealed."""
    with on(2):
        first = send_ticket(cast.penyedia)
        second = send_ticket(cast.ppk)
    with on(4):
        first.perform("take", by=cast.helpdesk, classification=classification())
    with on(6):
        DayRoot.objects.seal()
    return first, second


def test_each_finished_day_has_a_root_over_what_moved_and_the_root_before(sealed):
    first, second = sealed
    roots = list(DayRoot.objects.order_by("day"))

    assert [str(root.day) for root in roots] == [f"2026-11-0{day}" for day in (2, 3, 4, 5)]
    assert [root.previous_root for root in roots] == ["0" * 64, *(r.root for r in roots[:-1])]
    assert [set(root.tickets) for root in roots] == [
        {first.number, second.number},
        set(),
        {first.number},
        set(),
    ]
    head = first.events.get(action="take").hash
    text = f"2026-11-04\n{roots[1].root}\n{first.number} 2 {head}\n"
    assert roots[2].root == hashlib.sha256(text.encode()).hexdigest()
    assert found() == []


def test_sealing_again_changes_nothing_and_goes_on_with_the_next_day(sealed):
    before = list(DayRoot.objects.values_list("day", "root"))

    with on(6):
        again = DayRoot.objects.seal()
    with on(7):
        following = DayRoot.objects.seal()

    assert (again, [str(root.day) for root in following]) == ([], ["2026-11-06"])
    assert list(DayRoot.objects.values_list("day", "root"))[1:] == before


def test_a_day_is_sealed_an_hour_after_its_end(cast):
    with on(2, 23):
        send_ticket(cast.penyedia)

    with patch.object(timezone, "now", return_value=datetime(2026, 11, 2, 17, 30, tzinfo=UTC)):
        early = DayRoot.objects.seal()
    with patch.object(timezone, "now", return_value=datetime(2026, 11, 2, 18, 1, tzinfo=UTC)):
        late = DayRoot.objects.seal()

    assert (early, [str(root.day) for root in late]) == ([], ["2026-11-02"])


def test_a_history_written_anew_from_end_to_end_is_told_by_the_root_of_its_day(sealed):
    first = sealed[0]
    sent, taken = first.events.order_by("position")
    sent.message = "Kami tidak pernah menulis itu."
    chain.link(sent, first, [])
    chain.link(taken, first, [], after=sent)

    with no_guards():
        sent.save()
        taken.save()

    assert found() == [
        f"altered: {first.number} event 1",
        f"altered: {first.number} event 2",
    ]


def test_a_ticket_that_vanished_and_one_that_came_later_are_told_by_the_root(sealed, cast):
    second = sealed[1]
    behind_the_guards("DELETE FROM tickets_event WHERE ticket_id = %s", second.pk)
    behind_the_guards("DELETE FROM tickets_ticket WHERE id = %s", second.pk)
    with on(2):
        late = send_ticket(cast.penyedia)

    assert sorted(found()) == [
        f"inserted: {late.number} event 1",
        f"missing: {second.number} event 1",
    ]


def test_a_ticket_dated_before_the_first_sealed_day_is_named(sealed, cast):
    with patch.object(timezone, "now", return_value=datetime(2020, 1, 1, tzinfo=UTC)):
        forged = send_ticket(cast.penyedia)

    assert found() == [f"inserted: {place(forged.events.get())}"]


@pytest.mark.parametrize("day", ["9999-12-31", "1999-01-01", "2026-11-05", "2026-11-07"])
def test_a_root_goes_on_from_the_last_one(sealed, day):
    last = DayRoot.objects.order_by("day").last()

    for place, before in ((day, last.root), ("2026-11-06", "0" * 64)):
        with pytest.raises(DatabaseError), transaction.atomic():
            DayRoot.objects.create(day=place, previous_root=before, root="1" * 64)


def test_today_takes_no_root():
    today = timezone.localdate(timezone=ZONE)

    with pytest.raises(DatabaseError, match="once that is over"), transaction.atomic():
        DayRoot.objects.create(day=today, previous_root="0" * 64, root="1" * 64)


def test_missing_newest_roots_are_named_once_the_night_is_over(sealed):
    with on(7, 11):
        verify()
    with on(7, 15), pytest.raises(CommandError, match="missing: roots of 1 days, from 2026-11-06"):
        verify()


@pytest.mark.django_db(transaction=True)
def test_a_step_while_it_is_checked_is_no_fault():
    cast = Cast()
    tickets = [send_ticket(cast.penyedia) for _ in range(3)]

    def take(ticket):
        return at_once([lambda: ticket.perform("take", by=cast.helpdesk, classification=kind)])

    kind = classification()
    with one_moment():
        named = list(faults())
        take(tickets[1])
        seen = Ticket.objects.get(pk=tickets[1].pk).status
        again = list(faults())

    assert (named, again, list(faults())) == ([], [], [])
    assert (seen, Ticket.objects.get(pk=tickets[1].pk).status) == ("new", "in_progress")


def test_two_tickets_never_share_a_number_in_another_spelling(cast):
    ticket = send_ticket(cast.penyedia)
    ticket.pk, ticket.number = None, ticket.number.lower()

    with pytest.raises(IntegrityError), transaction.atomic():
        ticket.save()


def test_a_root_that_was_changed_or_taken_away_is_named(sealed):
    behind_the_guards("UPDATE tickets_dayroot SET root = repeat('c', 64) WHERE day = '2026-11-03'")
    altered = found()
    behind_the_guards("DELETE FROM tickets_dayroot WHERE day = '2026-11-03'")

    assert altered[0] == "altered: 2026-11-03"
    assert found()[0] == "missing: 2026-11-03"


def test_a_root_that_was_kept_elsewhere_is_compared(sealed):
    root = DayRoot.objects.get(day="2026-11-04")

    with on(6):
        said = verify("--root", "2026-11-04", root.root.upper())

    assert said.startswith("3 events and 4 days are as written")
    for day, kept in (("2026-11-04", "d" * 64), ("2026-11-20", root.root), ("kemarin", "x")):
        with pytest.raises(CommandError):
            verify("--root", day, kept)


def test_a_root_never_changes(sealed):
    for sql in ("UPDATE tickets_dayroot SET root = ''", "DELETE FROM tickets_dayroot"):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            run(sql)


def test_the_nightly_command_prints_the_roots_it_made(cast):
    with on(2):
        send_ticket(cast.penyedia)
    said = io.StringIO()

    with on(4):
        call_command("seal_days", stdout=said)
        call_command("seal_days", stdout=said)

    roots = DayRoot.objects.order_by("day")
    assert said.getvalue().splitlines() == [
        f"2026-11-02 {roots[0].root} 1 tickets moved",
        f"2026-11-03 {roots[1].root} 0 tickets moved",
        "Every finished day is sealed.",
    ]


# Nobody changes it: neither the ORM, nor SQL, nor the application's own account

ATTEMPTS = [
    "UPDATE tickets_event SET message = 'lain'",
    "UPDATE tickets_event SET salts = '{}'",
    "UPDATE tickets_event SET message = '[dihapus]', salts = salts - 'message'",
    "UPDATE tickets_event SET hash = previous_hash",
    "DELETE FROM tickets_event",
    "TRUNCATE tickets_event CASCADE",
    "UPDATE tickets_attachment SET name = '[dihapus].txt', path = '', preview_path = ''",
    "DELETE FROM tickets_attachment",
    "UPDATE tickets_rating SET suggestion = '[dihapus]'",
    "DELETE FROM tickets_rating",
    "UPDATE tickets_ticket SET title = '[dihapus]'",
    "DELETE FROM tickets_ticket",
    "DELETE FROM tickets_dayroot",
    "UPDATE accounts_securityentry SET user_id = NULL",
    "TRUNCATE accounts_securityentry",
    "ALTER TABLE tickets_event DISABLE TRIGGER ALL",
    "DROP TRIGGER append_only_rows ON tickets_event",
    "DROP TABLE tickets_event CASCADE",
    "SET session_replication_role = replica",
    "CREATE TEMP TABLE tickets_event (LIKE public.tickets_event)",
    "CREATE SCHEMA portal_uji",
    "CREATE TABLE tickets_dayroot_2 (id int)",
    "CREATE OR REPLACE FUNCTION tickets_is_ordered(bigint, bigint, text) RETURNS boolean"
    " LANGUAGE sql AS 'SELECT true'",
]


@pytest.fixture
def app_role(rated):
    """The account of the application, as grant_app_role makes it."""
    run("SET CONSTRAINTS ALL IMMEDIATE")
    run("CREATE ROLE portal_uji")
    call_command("grant_app_role", "portal_uji", stdout=io.StringIO())
    run("SET ROLE portal_uji")
    yield
    run("RESET ROLE")


@pytest.mark.parametrize("sql", ATTEMPTS)
def test_the_applications_account_can_change_nothing_of_the_history(app_role, sql):
    with pytest.raises(DatabaseError), transaction.atomic():
        run(sql)

    assert found() == []


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE public.tickets_event SET message = '[dihapus]', salts = salts - 'message'"
        " WHERE id = %(event)s",
        "UPDATE public.tickets_ticket SET title = '[dihapus]'",
        "UPDATE public.tickets_rating SET suggestion = '[dihapus]'",
        "UPDATE public.tickets_attachment SET name = '[dihapus]', path = '', preview_path = ''",
    ],
)
def test_a_temporary_table_of_the_same_name_does_not_blind_the_guards(rated, sql):
    sent = rated.events.get(action="send")
    run("CREATE TEMP TABLE tickets_event (LIKE public.tickets_event)")
    run("INSERT INTO pg_temp.tickets_event SELECT * FROM public.tickets_event")
    run(
        "UPDATE pg_temp.tickets_event SET action = 'redact', detail = jsonb_build_object("
        "'removed', (SELECT jsonb_agg(jsonb_build_array(e.id, part)) FROM public.tickets_event e,"
        " unnest(ARRAY['message', 'title', 'suggestion', 'file 1', 'file 2']) AS part))"
    )

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, {"event": sent.pk})

    run("DROP TABLE pg_temp.tickets_event")
    assert found() == []


def test_the_applications_account_can_do_all_that_the_portal_does(app_role, cast):
    with on(20):
        ticket = ticket_at(cast, "closed", 4, files=[draft(cast.penyedia)])
        ticket.perform("rate", by=cast.penyedia, stars=1, suggestion="Lambat sekali.")
        redact(ticket)

    DayRoot.objects.seal()

    assert found() == []


def test_who_cannot_be_bound_is_no_account_for_the_application():
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolname FROM pg_roles WHERE rolsuper LIMIT 1")
        superuser = cursor.fetchone()[0]
    run("CREATE ROLE pemilik_uji")
    run("ALTER TABLE tickets_event OWNER TO pemilik_uji")
    run("CREATE ROLE anggota_uji IN ROLE pemilik_uji")
    run("CREATE ROLE pembuat_uji CREATEROLE")

    for role in (superuser, "tidak_ada", "pemilik_uji", "anggota_uji", "pembuat_uji"):
        with pytest.raises(CommandError):
            call_command("grant_app_role", role)


def test_the_orm_changes_nothing_in_bulk(rated):
    events = list(rated.events.all())
    events[0].message = "lain"
    attempts = [
        lambda: Event.objects.update(message="lain"),
        lambda: Event.objects.bulk_update(events, ["message"]),
        lambda: Event.objects.filter(pk=events[0].pk).update(salts={}),
        lambda: events[0].save(),
        lambda: events[0].delete(),
        lambda: Event.objects.all()._raw_delete("default"),
        lambda: Attachment.objects.update(path=""),
        lambda: Rating.objects.update(suggestion=""),
        lambda: Ticket.objects.update(title="lain"),
    ]

    for attempt in attempts:
        with pytest.raises(DatabaseError), transaction.atomic():
            attempt()

    assert found() == []


# Redaction


def administrator():
    return make_user("", is_staff=True, is_superuser=True)


def redact(ticket, *parts, by=None):
    """Remove all pieces, or those whose name ends like one of `parts`."""
    pieces = [
        piece
        for piece in redaction.removable(ticket)
        if not parts or piece.name.partition(":")[2] in parts
    ]
    return ticket.perform(
        "redact",
        by=by or administrator(),
        message="Putusan berkekuatan hukum tetap.",
        ordered_by="PN Bandung 12/2026",
        pieces=pieces,
    )


def test_redaction_removes_content_keeps_the_hash_and_says_who_ordered_it(rated):
    before = dict(rated.events.values_list("pk", "hash"))

    order = redact(rated)

    kept = dict(rated.events.exclude(pk=order.pk).values_list("pk", "hash"))
    assert kept == before
    assert found(files=True) == []
    stored = str([*Event.objects.exclude(pk=order.pk).values(), *Attachment.objects.values()])
    stored += str([*Ticket.objects.values(), *Rating.objects.values()])
    gone = [rated.title, "Muncul pesan", "Versi?", "bukti.txt", "layar.txt", "b.rhs", "8214260"]
    assert [text for text in [*gone, "1A2B3C", "Lebih cepat."] if text in stored] == []
    assert (order.detail["ordered_by"], order.actor_role) == ("PN Bandung 12/2026", "")


def test_redaction_of_one_piece_leaves_the_others(rated):
    redact(rated, "title")

    now = Ticket.objects.get(pk=rated.pk)
    assert (now.title, now.package_code, now.description) == (
        "[dihapus]",
        "8214260",
        "Muncul pesan User ID salah.",
    )
    assert found(files=True) == []


def test_the_bytes_of_a_redacted_file_are_deleted_once_it_is_sure(
    rated, django_capture_on_commit_callbacks
):
    file = Attachment.objects.get(name="layar.txt")

    with django_capture_on_commit_callbacks(execute=True):
        redact(rated, "file 1")

    assert not default_storage.exists(file.path)
    now = Attachment.objects.get(pk=file.pk)
    assert (now.name, now.path, now.sha256) == ("[dihapus].txt", "", file.sha256)
    assert found(files=True) == []


def test_the_virus_scan_goes_on_past_a_file_that_was_removed(rated):
    redact(rated, "file 1")

    left = Attachment.objects.unscanned()

    assert list(left.values_list("name", flat=True)) == ["b.rhs"]


def test_what_was_removed_without_an_order_is_named(rated):
    asked = rated.events.get(action="ask")

    behind_the_guards(
        "UPDATE tickets_event SET message = '[dihapus]', salts = salts - 'message' WHERE id = %s",
        asked.pk,
    )

    assert found() == [f"altered: {place(asked)}"]


@pytest.mark.parametrize(
    ("part", "sql"),
    [
        ("message", "UPDATE tickets_event SET message = 'Kami bersalah.' WHERE action = 'ask'"),
        ("title", "UPDATE tickets_ticket SET title = 'Judul lain'"),
        ("suggestion", "UPDATE tickets_rating SET suggestion = 'Hebat.'"),
        ("file 1", "UPDATE tickets_attachment SET name = 'lain.txt' WHERE path = ''"),
    ],
)
def test_nothing_else_may_stand_where_something_was_removed(rated, part, sql):
    redact(rated, part)

    behind_the_guards(sql)

    assert found() != []


def test_an_order_covers_only_what_it_names(rated):
    asked = rated.events.get(action="ask")
    redact(rated, "title")

    sql = "UPDATE tickets_event SET message = '[dihapus]', salts = salts - 'message' WHERE id = %s"
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        run(sql, asked.pk)


def test_an_order_itself_is_never_removed(rated):
    first = redact(rated, "title")

    names = [piece.name for piece in redaction.removable(Ticket.objects.get(pk=rated.pk))]

    assert names != []
    assert [name for name in names if name.startswith(f"{first.pk}:")] == []


def test_what_is_removed_cannot_be_guessed_from_what_is_left(rated):
    redact(rated, "identity_number")

    sent = rated.events.get(action="send")
    assert "identity_number" not in sent.salts
    plain = hashlib.sha256(rated.identity_number.encode()).hexdigest()
    assert sent.commitments["identity_number"] != plain
