"""The outbox (R129): what is mailed to whom, when, and what becomes of it when mail fails."""

import re
import smtplib
from datetime import UTC, datetime, timedelta
from email.utils import parseaddr
from unittest.mock import patch

import pytest
from django.contrib.auth.models import Group
from django.core import mail
from django.core.management import call_command
from django.utils import timezone

from accounts.models import MailPreference, User, Zone
from accounts.roles import Role
from tests.cast import send_ticket, ticket_at
from tests.factories import make_lpse, make_user
from tickets import outbox, reminding
from tickets.models import Notice

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("R129")]
NPWP = "092542943407000"


def mails_to(person):
    return [message for message in mail.outbox if message.to == [person.email]]


def prefer(person, preference):
    User.objects.filter(pk=person.pk).update(mail_preference=preference)
    person.mail_preference = preference


@pytest.fixture
def notice(cast):
    """One mail that is due: of a ticket without a helpdesk."""
    send_ticket(cast.penyedia)
    return cast.penyedia.notices.get()


class Failing:
    """Django's mail connection as a server that answers with `error`; counts what it was given."""

    def __init__(self, error, at_opening=False):
        self.error, self.at_opening, self.tried = error, at_opening, 0

    def open(self):
        if self.at_opening:
            raise self.error

    def send_messages(self, messages):
        self.tried += 1
        raise self.error

    def close(self):
        pass


def server(monkeypatch, error, **kwargs):
    connection = Failing(error, **kwargs)
    monkeypatch.setattr(outbox, "get_connection", lambda **kwargs: connection)
    return connection


def test_a_mail_carries_the_number_and_a_link_and_nothing_of_the_ticket(cast, settings):
    settings.PORTAL_URL = "https://bantuan.example.go.id"
    ticket = ticket_at(
        cast,
        "closed",
        level=4,
        title="PT Rahasia tidak bisa login",
        message="Sandi saya kucing-77",
        identity_number=NPWP,
        package_code="7654321",
    )
    ticket.perform("rate", by=ticket.reporter, stars=1, suggestion="Lambat sekali")
    Notice.objects.update(read_at=None)

    outbox.deliver()

    whole = "\n".join(
        f"{message.subject}\n{message.body}\n{message.alternatives[0].content}"
        for message in mail.outbox
    )
    names = [cast.penyedia, *cast.officers.values()]
    secrets = ["PT Rahasia", "kucing-77", NPWP, "7654321", "Lambat", "rahasia-server-1"]
    assert len(mail.outbox) > 10
    assert not [word for word in [*secrets, *(each.name for each in names)] if word in whole]
    for message in mail.outbox:
        page = f"https://bantuan.example.go.id{ticket.get_absolute_url()}"
        assert message.subject.startswith(f"[LPSE Support] Tiket {ticket} ")
        assert page in message.body
        assert page in message.alternatives[0].content


def test_subjects_are_those_of_the_list_of_words(cast):
    ticket = ticket_at(cast, "awaiting_review", level=2)

    outbox.deliver()

    said = [message.subject.partition(f"{ticket} ")[2] for message in mails_to(cast.penyedia)]
    assert said == [
        "diterima",
        "sedang diproses",
        "diteruskan ke Admin Sistem LPSE",
        "sedang diproses",
        "menunggu review Anda",
    ]


def test_each_mail_goes_out_once(notice):
    first, second = outbox.deliver(), outbox.deliver()

    assert (first, second) == (1, 0)
    assert Notice.objects.get().mail == Notice.Mail.SENT


def test_an_office_is_told_of_a_new_ticket_each_officer_apart(cast):
    colleague, elsewhere = make_user(Role.LPSE_L1, cast.lpse), make_user(Role.LPSE_L1)
    _ = cast.helpdesk

    send_ticket(cast.penyedia)
    outbox.deliver()

    assert len(mails_to(cast.helpdesk)) == len(mails_to(colleague)) == 1
    assert mails_to(elsewhere) == []


def test_who_wants_none_gets_none_and_still_reads_it_in_the_portal(cast):
    prefer(cast.penyedia, MailPreference.NEVER)

    send_ticket(cast.penyedia)

    assert outbox.deliver() == 0
    assert cast.penyedia.notices.unread().count() == 1


def test_a_preference_counts_also_for_what_was_due_before(notice, cast):
    prefer(cast.penyedia, MailPreference.NEVER)

    assert outbox.deliver() == 0


def test_who_has_no_address_gets_none(cast):
    User.objects.filter(pk=cast.penyedia.pk).update(email="")
    cast.penyedia.email = ""

    send_ticket(cast.penyedia)

    assert outbox.deliver() == 0


@pytest.mark.parametrize(
    "change", [{"is_active": False}, {"role": Role.LPSE_L2}], ids=["left", "promoted"]
)
def test_who_may_no_longer_see_the_ticket_gets_no_mail(cast, change):
    ticket_at(cast, "awaiting_review")
    ticket = ticket_at(cast, "in_progress")
    outbox.deliver()
    mail.outbox.clear()
    ticket.perform("reassign", by=cast.admin_sistem, message="Cuti.", officer=make_user(
        Role.LPSE_L1, cast.lpse
    ))  # fmt: skip
    User.objects.filter(pk=cast.helpdesk.pk).update(**change)

    outbox.deliver()

    assert mails_to(cast.helpdesk) == []


def test_what_was_read_meanwhile_is_not_mailed_but_for_the_receipt(cast):
    ticket = ticket_at(cast, "awaiting_feedback")
    cast.penyedia.notices.read()

    outbox.deliver()

    assert [message.subject for message in mails_to(cast.penyedia)] == [
        f"[LPSE Support] Tiket {ticket} diterima"
    ]


# Once a day


@pytest.mark.parametrize(("zone", "hour"), [(Zone.WIB, 0), (Zone.WITA, 23), (Zone.WIT, 22)])
def test_the_digest_goes_out_at_seven_of_the_persons_own_zone(zone, hour):
    reporter = make_user(Role.PENYEDIA, make_lpse(zone=zone), mail_preference="harian")

    send_ticket(reporter)

    due = reporter.notices.get().due_at.astimezone(UTC)
    assert (due.hour, due.minute) == (hour, 0)
    assert timedelta() < due - timezone.now() <= timedelta(days=1)


def test_one_digest_tells_all_that_is_unread(cast):
    prefer(cast.penyedia, MailPreference.DAILY)
    one, two, read = (send_ticket(cast.penyedia) for _ in range(3))
    cast.penyedia.notices.about(read).read()

    before = outbox.deliver()
    outbox.deliver(timezone.now() + timedelta(days=1))
    again = outbox.deliver(timezone.now() + timedelta(days=2))

    [message] = mails_to(cast.penyedia)
    assert (before, again) == (0, 0)
    assert message.subject == "[LPSE Support] 2 kabar tiket"
    assert [str(ticket) in message.body for ticket in (one, two, read)] == [True, True, False]


def test_a_digest_leaves_out_what_is_out_of_sight_and_tells_the_rest(cast):
    prefer(cast.helpdesk, MailPreference.DAILY)
    gone = ticket_at(cast, "awaiting_review")
    gone.perform("reject", by=cast.penyedia, message="Masih sama.")
    seen = ticket_at(cast, "awaiting_review", level=2)
    seen.perform("accept", by=cast.penyedia)
    User.objects.filter(pk=cast.helpdesk.pk).update(role=Role.LPSE_L2)

    outbox.deliver(timezone.now() + timedelta(days=1))

    [message] = mails_to(cast.helpdesk)
    assert [str(ticket) in message.body for ticket in (gone, seen)] == [False, True]


def test_a_day_whose_news_were_read_brings_no_digest(cast):
    prefer(cast.penyedia, MailPreference.DAILY)
    send_ticket(cast.penyedia)
    cast.penyedia.notices.read()

    assert outbox.deliver(timezone.now() + timedelta(days=1)) == 0
    assert cast.penyedia.notices.get().mail == Notice.Mail.NONE


# When mail fails


@pytest.mark.parametrize(
    "error", [ConnectionRefusedError(), TimeoutError(), smtplib.SMTPServerDisconnected("bye")]
)
def test_a_server_that_is_away_costs_no_notice_an_attempt(notice, monkeypatch, error):
    server(monkeypatch, error, at_opening=True)

    with pytest.raises(outbox.MailServerDown):
        outbox.deliver()
    monkeypatch.undo()

    notice.refresh_from_db()
    assert (notice.mail, notice.attempts) == (Notice.Mail.DUE, 0)
    assert outbox.deliver() == 1


def test_a_refusal_for_now_is_tried_again_later_and_later(notice, monkeypatch):
    connection = server(monkeypatch, smtplib.SMTPDataError(451, b"greylisted"))
    waits, now = [], timezone.now()

    while notice.mail == Notice.Mail.DUE:
        outbox.deliver(now)
        notice.refresh_from_db()
        waits.append(notice.due_at - now)
        now = notice.due_at
    outbox.deliver(now + timedelta(days=9))

    minutes = [wait / timedelta(minutes=1) for wait in waits]
    assert minutes[:7] == [1, 4, 16, 64, 256, 360, 360]
    assert timedelta(days=4) < sum(waits[:-1], timedelta()) < timedelta(days=5)
    assert notice.mail == Notice.Mail.DEAD
    assert connection.tried == outbox.ATTEMPTS


@pytest.mark.parametrize(
    "error",
    [
        smtplib.SMTPSenderRefused(550, b"not from here", "lpse-support@localhost"),
        smtplib.SMTPDataError(421, b"closing"),
        smtplib.SMTPRecipientsRefused({"a@contoh.example.id": (421, b"closing")}),
    ],
    ids=lambda error: type(error).__name__,
)
def test_a_server_that_takes_nothing_costs_no_notice_an_attempt(notice, monkeypatch, error):
    server(monkeypatch, error)
    now = timezone.now()

    with pytest.raises(outbox.MailServerDown):
        outbox.deliver(now)

    notice.refresh_from_db()
    assert (notice.mail, notice.attempts, notice.due_at) == (Notice.Mail.DUE, 0, now)


@pytest.mark.parametrize("code", [452, 552, 554])
def test_another_refusal_of_an_address_is_tried_again(notice, monkeypatch, cast, code):
    server(monkeypatch, smtplib.SMTPRecipientsRefused({cast.penyedia.email: (code, b"no")}))

    outbox.deliver()

    notice.refresh_from_db()
    assert (notice.mail, notice.attempts) == (Notice.Mail.DUE, 1)


def test_a_mail_on_its_way_is_nobody_elses_until_its_lease_ends(notice, monkeypatch):
    """As when a worker is killed while the mail server thinks."""
    now = timezone.now()

    class Killed(BaseException):
        pass

    server(monkeypatch, Killed())
    with pytest.raises(Killed):
        outbox.deliver(now)
    monkeypatch.undo()

    assert outbox.deliver(now + outbox.LEASE - timedelta(seconds=1)) == 0
    assert outbox.deliver(now + outbox.LEASE) == 1


def test_an_address_that_does_not_exist_is_a_dead_letter_at_once(notice, monkeypatch, cast):
    refused = {cast.penyedia.email: (550, b"no such user " + cast.penyedia.email.encode())}
    server(monkeypatch, smtplib.SMTPRecipientsRefused(refused))

    outbox.deliver()

    notice.refresh_from_db()
    assert (notice.mail, notice.error) == (Notice.Mail.DEAD, "SMTPRecipientsRefused 550")


def test_one_bad_address_keeps_nobody_elses_mail_back(cast):
    User.objects.filter(pk=cast.penyedia.pk).update(email="a\nb@contoh.example.id")
    send_ticket(User.objects.get(pk=cast.penyedia.pk))
    send_ticket(cast.ppk)

    outbox.deliver()

    assert len(mails_to(cast.ppk)) == 1
    assert cast.penyedia.notices.get().attempts == 1


def test_every_attempt_has_the_same_message_id(notice, monkeypatch):
    first = outbox.mail_of([notice]).message()["Message-ID"]
    second = outbox.mail_of([notice]).message()["Message-ID"]

    assert first == second
    assert re.fullmatch(r"<notifikasi-\d+@[^@>]+>", first)


def test_mails_say_that_a_machine_wrote_them(notice):
    headers = outbox.mail_of([notice]).message()

    assert headers["Auto-Submitted"] == "auto-generated"
    assert parseaddr(headers["From"])[1]


def test_the_worker_does_what_is_due_and_ends_when_told_to_do_so_once(notice):
    call_command("run_worker", "--once")

    assert len(mail.outbox) == 1


def test_administrators_see_dead_letters_without_addresses_and_send_them_again(
    client, notice, cast, monkeypatch
):
    server(monkeypatch, smtplib.SMTPRecipientsRefused({cast.penyedia.email: (550, b"no")}))
    outbox.deliver()
    clerk = make_user(is_staff=True)
    clerk.groups.add(Group.objects.get(name="Administrator"))
    client.force_login(clerk)

    home = client.get("/").text
    page = client.get("/admin/tickets/notice/?mail__exact=dead").text
    client.post("/admin/tickets/notice/", {"action": "send_again", "_selected_action": [notice.pk]})
    monkeypatch.undo()

    assert "1 surel notifikasi tidak dapat dikirim." in home
    assert "SMTPRecipientsRefused 550" in page
    assert str(notice.event.ticket) in page
    assert cast.penyedia.email not in page
    assert cast.penyedia.name not in page
    assert outbox.deliver() == 1


def test_a_digest_that_failed_goes_out_again_as_one(cast, monkeypatch):
    prefer(cast.penyedia, MailPreference.DAILY)
    for _ in range(3):
        send_ticket(cast.penyedia)
    tomorrow = timezone.now() + timedelta(days=1)
    server(monkeypatch, smtplib.SMTPRecipientsRefused({cast.penyedia.email: (550, b"no")}))
    outbox.deliver(tomorrow)
    monkeypatch.undo()

    again = Notice.objects.send_again()

    assert (again, outbox.deliver(tomorrow)) == (3, 1)


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_of_the_outbox_asks_the_same_for_one_reminder_and_for_three(
    client, cast, rows, django_assert_max_num_queries
):
    monday = datetime(2026, 11, 16, 9, 30, tzinfo=cast.lpse.tzinfo)
    with patch.object(timezone, "now", return_value=monday):
        for _ in range(rows):
            ticket_at(cast, "awaiting_review")
    with patch.object(timezone, "now", return_value=monday + timedelta(days=3)):
        reminding.act()
    client.force_login(make_user(is_staff=True, is_superuser=True))

    with django_assert_max_num_queries(7):
        page = client.get("/admin/tickets/notice/").text

    assert (
        page.count("akan ditutup otomatis pada 25 November 2026 09.30 WIB") == 2 * rows
    )  # its box says it too


@pytest.mark.parametrize("who", ["penyedia", "helpdesk", "keeper of the FAQ"])
def test_nobody_else_reads_the_outbox(client, notice, cast, who):
    keeper = make_user(is_staff=True)
    keeper.groups.add(Group.objects.get(name="Pengelola FAQ"))
    client.force_login(keeper if who == "keeper of the FAQ" else getattr(cast, who))

    answer = client.get("/admin/tickets/notice/")

    assert answer.status_code in {302, 403}


def test_the_outbox_knows_how_long_it_waits(cast):
    assert Notice.objects.oldest_due(timezone.now()) is None

    ticket = send_ticket(cast.penyedia)

    assert Notice.objects.oldest_due(timezone.now()) == ticket.created_at
    outbox.deliver()
    assert Notice.objects.oldest_due(timezone.now()) is None
