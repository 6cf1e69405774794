"""LPSE units: loading them from a file, and what they say about themselves."""

import csv
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError

from accounts.management.commands.load_lpse import DEFAULT_FILE
from accounts.models import Lpse, Zone
from tests.factories import make_lpse, make_user

pytestmark = pytest.mark.django_db


def load(*args):
    said = StringIO()
    call_command("load_lpse", *args, stdout=said)
    return said.getvalue()


def write(tmp_path, rows, **changes):
    """A file with rows made from those of the real one, `changes` made to its last row."""
    rows[-1].update(changes)
    path = tmp_path / "lpse.csv"
    with path.open("w", newline="") as opened:
        writer = csv.DictWriter(opened, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


@pytest.fixture
def rows():
    with DEFAULT_FILE.open(newline="") as opened:
        known = {row["kode"]: row for row in csv.DictReader(opened)}
    return [known["260"], known["17"]]


@pytest.mark.requirement("R9")
def test_the_default_file_holds_every_active_unit():
    said = load()

    assert said == "671 new, 0 changed, 0 unchanged.\n"
    assert Lpse.objects.count() == 671
    assert Lpse.objects.filter(is_active=True, public_key="").count() == 671
    ambon = Lpse.objects.get(code="654")
    assert (ambon.name, ambon.province, ambon.zone) == ("LPSE Kota Ambon", "Maluku", Zone.WIT)
    assert ambon.spse_url == "https://spse.inaproc.id/ambon"
    assert Lpse.objects.get(code="bappenas").tender_suffix == ""


def test_loading_again_changes_nothing(django_assert_max_num_queries):
    load()

    with django_assert_max_num_queries(6):
        said = load()

    assert said == "0 new, 0 changed, 671 unchanged.\n"


def test_a_newer_file_refreshes_a_unit_and_keeps_what_administrators_set(tmp_path, rows):
    load(write(tmp_path, rows))
    Lpse.objects.filter(code="17").update(public_key="kunci", is_active=False)

    said = load(write(tmp_path, rows, nama="LPSE Kota Denpasar Baru"))

    lpse = Lpse.objects.get(code="17")
    assert said == "0 new, 1 changed, 1 unchanged.\n"
    assert (lpse.name, lpse.public_key, lpse.is_active) == (
        "LPSE Kota Denpasar Baru",
        "kunci",
        False,
    )


def test_units_missing_from_the_file_are_named_and_kept(tmp_path, rows):
    old = make_lpse(name="LPSE Lama")

    said = load(write(tmp_path, rows))

    assert said == ("2 new, 0 changed, 0 unchanged.\nKnown but not in the file, kept: LPSE Lama.\n")
    assert Lpse.objects.filter(pk=old.pk).exists()


def test_units_neither_active_nor_national_are_left_out(tmp_path, rows):
    load(write(tmp_path, rows, aktif_2022="0", slug_nasional=""))

    assert [lpse.code for lpse in Lpse.objects.all()] == ["260"]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"zona": "WIBB"}, "Line 3: zona: "),
        ({"nama": ""}, "Line 3: nama: "),
        ({"nama": "x" * 121}, "Line 3: nama: "),
        ({"url_lama": "javascript:alert(1)"}, "Line 3: url_lama: "),
        ({"kode": "260"}, "Line 3: code 260 already stands in line 2."),
    ],
)
def test_a_wrong_line_is_named_and_nothing_is_changed(tmp_path, rows, changes, sentence):
    with pytest.raises(CommandError) as refused:
        load(write(tmp_path, rows, **changes))

    assert str(refused.value).startswith(sentence)
    assert Lpse.objects.count() == 0


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Line 1: missing columns "),
        ("kode,nama\n1,LPSE\n", "Line 1: missing columns aktif_2022, jenis, "),
        (None, "Line 2: not as many values as columns."),
    ],
)
def test_a_file_of_another_shape_is_refused(tmp_path, rows, text, sentence):
    path = tmp_path / "other.csv"
    path.write_text(",".join(rows[0]) + "\n1,2,3\n" if text is None else text)

    with pytest.raises(CommandError) as refused:
        load(path)

    assert str(refused.value).startswith(sentence)
    assert Lpse.objects.count() == 0


@pytest.mark.parametrize("content", [None, b"\xff\xfe\x00kode"])
def test_an_unreadable_file_is_refused(tmp_path, content):
    path = tmp_path / "lpse.csv"
    if content is not None:
        path.write_bytes(content)

    with pytest.raises(CommandError, match="cannot be read"):
        load(path)


@pytest.mark.parametrize(
    ("zone", "name"),
    [("WIB", "Asia/Jakarta"), ("WITA", "Asia/Makassar"), ("WIT", "Asia/Jayapura")],
)
def test_an_lpse_has_the_clock_of_its_zone(zone, name):
    assert make_lpse(zone=zone).tzinfo.key == name


@pytest.mark.requirement("R37")
@pytest.mark.parametrize(
    ("code", "suffix"), [("17", "017"), ("260", "260"), ("1017", ""), ("x", "")]
)
def test_a_tender_code_ends_with_the_code_of_its_lpse(code, suffix):
    assert Lpse(code=code).tender_suffix == suffix


@pytest.mark.requirement("R13")
@pytest.mark.parametrize(
    ("role", "has_lpse"),
    [("penyedia", False), ("lpse_l1", False), ("lkpp_l1", True), ("", True)],
)
def test_the_database_keeps_roles_and_lpse_together(role, has_lpse):
    user = make_user("penyedia")

    with pytest.raises(IntegrityError, match="user_lpse_fits_role"):
        type(user).objects.filter(pk=user.pk).update(
            role=role, lpse=user.lpse if has_lpse else None
        )


@pytest.mark.requirement("R9")
@pytest.mark.parametrize("typed", ["kota ambon", "AMBON", "ambon maluku", " ambon "])
def test_reporters_find_the_spse_of_their_lpse(client, typed):
    make_lpse(
        name="LPSE Kota Ambon", province="Maluku", national_url="https://spse.inaproc.id/ambon"
    )
    make_lpse(name="LPSE Kota Tual", province="Maluku")

    page = client.get("/masuk/lpse/", {"lpse": typed})

    assert [lpse.name for lpse in page.context["found"]] == ["LPSE Kota Ambon"]
    assert 'href="https://spse.inaproc.id/ambon"' in page.text


@pytest.mark.parametrize("typed", ["", "   ", "\0", "tidak ada", "%", "x" * 5000])
def test_a_search_for_an_lpse_without_result_says_so(client, typed):
    make_lpse()

    page = client.get("/masuk/lpse/", {"lpse": typed})

    assert page.status_code == 200
    assert list(page.context["found"]) == []
    assert ("Tidak ada LPSE yang sesuai" in page.text) is bool(typed.strip(" \0"))


def test_inactive_lpse_are_not_found(client):
    make_lpse(name="LPSE Kota Lama", is_active=False)

    page = client.get("/masuk/lpse/", {"lpse": "Kota Lama"})

    assert page.context["found"] == []


def test_a_long_result_is_cut_and_says_so(client):
    for number in range(21):
        make_lpse(name=f"LPSE Uji {number:02d}")

    page = client.get("/masuk/lpse/", {"lpse": "uji"})

    assert len(page.context["found"]) == 20
    assert "Hanya 20 hasil pertama" in page.text
