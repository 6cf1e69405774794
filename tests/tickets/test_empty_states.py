"""Where nothing is to be seen, a sentence says what to do next."""

import re

import pytest

from accounts.roles import Role
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def empty(page):
    """The links of the first empty state of a page."""
    section = re.search(r'<section class="panel empty".*?</section>', page, re.DOTALL)[0]
    return re.findall(r'<a [^>]*href="([^"]*)"', section)


@pytest.mark.requirement("R38", "R74", "R83", "R95")
@pytest.mark.parametrize(
    ("name", "path", "links"),
    [
        ("penyedia", "/tiket/daftar/", ["/tiket/buat/"]),
        ("helpdesk", "/tiket/baru/", ["/tiket/proses/"]),
        ("helpdesk", "/tiket/proses/", ["/tiket/baru/"]),
        ("helpdesk", "/tiket/daftar/", ["/tiket/baru/"]),
        ("helpdesk", "/tiket/rincian/", ["/dashboard/"]),
        ("lkpp1", "/tiket/baru/", ["/tiket/proses/"]),
        ("penyedia", "/tiket/daftar/?cari=zzz", ["/tiket/daftar/"]),
        ("admin_sistem", "/tiket/alihkan/", ["/"]),
        ("helpdesk", "/faq/?q=kulkas", ["/faq/"]),
    ],
)
def test_an_empty_list_leads_on(client, cast, name, path, links):
    client.force_login(getattr(cast, name))

    assert empty(client.get(path).text) == links


@pytest.mark.requirement("R16")
@pytest.mark.parametrize(
    ("role", "sentence"),
    [
        (Role.PENYEDIA, "Belum ada tiket. Bila Anda menemui kendala di SPSE, buat tiket"),
        (Role.LPSE_L1, "Belum ada tiket di tangan Anda. Ambil yang pertama dari Tiket Baru."),
    ],
)
def test_an_empty_help_center_says_what_to_do(client, role, sentence):
    client.force_login(make_user(role))

    assert sentence in client.get("/").text


@pytest.mark.requirement("R21")
@pytest.mark.parametrize(
    ("role", "link"),
    [(Role.PENYEDIA, '<a href="/tiket/buat/">'), (Role.LPSE_L1, '<a href="/tiket/">Tiket</a>')],
)
def test_a_dashboard_without_tickets_leads_on(client, role, link):
    client.force_login(make_user(role))

    page = client.get("/dashboard/").text

    note = re.search(r"Tidak ada yang dihitung dalam periode ini\..*?</p>", page, re.DOTALL)[0]
    assert link in note


@pytest.mark.requirement("R125", "R126")
def test_a_number_that_is_not_found_leads_to_ones_own_list(client):
    page = client.get("/cari-tiket/?nomor=LS26-384-267-376-5").text

    assert 'Lupa nomornya? Semua tiket Anda ada di <a href="/tiket/daftar/">' in page
