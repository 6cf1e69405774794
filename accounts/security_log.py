"""The security log: who signed in, was refused, took away or looked at what needs care.

Each entry is a row for administrators and one JSON line on the logger 'helpdesk.security'. Entries
name people and tickets by key and number, never a text that somebody wrote, a name, an NPWP or NIP.
"""

import json
import logging
import re

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.db import models
from django.utils import timezone

log = logging.getLogger("helpdesk.security")

LONG_NUMBER = re.compile(r"\d[\d .-]{13,}\d")  # as long as an NPWP, a NIK or a NIP
UNSTORABLE = re.compile(r"[\0\ud800-\udfff]")  # PostgreSQL takes neither
LONGEST = 120  # characters of one fact


class Kind(models.TextChoices):
    """What an entry is about."""

    SIGN_IN = "sign_in", "Masuk"
    SIGN_IN_FAILED = "sign_in_failed", "Gagal masuk"
    SIGN_OUT = "sign_out", "Keluar"
    REFUSED = "refused", "Ditolak"
    LIMITED = "limited", "Batas tercapai"
    ROLE = "role", "Peran berubah"
    ACCOUNT = "account", "Akun berubah"
    LPSE = "lpse", "LPSE berubah"
    SECOND_FACTOR = "second_factor", "Faktor kedua berubah"
    SEALED_FILE = "sealed_file", "File rahasia diunduh"
    SERVER_ACCESS = "server_access", "Data Server dibuka"
    EXPORT = "export", "Ekspor"
    REDACTION = "redaction", "Isi dihapus menurut hukum"
    INFECTED_FILE = "infected_file", "File berisi virus"


SIGN_INS = [Kind.SIGN_IN, Kind.SIGN_IN_FAILED, Kind.SIGN_OUT]  # kept for less long than the rest


class SecurityEntryQuerySet(models.QuerySet):
    def sign_ins(self):
        return self.filter(kind__in=SIGN_INS)

    def others(self):
        return self.exclude(kind__in=SIGN_INS)


class SecurityEntry(models.Model):
    """One line of the log. The database refuses to change it, and to remove it within five years, a
    sign-in within one."""

    at = models.DateTimeField("waktu", default=timezone.now, editable=False)
    kind = models.CharField("peristiwa", max_length=20, choices=Kind)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        verbose_name="oleh",
        related_name="+",
        db_index=False,
    )
    ip = models.GenericIPAddressField("alamat IP", null=True)
    facts = models.JSONField("keterangan", default=dict)

    objects = SecurityEntryQuerySet.as_manager()

    class Meta:
        verbose_name = "catatan keamanan"
        verbose_name_plural = "log keamanan"
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["kind", "-id"], name="security_entry_of_kind"),
            models.Index(fields=["user", "-id"], name="security_entry_of_user"),
            models.Index(fields=["at"], name="security_entry_at"),
        ]

    def __str__(self):
        return self.get_kind_display()


def entry(kind, *, request=None, user=None, **facts):
    """An entry not yet written. `user` is who acted, else who is signed in to `request`.

    Facts are short codes, keys and numbers; numbers as long as an NPWP are made unreadable.
    """
    if user is None and request is not None and request.user.is_authenticated:
        user = request.user
    known = {name: harmless(fact) for name, fact in facts.items() if fact not in (None, "")}
    return SecurityEntry(kind=kind, user=user, ip=_address(request), facts=known)


def write(entries):
    """Write entries in one statement, and a line for each."""
    for written in SecurityEntry.objects.bulk_create(entries):
        log.info(line(written))


def record(kind, **about):
    """Write one entry; takes what `entry` takes."""
    write([entry(kind, **about)])


def line(written):
    """An entry as one line of JSON."""
    told = {
        "at": written.at.isoformat(timespec="milliseconds"),
        "event": str(written.kind),
        "user": written.user_id,
        "ip": written.ip,
        "facts": written.facts,
    }
    return json.dumps(told, ensure_ascii=True)


def harmless(fact):
    """A fact without what could be somebody's number, cut to LONGEST."""
    if isinstance(fact, bool | int | float):
        return fact
    if isinstance(fact, list | tuple):
        return [harmless(item) for item in fact]
    return LONG_NUMBER.sub("…", UNSTORABLE.sub("", str(fact)))[:LONGEST]


def _address(request):
    return get_adapter(request).get_client_ip(request) if request is not None else None
