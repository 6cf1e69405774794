"""What a step is: where tickets stand, who is asked, and what each step must say of itself.

The steps themselves are in tickets.workflow.
"""

from dataclasses import dataclass

from django.db import models

from accounts.roles import Level

REPORTER = 0  # in `feedback_from`, beside the levels
FEEDBACK_PARTIES = [(REPORTER, "Pelapor (User)"), *Level.choices[:3]]
# Whom the officer of a level may ask (R87, R104, R122, R123)
MAY_ASK = {
    Level.LPSE_1: (REPORTER,),
    Level.LPSE_2: (REPORTER, Level.LPSE_1),
    Level.LKPP_1: (REPORTER, Level.LPSE_2),
    Level.LKPP_2: (REPORTER, Level.LPSE_2, Level.LKPP_1),
}


class Status(models.TextChoices):
    NEW = "new", "Tiket Baru"
    IN_PROGRESS = "in_progress", "Tiket Proses"
    AWAITING_FEEDBACK = "awaiting_feedback", "Menunggu Feedback"
    AWAITING_REVIEW = "awaiting_review", "Menunggu Review Pelapor"
    CLOSED = "closed", "Selesai"


RUNNING = (Status.IN_PROGRESS, Status.AWAITING_FEEDBACK, Status.AWAITING_REVIEW)
AWAITING = (Status.AWAITING_FEEDBACK, Status.AWAITING_REVIEW)


class Audience(models.TextChoices):
    """Who reads an event's message and files. That the step happened, everybody may know."""

    EVERYONE = "everyone", "Pelapor dan petugas"
    OFFICERS = "officers", "Petugas"


class Refused(Exception):
    """A step that may not happen now. `str()` is the sentence for the person."""


class Stale(Refused):
    """The ticket moved on after the person had opened the form."""


@dataclass(frozen=True)
class Step:
    name: str
    source: tuple
    target: object
    rule: object
    label: str  # the act, as buttons name it
    done: str  # the sentence after it
    page: str  # the last part of the address where it is done
    audience: Audience
    tells: tuple  # of Tell: who gets a notice (R129), the first that fits a person
    needs_message: bool = False
    is_reading: bool = False  # changes nothing about the ticket and is hidden from reporters
    is_reminder: bool = False  # changes nothing about the ticket and is told to everybody
    is_apart: bool = False  # done in the administration: no button, no arrow in the diagram
    does: str = ""  # the docstring of the method

    @property
    def changes_ticket(self):
        """Whether whoever had opened a form before must look at the ticket anew."""
        return not (self.is_reading or self.is_reminder)

    def is_open(self, ticket, user):
        """Whether `user` may do this step with `ticket` as it stands now."""
        return ticket.status in self.source and self.rule(ticket, user)
