"""What a form is about to send that looks private, as it is told before sending.

Only shown to the person who typed it: never logged, never stored.
"""

from typing import NamedTuple

from tickets.disclosure import KINDS, findings

MOST = 5  # notices that a person reads; more are only counted
SEALED = (
    "Jangan kirim dokumen penawaran sebelum jadwal pembukaan. Jadwal itu tidak kami ketahui, "
    "jadi peringatan ini selalu tampil untuk file .rhs."
)


class Notice(NamedTuple):
    """A found piece and its place: `field` of the form, the words around it."""

    field: str
    sentence: str
    before: str
    piece: str
    after: str
    remark: str = ""


def notices(form):
    """Those of the form's texts in the order of its fields, then of its files."""
    return [*_in_texts(form), *_among_files(form)]


def _in_texts(form):
    for name in form.looks_at:
        label = form.fields[name].label
        for found in findings(form.cleaned_data.get(name) or ""):
            sentence = f"{label}: tampaknya memuat {KINDS[found.kind]}:"
            yield Notice(name, sentence, found.before, found.piece, found.after)


def _among_files(form):
    """Sealed bids. Files that wait in the browser are known by name only, those sent by draft."""
    waiting = form.data.getlist("nama") if form.takes_files else []
    for name in dict.fromkeys([*(draft.name for draft in form.kept), *waiting]):
        if name.lower().endswith(".rhs"):
            sentence = "Upload File: tampaknya memuat file penawaran terenkripsi:"
            yield Notice("files", sentence, "", name, "", SEALED)
