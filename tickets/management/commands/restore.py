"""manage.py restore: puts a backup into an empty database and folder, and shows that it is all."""

from pathlib import Path

from cryptography.fernet import InvalidToken
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from accounts.vault import unreadable_second_factors
from tickets.keeping import Failed, envelope, restoring
from tickets.keeping.database import Database, described, differences
from tickets.keeping.shelf import Shelf
from tickets.models import ServerAccess
from tickets.proof import faults


class Command(BaseCommand):
    """Run as the owner of the database, as `migrate` is. Nothing is written before the whole backup
    was read and checked, and if anything goes wrong later everything is as before."""

    help = "Restores a backup into an empty database and folder of files."

    def add_arguments(self, parser):
        parser.add_argument(
            "backup", nargs="?", help="the file; the newest of BACKUP_ROOT if unset"
        )
        parser.add_argument("--identity", help="the file with the private key")
        parser.add_argument(
            "--replace", action="store_true", help="lose what is in the database and the folder"
        )

    def handle(self, *, backup, identity, replace, **options):
        try:
            manifest = self._restore(backup or _newest(), identity or _demo_key(), replace)
        except Failed as problem:
            raise CommandError(str(problem)) from problem
        self._show(manifest)

    def _restore(self, path, identity, replace):
        key, database, folder = envelope.identity(identity), Database(), settings.MEDIA_ROOT
        manifest = restoring.read(path, key)
        self.stdout.write(f"{path} is whole: {len(manifest['parts'])} parts.")
        restoring.require_place(manifest, database, folder, replace=replace)
        connection.close()  # the tables behind it change
        restoring.put(path, key, manifest, database, folder, replace=replace)
        return manifest

    def _show(self, manifest):
        """Whether what stands there now is what was backed up. Fails when it is not."""
        with Database().moment() as cursor:
            now = described(cursor)
        wrong = list(differences(manifest["database"], now))
        for table, (rows, _) in sorted(now["tables"].items()):
            self.stdout.write(f"{rows:9} {table}")
        if waiting := _waiting_migrations():
            self.stdout.write(f"{waiting} migrations wait: manage.py migrate, then verify_history.")
        else:
            wrong += [str(fault) for fault in faults(files=True)]
            wrong += list(_sealed_for_others())
        if wrong:
            raise CommandError("\n".join(["Restored, but:", *wrong]))
        self.stdout.write(
            "Restored: rows, hashes, sequences and guards are those of the backup. Now run "
            "grant_app_role for the portal's own account, and seal_days."
        )


def _newest():
    for path in Shelf().backups():
        return path
    raise Failed(f"There is no backup in {settings.BACKUP_ROOT}.")


def _demo_key():
    if not settings.DEMO:
        raise Failed("Name the file with the private key: --identity FILE.")
    return Path(settings.BACKUP_DEMO_KEY)


def _waiting_migrations():
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _sealed_for_others():
    """FIELD_KEYS are not in a backup: whether those set here open what was sealed."""
    closed = unreadable_second_factors()
    for access in ServerAccess.objects.iterator():
        try:
            access.open()
        except InvalidToken:
            closed += 1
    if closed:
        yield f"FIELD_KEYS do not open {closed} sealed rows: set those of the first server."
