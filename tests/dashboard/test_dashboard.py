"""The counts of the dashboard are those of the tickets that the viewer may see."""

import pytest

from tests.cast import Cast, ticket_at


@pytest.mark.django_db
@pytest.mark.requirement("R21")
def test_each_role_counts_the_tickets_that_it_may_see(client):
    cast = Cast()
    for place in (("new", 1), ("in_progress", 1), ("awaiting_feedback", 2), ("closed", 3)):
        ticket_at(cast, *place)
    ticket_at(Cast(), "new", 3)

    figures = {}
    for user in (cast.penyedia, *cast.officers.values()):
        client.force_login(user)
        figures[user.role] = client.get("/dashboard/").context["figures"]

    assert figures == {
        "penyedia": {"new": 1, "running": 2, "closed": 1, "total": 4},
        "lpse_l1": {"new": 1, "running": 2, "closed": 1, "total": 4},
        "lpse_l2": {"new": 0, "running": 1, "closed": 1, "total": 2},
        "lkpp_l1": {"new": 1, "running": 0, "closed": 1, "total": 2},
        "lkpp_l2": {"new": 0, "running": 0, "closed": 0, "total": 0},
    }
