"""manage.py publish_guides: what came with this version is offered once (R22, R23)."""

import json
from importlib import import_module
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import call_command
from django.core.management.base import CommandError

from faq.management.commands import publish_guides
from faq.models import Guide
from tests.films import CAPTIONS, MP4, PDF, make_guide

pytestmark = pytest.mark.django_db

COMPLETE = "Guides: nothing changed."


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """docs/published with a guide and a film for the Penyedia."""
    monkeypatch.setattr(publish_guides, "FOLDER", tmp_path)
    tmp_path.joinpath("penyedia.pdf").write_bytes(PDF)
    tmp_path.joinpath("penyedia.mp4").write_bytes(MP4)
    tmp_path.joinpath("penyedia.vtt").write_bytes(CAPTIONS)
    write_manifest(tmp_path)
    return tmp_path


def write_manifest(folder, version="2026.11.24"):
    entry = {"version": version, "guide": "penyedia.pdf", "video": "penyedia.mp4"}
    entry |= {"captions": "penyedia.vtt", "minutes": 2, "sources": "0"}
    folder.joinpath("manifest.json").write_text(json.dumps({"penyedia": entry}))


def publish():
    output = StringIO()
    call_command("publish_guides", stdout=output)
    return output.getvalue().strip()


def offered():
    return [str(guide) for guide in Guide.objects.filter(is_published=True).order_by("kind")]


@pytest.mark.requirement("R22", "R23")
def test_guide_and_film_are_published_with_their_captions(folder):
    printed = publish()

    guide, film = Guide.objects.order_by("kind")
    assert printed == (
        "Guides published: User Guide LPSE Support Penyedia 2026.11.24,"
        " Video Tutorial LPSE Support Penyedia 2026.11.24."
    )
    assert (guide.format, film.format, film.minutes) == ("pdf", "mp4", 2)
    assert film.captions.open().read() == CAPTIONS


@pytest.mark.parametrize("storage", ["InMemoryStorage", "FileSystemStorage"])
def test_a_second_run_changes_nothing(folder, settings, storage):
    backend = f"django.core.files.storage.{storage}"
    settings.STORAGES = settings.STORAGES | {"default": {"BACKEND": backend}}
    settings.MEDIA_ROOT = folder / "files"
    publish()
    before = list(Guide.objects.order_by("pk").values())

    assert publish() == COMPLETE
    assert list(Guide.objects.order_by("pk").values()) == before


def test_a_changed_file_replaces_the_published_one(folder):
    publish()
    folder.joinpath("penyedia.pdf").write_bytes(PDF.replace(b"1.4", b"1.7"))
    write_manifest(folder, version="2026.12.01")

    printed = publish()

    assert printed == "Guides published: User Guide LPSE Support Penyedia 2026.12.01."
    assert offered() == [
        "User Guide LPSE Support Penyedia 2026.12.01",
        "Video Tutorial LPSE Support Penyedia 2026.11.24",
    ]


def test_changed_captions_are_a_newer_film(folder):
    publish()
    folder.joinpath("penyedia.vtt").write_bytes(CAPTIONS.replace(b"mudah", b"cepat"))

    publish()

    assert Guide.objects.filter(kind=Guide.Kind.VIDEO).count() == 2


def test_what_an_administrator_withdrew_or_replaced_stays_so(folder):
    publish()
    Guide.objects.get(kind=Guide.Kind.VIDEO).withdraw()
    make_guide(Guide.Role.PENYEDIA, content=PDF + b"%%EOF", title="Panduan LPSE kami")

    assert publish() == COMPLETE
    assert offered() == ["Panduan LPSE kami v1"]


def test_without_built_guides_it_says_so_and_nothing_happens(folder):
    folder.joinpath("manifest.json").unlink()

    assert publish() == "There are no built guides in docs/published: make docs builds them."
    assert not Guide.objects.exists()


def test_a_missing_file_is_named_and_nothing_is_published(folder):
    folder.joinpath("penyedia.vtt").unlink()

    with pytest.raises(CommandError, match=r"docs/published/penyedia\.vtt, which is missing"):
        publish()
    assert not Guide.objects.exists()


def test_a_file_that_is_not_what_it_should_be_is_named(folder):
    folder.joinpath("penyedia.mp4").write_bytes(PDF)

    with pytest.raises(CommandError, match=r"penyedia\.mp4: Bukan video MP4 atau WebM"):
        publish()
    assert not Guide.objects.exists()


# The guides of reporters of an earlier version

MIGRATION = import_module("faq.migrations.0008_guides_of_reporters")


def shared_guide(**fields):
    guide = make_guide(**fields)
    Guide.objects.filter(pk=guide.pk).update(role="pelapor")
    return guide


def rows():
    return list(Guide.objects.order_by("pk").values_list("role", "file", "is_published"))


def test_what_reporters_shared_both_kinds_of_them_go_on_reading():
    guide, draft = shared_guide(), shared_guide(is_published=False)
    at = guide.updated_at

    MIGRATION.divide(apps, None)

    assert rows() == [
        ("penyedia", guide.file.name, True),
        ("penyedia", draft.file.name, False),
        ("non_penyedia", guide.file.name, True),
        ("non_penyedia", draft.file.name, False),
    ]
    assert [each.updated_at for each in Guide.objects.filter(file=guide.file.name)] == [at, at]


def test_the_way_back_keeps_one_of_each_and_what_was_made_since_as_a_draft():
    guide = shared_guide()
    MIGRATION.divide(apps, None)
    newer = make_guide(Guide.Role.NON_PENYEDIA, version="v2")

    MIGRATION.unite(apps, None)

    assert rows() == [("pelapor", guide.file.name, True), ("pelapor", newer.file.name, False)]
