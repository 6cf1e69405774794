"""What a text gives away that should not be in a ticket: a guess, made before it is sent.

A sent ticket cannot be edited, so its writer is shown what looks like a password, a code, a NIK, an
NPWP or a phone number, and decides. A pure function of the text: it asks nobody, stores nothing and
logs nothing. How good the guess is, `scripts/measure_disclosure` shows.

Every pattern is linear: its repeats are bounded, and what they may swallow does not overlap with
what follows, so that 10,000 hostile characters cost no more than 10,000 friendly ones.
"""

import re
from itertools import chain
from typing import NamedTuple

from tickets.disclosure import commands, digits, nearby, numbers, pairs, plainly, secrets, tables

# the surest first, numbers last: a number that is a password is told as a password
LOOKS = (commands, secrets, pairs, plainly, tables, nearby, digits, numbers)
BLANKS = re.compile(r"\s+")
AROUND = 24  # characters of the text shown on each side of a piece
KINDS = {
    "password": "kata sandi",  # nosec B105 # a word of the screen
    "key": "PIN, OTP, token, atau kunci",
    "nik": "NIK",
    "npwp": "NPWP",
    "phone": "nomor telepon",
}


class Finding(NamedTuple):
    """A piece of a text: `text[start:end]`, with a little of what stands around it."""

    kind: str
    start: int
    end: int
    before: str
    piece: str
    after: str

    @property
    def excerpt(self):
        return self.before + self.piece + self.after


def findings(text):
    """The pieces of `text` that look private, in reading order; none overlaps another."""
    kept = []
    for span in chain.from_iterable(look.spans(text) for look in LOOKS):
        if not any(span.start < other.end and other.start < span.end for other in kept):
            kept.append(span)
    return [_shown(text, span) for span in sorted(kept, key=lambda span: span.start)]


def _shown(text, span):
    before = BLANKS.sub(" ", text[: span.start][-AROUND:])
    after = BLANKS.sub(" ", text[span.end :][:AROUND])
    if span.start > AROUND:  # whole words, unless one fills the place
        before = "…" + (before.partition(" ")[2] or before)
    if span.end + AROUND < len(text):
        after = (after.rpartition(" ")[0] or after) + "…"
    return Finding(*span, before, text[span.start : span.end], after)
