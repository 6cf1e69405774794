"""Cari Tiket in a browser: mistakes are told before sending, and all of it works without script."""

import random

import pytest
from playwright.sync_api import expect

from tests.cast import Cast, send_ticket, ticket_at
from tickets import numbers
from tickets.models import LookupFailure

UNKNOWN = "LS26-384-267-376-5"
MISTYPED = "Nomor tiket tidak lengkap atau salah ketik. Contoh: LS26-384-267-376-5."
MISSING = "Tiket tidak ditemukan. Periksa kembali nomor tiket."


@pytest.fixture
def cast(bandung):
    return Cast(bandung)


def types(visitor, text):
    visitor.page.get_by_label("Nomor Tiket", exact=True).fill(text)
    visitor.page.get_by_role("button", name="Cari").click()


@pytest.mark.requirement("R125", "R126", "R128")
def test_a_stranger_looks_for_a_ticket(cast, person, watch):
    ticket, other = ticket_at(cast, "in_progress", 3), ticket_at(cast, "closed", 2)
    visitor = person()
    field = visitor.page.get_by_label("Nomor Tiket", exact=True)
    error = visitor.page.get_by_role("alert").filter(visible=True)

    # From the sign-in page, with a slip that is told at the field; nothing was sent
    visitor.goes_to("/akun/login/")
    visitor.menu("Cari Tiket").click()
    visitor.is_at("Cari Tiket")
    expect(error).to_have_count(0)
    types(visitor, f"{str(ticket)[:-1]}{(int(str(ticket)[-1]) + 1) % 10}")
    expect(error).to_have_text(MISTYPED)
    expect(field).to_be_focused()
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_accessible_description(
        f"Contoh: {UNKNOWN}. Tanda hubung boleh dihilangkan. {MISTYPED}"
    )
    assert visitor.page.url.endswith("/cari-tiket/")
    visitor.pictures("01-mistyped")

    # The error goes as soon as the number is touched; an empty field is told in the same words
    field.fill("LS26")
    expect(error).to_have_count(0)
    types(visitor, "")
    expect(error).to_have_text(MISTYPED)
    assert LookupFailure.objects.count() == 0

    # The right number, spelled as heard on the phone
    types(visitor, str(ticket).lower().replace("-", " ").removeprefix("ls"))
    visitor.page.wait_for_url(f"**/lacak-tiket/{ticket}/")
    visitor.sees(str(ticket), "Diproses LKPP Level 1", "LPSE Kota Bandung", "Riwayat Tiket")
    expect(visitor.page.locator('[aria-current="step"]')).to_contain_text("LKPP Level 1")
    visitor.pictures("02-found")

    # And another one from the result (R126)
    expect(field).to_have_value(str(ticket))
    types(visitor, str(other))
    visitor.page.wait_for_url(f"**/lacak-tiket/{other}/")
    visitor.sees("Selesai", "Ditutup")

    # A number of no ticket; the fifth closes the page for a while
    watch.expects(404, 429)
    for _ in range(5):
        types(visitor, UNKNOWN)
        expect(error).to_contain_text(MISSING)
    visitor.pictures("03-missing")
    types(visitor, str(ticket))
    expect(error).to_contain_text("Terlalu banyak pencarian yang gagal. Coba lagi dalam 10 menit.")
    expect(error).to_be_focused()
    visitor.pictures("04-enough")


@pytest.mark.requirement("R125", "R126", "R128")
def test_the_look_up_needs_no_javascript(cast, person, watch):
    ticket = send_ticket(cast.penyedia)
    visitor = person(java_script_enabled=False)
    watch.expects(404)

    visitor.goes_to("/cari-tiket/")
    types(visitor, "LS26-384-267-376-6")
    visitor.sees(MISSING)
    expect(visitor.page.get_by_label("Nomor Tiket", exact=True)).to_have_value("LS26-384-267-376-6")
    types(visitor, ticket.number)

    visitor.sees(str(ticket), "Menunggu Helpdesk LPSE", "Belum diklasifikasikan")


@pytest.mark.requirement("R126")
def test_the_reporter_goes_on_to_the_whole_ticket(cast, person):
    ticket = send_ticket(cast.penyedia, title="Tidak bisa login")
    reporter = person().is_already_in(cast.penyedia)

    reporter.goes_to(f"/lacak-tiket/{ticket}/")
    reporter.follows("Buka tiket lengkap")

    reporter.is_at("Tidak bisa login")


def spellings():
    """Numbers as people write them, right and wrong, and what only looks like one."""
    draw = random.Random(26)
    for _ in range(200):
        number = numbers.spoken(numbers.new_number(2026))
        yield number
        yield number.replace("-", draw.choice(["", " ", "–", "—", ".", "- "]))
        yield number.lower().removeprefix("ls")
        yield number.replace("0", "O").replace("1", draw.choice("lIi"))
        place = draw.randrange(2, len(number))
        yield number[:place] + draw.choice("0123456789") + number[place + 1 :]
        yield number[:place] + number[place + 1 :]
        yield number[: place - 1] + number[place - 1 : place + 1][::-1] + number[place + 1 :]
    yield from ("", " ", "LS", "LSLS263842673765", "２６３８４２６７３７６５", "0" * 12, "0" * 65)
    yield from ("LS26-384-267-376-5" + " " * 46, "LS26-384-267-376-5" + " " * 47, "😀" * 33)


@pytest.mark.requirement("R128")
def test_the_browser_judges_every_spelling_like_the_server(bandung, person):
    typed = [*spellings()]
    page = person().goes_to("/cari-tiket/").page

    accepted = page.evaluate(
        """(typed) => {
          const form = document.querySelector("form[data-lookup]");
          return typed.map((text) => {
            form.elements.nomor.value = text;
            return form.dispatchEvent(new Event("submit", { cancelable: true }));
          });
        }""",
        typed,
    )

    assert dict(zip(typed, accepted, strict=True)) == {text: is_number(text) for text in typed}
    assert 0 < sum(accepted) < len(typed)


def is_number(text):
    try:
        return bool(numbers.parse(text))
    except ValueError:
        return False
