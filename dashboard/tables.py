"""The tables of the dashboards: sorted by any column, every count a link, the same as files."""

from collections.abc import Callable
from datetime import timedelta
from typing import NamedTuple
from urllib.parse import urlencode

from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts.roles import Level
from dashboard.charts import list_url
from tickets.wording import length

NONE = "–"
TITLES = {
    Level.LPSE_1: "Total Tiket Helpdesk LPSE",
    Level.LPSE_2: "Total Tiket Admin Sistem LPSE",
    Level.LKPP_1: "Total Tiket LKPP Level 1",
    Level.LKPP_2: "Total Tiket LKPP Level 2",
}


NOTE_ON_OFFICERS = (
    "Waktu ambil dan waktu selesai adalah median menurut jam kalender, termasuk malam, hari libur, "
    "dan waktu menunggu jawaban. Setiap pernyataan selesai dihitung. Penilaian dicatat pada "
    "petugas yang menyatakan tiket selesai."
)


def duration(value):
    """'48 m', '1 j 22 m', '2 hari 4 j'; '–' for None."""
    return NONE if value is None else length(value)


def minutes(value):
    return None if value is None else round(value / timedelta(minutes=1))


def stars(value):
    return NONE if value is None else number_format(value, decimal_pos=1)


def number(value):
    return number_format(value, force_grouping=True)


class Column(NamedTuple):
    """`value` of a row sorts and counts; `query` says which tickets a count is of."""

    name: str  # in the address
    label: str
    value: Callable
    show: Callable = number
    query: Callable | None = None
    write: Callable = lambda value: value  # as a file has it
    unit: str = ""  # what the file's heading says besides
    is_number: bool = True


class Cell(NamedTuple):
    text: str
    url: str
    is_number: bool

    @property
    def drawn(self):
        """The <td>; a table has hundreds, and drawing each by tags took most of its page."""
        kind = NUMBER if self.is_number else ""
        if not self.url:
            return format_html("<td{}>{}</td>", kind, self.text)
        return format_html(LINK, kind, self.url, self.text)


class Line(NamedTuple):
    """A row: its name, and its other cells as they are drawn."""

    name: str
    cells: SafeString


NUMBER = SafeString(' class="num"')  # nosec B703 # our own words
LINK = '<td{}><a href="{}">{}<span class="visually-hidden"> tiket</span></a></td>'


class Table:
    """Rows of one kind in the order that the address asks for."""

    def __init__(self, name, title, columns, rows, *, request, days, order, whole=None, note=""):
        self.name, self.title, self.columns, self.note = name, title, columns, note
        self.user, self.asked = request.user, request.GET.dict()
        self.days, self.whole = days, whole
        self.url_of_days = list_url(self.user, **days)
        self.order = self._asked(self.asked.get(f"urut_{name}", ""), order)
        self.rows = self.shown = self._sorted(rows)

    def _asked(self, term, default):
        names = {column.name for column in self.columns}
        return term if term.removeprefix("-") in names else default

    def _sorted(self, rows):
        """By the column that was asked for; what has no value comes last."""
        name, backwards = self.order.removeprefix("-"), self.order.startswith("-")
        value = next(column.value for column in self.columns if column.name == name)
        known = [row for row in rows if value(row) is not None]
        known.sort(key=lambda row: _comparable(value(row)), reverse=backwards)
        return known + [row for row in rows if value(row) is None]

    def cut(self, most):
        """Show the first `most` rows; a file has all of them."""
        self.shown = self.rows[:most]

    @property
    def is_cut(self):
        return len(self.shown) < len(self.rows)

    @property
    def headings(self):
        """Each column with the order that a click on it asks for, and its present one."""
        for column in self.columns:
            present = column.name == self.order.removeprefix("-")
            ascending = present and not self.order.startswith("-")
            first = f"-{column.name}" if column.is_number else column.name
            turned = f"-{column.name}" if ascending else column.name
            yield {
                "label": column.label,
                "is_number": column.is_number,
                "url": self._url(**{f"urut_{self.name}": turned if present else first}),
                "sorted": ("ascending" if ascending else "descending") if present else "",
            }

    @property
    def order_query(self):
        """What an address of its file carries so that its rows stand in the same order."""
        return urlencode({f"urut_{self.name}": self.order})

    @property
    def url_of_all(self):
        return self._url(semua="ya")

    def _url(self, **changes):
        return f"?{urlencode(self.asked | changes)}#tabel-{self.name}"

    @property
    def lines(self):
        return [self._line(row) for row in self.shown]

    @property
    def foot(self):
        return self._line(self.whole) if self.whole is not None else None

    def _line(self, row):
        first, *others = self._cells(row)
        return Line(first.text, SafeString("".join(cell.drawn for cell in others)))  # nosec B703

    def _cells(self, row):
        return [self._cell(column, row) for column in self.columns]

    def _cell(self, column, row):
        value = column.value(row)
        url = ""
        if column.query and value is not None:
            url = self._list_url(column.query(row))
        return Cell(NONE if value is None else column.show(value), url, column.is_number)

    def _list_url(self, query):
        """charts.list_url of the table's days, which most cells have in common."""
        if query.keys() & self.days.keys():
            return list_url(self.user, **{**self.days, **query})
        return f"{self.url_of_days}&{urlencode(query)}" if query else self.url_of_days

    # as a file

    @property
    def file_header(self):
        return [f"{c.label} ({c.unit})" if c.unit else c.label for c in self.columns]

    @property
    def file_rows(self):
        for row in self.rows:
            yield [column.write(column.value(row)) for column in self.columns]


def _comparable(value):
    return value.casefold() if isinstance(value, str) else value


def _act(word):
    """The query for the tickets on which an officer did this act."""

    def query(officer):
        person = {"petugas": officer.pk} if officer.pk else {}
        return {"tindakan": word, **person}

    return query


def _held(officer):
    person = {"petugas": officer.pk} if officer.pk else {}
    return {"dari": "", "sampai": "", "dipegang": "ya", **person}


def _measure(name):
    return lambda officer: officer.measures[name]


def _name(officer):
    return officer.name if officer.is_active else f"{officer.name} (nonaktif)"


OFFICERS = [
    Column("petugas", "Petugas", _name, show=str, is_number=False),
    Column("total", "Total diambil", _measure("taken"), query=_act("diambil")),
    Column("dipegang", "Dipegang sekarang", lambda officer: officer.in_hand, query=_held),
    Column("selesai", "Diselesaikan", _measure("solved"), query=_act("diselesaikan")),
    Column("belum", "Dikembalikan (Belum)", _measure("returned"), query=_act("dikembalikan")),
    Column("eskalasi", "Dieskalasi", _measure("escalated"), query=_act("dieskalasi")),
    Column(
        "waktu-ambil",
        "Waktu ambil",
        _measure("time_to_take"),
        show=duration,
        write=minutes,
        unit="median, menit",
    ),
    Column(
        "waktu-selesai",
        "Waktu selesai",
        _measure("time_to_solve"),
        show=duration,
        write=minutes,
        unit="median, menit",
    ),
    Column(
        "nilai",
        "Penilaian",
        _measure("stars"),
        show=stars,
        write=lambda value: None if value is None else round(value, 2),
        unit="rata-rata, 1–5",
    ),
    Column("penilaian", "Jumlah penilaian", _measure("rated"), query=_act("dinilai")),
]


def _of_office(**query):
    return lambda office: {"lpse": office["lpse__code"], **query}


def offices(user):
    """The columns of the table by LPSE; times are those of the viewer's zone."""

    def shown(since):
        return f"{date_format(timezone.localtime(since, user.tzinfo), 'j M Y H.i')} {user.zone}"

    def written(since):
        return since and timezone.make_naive(since, user.tzinfo)

    return [
        Column("lpse", "LPSE", lambda o: o["lpse__name"], show=str, is_number=False),
        Column("provinsi", "Provinsi", lambda o: o["lpse__province"], show=str, is_number=False),
        Column(
            "sejak",
            "Menunggu sejak",
            lambda office: office["waiting_since"],
            show=shown,
            write=written,
            unit=user.zone,
            is_number=False,
        ),
        Column(
            "menunggu",
            "Menunggu petugas sekarang",
            lambda office: office["waiting"],
            query=_of_office(dari="", sampai="", giliran="petugas", urut="menunggu"),
        ),
        Column("baru", "Belum dikerjakan", lambda o: o["new"], query=_of_office(status="baru")),
        Column("terbuka", "Belum selesai", lambda o: o["open"], query=_of_office(status="terbuka")),
        Column("selesai", "Selesai", lambda o: o["closed"], query=_of_office(status="selesai")),
        Column("total", "Jumlah tiket", lambda office: office["total"], query=_of_office()),
    ]
