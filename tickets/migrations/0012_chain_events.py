"""Chains the events that are there, each ticket's in the order in which they were written."""

from django.db import migrations

from tickets import chain

AT_A_TIME = 500  # tickets whose events are in memory together
LINK = ["position", "previous_hash", "hash", "commitments", "salts"]


def fill(apps, schema_editor):
    Ticket, Event = apps.get_model("tickets", "Ticket"), apps.get_model("tickets", "Event")
    unchained = Ticket.objects.filter(events__position=None).distinct().order_by("pk")
    tickets = unchained.select_related("rating").prefetch_related("events__attachments")
    schema_editor.execute("ALTER TABLE tickets_event DISABLE TRIGGER append_only_rows")
    linked = []
    for ticket in tickets.iterator(chunk_size=AT_A_TIME):
        linked += _linked(ticket)
        if len(linked) >= AT_A_TIME:
            Event.objects.bulk_update(linked, LINK)
            linked = []
    Event.objects.bulk_update(linked, LINK)
    schema_editor.execute("ALTER TABLE tickets_event ENABLE TRIGGER append_only_rows")


def _linked(ticket):
    last = None
    events = sorted(ticket.events.all(), key=lambda event: event.pk)
    for event in events:
        files = sorted(event.attachments.all(), key=lambda file: file.pk)
        rating = getattr(ticket, "rating", None) if event.action == "rate" else None
        chain.link(event, ticket, files, rating, after=last)
        last = event
    return events


class Migration(migrations.Migration):
    dependencies = [("tickets", "0011_event_chain")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
