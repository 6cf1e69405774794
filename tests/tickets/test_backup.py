"""A drill: what was backed up stands in another place as it was, or nothing of it does."""

import os
import shutil
import subprocess
import sys
import tarfile
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from io import BytesIO, StringIO

import pytest
from cryptography.fernet import Fernet
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import DatabaseError, connection
from pyrage import x25519

from tests.cast import Cast, fill_reference_lists, send_ticket, ticket_at
from tests.factories import make_user
from tests.tickets.test_files import draft, photo
from tests.tickets.test_scan import on_disk
from tickets import redaction
from tickets.keeping import Failed, archive, backup, envelope, restoring
from tickets.keeping.backup import stored_files
from tickets.keeping.database import Database, described, differences
from tickets.keeping.shelf import Shelf
from tickets.models import Attachment, Scan


@pytest.fixture
def place(settings, tmp_path):
    """A portal on disk, with a key whose private half lies elsewhere."""
    folder, key = tmp_path / "files", x25519.Identity.generate()
    quarantine = on_disk(folder / "quarantine", 0o600)
    settings.MEDIA_ROOT = folder
    settings.STORAGES = settings.STORAGES | {
        "default": on_disk(folder, 0o640),
        "quarantine": quarantine,
    }
    settings.BACKUP_ROOT = tmp_path / "backups"
    settings.BACKUP_RECIPIENTS = [str(key.to_public())]
    (tmp_path / "key.txt").write_text(f"# kept elsewhere\n{key}\n")
    return tmp_path


@pytest.fixture
def key(place):
    return envelope.identity(place / "key.txt")


@pytest.fixture
def portal(transactional_db, place):
    """Tickets with files, a rating and Data Server, and one file that has a virus."""
    fill_reference_lists()
    cast = Cast()
    files = [
        draft(cast.penyedia, "bukti.txt"),
        draft(cast.penyedia, "layar.jpg", photo()),
        draft(cast.penyedia, "penawaran.rhs", b"rhs" + bytes(500)),
    ]
    send_ticket(cast.penyedia, files=files)
    ticket_at(cast, "in_progress", 3)
    closed = ticket_at(cast, "closed", 2)
    closed.perform("rate", by=closed.reporter, stars=2, suggestion="Lambat.")
    caught = Scan.objects.create(path=files[0].path, kind="txt", size=9, sha256=files[0].sha256)
    caught.hear("Uji.Penanda")
    caught.save()
    caught.settle()
    return cast


@pytest.fixture
def elsewhere(transactional_db):
    """An empty database beside the portal's."""
    name = f"{connection.settings_dict['NAME']}_second"
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
    yield Database(connection.settings_dict | {"NAME": name})
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


def contents_of(folder):
    return {path.relative_to(folder): path.read_bytes() for path in stored_files(folder)}


def now_in(database):
    with database.moment() as cursor:
        return described(cursor)


def manage(place, database, *arguments, **more):
    """A manage.py of its own, whose portal is the second one."""
    about = database.about
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "helpdesk.settings",
        "DATABASE_URL": f"postgres://{about['USER']}@/{about['NAME']}?host={about['HOST']}",
        "FILES_ROOT": str(place / "second"),
        "BACKUP_ROOT": str(place / "backups"),
        **more,
    }
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def test_a_backup_restored_into_an_empty_place_is_the_same_portal(portal, place, elsewhere):
    call_command("backup", stdout=StringIO())

    done = manage(place, elsewhere, "restore", "--identity", str(place / "key.txt"))

    assert done.stderr == ""
    assert done.stdout.splitlines()[-1].startswith("Restored: rows, hashes, sequences and guards")
    assert "        3 tickets_attachment" in done.stdout.splitlines()
    assert contents_of(place / "second") == contents_of(place / "files")
    assert list(differences(now_in(Database()), now_in(elsewhere))) == []
    proven = manage(place, elsewhere, "verify_history", "--files")
    assert (proven.returncode, proven.stdout.split()[1]) == (0, "events")
    assert not list((place / "second").glob(".*"))


def test_a_restored_history_is_guarded_as_before(portal, place, key, elsewhere):
    path = backup.make().path
    restore(path, key, elsewhere, place / "second")

    with elsewhere.moment() as cursor:
        cursor.execute("COMMIT")
        with pytest.raises(DatabaseError, match="table tickets_event is append-only"):
            cursor.execute("UPDATE tickets_event SET message = 'x'")


def restore(path, key, database, folder, *, replace=False):
    """The two steps of the command `restore`, without its report."""
    manifest = restoring.read(path, key)
    restoring.require_place(manifest, database, folder, replace=replace)
    restoring.put(path, key, manifest, database, folder, replace=replace)


def test_a_restored_portal_with_other_field_keys_says_what_stays_closed(portal, place, elsewhere):
    backup.make()

    done = manage(
        *(place, elsewhere, "restore", "--identity", str(place / "key.txt")),
        FIELD_KEYS=Fernet.generate_key().decode(),
    )

    assert done.returncode == 1
    assert "FIELD_KEYS do not open 1 sealed rows: set those of the first server." in done.stderr


# What is no backup


def flip(path):
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def cut(path):
    path.write_bytes(path.read_bytes()[:-100_000])


def stop_at_a_piece(path):
    """The cut that only the age format itself notices: after a whole piece of 64 KiB."""
    path.write_bytes(path.read_bytes()[: 200 + 16 + 2 * (65_536 + 16)])


@pytest.mark.parametrize(
    ("harm", "sentence"),
    [(flip, envelope.DAMAGED), (cut, envelope.DAMAGED), (stop_at_a_piece, envelope.DAMAGED)],
)
def test_a_damaged_backup_is_refused_and_nothing_is_written(
    harm, sentence, portal, place, key, elsewhere
):
    draft(portal.penyedia, "besar.rhs", os.urandom(300_000))
    path = backup.make().path
    harm(path)

    with pytest.raises(Failed, match=sentence):
        restore(path, key, elsewhere, place / "second")

    assert not elsewhere.has_tables()
    assert not (place / "second").exists()


def test_another_key_opens_nothing(portal, place, elsewhere):
    path = backup.make().path

    with pytest.raises(Failed, match="This key does not open the backup"):
        restore(path, x25519.Identity.generate(), elsewhere, place / "second")

    assert not elsewhere.has_tables()


@pytest.mark.parametrize(
    ("left_out", "sentence"),
    [("files/", "is not whole: files/.* is missing"), ("manifest.json", "it was never finished")],
)
def test_a_backup_with_a_part_missing_is_refused(
    left_out, sentence, portal, place, key, elsewhere, settings
):
    whole = backup.make().path
    keys, path = envelope.recipients(settings.BACKUP_RECIPIENTS), place / "less.tar.age"
    with (
        envelope.unsealed(whole, key) as stream,
        path.open("wb") as target,
        envelope.sealed(target, keys) as less,
    ):
        copy_without(left_out, stream, less)

    with pytest.raises(Failed, match=sentence):
        restore(path, key, elsewhere, place / "second")

    assert not elsewhere.has_tables()


def copy_without(left_out, stream, less):
    with (
        tarfile.open(fileobj=stream, mode="r|") as old,
        tarfile.open(fileobj=less, mode="w|") as new,
    ):
        is_gone = False
        for info in old:
            if info.name.startswith(left_out) and not is_gone:
                is_gone = True
                continue
            new.addfile(info, old.extractfile(info))


def test_what_is_no_backup_is_refused(place, key):
    path = place / "catatan.txt"
    path.write_text("bukan cadangan")

    with pytest.raises(Failed, match="or is no backup"):
        restoring.read(path, key)


def test_a_part_that_leads_out_of_its_folder_is_refused(place, key, settings):
    keys, path = envelope.recipients(settings.BACKUP_RECIPIENTS), place / "evil.tar.age"
    with (
        path.open("wb") as target,
        envelope.sealed(target, keys) as stream,
        archive.Writer(stream) as parts,
    ):
        parts.add("files/../../x", BytesIO(b"jahat"), 5)
        parts.finish({})

    with pytest.raises(Failed, match="what no backup holds"):
        restoring.read(path, key)


# All or nothing


def test_a_restore_into_a_place_in_use_is_refused(portal, place, key, elsewhere):
    path = backup.make().path
    before = contents_of(place / "files")

    with pytest.raises(Failed, match=r"The database .* is not empty\."):
        restore(path, key, Database(), place / "second")
    with pytest.raises(Failed, match=r"files is not empty\."):
        restore(path, key, elsewhere, place / "files")

    assert contents_of(place / "files") == before


def test_a_restore_that_the_database_refuses_leaves_both_as_before(portal, place, key, elsewhere):
    path = backup.make().path
    restore(path, key, elsewhere, place / "second")
    shutil.rmtree(place / "second")
    manifest, before = restoring.read(path, key), now_in(elsewhere)

    with pytest.raises(Failed, match=r"PostgreSQL: .* already exists"):
        restoring.put(path, key, manifest, elsewhere, folder_in(place), replace=False)

    assert now_in(elsewhere) == before
    assert list((place / "second").iterdir()) == []


def test_a_restore_that_breaks_off_leaves_what_it_would_have_replaced(
    portal, place, key, elsewhere
):
    draft(portal.penyedia, "besar.rhs", os.urandom(300_000))
    path = backup.make().path
    restore(path, key, elsewhere, place / "second")
    manifest, before = restoring.read(path, key), now_in(elsewhere)
    cut(path)  # between checking it and putting it back

    with pytest.raises(Failed, match=envelope.DAMAGED):
        restoring.put(path, key, manifest, elsewhere, place / "second", replace=True)

    assert now_in(elsewhere) == before
    assert contents_of(place / "second") == contents_of(place / "files")


def test_a_restore_told_to_replace_replaces_rows_and_files(portal, place, key, elsewhere):
    path = backup.make().path
    restore(path, key, elsewhere, place / "second")
    (place / "second" / "2020").mkdir()
    (place / "second" / "2020" / "lain").write_text("dari kemarin")

    restore(path, key, elsewhere, place / "second", replace=True)

    assert contents_of(place / "second") == contents_of(place / "files")
    assert list(differences(now_in(Database()), now_in(elsewhere))) == []


def folder_in(place):
    (place / "second").mkdir()
    return place / "second"


# While the portal goes on


class Meanwhile(Database):
    """The portal's database, in which something happens once, right after it was dumped."""

    def __init__(self, act):
        super().__init__()
        self.acts = [act]

    @contextmanager
    def dump(self, cursor):
        with super().dump(cursor) as stream:
            yield stream
        while self.acts:
            self.acts.pop()()


def test_a_file_sent_while_the_backup_runs_does_it_no_harm(portal, place, key, elsewhere):
    database = Meanwhile(lambda: send_ticket(portal.ppk, files=[draft(portal.ppk, "baru.txt")]))

    path = backup.make(database=database).path

    restore(path, key, elsewhere, place / "second")
    assert missing_files(elsewhere, place / "second") == set()


def test_a_file_removed_by_law_while_the_backup_runs_is_in_neither_half(
    portal, place, key, elsewhere
):
    file = Attachment.objects.get(name="penawaran.rhs")

    path = backup.make(database=Meanwhile(lambda: remove_by_law(file))).path

    restore(path, key, elsewhere, place / "second")
    assert missing_files(elsewhere, place / "second") == set()
    assert not (place / "second" / file.path).exists()


def missing_files(database, folder):
    """Files that rows of the database name and that are in no place of the folder."""
    there = {path.name for path in stored_files(folder)}
    with database.moment() as cursor:
        cursor.execute("SELECT path FROM tickets_attachment WHERE path <> ''")
        return {path.rsplit("/", 1)[-1] for (path,) in cursor.fetchall()} - there


def remove_by_law(file):
    ticket = file.event.ticket
    power = make_user(is_staff=True, is_superuser=True)
    pieces = [
        p for p in redaction.removable(ticket) if p.label.endswith("byte") and "rhs" in p.label
    ]
    said = {"ordered_by": "Pengadilan", "message": "Putusan 1", "pieces": pieces}
    ticket.perform("redact", by=power, **said)


def test_a_file_that_was_lost_before_is_told_and_the_rest_is_kept(portal, place, capsys):
    lost = Attachment.objects.get(name="penawaran.rhs").path
    (place / "files" / lost).unlink()

    call_command("backup")

    assert capsys.readouterr().err == f"Already missing, so not in the backup: {lost}\n"


# The shelf


def test_only_whole_backups_are_on_the_shelf_and_nobody_else_reads_them(portal, place):
    half = place / "backups" / "lpse-support-20260101T000000Z.tar.age.under-way"
    Shelf().folder.joinpath(half.name).write_bytes(b"age")

    made = backup.make()

    assert list(Shelf().backups()) == [made.path]
    assert not half.exists()
    assert made.path.stat().st_mode & 0o777 == 0o600
    assert Shelf().last_good()["file"] == made.path.name


def test_a_backup_that_fails_leaves_none_and_the_mark_of_the_last_good_one(portal, place):
    last = backup.make().path

    with pytest.raises(Failed, match="disk full"):
        backup.make(database=Meanwhile(run_out_of_disk))

    assert sorted(path.name for path in (place / "backups").iterdir()) == [
        *(".lock", "last-good.json", last.name)
    ]
    assert Shelf().last_good()["file"] == last.name


def run_out_of_disk():
    raise Failed("disk full")


def test_two_backups_at_once_are_one(place):
    with Shelf().alone(), pytest.raises(Failed, match="Another backup is under way"):
        backup.make()


def test_a_backup_without_room_is_not_begun(place):
    with pytest.raises(Failed, match="MiB free, and the backup may need"):
        Shelf().require_room(2**60)


def test_the_newest_of_seven_days_and_four_weeks_stay(place):
    noon = datetime(2026, 11, 27, 12, tzinfo=UTC)  # a Friday
    for days in range(60):
        for hour in (0, 6):
            at = noon - timedelta(days=days, hours=hour)
            (Shelf().folder / f"lpse-support-{at:%Y%m%dT%H%M%SZ}.tar.age").touch()

    Shelf().thin_out(7, 4)

    kept = [f"{at:%m-%d %H}" for at in Shelf().backups().values()]
    assert kept == [
        *("11-27 12", "11-26 12", "11-25 12", "11-24 12", "11-23 12", "11-22 12", "11-21 12"),
        *("11-15 12", "11-08 12"),
    ]


# Keys


def test_a_private_key_is_no_recipient(place, settings):
    settings.BACKUP_RECIPIENTS = [str(x25519.Identity.generate())]

    with pytest.raises(CommandError, match=r"The private half .* has no place on this server"):
        call_command("backup")


def test_a_portal_in_use_needs_a_key_of_its_own(place, settings):
    settings.BACKUP_RECIPIENTS, settings.DEMO = [], False

    with pytest.raises(CommandError, match="BACKUP_RECIPIENTS is missing"):
        call_command("backup")


def test_the_demo_makes_a_pair_of_its_own_once(place):
    first = envelope.demo_keys(place / "pair.txt")

    assert envelope.demo_keys(place / "pair.txt") == first
    assert (place / "pair.txt").stat().st_mode & 0o777 == 0o600


def test_a_file_without_a_private_key_is_named(place):
    (place / "empty.txt").write_text("age1…")

    with pytest.raises(Failed, match=r"empty\.txt holds no private key"):
        envelope.identity(place / "empty.txt")
