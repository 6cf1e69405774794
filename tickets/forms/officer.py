"""What officers fill in: taking, reviewing, reading Data Server."""

import json

from cryptography.fernet import InvalidToken
from django import forms
from django.conf import settings
from django.db.models import Q

from accounts.vault import box
from tickets.forms.base import CleanTextField, CountedTextField, StepForm, message_field
from tickets.models import AppVersion, Category, Ticket
from tickets.steps import MAY_ASK, REPORTER
from tickets.wording import party
from tickets.workflow import Classification

SEALED_FOR = 3600  # seconds that typed passwords travel with an unsent form


def password_field(label):
    """A masked field whose blanks belong to the password."""
    return forms.CharField(
        label=label,
        required=False,
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


class ClassificationMixin(forms.Form):
    """The four answers (R77); above level 1 they come prefilled."""

    category = forms.ModelChoiceField(None, label="Kategori Tiket", empty_label="-- Pilih --")
    type = forms.ChoiceField(
        label="Tipe Tiket", choices=[("", "-- Pilih --"), *Ticket.Type.choices]
    )
    priority = forms.TypedChoiceField(
        label="Prioritas",
        coerce=int,
        choices=[("", "-- Pilih --"), *Ticket.Priority.choices],
    )
    version = forms.ModelChoiceField(None, label="Versi Aplikasi", empty_label="-- Pilih --")

    CLASSIFICATION = ("category", "type", "priority", "version")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        ticket = self.ticket
        for name, model in (("category", Category), ("version", AppVersion)):
            chosen = getattr(ticket, f"{name}_id")
            self.fields[name].queryset = model.objects.filter(Q(is_active=True) | Q(pk=chosen))
            self.initial.setdefault(name, chosen)
        self.initial.setdefault("type", ticket.type)
        self.initial.setdefault("priority", ticket.priority or Ticket.Priority.SEDANG)
        for name in self.CLASSIFICATION:
            label = self.fields[name].label
            self.fields[name].error_messages["required"] = f"{label} wajib dipilih."

    def classification(self):
        return Classification(*(self.cleaned_data[name] for name in self.CLASSIFICATION))

    def clean(self):
        cleaned = super().clean()
        if any(self.has_error(name, "required") for name in self.CLASSIFICATION):
            self.add_error(
                None, "Kategori tiket, tipe tiket, prioritas, dan versi aplikasi wajib dipilih."
            )
        return cleaned


class TakeForm(ClassificationMixin, StepForm):
    template = "tickets/forms/take.html"
    heading = "Ambil Tiket"
    submit = "Ambil Tiket"
    confirm = (
        "Anda akan mengambil tiket {number}. Tiket yang sudah diambil tidak dapat dibatalkan. "
        "Ambil tiket?"
    )
    action = "take"
    files = None
    looks_at = ()

    def step_fields(self):
        return {"classification": self.classification()}


class ReviewForm(ClassificationMixin, StepForm):
    """An officer's 'Hasil Review' (R86-R89, R103-R115, R122, R123)."""

    template = "tickets/forms/review.html"
    heading = "Review"
    submit = "Kirim Review"
    what_is_sent = "Review"

    outcome = forms.ChoiceField(
        label="Hasil Review", error_messages={"required": "Pilih hasil review."}
    )
    feedback_from = forms.TypedChoiceField(label="Feedback dari", coerce=int, required=False)
    message = message_field("Pesan")

    ip_server = forms.GenericIPAddressField(
        label="IP Server",
        required=False,
        error_messages={"invalid": "IP Server tidak valid. Contoh: 192.0.2.10."},
    )
    port_server = forms.IntegerField(
        label="Port Server",
        required=False,
        min_value=1,
        max_value=65535,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        error_messages={
            "invalid": "Port Server harus angka 1 sampai 65535.",
            "min_value": "Port Server harus angka 1 sampai 65535.",
            "max_value": "Port Server harus angka 1 sampai 65535.",
        },
    )
    username_server = CleanTextField(label="Username Server", required=False, max_length=100)
    password_server = password_field("Password Server")
    database_name = CleanTextField(label="Nama Database", required=False, max_length=100)
    username_database = CleanTextField(label="Username Database", required=False, max_length=100)
    password_database = password_field("Password Database")
    server_note = CountedTextField(
        label="Keterangan Lainnya",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    other_channel = forms.BooleanField(
        label="Kredensial disampaikan melalui kanal aman lain", required=False
    )
    sealed = forms.CharField(widget=forms.HiddenInput, required=False)

    SERVER = (
        "ip_server",
        "port_server",
        "username_server",
        "password_server",
        "database_name",
        "username_database",
        "password_database",
    )
    PASSWORDS = ("password_server", "password_database")
    OUTCOMES = {
        "ask": ("Butuh Feedback", "Minta informasi. Tiket menunggu jawaban."),
        "escalate": ("Eskalasi", "Teruskan ke {level}."),
        "resolve": ("Selesai", "Minta Pelapor mereview solusi."),
    }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.needs_server_access = self.ticket.level == 2
        parties = MAY_ASK[self.ticket.level]
        self.fields["feedback_from"].choices = [
            (value, "Pelapor (User)" if value == 0 else party(value)) for value in parties
        ]
        self.fields["outcome"].choices = [
            (name, words[0])
            for name, words in self.OUTCOMES.items()
            if name != "escalate" or self.ticket.next_level
        ]
        if not settings.SERVER_ACCESS_OTHER_CHANNEL:
            del self.fields["other_channel"]
        if not self.needs_server_access:
            for name in (*self.SERVER, "server_note", "sealed", "other_channel"):
                self.fields.pop(name, None)
        for name in self.SERVER:
            if name in self.fields:
                self.fields[name].widget.attrs.setdefault("autocomplete", "off")
                self.fields[name].is_needed = True  # for escalation; shown without '(jika ada)'

    @property
    def server_fields(self):
        return [self[name] for name in self.SERVER]

    @property
    def outcomes(self):
        """(value, label, explanation) of each 'Hasil Review'."""
        level = self.ticket.next_level
        return [
            (value, label, self.OUTCOMES[value][1].format(level=level.label if level else ""))
            for value, label in self.fields["outcome"].choices
        ]

    @property
    def action(self):
        return self.cleaned_data["outcome"]

    @property
    def readers(self):
        """Questions to officers and escalations stay among officers."""
        asked = self.cleaned_data.get("feedback_from")
        is_internal = self.action == "escalate" or (self.action == "ask" and asked != REPORTER)
        return "petugas" if is_internal else "Pelapor"

    def clean(self):
        cleaned = super().clean()
        outcome = cleaned.get("outcome")
        if outcome == "ask" and cleaned.get("feedback_from") in (None, ""):
            choices = self.fields["feedback_from"].choices
            if len(choices) == 1:
                cleaned["feedback_from"] = choices[0][0]
            elif not self.has_error("feedback_from"):
                self.add_error("feedback_from", "Pilih tujuan feedback.")
        if self.needs_server_access and outcome != "escalate":
            for name in (*self.SERVER, "server_note"):
                self.errors.pop(name, None)  # hidden for this outcome, and not stored
        if self.needs_server_access:
            self._unseal()
            if outcome == "escalate" and not cleaned.get("other_channel"):
                self._require_server_access()
        return cleaned

    def _require_server_access(self):
        missing = [
            name
            for name in self.SERVER
            if not self.cleaned_data.get(name) and not self.has_error(name)
        ]
        for name in missing:
            self.add_error(name, f"{self.fields[name].label} wajib diisi.")
        if missing:
            self.add_error(None, "Data server wajib diisi untuk eskalasi ke LKPP Level 1.")

    def _unseal(self):
        """Passwords typed earlier into this form travel on encrypted, never in clear."""
        for name, value in self._sealed_passwords(self.cleaned_data.get("sealed")).items():
            if name in self.PASSWORDS and not self.cleaned_data.get(name):
                self.cleaned_data[name] = value

    def _sealed_passwords(self, token):
        try:
            owner, values = json.loads(box().decrypt((token or "").encode(), ttl=SEALED_FOR))
        except (InvalidToken, ValueError, TypeError):
            return {}
        return values if owner == [self.by.pk, self.ticket.pk] else {}

    @property
    def sealed_value(self):
        """The typed passwords for the hidden field of the next page; '' when there are none."""
        typed = self._typed_passwords() if self.needs_server_access else {}
        if not typed:
            return ""
        return box().encrypt(json.dumps([[self.by.pk, self.ticket.pk], typed]).encode()).decode()

    def _typed_passwords(self):
        """Those of this form, or when it is not judged, of the one that it goes on from."""
        if self.is_bound:
            values = getattr(self, "cleaned_data", {})
        else:
            sealed = self._sealed_passwords(self.initial.get("sealed"))
            values = {name: self.initial.get(name) or sealed.get(name) for name in self.PASSWORDS}
        return {name: values[name] for name in self.PASSWORDS if values.get(name)}

    def carried_value(self, name):
        return self.sealed_value if name == "sealed" else super().carried_value(name)

    def step_fields(self):
        fields = {"classification": self.classification()}
        if self.action == "ask":
            fields["feedback_from"] = self.cleaned_data["feedback_from"]
        if self.action == "escalate" and self.needs_server_access:
            fields["server_access"] = self._server_access()
        return fields

    def _server_access(self):
        """Label and value of each field, as they are sealed."""
        if self.cleaned_data.get("other_channel"):
            label = self.fields["other_channel"].label
            return {label: "Ya", "Keterangan Lainnya": self.cleaned_data["server_note"]}
        names = (*self.SERVER, "server_note")
        return {self.fields[name].label: str(self.cleaned_data[name] or "") for name in names}

    def confirmation(self):
        outcome = self.OUTCOMES[self.action][0]
        onward = ""
        if self.action == "escalate":
            onward = f"Tiket akan diteruskan ke {self.ticket.next_level.label}. "
        return (
            f'Hasil review "{outcome}" akan dikirim untuk tiket {self.ticket} dan tidak dapat '
            f"diubah. {onward}Lanjutkan?"
        )


class ReadServerAccessForm(StepForm):
    heading = "Buka Data Server"
    submit = "Buka Data Server"
    confirm = "Pembukaan Data Server dicatat dengan nama Anda dan alasannya. Buka Data Server?"
    action = "read_server_access"
    files = None
    what_is_sent = "Alasan"

    message = CleanTextField(
        label="Alasan",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Untuk apa Data Server dibuka. Dicatat dalam riwayat tiket.",
        error_messages={"required": "Alasan wajib diisi."},
    )
