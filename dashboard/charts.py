"""The charts: which role has which, their bars, and the JSON that Chart.js draws them from."""

from functools import cache
from typing import NamedTuple
from urllib.parse import urlencode

from chartjs.views.lines import BaseLineOptionsChartView
from django.http import Http404
from django.urls import get_script_prefix, reverse
from django.utils.decorators import method_decorator
from django.utils.formats import date_format, number_format

from accounts.replica import reads_replica
from accounts.roles import REPORTERS, Level
from dashboard import figures
from dashboard.figures import OLDER_OPEN
from dashboard.period import PeriodForm
from tickets.steps import Status

UNCLASSIFIED = "Belum diklasifikasikan"


class Bar(NamedTuple):
    """One bar and one row of the table: `url` leads to the tickets that it counts."""

    label: str
    count: int
    url: str
    short: str = ""  # the label under a standing bar
    is_partial: bool = False  # of a month that the period does not hold whole

    @property
    def shown(self):
        return number_format(self.count, force_grouping=True)


class Chart(NamedTuple):
    """A chart of the page: what it says, its bars, and how many tickets they are."""

    name: str
    title: str
    heading: str  # of the table's first column
    shape: str  # standing or lying
    bars: list
    total: Bar
    note: str = ""
    most: int = 0  # bars that are drawn one by one; the table has them all

    @property
    def drawn(self):
        """The bars of the picture: beyond `most` the smaller ones are one bar together."""
        named = [bar for bar in self.bars if bar.label != UNCLASSIFIED]
        if not self.most or len(named) <= self.most + 1:
            return self.bars
        rest = sum(bar.count for bar in named[self.most :])
        others = Bar(f"{self.heading} lainnya", rest, "")
        return [*named[: self.most], others, *self.bars[len(named) :]]

    @property
    def remark(self):
        """What the picture leaves to the table."""
        named = sum(bar.label != UNCLASSIFIED for bar in self.bars)
        return "" if self.drawn is self.bars else f", {self.most} terbanyak dari {named}"

    @property
    def is_wide(self):
        """Whether it takes two places of a row: months, and long lists of long names."""
        return self.name in {"tiket", "bulan", "kategori"}


def list_url(user, **query):
    """The list of the tickets that `user` may see, narrowed by `query`."""
    name = "tickets:counted" if user.is_officer else "tickets:list"
    path = _path(name, get_script_prefix())
    return f"{path}?{urlencode({k: v for k, v in query.items() if v})}"


@cache
def _path(name, prefix):
    """The address, once for the hundred links of a dashboard."""
    return reverse(name)


class Reading(NamedTuple):
    """What the makers of charts read: whose, of which days, and the figures by group."""

    user: object
    period: PeriodForm
    found: dict

    def url(self, **query):
        return list_url(self.user, **{**self.period.days, **query})

    def counts(self, group):
        return {figure.key: figure.count for figure in self.found[group]}


def _of_reporter(reading):
    counts = reading.counts("status")
    total, new = sum(counts.values()), counts.get(Status.NEW, 0)
    working = total - new - counts.get(Status.CLOSED, 0)
    return [
        Bar("Tiket Belum Dikerjakan", new, reading.url(status="menunggu")),
        Bar("Tiket Sedang Dikerjakan", working, reading.url(status="dikerjakan")),
        Bar("Jumlah Tiket", total, reading.url()),
    ]


AGES = {
    "hari-ini": "Hari ini",
    "minggu": "1–6 hari",
    "bulan": "7–29 hari",
    "": "30 hari atau lebih",
}


def _waiting(reading):
    counts = reading.counts("umur")
    return [
        Bar(
            label,
            counts.get(age, 0),
            reading.url(status="baru", **reading.period.days_of_age(age)),
        )
        for age, label in AGES.items()
    ]


UNFINISHED = {
    Status.NEW: "baru",
    Status.IN_PROGRESS: "proses",
    Status.AWAITING_FEEDBACK: "feedback",
    Status.AWAITING_REVIEW: "review",
}


def _unfinished(reading):
    counts = reading.counts("status")
    return [
        Bar(status.label, counts.get(status, 0), reading.url(status=word))
        for status, word in UNFINISHED.items()
    ]


def _months(reading):
    period, months = reading.period, period_months(reading)
    counts = {key[:7]: count for key, count in reading.counts("bulan").items()}
    bars = []
    for month in months:
        days = period.days_of_month(month)
        bars.append(
            Bar(
                date_format(month, "F Y"),
                counts.get(f"{month:%Y-%m}", 0),
                reading.url(**days),
                short=date_format(month, "M y"),
                is_partial=period.is_partial(month),
            )
        )
    return bars


def period_months(reading):
    """The months of the period; days chosen freely begin with the first month that has a ticket."""
    months = reading.period.months
    if not reading.period.is_custom:
        return months
    first = min((figure.key[:7] for figure in reading.found["bulan"]), default="")
    return [month for month in months if f"{month:%Y-%m}" >= first] if first else months[-1:]


def _kinds(reading):
    counts = reading.counts("pelapor")
    return [
        Bar(role.label, counts.get(role, 0), reading.url(pelapor=role.value)) for role in REPORTERS
    ]


def _listed(group, without):
    """The bars of a reference list, the largest first, then `without`: tickets that have none."""

    def bars(reading):
        figures = sorted(
            reading.found[group], key=lambda f: (not f.key, -f.count, f.label.casefold())
        )
        return [
            Bar(figure.label, figure.count, reading.url(**{group: figure.key}))
            if figure.key
            else Bar(without, figure.count, reading.url(klasifikasi="belum"))
            for figure in figures
        ]

    return bars


def _provinces(reading):
    figures = sorted(reading.found["provinsi"], key=lambda figure: (-figure.count, figure.key))
    return [Bar(f.key, f.count, reading.url(provinsi=f.key)) for f in figures]


class Kind(NamedTuple):
    """How a chart is made: of which group of figures, and by which function."""

    title: str
    heading: str
    group: str
    bars: object
    shape: str = "lying"
    whole: dict = {}  # what the list of all its tickets is narrowed by
    most: int = 0  # bars that are drawn one by one


KINDS = {
    "tiket": Kind("Tiket Anda", "Tiket", "status", _of_reporter),
    "belum-dikerjakan": Kind("Tiket Pengguna Belum Dikerjakan", "Umur tiket", "umur", _waiting),
    "belum-selesai": Kind(
        "Tiket Pengguna Belum Selesai",
        "Status",
        "status",
        _unfinished,
        whole={"status": "terbuka"},
    ),
    "bulan": Kind("Jumlah Tiket LPSE (Overall) – Bulan", "Bulan", "bulan", _months, "standing"),
    "pelapor": Kind("Kategori Pelapor", "Kategori Pelapor", "pelapor", _kinds),
    "kategori": Kind(
        *("Kategori Tiket", "Kategori Tiket", "kategori", _listed("kategori", UNCLASSIFIED)),
        most=8,
    ),
    "versi": Kind("Versi Aplikasi", "Versi Aplikasi", "versi", _listed("versi", UNCLASSIFIED)),
    "provinsi": Kind("Tiket per Provinsi", "Provinsi", "provinsi", _provinces),
}
MAIN = ("belum-dikerjakan", "belum-selesai", "pelapor", "versi", "kategori")
OF_LEVEL = {  # (as the guide has them, as an extra)
    Level.LPSE_1: (("bulan", *MAIN), ()),
    Level.LPSE_2: (MAIN, ("bulan",)),
    Level.LKPP_1: (("bulan", *MAIN, "provinsi"), ()),
    Level.LKPP_2: (("bulan", *MAIN, "provinsi"), ()),
}


def names_for(user):
    """(main, extra) names of the charts of this person's dashboard."""
    if user.is_reporter:
        return ("tiket",), ()
    return OF_LEVEL.get(user.level, ((), ()))


def groups_of(user):
    """The groups that this person's charts, tiles and notes are made of."""
    names = [name for names in names_for(user) for name in names]
    return list(dict.fromkeys([*(KINDS[name].group for name in names), "status", OLDER_OPEN]))


def read(user, period, name=""):
    """The Reading for the chart `name`, or for all of this person, counted now, in one query."""
    names = [KINDS[name].group] if name else groups_of(user)
    return Reading(user, period, figures.groups(user, period, names))


def make(name, reading):
    """The Chart `name` of what was read."""
    kind = KINDS[name]
    bars = kind.bars(reading)
    total = Bar("tiket", sum(bar.count for bar in bars), reading.url(**kind.whole))
    partial = " dan ".join(bar.label for bar in bars if bar.is_partial)
    note = f", {partial} belum penuh" if partial else ""
    return Chart(name, kind.title, kind.heading, kind.shape, bars, total, note, kind.most)


@method_decorator(reads_replica, name="dispatch")
class ChartData(BaseLineOptionsChartView):
    """The JSON of one chart (django-chartjs); colours are the page's to choose (R65-R70)."""

    http_method_names = ["get", "head"]
    reading = None  # (request, period, name of the chart) -> Reading; urls.py names it

    def get_context_data(self, name, **kwargs):
        user = self.request.user
        if name not in [each for names in names_for(user) for each in names]:
            raise Http404
        period = PeriodForm(self.request.GET, user=user)
        self.chart = make(name, self.reading(self.request, period, name))
        context = super().get_context_data(**kwargs)
        return {key: context[key] for key in ("data", "options")}

    def get_labels(self):
        return [bar.short or bar.label for bar in self.chart.drawn]

    def get_providers(self):
        return ["Tiket"]

    def get_data(self):
        return [[bar.count for bar in self.chart.drawn]]

    def get_dataset_options(self, index, color):
        bars = self.chart.drawn
        return {"partial": [bar.is_partial for bar in bars], "urls": [bar.url for bar in bars]}

    def get_options(self):
        return {"indexAxis": "y" if self.chart.shape == "lying" else "x"}
