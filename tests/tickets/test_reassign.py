"""'Alihkan Petugas': a supervisor hands over the ticket of an absent officer (R136, A19)."""

import re
import uuid

import pytest
from django.contrib.auth.models import AnonymousUser, Permission
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.middleware import WANTED
from accounts.roles import ROLE_OF_LEVEL, Level, Role
from tests.at_once import at_once
from tests.cast import Cast, classification, send_ticket, ticket_at
from tests.factories import make_lpse, make_user
from tickets import rules
from tickets.models import Assignment, Draft, Event, Ticket
from tickets.pages import page_for
from tickets.steps import Refused, Stale
from tickets.waiting import Waiting
from tickets.wording import act, author, fact

pytestmark = pytest.mark.django_db

REASON = "Petugas cuti bersalin."
LIST = "/tiket/alihkan/"
RUNNING = ["in_progress", "awaiting_feedback", "awaiting_review"]


@pytest.fixture
def administrator(db):
    return make_user("", name="Administrator Portal", is_staff=True, is_superuser=True)


@pytest.fixture
def colleague(cast):
    return make_user(Role.LPSE_L1, cast.lpse, name="Sinta Maharani")


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def fresh(ticket):
    return Ticket.objects.with_people().get(pk=ticket.pk)


def deactivate(user):
    user.is_active = False
    user.save()


def colleague_at(cast, level, **fields):
    return make_user(ROLE_OF_LEVEL[level], cast.lpse if level < 3 else None, **fields)


def url(ticket):
    return f"{ticket.get_absolute_url()}alihkan/"


def typed(ticket, officer, **changes):
    """What the page posts when its pop-up is confirmed."""
    fields = {"key": str(uuid.uuid4()), "seen": ticket.last_event, "konfirmasi": "ya"}
    return fields | {"officer": officer.pk, "message": REASON} | changes


def hand_over(ticket, officer, by, **fields):
    return ticket.perform("reassign", by=by, officer=officer, message=REASON, **fields)


# What the step does


@pytest.mark.requirement("R136", "R130")
def test_a_reassignment_is_recorded_like_every_step(cast, colleague):
    ticket = ticket_at(cast, "in_progress", 1)

    event = hand_over(ticket, colleague, cast.admin_sistem, ip="192.0.2.7", key=uuid.uuid4())

    event.refresh_from_db()
    assert (event.actor, event.actor_role, event.action, event.message, event.audience) == (
        *(cast.admin_sistem, "lpse_l2", "reassign", REASON, "officers"),
    )
    assert (event.from_status, event.to_status, event.from_level, event.to_level) == (
        *("in_progress", "in_progress", 1, 1),
    )
    assert event.ip == "192.0.2.7"
    assert event.detail == {
        "level": 1,
        "from": {"id": cast.helpdesk.pk, "name": "Bagas Pramudyo"},
        "to": {"id": colleague.pk, "name": "Sinta Maharani"},
    }
    assert fresh(ticket).last_event == event.pk


@pytest.mark.requirement("R136", "R130")
def test_an_administrator_has_no_role_and_is_recorded_as_that(cast, colleague, administrator):
    ticket = ticket_at(cast, "in_progress", 1)

    event = hand_over(ticket, colleague, administrator)

    event.refresh_from_db()
    assert (event.actor, event.actor_role, event.level_of_actor) == (administrator, "", None)


@pytest.mark.requirement("R136")
@pytest.mark.parametrize("status", RUNNING)
@pytest.mark.parametrize("level", [1, 2, 3, 4])
def test_the_new_officer_takes_the_place_of_the_old_one(cast, administrator, status, level):
    ticket = ticket_at(cast, status, level)
    successor = colleague_at(cast, level)

    hand_over(ticket, successor, administrator)

    after = fresh(ticket)
    assert (after.status, after.level, after.officer) == (status, level, successor)
    assert after.assignments.get(level=level).officer == successor
    assert set(Ticket.objects.in_hand_of(successor)) == {ticket}
    assert set(Ticket.objects.handled_by(successor)) == {ticket}
    assert set(Ticket.objects.handled_by(cast.officers[level])) == {ticket}
    assert not Ticket.objects.in_hand_of(cast.officers[level]).exists()


@pytest.mark.requirement("R136")
@pytest.mark.parametrize(("level", "asked"), [(2, 1), (3, 2), (4, 2), (4, 3)])
def test_an_officer_who_was_asked_is_replaced_and_the_asker_stays(
    cast, administrator, level, asked
):
    ticket = ticket_at(cast, "awaiting_feedback", level, asked)
    successor = colleague_at(cast, asked)

    hand_over(ticket, successor, administrator)

    after = fresh(ticket)
    assert (after.officer, after.awaited_officer) == (cast.officers[level], successor)
    assert after.assignments.get(level=asked).officer == successor
    assert Waiting(successor).turn == 1
    assert Waiting(cast.officers[asked]).turn == 0
    after.perform("answer", by=successor, message="Ini jawabannya.")
    assert (fresh(ticket).status, fresh(ticket).officer) == ("in_progress", cast.officers[level])


@pytest.mark.requirement("R136")
def test_level_2_replaces_the_helpdesk_officer_whom_their_colleague_asked(cast, colleague):
    ticket = ticket_at(cast, "awaiting_feedback", 2, 1)
    other_admin = make_user(Role.LPSE_L2, cast.lpse)

    hand_over(ticket, colleague, other_admin)

    assert (fresh(ticket).officer, fresh(ticket).awaited_officer) == (cast.admin_sistem, colleague)


@pytest.mark.requirement("R136")
def test_the_waiting_time_goes_on(cast, colleague):
    ticket = ticket_at(cast, "in_progress", 1)
    since = fresh(ticket).updated_at

    hand_over(ticket, colleague, cast.admin_sistem)

    assert fresh(ticket).updated_at == since


@pytest.mark.requirement("R136", "R114")
def test_data_server_and_sealed_files_are_the_new_officers_alone(cast, administrator):
    ticket = ticket_at(cast, "in_progress", 3)
    successor = colleague_at(cast, 3)

    hand_over(ticket, successor, administrator)

    after = fresh(ticket)
    people = (successor, cast.lkpp1, administrator, cast.admin_sistem)
    assert [rules.can_read_server_access(after, user) for user in people] == [True, *[False] * 3]
    assert [rules.can_read_sealed_file(after, user) for user in people] == [True, *[False] * 3]


# Nobody gets stuck


@pytest.mark.requirement("R136")
@pytest.mark.parametrize("by_level_2", [True, False])
def test_a_ticket_in_progress_of_an_officer_who_left_comes_to_its_end(
    cast, colleague, administrator, by_level_2
):
    ticket = ticket_at(cast, "in_progress", 1)
    deactivate(cast.helpdesk)
    supervisor = cast.admin_sistem if by_level_2 else administrator

    signed_in(supervisor).post(url(ticket), typed(ticket, colleague))
    assert list(Ticket.objects.waiting_for(colleague)) == [ticket]
    fresh(ticket).perform("resolve", by=colleague, message="Sudah diperbaiki.")
    fresh(ticket).perform("accept", by=cast.penyedia)

    assert (fresh(ticket).status, fresh(ticket).officer) == ("closed", colleague)


@pytest.mark.requirement("R136", "R54", "R48")
@pytest.mark.parametrize(
    ("status", "onward"), [("awaiting_review", "reject"), ("awaiting_feedback", "answer")]
)
def test_what_comes_back_from_the_reporter_comes_to_the_new_officer(
    cast, colleague, status, onward
):
    ticket = ticket_at(cast, status, 1)
    deactivate(cast.helpdesk)

    hand_over(ticket, colleague, cast.admin_sistem)
    fresh(ticket).perform(onward, by=cast.penyedia, message="Masih belum bisa.")

    assert (fresh(ticket).status, fresh(ticket).officer) == ("in_progress", colleague)


# Who may, and to whom


@pytest.mark.requirement("R136", "R132")
@pytest.mark.parametrize("status", RUNNING)
@pytest.mark.parametrize("level", [1, 2, 3, 4])
def test_rows_and_rule_say_the_same_for_everybody(cast, administrator, status, level):
    """As does the list of assignments; a question to each lower level is tried too."""
    other = Cast()
    asked = range(level) if status == "awaiting_feedback" else [None]
    people = [
        *cast.officers.values(),
        *(other.helpdesk, other.admin_sistem, administrator, cast.penyedia),
        *(make_user("", is_staff=True), make_user("", is_superuser=True)),
        make_user(Role.LKPP_L1, is_staff=True, is_superuser=True),
        make_user("", is_staff=True, is_superuser=True, is_active=False),
        make_user(Role.LPSE_L2, cast.lpse, is_active=False),
    ]
    for feedback_from in asked:
        if (level, feedback_from) in {(3, 1), (4, 1)}:
            continue  # nobody asks so far down
        ticket = ticket_at(cast, status, level, feedback_from)
        for user in people:
            rows = Ticket.objects.reassignable_by(user).filter(pk=ticket.pk)
            held = Assignment.objects.reassignable_by(user).filter(ticket=ticket)
            assert rows.exists() is rules.can_reassign(ticket, user)
            levels = set(held.values_list("level", flat=True))
            assert levels == set(ticket.replaceable_by(user))


@pytest.mark.requirement("R136", "R132")
def test_supervisors_are_level_2_of_the_lpse_and_administrators_with_the_permission(
    cast, administrator
):
    helper = make_user("", is_staff=True)
    helper.user_permissions.add(Permission.objects.get(codename="reassign_ticket"))
    not_staff = make_user("", is_staff=False)
    not_staff.user_permissions.add(Permission.objects.get(codename="reassign_ticket"))
    officer_of_lkpp = make_user(Role.LKPP_L2, is_staff=True, is_superuser=True)
    staff_of_lpse = make_user(Role.LPSE_L1, cast.lpse, is_staff=True)
    staff_of_lpse.user_permissions.add(Permission.objects.get(codename="reassign_ticket"))

    may = [cast.admin_sistem, administrator, helper]
    may_not = [cast.helpdesk, cast.lkpp1, cast.lkpp2, cast.penyedia, cast.ppk, not_staff]
    may_not += [officer_of_lkpp, staff_of_lpse, make_user("", is_staff=True)]
    assert [rules.is_supervisor(user) for user in may] == [True] * 3
    assert [rules.is_supervisor(user) for user in may_not] == [False] * 9
    assert not Ticket.objects.reassignable_by(AnonymousUser()).exists()


@pytest.mark.requirement("R136", "R132")
@pytest.mark.parametrize("place", [("new", 1), ("new", 2), ("closed", 1)])
def test_what_nobody_holds_cannot_be_handed_over(cast, colleague, administrator, place):
    ticket = ticket_at(cast, *place)

    with pytest.raises(Refused):
        hand_over(ticket, colleague, administrator)
    assert signed_in(administrator).get(url(ticket)).status_code == 404


@pytest.mark.requirement("R136")
def test_a_question_to_nobody_in_person_is_not_held_by_level_1(cast):
    """Whoever answers may: the pool of the level has it (ADR 6)."""
    ticket = ticket_at(cast, "in_progress", 2)
    deactivate(cast.helpdesk)
    ticket.perform("ask", by=cast.admin_sistem, message="Siapa?", feedback_from=1)

    assert not Ticket.objects.reassignable_by(cast.admin_sistem).exists()
    assert not rules.can_reassign(fresh(ticket), cast.admin_sistem)


@pytest.mark.requirement("R136")
@pytest.mark.parametrize("level", [1, 2, 3, 4])
def test_only_active_colleagues_of_the_same_level_and_lpse_can_be_chosen(
    cast, administrator, level
):
    ticket = ticket_at(cast, "in_progress", level)
    other, fine = Cast(), [colleague_at(cast, level) for _ in range(2)]
    colleague_at(cast, level, is_active=False)
    others = [*other.officers.values()] if level < 3 else [other.helpdesk, other.admin_sistem]
    wrong = [user for at, user in cast.officers.items() if at != level] + others
    wrong += [cast.officers[level], cast.penyedia, administrator]

    assert set(ticket.successors(administrator)) == set(fine)
    for user in wrong:
        with pytest.raises(ValidationError, match="tidak dapat menerima tiket ini"):
            hand_over(fresh(ticket), user, administrator)
    assert fresh(ticket).officer == cast.officers[level]


@pytest.mark.requirement("R136")
def test_a_colleague_who_left_since_the_page_was_opened_gets_nothing(cast, colleague):
    ticket = ticket_at(cast, "in_progress", 1)
    chosen = type(colleague).objects.get(pk=colleague.pk)
    deactivate(colleague)

    with pytest.raises(ValidationError):
        hand_over(ticket, chosen, cast.admin_sistem)
    assert not Event.objects.filter(action="reassign").exists()


@pytest.mark.requirement("R136")
def test_level_2_cannot_use_the_page_for_their_own_level(cast):
    ticket = ticket_at(cast, "awaiting_feedback", 2, 1)
    other_admin = make_user(Role.LPSE_L2, cast.lpse)
    make_user(Role.LPSE_L1, cast.lpse)

    answer = signed_in(cast.admin_sistem).post(url(ticket), typed(ticket, other_admin))

    assert "Petugas itu tidak dapat menerima tiket ini. Pilih yang lain." in answer.text
    assert fresh(ticket).officer == cast.admin_sistem


@pytest.mark.requirement("R136")
@pytest.mark.parametrize("message", ["", "   "])
def test_there_is_no_reassignment_without_a_reason(cast, colleague, message):
    ticket = ticket_at(cast, "in_progress", 1)

    with pytest.raises(ValidationError):
        ticket.perform("reassign", by=cast.admin_sistem, officer=colleague, message=message)
    page = signed_in(cast.admin_sistem).post(url(ticket), typed(ticket, colleague, message=message))

    assert "Alasan wajib diisi." in page.text
    assert fresh(ticket).officer == cast.helpdesk


# What each reads of it


@pytest.fixture
def handed(cast, colleague):
    ticket = ticket_at(cast, "in_progress", 1)
    hand_over(ticket, colleague, cast.admin_sistem)
    return fresh(ticket)


@pytest.mark.requirement("R136", "R130", "R132")
def test_a_reporter_reads_that_the_officer_changed_and_no_name(cast, handed, colleague):
    event = handed.events.as_read_by(cast.penyedia).get(action="reassign")
    page = signed_in(cast.penyedia).get(handed.get_absolute_url()).text

    assert (author(event, cast.penyedia), act(event, cast.penyedia), fact(event)) == (
        *("Admin Sistem LPSE", "mengganti petugas", "Petugas diganti"),
    )
    assert (page.count("mengganti petugas"), page.count("Petugas diganti")) == (1, 1)
    hidden = [REASON, colleague.name, cast.helpdesk.name, cast.admin_sistem.name]
    assert [word for word in hidden if word in page] == []


@pytest.mark.requirement("R136", "R132")
def test_the_database_hands_no_officers_name_to_a_reporters_page(cast, handed, colleague):
    query = handed.events.filter(action="reassign").as_read_by(cast.penyedia).query

    with connection.cursor() as cursor:
        cursor.execute(*query.sql_with_params())
        fetched = str(cursor.fetchall())

    assert [word for word in (REASON, colleague.name, cast.helpdesk.name) if word in fetched] == []


@pytest.mark.requirement("R136", "R130")
def test_officers_read_from_whom_to_whom_and_why(cast, handed, colleague):
    page = signed_in(colleague).get(handed.get_absolute_url()).text
    text = " ".join(re.sub(r"<[^>]+>", " ", page).split())

    assert "mengalihkan tiket dari Bagas Pramudyo kepada Sinta Maharani" in text
    assert REASON in text
    assert (
        "LPSE Level 1 Sinta Maharani Sedang menangani" in text
    )  # the stepper names who handles it


@pytest.mark.requirement("R136")
def test_an_administrator_is_named_as_that(cast, colleague, administrator):
    ticket = ticket_at(cast, "in_progress", 1)
    hand_over(ticket, colleague, administrator)

    page = signed_in(colleague).get(ticket.get_absolute_url()).text
    event = ticket.events.as_read_by(cast.penyedia).get(action="reassign")

    assert re.search(r"<b>Administrator Portal</b>\s*<span class=\"role\">.*?Administrator", page)
    assert page.count("</svg>Pelapor</span>") == 1  # the sending, not the reassignment
    assert author(event, cast.penyedia) == "Administrator"


@pytest.mark.requirement("R136")
@pytest.mark.parametrize("reader", ["penyedia", "helpdesk"])
def test_a_ticket_that_was_often_handed_over_costs_no_query_more(cast, colleague, reader):
    ticket = ticket_at(cast, "in_progress", 1)
    client = signed_in(getattr(cast, reader))
    costs = []

    for successor in (colleague, cast.helpdesk, colleague):
        hand_over(fresh(ticket), successor, cast.admin_sistem)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(ticket.get_absolute_url()).status_code == 200
        costs.append(len(captured))

    assert costs == [costs[0]] * 3


@pytest.mark.requirement("R136")
def test_it_is_nobodys_main_button(cast):
    waits_for_level_1 = ticket_at(cast, "awaiting_feedback", 2, 1)
    mine = ticket_at(cast, "in_progress", 2)

    assert page_for(waits_for_level_1, cast.admin_sistem) is None
    assert page_for(mine, cast.admin_sistem).label == "Review"
    row = signed_in(cast.admin_sistem).get("/tiket/proses/").text
    assert "Alihkan" not in row.replace("Alihkan Petugas</a></li>", "")  # but for the menu
    page = signed_in(cast.admin_sistem).get(waits_for_level_1.get_absolute_url()).text
    assert page.count(f'href="{url(waits_for_level_1)}"') == 1


# The list


@pytest.mark.requirement("R136", "R41", "R132")
@pytest.mark.parametrize("supervisor", ["level 2", "administrator"])
def test_supervisors_read_the_place_of_a_ticket_and_nothing_of_what_is_in_it(
    cast, administrator, colleague, supervisor
):
    cast.penyedia.identity_number = "012345674441000"
    key = uuid.uuid4()
    upload = SimpleUploadedFile("rahasia.txt", b"isi")
    file = Draft.objects.receive(upload, key=key, owner=cast.penyedia)
    ticket = send_ticket(
        cast.penyedia, title="Judul rahasia", message="Isi rahasia", files=[file],
        package_code="7731017", error_code="Q8ZT51RLA",
    )  # fmt: skip
    ticket.perform("take", by=cast.helpdesk, classification=classification(priority=3))
    ticket.perform("ask", by=cast.helpdesk, message="Tanya rahasia", feedback_from=0)
    client = signed_in(administrator if supervisor == "administrator" else cast.admin_sistem)
    ticket = fresh(ticket)
    unsure = typed(ticket, colleague)
    del unsure["konfirmasi"]

    pages = [client.get(LIST), client.get(url(ticket)), client.post(url(ticket), unsure)]
    answer = client.post(url(ticket), typed(ticket, colleague), follow=True)

    hidden = ["rahasia", "7731017", "Q8ZT51RLA", "Ratna", "Wibawani", "4441 000", "4441000"]
    for page in [*pages, answer]:
        assert page.status_code == 200
        assert [word for word in hidden if word in page.text] == []
    shown = [str(ticket), "Menunggu Feedback Pelapor", "LPSE Level 1", "Akun", "Tinggi"]
    shown += ["Bagas Pramudyo", "Aktif"]
    for page in pages[:2]:
        assert [word for word in shown if word not in page.text] == []
    assert f"Tiket {ticket} dialihkan kepada Sinta Maharani." in answer.text


@pytest.mark.requirement("R136")
def test_tickets_are_grouped_by_officer_those_who_left_first(cast, colleague):
    moved = make_user(Role.LPSE_L1, cast.lpse, name="Wahyu")
    gone = make_user(Role.LPSE_L1, cast.lpse, name="Zaenal")
    tickets = {}
    for officer in (cast.helpdesk, colleague, moved, gone, cast.helpdesk):
        ticket = send_ticket(cast.penyedia)
        ticket.perform("take", by=officer, classification=classification())
        tickets.setdefault(officer.name, []).append(ticket)
    deactivate(gone)
    moved.role = Role.LPSE_L2
    moved.save()

    page = signed_in(cast.admin_sistem).get(LIST)

    groups = [
        (group[0].officer.name, [row.ticket for row in group]) for group in page.context["groups"]
    ]
    order = ["Wahyu", "Zaenal", "Bagas Pramudyo", "Sinta Maharani"]
    assert groups == [(name, tickets[name]) for name in order]
    headings = re.findall(r'scope="rowgroup".*?</th>', page.text)
    states = [re.search("Pindah tugas|Nonaktif|Aktif", heading)[0] for heading in headings]
    assert states == ["Pindah tugas", "Nonaktif", "Aktif", "Aktif"]


@pytest.mark.requirement("R136")
@pytest.mark.parametrize("level", list(Level))
def test_on_duty_means_the_same_in_rows_and_in_the_rule(cast, level):
    changes = [{}, {"is_active": False}]
    changes += [{"role": role} for at, role in ROLE_OF_LEVEL.items() if (at < 3) is (level < 3)]
    changes += [{"lpse": make_lpse()}] if level < 3 else []
    for change in changes:
        ticket = ticket_at(Cast(), "in_progress", level)
        for name, value in change.items():
            setattr(ticket.officer, name, value)
        ticket.officer.save()
    for held in Assignment.objects.current().with_duty():
        works = rules.still_works_at(held.ticket, held.officer, held.level)
        assert bool(held.is_on_duty) is works

    assert Assignment.objects.current().count() == len(changes)


@pytest.mark.requirement("R136")
def test_a_ticket_that_waits_between_two_officers_stands_with_both(cast, administrator):
    ticket_at(cast, "awaiting_feedback", 4, 2)

    rows = signed_in(administrator).get(LIST).context["rows"]

    assert {(row.officer, row.level) for row in rows} == {(cast.admin_sistem, 2), (cast.lkpp2, 4)}


@pytest.mark.requirement("R136")
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"cari": "bagas"}, {"here"}),
        ({"cari": "zona lain"}, {"there"}),
        ({"cari": "%"}, set()),
        ({"cari": "tidak ada"}, set()),
        ({"cari": "x" * 10_000}, set()),
        ({"cari": "a\0b"}, {"here", "there"}),
        ({"petugas": "tidak-bertugas"}, {"there"}),
        ({"petugas": "bertugas"}, {"here"}),
        ({"petugas": "semaunya"}, {"here", "there"}),
        ({"sebelum": "semaunya"}, {"here", "there"}),
    ],
)
def test_an_administrator_finds_by_officer_lpse_and_duty(cast, administrator, query, found):
    other = Cast(make_lpse(name="LPSE Zona Lain"))
    tickets = {ticket_at(cast, "in_progress"): "here", ticket_at(other, "in_progress"): "there"}
    other.helpdesk.name = "Togar Simatupang"
    deactivate(other.helpdesk)

    page = signed_in(administrator).get(LIST, query)

    assert {tickets[row.ticket] for row in page.context["rows"]} == found


@pytest.mark.requirement("R136")
def test_a_number_in_any_spelling_finds_its_ticket(cast, administrator):
    ticket, _ = ticket_at(cast, "in_progress"), ticket_at(cast, "in_progress")

    page = signed_in(administrator).get(LIST, {"cari": ticket.number.removeprefix("LS")})

    assert [row.ticket for row in page.context["rows"]] == [ticket]


@pytest.mark.requirement("R136")
def test_an_empty_list_says_what_would_stand_there(cast):
    page = signed_in(cast.admin_sistem).get(LIST)

    assert "Tidak ada tiket untuk dialihkan" in page.text
    assert str(cast.lpse) in page.text


@pytest.mark.requirement("R136")
@pytest.mark.parametrize("supervisor", ["level 2", "superuser", "permission"])
def test_the_list_costs_the_same_with_1_3_and_25_rows(cast, administrator, supervisor):
    helper = make_user("", is_staff=True)
    helper.user_permissions.add(Permission.objects.get(codename="reassign_ticket"))
    who = {"level 2": cast.admin_sistem, "superuser": administrator, "permission": helper}
    client, costs = signed_in(who[supervisor]), []

    for more in (1, 2, 22):
        for _ in range(more):
            ticket_at(cast, "awaiting_feedback", 1, 0)
        with CaptureQueriesContext(connection) as captured:
            page = client.get(LIST)
        costs.append(len(captured))

    assert len(page.context["rows"]) == 25
    assert costs == [costs[0]] * 3
    assert costs[0] <= 8


@pytest.mark.requirement("R136")
def test_pages_hold_every_row_once(cast, administrator, monkeypatch):
    monkeypatch.setattr("tickets.paging.page.__defaults__", (None, 2))
    people = [cast, Cast(), Cast()]
    made = {ticket_at(who, status) for who in people for status in RUNNING}
    deactivate(people[1].helpdesk)
    client, seen, token = signed_in(administrator), [], ""

    for _ in range(5):
        page = client.get(LIST, {"sebelum": token} if token else {})
        seen += [row.ticket for row in page.context["rows"]]
        token = page.context["next"]

    assert (len(seen), set(seen), token) == (9, made, "")
    assert {ticket.officer for ticket in seen[:3]} == {people[1].helpdesk}


# The page of one ticket


@pytest.mark.requirement("R136")
def test_the_form_tells_how_many_tickets_each_colleague_holds(cast, colleague):
    ticket = ticket_at(cast, "in_progress", 1)
    make_user(Role.LPSE_L1, cast.lpse, name="Anggun")
    busy = Cast(cast.lpse)
    busy.helpdesk = colleague
    ticket_at(busy, "closed", 1)
    for place in (("in_progress", 1), ("awaiting_review", 1), ("awaiting_feedback", 2, 1)):
        ticket_at(busy, *place)

    page = signed_in(cast.admin_sistem).get(url(ticket))

    assert re.findall(r"<option value=\"\d*\"[^>]*>([^<]*)", page.text) == [
        "-- Pilih --",
        "Anggun, LPSE Level 1 (0 tiket di tangan)",
        "Sinta Maharani, LPSE Level 1 (3 tiket di tangan)",
    ]


@pytest.mark.requirement("R136")
def test_the_page_costs_the_same_with_1_and_10_colleagues(cast):
    ticket, costs = ticket_at(cast, "in_progress", 1), []

    for more in (1, 9):
        for _ in range(more):
            make_user(Role.LPSE_L1, cast.lpse)
        with CaptureQueriesContext(connection) as captured:
            signed_in(cast.admin_sistem).get(url(ticket))
        costs.append(len(captured))

    assert costs[0] == costs[1]


@pytest.mark.requirement("R136")
@pytest.mark.parametrize(
    ("level", "sentence"),
    [(1, "Tidak ada petugas lain di LPSE Level 1"), (4, "Tidak ada petugas lain di LKPP Level 2.")],
)
def test_where_nobody_else_works_the_page_says_so_and_what_to_do(
    cast, administrator, level, sentence
):
    ticket = ticket_at(cast, "in_progress", level)
    client = signed_in(administrator)

    page = client.get(url(ticket))
    late = client.post(url(ticket), typed(ticket, cast.officers[level]))

    assert (sentence in page.text, 'id="form"' in page.text) == (True, False)
    assert ("masuk lewat SPSE" in page.text, "di Administrasi" in page.text) == (
        *(level == 1, level == 4),
    )
    assert (sentence in late.text, REASON in late.text) == (True, True)


@pytest.mark.requirement("R136", "R132")
@pytest.mark.parametrize("supervisor", ["level 2 elsewhere", "level 2"])
def test_what_is_not_theirs_looks_exactly_like_none(cast, supervisor):
    other = Cast()
    who, place = {
        "level 2 elsewhere": (other.admin_sistem, ("in_progress", 1)),
        "level 2": (cast.admin_sistem, ("in_progress", 2)),
    }[supervisor]
    ticket, client = ticket_at(cast, *place), signed_in(who)
    make_user(Role.LPSE_L1, cast.lpse)
    missing = "/tiket/LS26-384-267-376-5/alihkan/"

    for data in ({}, typed(ticket, cast.helpdesk), typed(ticket, cast.helpdesk, periksa="ya")):
        theirs, none = client.post(url(ticket), data), client.post(missing, data)
        assert (theirs.status_code, theirs.text) == (404, none.text)
    theirs, none = client.get(url(ticket)), client.get(missing)
    assert (theirs.status_code, theirs.text) == (404, none.text)


@pytest.mark.requirement("R136", "R35")
def test_sending_twice_makes_one_event_even_when_the_ticket_went_on_meanwhile(cast, colleague):
    ticket, client = ticket_at(cast, "in_progress", 1), signed_in(cast.admin_sistem)
    fields = typed(ticket, colleague)

    first = client.post(url(ticket), fields)
    fresh(ticket).perform("escalate", by=colleague, message="Mohon bantuan.")
    second = client.post(url(ticket), fields, follow=True)

    assert (first.status_code, first.url) == (302, LIST)
    sentence = f"Tiket {ticket} dialihkan kepada Sinta Maharani."
    assert sentence in second.text
    assert Event.objects.filter(action="reassign").count() == 1


@pytest.mark.requirement("R136", "R35")
def test_a_key_of_another_form_hands_nothing_over(cast, colleague):
    ticket = ticket_at(cast, "awaiting_feedback", 2, 1)
    key = str(uuid.uuid4())
    mine = ticket_at(cast, "in_progress", 2)
    mine.perform("resolve", by=cast.admin_sistem, message="Sudah.", key=key)

    answer = signed_in(cast.admin_sistem).post(url(ticket), typed(ticket, colleague, key=key))

    assert answer.status_code == 409
    assert "Formulir ini sudah dipakai." in answer.text
    assert fresh(ticket).awaited_officer == cast.helpdesk


@pytest.mark.requirement("R136")
def test_a_page_that_is_out_of_date_is_refused_with_its_text_and_choice(cast, colleague):
    ticket, client = ticket_at(cast, "in_progress", 1), signed_in(cast.admin_sistem)
    late = typed(ticket, colleague)
    moved_on = ticket.perform("resolve", by=cast.helpdesk, message="Sudah.")

    answer = client.post(url(ticket), late)
    again = client.post(url(ticket), late | {"seen": moved_on.pk})

    assert answer.status_code == 409
    assert "Tiket ini sudah berubah sejak Anda membukanya." in answer.text
    assert "Menunggu Review Pelapor" in answer.text
    assert REASON in answer.text
    assert f'<option value="{colleague.pk}" selected>' in answer.text
    assert f'name="seen" value="{moved_on.pk}"' in answer.text
    assert (again.status_code, fresh(ticket).officer) == (302, colleague)


@pytest.mark.requirement("R136")
def test_a_form_for_a_ticket_that_nobody_holds_any_more_gives_the_text_back(cast, colleague):
    ticket, client = ticket_at(cast, "in_progress", 1), signed_in(cast.admin_sistem)
    late = typed(ticket, colleague)
    ticket.perform("escalate", by=cast.helpdesk, message="Mohon bantuan.")

    answer = client.post(url(ticket), late)

    assert answer.status_code == 404
    assert "Tiket tidak dapat dialihkan" in answer.text
    assert REASON in answer.text


@pytest.mark.requirement("R136")
@pytest.mark.parametrize(
    "wrong",
    [
        {"officer": ""},
        {"officer": "semaunya"},
        {"officer": "9" * 40},
        {"officer": "-1"},
        {"officer": "1\0"},
        {"message": "x" * 501},
        {"message": "x" * 10_000},
        {"message": "a\0b"},
        {"seen": "9" * 40},
        {"seen": "semaunya"},
        {"key": "semaunya"},
        {"key": ""},
    ],
    ids=str,
)
@pytest.mark.parametrize("how", ["konfirmasi", "periksa", "batal", "nothing"])
def test_absurd_input_is_answered_with_a_sentence_and_changes_nothing(cast, colleague, wrong, how):
    ticket, client = ticket_at(cast, "in_progress", 1), signed_in(cast.admin_sistem)
    fields = typed(ticket, colleague) | wrong
    del fields["konfirmasi"]

    answer = client.post(url(ticket), fields | {how: "ya"})

    assert answer.status_code in {200, 409}
    assert Event.objects.filter(action="reassign").count() == 0
    assert fresh(ticket).officer == cast.helpdesk


@pytest.mark.requirement("R136")
def test_without_javascript_a_page_asks_and_batal_leads_back_with_the_text(cast, colleague):
    ticket, client = ticket_at(cast, "in_progress", 1), signed_in(cast.admin_sistem)
    fields = typed(ticket, colleague)
    del fields["konfirmasi"]

    asked = client.post(url(ticket), fields)
    back = client.post(url(ticket), fields | {"batal": "ya"})

    sentence = f"Tiket {ticket} akan dialihkan dari Bagas Pramudyo kepada Sinta Maharani. Lanjutkan"
    assert sentence in asked.text
    assert "Sinta Maharani, LPSE Level 1 (0 tiket di tangan)" in asked.text
    assert REASON in back.text
    assert f'<option value="{colleague.pk}" selected>' in back.text
    assert fresh(ticket).officer == cast.helpdesk


# The old officer


@pytest.mark.requirement("R136")
def test_the_old_officer_with_an_open_form_reads_who_has_it_and_keeps_their_text(cast, colleague):
    ticket = ticket_at(cast, "in_progress", 1)
    kind = classification()
    fields = {
        "key": str(uuid.uuid4()), "seen": ticket.last_event, "konfirmasi": "ya",
        "outcome": "resolve", "message": "Jawaban yang panjang.", "category": kind.category.pk,
        "type": kind.type, "priority": int(kind.priority), "version": kind.version.pk,
    }  # fmt: skip
    hand_over(ticket, colleague, cast.admin_sistem)

    answer = signed_in(cast.helpdesk).post(f"{ticket.get_absolute_url()}review/", fields)

    assert answer.status_code == 409
    assert "Tiket sudah dialihkan kepada Sinta Maharani." in answer.text
    assert "Jawaban yang panjang." in answer.text
    assert fresh(ticket).status == "in_progress"


@pytest.mark.requirement("R136")
def test_whoever_was_asked_and_replaced_reads_the_same(cast, colleague):
    ticket = ticket_at(cast, "awaiting_feedback", 2, 1)
    hand_over(ticket, colleague, cast.admin_sistem)

    with pytest.raises(Refused, match="dialihkan kepada Sinta Maharani"):
        fresh(ticket).perform("answer", by=cast.helpdesk, message="Jawaban.")


@pytest.mark.requirement("R136")
def test_a_reporter_never_reads_the_new_officers_name_in_a_refusal(cast, colleague):
    ticket = ticket_at(cast, "awaiting_feedback", 1, 0)
    seen = ticket.last_event
    hand_over(ticket, colleague, cast.admin_sistem)

    with pytest.raises(Stale) as stale:
        fresh(ticket).perform("answer", by=cast.penyedia, message="Jawaban.", seen=seen)
    with pytest.raises(Refused) as refused:
        fresh(ticket).perform("accept", by=cast.penyedia)

    assert "Sinta" not in f"{stale.value} {refused.value}"


# Ways there


@pytest.mark.requirement("R136")
def test_the_menu_leads_supervisors_there_and_nobody_else(cast, administrator):
    def has_entry(user):
        return f'href="{LIST}"' in signed_in(user).get("/").text

    may_not = [cast.penyedia, cast.helpdesk, cast.lkpp1, cast.lkpp2, make_user("", is_staff=True)]
    assert [has_entry(user) for user in (cast.admin_sistem, administrator)] == [True, True]
    assert [has_entry(user) for user in may_not] == [False] * 5


@pytest.mark.requirement("R136")
@pytest.mark.parametrize("name", ["admin_sistem", "helpdesk"])
def test_after_a_lost_session_a_supervisor_comes_back_to_the_page(cast, name):
    ticket = ticket_at(cast, "in_progress", 1)
    page = url(ticket)
    client = Client()
    client.get(page)
    assert WANTED in client.cookies
    user = getattr(cast, name)
    client.force_login(user)

    answer = client.get("/masuk/lanjut/")

    assert answer.url == (page if name == "admin_sistem" else "/")


# At the same moment


@pytest.mark.requirement("R136")
@pytest.mark.django_db(transaction=True)
def test_of_supervisors_at_once_one_is_heard_and_the_others_see_it():
    cast = Cast()
    ticket = ticket_at(cast, "in_progress", 1)
    successors = [make_user(Role.LPSE_L1, cast.lpse, name=f"Petugas {n}") for n in range(2)]
    administrator = make_user("", is_staff=True, is_superuser=True)
    clients = [signed_in(user) for user in (cast.admin_sistem, administrator)]

    def press(client, successor):
        return lambda: client.post(url(ticket), typed(ticket, successor))

    pages = at_once([press(*pair) for pair in zip(clients, successors, strict=True)])

    event = Event.objects.get(action="reassign")
    assert sorted(page.status_code for page in pages) == [302, 409]
    lost = next(page for page in pages if page.status_code == 409)
    assert "Tiket ini sudah berubah sejak Anda membukanya." in lost.text
    assert event.successor in lost.text
    assert REASON in lost.text
    assert fresh(ticket).officer.name == event.successor


@pytest.mark.requirement("R136")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("action", ["resolve", "escalate"])
def test_of_a_reassignment_and_the_old_officers_review_one_counts(action):
    cast = Cast()
    ticket = ticket_at(cast, "in_progress", 1)
    colleague = make_user(Role.LPSE_L1, cast.lpse, name="Sinta Maharani")
    mine, theirs = fresh(ticket), fresh(ticket)
    seen = ticket.last_event

    results = at_once(
        [
            lambda: mine.perform(action, by=cast.helpdesk, message="Pesan.", seen=seen),
            lambda: hand_over(theirs, colleague, cast.admin_sistem, seen=seen),
        ]
    )

    event = next(result for result in results if isinstance(result, Event))
    refused = next(result for result in results if isinstance(result, Refused))
    after = fresh(ticket)
    assert after.last_event == event.pk
    if event.action == "reassign":
        assert (after.status, after.officer) == ("in_progress", colleague)
        assert str(refused) == "Tiket sudah dialihkan kepada Sinta Maharani."
    else:
        assert (after.status, after.officer) == (event.to_status, after.officer)
        assert colleague not in (after.officer, after.assignments.get(level=1).officer)


@pytest.mark.requirement("R136", "R35")
@pytest.mark.django_db(transaction=True)
def test_a_double_click_makes_one_event_and_both_read_that_it_worked():
    cast = Cast()
    ticket = ticket_at(cast, "in_progress", 1)
    colleague = make_user(Role.LPSE_L1, cast.lpse, name="Sinta Maharani")
    fields = typed(ticket, colleague)
    clients = [signed_in(cast.admin_sistem) for _ in range(4)]

    pages = at_once([lambda client=client: client.post(url(ticket), fields) for client in clients])

    assert [(page.status_code, page.url) for page in pages] == [(302, LIST)] * 4
    assert Event.objects.filter(action="reassign").count() == 1
    assert Event.objects.get(action="reassign").at <= timezone.now()
