"""Who may do which step where: product.md part B restated by hand, compared with the code.

Every place that a ticket can stand at × every action × everybody. Whoever is not named may not.
"""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from tests.cast import Cast, ticket_at
from tests.factories import make_user
from tickets.workflow import MAY_ASK, STEPS, Status

pytestmark = pytest.mark.django_db

ACTIONS = [
    "take",
    "ask",
    "answer",
    "escalate",
    "resolve",
    "accept",
    "reject",
    "remind",
    "close_silent",
    "reopen",
    "rate",
    "reassign",
    "read_server_access",
    "download_sealed_file",
    "redact",
    "expire_server_access",
]
REPORTER, HELPDESK, ADMIN_SISTEM, LKPP1, LKPP2 = range(5)  # as `feedback_from` names them

# (status, level, feedback_from): {action: who may}. In pools both officers of the level may take;
# 'helpdesk', 'admin_sistem', 'lkpp1' and 'lkpp2' are those who took the ticket at their level.
# Tickets that a helpdesk officer holds or owes an answer for, Level 2 of the LPSE may hand over.
ALLOWED = {
    ("new", 1, None): {
        "take": {"helpdesk", "helpdesk colleague"},
        "download_sealed_file": {"penyedia"},
        "redact": {"administrator", "sistem"},
        "expire_server_access": {"sistem"},
    },
    ("new", 2, None): {
        "take": {"admin_sistem", "admin_sistem colleague"},
        "download_sealed_file": {"penyedia"},
        "redact": {"administrator", "sistem"},
        "expire_server_access": {"sistem"},
    },
    ("new", 3, None): {
        "take": {"lkpp1", "lkpp1 colleague"},
        "download_sealed_file": {"penyedia"},
        "redact": {"administrator", "sistem"},
        "expire_server_access": {"sistem"},
    },
    ("new", 4, None): {
        "take": {"lkpp2", "lkpp2 colleague"},
        "download_sealed_file": {"penyedia"},
        "redact": {"administrator", "sistem"},
        "expire_server_access": {"sistem"},
    },
    ("in_progress", 1, None): {
        "ask": {"helpdesk"},
        "escalate": {"helpdesk"},
        "resolve": {"helpdesk"},
        "reassign": {"admin_sistem", "admin_sistem colleague", "administrator"},
        "download_sealed_file": {"penyedia", "helpdesk"},
        "redact": {"administrator", "sistem"},
        "expire_server_access": {"sistem"},
    },
    ("in_progress", 2, None): {
        "ask": {"admin_sistem"},
        "escalate": {"admin_sistem"},
        "resolve": {"admin_sistem"},
        "reassign": {"administrator"},
        "download_sealed_file": {"penyedia", "admin_sistem"},
        "redact": {"administrator", "sistem"},
        "expire_server_access": {"sistem"},
    },
    ("in_progress", 3, None): {
        "ask": {"lkpp1"},
        "escalate": {"lkpp1"},
        "resolve": {"lkpp1"},
        "reassign": {"administrator"},
        "read_server_access": {"lkpp1"},
        "download_sealed_file": {"penyedia", "lkpp1"},
        "redact": {"administrator", "sistem"},
        "expire_server_access": {"sistem"},
    },
    ("in_progress", 4, None): {
        "ask": {"lkpp2"},
        "resolve": {"lkpp2"},
        "reassign": {"administrator"},
        "read_server_access": {"lkpp2"},
        "download_sealed_file": {"penyedia", "lkpp2"},
        "redact": {"administrator", "sistem"},
        "expire_server_access": {"sistem"},
    },
    ("awaiting_feedback", 1, REPORTER): {
        "answer": {"penyedia"},
        "remind": {"sistem"},
        "close_silent": {"sistem"},
        "reassign": {"admin_sistem", "admin_sistem colleague", "administrator"},
        "download_sealed_file": {"penyedia", "helpdesk"},
        "redact": {"administrator", "sistem"},
        "expire_server_access": {"sistem"},
    },
    ("awaiting_feedback", 2, REPORTER): {
        "answer": {"penyedia"},
        "remind": {"sistem"},
        "close_silent": {"sistem"},
        "reassign": {"administrator"},
        "download_sealed_file": {"penyedia", "admin_sistem"},
        "redact": {"administrator", "sistem"},
        "expire_server_access": {"sistem"},
    },
    ("awaiting_feedback", 2, HELPDESK): {
        "answer": {"helpdesk"},
        "reassign": {"admin_sistem", "admin_sistem colleague", "administrator"},
        "download_sealed_file": {"penyedia", "admin_sistem"},
        "redact": {"administrator", "sistem"},
        "expire_server_access": {"sistem"},
    },
    ("awaiting_feedback", 3, REPORTER): {
        "answer": {"penyedia"},
        "remind": {"sistem"},
        "close_silent": {"sistem"},
        "reassign": {"administrator"},
        "read_server_access": {"lkpp1"},
        "download_sealed_file": {"penyedia", "lkpp1"},
        "redact": {"administrator", "sistem"},
        "expire_server_access": {"sistem"},
    },
    ("awaiting_feedback", 3, ADMIN_SISTEM): {
        "answer": {"admin_sistem"},
        "reassign": {"administrator"},
        "read_server_access": {"lkpp1"},
        "download_sealed_file": {"penyedia", "lkpp1"},
        "redact": {"administrator", "sistem"},
        "expire_server_access": {"sistem"},
    },
    ("awaiting_feedback", 4, REPORTER): {
        "answer": {"penyedia"},
        "remind": {"sistem"},
        "close_silent": {"sistem"},
        "reassign": {"administrator"},
        "read_server_access": {"lkpp2"},
        "download_sealed_file": {"penyedia", "lkpp2"},
        "redact": {"administrator", "sistem"},
        "expire_server_access": {"sistem"},
    },
    ("awaiting_feedback", 4, ADMIN_SISTEM): {
        "answer": {"admin_sistem"},
        "reassign": {"administrator"},
        "read_server_access": {"lkpp2"},
        "download_sealed_file": {"penyedia", "lkpp2"},
        "redact": {"administrator", "sistem"},
        "expire_server_access": {"sistem"},
    },
    ("awaiting_feedback", 4, LKPP1): {
        "answer": {"lkpp1"},
        "reassign": {"administrator"},
        "read_server_access": {"lkpp2"},
        "download_sealed_file": {"penyedia", "lkpp2"},
        "redact": {"administrator", "sistem"},
        "expire_server_access": {"sistem"},
    },
    ("awaiting_review", 1, None): {
        "accept": {"penyedia"},
        "reject": {"penyedia"},
        "remind": {"sistem"},
        "close_silent": {"sistem"},
        "reassign": {"admin_sistem", "admin_sistem colleague", "administrator"},
        "download_sealed_file": {"penyedia", "helpdesk"},
        "redact": {"administrator", "sistem"},
        "expire_server_access": {"sistem"},
    },
    ("awaiting_review", 2, None): {
        "accept": {"penyedia"},
        "reject": {"penyedia"},
        "remind": {"sistem"},
        "close_silent": {"sistem"},
        "reassign": {"administrator"},
        "download_sealed_file": {"penyedia", "admin_sistem"},
        "redact": {"administrator", "sistem"},
        "expire_server_access": {"sistem"},
    },
    ("awaiting_review", 3, None): {
        "accept": {"penyedia"},
        "reject": {"penyedia"},
        "remind": {"sistem"},
        "close_silent": {"sistem"},
        "reassign": {"administrator"},
        "read_server_access": {"lkpp1"},
        "download_sealed_file": {"penyedia", "lkpp1"},
        "redact": {"administrator", "sistem"},
        "expire_server_access": {"sistem"},
    },
    ("awaiting_review", 4, None): {
        "accept": {"penyedia"},
        "reject": {"penyedia"},
        "remind": {"sistem"},
        "close_silent": {"sistem"},
        "reassign": {"administrator"},
        "read_server_access": {"lkpp2"},
        "download_sealed_file": {"penyedia", "lkpp2"},
        "redact": {"administrator", "sistem"},
        "expire_server_access": {"sistem"},
    },
    ("closed", 1, None): {
        "rate": {"penyedia"},
        "download_sealed_file": {"penyedia", "helpdesk"},
        "redact": {"administrator", "sistem"},
    },
    ("closed", 2, None): {
        "rate": {"penyedia"},
        "download_sealed_file": {"penyedia", "admin_sistem"},
        "redact": {"administrator", "sistem"},
    },
    ("closed", 3, None): {
        "rate": {"penyedia"},
        "download_sealed_file": {"penyedia", "lkpp1"},
        "redact": {"administrator", "sistem"},
    },
    ("closed", 4, None): {
        "rate": {"penyedia"},
        "download_sealed_file": {"penyedia", "lkpp2"},
        "redact": {"administrator", "sistem"},
    },
}


def everybody(cast):
    """The whole cast by name: of this LPSE, of another, of LKPP, who left, an administrator, and
    the portal itself."""
    other = Cast()
    lpse = cast.lpse
    return {
        "penyedia": cast.penyedia,
        "helpdesk": cast.helpdesk,
        "admin_sistem": cast.admin_sistem,
        "lkpp1": cast.lkpp1,
        "lkpp2": cast.lkpp2,
        "other penyedia": make_user(Role.PENYEDIA, lpse),
        "ppk": cast.ppk,
        "pp": make_user(Role.PP, lpse),
        "pokja": make_user(Role.POKJA, lpse),
        "helpdesk colleague": make_user(Role.LPSE_L1, lpse),
        "admin_sistem colleague": make_user(Role.LPSE_L2, lpse),
        "lkpp1 colleague": make_user(Role.LKPP_L1),
        "lkpp2 colleague": make_user(Role.LKPP_L2),
        "penyedia elsewhere": other.penyedia,
        "ppk elsewhere": other.ppk,
        "helpdesk elsewhere": other.helpdesk,
        "admin_sistem elsewhere": other.admin_sistem,
        "helpdesk gone": make_user(Role.LPSE_L1, lpse, is_active=False),
        "admin_sistem gone": make_user(Role.LPSE_L2, lpse, is_active=False),
        "lkpp1 gone": make_user(Role.LKPP_L1, is_active=False),
        "lkpp2 gone": make_user(Role.LKPP_L2, is_active=False),
        "administrator": make_user("", is_staff=True, is_superuser=True),
        "sistem": User.objects.system(),
    }


def who_may(ticket, people):
    """{action: names}, of the actions that anybody may do."""
    table = {
        action: {name for name, user in people.items() if STEPS[action].is_open(ticket, user)}
        for action in ACTIONS
    }
    return {action: names for action, names in table.items() if names}


@pytest.mark.requirement("R76", "R87", "R88", "R89", "R104", "R121", "R122", "R123", "R132", "R136")
@pytest.mark.parametrize("place", ALLOWED, ids=lambda place: "-".join(map(str, place)))
def test_each_step_is_open_to_whom_the_workflow_names_and_to_nobody_else(place):
    status, level, feedback_from = place
    cast = Cast()
    people = everybody(cast)

    ticket = ticket_at(cast, status, level, feedback_from)

    assert (ticket.status, ticket.level, ticket.feedback_from) == place
    assert who_may(ticket, people) == ALLOWED[place]


@pytest.mark.requirement("R132")
@pytest.mark.parametrize("place", ALLOWED, ids=lambda place: "-".join(map(str, place)))
def test_whoever_is_deactivated_may_nothing_more(place):
    cast = Cast()
    ticket = ticket_at(cast, *place)
    people = {"reporter": cast.penyedia, **{str(k): u for k, u in cast.officers.items()}}

    for user in people.values():
        user.is_active = False

    assert who_may(ticket, people) == {}


def test_the_table_names_every_action_and_every_place():
    asked = {1: (0,), 2: (0, 1), 3: (0, 2), 4: (0, 2, 3)}  # product.md part B, 'ask'
    places = {
        (status, level, feedback_from)
        for status in ("new", "in_progress", "awaiting_feedback", "awaiting_review", "closed")
        for level in (1, 2, 3, 4)
        for feedback_from in (asked[level] if status == "awaiting_feedback" else (None,))
    }

    assert list(STEPS) == ACTIONS
    assert {status.value for status in Status} == {status for status, *_ in places}
    assert set(ALLOWED) == places
    assert {int(level): tuple(parties) for level, parties in MAY_ASK.items()} == asked


@pytest.mark.requirement("R135")
@pytest.mark.parametrize("level", [1, 2, 3, 4])
def test_what_the_system_closed_its_reporter_alone_may_reopen_for_a_time(level):
    cast = Cast()
    people = everybody(cast)
    ticket = ticket_at(cast, "closed", level)

    ticket.reopen_until = timezone.now() + timedelta(minutes=1)
    in_time = who_may(ticket, people)
    ticket.reopen_until = timezone.now() - timedelta(seconds=1)
    too_late = who_may(ticket, people)

    assert too_late == ALLOWED["closed", level, None]
    assert in_time == too_late | {"reopen": {"penyedia"}}


@pytest.mark.requirement("R58", "R59")
def test_nobody_may_rate_a_rated_ticket():
    cast = Cast()
    people = everybody(cast)
    ticket = ticket_at(cast, "closed")

    ticket.perform("rate", by=cast.penyedia, stars=5)

    rated = type(ticket).objects.with_people().get(pk=ticket.pk)
    assert who_may(rated, people) == {
        "download_sealed_file": {"penyedia", "helpdesk"},
        "redact": {"administrator", "sistem"},
    }
