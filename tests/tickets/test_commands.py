"""The commands that make the demo and keep files and keys in order (R29, R114)."""

import hashlib
import os
import time
import uuid
from collections import Counter
from datetime import timedelta
from io import StringIO
from itertools import groupby, pairwise, product

import pytest
from cryptography.fernet import Fernet, InvalidToken
from django.contrib.auth import authenticate
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import TestCase
from django.utils import timezone

from accounts import spse, sso
from accounts.models import SYSTEM, Lpse, User, Zone
from accounts.roles import LPSE_OFFICERS, REPORTERS, Role
from faq.models import Guide
from tests.cast import SERVER, Cast, fill_reference_lists, send_ticket, ticket_at
from tests.films import MP4, make_guide
from tickets import contents, proof, uploads
from tickets.contents import pictures
from tickets.demo import files
from tickets.demo.files import upload
from tickets.forms import CreateForm
from tickets.management.commands.prepare_demo import welcome
from tickets.models import Attachment, Draft, Event, Rating, ServerAccess, Ticket
from tickets.models.server_access import box

# domain.md part 1.3, restated by hand
TOPICS = """
Tidak bisa login, muncul "User ID atau Password salah"
Lupa kata sandi, tautan reset tidak masuk ke surel
Data tidak tersinkronisasi saat login
Gagal aktivasi agregasi: NPWP sudah terdaftar
Halaman error saat agregasi (provinsi/kabupaten kosong)
Login hanya gagal di satu LPSE, di LPSE lain bisa
"Error in executeUpdate … table rekanan" ketika login
Perubahan surel akun, surel lama tidak aktif
Perubahan bentuk usaha CV menjadi PT pada akun
Data perusahaan tidak muncul saat verifikasi
Data SIKaP tidak dapat ditarik ke SPSE
Gagal kirim data kualifikasi, pengalaman kosong
Apendo tidak bisa kirim penawaran, berhenti di 80%
Token Apendo ditolak, identitas digital berbeda
Karakter aneh pada User ID saat unggah penawaran
Berkas .rhs gagal diunggah, nama berkas terlalu panjang
Pokja tidak dapat membuka file penawaran (dekripsi gagal)
Kode RUP tidak muncul saat membuat paket
Nama satker ganda setelah reload dari SiRUP
Satker baru tidak muncul pada pembuatan Pokja
Tidak bisa mengubah jadwal yang sudah lewat
Adendum dokumen pemilihan tidak tersimpan
Unggah dokumen pemilihan gagal lebih dari 50 MB
Tombol Tender Ulang tidak tampil
Undangan pembuktian kualifikasi tidak terkirim
Hasil evaluasi tidak dapat diumumkan
Pergantian PPK pada paket berjalan
SPPBJ tidak bisa dicetak, Kode Error muncul
Adendum kontrak tidak dapat diinput
BAST/BAP salah isi, minta dibuka kembali
Pencatatan non tender: realisasi tidak tersimpan
Negosiasi pengadaan langsung tidak muncul
Akun PP belum aktif setelah SK baru
SPSE Authenticator: ganti ponsel, kode TOTP hilang
SPSE tidak dapat diakses sejak pagi
SPSE lambat menjelang batas akhir pemasukan penawaran
Sertifikat TLS server LPSE kedaluwarsa
Perbedaan waktu server dengan waktu setempat
Etalase katalog: pesanan tidak dapat disetujui
Apakah penyedia luar daerah wajib verifikasi ulang?
""".strip().splitlines()
STATUSES = ["new", "in_progress", "awaiting_feedback", "awaiting_review", "closed"]


def run(command, *args):
    """What a command prints."""
    output = StringIO()
    call_command(command, *args, stdout=output)
    return output.getvalue().strip()


def by_ticket(events):
    return [list(group) for _, group in groupby(events, key=lambda event: event.ticket_id)]


class SeedDemoTest(TestCase):
    """A class, because it seeds once for all that is asked of the result."""

    @classmethod
    def setUpTestData(cls):
        fill_reference_lists()
        cls.started_at = timezone.now()
        cls.printed = run("seed_demo")

    def test_it_says_what_it_made(self):
        assert self.printed == "Demo data: 28 accounts, 81 tickets made."

    def test_a_second_run_changes_nothing_and_says_so(self):
        models = (
            Lpse,
            User,
            Ticket,
            Event,
            Attachment,
            Draft,
            Rating,
            ServerAccess,
        )
        before = [list(model.objects.order_by("pk").values()) for model in models]

        printed = run("seed_demo")

        assert printed == "Demo data is complete, nothing changed."
        assert [list(model.objects.order_by("pk").values()) for model in models] == before

    def test_three_lpse_in_three_zones_trust_the_simulator(self):
        offices = spse.simulated_offices()

        assert {lpse.code for lpse in offices} == set(spse.DEMO_LPSE_CODES)
        assert {lpse.zone for lpse in offices} == set(Zone)

    def test_every_lpse_has_a_login_for_every_role(self):
        roles = product(spse.DEMO_LPSE_CODES, [*REPORTERS, *LPSE_OFFICERS])

        assert set(User.objects.values_list("lpse__code", "role")) >= set(roles)

    def test_who_enters_by_the_simulator_finds_the_account_that_was_seeded(self):
        for account in spse.DEMO_ACCOUNTS:
            user = sso.sign_in(spse.make_token(account))

            assert user.username == f"{account.lpse_code}:{account.user_id}"
        assert User.objects.exclude(username=SYSTEM).count() == 28

    def test_lkpp_and_the_administrator_sign_in_with_the_password_of_the_demo(self):
        roles = {"lkpp1": Role.LKPP_L1, "lkpp1b": Role.LKPP_L1, "lkpp2": Role.LKPP_L2, "admin": ""}
        for username, role in roles.items():
            user = authenticate(username=username, password=spse.DEMO_PASSWORD)

            assert (user.role, user.is_superuser) == (role, username == "admin")

    def test_all_forty_topics_are_there(self):
        assert len(TOPICS) == 40
        assert set(Ticket.objects.values_list("title", flat=True)) >= set(TOPICS)

    def test_every_status_is_reached_at_every_level(self):
        places = Counter(Ticket.objects.values_list("status", "level"))

        assert sum(places.values()) >= 60
        assert set(places) == set(product(STATUSES, [1, 2, 3, 4]))

    def test_feedback_is_owed_by_everybody_who_may_be_asked(self):
        owed = Ticket.objects.exclude(feedback_from=None).values_list("level", "feedback_from")

        assert set(owed) == {(1, 0), (2, 0), (2, 1), (3, 0), (3, 2), (4, 0), (4, 2), (4, 3)}

    def test_every_kind_of_reporter_has_asked_at_every_lpse(self):
        kinds = set(Ticket.objects.values_list("lpse__code", "reporter_kind"))

        assert kinds == set(product(spse.DEMO_LPSE_CODES, REPORTERS))

    def test_every_step_has_been_done(self):
        assert set(Event.objects.values_list("action", flat=True)) == {
            "send", "take", "ask", "answer", "escalate", "resolve", "accept", "reject", "rate",
            "reassign", "read_server_access", "download_sealed_file", "remind", "close_silent",
            "reopen",
        }  # fmt: skip

    @pytest.mark.requirement("R135")
    def test_one_reporter_was_reminded_one_ticket_closed_by_the_system_and_one_reopened(self):
        silent = Event.objects.filter(action="remind").values("ticket")
        tickets = Ticket.objects.filter(pk__in=silent).order_by("created_at")

        reopened, closed, reminded = tickets

        assert (reopened.status, reopened.updated_at) > ("in_progress", reopened.created_at)
        assert closed.is_closed_by_system
        assert closed.reopen_until > self.started_at
        assert reminded.waits_for_reporter
        assert reminded.closes_at > self.started_at
        assert list(proof.faults()) == []

    def test_every_officer_has_work_that_waits(self):
        for officer in User.objects.exclude(role="").exclude(role__in=REPORTERS):
            assert Ticket.objects.in_pool_of(officer).exists(), officer
            assert Ticket.objects.in_hand_of(officer).exists(), officer

    def test_every_kind_of_file_is_attached_and_stored_whole(self):
        attachments = list(Attachment.objects.all())

        assert {file.extension for file in attachments} == set(uploads.EXTENSIONS) - {"jpeg"}
        for file in attachments:
            with default_storage.open(file.path) as stored:
                assert hashlib.sha256(stored.read()).hexdigest() == file.sha256
        assert all(bool(f.preview_path) == (f.extension in pictures.CLASSES) for f in attachments)

    def test_ratings_of_one_to_five_stars_are_given(self):
        assert set(Rating.objects.values_list("stars", flat=True)) == {1, 2, 3, 4, 5}
        assert not Rating.objects.filter(stars__lte=3, suggestion="").exists()
        assert Ticket.objects.filter(status="closed", rating=None).exists()

    def test_data_server_is_invented(self):
        values = [access.open() for access in ServerAccess.objects.all()]

        assert values
        assert all(value["IP Server"].startswith("192.0.2.") for value in values)
        assert all(value.keys() == SERVER.keys() for value in values)

    def test_what_reporters_sent_would_pass_the_form(self):
        for ticket in Ticket.objects.select_related("reporter__lpse"):
            typed = {
                "key": uuid.uuid4(), "seen": 0, "identity_number": ticket.identity_number,
                "package_code": ticket.package_code, "no_package": not ticket.package_code,
                "title": ticket.title, "description": ticket.description,
                "error_code": ticket.error_code,
            }  # fmt: skip
            form = CreateForm(typed, by=ticket.reporter)

            assert form.is_valid(), form.errors
            assert form.warnings == {}

    def test_dates_spread_over_six_months_up_to_now(self):
        created = list(Ticket.objects.order_by("pk").values_list("created_at", flat=True))

        assert created == sorted(created)
        assert timedelta(days=170) < self.started_at - created[0] < timedelta(days=186)
        assert sum(self.started_at - at < timedelta(hours=6) for at in created) >= 5
        assert not Event.objects.filter(at__gt=timezone.now()).exists()

    def test_steps_follow_one_another_in_time(self):
        events = Event.objects.select_related("ticket").order_by("ticket_id", "pk")

        for story in by_ticket(events):
            assert all(earlier.at < later.at for earlier, later in pairwise(story))
            assert story[0].at == story[0].ticket.created_at
            assert story[0].ticket.updated_at == max(
                event.at for event in story if event.pk <= event.ticket.last_event
            )

    def test_most_steps_are_done_in_working_hours(self):
        events = Event.objects.select_related("ticket__lpse")
        local = [event.at.astimezone(event.ticket.lpse.tzinfo) for event in events]
        working = [at for at in local if at.weekday() < 5 and 7 <= at.hour <= 17]

        assert len(working) > 0.85 * len(local)

    def test_one_ticket_is_very_long(self):
        longest = Ticket.objects.get(package_code="8433260")

        assert len(longest.description) > 2500
        assert longest.events.count() > 25
        assert len(longest.title) == 100

    def test_numbers_carry_the_year_of_their_lpse(self):
        for ticket in Ticket.objects.select_related("lpse"):
            assert ticket.number[2:4] == f"{ticket.created_at.astimezone(ticket.lpse.tzinfo):%y}"

    def test_the_welcome_names_addresses_and_logins(self):
        text = welcome("8123")

        assert "http://127.0.0.1:8123/spse/" in text
        shown = set(text.split())
        assert shown >= {account.user_id for account in spse.DEMO_ACCOUNTS}
        assert shown >= {"lkpp1,", "lkpp1b", "lkpp2", "admin", spse.DEMO_PASSWORD}


@pytest.mark.django_db
@pytest.mark.parametrize("command", ["seed_demo", "prepare_demo"])
def test_demo_commands_refuse_outside_the_demo(settings, command):
    settings.DEMO = False

    with pytest.raises(CommandError, match="for the demo only"):
        run(command)

    assert (User.objects.count(), Lpse.objects.count()) == (0, 0)


@pytest.mark.django_db
def test_seeding_that_breaks_off_leaves_no_row(monkeypatch):
    def broken(title):
        raise KeyboardInterrupt

    fill_reference_lists()
    monkeypatch.setitem(files.MAKERS, "rhs", broken)

    with pytest.raises(KeyboardInterrupt):
        run("seed_demo")

    assert (User.objects.count(), Ticket.objects.count(), Event.objects.count()) == (0, 0, 0)


@pytest.mark.parametrize("kind", files.MAKERS)
def test_made_files_are_accepted(kind):
    contents.check(upload(f"berkas-contoh.{kind}"))


# tidy_files


@pytest.fixture
def storage(settings, tmp_path):
    """The folder of a storage on disk."""
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    }
    settings.MEDIA_ROOT = tmp_path
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path / "incoming"
    settings.FILE_UPLOAD_TEMP_DIR.mkdir()
    return tmp_path


def receive(owner, name="layar.png", key=None):
    return Draft.objects.receive(upload(name), key=key or uuid.uuid4(), owner=owner)


def age(folder, days=2):
    """Make every file of the folder that old."""
    then = time.time() - days * 86400
    for path in folder.rglob("*"):
        os.utime(path, (then, then))


def stored(folder):
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


@pytest.mark.django_db
@pytest.mark.requirement("R29")
def test_tidy_files_removes_forgotten_drafts_with_their_previews_and_keeps_fresh_ones(storage):
    person = Cast().penyedia
    forgotten, fresh = receive(person), receive(person)
    Draft.objects.filter(pk=forgotten.pk).update(created_at=timezone.now() - timedelta(hours=25))
    age(storage)

    printed = run("tidy_files")

    assert printed == "Removed 1 forgotten drafts and 0 files without a name."
    assert list(Draft.objects.all()) == [fresh]
    assert stored(storage) == {fresh.path, fresh.preview_path}


@pytest.mark.django_db
def test_tidy_files_keeps_what_hangs_on_an_event_however_old(storage):
    person, key = Cast().penyedia, uuid.uuid4()
    send_ticket(person, files=[receive(person, key=key)], key=key)
    file = Attachment.objects.get()
    age(storage, days=900)

    printed = run("tidy_files")

    assert printed == "Removed 0 forgotten drafts and 0 files without a name."
    assert stored(storage) == {file.path, file.preview_path}


@pytest.mark.django_db
def test_tidy_files_keeps_the_files_of_a_guide_and_removes_those_that_were_replaced(storage):
    guide = make_guide(kind=Guide.Kind.VIDEO)
    replaced = guide.file.name
    guide.file = SimpleUploadedFile("baru.mp4", MP4)
    guide.save()
    age(storage, days=900)

    printed = run("tidy_files")

    assert printed == "Removed 0 forgotten drafts and 1 files without a name."
    assert stored(storage) == {guide.file.name, guide.captions.name}
    assert replaced not in stored(storage)


@pytest.mark.django_db
def test_tidy_files_removes_empty_folders_of_exports_that_broke_off(storage):
    for name in ("incoming/kosong", "incoming/berisi", "2026"):
        (storage / name).mkdir(parents=True)
    (storage / "incoming/berisi/lembar").touch()
    long_ago = time.time() - 2 * 24 * 60 * 60
    for name in ("incoming/kosong", "incoming/berisi", "2026"):
        os.utime(storage / name, (long_ago, long_ago))
    (storage / "incoming/baru").mkdir()

    run("tidy_files")

    assert {path.name for path in (storage / "incoming").iterdir()} == {"berisi", "baru"}
    assert (storage / "2026").exists()


@pytest.mark.django_db
def test_tidy_files_removes_files_without_a_name_once_they_are_a_day_old(storage):
    for name in ("2026/05/tua", "2026/05/dalam/tua", "incoming/tua.upload", "tua"):
        default_storage.save(name, SimpleUploadedFile("tua", b"x"))
    age(storage)
    for name in ("2026/05/baru", "incoming/baru.upload"):
        default_storage.save(name, SimpleUploadedFile("baru", b"x"))

    printed = run("tidy_files")

    assert printed == "Removed 0 forgotten drafts and 4 files without a name."
    assert stored(storage) == {"2026/05/baru", "incoming/baru.upload"}


@pytest.mark.django_db
def test_a_dry_run_removes_nothing(storage):
    draft = receive(Cast().penyedia)
    Draft.objects.update(created_at=timezone.now() - timedelta(days=2))
    default_storage.save("2026/05/tua", SimpleUploadedFile("tua", b"x"))
    age(storage)

    printed = run("tidy_files", "--dry-run")

    assert printed == "Would remove 1 forgotten drafts and 1 files without a name."
    assert list(Draft.objects.all()) == [draft]
    assert stored(storage) == {"2026/05/tua", draft.path, draft.preview_path}


# rotate_field_keys


@pytest.mark.django_db
@pytest.mark.requirement("R114")
def test_after_rotating_the_first_key_alone_opens_data_server(settings):
    ticket_at(Cast(), "new", 3)
    ticket_at(Cast(), "in_progress", 4)
    new, old = Fernet.generate_key().decode(), settings.FIELD_KEYS
    settings.FIELD_KEYS = [new, *old]

    printed = run("rotate_field_keys")

    assert printed.splitlines()[0] == "Data Server encrypted anew: 2."
    settings.FIELD_KEYS = [new]
    assert [access.open() for access in ServerAccess.objects.all()] == [SERVER, SERVER]
    settings.FIELD_KEYS = old
    for access in ServerAccess.objects.all():
        with pytest.raises(InvalidToken):
            box().decrypt(bytes(access.sealed))
