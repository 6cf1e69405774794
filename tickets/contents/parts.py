"""The parts of a new Office document, each read as a stream: no doctype, nothing that acts.

Tags are looked for in the bytes, which is fast enough for 500 MB: the name of an element can be
written in one way only, and neither a tag nor the text behind it has a `<` inside.
"""

import codecs
import html
import re
from contextlib import suppress
from xml.parsers import expat

from tickets.contents import compound, elsewhere, rtf
from tickets.contents.plain import OLE
from tickets.contents.refusal import BOMB, CHUNK, MISMATCH, REMOTE, Refused, require

MAX_TAGS = 500_000  # of those that are looked at, in one part
MAX_DEPTH = 1000  # fields inside of fields; Word makes 20
LONGEST_PROLOG = 2**16  # before the first element
LONGEST_TEXT = 4 * 2**20  # between two tags: pictures in base64

BLANK = b"\xef\xbb\xbf\xff\xfe\0 \t\r\n"  # marks of encodings too

_TAG = r"""<(?:[^\s<>/:]+:)?({names})(?=[\s/>])((?:[^<>"']|"[^"<]*"|'[^'<]*')*+)>"""
FIELD = re.compile(
    (_TAG + r"([^<]*)(<[!?])?").format(names="fldSimple|fldChar|(?:delI|i)nstrText").encode()
)
FORMULA = re.compile(
    (_TAG + r"(?=[^<]*(?:\||&\#|<[!?]))([^<]*)(<[!?])?")
    .format(names=r"f|\w*[fF]ormula\d?|definedName")
    .encode()
)
NAMED = re.compile(rb"<(?:[^\s<>/:]+:)?(?:fld|delI|instr|f[\s>]|\w*[fF]ormula|definedName)")
DDE_LINK = re.compile(rb"<(?:[^\s<>/:]+:)?ddeLink[\s/>]")
FIELD_MARKS = (b"fldSimple", b"fldChar", b"nstrText")
FORMULA_MARKS = (b"|", b"&#", b"<!", b"<?")
ATTRIBUTE = re.compile(rb"""([^\s=:]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
LEADING = re.compile(r"^[\s\0]+")
# A comment, an instruction or raw text with a tag inside: what is a tag there, and what is not?
HIDDEN = re.compile(rb"<(?:!--(?:(?!-->)[^<])*+|\?(?:(?!\?>)[^<])*+|!\[(?:(?!\]\]>)[^<])*+)<")
# In a formula outside of texts, sheets' and columns' names, a bar is DDE: cmd|'/c calc'!A0
QUOTED = re.compile(r""" "[^"]*" | '[^']*' | \[[^\[\]]*\] """, re.VERBOSE)


def check_word(archive, entry):
    """Refuses the part of a Word document if it hides a doctype, holds a package or acts."""
    _check(archive, entry, _check_fields)


def check_excel(archive, entry):
    """Refuses the part of a workbook if it hides a doctype, holds a package or acts."""
    _check(archive, entry, _check_formulas)


def _check(archive, entry, check_text):
    with archive.open(entry) as file:
        start = file.read(CHUNK)
        file.seek(0)
        if start.startswith(OLE):
            compound.check_object(file)
        elif start.startswith(b"{\\rt"):
            rtf.check(file)
        elif entry.filename.lower().endswith((".xml", ".rels")):
            _refuse_doctype(start)
            check_text(_pieces(file, start))
        elif start.lstrip(BLANK).startswith(b"<"):
            check_text(_pieces(file, start))


def _refuse_doctype(start):
    """Office writes none and refuses it; it is where attacks with entities begin.

    It stands before the first element, which has to be there soon: a longer comment is none of
    Office's. Nothing is asked of an empty part.
    """
    begun = []
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _refuse
    parser.StartElementHandler = lambda name, _: begun.append(name)
    with suppress(expat.ExpatError, LookupError, ValueError):  # an unknown encoding is either
        parser.Parse(start[:LONGEST_PROLOG])
    require(begun or not start.strip(BLANK))


def _refuse(*_):
    raise Refused(MISMATCH)


def _pieces(file, start):
    """The part, each piece ending behind a `<`, with which the next one begins."""
    rest = b""
    for chunk in _in_utf8(file, start):
        rest += chunk
        cut = rest.rfind(b"<", 0, -2)
        if cut > 0:
            yield rest[: cut + 3]
            rest = rest[cut:]
        elif len(rest) > LONGEST_TEXT:
            require(not NAMED.match(rest))
            rest = b""
    yield rest


def _in_utf8(file, start):
    """UTF-16 is known by its mark or first letter; of all others only ASCII letters matter."""
    encoding = {b"<\0": "utf-16-le", b"\0<": "utf-16-be"}.get(start[:2])
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    decoder = encoding and codecs.getincrementaldecoder(encoding)("replace")
    while chunk := file.read(CHUNK):
        yield decoder.decode(chunk).encode("utf-8", "replace") if decoder else chunk


def _check_fields(pieces):
    fields = _Fields()
    for piece in pieces:
        fields.read(piece)
    fields.finish()


class _Fields:
    """A part's fields, their instructions put together: Word tears them into runs, nests them."""

    def __init__(self):
        self.count, self.is_hidden, self.open = 0, False, [""]

    def read(self, piece):
        """Takes in the next piece; refuses at the first instruction that acts."""
        self.is_hidden = self.is_hidden or _hides(piece)
        if not any(mark in piece for mark in FIELD_MARKS):
            return
        for tag in FIELD.finditer(piece):
            self.count += 1
            require(self.count <= MAX_TAGS and len(self.open) <= MAX_DEPTH, BOMB)
            self._take(tag[1], _attributes(tag[2]), tag)

    def _take(self, name, attributes, tag):
        if name == b"fldSimple":
            for instruction in attributes.get("instr", []):
                _refuse_acting(instruction)
        elif name == b"fldChar":
            for kind in attributes.get("fldCharType", []):
                self._turn(kind.strip())
        else:
            require(not tag[4])  # a comment in the middle of an instruction
            self._add(html.unescape(tag[3].decode("utf-8", "replace")))

    def _turn(self, kind):
        if kind == "begin":
            self._add(elsewhere.UNKNOWN)
            self.open.append("")
        else:
            _refuse_acting(self.open[-1])
            self.open[-1] = ""
        if kind == "end" and len(self.open) > 1:
            self.open.pop()

    def _add(self, text):
        told = LEADING.sub("", self.open[-1] + text)
        if len(told) > elsewhere.LONGEST:
            told = told[: elsewhere.LONGEST] + elsewhere.UNKNOWN
        self.open[-1] = told

    def finish(self):
        """Looks at fields that never end, and refuses those that may not be what they seem."""
        for instruction in self.open:
            _refuse_acting(instruction)
        require(not (self.count and self.is_hidden))


def _hides(piece):
    return (b"<!" in piece or b"<?" in piece) and bool(HIDDEN.search(piece))


def _attributes(written):
    """What stands in the tag, by the names without their prefixes: there may be two of a name."""
    found = {}
    for name, double, single in ATTRIBUTE.findall(written):
        value = html.unescape((double or single).decode("utf-8", "replace"))
        found.setdefault(name.decode("utf-8", "replace"), []).append(value)
    return found


def _refuse_acting(instruction):
    require(not elsewhere.is_asked_by(instruction), REMOTE)


def _check_formulas(pieces):
    count = 0
    for piece in pieces:
        require(not (b"ddeLink" in piece and DDE_LINK.search(piece)), REMOTE)
        if any(mark in piece for mark in FORMULA_MARKS):
            for tag in FORMULA.finditer(piece):
                count += 1
                require(count <= MAX_TAGS, BOMB)
                require(not tag[4])  # a comment in the middle of a formula
                require(not _has_dde(tag[3]), REMOTE)


def _has_dde(formula):
    return "|" in QUOTED.sub("", html.unescape(formula.decode("utf-8", "replace")))
