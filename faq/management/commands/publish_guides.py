"""manage.py publish_guides: offers the guides and films that came with this version."""

import json

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from faq.models import Guide

FOLDER = settings.BASE_DIR / "docs" / "published"
NONE = "There are no built guides in docs/published: make docs builds them."
Kind = Guide.Kind


class Command(BaseCommand):
    """For the demo and for a real portal. What was once published from here is never forced on
    anybody again: an administrator who withdrew or replaced it has the last word.
    """

    help = "Publishes the guides in docs/published that the portal does not have yet."

    def handle(self, **options):
        if not FOLDER.joinpath("manifest.json").exists():
            self.stdout.write(NONE)
            return
        with transaction.atomic():
            published = [guide for guide in shipped() if publish_if_new(guide)]
        told = ", ".join(map(str, published))
        self.stdout.write(f"Guides published: {told}." if told else "Guides: nothing changed.")


def shipped():
    """A Guide, not stored yet, for each file that the manifest names."""
    manifest = json.loads(FOLDER.joinpath("manifest.json").read_text())
    for role, entry in manifest.items():
        common = {"role": Guide.Role(role), "version": entry["version"]}
        yield guide(kind=Kind.USER_GUIDE, file=content(entry["guide"]), **common)
        yield guide(
            kind=Kind.VIDEO,
            file=content(entry["video"]),
            captions=content(entry["captions"]),
            minutes=entry["minutes"],
            **common,
        )


def guide(*, kind, role, **fields):
    title = f"{Kind(kind).label} LPSE Support {role.label}"
    return Guide(kind=kind, role=role, title=title, **fields)


def content(name):
    try:
        return ContentFile(FOLDER.joinpath(name).read_bytes(), name=name)
    except OSError as error:
        raise CommandError(
            f"The manifest names docs/published/{name}, which is missing."
        ) from error


def publish_if_new(new):
    """Whether it was published: not if the portal has, or once had, the same files."""
    if any(is_same(new, old) for old in Guide.objects.filter(role=new.role, kind=new.kind)):
        return False
    try:
        new.full_clean()
    except ValidationError as error:
        raise CommandError(f"{new.file.name}: {' '.join(error.messages)}") from error
    new.save()
    new.publish()
    return True


def is_same(new, old):
    """Byte by byte; a stored file that was lost is no longer the same."""
    if new.file.size != old.size:
        return False
    try:
        return read(new.file) == read(old.file) and read(new.captions) == read(old.captions)
    except FileNotFoundError:
        return False


def read(stored):
    """All of a file, from its beginning; nothing where there are no captions."""
    if not stored:
        return b""
    if stored._committed:
        with stored.storage.open(stored.name) as file:
            return file.read()
    content = stored.file.read()
    stored.file.seek(0)
    return content
