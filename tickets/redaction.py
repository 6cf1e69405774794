"""Removing content by law: a court's order, a data subject's right (R130, UU 27/2022 art. 8), and
the end of the time that things are kept for (tickets/keeping/retention.py).

The text goes, what proves the history stays: see tickets.chain. The database lets a text go only
after an event of the same ticket says that it was ordered (migration 0013).
"""

from functools import partial
from typing import NamedTuple

from django.core.files.storage import default_storage, storages
from django.db import transaction
from django.utils.formats import date_format
from django.utils.timezone import localtime

from accounts.models import User
from tickets import chain
from tickets.chain import REMOVED

PERSON = "person"  # beside the parts of chain.parts

SENT_PARTS = {
    "title": "Judul",
    "identity_number": "NPWP atau NIP",
    "package_code": "Kode tender/paket",
    "error_code": "Kode error",
}


class Piece(NamedTuple):
    """Something that can be removed, described without showing it. `places` are the (event, part)
    of the chain where it stands."""

    name: str
    label: str
    places: list
    file: object = None  # the Attachment, of a piece that is one


def removable(ticket):
    """The Pieces of a ticket that are still there, in the order in which they were written."""
    events = list(ticket.events.order_by("position").prefetch_related("attachments"))
    return [piece for event in events for piece in _pieces(ticket, event, events)]


def _pieces(ticket, event, events):
    if event.action == "redact":
        return
    when = date_format(localtime(event.at, ticket.lpse.tzinfo), "j M Y H.i")
    said = f"{event}, {when} {ticket.lpse.zone}"
    for part, label, text in _texts(ticket, event):
        if text and part in event.salts:
            about = f"{said}: {label}, {len(text)} karakter"
            yield Piece(f"{event.pk}:{part}", about, [(event.pk, part)])
    for place, file in enumerate(sorted(event.attachments.all(), key=lambda f: f.pk), start=1):
        if f"file {place}" in event.salts:
            about = f"{said}: file {place}, {file.extension}, {file.size} byte"
            places = [(event.pk, f"file {place}"), *_downloads_of(file, events)]
            yield Piece(f"{event.pk}:file {place}", about, places, file)


def person(ticket):
    """The Piece that is the reporter: account, address and form key of all that they did.

    Only the end of the time of keeping takes it: the chain of these events can then be followed,
    but no longer be calculated from them (docs/adr/0028).
    """
    events = _by_reporter(ticket).values_list("pk", flat=True)
    return Piece("person", "Pelapor", [(pk, PERSON) for pk in events])


def _by_reporter(ticket):
    return ticket.events.filter(actor=ticket.reporter_id).order_by("position")


def stubs(ticket):
    """{event: hash} of what stays of the reporter's events when the person goes."""
    found = {}
    for event in _by_reporter(ticket).prefetch_related("attachments"):
        files = sorted(event.attachments.all(), key=lambda file: file.pk)
        rating = getattr(ticket, "rating", None) if event.action == "rate" else None
        found[str(event.pk)] = chain.digest(event, ticket, files, rating, nobody=True)
    return found


def _texts(ticket, event):
    """(part, label, text) of what an event says in words."""
    yield "message", "pesan", event.message
    if event.action == "send":
        for part, label in SENT_PARTS.items():
            yield part, label, getattr(ticket, part)
    if event.action == "rate" and (rating := getattr(ticket, "rating", None)):
        yield "suggestion", "saran dan masukan", rating.suggestion


def _downloads_of(file, events):
    """Where the name of a sealed file stands besides: in the records of its downloads."""
    return [
        (event.pk, "detail")
        for event in events
        if event.action == "download_sealed_file" and event.detail.get("file") == file.name
    ]


def remove(order):
    """Carry out what the event `order` says, inside its transaction."""
    by_event = {}
    for event, part in order.detail["removed"]:
        by_event.setdefault(event, []).append(part)
    for event in order.ticket.events.filter(pk__in=by_event):
        _remove(order.ticket, event, by_event[event.pk])


def _remove(ticket, event, parts):
    gone = {"salts": {name: salt for name, salt in event.salts.items() if name not in parts}}
    if PERSON in parts:
        gone |= {"actor": User.objects.anonymous(), "ip": None, "key": None}
    if "message" in parts:
        gone["message"] = REMOVED
    if "detail" in parts:
        gone["detail"] = {"file": REMOVED}
    type(event).objects.filter(pk=event.pk).update(**gone)
    if sent := SENT_PARTS.keys() & set(parts):
        type(ticket).objects.filter(pk=ticket.pk).update(**dict.fromkeys(sent, REMOVED))
    if PERSON in parts and event.action == "send":
        type(ticket).objects.filter(pk=ticket.pk).update(reporter=User.objects.anonymous())
    if "suggestion" in parts:
        rating = ticket.rating
        type(rating).objects.filter(pk=rating.pk).update(suggestion=REMOVED)
    for place, file in enumerate(event.attachments.order_by("pk"), start=1):
        if f"file {place}" in parts:
            _remove_file(file)


def _remove_file(file):
    """The bytes go once the transaction is sure; else tidy_files takes what no row names."""
    for path in filter(None, (file.path, file.preview_path)):
        transaction.on_commit(partial(_erase, path))
    type(file).objects.filter(pk=file.pk).update(
        name=f"{REMOVED}.{file.extension}", path="", preview_path=""
    )


def _erase(path):
    default_storage.delete(path)
    storages["quarantine"].delete(path.rsplit("/", 1)[-1])  # where the virus scan may have put it
