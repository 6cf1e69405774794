"""Whom a step tells, and in which words: what `tells=` beside a step of the workflow holds (R129).

The words carry nothing of the ticket but its number: no name, no title, no message.
"""

from typing import NamedTuple

from django.db import models


class Party(models.TextChoices):
    """Somebody in relation to a ticket, as a step leaves it. Who acted is never told of it."""

    REPORTER = "reporter", "Pelapor"
    HOLDER = "holder", "Petugas yang memegang tiket"  # or everybody of its pool
    ASKED = "asked", "Pihak yang diminta feedback"  # the reporter, an officer, or their level
    HANDLERS = "handlers", "Petugas yang pernah menangani"
    SUCCESSOR = "successor", "Petugas pengganti"
    PREDECESSOR = "predecessor", "Petugas yang digantikan"


class Tell(NamedTuple):
    """`says` ends the subject 'Tiket {number} …'; `then` is the sentence of what to do now.

    Both may name {level}, where the step led to, and {closes}, when silence closes the ticket.
    """

    to: Party
    says: str
    then: str


SENDING = (
    Tell(
        Party.REPORTER,
        "diterima",
        "Simpan nomor ini. Kami memberi tahu Anda bila petugas mulai menanganinya.",
    ),
    Tell(Party.HOLDER, "baru dan belum diproses", "Ambil tiket ini bila Anda dapat menanganinya."),
)
