"""What supervisors fill in: handing a ticket over."""

from django import forms
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce, Lower

from tickets.forms.base import CleanTextField, StepForm
from tickets.models import Assignment


class ReassignForm(StepForm):
    """'Alihkan Petugas' (R136): the new officer also says whom they replace, by their level."""

    template = "tickets/forms/reassign.html"
    heading = "Alihkan tiket"
    submit = "Alihkan Tiket"
    action = "reassign"
    files = None
    what_is_sent = "Alasan"

    officer = forms.TypedChoiceField(
        label="Petugas baru",
        coerce=int,
        error_messages={
            "required": "Petugas baru wajib dipilih.",
            "invalid_choice": "Petugas itu tidak dapat menerima tiket ini. Pilih yang lain.",
        },
    )
    message = CleanTextField(
        label="Alasan",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Dibaca petugas, tidak terlihat oleh Pelapor. Paling banyak 500 karakter.",
        error_messages={
            "required": "Alasan wajib diisi.",
            "max_length": "Alasan maksimal 500 karakter.",
        },
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        successors = _with_load(self.ticket.successors(self.by)).order_by("role", Lower("name"))
        self.successors = {officer.pk: officer for officer in successors}
        self.fields["officer"].choices = [
            ("", "-- Pilih --"),
            *(
                (pk, f"{officer}, {officer.get_role_display()} ({officer.load} tiket di tangan)")
                for pk, officer in self.successors.items()
            ),
        ]

    @property
    def vacant(self):
        """The levels of holders who could be replaced, if anybody else worked there."""
        served = {officer.level for officer in self.successors.values()}
        return [level for level in self.ticket.replaceable_by(self.by) if level not in served]

    @property
    def successor(self):
        return self.successors[self.cleaned_data["officer"]]

    def step_fields(self):
        return {"officer": self.successor}

    def confirmation(self):
        replaced = self.ticket.holders[self.successor.level]
        return (
            f"Tiket {self.ticket} akan dialihkan dari {replaced} kepada {self.successor}. "
            "Lanjutkan?"
        )


def _with_load(officers):
    """Annotates `load`: how many running tickets each holds."""
    held = Assignment.objects.current().filter(officer=OuterRef("pk")).order_by()
    counted = held.values("officer").annotate(count=Count("pk")).values("count")
    return officers.annotate(load=Coalesce(Subquery(counted), 0))
