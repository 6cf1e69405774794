"""Where a piece stands in a text, and what it looks like."""

from typing import NamedTuple


class Span(NamedTuple):
    kind: str
    start: int
    end: int
