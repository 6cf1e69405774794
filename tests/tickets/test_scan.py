"""Files are scanned for viruses by a real clamd, and wait rather than pass unseen (R30, ADR 17)."""

import io
import uuid
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage, storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from accounts.security_log import SecurityEntry
from tests.at_once import at_once
from tests.cast import Cast, classification, fill_reference_lists, send_ticket
from tests.factories import make_user
from tests.tickets.hostile import EVERYTHING
from tests.tickets.hostile_files.others import eicar
from tests.tickets.samples import archive, docx, picture
from tests.tickets.scanner import MARKER, SIGNATURES, Scanner, pretender
from tests.tickets.test_bad_input import CREATE
from tickets import clamd
from tickets.models import Attachment, Draft, Event, Scan, Ticket

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("R30")]

MIB = 2**20
INFECTED = "laporan.txt: File ini berisi virus (Uji.Penanda.UNOFFICIAL) dan tidak diterima."


@pytest.fixture(scope="module")
def _running(tmp_path_factory):
    with Scanner(tmp_path_factory.mktemp("clamd")) as scanner:
        yield scanner


def on_disk(folder, mode):
    options = {"location": folder, "file_permissions_mode": mode}
    return {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": options}


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    """The folder of all files, with quarantine inside as in production."""
    folder = tmp_path / "files"
    quarantine = on_disk(folder / "quarantine", 0o600)
    settings.MEDIA_ROOT = folder
    places = {"default": on_disk(folder, 0o640), "quarantine": quarantine}
    settings.STORAGES = settings.STORAGES | places
    return folder


@pytest.fixture
def scanner(_running, settings):
    """clamd, which answers and knows SIGNATURES, whatever the test before did with it."""
    if not _running.process:
        _running.start()
    settings.CLAMD_SOCKET = _running.socket
    yield _running
    if _running.known != SIGNATURES:
        _running.stop()
        _running.learn(SIGNATURES)


def draft(owner, name, content=b"isi bukti", key=None):
    upload = SimpleUploadedFile(name, content)
    return Draft.objects.receive(upload, key=key or uuid.uuid4(), owner=owner)


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def form_of(*files, key=None, **more):
    """What the page 'Buat Tiket Baru' sends."""
    return CREATE | {"seen": 0, "key": key or uuid.uuid4(), "files": files} | more


def url_of(ticket, file, end=""):
    return f"{ticket.get_absolute_url()}berkas/{file.pk}/{end}"


def status_of(client, address):
    answer = client.get(address)
    answer.getvalue()  # to the end, so that the file is closed
    return answer.status_code


def scan_files(**options):
    said = io.StringIO()
    call_command("scan_files", stdout=said, **options)
    return said.getvalue()


def waiting_ticket(cast, scanner, *files):
    """A ticket in progress with files that arrived while clamd was away; it is back now."""
    scanner.stop()
    drafts = [draft(cast.penyedia, name, content) for name, content in files]
    ticket = send_ticket(cast.penyedia, files=drafts)
    ticket.perform("take", by=cast.helpdesk, classification=classification())
    scanner.start()
    return Ticket.objects.with_people().get(pk=ticket.pk)


# At once


def test_a_clean_file_is_there_at_once(cast, scanner):
    ticket = send_ticket(cast.penyedia, files=[draft(cast.penyedia, "bukti.txt")])
    file = Attachment.objects.get()

    answer = signed_in(cast.helpdesk).get(url_of(ticket, file))

    assert answer.getvalue() == b"isi bukti"
    assert [scan.state for scan in Scan.objects.all()] == ["clean"]


def test_a_file_with_a_virus_is_refused_by_name_and_the_others_are_kept(cast, scanner):
    files = [
        SimpleUploadedFile("laporan.txt", b"awal " + MARKER),
        SimpleUploadedFile("bukti.txt", b"isi"),
    ]

    page = signed_in(cast.penyedia).post("/tiket/buat/", form_of(*files))

    assert INFECTED in page.text
    assert [kept.name for kept in Draft.objects.all()] == ["bukti.txt"]
    assert Ticket.objects.count() == 0


def test_a_file_sent_ahead_of_its_form_is_refused_likewise(cast, scanner):
    upload = SimpleUploadedFile("laporan.txt", MARKER)

    answer = signed_in(cast.penyedia).post("/tiket/buat/", form_of(upload, unggah="ya"))

    assert answer.json() == {"received": [], "problems": [INFECTED]}


def test_a_refused_file_lies_in_quarantine_for_the_account_of_the_portal_alone(
    cast, scanner, files
):
    with pytest.raises(ValidationError, match="berisi virus"):
        draft(cast.penyedia, "laporan.txt", MARKER)

    (kept,) = (files / "quarantine").iterdir()
    assert (kept.read_bytes(), kept.stat().st_mode & 0o777) == (MARKER, 0o600)
    scan = Scan.objects.get()
    assert (scan.state, scan.kind, scan.size) == ("infected", "txt", len(MARKER))
    assert (scan.signature, scan.ticket) == ("Uji.Penanda.UNOFFICIAL", None)


def test_the_log_tells_of_a_virus_without_the_name_of_the_file(cast, scanner):
    with pytest.raises(ValidationError):
        draft(cast.penyedia, "surat PT Rahasia.txt", MARKER)

    [entry] = SecurityEntry.objects.filter(kind="infected_file")
    known = {"scan": Scan.objects.get().pk, "virus": "Uji.Penanda.UNOFFICIAL", "file": "txt"}
    assert entry.facts == known


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("eicar.txt", eicar()),
        ("eicar.zip", archive({"eicar.com": eicar()})),
        ("dua.zip", archive({"satu.zip": archive({"eicar.com": eicar()})})),
        ("surat.docx", docx(word__a=eicar())),
    ],
)
def test_the_test_virus_is_found_also_inside_of_archives(cast, scanner, name, content):
    with pytest.raises(ValidationError) as refused:
        draft(cast.penyedia, name, content)

    assert refused.value.messages == [
        f"{name}: File ini berisi virus (Uji.Eicar.UNOFFICIAL) dan tidak diterima."
    ]


def test_an_archive_that_nests_too_deep_to_be_scanned_is_refused(cast, scanner):
    (bomb,) = (sample for sample in EVERYTHING if sample.label == "twenty zips in one another")

    with pytest.raises(ValidationError) as refused:
        draft(cast.penyedia, "data.zip", b"".join(bomb.pieces()))

    assert refused.value.messages == [
        "data.zip: Arsip terlalu besar bila dibuka. Bagi menjadi beberapa arsip."
    ]
    assert (Draft.objects.count(), Scan.objects.count()) == (0, 0)


@pytest.mark.parametrize("end", [b"", MARKER], ids=["clean", "virus at the end"])
def test_a_file_of_50_mb_is_scanned_to_its_end(scanner, end):
    pieces = [bytes(MIB)] * 50
    pieces[-1] = pieces[-1][len(end) :] + end

    signature = clamd.signature_in(pieces, seconds=clamd.PATIENT)

    assert signature == ("Uji.Penanda.UNOFFICIAL" if end else "")


def test_an_empty_piece_does_not_end_the_scan(scanner):
    assert clamd.signature_in([b"awal", b"", MARKER], seconds=5) == "Uji.Penanda.UNOFFICIAL"


@pytest.mark.django_db(transaction=True)
def test_two_files_at_once_get_their_own_verdicts(cast, scanner):
    fill_reference_lists()
    owner = cast.penyedia

    good, bad = at_once(
        [lambda: draft(owner, "a.txt"), lambda: draft(owner, "laporan.txt", MARKER)]
    )

    assert good.name == "a.txt"
    assert bad.messages == [INFECTED]
    assert sorted(scan.state for scan in Scan.objects.all()) == ["clean", "infected"]


# clamd is away


def test_without_clamd_a_form_can_be_sent_all_the_same(cast, scanner):
    scanner.stop()
    client, key = signed_in(cast.penyedia), uuid.uuid4()
    upload = SimpleUploadedFile("laporan.txt", b"isi")

    confirm = client.post("/tiket/buat/", form_of(upload, key=key))
    client.post("/tiket/buat/", form_of(key=key, konfirmasi="ya"))

    assert "Oke" in confirm.text
    assert [file.name for file in Attachment.objects.all()] == ["laporan.txt"]
    assert [scan.state for scan in Scan.objects.all()] == ["waiting"]


@pytest.mark.parametrize("role", ["penyedia", "helpdesk"])
def test_nobody_gets_a_file_that_waits(cast, scanner, role, settings):
    settings.ACCEL_LOCATION = "/_berkas/"
    ticket = waiting_ticket(cast, scanner, ("layar.jpg", picture()), ("a.rhs", b"\x80" * 9))
    client = signed_in(getattr(cast, role))
    shown, sealed = Attachment.objects.order_by("pk")

    answers = [
        client.get(url_of(ticket, shown)),
        client.get(url_of(ticket, shown, "pratinjau/")),
        client.get(url_of(ticket, sealed)),
        client.post(url_of(ticket, sealed)),
    ]

    assert [answer.status_code for answer in answers] == [423] * 4
    assert [answer for answer in answers if answer.has_header("X-Accel-Redirect")] == []
    assert "Pemeriksaan virus belum selesai. Coba lagi beberapa menit lagi." in answers[0].text
    assert Event.objects.filter(action="download_sealed_file").count() == 0
    page = client.get(ticket.get_absolute_url()).text
    assert page.count("sedang diperiksa") == 4  # in the message and beside it
    assert url_of(ticket, shown) not in page


def test_a_file_from_before_the_scanner_waits_until_it_is_scanned(cast, scanner, settings):
    settings.CLAMD_SOCKET = ""
    ticket = send_ticket(cast.penyedia, files=[draft(cast.penyedia, "lama.txt")])
    client, address = signed_in(cast.penyedia), url_of(ticket, Attachment.objects.get())
    before = status_of(client, address)
    settings.CLAMD_SOCKET = scanner.socket

    waiting = status_of(client, address)
    said = scan_files()

    assert (before, waiting, status_of(client, address)) == (200, 423, 200)
    assert said == "Scanned 1 files, 0 in quarantine.\n"


# Later


def test_when_clamd_is_back_a_clean_file_can_be_had(cast, scanner):
    ticket = waiting_ticket(cast, scanner, ("bukti.txt", b"isi"))

    scan_files()

    answer = signed_in(cast.helpdesk).get(url_of(ticket, Attachment.objects.get()))
    assert answer.getvalue() == b"isi"
    assert "sedang diperiksa" not in signed_in(cast.helpdesk).get(ticket.get_absolute_url()).text


@pytest.mark.parametrize("role", ["penyedia", "helpdesk"])
def test_when_clamd_is_back_a_virus_goes_into_quarantine_and_the_page_says_so(
    cast, scanner, role, files
):
    ticket = waiting_ticket(cast, scanner, ("laporan.txt", MARKER), ("a.rhs", MARKER))
    client = signed_in(getattr(cast, role))
    shown, sealed = Attachment.objects.order_by("pk")

    said = scan_files()

    assert said == "Scanned 2 files, 2 in quarantine.\n"
    page = client.get(ticket.get_absolute_url()).text
    assert "laporan.txt berisi virus dan dikarantina." in page
    assert page.count("dikarantina: berisi virus") == 4
    answers = [
        client.get(url_of(ticket, shown)),
        client.get(url_of(ticket, sealed)),
        client.post(url_of(ticket, sealed)),
    ]
    assert [answer.status_code for answer in answers] == [410] * 3
    assert "File ini dikarantina dan tidak dapat diunduh." in answers[0].text
    assert not default_storage.exists(shown.path)
    kept = files / "quarantine" / shown.path.rsplit("/", 1)[-1]
    assert (kept.read_bytes(), kept.stat().st_mode & 0o777) == (MARKER, 0o600)
    assert Event.objects.filter(action="download_sealed_file").count() == 0


@pytest.mark.django_db(transaction=True)
def test_two_who_scan_at_once_agree(cast, scanner, files):
    fill_reference_lists()
    scanner.stop()
    for number in range(6):
        draft(cast.penyedia, f"{number}.txt", MARKER + bytes([48 + number]))
    scanner.start()

    said = at_once([scan_files, scan_files])

    assert [type(words) for words in said] == [str, str]
    assert [scan.state for scan in Scan.objects.all()] == ["infected"] * 6
    assert len(list((files / "quarantine").iterdir())) == 6


def test_a_file_that_waits_or_is_in_quarantine_is_not_there_for_others(cast, scanner):
    ticket = waiting_ticket(cast, scanner, ("laporan.txt", MARKER))
    others = [signed_in(Cast().helpdesk), signed_in(make_user(Role.PENYEDIA, cast.lpse))]
    address = url_of(ticket, Attachment.objects.get())

    waiting = [status_of(other, address) for other in others]
    scan_files()
    found = [status_of(other, address) for other in others]

    assert (waiting, found) == ([404, 404], [404, 404])


def test_the_reporter_is_not_told_of_a_virus_among_officers(cast, scanner):
    ticket = waiting_ticket(cast, scanner)
    scanner.stop()
    files = [draft(cast.helpdesk, "intern.txt", MARKER)]
    ticket.perform("escalate", by=cast.helpdesk, message="Mohon bantuan.", files=files)
    scanner.start()
    scan_files()

    pages = [
        signed_in(user).get(ticket.get_absolute_url()).text
        for user in (cast.penyedia, cast.admin_sistem)
    ]

    assert ["intern.txt" in page for page in pages] == [False, True]


def test_a_virus_found_before_the_form_was_sent_takes_its_file_off(cast, scanner):
    scanner.stop()
    key = uuid.uuid4()
    draft(cast.penyedia, "laporan.txt", MARKER, key=key)
    draft(cast.penyedia, "bukti.txt", key=key)
    scanner.start()
    scan_files()

    page = signed_in(cast.penyedia).post("/tiket/buat/", form_of(key=key))

    assert "laporan.txt: File ini berisi virus dan dihapus dari daftar." in page.text
    assert [kept.name for kept in Draft.objects.all()] == ["bukti.txt"]
    assert Ticket.objects.count() == 0


def test_a_file_that_was_taken_off_is_forgotten(cast, scanner):
    kept = draft(cast.penyedia, "bukti.txt")

    Draft.objects.filter(pk=kept.pk).discard()

    assert Scan.objects.count() == 0


def test_new_signatures_find_an_old_virus_and_clear_a_false_alarm(cast, scanner):
    ticket = waiting_ticket(cast, scanner, ("lama.txt", b"virus baru"), ("aman.txt", MARKER))
    scan_files()
    client = signed_in(cast.penyedia)
    lama, aman = Attachment.objects.order_by("pk")

    def answers():
        return [status_of(client, url_of(ticket, file)) for file in (lama, aman)]

    before = answers()
    scanner.stop()
    scanner.learn({"Uji.Baru": b"virus baru"})
    scanner.start()

    scan_files(again=True)

    assert (before, answers()) == ([200, 410], [410, 200])


def test_scan_files_says_how_many_still_wait(cast, scanner):
    waiting_ticket(cast, scanner, ("a.txt", b"a"), ("b.txt", b"b"))
    scanner.stop()

    with pytest.raises(CommandError, match=r"^2 files still wait. clamd does not answer"):
        scan_files()


def test_a_file_too_large_for_clamd_waits_and_holds_up_no_other(cast, scanner, settings, tmp_path):
    waiting_ticket(cast, scanner, ("besar.txt", b"a" * 3 * MIB), ("kecil.txt", b"a"))

    with Scanner(tmp_path, "StreamMaxLength 1M\n") as small:
        settings.CLAMD_SOCKET = small.socket
        with pytest.raises(CommandError, match=r"^1 files still wait. .*size limit exceeded"):
            scan_files()

    assert [scan.state for scan in Scan.objects.order_by("size")] == ["clean", "waiting"]


def test_what_clamd_does_not_read_to_its_end_waits_and_is_no_virus(
    cast, scanner, settings, tmp_path
):
    waiting_ticket(cast, scanner, ("besar.txt", b"a" * 3 * MIB))

    with Scanner(tmp_path, "MaxFileSize 1M\nMaxScanSize 1M\n") as small:
        settings.CLAMD_SOCKET = small.socket
        with pytest.raises(CommandError, match=r"^1 files still wait. .*Limits.Exceeded"):
            scan_files()

    assert [scan.state for scan in Scan.objects.all()] == ["waiting"]


def test_scan_files_says_when_no_scanner_is_set():
    with pytest.raises(CommandError, match="CLAMD_SOCKET is not set"):
        scan_files()


# Answers that are none


@pytest.mark.parametrize(
    "reply",
    [
        b"",
        b"stream: OK",
        b"stream: OK\n",
        b"stream: OK\0stream: Uji FOUND\0",
        b"OK\0",
        b"stream: ok\0",
        b"stream: Uji.Virus FOUND",
        b"stream:  FOUND\0",
        b"INSTREAM size limit exceeded. ERROR\0",
        b"stream: Can't allocate memory ERROR\0",
        b"stream: " + b"A" * 300,
        b"\xff\xfe\0",
        b"HTTP/1.1 200 OK\r\n\r\n",
    ],
)
def test_half_an_answer_or_another_one_is_no_verdict(settings, tmp_path, reply):
    with pretender(tmp_path, reply) as path:
        settings.CLAMD_SOCKET = path

        with pytest.raises(clamd.Unavailable):
            clamd.signature_in([b"isi"], seconds=5)


def test_who_says_fine_before_all_was_sent_is_not_believed(settings, tmp_path):
    with pretender(tmp_path, clamd.CLEAN, takes=1000) as path:
        settings.CLAMD_SOCKET = path

        with pytest.raises(clamd.Unavailable):
            clamd.signature_in([bytes(MIB)] * 20, seconds=5)


def test_a_verdict_that_does_not_come_in_time_is_not_waited_for(settings, tmp_path):
    with pretender(tmp_path, clamd.CLEAN, pause=1) as path:
        settings.CLAMD_SOCKET = path

        with pytest.raises(clamd.Unavailable, match="clamd broke off"):
            clamd.signature_in([b"isi"], seconds=0.2)


# What it costs, what stays


@pytest.mark.parametrize("files", [1, 3])
def test_the_scan_of_any_number_of_files_costs_no_query(cast, scanner, settings, files):
    drafts = [draft(cast.penyedia, f"{number}.txt") for number in range(files)]
    ticket = send_ticket(cast.penyedia, files=drafts)
    client, address = signed_in(cast.penyedia), ticket.get_absolute_url()
    client.get(address)

    def queries():
        with CaptureQueriesContext(connection) as made:
            client.get(address)
        return len(made)

    scanned = queries()
    settings.CLAMD_SOCKET = ""
    assert scanned == queries()


def test_tidying_leaves_quarantine_alone_and_forgets_refused_files_after_30_days(cast, scanner):
    for content in (MARKER, MARKER + b"2"):
        with pytest.raises(ValidationError):
            draft(cast.penyedia, "laporan.txt", content)
    old, young = Scan.objects.order_by("pk")
    Scan.objects.filter(pk=old.pk).update(scanned_at=timezone.now() - timedelta(days=31))

    call_command("tidy_files", stdout=io.StringIO())

    names = [storages["quarantine"].exists(scan.name_in_quarantine) for scan in (old, young)]
    assert (names, Scan.objects.count()) == ([False, True], 2)


def test_administrators_see_what_lies_in_quarantine_without_its_name(cast, scanner):
    ticket = waiting_ticket(cast, scanner, ("surat PT Rahasia.txt", MARKER), ("bukti.rhs", b"a"))
    scan_files()
    chief = make_user("", is_staff=True, is_superuser=True)
    client = signed_in(chief)

    listed = client.get(reverse("admin:tickets_scan_changelist"))
    row = reverse("admin:tickets_scan_change", args=[Scan.objects.infected().get().pk])

    assert listed.context["cl"].result_count == 1
    for words in (str(ticket), "txt", "Uji.Penanda.UNOFFICIAL"):
        assert words in listed.text
    assert "Rahasia" not in listed.text + client.get(row).text
    assert client.post(row, {"state": "clean"}).status_code == 403
    found = client.get(reverse("admin:tickets_scan_changelist"), {"q": str(ticket)})
    assert found.context["cl"].result_count == 1


def test_other_people_do_not_see_what_lies_in_quarantine(cast, scanner):
    for user in (cast.helpdesk, cast.lkpp2, make_user(Role.PPK, cast.lpse)):
        answer = signed_in(user).get(reverse("admin:tickets_scan_changelist"))

        assert answer.status_code in {302, 403, 404}
