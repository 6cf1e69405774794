"""What reporters fill in: a new ticket, answers (officers too), their verdict, their rating."""

import re

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction

from accounts import identity, limits
from accounts.models import Lpse
from tickets.forms.base import MESSAGE_LIMIT, CountedTextField, StepForm, TitleField, message_field
from tickets.models import Event, Ticket


class AnswerForm(StepForm):
    heading = "Balas Feedback"
    submit = "Kirim Feedback"
    confirm = (
        "Pastikan pesan sudah benar. Feedback tidak dapat diubah setelah dikirim. Kirim feedback?"
    )
    action = "answer"
    what_is_sent = "Feedback"

    message = message_field("Kirim Pesan", help_text="Jawab semua yang ditanyakan.")
    field_order = ["message", "files"]


class ReopenForm(StepForm):
    """'Buka Kembali' of a ticket that the portal closed by itself (R135)."""

    heading = "Buka Kembali"
    submit = "Buka Kembali"
    confirm = (
        "Pastikan pesan sudah benar. Pesan tidak dapat diubah setelah dikirim. "
        "Buka kembali tiket {number}?"
    )
    action = "reopen"

    message = message_field(
        "Kirim Pesan",
        help_text="Jawab pertanyaan petugas, atau jelaskan apa yang masih gagal.",
    )
    field_order = ["message", "files"]


class VerdictForm(StepForm):
    """A reporter's 'Hasil Review' (R52-R54)."""

    template = "tickets/forms/verdict.html"
    heading = "Beri Review"
    submit = "Kirim Review"
    confirm = (
        "Pastikan hasil review sudah benar. Review tidak dapat diubah setelah dikirim. "
        "Kirim review?"
    )
    what_is_sent = "Review"

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
    message.is_needed = True  # for 'Belum', as its hint says: no '(jika ada)'
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
    page_template = "tickets/rating.html"
    heading = "Beri Penilaian"
    submit = "Kirim Penilaian"
    confirm = (
        "Pastikan penilaian sudah benar. Penilaian tidak dapat diubah setelah dikirim. "
        "Kirim penilaian?"
    )
    action = "rate"
    files = None
    looks_at = ("suggestion",)
    what_is_sent = "Penilaian"

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
    suggestion.is_needed = True  # for one to three stars, as its hint says: no '(jika ada)'

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


class CreateForm(StepForm):
    """A new ticket (R24-R37)."""

    template = "tickets/forms/create.html"
    heading = "Buat Tiket Baru"
    confirm = (
        "Pastikan data yang Anda isi sudah benar. Tiket tidak dapat diubah setelah dikirim. "
        "Kirim tiket?"
    )
    looks_at = ("title", "description")
    what_is_sent = "Tiket"
    readers = "petugas LPSE"

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
    title = TitleField(
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
        if not self.errors and (wait := limits.seconds_to_wait("ticket", self.by.pk)):
            self.add_error(None, self._too_many(wait))  # told before files are sent for nothing
        return cleaned

    def _too_many(self, wait):
        """The sentence of the limit; the form stays as it is, with its files."""
        self.limit, self.wait = "ticket", wait
        at_most = settings.RATE_LIMITS["ticket"][0]
        return ValidationError(
            f"Anda sudah mengirim {at_most} tiket dalam satu jam. Isian dan file Anda masih ada di "
            f"sini. Kirim lagi dalam {limits.minutes(wait)} menit."
        )

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
        """Send the ticket and count it; ValidationError when there were too many lately."""
        key = self.cleaned_data["key"]
        with transaction.atomic():  # whoever counts next waits for the end of this one
            wait = limits.hit("ticket", self.by.pk)
            if (
                event := Event.objects.select_related("ticket")
                .filter(actor=self.by, key=key)
                .first()
            ):
                transaction.set_rollback(True)  # the other click of a double click: counted once
                return event
            if not wait:
                return self._send(ip)
        raise self._too_many(wait)

    def _send(self, ip):
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
