"""Each figure of each dashboard against a plain count over the events, and the list behind it."""

import re
from collections import Counter
from datetime import datetime, time, timedelta
from html import unescape
from statistics import median

import pytest
from django.test import Client

from accounts.models import User
from dashboard.period import months_before
from tests.dashboard.world import NOW, Past, at, plain_tickets, seen_by

pytestmark = pytest.mark.django_db

STATUS_WORDS = {
    "Tiket Baru": "new",
    "Tiket Proses": "in_progress",
    "Menunggu Feedback": "awaiting_feedback",
    "Menunggu Review Pelapor": "awaiting_review",
}
MONTHS = (
    *("Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli"),
    *("Agustus", "September", "Oktober", "November", "Desember"),
)
ROLES = ["penyedia", "helpdesk", "admin_sistem", "lkpp1", "lkpp2"]


def first_moment(user, days):
    """The beginning of the day `days` before today in the viewer's zone."""
    today = NOW.astimezone(user.tzinfo).date()
    return datetime.combine(today - timedelta(days), time.min, user.tzinfo)


def a_year_ago(user):
    today = NOW.astimezone(user.tzinfo).date()
    return datetime.combine(months_before(today, 12) + timedelta(1), time.min, user.tzinfo)


def page_of(user, query=""):
    client = Client()
    client.force_login(user)
    return client.get(f"/dashboard/{query}")


def charts_of(page):
    charts = [*page.context["charts"], *page.context["extra"]]
    return {chart.name: {bar.label: bar.count for bar in chart.bars} for chart in charts}


def known(counts):
    return {label: count for label, count in counts.items() if count}


@pytest.mark.requirement("R65", "R66", "R67", "R68", "R69", "R70", "R96", "R124")
@pytest.mark.parametrize("name", ROLES[1:])
def test_every_chart_of_an_officer_equals_a_plain_count_over_the_events(world, name):
    user = getattr(world[0], name)
    tickets = [t for t in seen_by(user, plain_tickets()) if t.sent_at >= a_year_ago(user)]
    waiting = [t for t in tickets if t.status == "new"]

    def age(ticket):
        bounds = {"Hari ini": 0, "1–6 hari": 6, "7–29 hari": 29}
        fits = (n for n, days in bounds.items() if ticket.sent_at >= first_moment(user, days))
        return next(fits, "30 hari atau lebih")

    def month(ticket):
        local = ticket.sent_at.astimezone(user.tzinfo)
        return f"{MONTHS[local.month - 1]} {local.year}"

    charts = charts_of(page_of(user))

    assert known(charts["belum-dikerjakan"]) == Counter(map(age, waiting))
    assert charts["belum-selesai"] == {
        word: sum(t.status == status for t in tickets) for word, status in STATUS_WORDS.items()
    }
    assert known(charts["bulan"]) == Counter(map(month, tickets))
    assert len(charts["bulan"]) == 13
    kinds = Counter(t.ticket.get_reporter_kind_display() for t in tickets)
    assert known(charts["pelapor"]) == kinds
    unclassified = "Belum diklasifikasikan"
    assert charts["kategori"] == Counter(str(t.ticket.category or unclassified) for t in tickets)
    assert charts["versi"] == Counter(str(t.ticket.version or unclassified) for t in tickets)
    if user.is_lkpp:
        assert charts["provinsi"] == Counter(t.ticket.lpse.province for t in tickets)


@pytest.mark.requirement("R21")
def test_a_reporters_three_figures_are_those_of_their_own_tickets(world):
    user = world[0].penyedia
    tickets = [t for t in seen_by(user, plain_tickets()) if t.sent_at >= a_year_ago(user)]
    status = Counter(t.status for t in tickets)

    page = page_of(user)

    assert charts_of(page) == {
        "tiket": {
            "Tiket Belum Dikerjakan": status["new"],
            "Tiket Sedang Dikerjakan": len(tickets) - status["new"] - status["closed"],
            "Jumlah Tiket": len(tickets),
        }
    }
    assert status["new"] == 1
    assert status["closed"] == 2
    assert len(tickets) == 7


def middle(spans):
    return median(spans) if spans else None


def credited(tickets, action, level):
    """{officer: [(event, ticket)]}: verdicts and ratings count for who had called it solved."""
    found = {}
    for ticket in tickets:
        solver = None
        for event in ticket.events:
            who = solver if event.action in {"reject", "rate"} else event.actor
            if event.action == action and event.from_level == level:
                found.setdefault(who, []).append((event, ticket))
            if event.action == "resolve":
                solver = event.actor
    return found


def waits_in_the_pool(pairs):
    """How long each taken ticket had waited since it was sent, escalated or came back."""
    spans = []
    for event, ticket in pairs:
        into_pool = [e for e in ticket.events if e.pk < event.pk and e.to_status == "new"]
        spans.append(event.at - into_pool[-1].at)
    return spans


def times_in_hand(pairs, level):
    """How long an officer of the level had had each solved ticket in hand."""
    spans = []
    for event, ticket in pairs:
        got = [e for e, _, at_level in ticket.got_it() if e.pk < event.pk and at_level == level]
        spans.append(event.at - got[-1].at)
    return spans


@pytest.mark.requirement("R71", "R96")
@pytest.mark.parametrize("name", ROLES[1:])
def test_every_figure_of_every_officer_equals_a_plain_count_over_the_events(world, name):
    user = getattr(world[0], name)
    tickets = seen_by(user, plain_tickets())
    since = a_year_ago(user)
    by_action = {
        action: {
            who: [pair for pair in pairs if pair[0].at >= since]
            for who, pairs in credited(tickets, action, user.level).items()
        }
        for action in ("take", "resolve", "reject", "escalate", "rate")
    }

    table = page_of(user).context["tables"][0]

    expected = {"helpdesk": ["Ayu Kedua", "Bagas Pramudyo", "Citra Pindah", "Dewi Berganti",
                             "Eka Nonaktif"]}  # fmt: skip
    names = [officer.name for officer in table.rows]
    assert names == expected.get(name, [user.name])
    for officer in table.rows:
        who = User.objects.get(pk=officer.pk)
        done = {action: by_action[action].get(who, []) for action in by_action}
        distinct = {a: len({t.ticket.pk for _, t in pairs}) for a, pairs in done.items()}
        stars = [pair[1].ticket.rating.stars for pair in done["rate"]]
        assert officer.measures == {
            "taken": distinct["take"],
            "solved": distinct["resolve"],
            "returned": distinct["reject"],
            "escalated": distinct["escalate"],
            "rated": distinct["rate"],
            "stars": sum(stars) / len(stars) if stars else None,
            "time_to_take": middle(waits_in_the_pool(done["take"])),
            "time_to_solve": middle(times_in_hand(done["resolve"], user.level)),
        }
        held = [t for t in tickets if t.holder == officer.pk and t.level == user.level]
        assert officer.in_hand == sum(t.status not in {"new", "closed"} for t in held)


@pytest.mark.requirement("R124")
@pytest.mark.parametrize("query", ["", "?periode=30-hari"])
def test_lkpp_compares_the_lpse_and_the_one_that_waits_longest_stands_on_top(world, query):
    user = world[0].lkpp1
    tickets = seen_by(user, plain_tickets())

    table = page_of(user, query).context["tables"][1]

    expected = []
    since = a_year_ago(user) if not query else first_moment(user, 29)
    for lpse in {t.ticket.lpse for t in tickets}:
        of_it = [t for t in tickets if t.ticket.lpse == lpse and t.sent_at >= since]
        with_officers = [
            t
            for t in tickets
            if t.ticket.lpse == lpse
            and (t.status in {"new", "in_progress"} or (t.asked is not None and t.asked > 0))
        ]
        expected.append(
            {
                "lpse__code": lpse.code,
                "lpse__name": lpse.name,
                "lpse__province": lpse.province,
                "total": len(of_it),
                "new": sum(t.status == "new" for t in of_it),
                "open": sum(t.status != "closed" for t in of_it),
                "closed": sum(t.status == "closed" for t in of_it),
                "waiting": len(with_officers),
                "waiting_since": min(t.changed_at for t in with_officers),
            }
        )
    assert [office["lpse__name"] for office in table.rows] == ["LPSE Kota Sana", "LPSE Kota Sini"]
    assert table.rows == sorted(expected, key=lambda office: office["waiting_since"])


def links_of(page):
    """(count, address) of every linked number of the page."""
    found = re.findall(r'<a href="([^"]+)">([\d.]+)(?:<span[^>]*>[^<]*</span>)?</a>', page.text)
    return [(int(text.replace(".", "")), unescape(url)) for url, text in found]


def listed(client, url):
    """How many rows the list behind a link shows, over all its pages."""
    count, page = 0, client.get(url)
    while True:
        assert page.status_code == 200
        count += len(page.context["rows"])
        if not page.context["next"]:
            return count
        page = client.get(url + "&sebelum=" + page.context["next"])


@pytest.mark.requirement("R2", "R21", "R65", "R66", "R67", "R71", "R96", "R124")
@pytest.mark.parametrize(
    ("name", "query"),
    [
        *((name, "") for name in ROLES),
        ("helpdesk", "?periode=30-hari"),
        ("lkpp1", "?dari=2026-05-01&sampai=2026-10-20"),
    ],
)
def test_every_number_leads_to_a_list_of_exactly_that_many_tickets(world, name, query):
    client = Client()
    client.force_login(getattr(world[0], name))
    links = links_of(client.get(f"/dashboard/{query}"))

    told = {}
    for count, url in links:
        assert told.setdefault(url, count) == count
    assert len(links) >= {"penyedia": 6}.get(name, 25)
    assert {url: listed(client, url) for url in told} == told


@pytest.mark.requirement("R65")
def test_open_tickets_from_before_the_period_are_told_and_can_be_listed(world):
    client = Client()
    client.force_login(world[0].helpdesk)

    older = client.get("/dashboard/").context["older"]

    assert older.value == "1"
    assert listed(client, older.url) == 1


@pytest.mark.requirement("R21", "R65", "R131")
@pytest.mark.parametrize(
    ("zone", "month"),
    [("WIB", "Oktober 2026"), ("WITA", "November 2026"), ("WIT", "November 2026")],
)
def test_months_and_days_are_those_of_the_viewers_zone(world, zone, month):
    here = world[0]
    here.lpse.zone = zone
    here.lpse.save()
    before = charts_of(page_of(here.helpdesk))["bulan"][month]
    Past(here.penyedia, datetime(2026, 10, 31, 16, 30, tzinfo=NOW.tzinfo))

    with at(NOW):
        assert charts_of(page_of(here.helpdesk))["bulan"][month] == before + 1
