"""Dashboards: the figures that the guide names for each role (R21, R65-R73, R96, R97, R124)."""

from datetime import timedelta
from typing import NamedTuple
from urllib.parse import urlencode

from django.http import Http404
from django.shortcuts import render
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from accounts import security_log
from accounts.replica import has_just_written, reads_replica
from accounts.roles import Level
from accounts.security_log import Kind
from dashboard import charts, figures, kept, tables
from dashboard.figures import OLDER_OPEN
from dashboard.period import PeriodForm
from faq.models import Guide
from tickets import export

# the chart that 'Panduan' stands beside, where a row of the page has room for it
SHELF_AFTER = {
    Level.LPSE_1: "kategori",
    Level.LPSE_2: "bulan",
    Level.LKPP_1: "kategori",
    Level.LKPP_2: "kategori",
}
OFFICES_AT_FIRST = 20  # rows of the table by LPSE until all are asked for


class Tile(NamedTuple):
    label: str
    value: str
    url: str = ""
    note: str = ""
    note_url: str = ""


@require_safe
@reads_replica
def dashboard(request):
    """The page of this person's role, with all tables in it; charts are drawn from JSON."""
    user = request.user
    main, extra = charts.names_for(user)
    period = PeriodForm(request.GET, user=user)
    context = {"shelf": Guide.objects.shelf_of(user), "shelf_after": SHELF_AFTER.get(user.level),
               "period": period, "query": urlencode(period.query), "charts": [], "extra": [],
               "tiles": [], "tables": [], "older": None, "counted_at": None}  # fmt: skip
    counted = kept_for(request, period) if user.is_officer else None
    if main:
        reading = (
            charts.Reading(user, period, counted.groups) if counted else charts.read(user, period)
        )
        context |= {
            "charts": [charts.make(name, reading) for name in main],
            "extra": [charts.make(name, reading) for name in extra],
            "older": _older(reading),
        }
    if user.is_reporter:
        context["shelf_after"] = "tiket"
        bars = context["charts"][0].bars
        context["tiles"] = [Tile(bar.label, bar.shown, bar.url) for bar in bars]
        done = bars[2].count - bars[1].count - bars[0].count
        note = f"{tables.number(done)} sudah selesai", reading.url(status="selesai")
        context["tiles"][2] = context["tiles"][2]._replace(note=note[0], note_url=note[1])
    if counted:
        context["counted_at"] = counted.counted_at
        context["tables"] = [
            _officers(request, period, counted),
            *_offices(request, period, counted),
        ]
        context["tiles"] = _tiles(reading, counted.whole)
    return render(request, "dashboard/dashboard.html", context)


def _older(reading):
    """The open tickets that the period leaves out, as a Tile; None when there are none."""
    count = sum(figure.count for figure in reading.found[OLDER_OPEN])
    before = {"dari": "", "sampai": (reading.period.first_day - timedelta(1)).isoformat()}
    url = reading.url(status="terbuka", **before)
    return Tile("", tables.number(count), url) if count else None


def kept_for(request, period):
    """The officer's figures; of now for whoever has just written."""
    return kept.of(request.user, period, fresh=has_just_written(request))


def reading_for(request, period, name):
    """What the chart `name` of this person's dashboard is made from: what the page shows, too."""
    user = request.user
    if user.is_officer and not has_just_written(request) and (found := kept.known(user, period)):
        return charts.Reading(user, period, found.groups)
    return charts.read(user, period, name)


def _officers(request, period, counted):
    """The table of officers of the viewer's level."""
    in_hand = sum(officer.in_hand for officer in counted.officers)
    return tables.Table(
        "petugas",
        tables.TITLES[request.user.level],
        tables.OFFICERS,
        counted.officers,
        request=request,
        days=period.days,
        order="petugas",
        whole=figures.Officer(None, "Jumlah", True, in_hand, counted.whole),
        note=tables.NOTE_ON_OFFICERS,
    )


def _offices(request, period, counted):
    """The table by LPSE, which LKPP alone has."""
    user = request.user
    if not user.is_lkpp:
        return []
    table = tables.Table(
        "lpse",
        "Tiket per LPSE",
        tables.offices(user),
        counted.offices,
        request=request,
        days=period.days,
        order="sejak",
    )
    table.cut(None if request.GET.get("semua") else OFFICES_AT_FIRST)
    return [table]


def _tiles(reading, whole):
    counts = reading.counts("status")
    new, total = counts.get("new", 0), sum(counts.values())
    unfinished = total - counts.get("closed", 0)
    rated = reading.url(tindakan="dinilai")
    return [
        Tile("Tiket Pengguna Belum Dikerjakan", tables.number(new), reading.url(status="baru")),
        Tile(
            "Tiket Pengguna Belum Selesai",
            tables.number(unfinished),
            reading.url(status="terbuka"),
            f"{tables.number(unfinished - new)} sudah diambil petugas",
            reading.url(status="dikerjakan"),
        ),
        Tile("Jumlah Tiket", tables.number(total), reading.url()),
        Tile("Waktu ambil (median)", tables.duration(whole["time_to_take"])),
        Tile(
            "Penilaian",
            tables.stars(whole["stars"]),
            rated,
            f"dari 5, {tables.number(whole['rated'])} penilaian" if whole["rated"] else "belum ada",
            rated,
        ),
    ]


@require_safe
@reads_replica
def table_file(request, name, extension):
    """Any table of this person's dashboard as CSV or XLSX, of the same days (R73)."""
    user = request.user
    period = PeriodForm(request.GET, user=user)
    header, rows, title = _file_of(request, name, period)
    first, last = period.days.values()
    file_name = f"{slugify(title)}-{first}-sampai-{last}"
    security_log.record(Kind.EXPORT, request=request, what=f"dashboard {name}.{extension}")
    return export.table(header, rows, name=file_name, extension=extension)


def _file_of(request, name, period):
    """(header, rows, title) of a table, or 404 where this person's dashboard has none."""
    if name in (each for names in charts.names_for(request.user) for each in names):
        chart = charts.make(name, reading_for(request, period, name))
        rows = ((bar.label, bar.count) for bar in chart.bars)
        return (chart.heading, "Jumlah tiket"), rows, chart.title
    if name == "petugas" and request.user.is_officer:
        table = _officers(request, period, kept_for(request, period))
    elif name == "lpse" and request.user.is_lkpp:
        [table] = _offices(request, period, kept_for(request, period))
    else:
        raise Http404
    return table.file_header, table.file_rows, table.title
