"""Every address × everybody × GET and POST, and who sees what (R13, R41, R132).

tests/access.txt writes both out in full: each answer, and of each planted word who finds it
anywhere on the pages, files, exports, counters and searches that they reach. A new address without
a row fails; so does a word of a ticket, a file or an article before somebody it is not meant for.
"""

import csv
import io
import logging
import zipfile
from http.cookies import SimpleCookie
from pathlib import Path

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, get_resolver

from tests.access_world import NPWP, World

TABLE = (Path(__file__).parent / "access.txt").read_text()
SIGNS = {"o": 200, "n": 204, ">": 302, "k": 401, "x": 403, ".": 404, "-": 405, "!": 409}
# Beside the rows: what is searched and narrowed, never by a planted word, for a page echoes it
ASKED = [
    *(f"/tiket/{name}/?cari=Judul" for name in ("baru", "proses", "daftar", "rincian")),
    *(f"/tiket/{name}.csv?cari=Judul" for name in ("baru", "proses", "daftar", "rincian")),
    *("/tiket/daftar/?urut=terlama&status=terbuka", "/tiket/rincian/?dipegang=ya"),
    *("/faq/?q=Tanya", "/faq/?q=Jawab", "/faq/saran/?judul=Tanya"),
    *("/dashboard/?dari=2020-01-01&semua=ya", "/dashboard/?dari=salah"),
]


def rows(part):
    """{name: cells} of a part of the table: one sign for each of the people."""
    lines = TABLE.partition(f"== {part} ==\n")[2].partition("\n==")[0].splitlines()
    named = (line.split("   ", 1) for line in lines if line and not line.startswith("#"))
    return {name.strip(): cells for name, cells in named}


def people():
    lines = TABLE.partition("== people ==\n")[2].partition("\n\n")[0].splitlines()
    return [line[4:].strip() for line in lines]


def cells(text):
    return text.replace(" ", "")


ANSWERS = {name: text.strip().split("   ") for name, text in rows("answers").items()}
MARKS = {name: cells(text) for name, text in rows("marks").items()}
COUNTS = {name: cells(text) for name, text in rows("counts").items()}
PEOPLE = people()


@pytest.fixture
def world(db):
    logging.getLogger("django.request").disabled = True  # thousands of refusals are meant
    yield World()
    logging.getLogger("django.request").disabled = False


class Visit:
    """What one of the people was answered, and where they first found each mark."""

    def __init__(self, world, who):
        self.place = PEOPLE.index(who)
        self.client = Client(raise_request_exception=False)
        user = world.people[who]
        if user:
            self.client.force_login(user)
        self.entry = self.client.cookies.output(header="")
        self.found = {}
        addresses = {row: world.address(row) for row in ANSWERS}
        self.get = self._all("get", addresses)
        self._all("get", {address: address for address in ASKED})
        self.counts = {address: count_in(self.client.get(address)) for address in COUNTS}
        self.post = self._all("post", addresses)

    def _all(self, method, addresses):
        return {row: self._ask(method, row, address) for row, address in addresses.items()}

    def _ask(self, method, row, address):
        self.client.cookies = SimpleCookie(self.entry)
        with transaction.atomic():  # taken back, for the next row meets the same world
            answer = getattr(self.client, method)(address)
            for mark in marks_in(answer):
                self.found.setdefault(mark, f"{method} {row}")
            transaction.set_rollback(True)
        return answer.status_code


def text_of(answer):
    """Headers and body, of a workbook what is written in its cells."""
    body = answer.getvalue()
    if body.startswith(b"PK") and "spreadsheet" in answer["Content-Type"]:
        with zipfile.ZipFile(io.BytesIO(body)) as book:
            body = b"".join(book.read(name) for name in book.namelist())
    return f"{answer.headers} {body.decode(errors='replace')}"


def count_in(answer):
    """How many the answer speaks of, '.' where it is refused."""
    if answer.status_code != 200:
        return "."
    if answer["Content-Type"] == "application/json":
        return str(answer.json()["total"]["count"])
    lines = list(csv.reader(answer.getvalue().decode("utf-8-sig").splitlines()))[1:]
    figures = [int(line[-1]) for line in lines] if "dashboard" in answer.wsgi_request.path else []
    if "tiket.csv" in answer.wsgi_request.path:
        figures = figures[-1:]  # a reporter's 'Jumlah Tiket', of which the others are parts
    return str(sum(figures) if figures else len(lines))


def marks_in(answer):
    text = text_of(answer)
    together = text.replace(" ", "")  # numbers are shown in groups
    return [mark for mark in MARKS if mark in text or (mark.isdecimal() and mark in together)]


def names_of(patterns, namespace=""):
    """The names of all addresses, without the admin's own for whatever matches nothing."""
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            yield from [namespace + pattern.name] if pattern.name else []
        else:
            yield from names_of(
                pattern.url_patterns, f"{pattern.namespace}:" if pattern.namespace else namespace
            )


def expected(texts, method, place):
    return {row: SIGNS[cells(texts[row][method])[place]] for row in texts}


@pytest.mark.requirement("R13", "R41", "R63", "R75", "R114", "R130", "R132")
@pytest.mark.parametrize("who", PEOPLE)
def test_everybody_gets_what_the_table_says_and_not_a_word_more(world, who):
    meant = {mark for mark, cells in MARKS.items() if cells[PEOPLE.index(who)] == "o"}

    visit = Visit(world, who)

    assert visit.get == expected(ANSWERS, 0, visit.place)
    assert visit.post == expected(ANSWERS, 1, visit.place)
    assert {mark: where for mark, where in visit.found.items() if mark not in meant} == {}
    assert meant - visit.found.keys() == set()
    assert visit.counts == {address: text[visit.place] for address, text in COUNTS.items()}


def test_every_address_has_its_rows_in_the_table():
    named = {row.partition(" ")[0] for row in ANSWERS}

    assert set(names_of(get_resolver().url_patterns)) == named


def test_the_table_has_a_sign_for_everybody_in_every_row(world):
    lengths = {len(cells(text)) for texts in ANSWERS.values() for text in texts}

    assert list(world.people) == PEOPLE
    lengths |= {len(text) for text in (*MARKS.values(), *COUNTS.values())}
    assert lengths == {len(PEOPLE)}
    assert set(NPWP.values()) <= MARKS.keys()
