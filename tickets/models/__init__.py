from tickets.models.attachment import Attachment, Draft
from tickets.models.day_root import DayRoot
from tickets.models.event import Assignment, Event, Rating, Reading
from tickets.models.holiday import Holiday
from tickets.models.lookup_failure import LookupFailure
from tickets.models.notice import Notice
from tickets.models.reference import AppVersion, Category
from tickets.models.scan import Scan
from tickets.models.server_access import ServerAccess
from tickets.models.ticket import Ticket

__all__ = [
    "AppVersion",
    "Assignment",
    "Attachment",
    "Category",
    "DayRoot",
    "Draft",
    "Event",
    "Holiday",
    "LookupFailure",
    "Notice",
    "Rating",
    "Reading",
    "Scan",
    "ServerAccess",
    "Ticket",
]
