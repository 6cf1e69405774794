"""One word for one thing, on every screen and in every guide (R133, docs/words.md)."""

import ast
import gettext
import re
from pathlib import Path

import allauth
import django
import pytest

from tests.test_project import APPS, ROOT, python_files

CATALOG = ROOT / "locale" / "id" / "LC_MESSAGES"
PARTS = re.compile(
    r'msgid ((?:"[^\n]*"\n)+)(?:msgid_plural (?:"[^\n]*"\n)+)?msgstr(?:\[0\])? ((?:"[^\n]*"\n?)+)'
)
OF_OTHERS = [
    path
    for package in (django, allauth)
    for path in Path(package.__file__).parent.rglob("locale/id/LC_MESSAGES/django.mo")
]
NOT_OURS = {  # a word that another takes the place of
    r"\b[Bb]erkas\b": "file",
    r"\b[Pp]eramban\b": "browser",
    r"\b[Ee]-mail\b": "surel",
    r"\b[Ss]ilahkan\b": "silakan",
    r"\b[Mm]erubah\b": "mengubah",
    r"\b[Gg]iliran Anda\b": "menunggu Anda",
    r"(?<![-\"'/_.])\banda\b(?![-\"'/_])": "Anda",
    r"\bdi(?:upload|download)\b": "diunggah, diunduh",
}
TAGS = re.compile(r"\{%.*?%\}|\{#.*?#\}|<(?:script|style).*?</(?:script|style)>|<[^>]*>", re.S)

pytestmark = pytest.mark.requirement("R133")


def joined(quoted):
    return "".join(ast.literal_eval(line) for line in quoted.strip().split("\n"))


def in_source():
    """{what Django or allauth says: what we say} in django.po."""
    parts = PARTS.findall((CATALOG / "django.po").read_text())
    return {joined(said): joined(ours) for said, ours in parts}


def compiled(path):
    """{what is said: in Indonesian} in a django.mo; of a plural its singular."""
    with path.open("rb") as file:
        words = gettext.GNUTranslations(file)._catalog
    return {key[0] if isinstance(key, tuple) else key: word for key, word in words.items()}


def test_the_compiled_words_are_those_of_the_source():
    assert compiled(CATALOG / "django.mo") == in_source()


def test_every_word_we_replace_is_still_said_otherwise_by_django_or_allauth():
    """After an upgrade: a sentence that is gone, or has become ours, needs no line any more."""
    theirs = [compiled(path) for path in OF_OTHERS]

    needless = {
        said
        for said, ours in in_source().items()
        if said and not any(other.get(said, ours) != ours for other in theirs)
    }
    assert needless == set()


@pytest.mark.django_db
def test_the_administration_speaks_as_the_portal_does(admin_client):
    page = admin_client.get("/admin/faq/article/").text

    for words in ("Daftar artikel", "Tambah artikel", "Ketik untuk mencari…"):
        assert words in page
    form = admin_client.post("/admin/faq/topic/add/", {}).text
    for words in ("Isian ini wajib diisi.", "Simpan dan tetap di sini"):
        assert words in form


def texts():
    """(file, what a person reads of it) of screens, e-mails, scripts and guides."""
    for path in sorted((ROOT / "templates").rglob("*.*")):
        yield path, TAGS.sub(" ", path.read_text())
    for path in [*(ROOT / "static" / "js").glob("*.js"), *(ROOT / "docs" / "guide").rglob("*.md")]:
        yield path, path.read_text()
    for app in APPS:
        for path in python_files(app):
            if not _is_for_what_others_type(path):
                yield path, "\n".join(_strings(path))


def _is_for_what_others_type(path):
    """Words to be recognised, of the search and of disclosure, are as people write them."""
    is_of_disclosure = path.parent.name == "disclosure" and path.name != "__init__.py"
    return "migrations" in path.parts or path.name == "search.py" or is_of_disclosure


def _strings(path):
    """The sentences in a module, without what is told to programmers."""
    tree = ast.parse(path.read_text())
    told = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
        if is_text and id(node) not in told and " " in node.value:
            yield node.value


@pytest.mark.parametrize("word", NOT_OURS)
def test_a_thing_has_one_name_on_every_screen_and_in_every_guide(word):
    found = {
        (str(path.relative_to(ROOT)), said[0])
        for path, text in texts()
        for said in re.finditer(word, text)
    }

    assert found == set(), f"we say: {NOT_OURS[word]}"
