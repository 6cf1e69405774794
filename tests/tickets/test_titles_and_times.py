"""Pages are called after their ticket, and a waiting time tells its moment."""

import re
import uuid
from datetime import timedelta
from html import unescape

import pytest
from django.utils import timezone
from django.utils.formats import date_format

from accounts.roles import Role
from tests.cast import send_ticket, ticket_at
from tests.factories import make_lpse, make_user
from tickets.models import Ticket
from tickets.templatetags.tickets import since

pytestmark = pytest.mark.django_db


def title(response):
    return unescape(re.search("<title>(.*?)</title>", response.text)[1])


@pytest.mark.requirement("R40", "R75")
def test_every_page_of_a_ticket_has_its_number_in_the_title(client, cast):
    ticket = ticket_at(cast, "in_progress", title="Tidak bisa login")
    client.force_login(cast.helpdesk)
    url = ticket.get_absolute_url()

    titles = [title(client.get(url + page)) for page in ("", "review/", "feedback/")]

    named = f"{ticket} Tidak bisa login – LPSE Support"
    assert titles == [named, f"Review {named}", named]


def test_the_page_that_confirms_has_the_number_in_its_title(client, cast):
    ticket = ticket_at(cast, "awaiting_feedback")
    client.force_login(cast.penyedia)
    typed = {"key": uuid.uuid4(), "seen": ticket.last_event, "message": "Versi 4.5"}

    page = client.post(f"{ticket.get_absolute_url()}feedback/", typed)

    assert title(page) == f"Konfirmasi {ticket} – LPSE Support"


@pytest.mark.requirement("R136")
def test_a_supervisors_pages_have_the_number_but_not_the_title_of_the_ticket(client, cast):
    ticket = ticket_at(cast, "in_progress", title="Rahasia pelapor")
    successor = make_user(Role.LPSE_L1, cast.lpse)
    client.force_login(cast.admin_sistem)
    url = f"{ticket.get_absolute_url()}alihkan/"
    typed = {
        "key": uuid.uuid4(),
        "seen": ticket.last_event,
        "officer": successor.pk,
        "message": "Cuti",
    }

    form, asked = client.get(url), client.post(url, typed)

    assert title(form) == f"Alihkan Petugas {ticket} – LPSE Support"
    assert title(asked) == f"Konfirmasi {ticket} – LPSE Support"
    assert "Rahasia pelapor" not in form.text + asked.text


@pytest.mark.parametrize(
    ("path", "named"),
    [
        ("/tiket/baru/", "Tiket Baru"),
        ("/tiket/proses/", "Tiket Proses"),
        ("/tiket/daftar/", "Daftar Tiket"),
    ],
)
def test_a_list_is_called_like_its_tab(client, cast, path, named):
    client.force_login(cast.helpdesk)

    assert title(client.get(path)) == f"{named} – LPSE Support"


@pytest.mark.requirement("R131")
def test_a_waiting_time_tells_the_moment_in_the_zone_of_the_lpse():
    lpse = make_lpse(zone="WIT")
    at = timezone.now() - timedelta(hours=3, minutes=5)
    local = timezone.localtime(at, lpse.tzinfo)

    written = since(at, lpse)

    exact = f"{date_format(local, 'j M Y H.i')} WIT"
    assert written == (
        f'<time datetime="{local.isoformat(timespec="seconds")}" title="{exact}">3 jam'
        f'<span class="visually-hidden">, sejak {exact}</span></time>'
    )


@pytest.mark.requirement("R131")
@pytest.mark.parametrize("path", ["/tiket/baru/", ""])
def test_lists_and_pages_tell_the_moment_of_a_waiting_time(client, cast, path):
    ticket = send_ticket(cast.penyedia)
    old = timezone.now() - timedelta(days=5)
    Ticket.objects.filter(pk=ticket.pk).update(updated_at=old)
    client.force_login(cast.helpdesk)

    page = client.get(path or ticket.get_absolute_url()).text

    assert re.search(r'<time datetime="[^"]+" title="[^"]+ WIB">5 hari<span', page)
