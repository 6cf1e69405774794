"""/metrics: who gets the figures, and what they count."""

import os
import subprocess
import sys
from datetime import timedelta
from unittest.mock import patch

import pytest
from django.test import Client
from django.utils import timezone

from tests.cast import send_ticket, ticket_at
from tests.test_project import ROOT
from tickets.models import Notice

TOKEN = "kunci-pemantauan-1234567890"
ALLOWED = {"Authorization": f"Bearer {TOKEN}"}


@pytest.fixture(autouse=True)
def _token(settings):
    settings.METRICS_TOKEN = TOKEN


def figures():
    """{figure with its labels: value}, as Prometheus reads them."""
    lines = Client().get("/metrics", headers=ALLOWED).content.decode().splitlines()
    return {name: float(value) for name, value in (
        line.rsplit(" ", 1) for line in lines if not line.startswith("#")
    )}  # fmt: skip


@pytest.mark.parametrize("sent", ["", TOKEN, f"Bearer {TOKEN}x", "Bearer ", "Bearer é"])
def test_without_the_token_there_is_no_such_page(db, sent):
    assert Client().get("/metrics", headers={"Authorization": sent}).status_code == 404


def test_without_a_token_of_the_portal_there_is_none_for_anybody(db, settings):
    settings.METRICS_TOKEN = ""

    assert Client().get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404


def test_requests_are_counted_by_the_name_of_their_page_never_by_its_address(cast):
    ticket = send_ticket(cast.penyedia)
    client = Client()
    client.force_login(cast.penyedia)
    counted = 'lpse_requests_total{method="GET",status="200",view="tickets:detail"}'
    before = figures().get(counted, 0)

    client.get(ticket.get_absolute_url())
    after = figures()

    assert after[counted] == before + 1
    assert after['lpse_request_seconds_count{view="tickets:detail"}'] >= 1
    assert not any(ticket.number in name for name in after)


def test_a_method_of_a_clients_own_makes_no_figure_of_its_own(db):
    Client().generic("KARANGAN", "/healthz")

    assert not any("KARANGAN" in name for name in figures())


def test_open_tickets_are_counted_by_level_and_status(cast):
    for place in (("new", 1), ("new", 1), ("in_progress", 3), ("closed", 1)):
        ticket_at(cast, *place)

    found = {name: value for name, value in figures().items() if "open_tickets" in name}

    assert found == {
        'lpse_open_tickets{level="1",status="new"}': 2,
        'lpse_open_tickets{level="3",status="in_progress"}': 1,
    }


def test_the_last_backup_is_known_by_its_marker(db, settings, tmp_path):
    settings.BACKUP_MARKER = tmp_path / "last-backup"
    without = figures()
    settings.BACKUP_MARKER.touch()
    os.utime(settings.BACKUP_MARKER, (1_700_000_000, 1_700_000_000))

    assert "lpse_last_backup_timestamp_seconds" not in without
    assert figures()["lpse_last_backup_timestamp_seconds"] == 1_700_000_000


def test_the_outbox_tells_how_late_it_is_and_what_it_gave_up(cast):
    ticket = send_ticket(cast.penyedia)
    Notice.objects.filter(recipient=cast.penyedia).update(mail=Notice.Mail.DEAD)

    with patch.object(timezone, "now", return_value=ticket.created_at + timedelta(minutes=3)):
        found = figures()

    assert found["lpse_outbox_age_seconds"] == 180
    assert found["lpse_dead_letters"] == 1


def test_every_check_of_readyz_is_a_figure(db, settings, tmp_path):
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path / "gone"

    found = {name: value for name, value in figures().items() if "lpse_ready" in name}

    assert found == {
        'lpse_ready{check="database"}': 1,
        'lpse_ready{check="migrations"}': 1,
        'lpse_ready{check="storage"}': 0,
        'lpse_ready{check="outbox"}': 1,
    }


COUNT = """
import django; django.setup()
from helpdesk import metrics
metrics.REQUESTS.labels("GET", "home", 200).inc()
metrics.Portal.collect = lambda self: []
print(metrics.figures().decode())
"""


def count_in(folder, slot):
    own = {"PROMETHEUS_MULTIPROC_DIR": str(folder), "METRICS_SLOT": slot}
    own |= {"DJANGO_SETTINGS_MODULE": "helpdesk.settings_test", "HELPDESK_VAR": str(folder)}
    own |= {"DATABASE_URL": "postgres://nobody@127.0.0.1:1/nothing", "HELPDESK_MODE": "demo"}
    done = subprocess.run(
        [sys.executable, "-c", COUNT],
        cwd=ROOT, env=os.environ | own, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return done.stdout


def test_all_workers_are_counted_together_and_a_replaced_one_leaves_no_file_behind(tmp_path):
    for slot in ("0", "1", "0", "0"):  # the last two are workers in the place of one that ended
        said = count_in(tmp_path, slot)

    assert 'lpse_requests_total{method="GET",status="200",view="home"} 4.0' in said
    assert sorted(path.name for path in tmp_path.glob("*.db")) == ["counter_0.db", "counter_1.db"]
