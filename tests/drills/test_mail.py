"""The mail server is away, hangs, refuses; the worker dies at the worst moment."""

from collections import Counter

import pytest

from tests.drills.mail import FALLS_SILENT, HANGS, MailServer, wait_for_all, waiting, working
from tests.drills.person import CREATE, classified, new_ticket
from tests.drills.portal import wait_until

DUE = "SELECT count(*) FROM tickets_notice WHERE mail = 'due' AND attempts > 0"


@pytest.fixture
def mail(portal):
    """A mail server that takes everything, after the outbox has been emptied into it."""
    server = MailServer()
    server.start()
    portal.manage("run_worker", "--once", **server.environment(portal))
    server.received.clear()
    yield server
    server.stop()


def sent(reporter, text):
    """The number of a new ticket, of which the officers are told."""
    reporter.send(CREATE, new_ticket(text))
    return reporter.numbers()[0]


def asked(portal, reporter, text):
    """A reporter has sent a ticket, the officer has taken it and asked: there is a lot to tell."""
    return ask(portal, sent(reporter, text), text)


def ask(portal, ticket, text):
    """The officer takes it and asks, of which the reporter is told."""
    officer = portal.helpdesk
    officer.send(f"/tiket/{ticket}/ambil/", classified(portal, ticket))
    question = {"outcome": "ask", "feedback_from": "0", "message": f"Versi? {text}"}
    officer.send(f"/tiket/{ticket}/review/", classified(portal, ticket, **question))
    return ticket


def notices(portal, ticket):
    """{what became of it: how many} of the mails about a ticket."""
    query = """
        SELECT mail, count(*) FROM tickets_notice n JOIN tickets_event e ON e.id = n.event_id
        JOIN tickets_ticket t ON t.id = e.ticket_id WHERE t.number = %s GROUP BY mail
    """
    return dict(portal.ask(query, ticket))


@pytest.mark.drill
def test_an_outbox_without_its_mail_server_keeps_all_mails_and_sends_each_once(
    portal, ask_all, mail
):
    mail.stop()
    with working(portal, mail):
        tickets = [asked(portal, portal.reporter(), f"Tanpa surel {n}.") for n in range(3)]
        kept, portal_works = waiting(portal), portal.helpdesk.get("/tiket/baru/").status
        mail.start(HANGS)
        wait_until(mail.met.is_set, 60, "the worker does not try again")
        kept = min(kept, waiting(portal))
        mail.stop()
        refused = mail.received[:]
        mail.start()
        wait_for_all(portal)

    assert kept >= 3
    assert portal_works == 200
    assert refused == []
    assert portal.ask(DUE) == [(0,)]
    assert set(Counter(mail.received).values()) == {1}
    assert all("dead" not in notices(portal, ticket) for ticket in tickets)
    assert len(mail.received) == sum(notices(portal, ticket)["sent"] for ticket in tickets)
    ask_all()


@pytest.mark.drill
def test_a_mail_refused_for_good_is_a_dead_letter_and_holds_up_no_other(portal, ask_all, mail):
    unlucky, lucky = portal.reporter(), portal.reporter()
    ((address,),) = portal.ask("SELECT email FROM accounts_user WHERE id = %s", unlucky.pk)
    mail.unknown = {address}

    first = asked(portal, unlucky, "Alamat tidak dikenal.")
    second = asked(portal, lucky, "Alamat dikenal.")
    portal.manage("run_worker", "--once", **mail.environment(portal))

    assert notices(portal, first)["dead"] >= 1
    assert "dead" not in notices(portal, second)
    assert waiting(portal) == 0
    ask_all()


@pytest.mark.drill
def test_a_worker_killed_after_the_server_took_a_mail_sends_a_second_copy_that_is_known_as_one(
    portal, ask_all, mail
):
    reporter = portal.reporter()
    ticket = sent(reporter, "Pekerja mati.")
    portal.manage("run_worker", "--once", **mail.environment(portal))
    ask(portal, ticket, "Pekerja mati.")
    mail.stop()
    mail.received.clear()
    mail.start(FALLS_SILENT)

    worker = portal.start("manage.py", "run_worker", "--once", **mail.environment(portal))
    wait_until(lambda: mail.received, 60, "no mail arrives")
    worker.kill()
    worker.wait()
    copies = mail.received[:]
    mail.stop()
    mail.start()
    portal.manage("run_worker", "--once", **mail.environment(portal))
    during_its_lease = Counter(mail.received)[copies[0]]
    portal.ask("UPDATE tickets_notice SET due_at = now() WHERE mail = 'due' RETURNING id")
    portal.manage("run_worker", "--once", **mail.environment(portal))

    assert len(copies) == 1
    assert during_its_lease == 1
    assert Counter(mail.received)[copies[0]] == 2
    assert max(Counter(mail.received).values()) == 2
    assert waiting(portal) == 0
    ask_all()
