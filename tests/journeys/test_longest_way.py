"""One ticket goes the longest way there is: through all four levels and back, by keyboard alone.

The other stories are told with a mouse.
"""

import pytest
from playwright.sync_api import expect

from accounts.roles import Role
from tests.cast import SERVER
from tests.factories import PASSWORD, make_user
from tests.journeys import samples
from tests.journeys.keyboard import without_mouse
from tickets.models import Rating, Ticket

QUESTION = "Versi SPSE berapa yang tertulis di bawah halaman?"
ANSWER = "Tertulis SPSE 4.5, dan pesannya masih sama."
SOLUTION = "Akun sudah dibuka. Silakan coba masuk sekali lagi."
STILL_BROKEN = "Masih muncul pesan yang sama pagi ini."
SECOND_SOLUTION = "Cadangan akun dipulihkan, mohon dicoba kembali."
ADVICE = "Mohon jawabannya lebih cepat."

INTERNAL = {
    "L1 escalates": "Catatan helpdesk: akun terkunci di basis data.",
    "L2 asks L1": "Apakah akun ini pernah digabung?",
    "L1 answers": "Belum pernah digabung, sudah saya periksa.",
    "L2 escalates": "Tabel akun rusak, mohon diperiksa dari server.",
    "K1 reads server": "Memeriksa tabel akun.",
    "K1 escalates": "Perlu perbaikan oleh tim teknis.",
    "K2 asks L2": "Kapan cadangan terakhir dibuat?",
    "L2 answers": "Cadangan terakhir dibuat Minggu malam.",
}
SECRETS = [SERVER["Password Server"], SERVER["Password Database"]]


@pytest.mark.requirement(
    *(
        "R1",
        "R3",
        "R9",
        "R10",
        "R11",
        "R12",
        "R13",
        "R16",
        "R17",
        "R20",
        "R24",
        "R25",
        "R27",
        "R28",
    ),
    *("R29",),
    *("R31", "R32", "R33", "R36", "R39", "R40", "R43", "R45", "R47", "R48", "R50", "R52", "R53"),
    *("R54", "R55", "R56", "R57", "R58", "R74", "R76", "R77", "R79", "R82", "R83", "R84", "R86"),
    *("R87", "R88", "R90", "R91", "R92", "R93", "R94", "R98", "R99", "R101", "R102", "R103"),
    *("R104", "R105", "R106", "R107", "R108", "R109", "R110", "R111", "R112", "R113", "R114"),
    *("R116", "R117", "R118", "R119", "R121", "R122", "R123"),
)
def test_a_ticket_goes_the_longest_way(bandung, person, monkeypatch):
    without_mouse(monkeypatch)
    lkpp1_user = make_user(Role.LKPP_L1, username="lkpp1", name="Ratih Kusumaningdyah")
    make_user(Role.LKPP_L2, username="lkpp2", name="Yusuf Lestaluhu")
    everybody = penyedia, helpdesk, admin_sistem, lkpp1, lkpp2 = [person() for _ in range(5)]

    # Penyedia files a ticket
    penyedia.enters_through_spse("penyedia1")
    penyedia.pictures("01-help-center-penyedia")
    number = penyedia.files_ticket(
        "Tidak bisa login setelah ganti kata sandi",
        "Sejak pagi muncul pesan User ID salah.",
        package_code="8214260",
        error_code="A1B2C3",
        files=[samples.text(), samples.png()],
    )
    penyedia.pictures("02-list-penyedia")

    # LPSE Level 1 sees the notice and the counters, takes it and asks back
    helpdesk.enters_through_spse("helpdesk1")
    helpdesk.is_told("Ada 1 tiket baru yang belum diproses.")
    expect(helpdesk.menu("Tiket")).to_have_accessible_name("Tiket 1 menunggu Anda")
    helpdesk.pictures("03-help-center-helpdesk")
    helpdesk.opens_tab("Tiket Baru", waiting=1)
    helpdesk.pictures("04-new-helpdesk")
    helpdesk.page.get_by_role("link", name=number, exact=True).click()
    helpdesk.sees("Sejak pagi muncul pesan User ID salah.", "langkah.txt", "tangkapan-layar.png")
    helpdesk.follows("Ambil Tiket")
    helpdesk.pictures("05-take-helpdesk")
    helpdesk.classifies()
    helpdesk.submits("Ambil Tiket")
    helpdesk.is_asked(f"Anda akan mengambil tiket {number}.")
    helpdesk.pictures("06-take-dialog")
    helpdesk.says_oke("Tiket yang sudah diambil tidak dapat dibatalkan.")
    helpdesk.is_told("Tiket berhasil diambil.")
    helpdesk.pictures("07-review-helpdesk")
    helpdesk.asks_back(number, QUESTION)

    # Penyedia answers
    penyedia.opens_tab("Daftar Tiket", waiting=1)
    penyedia.sees("Tiket butuh feedback Anda.", "Butuh Feedback Anda")
    penyedia.pictures("08-list-feedback")
    penyedia.row(number).get_by_role("link", name="Beri Feedback").click()
    penyedia.sees(QUESTION)
    penyedia.pictures("09-feedback-penyedia")
    penyedia.answers(number, ANSWER, [samples.text("jawaban.txt")], "Daftar Tiket", "Beri Feedback")
    penyedia.pictures("10-detail-penyedia")

    # LPSE Level 1 passes it on
    helpdesk.escalates(number, INTERNAL["L1 escalates"], to="LPSE Level 2")
    helpdesk.pictures("11-detail-helpdesk-escalated")

    # LPSE Level 2 takes it and asks LPSE Level 1
    admin_sistem.enters_through_spse("adminsistem")
    admin_sistem.is_told("Ada 1 tiket baru yang belum diproses.")
    admin_sistem.takes(number, {"Prioritas": "Kritis"}, waiting=1)
    admin_sistem.sees(INTERNAL["L1 escalates"])
    admin_sistem.asks_back(number, INTERNAL["L2 asks L1"], of="LPSE Level 1")
    helpdesk.starts_from_row("Feedback", "Tiket Proses", number, waiting=1)
    helpdesk.sees(INTERNAL["L2 asks L1"], "Butuh Feedback LPSE Level 1")
    helpdesk.pictures("12-feedback-helpdesk")
    helpdesk.answers(number, INTERNAL["L1 answers"])

    # LPSE Level 2 escalates: not without Data Server
    admin_sistem.begins_review(number, "Eskalasi")
    admin_sistem.writes(INTERNAL["L2 escalates"])
    admin_sistem.pictures("13-review-admin-sistem")
    admin_sistem.submits("Kirim Review")
    admin_sistem.is_refused("Data server wajib diisi untuk eskalasi ke LKPP Level 1.")
    expect(admin_sistem.form.get_by_label("Pesan")).to_have_value(INTERNAL["L2 escalates"])
    admin_sistem.pictures("14-review-without-data-server")
    password = admin_sistem.form.get_by_label("Password Server")
    expect(password).to_have_attribute("type", "password")
    admin_sistem.escalates(number, INTERNAL["L2 escalates"], to="LKPP Level 1", server=SERVER)

    # LKPP Level 1 takes it, reads Data Server with a reason, passes it on
    lkpp1.enters_locally("lkpp1", PASSWORD)
    lkpp1.takes(number, {}, waiting=1)
    lkpp1.opens(number, tab="Tiket Proses")
    lkpp1.follows("Buka Data Server")
    lkpp1.confirms_who_it_is()
    lkpp1.writes(INTERNAL["K1 reads server"])
    lkpp1.submits("Buka Data Server")
    lkpp1.says_oke("Pembukaan Data Server dicatat dengan nama Anda")
    lkpp1.is_at("Data Server")
    lkpp1.sees(*SERVER.values())
    lkpp1.pictures("15-data-server")
    lkpp1.escalates(number, INTERNAL["K1 escalates"], to="LKPP Level 2")

    # LKPP Level 2 takes it, asks LPSE Level 2, solves it
    lkpp2.enters_locally("lkpp2", PASSWORD)
    lkpp2.takes(number, {}, waiting=1)
    expect(lkpp2.form.get_by_role("radio", name="Eskalasi")).to_have_count(0)
    lkpp2.asks_back(number, INTERNAL["K2 asks L2"], of="LPSE Level 2")
    admin_sistem.answers(number, INTERNAL["L2 answers"])
    lkpp2.opens(number, tab="Tiket Proses")
    lkpp2.pictures("16-detail-lkpp2")
    lkpp2.solves(number, SOLUTION)

    # Penyedia: not yet, then yes
    penyedia.opens_tab("Daftar Tiket", waiting=1)
    penyedia.sees("Tiket butuh review Anda.", "Butuh Review Anda")
    penyedia.begins_verdict(number, "Belum, Kirim Pesan Lagi")
    penyedia.sees(SOLUTION)
    penyedia.pictures("17-verdict-penyedia")
    penyedia.rejects(number, STILL_BROKEN)
    lkpp2.begins_review(number, "Selesai")
    lkpp2.sees(STILL_BROKEN)
    lkpp2.solves(number, SECOND_SOLUTION)
    penyedia.accepts(number)

    # and the stars
    penyedia.pictures("18-rate-penyedia")
    penyedia.gives_stars(2)
    penyedia.is_refused("Saran dan masukan wajib diisi untuk penilaian 1–3 bintang.")
    assert not Rating.objects.exists()
    penyedia.gives_stars(2, ADVICE)
    penyedia.says_oke("Penilaian tidak dapat diubah setelah dikirim. Kirim penilaian?")
    penyedia.is_told("Terima kasih atas penilaian Anda.")
    assert Rating.objects.get().stars == 2

    # What each may read at the end
    ticket = Ticket.objects.get()
    assert (ticket.status, ticket.level) == ("closed", 4)
    for reader in everybody:
        reader.goes_to(ticket.get_absolute_url())
        reader.sees(QUESTION, ANSWER, SOLUTION, STILL_BROKEN, SECOND_SOLUTION)
        for secret in SECRETS:
            assert secret not in reader.page.content()
    for officer in everybody[1:]:
        officer.sees(*INTERNAL.values())
        expect(officer.page.get_by_role("link", name="Buka Data Server")).to_have_count(0)
    shown = penyedia.page.content()
    for hidden in [*INTERNAL.values(), lkpp1_user.name, "Internal, tidak terlihat"]:
        assert hidden not in shown
    penyedia.pictures("19-detail-penyedia-closed")
    lkpp2.pictures("20-detail-lkpp2-closed")
