"""What stands behind a number of a dashboard: the filters that its link carries (R2, R73)."""

from django import forms
from django.db.models import Exists, OuterRef, Q

from accounts.models import Lpse, User
from accounts.roles import ROLE_OF_LEVEL
from tickets.filters import TicketFilter
from tickets.models import Event, Ticket
from tickets.steps import REPORTER, Status

ACTS = {  # in the address: the event's action, and what the list says of it
    "diambil": ("take", "diambil"),
    "diselesaikan": ("resolve", "diselesaikan"),
    "dikembalikan": ("reject", "dikembalikan Pelapor"),
    "dieskalasi": ("escalate", "dieskalasi"),
    "dinilai": ("rate", "dinilai Pelapor"),
}
# open, and neither the reporter's answer nor their review is what it waits for
WITH_OFFICERS = ~Q(status__in=[Status.AWAITING_REVIEW, Status.CLOSED]) & ~Q(feedback_from=REPORTER)


def officers_for(user):
    """Whose work `user` may see figures of: the officers of the own level and office, and whoever
    acted at that level on a ticket that `user` sees, or holds one (R71, R96)."""
    visible = Ticket.objects.visible_to(user).order_by()
    acts = Event.objects.credited_at(user.level).order_by().filter(ticket__in=visible)
    return User.objects.filter(
        Q(role=ROLE_OF_LEVEL[user.level], lpse=user.lpse_id)
        | Q(pk__in=acts.values("credited_to"))
        | Q(pk__in=visible.held_at(user.level).values("officer"))
    )


def hidden(field, **options):
    return field(required=False, widget=forms.HiddenInput, **options)


def flag(*values):
    """A hidden choice of words that an address may carry."""
    return hidden(forms.ChoiceField, choices=[("", ""), *((value, value) for value in values)])


class CountedFilter(TicketFilter):
    """The filters of every list and, hidden, those of the number that led here.

    With `tindakan` the days are those of the act; it counts for `petugas`, or for whoever worked
    at the viewer's level.
    """

    lpse = hidden(forms.ModelChoiceField, queryset=Lpse.objects.all(), to_field_name="code")
    provinsi = hidden(forms.CharField, max_length=80)
    petugas = hidden(forms.ModelChoiceField, queryset=User.objects.all())
    tindakan = flag(*ACTS)
    dipegang = flag("ya")
    klasifikasi = flag("belum")
    giliran = flag("petugas")

    def __init__(self, data, **kwargs):
        super().__init__(data, **kwargs)
        if self.cleaned_data.get("tindakan"):
            self["dari"].label, self["sampai"].label = "Tindakan dari", "Tindakan sampai"

    def clean_petugas(self):
        """Nobody learns the names of people but of those whose figures their dashboard shows."""
        officer = self.cleaned_data["petugas"]
        if officer and officer not in officers_for(self.user).filter(pk=officer.pk):
            raise forms.ValidationError("Petugas tidak dikenal.")
        return officer

    @property
    def told(self):
        """What narrows the list besides the fields that are shown, in words."""
        asked = self.cleaned_data
        act = ACTS[asked["tindakan"]][1] if asked.get("tindakan") else ""
        words = [
            asked.get("lpse"),
            asked.get("provinsi"),
            "belum diklasifikasikan" if asked.get("klasifikasi") else "",
            "menunggu petugas" if asked.get("giliran") else "",
            "sedang dipegang" if asked.get("dipegang") else "",
            act,
            asked.get("petugas"),
        ]
        return ", ".join(str(word) for word in words if word)

    def apply(self, tickets):
        """No row when a number's own condition cannot be read: a wrong list would mislead."""
        asked = self.cleaned_data
        if any(field.name in self.errors for field in self.hidden_fields()):
            tickets = tickets.none()
        if asked.get("lpse"):
            tickets = tickets.filter(lpse=asked["lpse"])
        if asked.get("provinsi"):
            tickets = tickets.filter(lpse__province=asked["provinsi"])
        if asked.get("klasifikasi"):
            tickets = tickets.filter(category=None)
        if asked.get("giliran"):
            tickets = tickets.filter(WITH_OFFICERS)
        if asked.get("dipegang"):
            tickets = tickets.held_at(self.user.level, asked.get("petugas"))
        if asked.get("tindakan"):
            tickets = tickets.filter(Exists(self._acts().filter(ticket=OuterRef("pk"))))
        return super().apply(tickets)

    def _acts(self):
        asked = self.cleaned_data
        acts = Event.objects.credited_at(self.user.level)
        acts = acts.filter(action=ACTS[asked["tindakan"]][0])
        if asked.get("petugas"):
            acts = acts.filter(credited_to=asked["petugas"].pk)
        return super().in_days(acts, "at")

    def in_days(self, rows, column):
        """With an act the days are the act's."""
        return rows if self.cleaned_data.get("tindakan") else super().in_days(rows, column)
