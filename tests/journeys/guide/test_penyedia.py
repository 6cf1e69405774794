"""The pictures and the film of the Penyedia's guide, chapter by chapter."""

import pytest


@pytest.mark.film("Masuk lewat SPSE")
@pytest.mark.requirement("R9", "R10", "R11", "R12")
def test_masuk_lewat_spse(bandung, person):
    penyedia = person()
    penyedia.tells("Buka SPSE milik LPSE tempat Anda mengalami masalah, lalu pilih Login.")
    penyedia.goes_to("/spse/260/")
    penyedia.pictures("beranda-spse")
    penyedia.enters_through_spse("penyedia1")
