"""What the virus scanner said about the bytes under a path, and the quarantine (R30, ADR 17)."""

import logging
import uuid
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage, storages
from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts import security_log
from accounts.security_log import Kind
from tickets import clamd, uploads
from tickets.contents.refusal import BOMB

log = logging.getLogger("helpdesk.scan")

REFUSED = "quarantine/"  # begins the path of what was never accepted
INFECTED = "{name}: File ini berisi virus ({signature}) dan tidak diterima."


class ScanState(models.TextChoices):
    WAITING = "waiting", "sedang diperiksa"
    CLEAN = "clean", "bersih"
    INFECTED = "infected", "dikarantina: berisi virus"


class ScanQuerySet(models.QuerySet):
    KEPT_FOR = timedelta(days=30)

    def waiting(self):
        return self.filter(state=ScanState.WAITING)

    def infected(self):
        return self.filter(state=ScanState.INFECTED)

    def refused(self):
        """Files that were never accepted, and so belong to no ticket."""
        return self.infected().filter(path__startswith=REFUSED)

    def stored(self):
        """Files that a draft or a ticket has."""
        return self.exclude(path__startswith=REFUSED)

    def expired(self):
        """Refused files that lay in quarantine long enough for whoever wants to look into them."""
        return self.refused().filter(scanned_at__lt=timezone.now() - self.KEPT_FOR)

    def erase(self):
        """Remove them from quarantine; the row stays on record."""
        for scan in self:
            storages["quarantine"].delete(scan.name_in_quarantine)

    def of_upload(self, upload, sha256):
        """An unsaved verdict on a received upload; None where no scanner is set.

        Raises a ValidationError that names the file when it has a virus; its bytes are in
        quarantine then. Without a verdict in time it waits.
        """
        if not clamd.is_on():
            return None
        scan = self.model(kind=uploads.extension(upload.name), size=upload.size, sha256=sha256)
        try:
            scan.hear(clamd.signature_in(upload.chunks(), seconds=clamd.AT_ONCE))
        except clamd.Unavailable as problem:
            log.warning("A received file waits for its virus scan: %s", problem)
        upload.seek(0)
        if scan.state == ScanState.INFECTED:
            scan.refuse(upload)
        return scan

    def forget(self, paths):
        """For files that were discarded; what is in quarantine stays on record."""
        self.filter(path__in=paths).exclude(state=ScanState.INFECTED).delete()

    def begin_with(self, files):
        """Rows that wait, for stored files that have none yet."""
        rows = [
            self.model(path=f.path, kind=f.extension, size=f.size, sha256=f.sha256) for f in files
        ]
        self.bulk_create(rows, ignore_conflicts=True)


class Scan(models.Model):
    """One verdict on the bytes under `path`; files of tickets never change, so it is beside them.

    A file without a row has not been looked at: it waits.
    """

    State = ScanState

    path = models.CharField(max_length=80, unique=True)
    kind = models.CharField("jenis file", max_length=10)
    size = models.PositiveBigIntegerField("ukuran")
    sha256 = models.CharField("SHA-256", max_length=64)
    state = models.CharField(max_length=8, choices=ScanState, default=ScanState.WAITING)
    signature = models.CharField("virus", max_length=200, blank=True)
    scanned_at = models.DateTimeField("waktu", null=True)
    # of a file in quarantine; NULL when it was never sent
    ticket = models.ForeignKey("tickets.Ticket", models.PROTECT, null=True, related_name="+")

    objects = ScanQuerySet.as_manager()

    class Meta:
        # the administration lists those alone
        verbose_name = verbose_name_plural = "file dalam karantina"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="scan_names_what_it_found",
                condition=(Q(state=ScanState.INFECTED) & ~Q(signature=""))
                | (~Q(state=ScanState.INFECTED) & Q(signature="")),
            ),
            models.CheckConstraint(
                name="scan_has_its_time",
                condition=(Q(state=ScanState.WAITING) & Q(scanned_at=None))
                | (~Q(state=ScanState.WAITING) & Q(scanned_at__isnull=False)),
            ),
        ]
        indexes = [
            models.Index(name="scan_waiting", fields=["id"], condition=Q(state=ScanState.WAITING)),
            models.Index(
                name="scan_infected", fields=["-id"], condition=Q(state=ScanState.INFECTED)
            ),
        ]

    def __str__(self):
        return f"file .{self.kind}"

    def hear(self, signature):
        """Take the scanner's word: '' is clean."""
        self.state = ScanState.INFECTED if signature else ScanState.CLEAN
        self.signature, self.scanned_at = signature, timezone.now()

    def refuse(self, upload):
        """Keep an upload that nobody accepted in quarantine, and say so."""
        name = uploads.clean_name(upload.name)
        if self.signature.startswith(clamd.TOO_DEEP):
            raise ValidationError(f"{name}: {BOMB}", code="upload")
        self.path = REFUSED + uuid.uuid4().hex
        self.save()
        storages["quarantine"].save(self.name_in_quarantine, upload)
        self.tell()
        raise ValidationError(INFECTED.format(name=name, signature=self.signature), code="virus")

    def tell(self):
        ticket = self.ticket.number if self.ticket else ""
        facts = {"scan": self.pk, "virus": self.signature, "file": self.kind, "ticket": ticket}
        security_log.record(Kind.INFECTED_FILE, **facts)

    @property
    def name_in_quarantine(self):
        return self.path.rsplit("/", 1)[-1]

    def look_again(self):
        """Ask the scanner about the stored bytes and act on its word; an old one counts till then.

        Raises Unavailable. Where the bytes of a waiting file are gone, so is its row.
        """
        try:
            with self._open() as file:
                signature = clamd.signature_in(file.chunks(), seconds=clamd.PATIENT)
        except (
            FileNotFoundError,
            IsADirectoryError,
        ):  # of a draft that was taken off; or another process moves it
            Scan.objects.filter(pk=self.pk, state=ScanState.WAITING).delete()
            return
        if signature.startswith(clamd.TOO_DEEP):  # no virus, and nobody can say that there is none
            raise clamd.Unavailable(signature)
        self.hear(signature)
        word = {"state": self.state, "signature": signature, "scanned_at": self.scanned_at}
        if Scan.objects.filter(pk=self.pk).update(**word):
            self.settle()

    def _open(self):
        place, name = default_storage, self.path
        if self.is_locked_away:
            place, name = storages["quarantine"], self.name_in_quarantine
        return place.open(name)

    @property
    def is_locked_away(self):
        return storages["quarantine"].exists(self.name_in_quarantine)

    def settle(self):
        """Bring the bytes where their verdict wants them; the word counts before they move."""
        if self.state == ScanState.INFECTED:
            self.lock_away()
        elif self.state == ScanState.CLEAN:
            self.release()

    def lock_away(self):
        """Move the bytes into quarantine, where no page looks; they were closed before."""
        if self.ticket is None:
            Ticket = self._meta.get_field("ticket").related_model
            self.ticket = Ticket.objects.filter(events__attachments__path=self.path).first()
            self.save(update_fields=["ticket"])
        if default_storage.exists(self.path):
            _move(default_storage, self.path, storages["quarantine"], self.name_in_quarantine)
            self.tell()

    def release(self):
        """Move the bytes back after a false alarm."""
        if self.is_locked_away:
            _move(storages["quarantine"], self.name_in_quarantine, default_storage, self.path)


def _move(source, name, target, new_name):
    """A rename, for quarantine lies inside the folder of files: nobody ever meets half of one."""
    if settings.S3:
        with suppress(FileNotFoundError):  # another process was first
            target.take(source, name, new_name)
        return
    goal = Path(target.path(new_name))
    goal.parent.mkdir(mode=target.directory_permissions_mode or 0o777, parents=True, exist_ok=True)
    with suppress(FileNotFoundError):  # another process was first
        Path(source.path(name)).rename(goal)
        goal.chmod(target.file_permissions_mode or 0o666)


def state_of_path():
    """For a query of stored files: what is known of the bytes; without a row they wait."""
    scans = Scan.objects.filter(path=OuterRef("path")).values("state")[:1]
    return Coalesce(Subquery(scans), Value(ScanState.WAITING.value))


def has_no_scan():
    """For a query of stored files: nobody has looked at it yet."""
    return ~Exists(Scan.objects.filter(path=OuterRef("path")))
