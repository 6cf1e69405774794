"""Pages are sent without the indentation of their templates; mails stay as they are."""

from pathlib import Path

import pytest
from django.template import engines
from django.template.loader import get_template

LOADERS = engines["django"].engine.template_loaders[0].loaders


@pytest.mark.parametrize("name", ["tickets/list_officer.html", "base.html"])
def test_no_line_of_a_page_is_indented_or_empty(name):
    source = get_template(name).template.source

    assert source.count("\n") > 20
    assert [line for line in source.split("\n")[:-1] if line != line.strip() or not line] == []


def test_a_mail_keeps_its_lines():
    found = get_template("tickets/mail/notice.txt").template

    assert found.source == Path(found.origin.name).read_text()
