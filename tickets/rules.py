"""Who may do what with one ticket: sentences without subject. Imports nothing of ours.

Where a ticket stands (its status) is checked by the step; a rule only asks about the person.
"""

from datetime import timedelta

from django.utils import timezone

RATING_OPEN_FOR = timedelta(days=30)  # R59


def is_reporter(ticket, user):
    return user.is_active and user.is_reporter and ticket.reporter_id == user.pk


def is_system(ticket, user):
    """The portal itself, for what time does (R135, retention)."""
    return user.is_system


def acts_on_silence(ticket, user):
    """The portal itself, while the ticket waits for its reporter and for nobody else (R135)."""
    return is_system(ticket, user) and ticket.waits_for_reporter


def serves_lpse(ticket, user):
    """Officers of LKPP serve every LPSE, those of an LPSE only their own."""
    return user.is_active and (user.is_lkpp or user.lpse_id == ticket.lpse_id)


def still_works_at(ticket, user, level):
    return user.level == level and serves_lpse(ticket, user)


def works_at_level(ticket, user):
    """Nobody handles what they reported themselves, as somebody who became an officer could."""
    return still_works_at(ticket, user, ticket.level) and ticket.reporter_id != user.pk


def is_officer_in_charge(ticket, user):
    return ticket.officer_id == user.pk and works_at_level(ticket, user)


def can_escalate(ticket, user):
    return is_officer_in_charge(ticket, user) and not ticket.is_at_last_level


def owes_feedback(ticket, user):
    """The party asked: the reporter, or the officer who handled that level, else any of it."""
    if ticket.feedback_from is None:
        return False
    if ticket.feedback_from == 0:
        return is_reporter(ticket, user)
    asked, level = ticket.awaited_officer, ticket.feedback_from
    if not still_works_at(ticket, user, level):
        return False
    return asked is None or asked == user or not still_works_at(ticket, asked, level)


def is_administrator(user):
    """Staff who were given the power over everybody's tickets and hold none themselves (R136)."""
    return not user.role and user.is_staff and user.has_perm("tickets.reassign_ticket")


def is_supervisor(user):
    """Who may hand tickets over at all: administrators, and Level 2 of an LPSE (R136, A19)."""
    return is_administrator(user) or (user.is_active and user.level == 2)


def can_redact(ticket, user):
    """Staff who were given the power to remove content by law, and hold no tickets (R130); and the
    portal itself, when the time of keeping is over."""
    return is_system(ticket, user) or (
        user.is_active
        and not user.role
        and user.is_staff
        and user.has_perm("tickets.redact_ticket")
    )


def can_replace(ticket, user, level):
    """Administrators the officer of every level, Level 2 of the LPSE that of its Level 1 (R136)."""
    return is_administrator(user) or (level == 1 and still_works_at(ticket, user, 2))


def can_reassign(ticket, user):
    """Whoever may replace one of the officers who hold the ticket (R136)."""
    return any(can_replace(ticket, user, level) for level in ticket.holders)


def can_reopen(ticket, user):
    """The reporter, for some working days after the portal has closed it by itself (R135)."""
    return is_reporter(ticket, user) and ticket.is_reopenable


def can_rate(ticket, user):
    """The reporter, once, within 30 days after closing (R58, R59)."""
    if not is_reporter(ticket, user) or ticket.closed_at is None or ticket.is_rated:
        return False
    return timezone.now() <= ticket.closed_at + RATING_OPEN_FOR


def can_read_server_access(ticket, user):
    """The officer of LKPP who holds the ticket, while there is something to read (R114)."""
    return user.is_lkpp and is_officer_in_charge(ticket, user) and ticket.has_server_access


def can_read_sealed_file(ticket, user):
    """A .rhs is read by the reporter and the officer in charge alone."""
    return is_reporter(ticket, user) or is_officer_in_charge(ticket, user)
