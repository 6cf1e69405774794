"""The house rules that a reader relies on, checked over the files themselves."""

import ast
import re
from pathlib import Path

import pytest
from django.core.management import call_command

from faq.models import Guide
from guidebook.published import outdated
from guidebook.sources import Source

ROOT = Path(__file__).parent.parent
APPS = ("accounts", "faq", "tickets", "dashboard")
MAY_IMPORT = {
    "accounts": {"accounts"},
    "faq": {"faq", "accounts"},
    "tickets": {"tickets", "accounts"},
    "dashboard": {"dashboard", "accounts", "faq", "tickets"},
}
REQUIREMENTS = {f"R{n}" for n in range(1, 137)}


def python_files(app):
    return sorted((ROOT / app).rglob("*.py"))


def imported_modules(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module


@pytest.mark.parametrize("app", APPS)
def test_apps_import_only_what_stands_below_them(app):
    found = {
        (str(path.relative_to(ROOT)), module)
        for path in python_files(app)
        for module in imported_modules(path)
        if module.split(".")[0] in {*APPS, "helpdesk"} - MAY_IMPORT[app]
    }

    assert found == set()


def test_no_app_needs_what_builds_the_guides():
    """The portal runs without WeasyPrint and ffmpeg."""
    modules = {
        name for app in APPS for path in python_files(app) for name in imported_modules(path)
    }

    assert {name.split(".")[0] for name in modules}.isdisjoint({"guidebook", "weasyprint", "tests"})


def test_the_built_guides_are_about_the_product_as_it_is():
    """Once the guides are built and committed: a changed text or journey asks for `make docs`."""
    sources = [Source(role) for role in Guide.Role]

    assert outdated(sources) == []


def test_rules_import_nothing_of_ours():
    modules = {name.split(".")[0] for name in imported_modules(ROOT / "tickets" / "rules.py")}

    assert modules.isdisjoint({*APPS, "helpdesk"})


def test_no_status_is_assigned_by_hand():
    assigned = re.compile(r"\.status\s*=[^=]")

    found = [
        str(path) for app in APPS for path in python_files(app) if assigned.search(path.read_text())
    ]

    assert found == []


def templates():
    return sorted((ROOT / "templates").rglob("*.html"))


def test_no_template_holds_inline_script_style_or_handler():
    inline = re.compile(
        r"<style|<script(?![^>]*\bsrc=)|\sstyle=|\son[a-z]+=|javascript:", re.IGNORECASE
    )

    pages = [path for path in templates() if path.name != "email.html"]  # letters carry their own
    found = [str(path) for path in pages if inline.search(path.read_text())]

    assert found == []


def test_no_template_asks_for_a_status():
    asks = re.compile(r"\{%\s*(el)?if[^%]*\bstatus\b")

    found = [str(path) for path in templates() if asks.search(path.read_text())]

    assert found == []


def test_every_template_is_used():
    text = "\n".join(
        path.read_text()
        for folder in (*APPS, "templates", "helpdesk", "guidebook")
        for path in (ROOT / folder).rglob("*")
        if path.suffix in {".py", ".html"}
    )
    by_framework = ("account/", "allauth/", "mfa/", "bootstrap5/", "admin/", "spse/")
    names = [str(path.relative_to(ROOT / "templates")) for path in templates()]
    by_status = {f"{code}.html" for code in (400, 403, 404, 429, 500)}

    unused = [
        name
        for name in names
        if not name.startswith(by_framework) and name not in by_status and f'"{name}"' not in text
    ]

    assert unused == []


def test_nobody_leaves_work_for_later():
    later = re.compile(
        r"\b(TODO|FIXME|XXX)\b|NotImplemented" + "Error|pytest" + r"\.skip|mark\.skip|xfail\("
    )
    files = [
        path
        for folder in (*APPS, "helpdesk", "guidebook", "tests")
        for path in (ROOT / folder).rglob("*.py")
    ]

    found = [
        str(path) for path in files if later.search(path.read_text()) and path != Path(__file__)
    ]

    assert found == []


def test_the_workflow_document_is_made_from_the_code():
    from tickets.management.commands.document_workflow import PATH, document

    assert PATH.read_text() == document()


@pytest.mark.django_db
def test_no_migration_is_missing():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def requirements_named(path):
    """The R-numbers in the markers of a test file."""
    for node in ast.walk(ast.parse(path.read_text())):
        is_marker = isinstance(node, ast.Call) and ast.unparse(node.func).endswith(
            "mark.requirement"
        )
        if is_marker:
            yield from re.findall(r"R\d+", ast.unparse(node))


def test_every_requirement_is_named_by_a_test():
    tests = (ROOT / "tests").rglob("test_*.py")

    shown = {requirement for path in tests for requirement in requirements_named(path)}

    assert sorted(REQUIREMENTS - shown) == []
