"""The outbox: sends what notices are due by mail, each as its person prefers it (R129).

A mail is claimed, sent and marked in three steps: no row is locked while a mail server thinks. A
claim is a lease; a worker that was killed loses it, and the mail goes out a LEASE later. So it can
go out twice only when the worker dies, or gives up waiting, between the server's taking it and the
marking; both copies then have the same Message-ID.
"""

import logging
import smtplib
from datetime import timedelta
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from accounts.models import MailPreference
from tickets.models import Notice
from tickets.models.event import SENT

log = logging.getLogger(__name__)
TIMEOUT = 100  # seconds for each answer: a server that scans a mail takes its time
LEASE = timedelta(minutes=15)  # longer than the eight answers of a whole mail
ATTEMPTS = 24  # after 1, 4, 16, 64, 256 minutes, then every 6 hours: five days (RFC 5321, 4.5.4.1)
LONGEST_WAIT = timedelta(hours=6)
NO_SUCH_ADDRESS = {550, 551, 553}  # RFC 5321, 4.2.3; other refusals may be the server's own trouble
CLOSING = 421  # it takes nothing at all now
DIGEST_LINES = 50
NEWS = "tickets/mail/notice.txt", "tickets/mail/notice.html"
DIGEST = "tickets/mail/digest.txt", "tickets/mail/digest.html"
HEADERS = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}  # RFC 3834


class MailServerDown(Exception):
    """Nothing can be sent now. No notice is to blame, so none loses an attempt."""


def deliver(now=None, is_over=lambda: False):
    """Spread what is for pools and send what is due by `now`; how many mails went out.

    Ends early when `is_over()`. Raises MailServerDown with everything unsent still due.
    """
    _spread(is_over)
    sent, connection = 0, get_connection(timeout=TIMEOUT)
    try:
        while not is_over() and (claimed := _claim(now or timezone.now())) is not None:
            sent += bool(claimed) and _deliver(connection, claimed, now or timezone.now())
    finally:
        _close(connection)
    return sent


def _spread(is_over):
    """All pools there are; one that cannot be spread keeps no mail back."""
    try:
        while not is_over() and _spread_one():
            pass
    except Exception:
        log.exception("a notice for a pool was not spread")


@transaction.atomic
def _spread_one():
    locked = Notice.objects.unspread().select_for_update(skip_locked=True, of=("self",))
    notice = locked.select_related("event__ticket__lpse").order_by("pk").first()
    if notice is not None:
        Notice.objects.spread(notice)
    return notice is not None


@transaction.atomic
def _claim(now):
    """The Notices of the next mail, ours for a LEASE; [] where none was wanted; None at the end."""
    due = Notice.objects.due(now).select_for_update(skip_locked=True, of=("self",))
    notice = due.select_related("recipient").with_ticket().first()
    if notice is None:
        return None
    together = _together(notice, now) if _wants_mail(notice.recipient) else []
    if notice not in together:
        _end([notice], Notice.Mail.NONE)
        return []
    _update(together, due_at=now + LEASE)
    return together


def _together(notice, now):
    """The Notices that go in one mail, the first of them `notice` if it is still wanted.

    A digest holds all that are due, still unread and of tickets still to be seen. Two workers at
    once may share them out between two mails; each is told once.
    """
    mine = Notice.objects.of(notice.recipient)
    if notice.mail == Notice.Mail.DUE:
        is_news = not notice.is_read or notice.event.action == SENT  # a receipt is kept
        return [notice] if is_news and mine.filter(pk=notice.pk).exists() else []
    rest = mine.unread().due(now).filter(mail=Notice.Mail.DIGEST).with_ticket()
    found = list(rest.select_for_update(skip_locked=True, of=("self",)))
    for each in found:
        each.recipient = notice.recipient
    return sorted(found, key=lambda each: each.pk != notice.pk)


def _wants_mail(person):
    wants = person.mail_preference != MailPreference.NEVER
    return person.is_active and bool(person.email) and wants


def _deliver(connection, claimed, now):
    """Send one mail and mark its Notices; whether it went out."""
    try:
        _send(connection, mail_of(claimed))
    except MailServerDown:
        _update(claimed, due_at=now)
        raise
    except Exception as error:  # whatever is wrong with one mail must not keep back the others
        _failed(claimed, error, now)
        return False
    _end(claimed, Notice.Mail.SENT, due_at=now)
    return True


def _end(notices, mail, **changes):
    _update(notices, mail=mail, error="", **changes)


def _update(notices, **changes):
    Notice.objects.filter(pk__in=[notice.pk for notice in notices]).update(**changes)


def _failed(notices, error, now):
    """Try again later, longer each time; no such address, or too many tries: a dead letter."""
    attempts = max(notice.attempts for notice in notices) + 1
    wait = min(timedelta(minutes=4 ** min(attempts - 1, 9)), LONGEST_WAIT)
    changes = {"attempts": attempts, "error": described(error), "due_at": now + wait}
    if attempts >= ATTEMPTS or _is_final(error):
        changes["mail"] = Notice.Mail.DEAD
    _update(notices, **changes)


def _codes(error):
    """The reply codes of the server: one, or of recipients each theirs."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return [code for code, _ in error.recipients.values()]
    return [error.smtp_code] if isinstance(error, smtplib.SMTPResponseException) else []


def _is_final(error):
    refused = isinstance(error, smtplib.SMTPRecipientsRefused)
    return refused and NO_SUCH_ADDRESS.issuperset(_codes(error))


def _is_of_the_server(error):
    """Whether it would refuse every mail now: it closes, or does not take our sender."""
    return isinstance(error, smtplib.SMTPSenderRefused) or CLOSING in _codes(error)


def described(error):
    """What went wrong, without what the server said: it repeats addresses."""
    codes = " ".join(map(str, _codes(error)))
    return f"{type(error).__name__} {codes}".strip()


def _send(connection, message):
    """Send one mail over the connection, which stays open for the next."""
    try:
        connection.open()
    except OSError as error:  # smtplib's errors are OSErrors too
        _close(connection)
        raise MailServerDown(described(error)) from error
    try:
        connection.send_messages([message])
    except Exception as error:
        _close(connection)  # whatever is left of it: the next mail opens its own
        if _is_of_the_server(error):
            raise MailServerDown(described(error)) from error
        raise


def _close(connection):
    """Part from the server, who may be gone already."""
    try:
        connection.close()
    except (OSError, smtplib.SMTPException):
        connection.connection = None


def mail_of(together):
    """The mail for the recipient of these Notices: numbers, what happened and links, no more."""
    notice = together[0]
    is_digest = notice.mail == Notice.Mail.DIGEST
    subject = f"{len(together)} kabar tiket" if is_digest else str(notice)
    context = {
        "notice": notice,
        "lines": [(line, address(line.event.ticket)) for line in together[:DIGEST_LINES]],
        "more": len(together) - DIGEST_LINES,
        "inbox": settings.PORTAL_URL + reverse("tickets:notices"),
        "settings": settings.PORTAL_URL + reverse("tickets:notice_settings"),
        "comes_from_spse": notice.recipient.comes_from_spse,
    }
    text, html = DIGEST if is_digest else NEWS
    message = EmailMultiAlternatives(
        f"[LPSE Support] {subject}",
        render_to_string(text, context),
        to=[notice.recipient.email],
        headers=HEADERS | {"Message-ID": _message_id(notice)},
    )
    message.attach_alternative(render_to_string(html, context), "text/html")
    return message


def _message_id(notice):
    """The same at every attempt, so that a second copy is known as one."""
    host = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
    return f"<notifikasi-{notice.pk}@{host}>"


def address(ticket):
    """The whole address of a ticket's page."""
    return settings.PORTAL_URL + ticket.get_absolute_url()
