"""Files: what hangs on an event, and what a form has received but not sent yet."""

import uuid
from contextlib import suppress
from datetime import timedelta

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, models, transaction
from django.db.models import Count, Sum
from django.utils import timezone

from tickets import clamd, contents, uploads
from tickets.models.scan import Scan, ScanState, has_no_scan, state_of_path
from tickets.steps import Audience


class StoredFileQuerySet(models.QuerySet):
    def with_scan(self):
        """Annotates what the virus scanner said; nothing is asked where none is set."""
        return self.annotate(scan=state_of_path()) if clamd.is_on() else self

    def unscanned(self):
        """Files that the scanner has never been asked about."""
        return self.exclude(path="").filter(has_no_scan())  # '' is what the law had removed


class StoredFile(models.Model):
    """A file under an unguessable name outside the web root; its own name is only a text."""

    scan = ScanState.CLEAN  # unless with_scan() says otherwise

    name = models.CharField("nama file", max_length=120)
    size = models.PositiveBigIntegerField("ukuran")
    sha256 = models.CharField("SHA-256", max_length=64)
    path = models.CharField(max_length=80)
    preview_path = models.CharField(max_length=80, blank=True)

    class Meta:
        abstract = True

    def __str__(self):
        """Without the name, which can be personal."""
        return f"file .{self.extension}"

    @property
    def extension(self):
        return uploads.extension(self.name)

    @property
    def is_removed(self):
        """Whether the law had it removed: only its kind, size and SHA-256 are left."""
        return not self.path

    @property
    def is_sealed(self):
        """A .rhs is somebody's sealed bid: never previewed, each download recorded."""
        return self.extension == "rhs"

    @property
    def is_waiting(self):
        """Nobody gets the bytes before the virus scanner has seen them."""
        return self.scan == ScanState.WAITING

    @property
    def is_infected(self):
        """Nobody gets the bytes any more."""
        return self.scan == ScanState.INFECTED


class AttachmentQuerySet(StoredFileQuerySet):
    def readable_by(self, user):
        """Files of messages that `user` may read, of tickets that they may see already."""
        if user.is_officer:
            return self
        return self.filter(event__audience=Audience.EVERYONE)


class Attachment(StoredFile):
    event = models.ForeignKey("tickets.Event", models.PROTECT, related_name="attachments")

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "lampiran"
        ordering = ["pk"]


class DraftQuerySet(StoredFileQuerySet):
    FORGOTTEN_AFTER = timedelta(days=1)

    def of_form(self, key, owner):
        return self.filter(key=key, owner=owner)

    def forgotten(self):
        return self.filter(created_at__lt=timezone.now() - self.FORGOTTEN_AFTER)

    def same_as(self, upload):
        return self.filter(name=uploads.clean_name(upload.name), sha256=uploads.sha256(upload))

    def is_full_for(self, upload):
        """Whether the upload would be more than one person may leave unsent in all their forms."""
        unsent = self.aggregate(number=Count("pk"), size=Sum("size", default=0))
        return (
            unsent["number"] >= uploads.MAX_UNSENT
            or unsent["size"] + upload.size > uploads.MAX_UNSENT_SIZE
        )

    def receive(self, upload, *, key, owner):
        """Store one checked upload for the form `key`; the same file sent twice is one draft.

        Raises a ValidationError that names the file when it has a virus.
        """
        name, sha256 = uploads.clean_name(upload.name), uploads.sha256(upload)
        known = self.of_form(key, owner).same_as(upload)
        if draft := known.first():
            return draft
        scan = Scan.objects.of_upload(upload, sha256)
        draft = self.model(key=key, owner=owner, name=name, sha256=sha256, size=upload.size)
        draft.store(upload)
        try:
            with transaction.atomic():
                self._make_room(draft)
                draft.save()
                if scan:
                    scan.path = draft.path
                    scan.save()
        except IntegrityError:  # the other click of a double click was first
            draft.erase()
            return known.get()
        except ValidationError:  # so were others, at the same moment
            draft.erase()
            raise
        return draft

    def _make_room(self, draft):
        """One file of a person after the other, so that many at once are no more than may be."""
        get_user_model().objects.select_for_update(no_key=True).get(pk=draft.owner_id)
        of_form = self.of_form(draft.key, draft.owner)
        if of_form.filter(name=draft.name, sha256=draft.sha256).exists():
            return
        is_full = of_form.count() >= uploads.MAX_FILES
        if is_full or self.filter(owner=draft.owner).count() >= uploads.MAX_UNSENT:
            raise ValidationError(f"{draft.name}: {uploads.TOO_MANY}")

    def held(self, drafts, owner):
        """These drafts of `owner`, locked until the transaction ends, in the order of their keys.

        Raises ValidationError when one is gone meanwhile, or when there are more than five.
        """
        pks = {draft.pk for draft in drafts}
        held = list(self.select_for_update().filter(pk__in=pks, owner=owner).order_by("pk"))
        if len(held) != len(pks):
            raise ValidationError("Sebagian file sudah dihapus. Unggah lagi lalu kirim.")
        if len(held) > uploads.MAX_FILES:
            raise ValidationError(uploads.TOO_MANY)
        return held

    def attach(self, held, event):
        """Turn drafts that are `held` into the event's Attachments, inside its transaction."""
        Attachment.objects.bulk_create([draft.attach_to(event) for draft in held])
        self.filter(pk__in=[draft.pk for draft in held]).delete()

    def discard(self):
        """Remove drafts with their files, but none that somebody has just sent."""
        with transaction.atomic():
            drafts = list(self.select_for_update())
            self.model.objects.filter(pk__in=[draft.pk for draft in drafts]).delete()
            Scan.objects.forget([draft.path for draft in drafts])
        for draft in drafts:
            draft.erase()


class Draft(StoredFile):
    """A file that a form has received; it becomes an Attachment when the form is sent."""

    key = models.UUIDField(db_index=True)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    objects = DraftQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "file yang belum dikirim"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                name="draft_once_per_form", fields=["key", "owner", "name", "sha256"]
            )
        ]

    def store(self, upload):
        """Put the bytes, and a small preview of a picture, under unguessable names.

        Raises a ValidationError that names the file when the storage has no room, or is away;
        nothing half stays.
        """
        try:
            picture = contents.preview(upload)
            self.path = self._put(upload)
            if picture:
                self.preview_path = self._put(ContentFile(picture))
        except OSError as error:
            with suppress(OSError):  # where that fails too, tidy_files takes it
                self.erase()
            if not (reason := uploads.why_not_kept(error)):
                raise
            raise ValidationError(f"{self.name}: {reason}") from error

    @staticmethod
    def _put(content):
        """Store the content whole or not at all; returns its path."""
        path = f"{timezone.now():%Y/%m}/{uuid.uuid4().hex}"
        try:
            return default_storage.save(path, content)
        except OSError:
            with suppress(OSError):
                default_storage.delete(path)
            raise

    def erase(self):
        """Remove the bytes from the storage."""
        for path in filter(None, (self.path, self.preview_path)):
            default_storage.delete(path)

    def attach_to(self, event):
        """An unsaved Attachment over the same stored bytes."""
        fields = {f.name: getattr(self, f.name) for f in StoredFile._meta.get_fields()}
        return Attachment(event=event, **fields)
