"""'Alur Diagram Aplikasi' (R8): the workflow as a picture, and in it the steps of one's own role.

Made from the steps in tickets.workflow; only where each arrow lies is written here.
"""

from textwrap import wrap
from typing import NamedTuple

from accounts.roles import Level
from tickets import rules
from tickets.wording import general_label, party
from tickets.workflow import MAY_ASK, STEPS, Status


class Box(NamedTuple):
    """A status as it is drawn: its left upper corner and the lines of its name."""

    status: Status
    x: int
    y: int
    lines: list


CORNERS = {
    Status.NEW: (110, 50),
    Status.IN_PROGRESS: (430, 50),
    Status.AWAITING_FEEDBACK: (430, 240),
    Status.AWAITING_REVIEW: (770, 50),
    Status.CLOSED: (1080, 50),
}
WIDEST = 16  # characters in one line of a box


class Place(NamedTuple):
    """Where the arrow of a step lies, and its name: x, y and how the text is anchored there."""

    path: str
    x: int
    y: int
    anchor: str = "middle"


SEND = "send"
LAST = Level.LKPP_2
PLACES = {
    SEND: Place("M40 80H110", 75, 66),
    "take": Place("M260 66H430", 345, 54),
    "escalate": Place("M430 96H260", 345, 122),
    "ask": Place("M480 112V240", 468, 182, "end"),
    "answer": Place("M530 240V112", 542, 182, "start"),
    "resolve": Place("M580 66H770", 675, 54),
    "reject": Place("M770 96H580", 675, 122),
    "accept": Place("M920 80H1080", 1000, 68),
    "close_silent": Place("M845 112V271M580 271H1100V112", 970, 259),
    "reopen": Place("M1155 50V24H505V50", 830, 18),
    "rate": Place("M1130 112C1130 170 1200 170 1200 112", 1165, 184),
}
ACTORS = {  # by the rule of a step: who does it
    rules.works_at_level: "Petugas level tempat tiket menunggu",
    rules.is_officer_in_charge: "Petugas yang memegang tiket",
    rules.can_escalate: "Petugas yang memegang tiket",
    rules.owes_feedback: "Pihak yang ditanya",
    rules.is_reporter: "Pelapor",
    rules.acts_on_silence: "Sistem, bila Pelapor tidak menjawab",
    rules.can_reopen: "Pelapor, bila sistem yang menutup",
    rules.can_rate: "Pelapor",
    rules.can_reassign: "Admin Sistem LPSE atau administrator",
}
OF_REPORTERS = {rules.is_reporter, rules.can_reopen, rules.can_rate, rules.owes_feedback}
OF_OFFICERS = {
    *(rules.works_at_level, rules.is_officer_in_charge, rules.can_escalate, rules.owes_feedback)
}


class Line(NamedTuple):
    """One step: as an arrow where it has a `place`, and as a row of the table."""

    name: str
    label: str
    actor: str
    sources: str
    result: str
    is_mine: bool
    place: Place | None


def boxes(user):
    """The statuses of a ticket as `user` reads them on tickets."""
    return [
        Box(status, *corner, wrap(general_label(status, user), WIDEST))
        for status, corner in CORNERS.items()
    ]


def lines(user):
    """The steps of a ticket in their order, with those marked that `user` may come to do."""
    is_mine = user.is_reporter
    sent = general_label(Status.NEW, user)
    first = Line(SEND, "Kirim", "Pelapor", "–", sent, is_mine, PLACES[SEND])
    steps = [step for step in STEPS.values() if not (step.is_reading or step.is_apart)]
    return [first, *(_line(step, user) for step in steps)]


def _line(step, user):
    return Line(
        step.name,
        step.label,
        ACTORS[step.rule],
        ", ".join(general_label(source, user) for source in step.source),
        _result(step, user),
        _is_of(step, user),
        PLACES.get(step.name),
    )


def _result(step, user):
    """What the ticket becomes; where several come about, the usual one."""
    target = step.target
    if target is None or target == step.source[0]:
        return "Status tetap"
    usual = target if isinstance(target, str) else target.allowed_states[0]
    suffix = " di level berikutnya" if step.rule == rules.can_escalate else ""
    return general_label(usual, user) + suffix


def _is_of(step, user):
    if step.rule == rules.can_reassign:
        return rules.is_supervisor(user)
    if user.level == LAST and step.name in {"answer", "escalate"}:
        return False  # nobody stands above it to ask or to be asked for help
    if user.is_officer:
        return step.rule in OF_OFFICERS
    return user.is_reporter and step.rule in OF_REPORTERS


def any_of(names):
    """'Pelapor', 'Pelapor atau LPSE Level 1', 'Pelapor, LPSE Level 2, atau LKPP Level 1'."""
    if len(names) < 3:
        return " atau ".join(names)
    return f"{', '.join(names[:-1])}, atau {names[-1]}"


class Reach(NamedTuple):
    """Whom a level may ask, and where its escalation leads ('' at the last)."""

    level: Level
    asks: str
    escalates_to: str


def reaches(user):
    """The Reach of the officer's own level, or of all levels for everybody else."""
    levels = [user.level] if user.is_officer else list(Level)
    return [
        Reach(
            Level(level),
            any_of([party(asked) for asked in MAY_ASK[level]]),
            Level(level + 1).label if level < LAST else "",
        )
        for level in levels
    ]
