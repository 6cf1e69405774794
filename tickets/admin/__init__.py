"""Lists that administrators keep; tickets and their records, which nobody changes here."""

from tickets.admin.officers import OfficerAdmin
from tickets.admin.outbox import OutboxAdmin
from tickets.admin.records import (
    AttachmentAdmin,
    DayRootAdmin,
    EventAdmin,
    QuarantineAdmin,
    RatingAdmin,
    ReadingAdmin,
)
from tickets.admin.reference import HolidayAdmin, ReferenceAdmin
from tickets.admin.tickets import TicketAdmin

__all__ = [
    "AttachmentAdmin",
    "DayRootAdmin",
    "EventAdmin",
    "HolidayAdmin",
    "OfficerAdmin",
    "OutboxAdmin",
    "QuarantineAdmin",
    "RatingAdmin",
    "ReadingAdmin",
    "ReferenceAdmin",
    "TicketAdmin",
]
