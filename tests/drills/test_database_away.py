"""The database is restarted, crashes or is away: people are told, and nothing is lost."""

import threading
import time

import pytest

from tests.drills.person import CREATE, TOKEN, classified, fetch, hidden, new_ticket

CLIENTS, FORMS, PAUSE = 4, 15, 0.2  # each client's forms, one after the other: about five seconds
SORRY = "Sistem sedang tidak dapat menyimpan. Teks Anda tidak hilang."
AWAY = "Portal sedang tidak dapat dihubungi"


def stop(portal):
    portal.restart_database("stop")


def start(portal):
    """It comes back; the server is not told."""
    portal.cluster._run()


@pytest.fixture
def ticket(portal):
    """The number of a new ticket."""
    reporter = portal.reporter()
    reporter.send(CREATE, new_ticket("Sudah ada sebelumnya."))
    (number,) = reporter.numbers()
    return number


def test_a_form_that_meets_no_database_comes_back_with_its_text_and_is_stored_once(portal, ask_all):
    reporter, fields = portal.reporter(), new_ticket("Teks <yang> tidak boleh hilang.")

    stop(portal)
    refused = reporter.send(CREATE, fields)
    start(portal)
    answers = [reporter.send(CREATE, hidden(refused.text)) for _ in range(2)]

    assert (refused.status, refused.headers["Retry-After"]) == (503, "30")
    assert SORRY in refused.text
    assert "Teks &lt;yang&gt; tidak boleh hilang." in refused.text
    assert "no-store" in refused.headers["Cache-Control"]
    assert [answer.status for answer in answers] == [302, 302]
    assert len(reporter.numbers()) == 1
    ask_all()


def test_a_page_that_meets_no_database_says_so(portal, ticket, ask_all):
    stop(portal)
    answers = [
        portal.helpdesk.get(path) for path in ("/", "/tiket/baru/", f"/tiket/{ticket}/", "/faq/")
    ]
    start(portal)

    assert {(answer.status, answer.headers["Retry-After"]) for answer in answers} == {(503, "30")}
    assert all(AWAY in answer.text for answer in answers)
    assert portal.helpdesk.get("/tiket/baru/").status == 200
    ask_all()


def test_what_is_shown_again_is_ones_own_and_holds_no_password(portal, ticket):
    secret, officer = "rahasia-server-9", portal.helpdesk
    review = classified(portal, ticket, message="Sudah dicek.", password_server=secret)
    address = f"/tiket/{ticket}/review/"
    login = {"login": "lkpp1", "password": secret, "csrfmiddlewaretoken": TOKEN}

    stop(portal)
    own = officer.post(address, review)
    forged = officer.post(address, review | {"csrfmiddlewaretoken": "b" * 32})
    door = officer.post("/akun/login/", login)
    large = officer.post(address, review | {"message": "panjang " * 2**16})
    start(portal)

    assert [answer.status for answer in (own, forged, door, large)] == [503] * 4
    assert "Sudah dicek." in own.text
    assert "Sudah dicek." not in forged.text
    assert "panjang" not in large.text
    assert all(secret not in answer.text for answer in (own, forged, door))


def test_a_form_whose_files_were_lost_is_led_back_to_choose_them(portal, ask_all):
    reporter, fields = portal.reporter(), new_ticket("Dengan lampiran.")

    stop(portal)
    refused = reporter.send(CREATE, fields, [("bukti.txt", b"berkas gagal\n")])
    start(portal)
    form = reporter.post(CREATE, hidden(refused.text))

    assert refused.status == 503
    assert "File harus dipilih lagi." in refused.text
    assert form.status == 200
    assert "Dengan lampiran." in form.text
    assert fields["key"] in form.text
    assert reporter.numbers() == []
    ask_all()


@pytest.mark.drill
@pytest.mark.parametrize("mode", ["fast", "immediate"])
def test_restarted_under_load_it_refuses_politely_and_retried_forms_are_stored_once(
    portal, ask_all, mode
):
    people, statuses = [portal.reporter() for _ in range(CLIENTS)], []
    forms = [[new_ticket(f"{mode}, orang {n}, {m}") for m in range(FORMS)] for n in range(CLIENTS)]
    clients = [
        threading.Thread(target=send_all, args=(person, own, statuses))
        for person, own in zip(people, forms, strict=True)
    ]

    for client in clients:
        client.start()
    for _ in range(3):
        time.sleep(1)
        portal.restart_database("restart", mode)
    for client in clients:
        client.join()

    assert set(statuses) == {302, 503}
    assert all(portal.told.values())
    assert [len(person.numbers()) for person in people] == [FORMS] * CLIENTS
    ask_all()


def send_all(person, forms, statuses):
    """Each form until the portal says that it has it, as a person would."""
    for fields in forms:
        status = 0
        end = time.monotonic() + 60
        while status != 302 and time.monotonic() < end:
            status = person.send(CREATE, fields).status
            statuses.append(status)
            time.sleep(PAUSE)


def test_a_reset_of_the_connection_by_an_operator_shows_no_error_page(portal, ask_all):
    """What PgBouncer or an administrator ends between two requests is mended unseen."""
    reporter = portal.reporter()
    assert reporter.get("/").status == 200

    portal.ask(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
    )
    portal.wait_for_silence()
    pages = [reporter.get("/").status for _ in range(12)]

    assert pages == [200] * 12
    assert fetch(portal.port, "GET", "/cari-tiket/").status == 200
    ask_all()
