"""User guides and video tutorials, one of each for every kind of reader (R22, R23, R72, R97)."""

import uuid
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import connection, models, transaction
from django.db.models import Q
from django.urls import reverse

from accounts import roles
from faq import contents


def unguessable_path(guide, name):
    """Where a file is stored; its nice name is made for each download."""
    return f"panduan/{uuid.uuid4().hex}"


class GuideQuerySet(models.QuerySet):
    def offered_to(self, user):
        """What is published for the readers that this person is one of."""
        return self.filter(is_published=True, role__in=Guide.Role.read_by(user))

    def readable_by(self, user):
        """What is offered to this person; for those who keep guides also the drafts."""
        if user.is_staff and user.has_perm("faq.view_guide"):
            return self
        return self.offered_to(user)

    def shelves_for(self, user):
        """A Shelf for each kind of reader that this person is one of, their own first."""
        offered = {(guide.role, guide.kind): guide for guide in self.offered_to(user)}
        return [
            Shelf(role, *(offered.get((role, kind)) for kind in Guide.Kind))
            for role in Guide.Role.read_by(user)
        ]

    def shelf_of(self, user):
        """The Shelf of this person's own role."""
        return self.shelves_for(user)[0]


class Guide(models.Model):
    """A PDF or a video. What replaces it is a new file, or a newer guide that is published.

    Files that nothing names any more are removed a day later (manage.py tidy_files), so that
    nobody's download breaks off.
    """

    class Kind(models.TextChoices):
        USER_GUIDE = "guide", "User Guide"
        VIDEO = "video", "Video Tutorial"

    class Role(models.TextChoices):
        """Whom a guide is for."""

        PENYEDIA = "penyedia", "Penyedia"
        NON_PENYEDIA = "non_penyedia", "PP, Pokja Pemilihan, PPK"
        LPSE_L1 = "lpse_l1", "LPSE Level 1"
        LPSE_L2 = "lpse_l2", "LPSE Level 2"
        LKPP = "lkpp", "LKPP"
        ADMINISTRATOR = "administrator", "Administrator"

        @classmethod
        def read_by(cls, user):
            """One's own first. LKPP reads along what LPSE's officers read; administrators all."""
            if user.role in roles.REPORTERS:
                return [cls.PENYEDIA if user.role == roles.Role.PENYEDIA else cls.NON_PENYEDIA]
            if user.role in roles.LKPP_OFFICERS:
                return [cls.LKPP, cls.LPSE_L1, cls.LPSE_L2]
            others = [role for role in cls if role != cls.ADMINISTRATOR]
            return [cls(user.role)] if user.role else [cls.ADMINISTRATOR, *others]

    class Format(models.TextChoices):
        PDF = "pdf", "PDF"
        MP4 = "mp4", "MP4"
        WEBM = "webm", "WebM"

    VIDEO_FORMATS = (Format.MP4, Format.WEBM)
    CONTENT_TYPES = {
        Format.PDF: "application/pdf",
        Format.MP4: "video/mp4",
        Format.WEBM: "video/webm",
    }

    kind = models.CharField("jenis", max_length=10, choices=Kind)
    role = models.CharField("untuk", max_length=20, choices=Role)
    title = models.CharField(
        "judul", max_length=80, help_text="Contoh: User Guide LPSE Support Penyedia"
    )
    version = models.CharField("versi", max_length=20, help_text="Contoh: v1")
    file = models.FileField(
        "file",
        upload_to=unguessable_path,
        max_length=200,
        help_text="PDF (maksimum 50 MB), MP4 H.264 atau WebM (maksimum 500 MB)",
    )
    format = models.CharField(max_length=4, choices=Format, editable=False)
    size = models.PositiveBigIntegerField("ukuran", editable=False)
    captions = models.FileField(
        "teks video",
        upload_to=unguessable_path,
        max_length=200,
        blank=True,
        help_text="WebVTT (.vtt) dari yang diucapkan, wajib untuk terbit",
    )
    minutes = models.PositiveSmallIntegerField(
        "lama video", null=True, blank=True, help_text="Dalam menit, dibulatkan"
    )
    is_published = models.BooleanField("terbit", default=False, editable=False)
    updated_at = models.DateTimeField("diperbarui", auto_now=True)

    objects = GuideQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "panduan"
        ordering = ["role", "kind", "-pk"]
        constraints = [
            models.UniqueConstraint(
                name="guide_published_once", fields=["role", "kind"], condition=Q(is_published=True)
            ),
            models.CheckConstraint(
                name="guide_format_fits_kind",
                condition=Q(kind="guide", format="pdf")
                | Q(kind="video", format__in=["mp4", "webm"]),
            ),
            models.CheckConstraint(
                name="guide_video_with_captions",
                condition=Q(is_published=False) | Q(kind="guide") | ~Q(captions=""),
            ),
        ]

    def __str__(self):
        return f"{self.title} {self.version}"

    def get_absolute_url(self):
        return reverse("faq:guide", args=[self.pk])

    @property
    def is_video(self):
        return self.kind == self.Kind.VIDEO

    @property
    def file_name(self):
        """What a download is called, like 'User Guide LPSE Support Penyedia v1.pdf'."""
        words = " ".join(str(self).translate(str.maketrans("/\\", "--")).split())
        return f"{words}.{self.format}"

    @property
    def content_type(self):
        return self.CONTENT_TYPES[self.format]

    @property
    def captions_are_missing(self):
        return self.is_video and not self.captions

    def clean(self):
        """Looks into files that have just arrived."""
        problems = {}
        for name, look in (("file", self._look_into_file), ("captions", self._look_into_captions)):
            stored = getattr(self, name)
            if stored and not stored._committed:
                try:
                    look(stored.file)
                except ValidationError as problem:
                    problems[name] = problem
        if problems:
            raise ValidationError(problems)

    def _look_into_file(self, upload):
        self.format, self.size = contents.check(upload), upload.size
        if self.is_video and self.format not in self.VIDEO_FORMATS:
            raise ValidationError("Bukan video MP4 atau WebM. Pilih file lain.")
        if not self.is_video and self.format != self.Format.PDF:
            raise ValidationError("Bukan file PDF. Pilih file lain.")

    def _look_into_captions(self, upload):
        if not self.is_video:
            raise ValidationError("Teks hanya untuk Video Tutorial. Kosongkan isian ini.")
        contents.check_captions(upload)

    @transaction.atomic
    def publish(self):
        """Offer this guide instead of the one before; returns the guides that were withdrawn."""
        with connection.cursor() as cursor:
            # two who publish at once take turns: an uncommitted row of the other has no row lock
            key = f"guide {self.role} {self.kind}"
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [key])
        others = Guide.objects.filter(role=self.role, kind=self.kind, is_published=True)
        others = others.exclude(pk=self.pk)
        withdrawn = list(others)
        others.update(is_published=False)
        self.is_published = True
        self.save()
        return withdrawn

    def withdraw(self):
        self.is_published = False
        self.save()


@dataclass(frozen=True)
class Shelf:
    """What is offered to one kind of reader; None where it is missing."""

    role: Guide.Role
    user_guide: Guide | None
    video: Guide | None

    @property
    def is_complete(self):
        return bool(self.user_guide and self.video)

    @property
    def anchor(self):
        return f"panduan-{self.role.value}"
