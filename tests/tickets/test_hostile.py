"""Every hostile or odd file gets its answer; what is accepted leaves as a download only (R30)."""

import csv
import hashlib
import uuid

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from tests.cast import send_ticket
from tests.test_project import ROOT
from tests.tickets.hostile import EVERYTHING, write
from tests.tickets.hostile_files.hostile import ACCEPTED
from tests.tickets.hostile_files.others import eicar
from tests.tickets.samples import PDF
from tickets import contents, uploads
from tickets.models import Attachment, Draft

pytestmark = pytest.mark.requirement("R30")

OURS = b"\xff\xd8\xff\xe0\x00\x10JFIF"


def named(samples):
    return [pytest.param(sample, id=sample.label) for sample in samples]


@pytest.fixture
def arrive(settings, tmp_path):
    """Receives a file as a request does; its bytes are removed at the end."""
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path
    arrived = []

    def receive(sample):
        handler = uploads.StreamingUploadHandler()
        handler.new_file("files", sample.name, "image/jpeg", None, None, {})
        size = 0
        for piece in sample.pieces():
            handler.receive_data_chunk(piece, size)
            size += len(piece)
        arrived.append(handler.file_complete(size))
        return arrived[-1]

    yield receive
    for upload in arrived:
        upload.close()


def answer_to(upload):
    try:
        contents.check(upload)
    except ValidationError as refused:
        return refused.messages
    return [ACCEPTED]


@pytest.mark.parametrize("sample", named(EVERYTHING))
def test_each_file_gets_its_answer(sample, arrive):
    upload = arrive(sample)

    answer = answer_to(upload)

    named_file = "" if sample.answer == ACCEPTED else f"{uploads.clean_name(sample.name)}: "
    assert answer == [f"{named_file}{sample.answer}"]


@pytest.mark.django_db
@pytest.mark.parametrize("sample", named(s for s in EVERYTHING if s.answer == ACCEPTED))
def test_what_is_accepted_leaves_as_a_download_that_nothing_runs(cast, sample, arrive):
    draft = Draft.objects.receive(arrive(sample), key=uuid.uuid4(), owner=cast.penyedia)
    ticket = send_ticket(cast.penyedia, files=[draft])
    file, client = Attachment.objects.get(), Client()
    client.force_login(cast.penyedia)
    address = f"{ticket.get_absolute_url()}berkas/{file.pk}/"

    answer = client.post(address) if file.is_sealed else client.get(address)

    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment; filename")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert (
        answer["Content-Security-Policy"] == "sandbox; default-src 'none'; frame-ancestors 'none'"
    )
    assert digest(answer.streaming_content) == digest(sample.pieces()) == file.sha256
    small = client.get(f"{address}pratinjau/")
    is_picture = file.extension in {"jpg", "png"}
    assert small.status_code == (200 if is_picture else 404)
    if is_picture:
        assert small["Content-Type"] == "image/jpeg"
        assert small.getvalue().startswith(OURS)
        assert b"<" + b"?php" not in small.getvalue()


def digest(pieces):
    whole = hashlib.sha256()
    for piece in pieces:
        whole.update(piece)
    return whole.hexdigest()


def test_the_files_are_many_and_really_different():
    labels = {sample.label for sample in EVERYTHING}
    formats = {uploads.extension(sample.name) for sample in EVERYTHING}
    kinds = {(sample.name, digest(sample.pieces())) for sample in EVERYTHING}

    assert len(EVERYTHING) == len(labels) == len(kinds) >= 120
    assert formats >= {*uploads.EXTENSIONS} - {"jpeg"}


def test_the_files_can_be_had_on_disk_with_a_table_of_their_answers(tmp_path):
    write(tmp_path / "files")

    with (tmp_path / "files" / "answers.csv").open(newline="") as table:
        rows = list(csv.DictReader(table))
    assert [row["answer"] for row in rows] == [sample.answer for sample in EVERYTHING]
    assert len(list((tmp_path / "files").iterdir())) == len(EVERYTHING) + 1
    assert PDF in {path.read_bytes() for path in (tmp_path / "files").glob("* surat.pdf.exe")}


def test_the_test_virus_is_nowhere_in_the_repository():
    found = [path for path in (ROOT / "tests").rglob("*.py") if eicar() in path.read_bytes()]

    assert found == []
