"""Reporters who do not answer: reminded, then closed by the system, and reopened (R135, A18)."""

from datetime import datetime, timedelta
from io import StringIO
from unittest.mock import patch

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import TZINFO, User, Zone
from accounts.roles import Role
from tests.at_once import at_once
from tests.cast import Cast, classification, ticket_at
from tests.factories import make_lpse, make_user
from tickets import outbox, proof, reminding
from tickets.models import Event, Holiday, ServerAccess, Ticket
from tickets.steps import Refused, Stale
from tickets.wording import status_word

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("R135")]

WIB = TZINFO[Zone.WIB]
MONDAY = datetime(2026, 11, 16, 9, 30, tzinfo=WIB)  # no day off in the weeks after it
THREE, FIVE, SEVEN = (MONDAY + timedelta(days=days) for days in (3, 7, 9))
A_MINUTE = timedelta(minutes=1)
WAITING = [("awaiting_feedback", 1, 0), ("awaiting_review", 1, None)]


def at(moment):
    return patch.object(timezone, "now", return_value=moment)


def fresh(ticket):
    return Ticket.objects.with_people().get(pk=ticket.pk)


def waiting(cast, status="awaiting_review", level=1, feedback_from=0, since=MONDAY):
    """A ticket that waits for its reporter since then."""
    with at(since):
        return ticket_at(cast, status, level, feedback_from or 0)


def passes(*moments):
    """One pass at each of the moments; what they did."""
    done = []
    for moment in moments:
        with at(moment):
            done.append(tuple(reminding.act()))
            outbox.deliver()  # as the worker does after each pass
    return done


def acts(ticket):
    """What time did: [(action, when)]."""
    of_system = ticket.events.filter(actor__username="@sistem").order_by("pk")
    return [(event.action, event.at) for event in of_system]


def closed(cast, **where):
    """A ticket that the portal has closed by itself, seven working days after MONDAY."""
    ticket = waiting(cast, **where)
    passes(THREE, FIVE, SEVEN)
    return fresh(ticket)


def reopen(ticket, by, moment, **fields):
    with at(moment):
        return ticket.perform("reopen", by=by, **{"message": "Masih gagal."} | fields)


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


# When


@pytest.mark.parametrize("place", WAITING, ids=lambda place: place[0])
def test_a_silent_reporter_is_reminded_at_three_and_five_working_days_and_closed_at_seven(
    cast, place
):
    ticket = waiting(cast, *place)

    done = passes(
        *(MONDAY, THREE - A_MINUTE, THREE, THREE + A_MINUTE),
        *(FIVE - A_MINUTE, FIVE, FIVE + A_MINUTE),
        *(SEVEN - A_MINUTE, SEVEN, SEVEN + A_MINUTE),
    )

    nothing, reminded, closing = (0, 0, 0), (1, 0, 0), (0, 1, 0)
    assert done == [
        *(nothing, nothing, reminded, nothing),
        *(nothing, reminded, nothing),
        *(nothing, closing, nothing),
    ]
    assert acts(ticket) == [("remind", THREE), ("remind", FIVE), ("close_silent", SEVEN)]
    ticket = fresh(ticket)
    assert (ticket.status, ticket.closed_at, ticket.feedback_from) == ("closed", SEVEN, None)
    assert ticket.is_closed_by_system


@pytest.mark.parametrize("days_without_mail", [3, 8])
def test_nobody_is_closed_before_the_reminder_has_really_been_mailed(cast, days_without_mail):
    ticket = waiting(cast)
    passes(THREE)
    with at(FIVE):
        reminding.act()  # and no mail goes out

    mailed_at = FIVE + timedelta(days=days_without_mail)  # working days, both
    with at(mailed_at):
        before = tuple(reminding.act())
        outbox.deliver()
    done = passes(mailed_at + timedelta(hours=23), mailed_at + timedelta(days=1))

    assert before == (0, 0, 0)
    assert done == [(0, 0, 0), (0, 1, 0)]
    assert fresh(ticket).is_closed_by_system


def test_the_hours_are_those_of_the_zone_of_the_lpse_and_its_days_off_count():
    jayapura = Cast(make_lpse(zone=Zone.WIT))
    late_on_friday = datetime(2026, 11, 20, 22, 30, tzinfo=WIB)  # Saturday in Jayapura
    Holiday.objects.create(date="2026-11-24", name="Libur setempat")
    ticket = waiting(jayapura, since=late_on_friday)
    thursday = datetime(2026, 11, 27, tzinfo=TZINFO[Zone.WIT])

    passes(thursday - A_MINUTE, thursday)

    assert acts(ticket) == [("remind", thursday)]


def test_each_question_begins_a_silence_of_its_own(cast):
    ticket = waiting(cast, "awaiting_feedback")
    passes(THREE)
    with at(FIVE - A_MINUTE):
        ticket.perform("answer", by=cast.penyedia, message="Versi 4.5.")
        ticket.perform("resolve", by=cast.helpdesk, message="Sudah diperbaiki.")
    again = FIVE - A_MINUTE

    passes(FIVE, SEVEN, again + timedelta(days=3))

    assert acts(ticket) == [("remind", THREE), ("remind", again + timedelta(days=3))]


@pytest.mark.parametrize(
    "place",
    [
        *(("new", 1, 0), ("in_progress", 1, 0), ("closed", 1, 0)),
        *(("awaiting_feedback", 2, 1), ("awaiting_feedback", 3, 2), ("awaiting_feedback", 4, 3)),
    ],
)
def test_whatever_waits_for_officers_is_left_alone(cast, place):
    ticket = waiting(cast, *place)

    done = passes(SEVEN, SEVEN + timedelta(days=60))

    assert done == [(0, 0, 0)] * 2
    assert acts(ticket) == []
    with pytest.raises(Refused):
        ticket.perform("close_silent", by=User.objects.system())


def test_time_itself_cannot_act_too_early(cast):
    ticket = waiting(cast)

    for action in ("remind", "close_silent"):
        with at(THREE - A_MINUTE), pytest.raises(Refused):
            ticket.perform(action, by=User.objects.system())

    assert acts(ticket) == []


@pytest.mark.parametrize("action", ["remind", "close_silent"])
def test_nobody_but_the_system_reminds_or_closes_so(cast, action):
    ticket = waiting(cast)
    people = [cast.penyedia, cast.helpdesk, make_user("", is_staff=True, is_superuser=True)]

    for user in people:
        with at(SEVEN), pytest.raises(Refused):
            ticket.perform(action, by=user)

    assert acts(ticket) == []


def test_other_limits_of_an_administrator_hold(cast, settings):
    settings.REMINDER_DAYS, settings.CLOSE_AFTER_DAYS, settings.REOPEN_WITHIN_DAYS = [1], 2, 1
    ticket = waiting(cast)

    passes(MONDAY + timedelta(days=1), MONDAY + timedelta(days=2))

    assert [action for action, _ in acts(ticket)] == ["remind", "close_silent"]
    assert fresh(ticket).reopen_until == MONDAY + timedelta(days=3)


# After the portal was down


def test_after_a_long_standstill_it_reminds_once_and_closes_a_working_day_later(cast):
    ticket = waiting(cast)
    back = datetime(2026, 12, 4, 7, 0, tzinfo=WIB)  # a Friday, thirteen working days later
    monday = back + timedelta(days=3)

    done = passes(back, back + A_MINUTE, monday - A_MINUTE, monday)

    assert done == [(1, 0, 0), (0, 0, 0), (0, 0, 0), (0, 1, 0)]
    assert acts(ticket) == [("remind", back), ("close_silent", monday)]


def test_a_reminder_that_came_late_keeps_the_next_one_a_working_day_away(cast):
    ticket = waiting(cast)
    back = FIVE - A_MINUTE
    tuesday = back + timedelta(days=1)

    passes(back, FIVE, tuesday - A_MINUTE, tuesday)

    assert acts(ticket) == [("remind", back), ("remind", tuesday)]


def test_the_page_never_names_a_moment_that_is_over(cast):
    ticket = waiting(cast)
    back = SEVEN + timedelta(days=5)  # a Monday
    passes(back)

    with at(back):
        assert ticket.closes_at == back + timedelta(days=1)
    with at(MONDAY):
        assert ticket.closes_at == back + timedelta(days=1)
    assert waiting(cast, "in_progress").closes_at is None


def test_before_any_reminder_went_out_the_closing_moves_on_with_the_clock(cast):
    ticket = waiting(cast)

    with at(MONDAY):
        assert ticket.closes_at == SEVEN
    with at(SEVEN):
        assert ticket.closes_at == SEVEN + timedelta(days=1)


# What a reminder leaves as it was


@pytest.mark.parametrize("place", WAITING, ids=lambda place: place[0])
def test_a_reminder_moves_nothing(cast, place):
    ticket = waiting(cast, *place)
    before = Ticket.objects.filter(pk=ticket.pk).values().get()

    passes(THREE)

    assert Ticket.objects.filter(pk=ticket.pk).values().get() == before


def test_a_form_that_was_open_before_a_reminder_is_still_good(cast):
    ticket = waiting(cast, "awaiting_feedback")
    seen = ticket.last_event
    passes(THREE)

    with at(THREE):
        ticket.perform("answer", by=cast.penyedia, message="Versi 4.5.", seen=seen)

    assert fresh(ticket).status == "in_progress"


def test_a_form_that_was_open_before_the_closing_is_refused(cast):
    ticket = waiting(cast, "awaiting_feedback")
    seen = ticket.last_event
    passes(THREE, FIVE, SEVEN)

    with at(SEVEN), pytest.raises(Refused):
        ticket.perform("answer", by=cast.penyedia, message="Versi 4.5.", seen=seen)
    with at(SEVEN), pytest.raises(Stale):
        ticket.perform("reopen", by=cast.penyedia, message="Versi 4.5.", seen=seen)


def test_a_handing_over_does_not_begin_the_silence_anew(cast):
    ticket = waiting(cast)
    colleague = make_user(Role.LPSE_L1, cast.lpse)
    with at(THREE):
        ticket.perform(
            "reassign", by=cast.admin_sistem, officer=colleague, message="Petugas sedang cuti."
        )

    passes(THREE, FIVE, SEVEN)

    assert [action for action, _ in acts(ticket)] == ["remind", "remind", "close_silent"]


# Closing


def test_closing_wipes_data_server(cast):
    closed(cast, level=3)

    assert not ServerAccess.objects.exists()


def test_the_reporter_may_rate_what_the_system_closed(cast):
    ticket = closed(cast, status="awaiting_feedback")

    with at(SEVEN):
        ticket.perform("rate", by=cast.penyedia, stars=4)
        assert status_word(fresh(ticket), cast.penyedia).label == (
            "Selesai – Ditutup oleh sistem, Sudah Dinilai"
        )


def test_the_database_keeps_the_mark_to_closed_tickets(cast):
    ticket = waiting(cast)

    with pytest.raises(IntegrityError), transaction.atomic():
        Ticket.objects.filter(pk=ticket.pk).update(reopen_until=SEVEN)


# Buka Kembali


@pytest.mark.parametrize("place", WAITING, ids=lambda place: place[0])
def test_the_reporter_reopens_within_seven_working_days(cast, place):
    ticket = closed(cast, status=place[0])
    last = datetime(2026, 12, 4, 9, 30, tzinfo=WIB)

    event = reopen(ticket, cast.penyedia, last)

    assert (event.message, event.audience) == ("Masih gagal.", "everyone")
    again = fresh(ticket)
    assert (again.status, again.officer) == ("in_progress", cast.helpdesk)
    assert (again.closed_at, again.reopen_until, again.feedback_from) == (None, None, None)
    assert again.updated_at == last


def test_it_is_too_late_a_moment_after(cast):
    ticket = closed(cast)

    with pytest.raises(Refused):
        reopen(ticket, cast.penyedia, ticket.reopen_until + A_MINUTE)


def test_it_goes_to_the_pool_when_its_officer_has_left(cast):
    ticket = closed(cast, level=2)
    cast.admin_sistem.is_active = False
    cast.admin_sistem.save()

    reopen(ticket, cast.penyedia, SEVEN)

    again = fresh(ticket)
    assert (again.status, again.level, again.officer) == ("new", 2, None)


def test_nobody_else_reopens_and_only_with_a_message(cast):
    ticket = closed(cast)

    for user in (cast.ppk, cast.helpdesk, Cast().penyedia, User.objects.system()):
        with pytest.raises(Refused):
            reopen(ticket, user, SEVEN)
    with pytest.raises(ValidationError):
        reopen(ticket, cast.penyedia, SEVEN, message=" ")


def test_what_the_reporter_closed_themselves_stays_closed(cast):
    with at(MONDAY):
        ticket = ticket_at(cast, "closed")

    with pytest.raises(Refused):
        reopen(ticket, cast.penyedia, MONDAY)


def test_a_rating_stays_when_it_is_reopened_and_there_is_no_second_one(cast):
    ticket = closed(cast)
    with at(SEVEN):
        ticket.perform("rate", by=cast.penyedia, stars=2, suggestion="Lama.")
        reopen(ticket, cast.penyedia, SEVEN)
        ticket.perform("resolve", by=cast.helpdesk, message="Sekarang beres.")
        ticket.perform("accept", by=cast.penyedia)

        with pytest.raises(Refused):
            ticket.perform("rate", by=cast.penyedia, stars=5)

    assert fresh(ticket).rating.stars == 2
    assert not fresh(ticket).is_closed_by_system


def test_after_ok_selesai_of_a_rated_ticket_its_page_follows_and_no_second_rating(cast):
    ticket = closed(cast)
    with at(SEVEN):
        ticket.perform("rate", by=cast.penyedia, stars=5)
        reopen(ticket, cast.penyedia, SEVEN)
        event = ticket.perform("resolve", by=cast.helpdesk, message="Sekarang beres.")
    fields = {
        "key": "6f0f3a1e-7f0e-4a0e-9a54-9d2a1f7f0c11",
        "seen": event.pk,
        "outcome": "accept",
        "konfirmasi": "ya",
    }

    page = signed_in(cast.penyedia).post(f"{ticket.get_absolute_url()}review/", fields)

    assert page.url == ticket.get_absolute_url()


# The pass


def test_two_passes_at_once_do_nothing_twice(transactional_db):
    cast = Cast()
    tickets = [waiting(cast, status) for status, *_ in WAITING]

    for moment in (THREE, FIVE, SEVEN):
        with at(moment):
            results = at_once([reminding.act] * 4)
            outbox.deliver()
        assert [sum(counts) for counts in zip(*results, strict=True)] == (
            [0, 2, 0] if moment == SEVEN else [2, 0, 0]
        )

    for ticket in tickets:
        assert [action for action, _ in acts(ticket)] == ["remind", "remind", "close_silent"]
    with at(SEVEN):
        assert list(proof.faults()) == []


def test_a_ticket_that_was_answered_meanwhile_is_left_alone(cast):
    answered, silent = waiting(cast, "awaiting_feedback"), waiting(cast)
    with at(THREE):
        found = reminding.due(THREE)
        first, action = next(found)
        answered.perform("answer", by=cast.penyedia, message="Versi 4.5.")

        with pytest.raises(Refused):
            first.perform(action, by=User.objects.system())

    assert first == answered
    assert [ticket for ticket, _ in found] == [silent]


def test_a_pass_that_was_killed_is_finished_by_the_next(cast):
    first, second = waiting(cast), waiting(cast)
    with at(THREE):
        ticket, action = next(reminding.due(THREE))
        ticket.perform(action, by=User.objects.system())

    done = passes(THREE)

    assert done == [(1, 0, 0)]
    assert acts(first) == acts(second) == [("remind", THREE)]


def test_an_error_of_one_ticket_stops_no_other_and_the_command_says_so(cast, caplog):
    broken, other = waiting(cast), waiting(cast)
    with connection.cursor() as cursor:
        cursor.execute(f"""
            CREATE FUNCTION pg_temp.breaks() RETURNS trigger LANGUAGE plpgsql AS
              $$ BEGIN RAISE EXCEPTION 'a broken row'; END $$;
            CREATE TRIGGER breaks BEFORE INSERT ON tickets_event
              FOR EACH ROW WHEN (NEW.ticket_id = {broken.pk} AND NEW.action = 'remind')
              EXECUTE FUNCTION pg_temp.breaks()
        """)

    with at(THREE), pytest.raises(CommandError, match="1 tickets failed"):
        call_command("act_on_silence", stdout=StringIO())

    assert (acts(broken), acts(other)) == ([], [("remind", THREE)])
    assert f"remind of ticket {broken.pk} failed" in caplog.text


def test_the_command_says_what_it_did(cast):
    waiting(cast)
    said = StringIO()

    with at(THREE):
        call_command("act_on_silence", stdout=said)

    assert said.getvalue() == "1 reminded, 0 closed.\n"


@pytest.mark.parametrize("number", [1, 3])
def test_looking_for_what_is_due_takes_the_same_queries_for_every_batch(cast, number):
    for _ in range(number):
        waiting(cast)

    with CaptureQueriesContext(connection) as queries:
        found = list(reminding.due(SEVEN))

    assert len(found) == number
    assert len(queries) == 3  # the batch, its days off, and that there is no second batch


def test_every_batch_is_looked_through_once(cast, monkeypatch):
    monkeypatch.setattr(reminding, "AT_A_TIME", 2)
    tickets = [waiting(cast) for _ in range(5)]

    found = [ticket for ticket, _ in reminding.due(SEVEN)]

    assert found == tickets


def test_what_is_silent_is_found_by_its_own_index(cast):
    waiting(cast)

    with transaction.atomic(), connection.cursor() as cursor:
        # of an almost empty table every index is as good: only this one has them in their order
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off")
        cursor.execute("SET LOCAL enable_bitmapscan = off")
        plan = Ticket.objects.silent_since(SEVEN)[:500].explain()

    assert "ticket_silent" in plan


# The proof


def test_the_history_proves_clean_through_all_of_it(cast):
    ticket = closed(cast)
    reopen(ticket, cast.penyedia, SEVEN)
    closed(Cast(), status="awaiting_feedback")

    with at(SEVEN):
        assert list(proof.faults()) == []


@pytest.mark.parametrize(
    "forged", [{"reopen_until": None}, {"reopen_until": SEVEN, "closed_at": SEVEN}]
)
def test_a_forged_mark_is_found(cast, forged):
    ticket = closed(cast)
    if forged["reopen_until"]:
        with at(SEVEN):
            ticket = ticket_at(cast, "closed")
    Ticket.objects.filter(pk=ticket.pk).update(**forged)

    with at(SEVEN):
        faults = list(map(str, proof.faults()))

    assert faults == [f"altered: {ticket}: closed by somebody else than its events tell"]


# What people read


def test_the_reporter_reads_when_it_will_be_closed_and_officers_too(cast):
    ticket = waiting(cast, "awaiting_feedback")

    with at(THREE):
        pages = [
            signed_in(cast.penyedia).get(ticket.get_absolute_url()).text,
            signed_in(cast.penyedia).get(f"{ticket.get_absolute_url()}feedback/").text,
            signed_in(cast.helpdesk).get(ticket.get_absolute_url()).text,
        ]

    for page in pages:
        text = page.replace("\N{NO-BREAK SPACE}", " ")
        assert "Akan ditutup otomatis pada" in text
        assert "25 November 2026 09.30 WIB" in text


def test_everybody_reads_that_the_reporter_was_reminded_and_by_whom(cast):
    ticket = waiting(cast)
    passes(THREE)

    for user in (cast.penyedia, cast.helpdesk):
        with at(THREE):
            page = signed_in(user).get(ticket.get_absolute_url()).text
        assert "<b>Sistem</b> mengingatkan Pelapor" in page
        assert "Pelapor diingatkan" in page


def test_the_mark_stands_on_page_list_export_and_look_up(cast):
    ticket = closed(cast)
    mark = "Selesai – Ditutup oleh sistem"
    reporter, helpdesk = signed_in(cast.penyedia), signed_in(cast.helpdesk)

    with at(SEVEN):
        pages = [
            *(client.get(ticket.get_absolute_url()).text for client in (reporter, helpdesk)),
            *(client.get("/tiket/daftar/").text for client in (reporter, helpdesk)),
            reporter.get("/tiket/daftar.csv").getvalue().decode(),
            Client().get(f"/lacak-tiket/{ticket}/").text,
        ]

    assert [mark in page for page in pages] == [True] * 6
    assert pages[-1].count(mark) == 2  # where it stands, and its history
    assert "Sistem" not in Client().get(f"/lacak-tiket/{ticket}/").text


def test_the_public_history_tells_the_reopening_without_a_word_of_it(cast):
    ticket = closed(cast)
    reopen(ticket, cast.penyedia, SEVEN, message="Rahasia perusahaan.")

    page = Client().get(f"/lacak-tiket/{ticket}/").text

    assert "Selesai – Ditutup oleh sistem" in page
    assert page.count("Diproses Helpdesk LPSE") == 3  # now, after the taking, after the reopening
    assert "Rahasia" not in page


def test_lists_ask_no_more_for_tickets_that_the_system_closed(cast):
    client = signed_in(cast.penyedia)
    counts = []
    for number in (1, 2):
        for _ in range(number):
            closed(cast)
        with at(SEVEN), CaptureQueriesContext(connection) as queries:
            page = client.get("/tiket/daftar/")
        assert page.text.count("/buka-kembali/#form") == (1 if number == 1 else 3)
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_the_reporter_reopens_on_the_page(cast):
    ticket = closed(cast)
    client = signed_in(cast.penyedia)
    url = f"{ticket.get_absolute_url()}buka-kembali/"

    with at(SEVEN):
        shown = client.get(url)
        form = shown.context["form"]
        fields = {"key": form["key"].value(), "seen": form["seen"].value(), "message": "Masih."}
        asked = client.post(url, fields)
        done = client.post(url, fields | {"konfirmasi": "ya"}, follow=True)

    assert "Pesan terakhir petugas" in shown.text
    assert f"Buka kembali tiket {ticket}?" in asked.text
    assert f"Tiket {ticket} dibuka kembali. Petugas membaca pesan Anda." in done.text
    assert fresh(ticket).status == "in_progress"


def test_the_page_of_what_cannot_be_reopened_any_more_says_so(cast):
    ticket = closed(cast)

    with at(ticket.reopen_until + A_MINUTE):
        pages = [
            signed_in(user).get(ticket.get_absolute_url()).text
            for user in (cast.penyedia, cast.helpdesk)
        ]
        late = signed_in(cast.penyedia).get(f"{ticket.get_absolute_url()}buka-kembali/")

    for page in pages:
        assert "Batas waktu untuk membukanya kembali sudah lewat." in page
        assert "/buka-kembali/" not in page
    assert ["buat tiket baru" in page for page in pages] == [True, False]
    assert late.status_code == 409


def test_officers_read_how_long_the_reporter_can_reopen_it(cast):
    ticket = closed(cast)

    with at(SEVEN):
        page = signed_in(cast.helpdesk).get(ticket.get_absolute_url()).text

    text = page.replace("\N{NO-BREAK SPACE}", " ")
    assert "Pelapor dapat membukanya kembali paling lambat" in text
    assert "4 Desember 2026 09.30 WIB" in text


def test_a_reopened_ticket_waits_in_the_pool_since_its_reopening(cast):
    """What 'Waktu ambil' is counted from (docs/adr/0013)."""
    ticket = closed(cast)
    cast.helpdesk.is_active = False
    cast.helpdesk.save()
    reopen(ticket, cast.penyedia, SEVEN)
    colleague = make_user(Role.LPSE_L1, cast.lpse)

    with at(SEVEN + timedelta(hours=2)):
        ticket.perform("take", by=colleague, classification=classification())

    take = Event.objects.filter(actor=colleague).with_beginning().get()
    assert take.began_at == SEVEN
