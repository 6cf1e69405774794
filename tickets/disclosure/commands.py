"""Passwords and keys in commands, settings and logs, which need no word before them."""

import re

from tickets.disclosure.span import Span
from tickets.disclosure.values import is_password, trimmed

# (kind, pattern) whose group 1 is the piece: what needs no word before it
UNMISTAKABLE = [
    ("password", r"\b[a-z][a-z0-9+.-]{1,20}://[^\s:/@]{1,64}:([^\s@/]{1,64})@"),
    ("password", r"\bsshpass\s{1,3}-p\s{0,3}['\"]?([^\s'\"]{3,64})"),
    ("password", r"\s-pw\s{1,3}['\"]?([^\s'\"]{3,64})"),
    ("password", r"\bmysql\w{0,8}\b[^\n]{0,80}?\s-p['\"]?([^\s'\"]{3,64})"),
    ("password", r"\bcurl\b[^\n]{0,80}?\s-u\s{1,3}['\"]?[^\s:]{1,64}:([^\s'\"]{3,64})"),
    ("password", r"\bsqlplus\s{1,3}\w{1,40}/([^\s@/]{3,64})"),
    ("password", r"\bredis-cli\b[^\n]{0,60}?\s-a\s{1,3}['\"]?([^\s'\"]{3,64})"),
    ("password", r"\b(?:7za?|unrar|rar)\s[axetl]\s[^\n]{0,60}?\s-p['\"]?([^\s'\"]{3,64})"),
    ("password", r"\b(?:un)?zip\b[^\n]{0,60}?\s(?-i:-P)\s{1,3}['\"]?([^\s'\"]{3,64})"),
    ("password", r"\bsmbclient\b[^\n]{0,60}?\s-U\s{1,3}['\"]?\w{1,40}%([^\s'\"]{3,64})"),
    ("password", r"\b(?:lftp|ftp)\b[^\n]{0,60}?\s-u\s{1,3}['\"]?\w{1,40},([^\s'\"]{3,64})"),
    ("password", r"\bnet use\b[^\n]{0,60}?/user:\S{1,40}\s{1,3}([^\s/]{3,64})"),
    ("password", r"\b(?:docker|podman|az|oc) login\b[^\n]{0,60}?\s-p\s{1,3}([^\s'\"]{3,64})"),
    ("password", r"-pass(?:in|out)?\s{1,3}pass:([^\s'\"]{3,64})"),
    ("password", r"\bhtpasswd\s-\w*b\w*\s\S{1,80}\s\S{1,40}\s['\"]?([^\s'\"]{3,64})"),
    (
        "password",
        r"\becho\s{1,3}['\"]?(?:\w{1,40}:)?([^\s'\"|]{3,64})['\"]?\s?\|\s?(?:sudo|passwd|chpasswd)",
    ),
    ("password", r"\b(?:ldap\w{3,8})\b[^\n]{0,80}?\s-w\s{1,3}['\"]?([^\s'\"]{3,64})"),
    ("password", r"\b(?:mongo\w{0,6}|sqlcmd)\b[^\n]{0,80}?\s-p\s{1,3}['\"]?([^\s'\"]{3,64})"),
    ("password", r"\s--pass(?:word|wd)?\s{1,3}['\"]?([^\s'\"-][^\s'\"]{2,63})"),
    (
        "password",
        r"\b(?:requirepass|masterauth|-?storepass|-?keypass|rootpw)\s{1,3}['\"]?([^\s'\"]{3,64})",
    ),
    ("password", r"\bidentified by\s{1,3}['\"]([^'\"\n]{3,64})"),
    (
        "key",
        r"(-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----(?:[^-]{0,4000}-----END [A-Z ]{0,30}-----)?)",
    ),
    ("key", r"\b(eyJ[\w-]{8,2000}\.[\w-]{4,2000}\.[\w-]{4,2000})"),
    ("key", r"\b(gh[pousr]_\w{20,60}|AKIA[0-9A-Z]{16}\b)"),
    (
        "key",
        r"\b(glpat-[\w-]{12,60}|sk[-_](?=[\w-]{0,60}\d)[\w-]{16,80}|xox[abp]-[\w-]{10,80}"
        r"|AIza[\w-]{30,40})",
    ),
    ("key", r"\b(\d{8,10}:AA[\w-]{30,40})"),
    ("key", r"\bauthorization:\s{0,3}(?:basic|token)\s{1,3}([\w.~+/=-]{8,2000})"),
    ("key", r"key\s?[:=]\s?(base64:[\w+/=]{8,200})"),
    ("key", r"[?&](?:(?:access_)?token|api_?key|sig)=([\w.~+/%-]{6,400})"),
    ("key", r"\bbearer\s{1,3}([\w.~+/=-]{16,2000})"),
    ("key", r"\b(?:\w{1,20}_SESSION|JSESSIONID|PHPSESSID|sessionid)=([^\s;,]{8,400})"),
]
IN_SETTINGS = re.compile(  # keystorePass="changeit", dbPassword: mawar
    r"\b(?:\w{0,30}(?:pass(?:word|wd)?|pwd)_\w{1,30}|(?!by|compass)\w{2,30}(?:pass(?:word|wd"
    r"|phrase)?|pwd))[\"']?\s{0,3}(?:[:=]|=>)\s{0,3}[\"']?([^\s\"'<;,]{3,64})",
    re.IGNORECASE,
)
UNMISTAKABLE = [(kind, re.compile(pattern, re.IGNORECASE)) for kind, pattern in UNMISTAKABLE]


def spans(text):
    """What of a text is a password or a key because of the command or setting around it."""
    for kind, pattern in UNMISTAKABLE:
        for found in pattern.finditer(text):
            yield Span(kind, *trimmed(text, *found.span(1)))
    for found in IN_SETTINGS.finditer(text):
        if is_password(found[1]):
            yield Span("password", *trimmed(text, *found.span(1)))
