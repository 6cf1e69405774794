"""Files in a bucket, asked of a real S3-speaking server on this machine (R29, R30, ADR 30)."""

import io
import uuid
from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage, storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from accounts.roles import Role
from faq.models import Guide
from helpdesk import bucket, health
from tests import bucket as tested
from tests.cast import Cast, classification, fill_reference_lists, send_ticket
from tests.factories import make_user
from tests.films import MP4, make_guide
from tests.tickets import test_backup
from tests.tickets.scanner import MARKER
from tests.tickets.test_backup import manage
from tests.tickets.test_bad_input import CREATE, Browser
from tests.tickets.test_files import SAFE, SEALED, headers, photo, signed_in, url_of
from tests.tickets.test_history import found, redact
from tickets import uploads
from tickets.keeping import Failed, archive, backup, envelope, restoring
from tickets.models import Attachment, Draft, Event, Scan, Ticket
from tickets.proof import faults

pytestmark = pytest.mark.django_db

elsewhere = test_backup.elsewhere  # an empty database beside the portal's
RECORD = "download_sealed_file"
CLOSED_PORT = "http://127.0.0.1:1"


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with tested.BucketServer(tmp_path_factory.mktemp("bucket")) as running:
        running.client().create_bucket(Bucket=tested.NAME)
        yield running


@pytest.fixture(autouse=True)
def objects(server, settings, monkeypatch, tmp_path):
    """The portal keeps its files in an empty bucket; gives the keys of what is in it."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    tested.use(settings, server.address)
    settings.MEDIA_ROOT = tmp_path
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path / "incoming"
    settings.FILE_UPLOAD_TEMP_DIR.mkdir()
    client = server.client()

    def keys():
        return [o["Key"] for o in client.list_objects(Bucket=tested.NAME).get("Contents", [])]

    for key in keys():
        client.delete_object(Bucket=tested.NAME, Key=key)
    yield keys
    client.close()


@pytest.fixture
def away(settings):
    """From its call on nobody answers at the bucket's address."""
    return lambda: tested.use(settings, CLOSED_PORT)


@pytest.fixture
def full(settings):
    with tested.pretender(settings, tested.Full):
        yield


def draft(owner, name, content=b"isi bukti"):
    upload = SimpleUploadedFile(name, content)
    return Draft.objects.receive(upload, key=uuid.uuid4(), owner=owner)


@pytest.fixture
def ticket(cast):
    """In progress at level 1, with a file of every kind from the reporter."""
    files = [
        draft(cast.penyedia, "bukti.txt"),
        draft(cast.penyedia, "layar.jpg", photo()),
        draft(cast.penyedia, "penawaran.rhs", SEALED),
    ]
    ticket = send_ticket(cast.penyedia, files=files)
    ticket.perform("take", by=cast.helpdesk, classification=classification())
    return Ticket.objects.with_people().get(pk=ticket.pk)


# On their way in and out


@pytest.mark.requirement("R29", "R30", "R132")
def test_a_file_sent_by_a_form_comes_back_byte_by_byte_to_those_who_may(cast, objects):
    text = b"10:41:02 ERROR apendo: berkas gagal dikirim\n" * 30_000
    form = Browser(cast.penyedia, "/tiket/buat/")
    form.post(**CREATE | {"title": ""}, files=[("bukti.txt", text)])
    form.post(**CREATE)
    ticket = Ticket.objects.get()

    mine, helpdesk, theirs = (
        signed_in(user).get(url_of(ticket, "bukti.txt"))
        for user in (cast.penyedia, cast.helpdesk, Cast().helpdesk)
    )

    assert mine.getvalue() == helpdesk.getvalue() == text
    assert mine["Content-Length"] == str(len(text))
    assert headers(mine) == SAFE
    assert theirs.status_code == 404
    assert objects() == [Attachment.objects.get().path]


@pytest.mark.requirement("R30")
def test_a_picture_has_its_preview(cast, ticket):
    preview = signed_in(cast.helpdesk).get(url_of(ticket, "layar.jpg", "pratinjau/"))

    assert preview["Content-Type"] == "image/jpeg"
    assert preview.getvalue().startswith(b"\xff\xd8")


@pytest.mark.requirement("R30", "R130")
def test_a_sealed_file_comes_after_its_record_and_to_nobody_else(cast, ticket):
    url = url_of(ticket, "penawaran.rhs")

    colleague = signed_in(make_user(Role.LPSE_L1, cast.lpse)).post(url)
    assert (colleague.status_code, Event.objects.filter(action=RECORD).count()) == (404, 0)

    officer = signed_in(cast.helpdesk).post(url)
    assert officer.getvalue() == SEALED
    assert [e.actor for e in Event.objects.filter(action=RECORD)] == [cast.helpdesk]


def test_no_address_leads_past_the_portal(ticket, server):
    guide = make_guide()
    looker = make_user("", is_staff=True)
    looker.user_permissions.add(Permission.objects.get(codename="view_guide"))

    page = signed_in(looker).get(f"/admin/faq/guide/{guide.pk}/change/")

    assert (page.status_code, server.address in page.text, "X-Amz" in page.text) == (
        200,
        False,
        False,
    )
    path = Attachment.objects.first().path
    assert default_storage.url(path) == f"/{path}"
    assert signed_in(looker).get(default_storage.url(path)).status_code == 404


def test_objects_are_private_and_never_written_over(server, objects):
    first = default_storage.save("2026/11/satu", ContentFile(b"satu"))
    second = default_storage.save("2026/11/satu", ContentFile(b"dua"))

    grants = server.client().get_object_acl(Bucket=tested.NAME, Key=first)["Grants"]
    assert [grant["Grantee"]["Type"] for grant in grants] == ["CanonicalUser"]
    assert (first, first != second) == ("2026/11/satu", True)
    assert default_storage.open(first).read() == b"satu"


@pytest.mark.requirement("R29")
def test_hapus_takes_the_object_too(cast, objects):
    received = draft(cast.penyedia, "layar.jpg", photo())
    before = len(objects())

    Draft.objects.filter(pk=received.pk).discard()

    assert (before, objects()) == (2, [])


def test_a_file_that_the_bucket_lost_is_a_page_not_found(cast, ticket):
    default_storage.delete(Attachment.objects.get(name="bukti.txt").path)

    assert signed_in(cast.penyedia).get(url_of(ticket, "bukti.txt")).status_code == 404


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [("bytes=0-9", 0, 9), ("bytes=100-", 100, len(MP4) - 1), ("bytes=-7", len(MP4) - 7, None)],
)
@pytest.mark.requirement("R23")
def test_a_part_of_a_film_comes_alone(asked, first, last):
    guide = make_guide(kind=Guide.Kind.VIDEO)
    reader = signed_in(make_user(Role.PENYEDIA))

    part = reader.get(f"/panduan/{guide.pk}/putar/", headers={"range": asked})

    wanted = MP4[first : (len(MP4) - 1 if last is None else last) + 1]
    assert (part.status_code, part.getvalue()) == (206, wanted)
    assert part["Content-Length"] == str(len(wanted))


def test_a_file_is_read_from_wherever_one_seeks_to(objects):
    content = bytes(range(256)) * 1000
    path = default_storage.save("2026/11/panjang", ContentFile(content))

    with default_storage.open(path) as file:
        jumps = [(file.seek(at), file.read(300))[1] for at in (200_000, 5, 255_900, 70_000)]
        rest = file.read()

    assert jumps == [content[at : at + 300] for at in (200_000, 5, 255_900, 70_000)]
    assert rest == content[70_300:]


def test_an_empty_object_is_an_empty_file(objects):
    path = default_storage.save("2026/11/kosong", ContentFile(b""))

    with default_storage.open(path) as file:
        assert (file.size, file.read()) == (0, b"")


# When the bucket's server does not do its part


@pytest.mark.requirement("R29", "R49")
@pytest.mark.parametrize(
    ("state", "sentence"), [("away", uploads.NO_PLACE), ("full", uploads.NO_ROOM)]
)
def test_a_file_that_cannot_be_kept_is_named_and_the_text_stays(cast, state, sentence, request):
    form = Browser(cast.penyedia, "/tiket/buat/")
    state = request.getfixturevalue(state)
    if state:
        state()

    form.post(**CREATE, files=[("bukti.txt", b"isi bukti")])

    assert form.errors == {"files": [f"bukti.txt: {sentence}"]}
    assert form.value_of("description") == CREATE["description"]
    assert (Draft.objects.count(), Ticket.objects.count()) == (0, 0)


def test_a_download_while_the_server_is_away_says_so_and_can_be_tried_again(cast, ticket, away):
    client, url = Client(raise_request_exception=False), url_of(ticket, "bukti.txt")
    client.force_login(cast.penyedia)
    away()

    page = client.get(url)

    assert (page.status_code, page["Retry-After"]) == (503, "30")
    assert "Portal sedang tidak dapat dihubungi" in page.text


def test_a_file_that_breaks_off_is_not_taken_for_a_whole_one(settings):
    with tested.pretender(settings, tested.Cut):
        file = default_storage.open("2026/11/x")
        with file, pytest.raises(OSError, match="the bucket's server") as problem:
            list(file.chunks())

    assert problem.value.errno == bucket.AWAY


def test_a_server_without_the_bucket_is_not_a_file_that_is_gone(ticket, settings):
    path = Attachment.objects.first().path
    options = settings.S3 | {"bucket_name": "salah"}
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "helpdesk.bucket.Bucket", "OPTIONS": options}
    }

    with pytest.raises(OSError, match="404") as problem:
        default_storage.open(path)

    assert problem.value.errno == bucket.AWAY


def test_readyz_asks_the_bucket_too(away):
    before = health.failing()
    away()

    assert (before, health.failing()) == ([], ["storage"])


# Scanned, removed, tidied


@pytest.mark.requirement("R30")
def test_a_virus_found_later_is_moved_apart_and_a_false_alarm_back(cast, objects, settings):
    received = draft(cast.penyedia, "laporan.txt", MARKER)
    ticket = send_ticket(cast.penyedia, files=[received])
    attachment, name = Attachment.objects.get(), received.path.rsplit("/", 1)[-1]
    scan = Scan.objects.create(path=received.path, kind="txt", size=9, sha256=received.sha256)

    scan.hear("Uji.Penanda")
    scan.save()
    scan.settle()
    settings.CLAMD_SOCKET = "/nothing/is/asked"
    closed = signed_in(cast.penyedia).get(url_of(ticket, "laporan.txt")).status_code
    apart = objects()
    faults = found(files=True)
    scan.hear("")
    scan.save()
    scan.settle()

    assert (closed, apart, faults) == (410, [f"quarantine/{name}"], [])
    assert objects() == [attachment.path]
    assert default_storage.open(attachment.path).read() == MARKER


@pytest.mark.requirement("R30")
def test_a_refused_virus_lies_in_quarantine_alone(cast, objects):
    scan = Scan(kind="txt", size=9, sha256="0" * 64)
    scan.hear("Uji.Penanda")

    with pytest.raises(Exception, match="berisi virus"):
        scan.refuse(SimpleUploadedFile("laporan.txt", MARKER))

    assert objects() == [f"quarantine/{scan.name_in_quarantine}"]
    assert storages["quarantine"].open(scan.name_in_quarantine).read() == MARKER
    Scan.objects.all().erase()
    assert objects() == []


@pytest.mark.requirement("R130")
def test_what_the_law_had_removed_is_gone_from_the_bucket(
    ticket, objects, django_capture_on_commit_callbacks
):
    gone = Attachment.objects.get(name="layar.jpg")

    with django_capture_on_commit_callbacks(execute=True):
        redact(ticket, "file 2")

    assert {gone.path, gone.preview_path} & {*objects()} == set()
    assert (len(objects()), found(files=True)) == (2, [])


@pytest.mark.requirement("R29")
def test_tidy_files_removes_what_nothing_names_from_bucket_and_folder(
    cast, ticket, objects, settings, monkeypatch
):
    broken_off = settings.FILE_UPLOAD_TEMP_DIR / "tua.upload"
    broken_off.touch()
    named = {*objects()}
    default_storage.save("2026/05/tanpa-nama", ContentFile(b"x"))
    storages["quarantine"].save("tetap", ContentFile(b"x"))
    said, later = io.StringIO(), timezone.now() + timedelta(days=2)
    monkeypatch.setattr(timezone, "now", lambda: later)

    call_command("tidy_files", stdout=said)

    assert said.getvalue() == "Removed 0 forgotten drafts and 2 files without a name.\n"
    assert {*objects()} == named | {"quarantine/tetap"}
    assert not broken_off.exists()


# Backups


@pytest.fixture
def key(settings, tmp_path):
    """Where the private half of the backups' key lies."""
    settings.BACKUP_ROOT, path = tmp_path / "backups", tmp_path / "key.txt"
    settings.BACKUP_RECIPIENTS = [str(envelope.demo_keys(path))]
    return path


@pytest.mark.django_db(transaction=True)
def test_a_backup_is_the_database_and_finds_its_files_in_the_bucket_again(
    objects, server, key, tmp_path, elsewhere, away
):
    fill_reference_lists()
    cast = Cast()
    files = [draft(cast.penyedia, "bukti.txt"), draft(cast.penyedia, "layar.jpg", photo())]
    send_ticket(cast.penyedia, files=files)
    path, own = backup.make().path, tested.environment(server.address)

    done = manage(tmp_path, elsewhere, "restore", str(path), "--identity", str(key), **own)

    assert done.stderr == ""
    assert done.stdout.splitlines()[-1].startswith("Restored: rows, hashes, sequences and guards")
    parts = restoring.read(path, envelope.identity(key))["parts"]
    assert [name for name in parts if name.startswith(archive.FILES)] == []
    default_storage.delete(files[0].path)
    assert [fault.what for fault in faults(files=True)] == ["bytes of file 1"]
    assert backup.make().lost == [files[0].path]
    away()
    with pytest.raises(Failed, match="the bucket's server: EndpointConnectionError"):
        backup.make()


@pytest.mark.parametrize(
    ("made_with", "restored_with", "sentence"),
    [
        ("berkas", {}, "The files of this backup are in the bucket berkas: set S3_… for it."),
        ("", {"bucket_name": "berkas"}, "restore it without S3_…, then move them"),
    ],
)
def test_a_backup_is_restored_to_the_kind_of_place_that_it_was_made_of(
    made_with, restored_with, sentence, settings, tmp_path
):
    settings.S3 = restored_with

    with pytest.raises(Failed, match=sentence):
        restoring.require_place({"bucket": made_with}, None, tmp_path, replace=False)
