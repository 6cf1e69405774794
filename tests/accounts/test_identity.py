"""NPWP and NIP: what stops a form, what only warns (R25, R26)."""

import pytest
from django.core.exceptions import ValidationError

from accounts import identity


@pytest.mark.requirement("R25")
@pytest.mark.parametrize(
    ("typed", "digits"),
    [
        ("01.234.567.4-441.000", "012345674441000"),
        (" 0012 3456 7444 1000 ", "0012345674441000"),
        ("012345674441000\u200b", "012345674441000"),
        ("3273011203780001", "3273011203780001"),
    ],
)
def test_an_npwp_is_accepted_in_every_spelling(typed, digits):
    assert identity.clean_npwp(typed) == digits


@pytest.mark.requirement("R25")
@pytest.mark.parametrize(
    "typed",
    [
        "",
        None,
        "01234567444100",
        "00012345674441000",
        "abcdefghijklmno",
        "٠١٢٣٤٥٦٧٤٤٤١٠٠٠",
        "²" * 15,
    ],
)
def test_an_npwp_of_another_length_is_refused(typed):
    with pytest.raises(ValidationError) as refused:
        identity.clean_npwp(typed)

    assert refused.value.messages == ["NPWP harus 15 atau 16 digit."]


@pytest.mark.requirement("R25")
@pytest.mark.parametrize("digits", ["012345674441000", "0012345674441000", "3273011203780001"])
def test_a_fitting_npwp_gives_no_warning(digits):
    assert identity.npwp_warning(digits) == ""


@pytest.mark.requirement("R25")
@pytest.mark.parametrize("digits", ["012345675441000", "0012345675441000"])
def test_a_failing_check_digit_only_warns(digits):
    warning = identity.npwp_warning(identity.clean_npwp(digits))

    assert warning == "NPWP tampaknya salah ketik. Periksa kembali."


@pytest.mark.requirement("R26")
@pytest.mark.parametrize(
    ("typed", "digits"),
    [
        ("19860926 201505 1 001", "198609262015051001"),
        ("199001012022211002", "199001012022211002"),  # PPPK: 21 is no month
    ],
)
def test_a_nip_is_accepted(typed, digits):
    assert identity.clean_nip(typed) == digits


@pytest.mark.requirement("R26")
@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "NIP harus 18 digit angka."),
        ("19860926201505100", "NIP harus 18 digit angka."),
        ("1986092620150510011", "NIP harus 18 digit angka."),
        ("198609262015O51001", "NIP harus 18 digit angka."),
        ("198602302015051001", "Tanggal lahir pada NIP tidak valid."),
        ("186609262015051001", "Tanggal lahir pada NIP tidak valid."),
        ("202509262025051001", "Tanggal lahir pada NIP tidak valid."),
        ("198609262015053001", "NIP tidak valid: digit ke-15 harus 1 atau 2."),
    ],
)
def test_an_impossible_nip_is_refused(typed, sentence):
    with pytest.raises(ValidationError) as refused:
        identity.clean_nip(typed)

    assert refused.value.messages == [sentence]


@pytest.mark.parametrize(
    ("digits", "shown"),
    [
        ("012345674441000", "01.234.567.4-441.000"),
        ("0012345674441000", "0012 3456 7444 1000"),
        ("198609262015051001", "19860926 201505 1 001"),
        ("", ""),
    ],
)
def test_numbers_are_shown_in_their_parts(digits, shown):
    assert identity.spaced(digits) == shown


def test_names_and_numbers_are_masked_as_lkpp_masks_them():
    assert identity.masked_name("Yohana Tandiari") == "Y***** T*******"
    assert identity.masked_name("CV Karya Utama") == "CV K**** U****"
    assert identity.masked_number("198609262015051001") == "***************001"
    assert identity.masked_number("") == ""
