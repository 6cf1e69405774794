"""The chain of a ticket's events: each carries the hash of the one before (R130, docs/adr/0020).

What may have to go by law stands in the hashed record not as itself but as a *commitment*, the
SHA-256 of a random salt and the text. When the text goes its salt goes too: the chain still
holds, and what is left says nothing about the text. Imports nothing of ours.
"""

import hashlib
import json
import secrets
from datetime import UTC
from ipaddress import ip_address

VERSION = 1
START = "0" * 64  # what the first event of a ticket carries as the hash before it
REMOVED = "[dihapus]"  # what stands where something was removed by law


def parts(event, ticket, files, rating=None):
    """{name: text} of all in an event that the law can demand to remove.

    `files` are its files in the order of their keys; `ticket` and `rating` are what a ticket's
    first event and its rating say besides.
    """
    texts = {"message": event.message, "detail": canonical(event.detail)}
    if event.action == "send":
        names = ("title", "identity_number", "package_code", "error_code")
        texts |= {name: getattr(ticket, name) for name in names}
    if event.action == "rate":
        texts["suggestion"] = rating.suggestion if rating else ""
    return texts | {f"file {n}": file.name for n, file in enumerate(files, start=1)}


def new_salts(texts):
    return {name: secrets.token_hex(16) for name in texts}


def commitment(text, salt):
    """What stands for `text` in the chain, in hex."""
    return hashlib.sha256(f"{salt}:{text}".encode()).hexdigest()


def commitments(texts, salts):
    return {name: commitment(text, salts[name]) for name, text in texts.items()}


def digest(event, ticket, files, rating=None, *, nobody=False):
    """The hash that an event with these files must carry, in hex.

    Over all that the event says, its commitments, the SHA-256 and size of each file, and
    `previous_hash`; of a ticket's first event also over what the reporter sent. With `nobody`
    without who did it: what must still hold of an event after its person was removed.
    """
    record = {
        "version": VERSION,
        "ticket": ticket.number,
        "position": event.position,
        "previous": event.previous_hash,
        "actor": event.actor_id,
        "role": str(event.actor_role),
        "action": event.action,
        "from": [str(event.from_status), int(event.from_level)],
        "to": [str(event.to_status), int(event.to_level)],
        "feedback_from": event.feedback_from,
        "audience": str(event.audience),
        "ip": ip_address(event.ip).compressed if event.ip else None,
        "key": str(event.key) if event.key else None,
        "at": _moment(event.at),
        "commitments": event.commitments,
        "files": [[file.sha256, file.size] for file in files],
    }
    if event.action == "send":
        record["sent"] = [
            *(ticket.lpse_id, ticket.reporter_id, str(ticket.reporter_kind)),
            _moment(ticket.created_at),
        ]
    if event.action == "rate":
        record["stars"] = rating.stars if rating else None
    if nobody:
        record |= {"actor": None, "ip": None, "key": None}
        if event.action == "send":
            record["sent"][1] = None
    return hashlib.sha256(canonical(record).encode()).hexdigest()


def link(event, ticket, files, rating=None, *, after=None):
    """Make `event` the next of its ticket: fill position, previous_hash, salts, commitments, hash.

    `after` is the event before it (position and hash), None for a ticket's first.
    """
    event.position = after.position + 1 if after else 1
    event.previous_hash = after.hash if after else START
    texts = parts(event, ticket, files, rating)
    event.salts = new_salts(texts)
    event.commitments = commitments(texts, event.salts)
    event.hash = digest(event, ticket, files, rating)


def canonical(value):
    """One spelling for equal values, whatever way they took through the database."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _moment(at):
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
