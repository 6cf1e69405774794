"""What every list can be searched, filtered and sorted by; kept in the address (R42)."""

from datetime import date, datetime, time, timedelta
from functools import lru_cache

from django import forms
from django.db.models import Q, Value
from django.db.models.functions import Coalesce
from django.forms.utils import flatatt
from django.utils import timezone
from django.utils.html import format_html, format_html_join

from accounts.roles import REPORTERS, Role
from tickets import numbers
from tickets.models import Ticket
from tickets.models.reference import listed
from tickets.steps import REPORTER, Status

ALL = ("", "Semua")
LISTED = {"kategori": "category", "versi": "version"}  # in the address: the ticket's column
LONGEST_SEARCH = 200
CREATED = {
    "hari-ini": ("Hari ini", 0),
    "7-hari": ("7 hari terakhir", 7),
    "30-hari": ("30 hari terakhir", 30),
}
SORTS = {
    "terbaru": ("Terbaru", ["-pk"]),
    "terlama": ("Terlama", ["pk"]),
    "pembaruan": ("Pembaruan terakhir", ["-updated_at", "-pk"]),
    "menunggu": ("Paling lama menunggu", ["updated_at", "pk"]),
    "prioritas": ("Prioritas tertinggi", ["-urgency", "-pk"]),
}
FIRST_FIELDS = ("status", "dibuat")
STATUSES_OF_OFFICER = {
    "baru": ("Tiket Baru", Q(status=Status.NEW)),
    "proses": ("Tiket Proses", Q(status=Status.IN_PROGRESS)),
    "feedback": ("Menunggu Feedback", Q(status=Status.AWAITING_FEEDBACK)),
    "review": ("Menunggu Review Pelapor", Q(status=Status.AWAITING_REVIEW)),
    "selesai": ("Selesai", Q(status=Status.CLOSED)),
    "dikerjakan": ("Sudah diambil, belum selesai", ~Q(status__in=[Status.NEW, Status.CLOSED])),
    "terbuka": ("Belum selesai", ~Q(status=Status.CLOSED)),
}
ASKED_REPORTER = Q(status=Status.AWAITING_FEEDBACK, feedback_from=REPORTER)
ASKED_OFFICER = Q(status=Status.AWAITING_FEEDBACK, feedback_from__gt=REPORTER)
STATUSES_OF_REPORTER = {
    "menunggu": ("Menunggu petugas", Q(status=Status.NEW)),
    "diproses": ("Diproses petugas", Q(status=Status.IN_PROGRESS) | ASKED_OFFICER),
    "feedback": ("Butuh Feedback Anda", ASKED_REPORTER),
    "review": ("Butuh Review Anda", Q(status=Status.AWAITING_REVIEW)),
    "selesai": ("Selesai", Q(status=Status.CLOSED)),
    "dikerjakan": ("Sedang dikerjakan", ~Q(status__in=[Status.NEW, Status.CLOSED])),
    "terbuka": ("Belum selesai", ~Q(status=Status.CLOSED)),
}


def _choices(table):
    return [ALL, *((value, entry[0]) for value, entry in table.items())]


class PlainSelect(forms.Select):
    """Django's without a template for each option: a list has seven of them, of many options."""

    def render(self, name, value, attrs=None, renderer=None):
        options = _options(tuple(map(tuple, self.choices)), str(value or ""))
        attrs = flatatt(self.build_attrs(self.attrs, attrs))
        return format_html('<select name="{}"{}>{}</select>', name, attrs, options)


@lru_cache(maxsize=256)
def _options(choices, chosen):
    return format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        ((value, flatatt({"selected": str(value) == chosen}), label) for value, label in choices),
    )


class Choice(forms.ChoiceField):
    widget = PlainSelect

    def __init__(self, label, choices=()):
        super().__init__(label=label, choices=choices, required=False)


class TicketFilter(forms.Form):
    """Reads the address of a list. A value that nobody offered filters nothing."""

    cari = forms.CharField(
        label="Cari",
        required=False,
        widget=forms.TextInput(
            attrs={
                "type": "search",
                "placeholder": "Nomor, judul, atau kode tender",
                "maxlength": LONGEST_SEARCH,
            }
        ),
    )
    status = Choice("Status")
    prioritas = Choice("Prioritas", [ALL, *Ticket.Priority.choices])
    kategori = Choice("Kategori Tiket")
    versi = Choice("Versi Aplikasi")
    pelapor = Choice(
        "Kategori Pelapor", [ALL, *((role.value, Role(role).label) for role in REPORTERS)]
    )
    dibuat = Choice("Dibuat", _choices(CREATED))
    dari = forms.DateField(
        label="Dibuat dari", required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    sampai = forms.DateField(
        label="Dibuat sampai", required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    urut = Choice("Urutkan", [(value, entry[0]) for value, entry in SORTS.items()])

    def __init__(self, data, *, user, default_sort="terbaru", first=FIRST_FIELDS):
        super().__init__(data.dict() | {"urut": data.get("urut") or default_sort})
        self.user, self.default_sort, self._first = user, default_sort, first
        self.statuses = STATUSES_OF_REPORTER if user.is_reporter else STATUSES_OF_OFFICER
        if "status" in self.fields:
            self.fields["status"].choices = _choices(self.statuses)
        if user.is_reporter:
            del self.fields["pelapor"]
        self.listed = listed()
        for name, column in LISTED.items():
            offered = [(each.code, each.label) for each in self.listed[column].values()]
            self.fields[name].choices = [ALL, *offered]
        for field in self.fields.values():
            kind = "form-select" if isinstance(field.widget, forms.Select) else "form-control"
            field.widget.attrs["class"] = kind
        self.is_valid()

    def clean_cari(self):
        """Cut rather than refused: a list that ignores what was searched for would mislead."""
        return self.cleaned_data["cari"][:LONGEST_SEARCH]

    @property
    def first_fields(self):
        """What most people narrow this list by; the rest stands behind 'Saringan lain'."""
        return [self[name] for name in self._first]

    @property
    def further_fields(self):
        first = {"cari", *self._first}
        return [field for field in self.visible_fields() if field.name not in first]

    @property
    def is_set_further(self):
        further = {field.name for field in self.further_fields} - {"urut"}
        return any(self.cleaned_data.get(name) for name in further)

    @property
    def is_set(self):
        """Whether anything narrows the list."""
        return any(value for name, value in self.cleaned_data.items() if name != "urut")

    @property
    def sort(self):
        """The name of the order in the address, the list's own where none is asked for."""
        return self.cleaned_data.get("urut") or self.default_sort

    @property
    def order(self):
        return SORTS[self.sort][1]

    def apply(self, tickets):
        """The tickets that fit, with what the order needs."""
        asked = self.cleaned_data
        if asked.get("cari"):
            tickets = tickets.search(asked["cari"])
        if asked.get("status"):
            tickets = tickets.filter(self.statuses[asked["status"]][1])
        columns = {"prioritas": "priority", "pelapor": "reporter_kind"}
        chosen = {column: asked[name] for name, column in columns.items() if asked.get(name)}
        for name, column in LISTED.items():
            if asked.get(name):
                keys = {each.code: pk for pk, each in self.listed[column].items()}
                chosen[column] = keys[asked[name]]
        if asked.get("dibuat"):
            chosen["created_at__gte"] = self._midnight() - timedelta(CREATED[asked["dibuat"]][1])
        tickets = self.in_days(tickets, "created_at")
        return sortable(tickets.filter(**chosen))

    def in_days(self, rows, column):
        """`rows` whose `column` lies in the chosen days, as the viewer's zone has them."""
        first, last = self.cleaned_data.get("dari"), self.cleaned_data.get("sampai")
        if first:
            rows = rows.filter(**{f"{column}__gte": self._midnight(first)})
        if last and last < date.max:
            rows = rows.filter(**{f"{column}__lt": self._midnight(last + timedelta(1))})
        return rows

    def _midnight(self, day=None):
        """The beginning of `day`, by default today, in the viewer's zone."""
        day = day or timezone.localdate(timezone=self.user.tzinfo)
        return datetime.combine(day, time.min, self.user.tzinfo)


class PoolFilter(TicketFilter):
    """Of 'Tiket Baru', where every ticket has the same status."""

    status = None


def sortable(tickets):
    """With `urgency`, the priority of tickets that may have none yet."""
    return tickets.annotate(urgency=Coalesce("priority", Value(0)))


class HeldFilter(forms.Form):
    """Of a supervisor's list: officer, LPSE or number; whether the officer is still there."""

    cari = forms.CharField(
        label="Cari",
        required=False,
        widget=forms.TextInput(
            attrs={
                "type": "search",
                "placeholder": "Petugas, LPSE, atau nomor tiket",
                "maxlength": LONGEST_SEARCH,
                "class": "form-control",
            }
        ),
    )
    petugas = forms.ChoiceField(
        label="Petugas",
        required=False,
        choices=[ALL, ("tidak-bertugas", "Tidak bertugas lagi"), ("bertugas", "Masih bertugas")],
        widget=forms.Select(attrs={"class": "form-select"}),
    )

    def __init__(self, data, *, user):
        super().__init__(data)
        if user.lpse_id:  # theirs is the only one
            self.fields["cari"].widget.attrs["placeholder"] = "Petugas atau nomor tiket"
        self.is_valid()

    @property
    def is_set(self):
        return any(self.cleaned_data.values())

    def apply(self, held):
        """The rows that fit."""
        words, petugas = (self.cleaned_data.get(name, "") for name in ("cari", "petugas"))
        if petugas:
            held = held.filter(is_on_duty=petugas == "bertugas")
        if not words:
            return held
        try:
            return held.filter(ticket__number=numbers.parse(words))
        except ValueError:
            words = words[:LONGEST_SEARCH]
            by_lpse = Q(ticket__lpse__name__icontains=words)
            return held.filter(Q(officer__name__icontains=words) | by_lpse)
