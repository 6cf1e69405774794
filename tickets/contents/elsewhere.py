"""What a document asks for by itself: targets beyond the reader's disk, and Word's fields."""

import re
from urllib.parse import unquote

SCHEME = r"[a-z][a-z0-9+.-]+:"  # two letters at least: C: is a drive
# Windows and macOS; in file://c:80/ and file:///c:@host/ a host is hidden
ON_DISK = re.compile(r"file://(?:/[a-z]:[\\/]|localhost/(?![\\/]))", re.IGNORECASE)
ELSEWHERE = re.compile(rf"{SCHEME}|[/\\]{{2}}", re.IGNORECASE)
SHARE = re.compile(r"(?:file:)?[/\\]{2}", re.IGNORECASE)

# A field's instruction is free text: INCLUDETEXT "https://…" \* MERGEFORMAT
RUNS = re.compile(r"\s*DDE", re.IGNORECASE)  # DDE and DDEAUTO
FETCHES = re.compile(r"\s*(?:INCLUDE(?:TEXT|PICTURE)?|IMPORT|LINK|DATABASE)", re.IGNORECASE)
PICTURE = re.compile(r"\s*(?:INCLUDEPICTURE|IMPORT)", re.IGNORECASE)
ASKS_ELSEWHERE = re.compile(rf'{SCHEME}[/\\]|(?:^|[\s"“”])[/\\]{{2}}', re.IGNORECASE)
ASKS_SHARE = re.compile(r'file:[/\\]|(?:^|[\s"“”])[/\\]{2}', re.IGNORECASE)
LONGEST = 4096  # characters of an instruction that are looked at
UNKNOWN = "\0"  # stands in an instruction for what is computed, or too long to be read


def is_elsewhere(target):
    """Whether the target is neither a part of the document nor on a drive of the reader's."""
    target = unquote(target).strip()
    return bool(ELSEWHERE.match(target)) and not ON_DISK.match(target)


def is_share(target):
    """Whether asking for the target tells a file server the digest of the reader's password."""
    target = unquote(target).strip()
    return bool(SHARE.match(target)) and not ON_DISK.match(target)


def is_asked_by(instruction):
    """Whether Word runs or fetches something when it meets a field with this instruction.

    A picture pasted from a page keeps its address and brings its pixels along: it passes.
    """
    known = instruction.replace(UNKNOWN, "")
    if RUNS.match(known):
        return True
    if not (keyword := FETCHES.match(known)):
        return False
    asked = ON_DISK.sub("", known[keyword.end() :])
    asks = ASKS_SHARE if _is_pasted_picture(known) else ASKS_ELSEWHERE
    return UNKNOWN in instruction or bool(asks.search(asked))


def _is_pasted_picture(instruction):
    switches = re.sub(r'["“”][^"“”]*["“”]', "", instruction).upper()
    return (
        bool(PICTURE.match(instruction)) and "MERGEFORMATINET" in switches and r"\D" not in switches
    )
