"""Small things that make long days and worried minutes easier, each as a person meets it."""

import re

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import expect

from accounts.roles import Role
from tests.cast import Cast, send_ticket, ticket_at
from tests.factories import PASSWORD, make_user
from tests.journeys import samples
from tickets.models import Attachment, Draft, Event, Ticket


@pytest.fixture
def cast(bandung):
    return Cast(bandung)


@pytest.fixture
def penyedia(cast, person):
    cast.penyedia.identity_number = "0012345674441000"
    cast.penyedia.save()
    return person().is_already_in(cast.penyedia)


@pytest.fixture
def helpdesk(cast, person):
    return person().is_already_in(cast.helpdesk)


def chosen(person):
    return person.form.get_by_role("list", name="File yang dipilih").get_by_role("listitem")


def announced(person, sentence):
    expect(person.page.locator("[data-announcer]")).to_have_text(sentence)


# The form of a new ticket


@pytest.mark.requirement("R26")
def test_the_counter_says_how_much_is_left_after_a_pause_and_marks_too_much(penyedia):
    page = penyedia.page
    page.clock.install()
    penyedia.goes_to("/tiket/buat/")
    title = penyedia.form.get_by_label("Judul")
    counter = penyedia.form.locator(".counter").first

    title.fill("a" * 92 + "  ")
    expect(counter).to_have_text("92/100")
    announced(penyedia, "")
    page.clock.run_for(1500)
    announced(penyedia, "Tersisa 8 karakter.")
    title.fill("a" * 103)
    page.clock.run_for(1500)

    announced(penyedia, "Kelebihan 3 karakter.")
    expect(counter).to_have_text("103/100, kelebihan 3")
    expect(title).to_have_attribute("aria-invalid", "true")
    title.fill("a" * 100)
    expect(title).not_to_have_attribute("aria-invalid", "true")


@pytest.mark.requirement("R29")
def test_chosen_files_are_listed_added_to_and_taken_off_before_they_are_sent(penyedia):
    penyedia.goes_to("/tiket/buat/")
    penyedia.describes("Tidak bisa unggah dokumen", "Berhenti di 99%.")

    penyedia.attaches(samples.text("satu.txt"), samples.png("dua.png"))
    penyedia.attaches(samples.text("tiga.txt"), samples.program())
    expect(chosen(penyedia)).to_have_text(
        [
            re.compile(name)
            for name in (r"satu\.txt \d+ byte", r"dua\.png", r"tiga\.txt", r"\.exe.*Format")
        ]
    )
    penyedia.takes_off("perbaikan.exe")
    penyedia.takes_off("satu.txt")
    expect(chosen(penyedia)).to_have_count(2)
    expect(penyedia.page.get_by_role("alert")).to_have_count(0)
    penyedia.pictures("chosen-files")

    penyedia.submits("Kirim")
    penyedia.says_oke()
    number = penyedia.is_told_the_number()
    assert [file.name for file in Attachment.objects.all()] == ["dua.png", "tiga.txt"]
    assert str(Ticket.objects.get()) == number


@pytest.mark.requirement("R29")
def test_a_large_file_shows_its_progress_and_may_be_cancelled(penyedia):
    penyedia.goes_to("/tiket/buat/")
    penyedia.describes("Tidak bisa unggah dokumen", "Berhenti di 99%.")
    penyedia.attaches(samples.text("satu.txt"), samples.text("dua.txt", "isi " * 500_000))
    network = penyedia.page.context.new_cdp_session(penyedia.page)
    slow = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": 400_000}
    penyedia.submits("Kirim")
    penyedia.is_asked()
    network.send("Network.emulateNetworkConditions", slow)
    penyedia.page.get_by_role("button", name="Oke", exact=True).click()

    sending = penyedia.page.get_by_role("dialog", name="Mengirim file")
    expect(sending).to_contain_text("File 2 dari 2: dua.txt")
    expect(sending.get_by_role("progressbar")).to_be_visible()
    expect(sending).to_contain_text(re.compile(r"[1-9]\d*%"))
    penyedia.pictures("sending")
    sending.get_by_role("button", name="Batalkan pengiriman").click()
    expect(sending).to_be_hidden()
    penyedia.says_batal()
    expect(chosen(penyedia)).to_have_count(2)
    assert not Ticket.objects.exists()

    # what the server has already goes from there too
    penyedia.takes_off("satu.txt")
    expect(chosen(penyedia)).to_have_count(1)
    assert not Draft.objects.exists()
    network.send("Network.emulateNetworkConditions", slow | {"uploadThroughput": -1})
    penyedia.submits("Kirim")
    penyedia.says_oke()
    penyedia.is_told_the_number()
    assert [file.name for file in Attachment.objects.all()] == ["dua.txt"]


@pytest.mark.requirement("R14", "R29")
def test_a_server_that_cannot_store_leaves_the_form_as_it_is(penyedia, watch):
    """What the server itself says then, and without script, is in tests/drills."""
    penyedia.goes_to("/tiket/buat/")
    penyedia.describes("Tidak bisa unggah dokumen", "Berhenti di 99%.")
    penyedia.attaches(samples.text("satu.txt"))

    watch.expects(503)
    for asked in ("periksa", "unggah"):  # before the pop-up, and when the files go ahead
        penyedia.page.route("**/tiket/buat/", away_for(asked))
        penyedia.submits("Kirim")
        if asked == "unggah":
            penyedia.says_oke()
        penyedia.is_refused("Sistem sedang tidak dapat menyimpan.")
        penyedia.page.unroute("**/tiket/buat/")
    expect(chosen(penyedia)).to_have_count(1)

    penyedia.submits("Kirim")
    penyedia.says_oke()
    penyedia.is_told_the_number()


def away_for(asked):
    """Answers 503 to the posts that ask for this, and lets the others pass."""

    def answer(route):
        is_meant = f'name="{asked}"'.encode() in (route.request.post_data_buffer or b"")
        route.fulfill(status=503, body="") if is_meant else route.continue_()

    return answer


@pytest.mark.requirement("R14", "R29")
def test_a_lost_network_loses_neither_text_nor_files(penyedia, watch):
    penyedia.goes_to("/tiket/buat/")
    penyedia.describes("Tidak bisa unggah dokumen", "Berhenti di 99%.")
    penyedia.attaches(samples.text("satu.txt"))
    context = penyedia.page.context

    watch.expects_no_network()
    context.set_offline(True)
    penyedia.submits("Kirim")
    penyedia.is_refused("Tidak ada koneksi internet. Belum ada yang terkirim")
    penyedia.pictures("offline")
    context.set_offline(False)
    penyedia.submits("Kirim")
    penyedia.is_asked()
    context.set_offline(True)
    penyedia.page.get_by_role("button", name="Oke", exact=True).click()
    penyedia.is_refused("Tidak ada koneksi internet. Belum ada yang terkirim")
    context.set_offline(False)
    expect(chosen(penyedia)).to_have_count(1)

    penyedia.submits("Kirim")
    penyedia.says_oke()
    penyedia.is_told_the_number()
    assert [file.name for file in Attachment.objects.all()] == ["satu.txt"]


@pytest.mark.requirement("R14", "R29")
def test_a_session_lost_while_files_are_sent_keeps_texts_and_ticks(cast, person):
    make_user(Role.LKPP_L1, username="lkpp1")
    ticket = ticket_at(cast, level=3)
    officer = person().enters_locally("lkpp1", PASSWORD)
    officer.takes(str(ticket), {}, waiting=1)
    officer.chooses("Butuh Feedback")
    officer.form.get_by_role("radio", name="LPSE Level 2").check()
    officer.form.get_by_label("Prioritas").select_option(label="Kritis")
    officer.writes("Sudah diperiksa di server?")
    officer.attaches(samples.text())
    officer.submits("Kirim Review")
    officer.is_asked()
    Session.objects.all().delete()
    officer.page.get_by_role("button", name="Oke", exact=True).click()

    officer.is_at("Masuk ke LPSE Support")
    officer.logs_in("lkpp1", PASSWORD)
    officer.is_at(ticket.title)
    officer.is_told("Isian Anda yang belum terkirim dipulihkan. File harus dipilih lagi.")
    expect(officer.form.get_by_role("radio", name=re.compile("^Butuh Feedback"))).to_be_checked()
    expect(officer.form.get_by_role("radio", name="LPSE Level 2")).to_be_checked()
    expect(officer.form.get_by_label("Prioritas")).to_have_value("4")
    expect(officer.form.get_by_label("Pesan")).to_have_value("Sudah diperiksa di server?")
    officer.pictures("restored")
    assert not Event.objects.filter(action="ask").exists()


# Texts that are kept


def kept(person):
    return person.page.evaluate(
        "Object.entries(localStorage).filter(([key]) => key.startsWith('ketikan:')).join()"
    )


@pytest.mark.requirement("R86")
def test_a_text_outlives_its_tab_until_it_is_thrown_away(cast, helpdesk):
    ticket = ticket_at(cast, "in_progress")
    form = f"{ticket.get_absolute_url()}review/"
    helpdesk.goes_to(form)
    helpdesk.writes("Setengah jadi")
    first = helpdesk.page

    helpdesk.page = first.context.new_page()
    first.close()
    helpdesk.goes_to(form)
    helpdesk.is_told("Isian Anda yang belum terkirim dipulihkan.")
    expect(helpdesk.form.get_by_label("Pesan")).to_have_value("Setengah jadi")

    helpdesk.page.get_by_role("button", name="Buang").click()
    expect(helpdesk.form.get_by_label("Pesan")).to_have_value("")
    assert kept(helpdesk) == ""


@pytest.mark.requirement("R86", "R105")
def test_a_sent_text_is_forgotten_and_data_server_never_kept(cast, person):
    ticket = ticket_at(cast, "in_progress", level=2)
    officer = person().is_already_in(cast.admin_sistem)
    officer.goes_to(f"{ticket.get_absolute_url()}review/")
    officer.chooses("Eskalasi")
    officer.writes("Mohon dibantu.")
    officer.form.get_by_label("Username Server").fill("akar")
    officer.form.get_by_label("Password Server").fill("sandi-server")

    assert "Mohon dibantu." in kept(officer)
    assert not {"akar", "sandi-server"} & set(re.findall(r"[\w-]+", kept(officer)))
    officer.chooses("Selesai")
    officer.submits("Kirim Review")
    officer.says_oke()
    officer.is_told("Review berhasil dikirim.")
    assert kept(officer) == ""


@pytest.mark.requirement("R15")
def test_texts_are_forgotten_at_logout_by_others_and_after_a_day(cast, person):
    colleague = make_user(Role.LPSE_L1, cast.lpse)
    ticket = ticket_at(cast, "in_progress")
    officer = person().is_already_in(cast.helpdesk)
    form = f"{ticket.get_absolute_url()}review/"

    def types():
        officer.goes_to(form)
        officer.writes("Rahasia")
        assert "Rahasia" in kept(officer)

    types()
    officer.leaves()
    assert kept(officer) == ""

    officer.is_already_in(cast.helpdesk)
    types()
    officer.is_already_in(colleague).goes_to("/")
    assert kept(officer) == ""

    officer.is_already_in(cast.helpdesk)
    types()
    officer.page.clock.install()
    officer.page.clock.fast_forward("25:00:00")
    officer.goes_to("/")
    assert kept(officer) == ""


# An officer's day


@pytest.mark.requirement("R20")
def test_counters_renew_themselves_while_the_page_is_seen(cast, helpdesk, watch):
    page = helpdesk.page
    page.clock.install()
    helpdesk.goes_to("/tiket/baru/")
    expect(page).to_have_title("Tiket Baru – LPSE Support")

    send_ticket(cast.penyedia)
    send_ticket(cast.penyedia)
    page.clock.run_for(31_000)
    expect(helpdesk.tab("Tiket Baru")).to_have_accessible_name("Tiket Baru 2 menunggu Anda")
    expect(helpdesk.menu("Tiket")).to_have_accessible_name("Tiket 2 menunggu Anda")
    expect(page).to_have_title("(2) Tiket Baru – LPSE Support")
    page.clock.run_for(100)
    announced(helpdesk, "2 tiket baru.")

    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.evaluate("Object.defineProperty(document, 'hidden', {value: true, configurable: true})")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    page.clock.run_for(120_000)
    assert asked == []

    send_ticket(cast.penyedia)
    page.evaluate("Object.defineProperty(document, 'hidden', {value: false, configurable: true})")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(page).to_have_title("(3) Tiket Baru – LPSE Support")

    watch.expects(401)
    Session.objects.all().delete()
    with page.expect_response("**/tiket/hitungan/") as lost:
        page.clock.run_for(31_000)
    assert lost.value.status == 401
    asked.clear()
    page.clock.run_for(120_000)
    assert asked == []
    expect(helpdesk.tab("Tiket Baru")).to_be_visible()


@pytest.mark.requirement("R42", "R86")
def test_from_a_filtered_list_through_a_finished_step_to_the_next_ticket_and_back(cast, helpdesk):
    done, following = (ticket_at(cast, "in_progress", title=title) for title in ("Satu", "Dua"))
    helpdesk.goes_to("/tiket/proses/?prioritas=2")

    helpdesk.row(str(done)).get_by_role("link", name=re.compile("^Review")).click()
    helpdesk.chooses("Selesai")
    helpdesk.writes("Silakan dicoba.")
    helpdesk.submits("Kirim Review")
    helpdesk.says_oke()
    helpdesk.is_told("Review berhasil dikirim.")
    helpdesk.pictures("next-ticket")
    offer = helpdesk.page.get_by_role("complementary", name="Tiket berikutnya")
    offer.get_by_role("link", name=f"{following} Dua").click()
    helpdesk.is_at("Dua")
    helpdesk.goes_back()

    row = helpdesk.page.get_by_role("link", name=str(following), exact=True)
    expect(row).to_be_focused()
    assert "/tiket/proses/?prioritas=2#" in helpdesk.page.url


@pytest.mark.requirement("R42", "R79")
def test_without_script_kembali_leads_to_the_filtered_list_too(cast, person):
    ticket = ticket_at(cast, "in_progress")
    officer = person(java_script_enabled=False).is_already_in(cast.helpdesk)
    officer.goes_to("/tiket/proses/?prioritas=2")

    officer.page.get_by_role("link", name=str(ticket), exact=True).click()
    officer.follows(re.compile("^Review"))
    officer.page.get_by_role("link", name="Kembali", exact=True).last.click()
    officer.goes_back()

    assert "/tiket/proses/?prioritas=2#" in officer.page.url
    for name in ("Salin nomor", "Pintasan"):
        expect(officer.page.get_by_role("button", name=name)).to_have_count(0)


def test_keys_lead_through_lists_and_tickets(cast, helpdesk):
    first, second = send_ticket(cast.penyedia), send_ticket(cast.penyedia)
    page, press = helpdesk.page, helpdesk.page.keyboard.press
    helpdesk.goes_to("/tiket/baru/?cari=login")

    press("j")
    expect(page.get_by_role("link", name=str(first), exact=True)).to_be_focused()
    press("ArrowDown")
    expect(page.get_by_role("link", name=str(second), exact=True)).to_be_focused()
    press("k")
    press("a")
    expect(page.get_by_role("dialog", name="Ambil Tiket")).to_be_visible()
    press("g")
    press("p")  # nothing while a pop-up is open
    helpdesk.page.get_by_role("button", name="Ambil Tiket", exact=True).focus()
    press("Escape")
    press("o")
    helpdesk.is_at(first.title)
    press("u")
    expect(page.get_by_role("link", name=str(first), exact=True)).to_be_focused()
    press("/")
    expect(page.get_by_label("Cari", exact=True)).to_be_focused()
    press("j")
    expect(page.get_by_label("Cari", exact=True)).to_have_value("j")
    page.get_by_label("Cari", exact=True).blur()
    press("Control+g")
    press("g")
    press("p")
    expect(helpdesk.tab("Tiket Proses")).to_have_attribute("aria-current", "page")


def test_the_list_of_keys_opens_closes_and_switches_them_off(cast, helpdesk):
    page, press = helpdesk.page, helpdesk.page.keyboard.press
    send_ticket(cast.penyedia)
    helpdesk.goes_to("/tiket/baru/")
    keys = page.get_by_role("dialog", name="Pintasan papan ketik")

    press("j")
    press("?")
    expect(keys).to_be_visible()
    expect(keys.get_by_role("heading")).to_be_focused()
    helpdesk.pictures("keys")
    press("Escape")
    expect(keys).to_be_hidden()
    expect(page.locator("a.no").first).to_be_focused()

    page.get_by_role("button", name="Pintasan").click()
    keys.get_by_label("Aktifkan pintasan di browser ini").uncheck()
    keys.get_by_role("button", name="Tutup").click()
    expect(page.get_by_role("button", name="Pintasan")).to_be_focused()
    press("?")
    press("g")
    press("p")
    expect(keys).to_be_hidden()
    helpdesk.goes_to("/tiket/proses/")
    press("?")
    expect(keys).to_be_hidden()


@pytest.mark.requirement("R33", "R127")
def test_the_number_is_copied_and_that_is_said(cast, person):
    ticket = ticket_at(cast, "in_progress")
    reporter = person(permissions=["clipboard-write"])
    reporter.is_already_in(cast.penyedia).goes_to(ticket.get_absolute_url())

    reporter.page.get_by_role("button", name="Salin nomor").click()

    announced(reporter, f"Nomor tiket {ticket} tersalin.")
    expect(reporter.page.get_by_role("button", name="Tersalin")).to_be_visible()
    # no script of ours may read what others copied, so it is pasted
    field = reporter.goes_to("/cari-tiket/").page.get_by_label("Nomor Tiket", exact=True)
    field.press("ControlOrMeta+v")
    expect(field).to_have_value(str(ticket))
