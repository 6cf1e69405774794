"""A newer file of LPSE units, taken over by an administrator."""

import csv
import io

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.management.commands.load_lpse import DEFAULT_FILE
from accounts.models import Lpse
from tests.factories import make_lpse, make_user

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.ignore_template_errors,
    pytest.mark.requirement("R134"),
]
UPLOAD = "/admin/accounts/lpse/impor/"


@pytest.fixture
def clerk():
    user = make_user("", is_staff=True)
    user.groups.add(Group.objects.get(name="Administrator"))
    return user


@pytest.fixture
def client(clerk):
    client = Client()
    client.force_login(clerk)
    return client


def rows(*codes):
    with DEFAULT_FILE.open(newline="") as opened:
        known = {row["kode"]: row for row in csv.DictReader(opened)}
    return [known[code] for code in codes]


def text(lines, delimiter=","):
    output = io.StringIO()
    writer = csv.DictWriter(output, fieldnames=list(lines[0]), delimiter=delimiter)
    writer.writeheader()
    writer.writerows(lines)
    return output.getvalue()


def upload(client, content, name="lpse-2027.csv"):
    """The report, as the browser shows it after the upload."""
    content = content.encode() if isinstance(content, str) else content
    return client.post(UPLOAD, {"file": SimpleUploadedFile(name, content)}, follow=True)


def apply(client, report):
    url = report.request["PATH_INFO"]
    return client.post(url, {"fingerprint": report.context["comparison"].fingerprint}, follow=True)


def told(page):
    return [str(message) for message in page.context["messages"]]


@pytest.fixture
def bandung():
    """Known with another name and address than in the file; connected, and switched off."""
    return make_lpse(
        code="260", name="LPSE Bandung Lama", kind="kota", zone="WIB", region_code="32.73",
        own_url="http://lama.example.id", national_url="https://spse.inaproc.id/bandung",
        spse_version=rows("260")[0]["versi_spse_2022"], public_key="kunci", is_active=False,
    )  # fmt: skip


def test_the_report_tells_new_changed_unchanged_and_missing_and_changes_nothing(client, bandung):
    missing = make_lpse(name="LPSE Tanpa Baris")
    report = upload(client, text(rows("17")))
    apply(client, report)

    report = upload(client, text(rows("260", "17", "654")))

    comparison = report.context["comparison"]
    assert [lpse.code for lpse in comparison.new] == ["654"]
    assert [(known.code, [tuple(d) for d in found]) for known, _, found in comparison.changed] == [
        (
            "260",
            [
                ("nama", "LPSE Bandung Lama", "LPSE Kota Bandung"),
                ("alamat SPSE sendiri", "http://lama.example.id", rows("260")[0]["url_lama"]),
            ],
        )
    ]
    assert (comparison.unchanged, comparison.missing) == (1, [missing])
    for words in ("LPSE Bandung Lama", "LPSE Kota Bandung", "LPSE Kota Ambon", "LPSE Tanpa Baris"):
        assert words in report.text
    bandung.refresh_from_db()
    assert bandung.name == "LPSE Bandung Lama"
    assert not Lpse.objects.filter(code="654").exists()


def test_taking_over_does_what_was_shown_and_is_remembered(client, clerk, bandung):
    page = apply(client, upload(client, text(rows("260", "654"))))

    bandung.refresh_from_db()
    assert told(page) == ["1 LPSE ditambahkan dan 1 LPSE diubah."]
    assert (bandung.name, bandung.public_key, bandung.is_active) == (
        "LPSE Kota Bandung",
        "kunci",
        False,
    )
    ambon = Lpse.objects.get(code="654")
    entries = LogEntry.objects.filter(user=clerk)
    assert {entry.object_id: entry.get_change_message() for entry in entries} == {
        str(ambon.pk): "Impor file lpse-2027.csv.",
        str(bandung.pk): (
            "Impor file lpse-2027.csv. nama: LPSE Bandung Lama → LPSE Kota Bandung. alamat SPSE "
            f"sendiri: http://lama.example.id → {rows('260')[0]['url_lama']}."
        ),
    }
    history = client.get(reverse("admin:accounts_lpse_history", args=[bandung.pk])).text
    assert "LPSE Bandung Lama → LPSE Kota Bandung" in history


def test_the_whole_file_costs_few_queries(client, django_assert_max_num_queries):
    with django_assert_max_num_queries(15):
        report = upload(client, DEFAULT_FILE.read_bytes())
    with django_assert_max_num_queries(25):  # and the list it leads to
        page = apply(client, report)

    assert told(page) == ["671 LPSE ditambahkan dan 0 LPSE diubah."]


def test_nothing_is_taken_over_when_the_data_moved_meanwhile(client, bandung):
    report = upload(client, text(rows("260")))
    Lpse.objects.filter(pk=bandung.pk).update(name="LPSE Bandung Lain")

    page = apply(client, report)

    bandung.refresh_from_db()
    assert bandung.name == "LPSE Bandung Lain"
    assert told(page)[0].startswith("Data LPSE berubah sejak laporan dibuat")
    assert "LPSE Bandung Lain" in page.text
    assert told(apply(client, page)) == ["0 LPSE ditambahkan dan 1 LPSE diubah."]


def test_a_second_click_says_that_it_is_done(client):
    report = upload(client, text(rows("17")))

    apply(client, report)
    again = apply(client, report)

    assert told(again) == ["Data LPSE sudah sama dengan isi file."]
    assert LogEntry.objects.count() == 1


@pytest.mark.parametrize("fingerprint", [None, "", "-", "x" * 10000])
def test_nothing_is_taken_over_that_nobody_has_seen(client, fingerprint):
    report = upload(client, text(rows("17")))
    data = {} if fingerprint is None else {"fingerprint": fingerprint}

    client.post(report.request["PATH_INFO"], data)

    assert not Lpse.objects.exists()


def test_a_file_waits_for_its_uploader_alone(client):
    report = upload(client, text(rows("17")))
    other = Client()
    other.force_login(make_user("", is_staff=True, is_superuser=True))

    page = other.get(report.request["PATH_INFO"], follow=True)

    assert told(page) == ["File sudah tidak tersimpan. Unggah lagi."]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"zona": "WIBB"}, "Baris 3: zona: "),
        ({"nama": ""}, "Baris 3: nama: "),
        ({"nama": "a\0b"}, "Baris 3: nama: "),
        ({"nama": "x" * 10000}, "Baris 3: nama: "),
        ({"kode": "260"}, "Baris 3: kode 260 sudah ada di baris 2."),
        ({"url_lama": "javascript:alert(1)"}, "Baris 3: url_lama: "),
    ],
)
def test_every_wrong_line_is_named_and_nothing_can_be_taken_over(client, change, sentence):
    lines = rows("260", "17", "654")
    lines[1] |= change
    lines[2] |= {"zona": "?"}

    report = upload(client, text(lines))

    assert sentence in report.text
    assert "Baris 4: zona: " in report.text
    assert "Terapkan" not in report.text
    client.post(report.request["PATH_INFO"], {"fingerprint": "x"})
    assert not Lpse.objects.exists()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"\xff\xfe\x00kode", "File tidak dapat dibaca."),
        (b"PK\x03\x04\x14\x00\x08\xff", "File tidak dapat dibaca."),
        (b'kode,nama\n"1', "Baris 1: kolom "),
        (b"\0" * 1000, "Baris 1: kolom "),
        (b"\n" * 6000, "File lebih dari 5.000 baris."),
        (b"\r" * 6000, "File lebih dari 5.000 baris."),
        (b"", "File kosong."),
        (b"x" * (5 * 2**20 + 1), "Ukuran file melebihi 5 MB."),
    ],
)
def test_another_file_is_refused_with_a_sentence(client, content, sentence):
    page = upload(client, content)

    assert page.status_code == 200
    assert sentence in page.text


def test_a_file_saved_by_an_indonesian_excel_is_read(client):
    report = upload(client, ("\ufeff" + text(rows("17"), delimiter=";")).encode())

    assert [lpse.name for lpse in report.context["comparison"].new] == ["LPSE Kota Denpasar"]


def test_a_name_in_the_file_is_text_and_no_markup(client):
    lines = rows("17")
    lines[0]["nama"] = "<script>alert(1)</script>"

    report = upload(client, text(lines))

    assert "<script>alert(1)" not in report.text


@pytest.mark.parametrize("codename", ["view_lpse", "change_lpse", None])
def test_the_import_is_for_those_who_may_change_and_add_units(codename):
    user = make_user("", is_staff=True)
    if codename:
        user.user_permissions.add(Permission.objects.get(codename=codename))
    client = Client()
    client.force_login(user)
    report = f"{UPLOAD}5d6d3f5e-0000-4000-8000-000000000000/"

    answers = [client.get(UPLOAD), client.post(UPLOAD), client.get(report), client.post(report)]

    assert [answer.status_code for answer in answers] == [403] * 4
    if codename:
        assert "Impor file" not in client.get("/admin/accounts/lpse/").text


def test_the_list_offers_the_import(client):
    assert f'href="{UPLOAD}"' in client.get("/admin/accounts/lpse/").text
