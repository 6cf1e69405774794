"""The days that a dashboard looks at, in the viewer's zone."""

import calendar
from datetime import date, datetime, time, timedelta

from django import forms
from django.utils import timezone
from django.utils.formats import date_format

DEFAULT = "12-bulan"
CUSTOM = "khusus"
CHOICES = [
    ("30-hari", "30 hari"),
    ("3-bulan", "3 bulan"),
    (DEFAULT, "12 bulan"),
    (CUSTOM, "Dari–sampai"),
]
MONTHS = {"3-bulan": 3, DEFAULT: 12}
EARLIEST = date(2000, 1, 1)
AGES = {"hari-ini": 0, "minggu": 6, "bulan": 29}  # days back to the first day of the class


def months_before(day, count):
    """The same day `count` months earlier, or the last of that month: 31 May – 3 -> 28 Feb."""
    month = day.year * 12 + day.month - 1 - count
    year, month = divmod(month, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


class PeriodForm(forms.Form):
    """Reads `?periode=`, `dari` and `sampai`; what is no period gives the last 12 months."""

    periode = forms.ChoiceField(label="Periode", required=False, choices=CHOICES)
    dari = forms.DateField(
        label="Dari", required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    sampai = forms.DateField(
        label="Sampai", required=False, widget=forms.DateInput(attrs={"type": "date"})
    )

    def __init__(self, data, *, user):
        given = data.dict()
        if given.get("dari") or given.get("sampai"):
            given.setdefault("periode", CUSTOM)
        super().__init__({"periode": DEFAULT} | given)
        self.tzinfo = user.tzinfo
        self.today = timezone.localdate(timezone=user.tzinfo)
        self.is_valid()
        for field in self.fields.values():
            kind = "form-select" if isinstance(field.widget, forms.Select) else "form-control"
            field.widget.attrs["class"] = kind

    def clean(self):
        asked = super().clean()
        first, last = asked.get("dari"), asked.get("sampai")
        if asked.get("periode") == CUSTOM and first and last and first > last:
            self.add_error("sampai", "Tanggal ‘Sampai’ tidak boleh lebih awal daripada ‘Dari’.")
        return asked

    @property
    def problem(self):
        """What is wrong with the days that were asked for, and what is shown instead; or ''."""
        if not self.errors:
            return ""
        wrong = " ".join(sentence for sentences in self.errors.values() for sentence in sentences)
        return f"{wrong} Yang ditampilkan: 12 bulan terakhir."

    @property
    def choice(self):
        return DEFAULT if self.errors else self.cleaned_data["periode"] or DEFAULT

    @property
    def is_custom(self):
        return self.choice == CUSTOM

    @property
    def first_day(self):
        if self.is_custom:
            return max(self.cleaned_data["dari"] or EARLIEST, EARLIEST)
        if self.choice == "30-hari":
            return self.today - timedelta(29)
        return months_before(self.today, MONTHS[self.choice]) + timedelta(1)

    @property
    def last_day(self):
        asked = self.cleaned_data.get("sampai") if self.is_custom else None
        return max(min(asked or self.today, self.today), EARLIEST)

    @property
    def begin(self):
        """The first moment of the period."""
        return self._midnight(self.first_day)

    @property
    def end(self):
        """The first moment after the period."""
        return self._midnight(self.last_day + timedelta(1))

    @property
    def ages(self):
        """{class of age: its first moment}, from the youngest; what is older has none."""
        return {key: self._midnight(self.today - timedelta(days)) for key, days in AGES.items()}

    def days_of_age(self, key):
        """The days of a class of age that lie in the period, as the filters of lists take them."""
        keys, back = list(AGES), list(AGES.values())
        place = keys.index(key) if key else len(keys)
        newest = self.today - timedelta(back[place - 1] + 1 if place else 0)
        oldest = self.today - timedelta(back[place]) if key else EARLIEST
        first, last = max(oldest, self.first_day), min(newest, self.last_day)
        return {"dari": first.isoformat(), "sampai": last.isoformat()}

    def _midnight(self, day):
        return datetime.combine(day, time.min, self.tzinfo)

    @property
    def months(self):
        """The first day of each month that the period touches."""
        month, found = self.first_day.replace(day=1), []
        while month <= self.last_day:
            found.append(month)
            month = (month + timedelta(31)).replace(day=1)
        return found

    def days_of_month(self, month):
        """The days of the month that lie in the period, as the filters of lists take them."""
        after = (month + timedelta(31)).replace(day=1)
        first, last = max(month, self.first_day), min(after - timedelta(1), self.last_day)
        return {"dari": first.isoformat(), "sampai": last.isoformat()}

    def is_partial(self, month):
        """Whether the period holds only a part of the month."""
        after = (month + timedelta(31)).replace(day=1)
        return month < self.first_day or after - timedelta(1) > self.last_day

    @property
    def query(self):
        """What an address carries so that its page counts the same days."""
        if not self.is_custom:
            return {"periode": self.choice}
        return {"periode": CUSTOM, **self.days}

    @property
    def days(self):
        """The days as the filters of lists take them."""
        return {"dari": self.first_day.isoformat(), "sampai": self.last_day.isoformat()}

    def __str__(self):
        """'24 November 2025 sampai 24 November 2026'."""
        return (
            f"{date_format(self.first_day, 'j F Y')} sampai {date_format(self.last_day, 'j F Y')}"
        )
