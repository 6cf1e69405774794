"""Notices (R129): who is told of each step, and who is not; 'Notifikasi' and its counter."""

import re
from datetime import datetime, timedelta
from unittest.mock import patch

import pytest
from django.utils import timezone

from accounts.models import MailPreference, User
from accounts.roles import Role
from tests.cast import Cast, classification, send_ticket, ticket_at
from tests.factories import make_user
from tickets import outbox, reminding
from tickets.models import Notice, Ticket
from tickets.telling import Party, Tell
from tickets.wording import act, fact
from tickets.workflow import STEPS

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("R129")]


@pytest.fixture
def others(cast):
    """Everybody who has nothing to do with the tickets of `cast`; each test looks at them too."""
    elsewhere = Cast()
    people = [elsewhere.penyedia, elsewhere.helpdesk, elsewhere.admin_sistem, cast.ppk]
    return [*people, make_user(is_staff=True, is_superuser=True)]


@pytest.fixture
def colleague(cast):
    return make_user(Role.LPSE_L1, cast.lpse, name="Sari Anggraini")


def at(moment):
    return patch.object(timezone, "now", return_value=moment)


def told(action, ticket):
    """{person: what they were told} of the last `action` of `ticket`, pools spread."""
    for notice in Notice.objects.unspread():
        Notice.objects.spread(notice)
    event = ticket.events.filter(action=action).latest("pk")
    return {notice.recipient: notice.says for notice in event.notices.all()}


def test_the_reporter_and_the_helpdesk_of_their_lpse_hear_of_a_new_ticket(cast, colleague, others):
    _ = cast.admin_sistem, cast.lkpp1, cast.lkpp2, cast.helpdesk

    ticket = send_ticket(cast.penyedia)

    assert told("send", ticket) == {
        cast.penyedia: "diterima",
        cast.helpdesk: "baru dan belum diproses",
        colleague: "baru dan belum diproses",
    }


def test_the_reporter_hears_that_the_ticket_is_taken_and_who_took_it_does_not(
    cast, colleague, others
):
    ticket = send_ticket(cast.penyedia)

    ticket.perform("take", by=cast.helpdesk, classification=classification())

    assert told("take", ticket) == {cast.penyedia: "sedang diproses"}


def test_the_reporter_who_is_asked_hears_it(cast, colleague, others):
    ticket = ticket_at(cast, "awaiting_feedback")

    assert told("ask", ticket) == {cast.penyedia: "membutuhkan feedback Anda"}


def test_the_officer_who_is_asked_hears_it_and_the_reporter_does_not(cast, colleague, others):
    ticket = ticket_at(cast, "awaiting_feedback", level=2, feedback_from=1)

    assert told("ask", ticket) == {cast.helpdesk: "membutuhkan feedback Anda"}


def test_the_whole_level_is_asked_when_its_officer_has_left(cast, colleague, others):
    ticket = ticket_at(cast, "in_progress", level=2)
    User.objects.filter(pk=cast.helpdesk.pk).update(is_active=False)
    ticket = Ticket.objects.get(pk=ticket.pk)

    ticket.perform("ask", by=cast.admin_sistem, message="Versi berapa?", feedback_from=1)

    assert told("ask", ticket) == {colleague: "membutuhkan feedback Anda"}


def test_the_officer_who_asked_hears_the_answer(cast, colleague, others):
    ticket = ticket_at(cast, "awaiting_feedback")

    ticket.perform("answer", by=cast.penyedia, message="Versi 4.5.")

    assert told("answer", ticket) == {cast.helpdesk: "sudah mendapat feedback"}


def test_the_level_hears_the_answer_when_the_officer_who_asked_has_left(cast, colleague, others):
    ticket = ticket_at(cast, "awaiting_feedback")
    User.objects.filter(pk=cast.helpdesk.pk).update(is_active=False)

    ticket.perform("answer", by=cast.penyedia, message="Versi 4.5.")

    assert told("answer", ticket) == {colleague: "sudah mendapat feedback"}


@pytest.mark.parametrize("level", [2, 3, 4])
def test_the_reporter_and_the_next_level_hear_of_an_escalation(cast, level, others):
    elsewhere = make_user(Role.LPSE_L2)
    upper = cast.officers[level]

    ticket = ticket_at(cast, "new", level=level)

    name = {2: "Admin Sistem LPSE", 3: "LKPP Level 1", 4: "LKPP Level 2"}[level]
    assert told("escalate", ticket) == {
        cast.penyedia: f"diteruskan ke {name}",
        upper: f"dieskalasi ke {upper.get_role_display()}",
    }
    assert not elsewhere.notices.exists()


def test_the_reporter_hears_that_a_solution_waits_for_review(cast, colleague, others):
    ticket = ticket_at(cast, "awaiting_review")

    assert told("resolve", ticket) == {cast.penyedia: "menunggu review Anda"}


def test_the_officer_who_called_it_solved_hears_of_its_return(cast, colleague, others):
    ticket = ticket_at(cast, "awaiting_review")

    ticket.perform("reject", by=cast.penyedia, message="Masih sama.")

    assert told("reject", ticket) == {cast.helpdesk: "dikembalikan untuk diproses"}


def test_everybody_who_handled_it_hears_of_closing_and_rating(cast, colleague, others):
    ticket = ticket_at(cast, "closed", level=2)

    ticket.perform("rate", by=cast.penyedia, stars=5)

    handled = [cast.helpdesk, cast.admin_sistem]
    assert told("accept", ticket) == dict.fromkeys(handled, "selesai")
    assert told("rate", ticket) == dict.fromkeys(handled, "mendapat penilaian")


def test_who_handled_it_but_works_elsewhere_now_hears_nothing(cast, others):
    ticket = ticket_at(cast, "awaiting_review", level=2)
    User.objects.filter(pk=cast.helpdesk.pk).update(is_active=False)

    ticket.perform("accept", by=cast.penyedia)

    assert told("accept", ticket) == {cast.admin_sistem: "selesai"}


def test_both_officers_of_a_reassignment_hear_of_it_and_the_reporter_does_not(
    cast, colleague, others
):
    ticket = ticket_at(cast, "in_progress")

    ticket.perform("reassign", by=cast.admin_sistem, message="Cuti.", officer=colleague)

    assert told("reassign", ticket) == {
        colleague: "dialihkan kepada Anda",
        cast.helpdesk: "dialihkan kepada petugas lain",
    }


def test_a_supervisor_who_takes_over_is_not_told_of_it(cast, others):
    second = make_user(Role.LPSE_L2, cast.lpse)
    ticket = ticket_at(cast, "awaiting_feedback", level=2, feedback_from=1)
    colleague = make_user(Role.LPSE_L1, cast.lpse)

    ticket.perform("reassign", by=second, message="Cuti.", officer=colleague)

    assert told("reassign", ticket) == {
        colleague: "dialihkan kepada Anda",
        cast.helpdesk: "dialihkan kepada petugas lain",
    }


@pytest.mark.requirement("R135")
def test_a_silent_reporter_hears_when_the_ticket_is_closed_and_then_that_it_was(
    cast, colleague, others
):
    asked_at = datetime(2026, 11, 16, 9, 30, tzinfo=cast.lpse.tzinfo)  # a Monday
    with at(asked_at):
        ticket = ticket_at(cast, "awaiting_review")
    closing = "25 November 2026 09.30 WIB"

    reminded = []
    for days in (3, 7):
        with at(asked_at + timedelta(days=days)):
            reminding.act()
            reminded.append(told("remind", ticket))
            outbox.deliver()
    with at(asked_at + timedelta(days=9)):
        reminding.act()

    assert reminded == [{cast.penyedia: f"akan ditutup otomatis pada {closing}"}] * 2
    assert told("close_silent", ticket) == {
        cast.penyedia: "ditutup oleh sistem",
        cast.helpdesk: "ditutup oleh sistem",
    }


@pytest.mark.requirement("R135")
def test_who_called_it_solved_hears_that_it_was_reopened(cast, colleague, others):
    asked_at = datetime(2026, 11, 16, 9, 30, tzinfo=cast.lpse.tzinfo)
    with at(asked_at):
        ticket = ticket_at(cast, "awaiting_review")
    for days in (3, 7, 9):
        with at(asked_at + timedelta(days=days)):
            reminding.act()
            outbox.deliver()

    with at(asked_at + timedelta(days=10)):
        Ticket.objects.get().perform("reopen", by=cast.penyedia, message="Masih gagal.")

    assert told("reopen", ticket) == {cast.helpdesk: "dibuka kembali oleh Pelapor"}


def test_every_step_says_whom_it_tells():
    untold = {name for name, step in STEPS.items() if not step.tells}

    assert untold == {
        *("read_server_access", "download_sealed_file"),
        *("redact", "expire_server_access"),
    }


def test_a_ticket_that_was_taken_is_no_news_to_the_others(cast, colleague):
    ticket = send_ticket(cast.penyedia)
    _ = cast.helpdesk
    assert colleague in told("send", ticket)

    ticket.perform("take", by=cast.helpdesk, classification=classification())

    assert not colleague.notices.unread().exists()
    assert cast.penyedia.notices.unread().count() == 2


def test_a_pool_does_not_hear_of_what_was_taken_or_answered_meanwhile(cast, colleague):
    taken = ticket_at(cast, "in_progress")
    asked = ticket_at(cast, "in_progress", level=2)
    User.objects.filter(pk=cast.helpdesk.pk).update(is_active=False)
    asked = Ticket.objects.get(pk=asked.pk)
    asked.perform("ask", by=cast.admin_sistem, message="Versi berapa?", feedback_from=1)

    Ticket.objects.get(pk=asked.pk).perform("answer", by=colleague, message="4.5.")

    assert told("send", taken) == {cast.penyedia: "diterima"}
    assert told("ask", asked) == {}


def test_who_did_it_is_told_of_nothing_but_a_sending(cast, colleague):
    taken = ticket_at(cast, "in_progress").events.get(action="take")

    Notice.objects.tell(taken, (Tell(Party.HOLDER, "diambil", "Lanjutkan."),))

    assert told("take", taken.ticket) == {cast.penyedia: "sedang diproses"}


def test_who_answered_and_moved_up_does_not_hear_their_own_answer(cast, colleague):
    second = make_user(Role.LPSE_L2, cast.lpse)
    ticket = ticket_at(cast, "awaiting_feedback", level=2, feedback_from=1)
    User.objects.filter(pk=cast.admin_sistem.pk).update(is_active=False)
    ticket = Ticket.objects.with_people().get(pk=ticket.pk)
    ticket.perform("answer", by=cast.helpdesk, message="4.5.")

    User.objects.filter(pk=cast.helpdesk.pk).update(role=Role.LPSE_L2)

    assert told("answer", ticket) == {second: "sudah mendapat feedback"}


def test_a_reporter_who_became_an_officer_is_not_asked_about_their_own_ticket(cast, colleague):
    ticket = ticket_at(cast, "in_progress", level=2)
    User.objects.filter(pk=cast.helpdesk.pk).update(is_active=False)
    User.objects.filter(pk=cast.penyedia.pk).update(role=Role.LPSE_L1)

    Ticket.objects.get(pk=ticket.pk).perform(
        "ask", by=cast.admin_sistem, message="Versi berapa?", feedback_from=1
    )

    assert told("ask", ticket) == {colleague: "membutuhkan feedback Anda"}


def test_a_step_that_is_refused_tells_nobody(cast):
    ticket = send_ticket(cast.penyedia)
    before = Notice.objects.count()

    with pytest.raises(Exception, match="tidak dapat dilakukan"):
        ticket.perform("accept", by=cast.penyedia)

    assert Notice.objects.count() == before


# 'Notifikasi'


def test_notifikasi_lists_mine_newest_first_and_leads_to_the_ticket(client, cast):
    ticket = ticket_at(cast, "awaiting_feedback")
    other = send_ticket(cast.ppk)
    client.force_login(cast.penyedia)

    page = client.get("/notifikasi/")

    said = [row.says for row in page.context["rows"]]
    assert said == ["membutuhkan feedback Anda", "sedang diproses", "diterima"]
    assert str(other) not in page.text
    assert f'href="{ticket.get_absolute_url()}"' in page.text


def test_a_notice_of_a_ticket_out_of_sight_is_gone(client, cast):
    ticket_at(cast, "in_progress")
    ticket_at(cast, "awaiting_review")
    User.objects.filter(pk=cast.helpdesk.pk).update(role=Role.LPSE_L2)
    client.force_login(User.objects.get(pk=cast.helpdesk.pk))

    page = client.get("/notifikasi/")

    assert page.context["rows"] == []
    assert page.context["waiting"].unread == 0


def test_looking_marks_nothing_as_read(client, cast):
    ticket = ticket_at(cast, "awaiting_feedback")
    client.force_login(cast.penyedia)

    client.get("/notifikasi/")
    client.get(ticket.get_absolute_url())

    assert cast.penyedia.notices.unread().count() == 3


def sampai(page):
    """What the page says that it showed."""
    return re.search(r'name="sampai" value="(\d+)"', page.text)[1]


def test_the_browser_says_that_a_ticket_was_seen(client, cast):
    ticket, other = ticket_at(cast, "awaiting_feedback"), ticket_at(cast, "new")
    client.force_login(cast.penyedia)

    page = client.get(ticket.get_absolute_url())
    answer = client.post(f"/tiket/{ticket.number}/dilihat/", {"sampai": sampai(page)})

    assert answer.status_code == 204
    assert [notice.event.ticket for notice in cast.penyedia.notices.unread()] == [other]


def test_what_came_after_the_page_was_drawn_stays_unread(client, cast):
    ticket = ticket_at(cast, "in_progress")
    client.force_login(cast.penyedia)
    shown, drawn = client.get("/notifikasi/"), client.get(ticket.get_absolute_url())
    ticket.perform("resolve", by=cast.helpdesk, message="Sudah diperbaiki.")

    client.post("/notifikasi/dibaca/", {"sampai": sampai(shown)})
    client.post(f"/tiket/{ticket.number}/dilihat/", {"sampai": sampai(drawn)})

    assert [notice.says for notice in cast.penyedia.notices.unread()] == ["menunggu review Anda"]


@pytest.mark.parametrize("shown", ["", "x", "-1", "9" * 30, "²"])
def test_a_page_that_does_not_say_what_it_showed_marks_nothing(client, cast, shown):
    ticket = send_ticket(cast.penyedia)
    client.force_login(cast.penyedia)

    client.post("/notifikasi/dibaca/", {"sampai": shown})
    client.post(f"/tiket/{ticket.number}/dilihat/", {"sampai": shown})

    assert cast.penyedia.notices.unread().count() == 1


def test_nobody_says_that_they_saw_anothers_ticket(client, cast):
    ticket = send_ticket(cast.penyedia)
    client.force_login(cast.ppk)

    answer = client.post(f"/tiket/{ticket.number}/dilihat/", {"sampai": "999"})

    assert answer.status_code == 404
    assert cast.penyedia.notices.unread().count() == 1


def test_who_acts_has_read_what_there_was(cast):
    ticket = ticket_at(cast, "awaiting_feedback")

    ticket.perform("answer", by=cast.penyedia, message="Versi 4.5.")

    assert not cast.penyedia.notices.unread().exists()


def test_all_are_marked_as_read_at_once(client, cast):
    ticket_at(cast, "awaiting_feedback")
    ticket_at(cast, "new", reporter=cast.ppk)
    client.force_login(cast.penyedia)

    client.post("/notifikasi/dibaca/", {"sampai": sampai(client.get("/notifikasi/"))})

    assert not cast.penyedia.notices.unread().exists()
    assert cast.ppk.notices.unread().exists()


def test_the_counter_at_the_top_counts_what_is_unread(client, cast):
    ticket_at(cast, "awaiting_feedback")
    client.force_login(cast.penyedia)

    counters = client.get("/tiket/hitungan/").json()

    assert counters["unread"] == {"count": 3, "shown": "3"}


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_asks_the_same_queries_for_one_row_and_for_three(
    client, cast, rows, django_assert_num_queries
):
    for _ in range(rows):
        send_ticket(cast.penyedia)
    client.force_login(cast.penyedia)

    with django_assert_num_queries(4):  # session, person, list, counters
        client.get("/notifikasi/")


def test_older_notices_are_a_page_further(client, cast):
    for _ in range(26):
        send_ticket(cast.penyedia)
    client.force_login(cast.penyedia)

    first = client.get("/notifikasi/")
    second = client.get("/notifikasi/", {"sebelum": first.context["next"]})

    assert len(first.context["rows"]) == 25
    assert [row.event.ticket for row in second.context["rows"]] == [Ticket.objects.earliest("pk")]


def test_everybody_chooses_how_to_hear_by_mail(client, cast):
    client.force_login(cast.penyedia)

    answer = client.post("/notifikasi/surel/", {"mail_preference": "harian"}, follow=True)

    cast.penyedia.refresh_from_db()
    assert cast.penyedia.mail_preference == MailPreference.DAILY
    assert "Ringkasan harian" in answer.text


def test_an_unknown_choice_changes_nothing(client, cast):
    client.force_login(cast.penyedia)

    answer = client.post("/notifikasi/surel/", {"mail_preference": "selalu"})

    cast.penyedia.refresh_from_db()
    assert answer.status_code == 200
    assert cast.penyedia.mail_preference == MailPreference.AT_ONCE


def test_what_a_newer_release_did_is_told_in_general_words(cast):
    ticket = ticket_at(cast, "in_progress")
    ticket.record(
        "read_server_access", by=cast.helpdesk, message="", files=(), before=("in_progress", 1),
        audience="everyone",
    )  # fmt: skip
    event = ticket.events.latest("pk")

    event.action = "yet_unknown"

    assert (act(event, cast.helpdesk), fact(event)) == ("memperbarui tiket", "Tiket diperbarui")
    assert Notice(event=event, to="reporter").says == "diperbarui"
