"""What is looked for in the FAQ, and how it is marked where it was found (R63, R64)."""

import re
from functools import reduce
from operator import or_

from django.contrib.postgres.search import SearchQuery
from django.utils.html import escape
from django.utils.safestring import SafeString

from accounts.typed import LONGEST, for_websearch

MOST_WORDS = 12
SHORTEST_PREFIX = 3
MARKDOWN = re.compile(
    r"\]\([^)\s]*\)?|(?:/faq)?/[\w-]+/\)?|(?:^|(?<=\s))(?:\d+\.|-)\s|[*_`#>|\[\]]"
)  # its signs mean nothing in a piece
START, STOP = "\x02", "\x03"  # around a found word; no HTML, for the text is escaped after them
# PostgreSQL has no Indonesian stop words: alone, these would find every article
COMMON = frozenset(
    """
    ada adalah agar akan aku anda apa apakah atau bagaimana bagi bahwa belum bila bisa boleh
    bolehkah cara dalam dan dapat dari dengan di dimana gagal harus ini itu jadi jika juga kami
    kalau kapan karena ke kenapa lagi lpse mau mengapa mohon muncul oleh pada padahal perlu saat
    saja saya sebagai sejak selalu seperti siapa spse sudah supaya tapi telah terus tetapi tidak
    tolong untuk yang
    """.split()  # noqa: SIM905 – sixty quoted words are no pleasure to read
)


def clean(text):
    """What PostgreSQL can be asked: without NUL, in one line, not too long."""
    return " ".join(text.replace("\0", " ").split())[:LONGEST].strip()


def words(text):
    """The words of a text, each once."""
    found = re.findall(r"[^\W_]+", clean(text).lower())
    return list(dict.fromkeys(found))[:MOST_WORDS]


def telling_words(text):
    """The words that say what a title is about."""
    return [word for word in words(text) if word not in COMMON and len(word) > 1]


def stems(text):
    """Any spelling that a person types: quotation marks hold a phrase together, '-' excludes."""
    return SearchQuery(for_websearch(text), config="indonesian", search_type="websearch")


def beginnings(found, joined_by=" & "):
    """Words that begin like these; the stemmer would make other words of half a word."""
    parts = [f"{word}:*" if len(word) >= SHORTEST_PREFIX else word for word in found]
    return SearchQuery(joined_by.join(parts), config="simple", search_type="raw")


def any_of(found):
    """One query for each word, joined by 'or'."""
    each = (SearchQuery(word, config="indonesian") for word in found)
    return reduce(or_, each)


def marked(headline):
    """A text of the database with its found words in <mark>; everything else stays text."""
    html = escape(headline).replace(START, "<mark>").replace(STOP, "</mark>")
    return SafeString(html)  # nosec B703 # escaped above


def piece(article):
    """A part of the full answer, where neither question nor short answer shows the words."""
    if START in article.marked_question + article.marked_answer:
        return ""
    if START not in article.marked_piece:
        return ""
    return marked(MARKDOWN.sub("", article.marked_piece))
