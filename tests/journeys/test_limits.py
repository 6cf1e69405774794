"""People who are too fast for a limit read when to come again, and lose nothing (R14)."""

import pytest
from playwright.sync_api import expect

from tests.cast import Cast
from tests.journeys import samples
from tickets.models import Draft, Ticket


@pytest.fixture
def penyedia(bandung, person):
    cast = Cast(bandung)
    cast.penyedia.identity_number = "0012345674441000"
    cast.penyedia.save()
    return person().is_already_in(cast.penyedia)


def test_who_sent_too_many_tickets_keeps_text_and_files_and_is_told_when(penyedia, watch, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"ticket": (0, 3600)}
    watch.expects(429)
    penyedia.goes_to("/tiket/buat/")
    penyedia.describes("Tidak bisa unggah dokumen", "Berhenti di 99%.")
    penyedia.attaches(samples.text())
    penyedia.submits("Kirim")

    penyedia.says_oke()

    penyedia.sees("Kirim lagi dalam 60 menit.")
    expect(penyedia.form.get_by_label("Judul")).to_have_value("Tidak bisa unggah dokumen")
    expect(penyedia.kept_files).to_have_count(1)
    assert Ticket.objects.count() == 0

    settings.RATE_LIMITS = settings.RATE_LIMITS | {"ticket": (9, 3600)}
    penyedia.submits("Kirim")
    penyedia.says_oke()

    penyedia.is_told_the_number()
    assert Ticket.objects.count() == 1


def test_who_sent_too_many_files_keeps_those_that_arrived(penyedia, watch, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"upload": (1, 600)}
    watch.expects(429)
    penyedia.goes_to("/tiket/buat/")
    penyedia.describes("Tidak bisa unggah dokumen", "Berhenti di 99%.")
    penyedia.attaches(samples.text(), samples.text("lain.txt", "Isi lain."))
    penyedia.submits("Kirim")

    penyedia.says_oke()

    penyedia.sees("Terlalu banyak file dalam waktu singkat. Coba lagi dalam 10 menit.")
    expect(penyedia.form.get_by_label("Judul")).to_have_value("Tidak bisa unggah dokumen")
    expect(penyedia.kept_files).to_have_count(1)
    assert (Ticket.objects.count(), Draft.objects.count()) == (0, 1)
