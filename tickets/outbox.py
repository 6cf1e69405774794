"""The outbox: sends what notices are due by mail, each as its person prefers it (R129).

The row stays locked while its mail is on the way: a killed worker gives it back at once, several
workers share the work, and a mail can go out twice only when the worker dies between the server's
'250' and the commit. Both copies then have the same Message-ID.
"""

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
from tickets.models import Notice, Ticket

ATTEMPTS = 8  # at 1, 4, 16, 64, 256 minutes, then every 6 hours: most of a day
LONGEST_WAIT = timedelta(hours=6)
DIGEST_LINES = 50
NEWS = "tickets/mail/notice.txt", "tickets/mail/notice.html"
DIGEST = "tickets/mail/digest.txt", "tickets/mail/digest.html"
HEADERS = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}  # RFC 3834


class MailServerDown(Exception):
    """Nothing can be sent now. No notice is to blame, so none loses an attempt."""


def deliver(now=None):
    """Spread what is for pools and send what is due by `now`; how many mails went out.

    Raises MailServerDown with everything unsent still due.
    """
    while _spread_one():
        pass
    sent, connection = 0, get_connection()
    try:
        while (result := _deliver_one(connection, now or timezone.now())) is not None:
            sent += result
    finally:
        _close(connection)
    return sent


@transaction.atomic
def _spread_one():
    locked = Notice.objects.unspread().select_for_update(skip_locked=True, of=("self",))
    notice = locked.select_related("event__ticket__lpse").order_by("pk").first()
    if notice is not None:
        Notice.objects.spread(notice)
    return notice is not None


@transaction.atomic
def _deliver_one(connection, now):
    """How many mails the next due row led to: 1, or 0 where none was wanted; None at the end."""
    due = Notice.objects.due(now).select_for_update(skip_locked=True, of=("self",))
    notice = due.select_related("recipient").with_ticket().first()
    if notice is None:
        return None
    together = _together(notice, now)
    if not _is_wanted(notice) or not together:
        _done(together or [notice], Notice.Mail.NONE)
        return 0
    try:
        _send(connection, mail_of(notice, together))
    except MailServerDown:
        raise
    except Exception as error:  # whatever is wrong with one mail must not keep back the others
        _failed(together, error, now)
        return 0
    _done(together, Notice.Mail.SENT)
    return 1


def _together(notice, now):
    """The Notices that go in one mail: of a digest all that are due and still unread.

    Two workers at once may share them out between two mails; each is told once.
    """
    if notice.mail == Notice.Mail.DUE:
        return [notice]
    rest = Notice.objects.of(notice.recipient).unread().due(now).filter(mail=Notice.Mail.DIGEST)
    return list(rest.with_ticket().select_for_update(skip_locked=True, of=("self",)))


def _is_wanted(notice):
    """Whether the person may still see the ticket, is still there, and still wants mail."""
    person = notice.recipient
    if not person.is_active or not person.email:
        return False
    visible = Ticket.objects.visible_to(person).filter(pk=notice.event.ticket_id)
    return person.mail_preference != MailPreference.NEVER and visible.exists()


def _done(notices, mail):
    keys = [notice.pk for notice in notices]
    Notice.objects.filter(pk__in=keys).update(mail=mail, error="")


def _failed(notices, error, now):
    """Try again later, longer each time; a refusal for good or too many tries are a dead letter."""
    attempts = max(notice.attempts for notice in notices) + 1
    is_over = attempts >= ATTEMPTS or _is_final(error)
    wait = min(timedelta(minutes=4 ** (attempts - 1)), LONGEST_WAIT)
    changes = {"attempts": attempts, "error": described(error), "due_at": now + wait}
    if is_over:
        changes["mail"] = Notice.Mail.DEAD
    Notice.objects.filter(pk__in=[notice.pk for notice in notices]).update(**changes)


def _codes(error):
    """The reply codes of the server: one, or of recipients each theirs."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return [code for code, _ in error.recipients.values()]
    return [error.smtp_code] if isinstance(error, smtplib.SMTPResponseException) else []


def _is_final(error):
    """Whether the server refuses this very mail for good (RFC 5321: 5yz)."""
    of_the_mail = smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError
    return isinstance(error, of_the_mail) and all(code >= 500 for code in _codes(error))


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
    except Exception:
        _close(connection)  # whatever is left of it: the next mail opens its own
        raise


def _close(connection):
    """Part from the server, who may be gone already."""
    try:
        connection.close()
    except (OSError, smtplib.SMTPException):
        connection.connection = None


def mail_of(notice, together):
    """The mail for the recipient of `notice`: number, what happened and a link, nothing more."""
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
