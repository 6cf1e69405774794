"""From a guide's Markdown to one HTML page: cover, table of contents, chapters, pictures."""

import re
from itertools import count

from django.template.loader import render_to_string
from django.utils.dateformat import format as format_date
from django.utils.html import escape
from django.utils.text import slugify
from markdown_it import MarkdownIt

from accounts.models import User
from accounts.roles import Role
from faq.models import Guide
from guidebook.sources import DIAGRAM_STYLE, PHONE
from tickets import flow

FLOW = "{{ alur }}"
READER = {  # somebody of each role, for the steps that are theirs in the diagram
    Guide.Role.PENYEDIA: {"role": Role.PENYEDIA},
    Guide.Role.NON_PENYEDIA: {"role": Role.PPK},
    Guide.Role.LPSE_L1: {"role": Role.LPSE_L1},
    Guide.Role.LPSE_L2: {"role": Role.LPSE_L2},
    Guide.Role.LKPP: {"role": Role.LKPP_L1},
    Guide.Role.ADMINISTRATOR: {"is_staff": True, "is_superuser": True},
}
HEADING = re.compile(r"<h([23])>(.*?)</h\1>", re.S)
PICTURE_ALONE = re.compile(r'<p><img src="([^"]+)" alt="([^"]*)" ?/?></p>')


def as_html(source, stylesheet):
    """The whole document; pictures are named by `source.picture`."""
    title, body = _body(source)
    body, contents = _with_anchors(body)
    return render_to_string(
        "guide/document.html",
        {
            "title": title,
            "role": source.role.label,
            "date": format_date(source.changed_on, "j F Y"),
            "iso_date": source.changed_on.isoformat(),
            "version": version(source),
            "stylesheet": stylesheet.as_uri(),
            "contents": contents,
            "body": body,
        },
    )


def version(source):
    """'2026.11.24': the day of the newest source."""
    return f"{source.changed_on:%Y.%m.%d}"


def _body(source):
    """(title, HTML of the chapters); a guide begins with its title."""
    first, _, rest = source.text.lstrip().partition("\n")
    html = MarkdownIt("commonmark").enable("table").render(rest)
    html = html.replace(f"<p>{FLOW}</p>", _diagram(source.role))
    return first.removeprefix("# ").strip(), _with_figures(html, source)


def _diagram(role):
    reader = User(**READER[role])
    context = {"boxes": flow.boxes(reader), "lines": flow.lines(reader)}
    html = render_to_string("guide/flow.html", context)
    # a picture on paper does not see the document's stylesheet
    return html.replace("<defs>", f"<style>{DIAGRAM_STYLE.read_text()}</style><defs>")


def _with_figures(html, source):
    """Every picture becomes a figure with 'Gambar n.'; the diagram is one of them."""
    numbers = count(1)

    def figure(found):
        name, caption = found[1], found[2]
        kind = "phone" if name.endswith(PHONE) else "screen"
        return (
            f'<figure class="{kind}"><img src="{source.picture(name).as_uri()}" alt="{caption}">'
            f"<figcaption>Gambar {next(numbers)}. {caption}</figcaption></figure>"
        )

    pattern = re.compile(rf"{PICTURE_ALONE.pattern}|<figcaption>#")
    return pattern.sub(
        lambda found: figure(found) if found[1] else f"<figcaption>Gambar {next(numbers)}.",
        html,
    )


def _with_anchors(html):
    """(HTML with an anchor at each heading, [(level, anchor, heading)] for the contents)."""
    contents = []

    def heading(found):
        level, text = found[1], found[2]
        anchor = f"{slugify(re.sub('<[^>]+>', '', text))}-{len(contents) + 1}"
        contents.append((int(level), anchor, text))
        return f'<h{level} id="{escape(anchor)}">{text}</h{level}>'

    return HEADING.sub(heading, html), contents
