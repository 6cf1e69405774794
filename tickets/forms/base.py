"""What all forms about tickets share.

Each form knows the action that it leads to and the fields that Ticket.perform takes for it; a form
asks the model, it does not decide.
"""

import re
import unicodedata
import uuid
from functools import cached_property

from django import forms
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string

from accounts import limits
from tickets import contents, uploads
from tickets.forms import found
from tickets.models import Draft

MESSAGE_LIMIT = 10_000
MOST_LOOKED_AT = 2 * uploads.MAX_FILES  # files of one request
UNSEEN = re.compile(r"[\x01-\x08\x0b\x0c\x0e-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
BLANKS = "\u115f\u1160\u2800\u3164\uffa0"  # fillers of Hangul, the empty Braille cell
TOO_FAST = "Terlalu banyak file dalam waktu singkat. Coba lagi dalam {} menit."
TOO_MANY_UNSENT = (
    "File yang Anda unggah tetapi belum dikirim sudah terlalu banyak. Kirim atau hapus dahulu file "
    "di formulir lain. File yang tidak dikirim dihapus setelah satu hari."
)
HIDDEN_FIELDS_LOST = "Formulir tidak lengkap. Muat ulang halaman lalu coba lagi."


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
    """A text whose length is shown while it is typed.

    The browser gets no `maxlength`: it would cut a pasted text short without a word.
    """

    is_counted = True

    def widget_attrs(self, widget):
        attrs = super().widget_attrs(widget)
        attrs.pop("maxlength", None)
        return attrs


class TitleField(CountedTextField):
    """A counted text of one line, whatever a forged form sends."""

    def to_python(self, value):
        return " ".join(super().to_python(value).split())


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
    """Several files of one input, as a list; what each may be, contents.check says."""

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
    page_template = "tickets/answer.html"  # around a reporter's form
    action = ""  # the step that the form asks for
    heading = ""
    submit = "Kirim"
    confirm = ""
    looks_at = ("message",)  # the texts in which something private is looked for before sending
    what_is_sent = "Pesan"
    readers = "petugas"

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
        self.received = []  # drafts of the files that came with this request
        self.looked_at = 0  # files of this request
        self.limit, self.wait = "", 0  # what refused something, and for how many seconds more
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
        return Draft.objects.of_form(self.form_key, self.by).with_scan()

    @classmethod
    def unsent(cls, data, *, ticket, by):
        """The form as it was typed, not yet judged: after a file was taken off, or 'Batal'.

        'Perbaiki' is a 'Batal' that names the field to mend: the focus goes there.
        """
        form = cls(ticket=ticket, by=by, initial=data.dict())
        if mended := form.fields.get(data.get("batal")):
            mended.widget.attrs["autofocus"] = True
        return form

    def discard(self, pk):
        """Take a received file off the form again."""
        if pk.isascii() and pk.isdecimal() and len(pk) < 19:  # what a key of the database can be
            self.kept.filter(pk=pk).discard()

    def see_now(self, ticket):
        """After the ticket has moved on: sending again counts as having seen it."""
        self.data = self.data.copy()
        self.data["seen"] = ticket.last_event
        self.ticket = ticket

    def clean_files(self):
        """Receive what is fine, name what is not."""
        problems = []
        for upload in self.cleaned_data["files"]:
            try:
                self._receive(upload)
            except ValidationError as error:
                problems.extend(error.messages)
        kept = list(self.kept)
        if len(kept) > uploads.MAX_FILES:
            problems.append(f"{uploads.TOO_MANY} Hapus sebagian.")
        problems += self._drop_infected(kept)
        if problems:
            raise ValidationError(problems)
        return kept

    def _receive(self, upload):
        """Keep one file, or raise what is against it.

        Looking into a file costs time: what is refused counts too, and there are not many a post.
        """
        name = uploads.clean_name(upload.name)
        self.looked_at += 1
        if self.kept.count() >= uploads.MAX_FILES or self.looked_at > MOST_LOOKED_AT:
            raise ValidationError(f"{name}: {uploads.TOO_MANY}")
        is_new = not self.kept.same_as(upload).exists()
        if is_new and (problem := self._refusal(upload)):
            raise ValidationError(f"{name}: {problem}")
        contents.check(upload)
        if self.form_key:
            self.received.append(Draft.objects.receive(upload, key=self.form_key, owner=self.by))

    def _refusal(self, upload):
        """Why this person may send no further file now; '' when they may."""
        if Draft.objects.filter(owner=self.by).is_full_for(upload):
            return TOO_MANY_UNSENT
        self.limit = "upload"
        self.wait = self.wait or limits.hit("upload", self.by.pk)
        return TOO_FAST.format(limits.minutes(self.wait)) if self.wait else ""

    def _drop_infected(self, kept):
        """Sentences about files whose virus was found after they had arrived; they are off now."""
        found = [draft for draft in kept if draft.is_infected]
        if found:
            self.kept.filter(pk__in=[draft.pk for draft in found]).discard()
        return [f"{draft.name}: File ini berisi virus dan dihapus dari daftar." for draft in found]

    def step_fields(self):
        """What this step takes besides message and files."""
        return {}

    def aside(self, asked):
        """The answer to a page that asks before it sends the form; None for the form itself."""
        if "periksa" in asked:
            return self.verdict()
        return self.reception() if "unggah" in asked else None

    def reception(self):
        """What became of the files that came ahead of their form."""
        self.is_valid()
        received = [{"pk": draft.pk, "name": draft.name} for draft in self.received]
        return {"received": received, "problems": self.errors.get("files", [])}

    def verdict(self):
        """What the pop-up needs to know before it opens."""
        fine = self.is_valid()
        verdict = {
            "ok": fine,
            "sentence": self.confirmation() if fine else "",
            "warnings": list(self.warnings.values()),
        }
        return verdict | {"found": self.found_part()} if fine and self.notices else verdict

    @cached_property
    def notices(self):
        """What of a valid form looks private; the person decides whether it is sent like that."""
        return found.notices(self)

    @property
    def shown_notices(self):
        return self.notices[: found.MOST]

    @property
    def further_notices(self):
        """How many are only counted."""
        return len(self.notices[found.MOST :])

    @property
    def stays(self):
        """Why it matters what is sent."""
        return f"{self.what_is_sent} tidak dapat diubah setelah dikirim dan dibaca {self.readers}."

    def found_part(self):
        """The part of the pop-up that shows the notices."""
        return render_to_string("tickets/forms/_found.html", {"form": self})

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
