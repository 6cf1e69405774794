"""Invented messages, what each gives away, and how much of it is found.

`known.toml` and `second_a.toml` are what tickets.disclosure was tuned on. `held_out.toml` was
written before it, `second_b.toml` by the author of `second_a.toml`, who did not know what is looked
for. These two are only measured: who reads them to mend takes the honest figure away.
"""

import tomllib
from collections import Counter
from pathlib import Path
from typing import NamedTuple

from tickets.disclosure import KINDS, findings

PARTS = ("known", "held_out", "second_a", "second_b")
FOLDER = Path(__file__).resolve().parent


class Message(NamedTuple):
    text: str
    pieces: list  # [(kind, piece of the text)]


class Measure(NamedTuple):
    messages: int
    clean: int
    expected: dict  # {kind: pieces}
    missed: list  # [(text, kind, piece)]
    alarmed: list  # [(clean text, [(kind, piece found)])]

    @property
    def recall(self):
        return 1 - len(self.missed) / sum(self.expected.values())

    @property
    def alarm_rate(self):
        return len(self.alarmed) / self.clean

    def missed_of(self, kind):
        return sum(missed[1] == kind for missed in self.missed)


def read(part):
    """The messages of one of PARTS."""
    rows = tomllib.loads((FOLDER / f"{part}.toml").read_text())["message"]
    return [Message(row["text"], _pieces(row)) for row in rows]


def _pieces(row):
    return [(kind, piece) for kind in KINDS for piece in row.get(kind, [])]


def measure(messages):
    """A piece is found by a finding of its kind that overlaps it; a clean message has none."""
    missed, alarmed = [], []
    for text, pieces in messages:
        found = findings(text)
        missed += [(text, *piece) for piece in pieces if not _is_found(text, found, *piece)]
        if found and not pieces:
            alarmed.append((text, [(finding.kind, finding.piece) for finding in found]))
    counted = Counter(kind for _, pieces in messages for kind, _ in pieces)
    clean = sum(not pieces for _, pieces in messages)
    return Measure(len(messages), clean, dict(counted), missed, alarmed)


def _is_found(text, found, kind, piece):
    start = text.index(piece)
    end = start + len(piece)
    return any(
        finding.kind == kind and finding.start < end and start < finding.end for finding in found
    )
