"""The last release really runs on the new schema, as in the minutes of a deploy (ADR 23)."""

import io
import json
import os
import subprocess
import sys
import tarfile

import pytest
from django.conf import settings
from django.db import connection

from tests.cast import Cast, classification, fill_reference_lists, ticket_at
from tickets.management.commands.record_release import COMMIT
from tickets.models import Ticket
from tickets.proof import faults

# Run by the old code: only what every release has
OLD_CODE = """
import json, sys, uuid, django
django.setup()
from django.test import Client
from accounts.models import User
from tickets.models import AppVersion, Category, Ticket
from tickets.workflow import Classification

about = json.loads(sys.argv[1])
reporter, officer = (User.objects.get(pk=about[name]) for name in ("reporter", "officer"))
ticket = Ticket.objects.send(
    by=reporter, key=uuid.uuid4(), title="Dari rilis lama", message="Isi.",
    identity_number="0123456789012345", package_code="", error_code="",
).ticket
answers = Classification(Category.objects.first(), "KELUHAN", 2, AppVersion.objects.first())
ticket.perform("take", by=officer, classification=answers)
ticket.perform("ask", by=officer, message="Versi?", feedback_from=0)
ticket.perform("answer", by=reporter, message="4.5")
earlier = Ticket.objects.get(number=about["earlier"])
earlier.perform("answer", by=reporter, message="Jawaban lewat rilis lama.")
for user in (reporter, officer):
    client = Client()
    client.force_login(user)
    for page in ("/tiket/", "/tiket/daftar/", ticket.get_absolute_url(), "/dashboard/"):
        answer = client.get(page, follow=True)
        assert answer.status_code == 200, (page, answer.status_code)
    assert "Dari rilis lama" in client.get(ticket.get_absolute_url()).text
print(ticket.number)
"""


def old_release(folder):
    """The tree of the last release in `folder`."""
    commit = COMMIT.read_text().strip()
    command = ["git", "archive", commit]
    done = subprocess.run(command, cwd=settings.BASE_DIR, capture_output=True, check=False)
    assert done.returncode == 0, f"git fetch --unshallow first: {done.stderr.decode()}"
    with tarfile.open(fileobj=io.BytesIO(done.stdout)) as tree:
        tree.extractall(folder, filter="data")
    return folder


@pytest.mark.drill
@pytest.mark.django_db(transaction=True)
def test_the_last_release_sends_takes_answers_and_lists_on_the_new_schema(tmp_path):
    fill_reference_lists()
    cast = Cast()
    classification()
    earlier = ticket_at(cast, "awaiting_feedback", 1)
    about = {"reporter": cast.penyedia.pk, "officer": cast.helpdesk.pk, "earlier": earlier.number}

    done = run_old_code(old_release(tmp_path), about)

    assert done.returncode == 0, done.stderr
    ticket = Ticket.objects.get(number=done.stdout.split()[-1])
    assert list(ticket.events.values_list("action", flat=True)) == ["send", "take", "ask", "answer"]
    earlier = Ticket.objects.get(pk=earlier.pk)
    earlier.perform("resolve", by=cast.helpdesk, message="Dari rilis baru.")
    assert list(faults()) == []


def run_old_code(tree, about):
    to = connection.settings_dict
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "helpdesk.settings_test",
        "DATABASE_URL": f"postgres://{to['USER']}@/{to['NAME']}?host={to['HOST']}",
        "HELPDESK_VAR": str(tree / "var"),
    }
    command = [sys.executable, "-c", OLD_CODE, json.dumps(about)]
    return subprocess.run(
        command, cwd=tree, env=environment, capture_output=True, text=True, check=False
    )
