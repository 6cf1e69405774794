"""'Kembali' leads to the list that one came from; after a finished step the next is offered."""

import re
import uuid
from datetime import timedelta
from html import unescape
from urllib.parse import quote

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.cast import Cast, classification, send_ticket, ticket_at
from tickets.models import Ticket

pytestmark = pytest.mark.django_db
HOST = "http://testserver"
FILTERED = "/tiket/proses/?status=proses&urut=terbaru"


def back_of(page):
    return unescape(re.search(r'<a class="back" href="([^"]*)"', page.text)[1])


def after(client, ticket, came_from):
    return client.get(ticket.get_absolute_url(), headers={"referer": HOST + came_from})


def row(path, ticket):
    return f"{path}#tiket-{ticket.number}"


def review(ticket, **typed):
    kind = classification()
    answers = {"category": kind.category.pk, "version": kind.version.pk, "type": kind.type}
    hidden = {"key": str(uuid.uuid4()), "seen": ticket.last_event, "priority": kind.priority}
    return hidden | answers | {"konfirmasi": "ya", "message": "Silakan dicoba."} | typed


@pytest.mark.requirement("R42", "R75")
@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/tiket/baru/",
        FILTERED,
        "/tiket/daftar/?cari=login&sebelum=abc",
        "/tiket/rincian/?dari=2026-01-01&sampai=2026-12-31",
    ],
)
def test_kembali_leads_to_the_very_list_at_the_row(client, cast, path):
    ticket = ticket_at(cast, "in_progress")
    client.force_login(cast.helpdesk)

    assert back_of(after(client, ticket, path)) == row(path, ticket)


@pytest.mark.requirement("R42")
def test_the_row_that_kembali_leads_to_is_there(client, cast):
    ticket = ticket_at(cast, "awaiting_feedback")

    for user, path in ((cast.helpdesk, "/tiket/proses/"), (cast.penyedia, "/tiket/daftar/")):
        client.force_login(user)
        assert f'id="tiket-{ticket.number}"' in client.get(path).text


@pytest.mark.requirement("R42", "R86")
def test_the_way_back_survives_the_form_and_its_answer(client, cast):
    ticket = ticket_at(cast, "in_progress")
    client.force_login(cast.helpdesk)
    kept = f"?kembali={quote(FILTERED, safe='/')}"

    detail = after(client, ticket, FILTERED)
    form_url = f"{ticket.get_absolute_url()}review/{kept}"
    form = client.get(form_url)
    wrong = client.post(form_url, {"key": "x"})
    typed = review(ticket, outcome="resolve")
    confirmed = typed.pop("konfirmasi")
    asked = client.post(form_url, typed)
    done = client.post(form_url, typed | {"konfirmasi": confirmed})

    assert f'href="{form_url}"' in detail.text
    assert f'action="{form_url}"' in form.text
    assert f'action="{form_url}"' in asked.text
    assert back_of(form) == back_of(wrong) == row(FILTERED, ticket)
    assert done.url == f"{ticket.get_absolute_url()}{kept}&berikutnya=ya"
    assert back_of(client.get(done.url)) == row(FILTERED, ticket)


@pytest.mark.requirement("R79")
def test_taking_a_ticket_from_a_list_keeps_the_way_back(client, cast):
    ticket = send_ticket(cast.penyedia)
    client.force_login(cast.helpdesk)
    url = f"{ticket.get_absolute_url()}ambil/?kembali=/tiket/baru/%3Fcari%3Dlogin"

    done = client.post(url, review(ticket))

    kept = "?kembali=/tiket/baru/%3Fcari%3Dlogin"
    assert done.url == f"{ticket.get_absolute_url()}review/{kept}#form"


def test_from_one_page_of_a_ticket_to_another_the_list_is_still_known(client, cast):
    ticket = ticket_at(cast, "in_progress")
    client.force_login(cast.helpdesk)
    before = f"{ticket.get_absolute_url()}?kembali=/tiket/daftar/"

    assert back_of(after(client, ticket, before)) == row("/tiket/daftar/", ticket)


def test_the_field_at_the_top_leaves_the_way_back_to_the_list(client, cast):
    ticket = ticket_at(cast, "in_progress")
    client.force_login(cast.helpdesk)

    page = client.get(
        f"/tiket/cari/?nomor={ticket}", follow=True, headers={"referer": HOST + FILTERED}
    )

    assert back_of(page) == row(FILTERED, ticket)


@pytest.mark.requirement("R132")
@pytest.mark.parametrize(
    "target",
    [
        "https://jahat.example/tiket/proses/",
        "//jahat.example/tiket/proses/",
        "/\\jahat.example/",
        "javascript:alert(1)",
        "/akun/logout/",
        "/tiket/buat/",
        "/tiket/proses.csv",
        "/tidak-ada/",
        "/tiket/proses/?cari=" + "x" * 600,
        "/tiket/proses/\x00",
        "http://[",
        "",
    ],
)
@pytest.mark.parametrize("way", ["address", "referer"])
def test_kembali_leads_nowhere_but_to_ones_own_lists(client, cast, target, way):
    ticket = ticket_at(cast, "in_progress")
    client.force_login(cast.helpdesk)
    url = ticket.get_absolute_url()

    if way == "address":
        page = client.get(url, {"kembali": target})
    else:
        page = client.get(url, headers={"referer": target})

    assert back_of(page) == row("/tiket/proses/", ticket)
    assert "kembali=" not in page.text


@pytest.mark.requirement("R132")
def test_a_reporter_is_not_led_back_to_an_officers_list(client, cast):
    ticket = ticket_at(cast, "in_progress")
    client.force_login(cast.penyedia)

    page = client.get(ticket.get_absolute_url(), {"kembali": "/tiket/baru/"})

    assert back_of(page) == row("/tiket/daftar/", ticket)


def test_a_list_of_another_site_is_not_believed(client, cast):
    ticket = ticket_at(cast, "in_progress")
    client.force_login(cast.helpdesk)
    foreign = {"referer": "https://jahat.example/tiket/daftar/?cari=a"}

    page = client.get(ticket.get_absolute_url(), headers=foreign)

    assert back_of(page) == row("/tiket/proses/", ticket)


# The next ticket


def waits(ticket, hours):
    at = timezone.now() - timedelta(hours=hours, minutes=5)
    Ticket.objects.filter(pk=ticket.pk).update(updated_at=at)


def offer(client, ticket):
    page = client.get(ticket.get_absolute_url(), {"berikutnya": "ya"}).text
    found = re.search(r'<aside class="note next-ticket.*?</aside>', page, re.DOTALL)
    return re.sub(r"\s+", " ", re.sub("<[^>]+>", "", found[0])).strip() if found else None


@pytest.mark.requirement("R83", "R89")
def test_what_waits_longest_for_the_officer_comes_next(client, cast):
    done = ticket_at(cast, "awaiting_review")
    send_ticket(cast.penyedia)
    ticket_at(cast, "in_progress", title="Baru diambil")
    longest = ticket_at(cast, "in_progress", title="Sudah lama")
    waits(longest, 3)
    client.force_login(cast.helpdesk)

    told = offer(client, done)

    assert told.startswith(f"Tiket berikutnya: {longest} Sudah lama, menunggu 3 jam, sejak ")


@pytest.mark.requirement("R74")
def test_else_the_oldest_of_the_pool_comes_next(client, cast):
    done = ticket_at(cast, "awaiting_feedback")
    oldest = send_ticket(cast.penyedia, title="Pertama datang")
    send_ticket(cast.penyedia)
    send_ticket(Cast().penyedia)  # of another LPSE
    client.force_login(cast.helpdesk)

    assert offer(client, done).startswith(f"Tiket berikutnya: {oldest} Pertama datang, menunggu")


def test_when_nothing_waits_the_officer_is_told_so(client, cast):
    done = ticket_at(cast, "awaiting_review")
    send_ticket(Cast().penyedia)
    client.force_login(cast.helpdesk)

    assert offer(client, done).startswith("Tidak ada tiket lain yang menunggu Anda.")


def test_no_next_ticket_for_reporters_nor_without_a_finished_step(client, cast):
    ticket = ticket_at(cast, "in_progress")
    send_ticket(cast.penyedia)

    client.force_login(cast.penyedia)
    assert offer(client, ticket) is None
    client.force_login(cast.helpdesk)
    assert "next-ticket" not in client.get(ticket.get_absolute_url()).text


@pytest.mark.parametrize(
    ("place", "slug", "name", "typed"),
    [
        (("in_progress", 1), "review", "helpdesk", {"outcome": "resolve"}),
        (("in_progress", 1), "review", "helpdesk", {"outcome": "escalate"}),
        (("in_progress", 1), "review", "helpdesk", {"outcome": "ask", "feedback_from": 0}),
        (("awaiting_feedback", 2, 1), "feedback", "helpdesk", {}),
    ],
)
def test_every_step_that_hands_a_ticket_on_offers_the_next(client, cast, place, slug, name, typed):
    ticket = ticket_at(cast, *place)
    client.force_login(getattr(cast, name))

    page = client.post(f"{ticket.get_absolute_url()}{slug}/", review(ticket, **typed), follow=True)

    assert "Tidak ada tiket lain yang menunggu Anda." in page.text


def test_the_offer_costs_the_same_whatever_waits(client, cast):
    done = ticket_at(cast, "awaiting_review")
    client.force_login(cast.helpdesk)
    costs = []
    for more in (1, 2):
        for _ in range(more):
            send_ticket(cast.penyedia)
        with CaptureQueriesContext(connection) as queries:
            offer(client, done)
        costs.append(len(queries))

    assert costs[0] == costs[1]
