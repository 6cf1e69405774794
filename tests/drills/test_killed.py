"""The server is killed with -9, all of it, while somebody sends something."""

import http.client
import socket
import threading
from contextlib import contextmanager, suppress

import pytest

from tests.drills.person import CREATE, classified, fetch, new_ticket, step
from tests.drills.portal import wait_until

FILE = ("bukti.txt", b"10:41:02 berkas gagal dikirim\n")
WAIT_AT_COMMIT = "SELECT 1 FROM accounts_lpse WHERE id = %s FOR UPDATE"
WAIT_AT_DRAFT = "SELECT 1 FROM accounts_user WHERE id = %s FOR NO KEY UPDATE"
WAIT_AT_FILES = "SELECT 1 FROM tickets_draft WHERE key = %s FOR UPDATE"


@contextmanager
def meanwhile(act, *args):
    """`act` goes on beside what is done inside, and has ended afterwards."""
    thread = threading.Thread(target=act, args=args)
    thread.start()
    yield
    thread.join()


@contextmanager
def half_sent(portal, headers, body):
    """A form of which the first half is on its way and the other never comes."""
    lines = [f"POST {CREATE} HTTP/1.1", "Host: 127.0.0.1", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    with socket.create_connection(("127.0.0.1", portal.port)) as connection:
        connection.sendall("\r\n".join([*lines, "", ""]).encode() + body[: len(body) // 2])
        yield


def files_of(portal, reporter):
    """The names of the files that a reporter's tickets have."""
    query = """
        SELECT name FROM tickets_attachment a JOIN tickets_event e ON e.id = a.event_id
        WHERE e.actor_id = %s ORDER BY a.id
    """
    return [name for (name,) in portal.ask(query, reporter.pk)]


def begin_again(portal):
    """The server was killed; its connections end, and it comes back as systemd brings it."""
    portal.kill()
    portal.wait_for_silence()
    portal.serve()


def test_after_upload_and_before_the_form_the_file_is_still_there(portal, ask_all):
    reporter, fields = portal.reporter(), new_ticket("Dikirim setelah server mati.")
    assert reporter.upload(CREATE, fields, *FILE).status == 200

    begin_again(portal)
    answer = reporter.send(CREATE, fields)

    assert answer.status == 302
    assert files_of(portal, reporter) == ["bukti.txt"]
    ask_all()


@pytest.mark.drill
def test_while_a_form_with_a_file_arrives_nothing_of_it_stays(portal, ask_all):
    reporter, fields = portal.reporter(), new_ticket("Terputus di tengah jalan.")
    large = ("besar.txt", FILE[1] * 200_000)
    headers, body = reporter.request(fields, [large])

    with half_sent(portal, headers, body):
        wait_until(lambda: any((portal.files / "incoming").iterdir()))
        begin_again(portal)
    answer = reporter.send(CREATE, fields, [large])

    assert answer.status == 302
    assert files_of(portal, reporter) == ["besar.txt"]
    ask_all()


def test_when_a_file_is_stored_but_not_its_row_it_can_be_sent_again(portal, ask_all):
    reporter, fields = portal.reporter(), new_ticket("File tanpa baris.")

    with (
        portal.held(WAIT_AT_DRAFT, [reporter.pk]),
        meanwhile(reporter.send, CREATE, fields, [FILE]),
    ):
        portal.wait_for_waiting("SELECT")
        portal.kill()
    begin_again(portal)
    answer = reporter.send(CREATE, fields, [FILE])

    assert answer.status == 302
    assert files_of(portal, reporter) == ["bukti.txt"]
    ask_all()


@pytest.mark.drill
def test_before_the_last_statement_nothing_is_stored_and_the_form_can_be_sent_again(
    portal, ask_all
):
    reporter, fields = portal.reporter(), new_ticket("Transaksi terputus.")
    reporter.upload(CREATE, fields, *FILE)

    with (
        portal.held(WAIT_AT_FILES, [fields["key"]]),
        meanwhile(reporter.send, CREATE, fields),
    ):
        portal.wait_for_waiting("SELECT")
        portal.kill()
    begin_again(portal)
    assert reporter.numbers() == []
    answer = reporter.send(CREATE, fields)

    assert answer.status == 302
    assert files_of(portal, reporter) == ["bukti.txt"]
    ask_all()


def test_inside_commit_the_form_sent_again_leads_to_what_was_stored(portal, ask_all):
    reporter, fields = portal.reporter(), new_ticket("Tersimpan tanpa jawaban.")
    reporter.upload(CREATE, fields, *FILE)

    with (
        portal.held(WAIT_AT_COMMIT, [portal.world["lpse"]]),
        meanwhile(reporter.send, CREATE, fields),
    ):
        portal.wait_for_waiting("COMMIT")
        portal.kill()
    begin_again(portal)
    first = reporter.numbers()
    answer = reporter.send(CREATE, fields)

    assert answer.status == 302
    assert len(first) == 1, "PostgreSQL finishes a COMMIT whose client is gone"
    assert reporter.numbers() == first
    assert files_of(portal, reporter) == ["bukti.txt"]
    ask_all()


LOCKS = {  # and the statement that waits for it
    "SELECT": "SELECT 1 FROM tickets_ticket WHERE number = %(ticket)s FOR UPDATE",
    "COMMIT": "SELECT 1 FROM accounts_user WHERE id = %(actor)s FOR UPDATE",
}


def killed_during(portal, person, address, fields, statement):
    """Somebody does a step; the server dies while `statement` waits, and comes back."""
    values = {"ticket": address.split("/")[2], "actor": person.pk}
    with portal.held(LOCKS[statement], values), meanwhile(person.send, address, fields):
        portal.wait_for_waiting(statement)
        portal.kill()
    begin_again(portal)


@pytest.mark.parametrize("statement", [pytest.param("SELECT", marks=pytest.mark.drill), "COMMIT"])
def test_a_taking_that_broke_off_is_done_once_when_it_is_sent_again(portal, ask_all, statement):
    reporter, officer = portal.reporter(), portal.helpdesk
    reporter.send(CREATE, new_ticket(f"Akan diambil, {statement}."))
    (ticket,) = reporter.numbers()
    fields = classified(portal, ticket)

    killed_during(portal, officer, f"/tiket/{ticket}/ambil/", fields, statement)
    answer = officer.send(f"/tiket/{ticket}/ambil/", fields)

    assert answer.status == 302
    assert portal.ask("SELECT count(*) FROM tickets_assignment a JOIN tickets_ticket t"
                      " ON t.id = a.ticket_id WHERE t.number = %s", ticket) == [(1,)]  # fmt: skip
    ask_all()


@pytest.mark.drill
@pytest.mark.parametrize("statement", LOCKS)
def test_an_answer_that_broke_off_is_stored_once_when_it_is_sent_again(portal, ask_all, statement):
    reporter, officer = portal.reporter(), portal.helpdesk
    reporter.send(CREATE, new_ticket(f"Akan ditanya, {statement}."))
    (ticket,) = reporter.numbers()
    officer.send(f"/tiket/{ticket}/ambil/", classified(portal, ticket))
    question = {"outcome": "ask", "feedback_from": "0", "message": f"Versi berapa? {statement}"}
    officer.send(f"/tiket/{ticket}/review/", classified(portal, ticket, **question))
    fields = step(portal, ticket, message=f"Versi 4.5, {statement}.")

    killed_during(portal, reporter, f"/tiket/{ticket}/feedback/", fields, statement)
    answer = reporter.send(f"/tiket/{ticket}/feedback/", fields)

    assert answer.status == 302
    ask_all()


@pytest.mark.parametrize("extension", [pytest.param("csv", marks=pytest.mark.drill), "xlsx"])
def test_an_export_that_broke_off_leaves_nothing_and_the_next_one_is_whole(
    portal, ask_all, extension
):
    reporter, officer = portal.reporter(), portal.helpdesk
    reporter.send(CREATE, new_ticket(f"Untuk {extension}."))
    path = f"/tiket/baru.{extension}"
    with (
        portal.held("LOCK TABLE tickets_ticket IN ACCESS EXCLUSIVE MODE"),
        meanwhile(broken_off, portal, path),
    ):
        portal.wait_for_waiting()
        portal.kill()
    begin_again(portal)

    answer = officer.get(path)

    assert answer.status == 200
    assert len(answer.text) > 300
    ask_all()


def broken_off(portal, path):
    """An export whose server dies."""
    with suppress(OSError, http.client.HTTPException):
        fetch(portal.port, "GET", path, portal.helpdesk.headers)
