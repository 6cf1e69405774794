"""What is kept how long, and what goes then (domain.md part 5; UU 27/2022)."""

import io
import os
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from unittest.mock import patch

import pytest
from django.contrib.sessions.models import Session
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.http import QueryDict
from django.test import Client
from django.utils import timezone

from accounts.models import HandoffToken, RateCount, User
from accounts.roles import Role
from accounts.security_log import Kind, SecurityEntry
from dashboard import figures
from dashboard.period import PeriodForm
from tests.cast import Cast, classification, fill_reference_lists, send_ticket, ticket_at
from tests.factories import make_user
from tests.tickets.test_files import draft
from tests.tickets.test_history import found, no_guards, run
from tickets.chain import REMOVED
from tickets.keeping import retention
from tickets.models import Attachment, Event, LookupFailure, Notice, Rating, ServerAccess, Ticket

pytestmark = pytest.mark.django_db

SECOND = timedelta(seconds=1)
EVERYTHING = "Tickets: texts, files, reporter"
FILES, SEALED = "Tickets with files", "Tickets with .rhs"


@pytest.fixture
def closed(cast):
    """Closed and rated, with words, numbers, a picture's name and a sealed bid in it."""
    cast.penyedia.identity_number = "0123456789012345"
    ticket = send_ticket(
        cast.penyedia,
        title="CV. Ratna tidak bisa login",
        package_code="8214260",
        error_code="1A2B3C",
        files=[draft(cast.penyedia, "ktp-ratna.txt"), draft(cast.penyedia, "ratna.rhs", b"rhs")],
        ip="192.0.2.7",
    )
    ticket.perform("take", by=cast.helpdesk, classification=classification())
    ticket.perform("download_sealed_file", by=cast.helpdesk, name="ratna.rhs")
    ticket.perform("resolve", by=cast.helpdesk, message="Ibu Ratna, sudah.")
    ticket.perform("accept", by=cast.penyedia, message="Terima kasih.")
    ticket.perform("rate", by=cast.penyedia, stars=2, suggestion="Saya Ratna, lambat.")
    return Ticket.objects.get(pk=ticket.pk)


def due(now):
    """{label: how many would go}, of the kinds of which anything would."""
    return {kind.label: number for kind, number, _ in retention.report(now) if number}


def gone(now):
    """{label: how many went}, likewise."""
    return {kind.label: number for kind, number in retention.apply(now) if number}


def after(ticket, days):
    return ticket.closed_at + timedelta(days=days)


# When


@pytest.mark.parametrize(("label", "days"), [(SEALED, 90), (FILES, 732), (EVERYTHING, 1827)])
def test_what_is_left_of_a_closed_ticket_goes_at_its_time_and_not_a_second_earlier(
    closed, label, days
):
    assert label not in due(after(closed, days) - SECOND)
    assert due(after(closed, days))[label] == 1
    assert label in gone(after(closed, days))


def test_a_ticket_that_is_not_closed_stays_however_old(cast):
    for status in ("new", "in_progress", "awaiting_feedback", "awaiting_review"):
        ticket_at(cast, status, files=[draft(cast.penyedia, "penawaran.rhs", b"rhs")])
    before = list(Event.objects.order_by("pk").values())

    assert gone(timezone.now() + timedelta(days=36_500)) == {}
    assert list(Event.objects.order_by("pk").values()) == before


def test_a_shorter_time_may_be_set(closed, settings):
    settings.RETENTION = settings.RETENTION | {"attachment": 10, "sealed_file": 10}

    assert due(after(closed, 10)) == {FILES: 1, SEALED: 1}


def test_data_server_of_an_open_ticket_goes_after_thirty_days(cast):
    ticket = ticket_at(cast, "in_progress", 3)
    typed = ServerAccess.objects.get().created_at

    assert gone(typed + timedelta(days=30) - SECOND) == {}
    assert gone(typed + timedelta(days=30)) == {"Data Server": 1}

    assert not ServerAccess.objects.exists()
    event = ticket.events.last()
    assert (event.action, event.actor) == ("expire_server_access", User.objects.system())
    assert found() == []
    officer, reporter = Client(), Client()
    officer.force_login(cast.lkpp1)
    reporter.force_login(cast.penyedia)
    said = "menghapus Data Server karena batas waktunya habis"
    assert said in officer.get(ticket.get_absolute_url()).text
    assert said not in reporter.get(ticket.get_absolute_url()).text
    assert officer.get(f"{ticket.get_absolute_url()}data-server/").status_code == 404


# What goes


def test_after_ninety_days_the_sealed_bid_alone_goes(closed):
    sealed = Attachment.objects.get(name="ratna.rhs")

    assert gone(after(closed, 90)) == {SEALED: 1}

    names = Attachment.objects.order_by("pk").values_list("name", flat=True)
    assert list(names) == ["ktp-ratna.txt", f"{REMOVED}.rhs"]
    assert Event.objects.get(action="download_sealed_file").detail == {"file": REMOVED}
    assert sealed.sha256 == Attachment.objects.get(pk=sealed.pk).sha256


def test_the_bytes_go_once_it_is_sure(closed, django_capture_on_commit_callbacks):
    path = Attachment.objects.get(name="ktp-ratna.txt").path

    with django_capture_on_commit_callbacks() as acts:
        gone(after(closed, 732))
    assert default_storage.exists(path)
    for act in acts:
        act()

    assert not default_storage.exists(path)


def test_after_five_years_nothing_tells_who_sent_it(closed, cast):
    gone(after(closed, 1827))

    closed = Ticket.objects.get(pk=closed.pk)
    assert closed.reporter == User.objects.anonymous()
    assert closed.title == closed.identity_number == closed.package_code == REMOVED
    kept = str([list(model.objects.values()) for model in (Event, Ticket, Attachment, Rating)])
    for word in ("atna", "0123456789012345", "8214260", "1A2B3C", "192.0.2.7", "Terima kasih"):
        assert word not in kept
    acts = closed.events.filter(action__in=["send", "accept", "rate"])
    assert set(acts.values_list("actor__username", "ip", "key")) == {("@anonim", None, None)}
    assert not Ticket.objects.visible_to(cast.penyedia).exists()


def test_the_history_holds_and_says_that_the_rule_removed_it(closed):
    before = list(closed.events.order_by("pk").values_list("pk", "position", "hash"))

    gone(after(closed, 1827))

    events = list(closed.events.order_by("pk"))
    assert [(e.pk, e.position, e.hash) for e in events[:-1]] == before
    assert (events[-1].action, events[-1].actor) == ("redact", User.objects.system())
    assert events[-1].detail["ordered_by"] == "Aturan retensi"
    assert found(files=True) == []


def test_officers_still_read_what_is_left(closed, cast):
    gone(after(closed, 1827))
    officer = Client()
    officer.force_login(cast.helpdesk)

    page = officer.get(closed.get_absolute_url())

    assert page.status_code == 200
    assert "Pelapor (dianonimkan)" in page.text
    assert "Ratna" not in page.text


def test_who_sent_an_anonymised_ticket_cannot_be_found_by_trying(closed, cast):
    """The hash of its first event was made of the account too, and there are few accounts: but also
    of the form's key, which nobody can try."""
    gone(after(closed, 1827))

    first = closed.events.get(action="send")

    assert first.key is None
    assert str(cast.penyedia.pk) not in first.detail.values()
    order = closed.events.get(action="redact")
    assert set(order.detail) == {"ordered_by", "removed", "stubs"}


# Nothing else goes, and nobody else may


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE tickets_event SET actor_id = (SELECT min(id) FROM accounts_user)",
        "UPDATE tickets_event SET ip = NULL, key = NULL",
        "UPDATE tickets_ticket SET reporter_id = officer_id",
    ],
)
def test_a_person_is_not_taken_out_without_an_order(closed, sql):
    User.objects.anonymous()

    with pytest.raises(DatabaseError, match=r"append-only|never changes"), transaction.atomic():
        run(sql)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE tickets_event SET ip = '192.0.2.9' WHERE action = 'send'",
        "UPDATE tickets_event SET to_level = 2 WHERE action = 'accept'",
        "UPDATE tickets_event SET at = at - interval '1 day' WHERE action = 'accept'",
        "UPDATE tickets_event SET actor_id = (SELECT max(officer_id) FROM tickets_ticket)",
        "UPDATE tickets_rating SET stars = 5",
    ],
)
def test_what_is_altered_in_an_anonymised_ticket_is_named(closed, sql):
    gone(after(closed, 1827))
    with no_guards():
        run(sql)

    assert found() != []


def test_administrators_do_not_take_the_person_out(closed):
    power = make_user(is_staff=True, is_superuser=True)
    said = {"ordered_by": "Pengadilan", "message": "Putusan 1"}

    with pytest.raises(Exception, match="Pilih isi yang dihapus"):
        closed.perform("redact", by=power, pieces=retention._everything(closed), **said)


# Figures


def test_no_figure_of_the_dashboards_changes(closed, cast):
    other = ticket_at(cast, "closed", 2, reporter=cast.ppk)
    ticket_at(cast, "in_progress", 1)
    before = all_figures(cast)

    went = gone(after(other, 1827))

    assert went[EVERYTHING] == 2
    assert (before[2]["solved"], before[2]["rated"], before[2]["stars"]) == (1, 1, 2)
    assert all_figures(cast) == before


def all_figures(cast):
    """What the dashboards of two officers show, of tickets, officers and offices."""
    shown = []
    for officer in (cast.helpdesk, cast.admin_sistem):
        period = PeriodForm(QueryDict(""), user=officer)
        measured, whole = figures.measures(officer, period)
        officers = figures.officers(officer, measured)
        groups = figures.groups(officer, period, figures.GROUPS)
        shown += [{name: sorted(group) for name, group in groups.items()}, officers, whole]
        shown.append(list(figures.offices(officer, period)))
    return shown


# The command


def test_a_dry_run_prints_what_would_go_and_changes_nothing(closed):
    of_long_ago(closed)
    before = [list(model.objects.values()) for model in (Ticket, Event, Attachment, User)]
    said = io.StringIO()

    call_command("apply_retention", "--dry-run", stdout=said)

    assert said.getvalue().splitlines()[:4] == [
        "     due  oldest      kept for   what",
        "       1  2019-05-01  1827 days  Tickets: texts, files, reporter",
        "       1  2019-05-01  732 days   Tickets with files",
        "       1  2019-05-01  90 days    Tickets with .rhs",
    ]
    assert said.getvalue().endswith("Nothing was changed.\n")
    assert [list(model.objects.values()) for model in (Ticket, Event, Attachment, User)] == before


def test_a_second_run_finds_nothing_more_to_do(closed):
    of_long_ago(closed)
    call_command("apply_retention", stdout=io.StringIO())
    before = Event.objects.count()

    call_command("apply_retention", stdout=io.StringIO())

    assert Event.objects.count() == before
    assert due(timezone.now()) == {}


def test_a_clock_that_jumped_ahead_removes_nothing(closed):
    later = timezone.now() + timedelta(days=4000)

    with (
        patch("django.utils.timezone.now", return_value=later),
        pytest.raises(CommandError, match=r"nothing was removed\. If the clock is right: --sure"),
    ):
        call_command("apply_retention", stdout=io.StringIO())

    assert Ticket.objects.get(pk=closed.pk).reporter == closed.reporter


def test_the_applications_account_may_do_it(closed):
    ticket_at(Cast(closed.lpse), "in_progress", 3)
    run("SET CONSTRAINTS ALL IMMEDIATE")
    run("CREATE ROLE portal_uji")
    call_command("grant_app_role", "portal_uji", stdout=io.StringIO())
    run("SET ROLE portal_uji")

    went = gone(after(closed, 1828))

    assert (went[EVERYTHING], went["Data Server"]) == (1, 1)
    assert found() == []
    run("RESET ROLE")


def of_long_ago(*tickets):
    closed_at = datetime(2019, 5, 1, 5, tzinfo=UTC)
    Ticket.objects.filter(pk__in=[t.pk for t in tickets]).update(closed_at=closed_at)


@pytest.mark.django_db(transaction=True)
def test_a_run_that_was_killed_leaves_whole_tickets_and_the_next_one_goes_on():
    fill_reference_lists()
    cast = Cast()
    first, second, third = (ticket_at(cast, "closed") for _ in range(3))
    of_long_ago(first, second, third)
    with transaction.atomic():
        Ticket.objects.select_for_update().get(pk=second.pk)
        killed = start_in_a_process_of_its_own()
        wait_until_it_waits()
        killed.kill()
        killed.communicate()

    assert anonymised() == [first]
    assert found() == []
    call_command("apply_retention", stdout=io.StringIO())
    assert anonymised() == [first, second, third]
    assert Event.objects.filter(action="redact").count() == 3
    assert found() == []


def anonymised():
    return list(Ticket.objects.filter(reporter__username="@anonim").order_by("pk"))


def start_in_a_process_of_its_own():
    about = connection.settings_dict
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "helpdesk.settings",
        "DATABASE_URL": f"postgres://{about['USER']}@/{about['NAME']}?host={about['HOST']}",
    }
    command = [sys.executable, "manage.py", "apply_retention"]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE)


def wait_until_it_waits():
    """Until another connection stands before the lock that this one holds."""
    for _ in range(300):
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_locks WHERE NOT granted")
            if cursor.fetchone():
                return
        time.sleep(0.1)
    raise AssertionError("the other process never came to the lock")


# What is not of a ticket


@pytest.mark.parametrize(
    ("kind", "label", "days"),
    [
        (Kind.SIGN_IN, "Security log: sign-ins", 366),
        (Kind.SIGN_IN_FAILED, "Security log: sign-ins", 366),
        (Kind.EXPORT, "Security log: the rest", 1827),
    ],
)
def test_the_security_log_keeps_sign_ins_one_year_and_the_rest_five(kind, label, days):
    border = timezone.now() - timedelta(days=days)
    SecurityEntry.objects.create(kind=kind, at=border - SECOND)
    young = SecurityEntry.objects.create(kind=kind, at=border + timedelta(minutes=1))

    assert gone(timezone.now()) == {label: 1}
    assert list(SecurityEntry.objects.all()) == [young]


def test_what_counts_for_a_moment_goes_when_that_is_over(cast):
    now = timezone.now()
    for at in (now - timedelta(days=2), now + timedelta(days=2)):
        Session.objects.create(session_key=str(at), expire_date=at)
        RateCount.objects.create(key=str(at), count=1, ends_at=at)
        HandoffToken.objects.create(lpse=cast.lpse, token_id=str(at), expires_at=at)
        LookupFailure.objects.create(source=1, at=at)

    assert gone(now) == {
        "Used hand-off tokens": 1,
        "Ended sessions": 1,
        "Counts of limits": 1,
        "Failed look-ups": 1,
    }


def test_reporters_without_a_ticket_are_forgotten_like_their_tickets(cast, closed):
    long_ago = timezone.now() - timedelta(days=1828)
    here = make_user(Role.PPK, cast.lpse, date_joined=long_ago, last_login=timezone.now())
    away = make_user(Role.PPK, cast.lpse, name="Ratna", date_joined=long_ago, last_login=long_ago)
    User.objects.filter(pk=cast.penyedia.pk).update(date_joined=long_ago, last_login=long_ago)

    assert gone(timezone.now()) == {"Accounts without a ticket": 1}

    away.refresh_from_db()
    told = (away.name, away.email, away.subject, away.identity_number, away.username)
    assert told == ("", "", "", "", f"@{away.pk}")
    assert not away.is_active
    assert User.objects.filter(pk__in=[here.pk, cast.penyedia.pk], is_active=True).count() == 2
    assert gone(timezone.now()) == {}


def test_notices_go_after_ninety_days_and_those_that_still_wait_stay(cast):
    sent, waiting = (send_ticket(cast.penyedia) for _ in range(2))
    Notice.objects.about(sent).update(mail=Notice.Mail.SENT)
    day_90 = sent.created_at + timedelta(days=90)

    early = {kind.label: gone for kind, gone in retention.apply(day_90)}
    late = {kind.label: gone for kind, gone in retention.apply(day_90 + timedelta(seconds=9))}

    assert (early["Notices"], late["Notices"]) == (0, 2)
    assert {notice.event.ticket for notice in Notice.objects.all()} == {waiting}
