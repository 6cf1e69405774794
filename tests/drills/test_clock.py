"""The clock of the server jumps three days ahead, an hour back, and is put right again."""

import uuid
from http.cookies import SimpleCookie
from urllib.parse import urlencode

import jwt
import pytest

from tests.drills.clock import wrong_clock
from tests.drills.person import CREATE, Person, classified, fetch, new_ticket, step

DAY, HOUR = 24 * 60 * 60, 60 * 60
# In the past, so that the true time is past all of it and the history can be verified afterwards
RIGHT, AHEAD, BACK = -4 * DAY, -DAY, -DAY - HOUR
TICKETS_AN_HOUR = 20


def hand_off(portal, subject, role, at):
    """The answer to a hand-off that SPSE signed at this moment."""
    claims = {
        "iss": "260",
        "aud": "lpse-support",
        "sub": subject,
        "name": subject,
        "role": role,
        "email": f"{subject}@contoh.example.id",
        "npwp": "012345674441000",
        "iat": int(at),
        "exp": int(at) + 60,
        "jti": str(uuid.uuid4()),
    }
    token = jwt.encode(claims, portal.world["key"], algorithm="EdDSA")
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    body = urlencode({"token": token})
    return fetch(portal.port, "POST", "/masuk/spse/", headers, body)


def signed_in(portal, subject, role, at):
    """Somebody who came through SPSE just now."""
    answer = hand_off(portal, subject, role, at)
    assert answer.status == 302
    cookies = SimpleCookie()
    for cookie in answer.headers.get_all("Set-Cookie"):
        cookies.load(cookie)
    ((pk,),) = portal.ask("SELECT id FROM accounts_user WHERE subject = %s", subject)
    return Person(portal, cookies["sessionid"].value, pk)


@pytest.mark.drill
def test_a_clock_that_jumps_stops_nobody_for_long_and_leaves_the_history_in_order(portal, ask_all):
    with wrong_clock(portal) as clock:
        clock.set(RIGHT)
        reporter = signed_in(portal, "jam", "penyedia", clock.now)
        officer = signed_in(portal, "petugas-jam", "lpse_l1", clock.now)
        reporter.send(CREATE, new_ticket("Sebelum jam melompat."))
        (ticket,) = reporter.numbers()
        officer.send(f"/tiket/{ticket}/ambil/", classified(portal, ticket))

        clock.set(AHEAD)
        assert officer.get(f"/tiket/{ticket}/").status == 302, "sessions of three days ago are over"
        assert hand_off(portal, "jam", "penyedia", clock.now - 3 * DAY).status == 403
        reporter = signed_in(portal, "jam", "penyedia", clock.now)
        officer = signed_in(portal, "petugas-jam", "lpse_l1", clock.now)
        asked = {"outcome": "ask", "feedback_from": "0", "message": "Versi berapa, besok lusa?"}
        officer.send(f"/tiket/{ticket}/review/", classified(portal, ticket, **asked))
        sent = [
            reporter.send(CREATE, new_ticket(f"Banyak {n}")).status
            for n in range(TICKETS_AN_HOUR + 1)
        ]
        for _ in range(6):
            failed = fetch(portal.port, "GET", "/lacak-tiket/LS26-000-000-000-0/").status
        assert (sent[-1], failed) == (429, 429), "both limits are reached"

        clock.set(BACK)
        answered = reporter.send(
            f"/tiket/{ticket}/feedback/", step(portal, ticket, message="Versi 4.5, satu jam lalu.")
        )
        page = officer.get(f"/tiket/{ticket}/")

        clock.set(RIGHT)
        resolved = officer.send(
            f"/tiket/{ticket}/review/",
            classified(portal, ticket, outcome="resolve", message="Selesai, jam sudah benar."),
        )
        further = reporter.send(CREATE, new_ticket("Jam benar lagi, batas tidak menahan."))
        looked = fetch(portal.port, "GET", f"/lacak-tiket/{ticket}/").status

    assert (answered.status, page.status) == (302, 200)
    assert (resolved.status, further.status) == (302, 302)
    assert looked == 302, "on to the number as it is written, no limit"
    times = times_of(portal, ticket)
    assert times == sorted(times)
    ask_all()


def times_of(portal, ticket):
    """When its events happened, in their order."""
    query = """
        SELECT at FROM tickets_event e JOIN tickets_ticket t ON t.id = e.ticket_id
        WHERE t.number = %s ORDER BY e.position
    """
    return [at for (at,) in portal.ask(query, ticket)]
