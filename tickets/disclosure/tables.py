"""Passwords in the cells of a table whose heading says so: 'user | password', 'nama;sandi'."""

import re

from tickets.disclosure.names import PASSWORDS
from tickets.disclosure.span import Span
from tickets.disclosure.values import is_password

MOST_ROWS, MOST_CELLS = 40, 12
LINE = re.compile(r"[^\n]{1,400}")
CELL = re.compile(r"[^|;,\t]{1,80}")
HEADING = re.compile(
    rf"[ *]{{0,3}}{PASSWORDS}(?:nya)?(?: (?:baru|lama|awal|sementara|akun))?[ *]{{0,3}}",
    re.IGNORECASE,
)


def spans(text):
    """The passwords below a heading that is a word for one."""
    column, rows, is_first = None, 0, True
    for line in LINE.finditer(text):
        cells = [*CELL.finditer(text, *line.span())][:MOST_CELLS]
        headings = [at for at, cell in enumerate(cells) if HEADING.fullmatch(cell[0])]
        if headings and len(cells) > 1 and is_first:
            column, rows = headings[0], 0
        elif column is not None and column < len(cells) and rows < MOST_ROWS:
            rows += 1
            yield from _cell(text, cells[column])
        else:
            column = None
        is_first = len(cells) < 2


def _cell(text, cell):
    """The password in a cell, if one is there."""
    value = cell[0].strip()
    if " " not in value and is_password(value):
        start = text.index(value, cell.start())
        yield Span("password", start, start + len(value))
