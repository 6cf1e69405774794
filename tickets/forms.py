"""What people type, checked; a form asks the model, it does not decide.

Each form knows the action that it leads to and the fields that Ticket.perform takes for it.
"""

import json
import re
import unicodedata
import uuid

from cryptography.fernet import InvalidToken
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Q

from accounts import identity
from accounts.models import Lpse
from accounts.vault import box
from tickets import uploads
from tickets.models import AppVersion, Category, Draft, Ticket
from tickets.wording import party
from tickets.workflow import MAY_ASK, Classification

MESSAGE_LIMIT = 10_000
UNSEEN = re.compile(r"[\x01-\x08\x0b\x0c\x0e-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
BLANKS = "\u115f\u1160\u2800\u3164\uffa0"  # fillers of Hangul, the empty Braille cell
HIDDEN_FIELDS_LOST = "Formulir tidak lengkap. Muat ulang halaman lalu coba lagi."
SEALED_FOR = 3600  # seconds that typed passwords travel with an unsent form


def is_visible(character):
    """Letters, digits, signs and pictures, but not those that are drawn as nothing."""
    return unicodedata.category(character)[0] in "LNPS" and character not in BLANKS


class CleanTextField(forms.CharField):
    """Text without control and direction characters; a line break counts as one character."""

    def to_python(self, value):
        value = super().to_python(value)
        value = UNSEEN.sub("", value.replace("\r\n", "\n").replace("\r", "\n")).strip()
        return value if any(map(is_visible, value)) or "\0" in value else ""


class CountedTextField(CleanTextField):
    """A text whose length is shown while it is typed."""

    is_counted = True


def message_field(label, **options):
    return CountedTextField(
        label=label,
        max_length=MESSAGE_LIMIT,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={
            "required": "Pesan wajib diisi.",
            "max_length": "Pesan maksimal 10.000 karakter.",
        },
        **options,
    )


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files of one input, as a list; what each may be, uploads.check says."""

    widget = FilesInput(
        attrs={
            "accept": uploads.ACCEPT,
            "data-max-size": uploads.MAX_FILE_SIZE,
            "data-max-files": uploads.MAX_FILES,
        }
    )

    def clean(self, data, initial=None):
        return [upload for upload in data or [] if upload]


def _label_of_choice(field):
    """What a person reads for the value of a bound field."""
    value = field.value()
    if isinstance(value, bool):
        return "Ya"
    choices = {str(key): label for key, label in getattr(field.field, "choices", ())}
    return choices.get(str(value), value)


class StepForm(forms.Form):
    """A form of one act: keyed against double sending, with the files it has received so far.

    `ticket` is None for a new one. `uploads` that are fine are kept as drafts of the form even when
    something else is wrong, so nobody has to choose them again.
    """

    template = "tickets/forms/plain.html"
    action = ""  # the step that the form asks for
    heading = ""
    submit = "Kirim"
    confirm = ""

    key = forms.UUIDField(
        widget=forms.HiddenInput,
        error_messages={"required": HIDDEN_FIELDS_LOST, "invalid": HIDDEN_FIELDS_LOST},
    )
    seen = forms.IntegerField(
        widget=forms.HiddenInput,
        error_messages={"required": HIDDEN_FIELDS_LOST, "invalid": HIDDEN_FIELDS_LOST},
    )
    files = FilesField(
        label="Upload File",
        required=False,
        help_text=(
            "Format jpg, png, txt, doc, docx, xls, xlsx, pdf, zip, rar, rhs. "
            "Maksimum 50 MB per file, paling banyak 5 file."
        ),
    )

    def __init__(self, data=None, files=None, *, ticket=None, by, initial=None):
        seen = ticket.last_event if ticket else 0
        initial = initial or {}
        self.is_fresh = data is None and "key" not in initial  # nothing was received under its key
        super().__init__(data, files, initial={"key": uuid.uuid4(), "seen": seen} | initial)
        self.ticket, self.by = ticket, by
        self.warnings = {}  # by field name: what looks wrong but does not block

    @property
    def takes_files(self):
        return "files" in self.fields

    @property
    def form_key(self):
        """The key as a UUID, or None when somebody tampered with it."""
        try:
            return uuid.UUID(str(self["key"].value()))
        except ValueError:
            return None

    @property
    def kept(self):
        """The files received so far."""
        if self.is_fresh or self.form_key is None or not self.takes_files:
            return Draft.objects.none()
        return Draft.objects.of_form(self.form_key, self.by)

    @classmethod
    def unsent(cls, data, *, ticket, by):
        """The form as it was typed, not yet judged: after a file was taken off, or 'Batal'."""
        return cls(ticket=ticket, by=by, initial=data.dict())

    def discard(self, pk):
        """Take a received file off the form again."""
        if pk.isdecimal():
            self.kept.filter(pk=pk).discard()

    def see_now(self, ticket):
        """After the ticket has moved on: sending again counts as having seen it."""
        self.data = self.data.copy()
        self.data["seen"] = ticket.last_event
        self.ticket = ticket

    def clean_files(self):
        """Receive what is fine, name what is not."""
        room = uploads.MAX_FILES - self.kept.count()
        problems = []
        for upload in self.cleaned_data["files"]:
            try:
                uploads.check(upload)
            except ValidationError as error:
                problems.extend(error.messages)
                continue
            if room <= 0:
                problems.append(f"{uploads.clean_name(upload.name)}: Paling banyak 5 file.")
            elif self.form_key:
                Draft.objects.receive(upload, key=self.form_key, owner=self.by)
                room = uploads.MAX_FILES - self.kept.count()
        kept = list(self.kept)
        if len(kept) > uploads.MAX_FILES:
            problems.append(f"Paling banyak {uploads.MAX_FILES} file. Hapus sebagian.")
        if problems:
            raise ValidationError(problems)
        return kept

    def step_fields(self):
        """What this step takes besides message and files."""
        return {}

    def verdict(self):
        """What the pop-up needs to know before it opens."""
        fine = self.is_valid()
        return {
            "ok": fine,
            "sentence": self.confirmation() if fine else "",
            "warnings": list(self.warnings.values()),
        }

    @property
    def typed(self):
        """(label, text) of every longer text, to hand back when the form cannot be sent."""
        areas = (field for field in self if isinstance(field.field.widget, forms.Textarea))
        return [(field.label, field.value()) for field in areas if field.value()]

    @property
    def shown_fields(self):
        """(label, value) of what was typed, for the confirm page, without secrets and files."""
        hidden = forms.HiddenInput, forms.PasswordInput, forms.FileInput
        for field in self:
            if not isinstance(field.field.widget, hidden) and field.value() not in (None, ""):
                yield {"label": field.label, "value": _label_of_choice(field)}

    @property
    def carried(self):
        """(name, value) of everything that the confirm page posts on; passwords only encrypted."""
        secret = forms.PasswordInput, forms.FileInput
        for field in self:
            value = self.carried_value(field.name)
            if not isinstance(field.field.widget, secret) and value not in (None, "", False):
                yield field.html_name, value

    def carried_value(self, name):
        return self[name].value()

    def confirmation(self):
        """The sentence of the pop-up."""
        return self.confirm.format(number=self.ticket)

    def perform(self, ip):
        """Do the step; return its event."""
        return self.ticket.perform(
            self.action,
            by=self.by,
            message=self.cleaned_data.get("message", ""),
            files=self.cleaned_data.get("files", ()),
            key=self.cleaned_data["key"],
            seen=self.cleaned_data["seen"],
            ip=ip,
            **self.step_fields(),
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

    def step_fields(self):
        return {"classification": self.classification()}


class AnswerForm(StepForm):
    heading = "Balas Feedback"
    submit = "Kirim Feedback"
    confirm = (
        "Pastikan pesan sudah benar. Feedback tidak dapat diubah setelah dikirim. Kirim feedback?"
    )
    action = "answer"

    message = message_field("Kirim Pesan", help_text="Jawab semua yang ditanyakan.")
    field_order = ["message", "files"]


class ReviewForm(ClassificationMixin, StepForm):
    """An officer's 'Hasil Review' (R86-R89, R103-R115, R122, R123)."""

    template = "tickets/forms/review.html"
    heading = "Review"
    submit = "Kirim Review"

    outcome = forms.ChoiceField(
        label="Hasil Review", error_messages={"required": "Pilih hasil review."}
    )
    feedback_from = forms.TypedChoiceField(label="Feedback dari", coerce=int, required=False)
    message = message_field("Pesan")

    ip_server = forms.GenericIPAddressField(
        label="IP Server", required=False, error_messages={"invalid": "IP Server tidak valid."}
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
    password_server = forms.CharField(
        label="Password Server",
        required=False,
        max_length=200,
        strip=False,
        widget=forms.PasswordInput,
    )
    database_name = CleanTextField(label="Nama Database", required=False, max_length=100)
    username_database = CleanTextField(label="Username Database", required=False, max_length=100)
    password_database = forms.CharField(
        label="Password Database",
        required=False,
        max_length=200,
        strip=False,
        widget=forms.PasswordInput,
    )
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
                self.fields[name].widget.attrs["autocomplete"] = "off"
                self.fields[name].is_needed = True  # for escalation; shown without '(jika ada)'
        for name in self.PASSWORDS:
            if name in self.fields:
                self.fields[name].widget.attrs["autocomplete"] = "new-password"

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

    def clean(self):
        cleaned = super().clean()
        outcome = cleaned.get("outcome")
        if outcome == "ask" and cleaned.get("feedback_from") in (None, ""):
            choices = self.fields["feedback_from"].choices
            if len(choices) == 1:
                cleaned["feedback_from"] = choices[0][0]
            elif not self.has_error("feedback_from"):
                self.add_error("feedback_from", "Pilih tujuan feedback.")
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


class VerdictForm(StepForm):
    """A reporter's 'Hasil Review' (R52-R54)."""

    template = "tickets/forms/verdict.html"
    heading = "Beri Review"
    submit = "Kirim Review"
    confirm = (
        "Pastikan hasil review sudah benar. Review tidak dapat diubah setelah dikirim. "
        "Kirim review?"
    )

    outcome = forms.ChoiceField(
        label="Hasil Review",
        choices=[("accept", "OK, Selesai"), ("reject", "Belum, Kirim Pesan Lagi")],
        error_messages={"required": "Pilih hasil review."},
    )
    message = message_field(
        "Kirim Pesan",
        required=False,
        help_text="Wajib diisi bila masalah belum teratasi. Jelaskan apa yang masih gagal.",
    )
    outcomes = (
        (
            "accept",
            "OK, Selesai",
            "Masalah sudah teratasi. Tiket ditutup dan Anda dapat memberi penilaian.",
        ),
        (
            "reject",
            "Belum, Kirim Pesan Lagi",
            "Masalah belum teratasi. Tiket kembali ke petugas yang sama.",
        ),
    )

    @property
    def action(self):
        return self.cleaned_data["outcome"]

    def clean(self):
        cleaned = super().clean()
        rejects = cleaned.get("outcome") == "reject"
        if rejects and not cleaned.get("message") and not self.has_error("message"):
            self.add_error("message", "Pesan wajib diisi.")
        return cleaned


class RateForm(StepForm):
    template = "tickets/forms/rate.html"
    heading = "Beri Penilaian"
    submit = "Kirim Penilaian"
    confirm = (
        "Pastikan penilaian sudah benar. Penilaian tidak dapat diubah setelah dikirim. "
        "Kirim penilaian?"
    )
    action = "rate"
    files = None

    STARS = ((1, "Sangat Buruk"), (2, "Buruk"), (3, "Cukup"), (4, "Baik"), (5, "Sangat Baik"))
    stars = forms.TypedChoiceField(
        label="Penilaian Anda",
        coerce=int,
        choices=STARS,
        error_messages={"required": "Pilih 1 sampai 5 bintang."},
    )
    suggestion = CountedTextField(
        label="Saran dan Masukan",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="Wajib diisi untuk penilaian 1–3 bintang.",
        error_messages={"max_length": "Saran dan masukan maksimal 1.000 karakter."},
    )

    def clean(self):
        cleaned = super().clean()
        stars = cleaned.get("stars")
        if (
            stars
            and stars <= 3
            and not cleaned.get("suggestion")
            and "suggestion" not in self.errors
        ):
            self.add_error(
                "suggestion", "Saran dan masukan wajib diisi untuk penilaian 1–3 bintang."
            )
        return cleaned

    def step_fields(self):
        return {"stars": self.cleaned_data["stars"], "suggestion": self.cleaned_data["suggestion"]}


class ReadServerAccessForm(StepForm):
    heading = "Buka Data Server"
    submit = "Buka Data Server"
    confirm = "Pembukaan Data Server dicatat dengan nama Anda dan alasannya. Buka Data Server?"
    action = "read_server_access"
    files = None

    message = CleanTextField(
        label="Alasan",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Untuk apa Data Server dibuka. Dicatat dalam riwayat tiket.",
        error_messages={"required": "Alasan wajib diisi."},
    )


class CreateForm(StepForm):
    """A new ticket (R24-R37)."""

    template = "tickets/forms/create.html"
    heading = "Buat Tiket Baru"
    confirm = (
        "Pastikan data yang Anda isi sudah benar. Tiket tidak dapat diubah setelah dikirim. "
        "Kirim tiket?"
    )

    identity_number = forms.CharField(
        max_length=40,
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "off", "class": "w-code"}
        ),
    )
    package_code = forms.CharField(
        label="Kode Tender/Kode Paket",
        required=False,
        max_length=60,
        help_text="Contoh: 8214757. Lihat di halaman informasi tender pada SPSE.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "class": "w-code"}),
    )
    no_package = forms.BooleanField(label="Permasalahan tidak terkait paket", required=False)
    title = CountedTextField(
        label="Judul",
        max_length=100,
        help_text="Maksimal 100 karakter. Sebutkan apa yang gagal dan di bagian mana.",
        error_messages={
            "required": "Judul wajib diisi.",
            "max_length": "Judul maksimal 100 karakter.",
        },
    )
    description = CountedTextField(
        label="Deskripsi",
        max_length=MESSAGE_LIMIT,
        help_text="Jelaskan permasalahan, langkah yang dilakukan, dan waktu kejadian.",
        widget=forms.Textarea(attrs={"rows": 7}),
        error_messages={
            "required": "Deskripsi wajib diisi.",
            "max_length": "Deskripsi maksimal 10.000 karakter.",
        },
    )
    error_code = forms.CharField(
        label="Kode Error",
        required=False,
        max_length=40,
        help_text="Tertulis di halaman error SPSE, 6 sampai 12 huruf atau angka.",
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "spellcheck": "false", "class": "w-code code"}
        ),
    )

    def __init__(self, *args, by, **kwargs):
        initial = {"identity_number": identity.spaced(by.identity_number)}
        kwargs["initial"] = initial | (kwargs.get("initial") or {})
        super().__init__(*args, by=by, **kwargs)
        field = self.fields["identity_number"]
        field.label, self.identity_name = (
            ("No. NPWP", "NPWP") if by.is_penyedia else ("No. NIP", "NIP")
        )
        known = "Terisi dari profil Anda. " if by.identity_number else ""
        field.help_text = known + ("15 atau 16 digit." if by.is_penyedia else "18 digit.")
        field.error_messages["required"] = f"{self.identity_name} wajib diisi."
        self.fields["package_code"].is_needed = True  # unless the box below it is ticked

    @property
    def identity_warning(self):
        return self.warnings.get("identity_number", "")

    @property
    def package_warning(self):
        return self.warnings.get("package_code", "")

    def clean_identity_number(self):
        value = self.cleaned_data["identity_number"]
        if not self.by.is_penyedia:
            return identity.clean_nip(value)
        digits = identity.clean_npwp(value)
        if warning := identity.npwp_warning(digits):
            self.warnings["identity_number"] = warning
        return digits

    def clean_package_code(self):
        """A tender code is 5 to 14 digits, a package code letters, digits and hyphens."""
        code = re.sub(r"\s", "", self.cleaned_data["package_code"]).upper()
        if code and not re.fullmatch(r"[0-9]{5,14}|(?=.*[A-Z-])[A-Z0-9-]{6,40}", code):
            raise ValidationError("Kode tender/paket tidak dikenali. Contoh: 8214757.")
        return code

    def clean_error_code(self):
        code = self.cleaned_data["error_code"].strip()
        if code and not re.fullmatch(r"[0-9A-Za-z]{6,12}", code):
            raise ValidationError("Kode Error terdiri atas 6 sampai 12 huruf atau angka.")
        return code

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("no_package"):
            cleaned["package_code"] = ""
        elif not cleaned.get("package_code") and not self.has_error("package_code"):
            self.add_error(
                "package_code",
                "Kode tender/paket wajib diisi, atau centang “Permasalahan tidak terkait paket”.",
            )
        elif warning := self._other_lpse(cleaned.get("package_code", "")):
            self.warnings["package_code"] = warning
        return cleaned

    def _other_lpse(self, code):
        """A sentence when a tender code's last three digits are another LPSE's, else '' (R37)."""
        suffix, own = code[-3:], self.by.lpse.tender_suffix
        if not code.isdecimal() or not own or suffix in {own, "000"}:
            return ""
        other = Lpse.objects.filter(code=str(int(suffix))).first()
        return (
            f"Kode tender ini milik {other}. Pastikan LPSE yang dipilih sudah benar."
            if other
            else ""
        )

    def perform(self, ip):
        cleaned = self.cleaned_data
        names = ("identity_number", "package_code", "error_code", "title")
        return Ticket.objects.send(
            by=self.by,
            key=cleaned["key"],
            message=cleaned["description"],
            files=cleaned["files"],
            ip=ip,
            **{name: cleaned[name] for name in names},
        )
