"""docx and xlsx: nothing that runs when it is opened, nothing that is fetched from elsewhere.

zipfile decides about the new formats: libmagic calls a docx octet-stream when its parts come in
another order. Their lists of parts are read as XML, as Word reads them: a search in the bytes
misses what is written as &#77;acro.
"""

from xml.parsers import expat

from tickets.contents import archives, compound, elsewhere, parts
from tickets.contents.refusal import BOMB, LOCKED, MACRO, OBJECT, REMOTE, require

MAX_LISTS = 2 * 2**20  # bytes of all lists of parts together: some 10,000 links
TYPES = "[content_types].xml"

# Word and Excel keep macros in vbaProject.bin, but any part may be one: the content types tell.
# Excel 4 macros are sheets of their own.
MACRO_TYPES = ("vbaproject", "macroenabled", "macrosheet")
# What opening fetches and obeys; a hyperlink waits for a click, a picture of a page is only shown
OBEYED = ("/oleobject", "/attachedtemplate", "/frame", "/subdocument", "/afchunk")
# ActiveX: programs in a document's page. Excel's own buttons (ctrlProps) are none
CONTROLS = ("/control", "/activexcontrolbinary")
CONTROL_FOLDER = "/activex/"
PROGRAM_NAMES = (".exe", ".dll", ".scr", ".js", ".vbs", ".hta", ".bat", ".cmd", ".ps1", ".lnk")


def check_docx(path):
    """A Word document without macros, programs, and anything fetched or run when it is opened."""
    # Word on the web also writes word/document2.xml
    _check_parts(path, "word/document", parts.check_word)


def check_xlsx(path):
    """An Excel workbook without macros, programs and links to what runs."""
    _check_parts(path, "xl/workbook", parts.check_excel)


def _check_parts(path, main_part, check_part):
    require(not compound.is_locked(path), LOCKED)
    with archives.opened(path) as archive:
        found = {entry.filename.lower(): entry for entry in archive.infolist()}
        # two parts of one name: each program reads another
        require(TYPES in found and len(found) == len(archive.infolist()))
        require(any(name.startswith(main_part) and name.endswith(".xml") for name in found))
        require(not any(name.endswith(PROGRAM_NAMES) for name in found))
        require(not any(name.endswith("vbaproject.bin") for name in found), MACRO)
        require(not any(CONTROL_FOLDER in name for name in found), OBJECT)
        for entry in archive.infolist():
            check_part(archive, entry)
        _check_lists(archive, found)


def _check_lists(archive, parts_by_name):
    lists = [part for name, part in parts_by_name.items() if name.endswith(".rels")]
    types = parts_by_name[TYPES]
    require(sum(part.file_size for part in (types, *lists)) <= MAX_LISTS, BOMB)
    for item in _items(archive, types):
        declared = item.get("ContentType", "").lower()
        require(not any(macro in declared for macro in MACRO_TYPES), MACRO)
        require("activex" not in declared, OBJECT)
    for part in lists:
        for item in _items(archive, part):
            _check_link(item.get("Type", "").lower(), item.get("Target", ""))


def _items(archive, entry):
    """The attributes of each element of a list; an entity's text cannot be, without a doctype.

    In one piece: given in many, older parsers read a long comment again at each (CVE-2023-52425).
    """
    found = []
    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda _, attributes: found.append(attributes)
    with archive.open(entry) as file:
        parser.Parse(file.read(MAX_LISTS), True)
    return found


def _check_link(kind, target):
    """Refuses what opening the document obeys from the network (CVE-2017-0199, Follina)."""
    require("vbaproject" not in kind, MACRO)
    require(not kind.endswith(CONTROLS), OBJECT)
    require(not (kind.endswith(OBEYED) and elsewhere.is_elsewhere(target)), REMOTE)
    require(not (kind.endswith("/image") and elsewhere.is_share(target)), REMOTE)
