"""The cast of the tests, and tickets brought to any place by walking the real steps."""

import uuid
from dataclasses import dataclass, field
from functools import cached_property
from importlib import import_module

from django.apps import apps

from accounts.models import Lpse
from accounts.roles import Role
from tests.factories import PASSWORD, make_lpse, make_user
from tickets.models import AppVersion, Category, Ticket
from tickets.steps import REPORTER
from tickets.workflow import Classification

SERVER = {
    "IP Server": "192.0.2.46",
    "Port Server": "22",
    "Username Server": "bantuan-lkpp",
    "Password Server": "rahasia-server-1",
    "Nama Database": "epns_uji",
    "Username Database": "epns_baca",
    "Password Database": "rahasia-database-2",
    "Keterangan Lainnya": "Lewat VPN",
}


@dataclass
class Cast:
    """Everybody of one LPSE, and LKPP. `officers[level]` works at that level."""

    lpse: Lpse = field(default_factory=make_lpse)

    @cached_property
    def penyedia(self):
        return make_user(Role.PENYEDIA, self.lpse, name="Ratna Wibawani")

    @cached_property
    def ppk(self):
        return make_user(Role.PPK, self.lpse)

    @cached_property
    def helpdesk(self):
        return make_user(Role.LPSE_L1, self.lpse, name="Bagas Pramudyo")

    @cached_property
    def admin_sistem(self):
        return make_user(Role.LPSE_L2, self.lpse, name="Made Suartika")

    @cached_property
    def lkpp1(self):
        return make_user(Role.LKPP_L1, name="Ratih Kusumaningdyah")

    @cached_property
    def lkpp2(self):
        return make_user(Role.LKPP_L2, name="Yusuf Lestaluhu")

    @property
    def officers(self):
        return {1: self.helpdesk, 2: self.admin_sistem, 3: self.lkpp1, 4: self.lkpp2}


def classification(**fields):
    """Four valid answers; name one of them to change it."""
    category, _ = Category.objects.get_or_create(code="AKUN", defaults={"label": "Akun"})
    version, _ = AppVersion.objects.get_or_create(code="SPSE-4.5", defaults={"label": "SPSE 4.5"})
    defaults = Classification(category, Ticket.Type.KELUHAN, Ticket.Priority.SEDANG, version)
    return defaults._replace(**fields)


def send_ticket(reporter, **fields):
    """A ticket fresh from its reporter."""
    defaults = {
        "key": uuid.uuid4(),
        "title": "Tidak bisa login ke SPSE",
        "message": "Muncul pesan User ID salah.",
        "identity_number": reporter.identity_number,
        "package_code": "",
        "error_code": "",
    }
    return Ticket.objects.send(by=reporter, **defaults | fields).ticket


def ticket_at(cast, status="new", level=1, feedback_from=REPORTER, reporter=None, **fields):
    """A ticket of `cast` walked to `status` at `level`; owes feedback: `feedback_from`."""
    ticket = send_ticket(reporter or cast.penyedia, **fields)
    for at_level in range(1, level + 1):
        officer = cast.officers[at_level]
        if at_level < level or status != "new":
            ticket.perform("take", by=officer, classification=classification())
        if at_level < level:
            access = {"server_access": SERVER} if at_level == 2 else {}
            ticket.perform("escalate", by=officer, message="Mohon bantuan.", **access)
    if status == "awaiting_feedback":
        ticket.perform("ask", by=officer, message="Versi berapa?", feedback_from=feedback_from)
    if status in {"awaiting_review", "closed"}:
        ticket.perform("resolve", by=officer, message="Sudah diperbaiki.")
    if status == "closed":
        ticket.perform("accept", by=ticket.reporter)
    return Ticket.objects.with_people().get(pk=ticket.pk)


def confirm_who_it_is(client):
    """The password once more, which Data Server and 'Hapus isi' ask for; the same client."""
    client.post("/akun/reauthenticate/", {"password": PASSWORD})
    return client


def fill_reference_lists():
    """The lists of the migration, which tests with real transactions empty for those after them."""
    import_module("tickets.migrations.0003_reference_lists").fill(apps, None)


def fill_articles():
    """The first articles of the FAQ, likewise."""
    import_module("faq.migrations.0005_initial_articles").fill(apps, None)
