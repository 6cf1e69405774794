"""Tables as files: CSV row by row, XLSX in constant memory; nothing in a cell is ever run (R73)."""

import csv
import re
import tempfile
from datetime import datetime
from itertools import chain, islice

import xlsxwriter
from django.conf import settings
from django.http import StreamingHttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.text import slugify

from tickets import wording
from tickets.models import Ticket

CHUNK = 2000  # rows fetched at a time
ROWS_PER_SHEET = 1_000_000  # a sheet holds 1,048,576; a longer table goes on in the next sheet
# What spreadsheets take for a formula, also after signs that are drawn as nothing
FORMULA = re.compile(r"(^|[;,\t\r\n])([\s\"'\u200b-\u200f\u2060\ufeff]*[=+\-@\t\r＝＋－＠])")
BLOCK = 64 * 1024  # bytes sent at a time
BOOK = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "default_date_format": "yyyy-mm-dd hh:mm",
}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def harmless(value):
    """Text that no spreadsheet takes for a formula; other values as they are.

    Not only at its beginning: a spreadsheet that separates by ; or a tab begins a cell there.
    """
    return FORMULA.sub(r"\1'\2", value) if isinstance(value, str) else value


def table(header, rows, *, name, extension):
    """A download of `rows`, any iterable of tuples of text, numbers, naive datetimes and None."""
    respond = _csv if extension == "csv" else _xlsx
    response = respond(header, ([harmless(value) for value in row] for row in rows))
    response["Content-Disposition"] = content_disposition_header(True, f"{name}.{extension}")
    response["Cache-Control"] = "private, no-store"
    return response


def file_name(title, user):
    """'daftar-tiket-2026-11-24', the day as in the viewer's zone."""
    return f"{slugify(title)}-{timezone.localdate(timezone=user.tzinfo)}"


class _Echo:
    def write(self, value):
        return value


def _csv(header, rows):
    """UTF-8 with a byte order mark, by which spreadsheets know it; sent as it is read."""
    write = csv.writer(_Echo(), quoting=csv.QUOTE_NONNUMERIC).writerow

    def lines():
        yield "\ufeff" + write(header)
        for row in rows:
            yield write([_written(value) for value in row])

    return StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")


def _written(value):
    return value.strftime("%Y-%m-%d %H:%M") if isinstance(value, datetime) else value


def _xlsx(header, rows):
    """Written whole before its first byte is sent, so that what fails gives a page that says so."""
    return StreamingHttpResponse(_Begun(_book(header, rows)), content_type=XLSX)


class _Begun:
    """Chunks of which the first is there already; `close` ends what makes them, read or not."""

    def __init__(self, chunks):
        self.first, self.rest = next(chunks), chunks

    def __iter__(self):
        yield self.first
        yield from self.rest

    def close(self):
        self.rest.close()


def _book(header, rows):
    """The bytes of a workbook: written to a temporary file row by row, then sent from it.

    It lies where tidy_files looks, which finds what a killed server leaves of it.
    """
    with tempfile.TemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR) as file:
        _write(file, header, rows)
        file.seek(0)
        while chunk := file.read(BLOCK):
            yield chunk


def _write(file, header, rows):
    """The whole workbook into `file`; what xlsxwriter writes beside it is gone then."""
    with tempfile.TemporaryDirectory(dir=settings.FILE_UPLOAD_TEMP_DIR) as folder:
        book = xlsxwriter.Workbook(file, BOOK | {"tmpdir": folder})
        bold, sheet, line = book.add_format({"bold": True}), None, ROWS_PER_SHEET
        for row in rows:
            if line == ROWS_PER_SHEET:
                sheet, line = _sheet(book, header, bold), 0
            line += 1
            sheet.write_row(line, 0, row)
        if sheet is None:
            _sheet(book, header, bold)
        book.close()


def _sheet(book, header, bold):
    sheet = book.add_worksheet()
    sheet.freeze_panes(1, 0)
    for column, label in enumerate(header):
        sheet.set_column(column, column, max(12, len(label) + 2))
    sheet.write_row(0, 0, header, bold)
    return sheet


def tickets(rows, *, by, title, extension):
    """`rows`, a Ticket queryset with its people, with what the lists of `by` show of them."""
    columns = _columns(by)
    found = _begun(rows.iterator(chunk_size=CHUNK))
    values = ([value(ticket) for _, value in columns] for ticket in found)
    header = [label for label, _ in columns]
    return table(header, values, name=file_name(title, by), extension=extension)


def _begun(rows):
    """The same rows, the query run already: what fails then gives a page and no half of a file.

    A list of one chunk is read whole, so that no cursor stays open for an answer nobody reads.
    """
    first = list(islice(rows, CHUNK + 1))
    return chain(first, rows)


def _columns(by):
    """(label, value of a ticket); times are those of the zone of `by`, and say so."""

    def local(at):
        return at and timezone.make_naive(at, by.tzinfo)

    shared = [
        ("Nomor Tiket", str),
        ("Judul", lambda ticket: ticket.title),
        ("Kode Tender/Kode Paket", lambda ticket: ticket.package_code),
        ("LPSE", lambda ticket: str(ticket.lpse)),
        ("Status", lambda ticket: wording.status_word(ticket, by).label),
        ("Posisi Tiket", lambda ticket: ticket.get_level_display()),
        ("Kategori Tiket", lambda ticket: str(ticket.category or "")),
        ("Versi Aplikasi", lambda ticket: str(ticket.version or "")),
        (f"Tanggal Dibuat ({by.zone})", lambda ticket: local(ticket.created_at)),
        (f"Pembaruan Terakhir ({by.zone})", lambda ticket: local(ticket.updated_at)),
        (f"Ditutup ({by.zone})", lambda ticket: local(ticket.closed_at)),
        ("Penilaian", lambda ticket: ticket.rating.stars if ticket.is_rated else None),
    ]
    if not by.is_officer:
        return shared
    return [
        *shared,
        ("Kategori Pelapor", Ticket.get_reporter_kind_display),
        ("Pelapor", lambda ticket: wording.reporter_name(ticket, by)),
        ("Tipe Tiket", Ticket.get_type_display),
        ("Prioritas", lambda ticket: ticket.get_priority_display() or ""),
        ("Petugas", lambda ticket: str(ticket.officer or "")),
    ]
