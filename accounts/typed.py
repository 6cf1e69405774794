"""What people type into fields for searching, made fit for PostgreSQL."""

import re

LONGEST = 200  # characters of a search that are looked at
# Each '-' is a NOT around all that follows: some dozens of them end in 'tsquery stack too small'
SIGNS = re.compile(r"(?:(?<=\s)|^)[-\s]*-(?=\S)")
LOOSE = re.compile(r"(?:(?<=\s)|^)-+(?=\s|$)")


def for_websearch(text):
    """One line for websearch_to_tsquery: without NUL, cut to LONGEST, one '-' before a word."""
    line = " ".join(text.replace("\0", " ").split())[:LONGEST].strip()
    return SIGNS.sub("-", LOOSE.sub("", line)).strip()
