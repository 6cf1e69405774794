"""Data Server: how LKPP reaches the LPSE's server and database (R105-R114)."""

import json

from cryptography.fernet import InvalidToken
from django.db import models, transaction

from accounts.vault import box


class ServerAccessQuerySet(models.QuerySet):
    @transaction.atomic
    def rotate_keys(self):
        """Encrypt every row anew with the first key; return how many there were."""
        rows = list(self.select_for_update())
        for row in rows:
            row.sealed = box().rotate(bytes(row.sealed))
        self.bulk_update(rows, ["sealed"], batch_size=500)
        return len(rows)


class ServerAccess(models.Model):
    """Exists from the escalation to LKPP until the ticket closes; encrypted at rest.

    The ciphertext names its ticket, so that a row copied onto another ticket does not open.
    """

    ticket = models.OneToOneField("tickets.Ticket", models.CASCADE, related_name="server_access")
    sealed = models.BinaryField(editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ServerAccessQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "data server"

    def __str__(self):
        return f"Data Server {self.ticket_id}"

    def seal(self, values):
        """Encrypt a dict of texts into this row; nothing is saved."""
        self.sealed = box().encrypt(json.dumps([self.ticket_id, values]).encode())

    def open(self):
        """The dict that was sealed. Raises InvalidToken for a wrong key or another ticket's row."""
        ticket_id, values = json.loads(box().decrypt(bytes(self.sealed)))
        if ticket_id != self.ticket_id:
            raise InvalidToken
        return values
