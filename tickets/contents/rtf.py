"""RTF: no objects, no template and no field that fetches or runs when it is opened."""

import re

from tickets.contents import elsewhere
from tickets.contents.refusal import BOMB, CHUNK, OBJECT, REMOTE, require

OBJECTS = re.compile(rb"\\(?:objdata|objupdate|objautlink|objocx|objhtml)", re.IGNORECASE)
ASKING = re.compile(rb"\\(fldinst|template)(?![a-z])", re.IGNORECASE)
TOKEN = re.compile(
    rb"""
    \\'(?P<code>[0-9a-f]{2}) | \\u(?P<number>-?\d{1,9})\ ? | (?P<word>\\[a-z]+-?\d*\ ?) |
    \\(?P<symbol>[^a-z]) | (?P<brace>[{}]) | [\r\n]+ | (?P<plain>[^\\{}\r\n]+)
    """,
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
BLANKS = {b"\\tab", b"\\line", b"\\par"}
NOTHING = " \t" + elsewhere.UNKNOWN
LONGEST_WORD = 16
LONGEST_GROUP = 2**15  # bytes of a field's instruction, with all its letters' looks
MAX_GROUPS = 8 * 2**20  # bytes of all of them together: some 40,000 links


def check(file):
    """Refuses the RTF in the open file, unless opening it neither fetches nor runs anything."""
    total = 0
    for word, group in _groups(file):
        text, end = _read(group)
        total += len(word) + end
        require(total <= MAX_GROUPS, BOMB)
        require(end < LONGEST_GROUP or text.strip(NOTHING))  # what follows so many blanks?
        require(not _asks(word.lower(), text), REMOTE)


def _groups(file):
    """Each word of ASKING and what follows it, up to the next; on the way looks for objects."""
    rest = b""
    while True:
        chunk = file.read(CHUNK)
        rest += chunk
        require(not OBJECTS.search(rest), OBJECT)
        done = max(0, len(rest) - LONGEST_WORD) if chunk else len(rest)
        for match in ASKING.finditer(rest):
            if chunk and match.end() + LONGEST_GROUP > len(rest):
                done = min(done, match.start())
                break
            yield match[1], _until_next(rest, match.end())
            done = max(done, match.end())
        rest = rest[done:]
        if not chunk:
            return


def _until_next(data, start):
    end = min(len(data), start + LONGEST_GROUP)
    following = ASKING.search(data, start, end)
    return data[start : following.start() if following else end]


def _asks(word, text):
    if word == b"template":
        return elsewhere.UNKNOWN in text or elsewhere.is_elsewhere(text)
    return elsewhere.is_asked_by(text)


def _read(group):
    """The letters of the group, and where it ends; UNKNOWN if it goes on behind what is known."""
    text, depth = [], 0
    for match in TOKEN.finditer(group):
        depth += {b"{": 1, b"}": -1}.get(match["brace"], 0)
        if depth < 0:
            return "".join(text), match.end()
        text.append(_letters(match))
    return "".join(text) + elsewhere.UNKNOWN, len(group)


def _letters(match):
    if match["number"]:
        code = int(match["number"]) & 0xFFFF
        require(code > 127)  # no program writes plain letters so: who does has something to hide
        return chr(code)
    if match["code"]:
        return bytes.fromhex(match["code"].decode()).decode("latin-1")
    if match["symbol"]:
        return match["symbol"].decode() if match["symbol"] in b"\\{}" else " "
    if match["word"] and match["word"].strip() in BLANKS:
        return " "
    return (match["plain"] or b"").decode("latin-1")
