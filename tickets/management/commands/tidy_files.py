"""manage.py tidy_files: removes files that were never sent, and those that nothing names."""

from contextlib import suppress
from datetime import timedelta
from itertools import product

from django.apps import apps
from django.conf import settings
from django.core.files.storage import FileSystemStorage, default_storage
from django.core.management.base import BaseCommand
from django.db.models import FileField
from django.utils import timezone

from accounts.models import RateCount
from tickets.models import Attachment, Draft, LookupFailure, Scan

INCOMING = "incoming/"  # where uploads arrive and exports are written
QUARANTINE = "quarantine/"  # inside the storage, but a storage of its own
KEPT_FOR = timedelta(days=1)  # a younger file may belong to an upload that is still on its way


class Command(BaseCommand):
    """For a daily timer. Files without a row come from uploads and transactions that broke off."""

    help = "Removes forgotten drafts and files that no row names."

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="count only, remove nothing")

    def handle(self, *, dry_run, **options):
        forgotten = Draft.objects.forgotten()
        drafts = forgotten.count()
        if not dry_run:
            forgotten.discard()
            Scan.objects.expired().erase()
            LookupFailure.objects.expired().delete()  # the last ones, if no other followed
            RateCount.objects.over().delete()
        files = 0
        for place in places():
            for path in nameless_files(place):
                files += 1
                if not dry_run:
                    place.delete(path)
            if not dry_run:
                for folder in deserted_folders(place):
                    place.delete(folder)
        verb = "Would remove" if dry_run else "Removed"
        self.stdout.write(f"{verb} {drafts} forgotten drafts and {files} files without a name.")


def places():
    """The storage; besides a bucket the folder too, where uploads arrive before they go there."""
    return [default_storage, FileSystemStorage()] if settings.S3 else [default_storage]


def nameless_files(place):
    """Paths of the files older than a day that nothing in the database names."""
    for folder, paths in folders(place):
        # asked after listing and in one statement: a draft that is being sent becomes an attachment
        named = names_in(folder) if paths else ()
        yield from (path for path in paths if path not in named and is_old(place, path))


def deserted_folders(place):
    """Empty folders older than a day, of exports that broke off."""
    for folder, _ in list(folders(place)):
        is_of_export = folder.startswith(INCOMING) and folder != INCOMING
        if is_of_export and not any(place.listdir(folder)) and is_old(place, folder):
            yield folder


def folders(place, folder=""):
    """(folder, paths of its files) for each folder of the storage."""
    subfolders, names = place.listdir(folder)
    yield folder, [f"{folder}{name}" for name in names]
    for path in (f"{folder}{name}/" for name in subfolders):
        if path != QUARANTINE:
            yield from folders(place, path)


def is_old(place, path):
    with suppress(FileNotFoundError):  # an upload in `incoming` has just ended
        return place.get_modified_time(path) < timezone.now() - KEPT_FOR
    return False


def names_in(folder):
    """Every path in `folder` that a row has: a draft, an attachment, a guide."""
    names = [
        model._base_manager.filter(**{f"{column}__startswith": folder}).values_list(column)
        for model, column in columns()
    ]
    return {name for (name,) in names[0].union(*names[1:])}


def columns():
    """(model, name) of every column that holds a path of the storage."""
    yield from product((Draft, Attachment), ("path", "preview_path"))
    # those of the other apps name themselves by their kind
    for model in apps.get_models():
        for field in model._meta.local_fields:
            if isinstance(field, FileField):
                yield model, field.name
