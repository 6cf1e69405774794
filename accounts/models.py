"""People and the LPSE they belong to."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import AbstractUser, Permission
from django.contrib.auth.models import UserManager as DjangoUserManager
from django.db import connection, models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts.roles import (
    LEVEL_OF_ROLE,
    LKPP_OFFICERS,
    LPSE_OFFICERS,
    OFFICERS,
    REPORTERS,
    Role,
)


class Zone(models.TextChoices):
    """Indonesia's three time zones (Keppres 41/1987); none has daylight saving."""

    WIB = "WIB", "WIB"
    WITA = "WITA", "WITA"
    WIT = "WIT", "WIT"


TZINFO = {
    Zone.WIB: ZoneInfo("Asia/Jakarta"),
    Zone.WITA: ZoneInfo("Asia/Makassar"),
    Zone.WIT: ZoneInfo("Asia/Jayapura"),
}


class Lpse(models.Model):
    """A procurement office (Layanan Pengadaan Secara Elektronik) that runs SPSE."""

    code = models.CharField(
        "kode",
        max_length=80,
        unique=True,
        help_text="Kode LPSE, atau slug nasional bila tanpa kode",
    )
    name = models.CharField("nama", max_length=120)
    kind = models.CharField("jenis", max_length=40)
    province = models.CharField("provinsi", max_length=80)
    zone = models.CharField("zona waktu", max_length=4, choices=Zone, default=Zone.WIB)
    region_code = models.CharField("kode wilayah", max_length=16, blank=True)
    own_url = models.URLField("alamat SPSE sendiri", blank=True)
    national_url = models.URLField("alamat SPSE nasional", blank=True)
    spse_version = models.CharField("versi SPSE", max_length=40, blank=True)
    public_key = models.TextField(
        "kunci publik",
        blank=True,
        help_text="Ed25519, PEM. Tanpa kunci tidak ada yang dapat masuk.",
    )
    is_active = models.BooleanField("aktif", default=True)

    class Meta:
        verbose_name = verbose_name_plural = "LPSE"
        ordering = ["name"]

    def __str__(self):
        return self.name

    @property
    def tzinfo(self):
        return TZINFO[self.zone]

    @property
    def short_name(self):
        """The name without 'LPSE', for sentences like 'Helpdesk LPSE Kota …'."""
        return self.name.removeprefix("LPSE ").strip()

    @property
    def spse_url(self):
        return self.national_url or self.own_url

    @property
    def tender_suffix(self):
        """The last three digits of this LPSE's tender codes, or '' where they do not tell.

        Units with a code of 1000 or more share another unit's suffix (domain.md part 2).
        """
        return f"{int(self.code):03d}" if self.code.isdecimal() and int(self.code) < 1000 else ""


SYSTEM = "@sistem"  # the account of what the portal does by itself
ANONYMOUS = "@anonim"  # stands for reporters whose tickets were kept long enough
NOBODYS = [SYSTEM, ANONYMOUS]


class MailPreference(models.TextChoices):
    """How somebody hears of their tickets by mail (R129); 'Notifikasi' shows them in any case."""

    AT_ONCE = "langsung", "Langsung"
    DAILY = "harian", "Ringkasan harian"
    NEVER = "tidak", "Tidak"


class UserQuerySet(models.QuerySet):
    def end_sessions(self):
        """Every session of these people is over for good, whoever they are switched back on by."""
        return self.update(session_generation=F("session_generation") + 1)

    def changeable_by(self, administrator):
        """Accounts that may do nothing in the administration that `administrator` may not.

        Whoever edits an account can take it over, by its password or its e-mail address.
        """
        people = self.exclude(username__in=NOBODYS)
        if administrator.is_superuser:
            return people
        own = Permission.objects.filter(Q(user=administrator) | Q(group__user=administrator))
        theirs = Permission.objects.filter(Q(user=OuterRef("pk")) | Q(group__user=OuterRef("pk")))
        return people.filter(~Exists(theirs.exclude(pk__in=own.values("pk"))), is_superuser=False)


class UserManager(DjangoUserManager.from_queryset(UserQuerySet)):
    def get_by_natural_key(self, username):
        return self.select_related("lpse").get(username=username)

    def system(self):
        """The actor of steps that time does (R135); nobody signs in with it (a CheckConstraint)."""
        return self._nobodys(SYSTEM, "Sistem")

    def anonymous(self):
        """The reporter of tickets that were kept long enough (retention); likewise nobody's."""
        return self._nobodys(ANONYMOUS, "Pelapor (dianonimkan)")

    def _nobodys(self, username, name):
        powerless = {"name": name, "is_active": False, "password": make_password(None)}
        return self.get_or_create(username=username, defaults=powerless)[0]


class User(AbstractUser):
    """A reporter, an officer or an administrator.

    Reporters and officers of an LPSE are known by their LPSE and the subject of its hand-off and
    have no password here; officers of LKPP and administrators sign in locally.
    """

    first_name = last_name = None
    name = models.CharField("nama", max_length=150)
    role = models.CharField("peran", max_length=10, choices=Role, blank=True)
    lpse = models.ForeignKey(
        Lpse, models.PROTECT, null=True, blank=True, related_name="users", verbose_name="LPSE"
    )
    subject = models.CharField("subjek SPSE", max_length=120, blank=True)
    identity_number = models.CharField("NPWP atau NIP", max_length=22, blank=True)
    mail_preference = models.CharField(
        "surel notifikasi",
        max_length=8,
        choices=MailPreference,
        default=MailPreference.AT_ONCE,
        db_default=MailPreference.AT_ONCE,
    )
    # a session belongs to the generation that it began in
    session_generation = models.PositiveIntegerField(default=0, editable=False)

    objects = UserManager()
    REQUIRED_FIELDS = ["email", "name"]

    class Meta:
        verbose_name = verbose_name_plural = "pengguna"
        constraints = [
            models.CheckConstraint(
                name="user_lpse_fits_role",
                condition=Q(role__in=[*REPORTERS, *LPSE_OFFICERS], lpse__isnull=False)
                | Q(role__in=[*LKPP_OFFICERS, ""], lpse__isnull=True),
                violation_error_message=(
                    "Pelapor dan petugas LPSE wajib memiliki LPSE, yang lain tidak."
                ),
            ),
            models.UniqueConstraint(
                name="user_known_by_lpse_and_subject",
                fields=["lpse", "subject"],
                condition=~Q(subject=""),
            ),
            models.CheckConstraint(
                name="user_system_is_powerless",
                condition=~Q(username__in=NOBODYS)
                | Q(role="", is_active=False, is_staff=False, is_superuser=False),
                violation_error_message="Akun sistem tidak dapat diubah.",
            ),
        ]

    def __str__(self):
        return self.name or self.username

    def _get_session_auth_hash(self, secret=None):
        """What Django compares at each request: another password or generation ends a session."""
        value = f"{self.password}\0{self.session_generation}"
        salt = "accounts.User.session"
        return salted_hmac(salt, value, secret=secret, algorithm="sha256").hexdigest()

    def get_full_name(self):
        return self.name

    def get_short_name(self):
        return self.name

    @property
    def is_system(self):
        return self.username == SYSTEM

    @property
    def is_nobodys(self):
        """Whether the portal made it for itself, and no person has it."""
        return self.username in NOBODYS

    @property
    def is_reporter(self):
        return self.role in REPORTERS

    @property
    def is_officer(self):
        return self.role in OFFICERS

    @property
    def is_lkpp(self):
        return self.role in LKPP_OFFICERS

    @property
    def is_penyedia(self):
        return self.role == Role.PENYEDIA

    @property
    def level(self):
        """The Level that an officer works at; None for everybody else."""
        return LEVEL_OF_ROLE.get(self.role)

    @property
    def comes_from_spse(self):
        """Whether this person enters by an LPSE's hand-off and therefore never by a password."""
        return self.role in REPORTERS or self.role in LPSE_OFFICERS

    @property
    def tzinfo(self):
        return self.lpse.tzinfo if self.lpse else TZINFO[Zone.WIB]

    @property
    def zone(self):
        return self.lpse.zone if self.lpse else Zone.WIB

    @property
    def office(self):
        """Role and office in one line, as the bar at the top shows them."""
        role = self.get_role_display() or "Administrator"
        return f"{role}, {self.lpse.short_name}" if self.lpse else role


class HandoffToken(models.Model):
    """A hand-off token that was used: the unique pair lets each token sign in once."""

    lpse = models.ForeignKey(Lpse, models.CASCADE)
    token_id = models.CharField(max_length=120)
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="handoff_token_once", fields=["lpse", "token_id"])
        ]

    def __str__(self):
        return f"{self.lpse_id}:{self.token_id}"


class RateCountQuerySet(models.QuerySet):
    def running(self, window):
        """Windows of that length that are not over; none of a clock that was ahead."""
        now = timezone.now()
        return self.filter(ends_at__gt=now, ends_at__lte=now + window + CLOCKS_DIFFER)

    def over(self):
        return self.filter(ends_at__lte=timezone.now())

    def add(self, key, window):
        """Count one more of `key`: (its count, when its window ends), in one atomic statement."""
        now = timezone.now()
        with connection.cursor() as cursor:
            cursor.execute(
                COUNT_ONE,
                {"key": key, "now": now, "end": now + window, "most": now + window + CLOCKS_DIFFER},
            )
            return cursor.fetchone()


# Two workers ask at almost the same moment; a window that ends later was begun by a wrong clock
CLOCKS_DIFFER = timedelta(minutes=1)
COUNT_ONE = """
    INSERT INTO accounts_ratecount AS known (key, count, ends_at) VALUES (%(key)s, 1, %(end)s)
    ON CONFLICT (key) DO UPDATE SET
        count = CASE WHEN known.ends_at > %(now)s AND known.ends_at <= %(most)s
            THEN known.count + 1 ELSE 1 END,
        ends_at = CASE WHEN known.ends_at > %(now)s AND known.ends_at <= %(most)s
            THEN known.ends_at ELSE %(end)s END
    RETURNING count, ends_at
"""


class RateCount(models.Model):
    """How often somebody did something since the window began; see accounts.limits."""

    key = models.CharField(max_length=64, primary_key=True)  # a keyed digest: it names nobody
    count = models.PositiveIntegerField("jumlah")
    ends_at = models.DateTimeField("berakhir", db_index=True)

    objects = RateCountQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "hitungan batas"

    def __str__(self):
        return f"{self.count} until {self.ends_at}"


def display_name(user):
    """What allauth calls a person."""
    return str(user)


# Django finds models here; it needs User above
from accounts.security_log import SecurityEntry  # noqa: E402, F401
