"""A deploy while people work: old pages meet new code, and no request is dropped."""

import re
import shutil
import threading
import time
from contextlib import contextmanager

import pytest

from tests.drills.person import BROKEN, CREATE, fetch, hidden, new_ticket
from tests.drills.portal import wait_until
from tests.test_project import ROOT

APART = shutil.ignore_patterns(".git", ".venv", "var", "docs", "tests", "bench", "__pycache__")
FORM = "tickets/forms/reporter.py"
NEW_FIELD = """class CreateForm(StepForm):
    new_field = forms.CharField(
        label="Isian baru", error_messages={"required": "Isian baru wajib diisi."}
    )
"""
STYLES = re.compile(r'href="(/static/css/lpse\.\w+\.css)"')


@pytest.fixture
def tree(portal, tmp_path):
    """A copy of the code, which is what the portal serves now."""
    tree = shutil.copytree(ROOT, tmp_path / "tree", ignore=APART)
    portal.kill()
    portal.serve(tree)
    return tree


def deploy(portal, tree):
    """As docs/run.md says: static files, then the workers one after the other."""
    portal.manage("collectstatic", "--no-input", tree=tree)
    old = portal.workers()
    portal.reload()
    return old


def change(path, before, after):
    """One place of the code as the next release has it."""
    text = path.read_text()
    assert before in text
    path.write_text(text.replace(before, after, 1))


@pytest.mark.drill
def test_an_old_page_meets_a_new_required_field_and_a_new_style(portal, tree, ask_all):
    reporter = portal.reporter()
    old_page = reporter.get(CREATE).text
    fields = new_ticket("Diisi sebelum pembaruan.") | hidden(old_page)
    old_style = STYLES.search(old_page)[1]

    change(tree / FORM, "class CreateForm(StepForm):\n", NEW_FIELD)
    with (tree / "static/css/lpse.css").open("a") as styles:
        styles.write("/* the next release */\n")
    old = deploy(portal, tree)
    wait_until(lambda: not old & portal.workers(), 60)
    refused = reporter.send(CREATE, fields)
    mended = reporter.send(CREATE, fields | {"new_field": "sudah"})
    new_style = STYLES.search(reporter.get(CREATE).text)[1]

    assert (refused.status, "Isian baru wajib diisi." in refused.text) == (200, True)
    assert "Diisi sebelum pembaruan." in refused.text
    assert mended.status == 302
    assert len(reporter.numbers()) == 1
    assert new_style != old_style
    assert [fetch(portal.port, "GET", style).status for style in (old_style, new_style)] == [
        200
    ] * 2
    ask_all()


@pytest.mark.drill
def test_no_request_is_dropped_while_workers_change(portal, ask_all):
    people, statuses = [portal.reporter() for _ in range(3)], []

    with until_told(lambda person: statuses.append(send_one(person)), people):
        for _ in range(3):
            old = portal.workers()
            portal.reload()
            wait_until(lambda old=old: not old & portal.workers(), 60)
        time.sleep(0.5)

    assert set(statuses) == {200}
    assert len(statuses) > 5
    ask_all()


@pytest.mark.drill
def test_an_upload_that_began_before_a_reload_comes_to_its_end(portal, ask_all):
    """Longer than any page takes: fifteen seconds for one file over a slow line."""
    reporter, fields, answers = portal.reporter(), new_ticket("Unggahan lambat."), []
    large = ("lambat.txt", b"10:41:02 berkas gagal dikirim\n" * 30_000)
    headers, body = reporter.request(fields, [large])
    upload = threading.Thread(
        target=lambda: answers.append(slowly(portal.port, headers, body, seconds=15))
    )

    upload.start()
    time.sleep(1)
    portal.reload()
    upload.join()
    answer = reporter.send(CREATE, fields)

    assert answers[0].status == 302
    assert answer.status == 302
    assert len(reporter.numbers()) == 1
    ask_all()


def slowly(port, headers, body, seconds):
    """The answer to a form that needs so long to arrive."""
    parts = 30
    size = len(body) // parts + 1

    def pieces():
        for start in range(0, len(body), size):
            yield body[start : start + size]
            time.sleep(seconds / parts)

    headers = headers | {"Content-Length": str(len(body))}
    try:
        return fetch(port, "POST", CREATE, headers, pieces())
    except OSError:
        return BROKEN


def send_one(person):
    """The status of a form that is not confirmed: it writes nothing and asks for everything."""
    fields = new_ticket("Muat ulang di tengah kerja.")
    del fields["konfirmasi"]
    return person.post(CREATE, fields).status


@contextmanager
def until_told(act, people):
    """Everybody does it again and again, until what is inside has ended."""
    is_over = threading.Event()

    def go_on(person):
        while not is_over.is_set():
            act(person)

    threads = [threading.Thread(target=go_on, args=(person,)) for person in people]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        is_over.set()
        for thread in threads:
            thread.join()
