"""The ticket of an officer who left is handed to a colleague, and comes to its end (R136)."""

import pytest
from playwright.sync_api import expect

from accounts.roles import Role
from tests.cast import Cast, ticket_at
from tests.factories import make_user
from tickets.models import Ticket

REASON = "Petugas pindah tugas ke dinas lain."


def opens_supervision(supervisor):
    supervisor.page.get_by_role("banner").locator("summary").click()
    supervisor.page.get_by_role("banner").get_by_role("link", name="Alihkan Petugas").click()
    supervisor.is_at("Alihkan Petugas")


@pytest.mark.requirement("R136", "R54")
def test_without_javascript_a_stuck_ticket_is_handed_over_solved_and_accepted(bandung, person):
    cast = Cast(bandung)
    ticket = ticket_at(cast, "in_progress", 1, title="Judul yang tidak untuk dibaca")
    number = str(ticket)
    colleague = make_user(Role.LPSE_L1, bandung, name="Sinta Maharani")
    cast.helpdesk.is_active = False
    cast.helpdesk.save()
    admin_sistem = person(java_script_enabled=False).is_already_in(cast.admin_sistem)
    helpdesk = person(java_script_enabled=False).is_already_in(colleague)
    reporter = person(java_script_enabled=False).is_already_in(cast.penyedia)

    # Level 2 finds the ticket of the officer who left, and nothing of what is in it
    admin_sistem.goes_to("/")
    opens_supervision(admin_sistem)
    admin_sistem.sees("Bagas Pramudyo", "Nonaktif", number)
    admin_sistem.pictures("01-list")
    admin_sistem.follows(f"Alihkan {number}")
    admin_sistem.does_not_see("Judul yang tidak untuk dibaca", "Ratna")

    # A reason is needed; 'Batal' changes nothing
    choice = admin_sistem.form.get_by_label("Petugas baru")
    choice.select_option(label="Sinta Maharani, LPSE Level 1 (0 tiket di tangan)")
    admin_sistem.submits("Alihkan Tiket")
    admin_sistem.is_refused("Alasan wajib diisi.")
    admin_sistem.writes(REASON)
    admin_sistem.submits("Alihkan Tiket")
    admin_sistem.is_asked(f"Tiket {number} akan dialihkan dari Bagas Pramudyo kepada Sinta")
    admin_sistem.pictures("02-question")
    admin_sistem.says_batal()
    expect(admin_sistem.form.get_by_label("Alasan")).to_have_value(REASON)
    admin_sistem.submits("Alihkan Tiket")
    admin_sistem.says_oke()
    admin_sistem.is_told(f"Tiket {number} dialihkan kepada Sinta Maharani.")
    admin_sistem.sees("Sinta Maharani", "Aktif").does_not_see("Nonaktif")

    # The new officer has it in hand, reads why, and solves it
    helpdesk.goes_to("/")
    helpdesk.opens_tab("Tiket Proses", waiting=1)
    helpdesk.sees_after(REASON, number)
    helpdesk.sees("mengalihkan tiket dari Bagas Pramudyo kepada Sinta Maharani")
    helpdesk.pictures("03-detail")
    helpdesk.solves(number, "Akun sudah dipulihkan.")

    # The reporter reads that the officer changed, no name and no reason
    reporter.goes_to("/")
    reporter.begins_verdict(number, "OK, Selesai")
    reporter.sees("Petugas diganti").does_not_see("Sinta", "Bagas", REASON)
    reporter.accepts(number)

    assert (Ticket.objects.get().status, Ticket.objects.get().officer) == ("closed", colleague)
