"""What is on record about tickets: to be looked at, never changed (docs/adr/0011).

Administrators read who did what and when, so that they can look after the helpdesk's work; no
message, no file and its name, no Data Server, no reporter's name, no NPWP or NIP.
"""

from django.contrib import admin, messages
from django.template.defaultfilters import filesizeformat
from django.utils.formats import date_format
from django.utils.timezone import localtime

from accounts.admin.read_only import ReadOnlyAdmin
from accounts.roles import REPORTERS, Level
from tickets import numbers, wording
from tickets.models import Attachment, DayRoot, Event, Rating, Reading, Scan
from tickets.models.event import SENT
from tickets.workflow import STEPS


class RecordAdmin(ReadOnlyAdmin):
    """Read only, for superusers too; found by the whole number of a ticket, which has an index."""

    number = "ticket__number"  # where the ticket's number is
    search_help_text = f"Nomor tiket lengkap, misalnya {numbers.EXAMPLE}"

    def get_search_fields(self, request):
        return [f"{self.number}__exact"]

    def get_search_results(self, request, queryset, search_term):
        """A number in any spelling; what is none finds nothing and says so."""
        if not search_term:
            return queryset, False
        try:
            return queryset.filter(**{self.number: numbers.parse(search_term)}), False
        except ValueError as error:
            messages.warning(request, str(error))
            return queryset.none(), False


def who(event):
    """Officers by name; of reporters only what they are."""
    role = event.get_actor_role_display() or "Administrator"
    return f"Pelapor ({role})" if event.actor_role in REPORTERS else f"{event.actor} ({role})"


def way(event):
    """'Tiket Baru di LPSE Level 1 → Tiket Proses di LPSE Level 1', or one place when it stayed."""
    before = place(event.get_from_status_display(), event.from_level) if event.from_status else ""
    after = place(event.get_to_status_display(), event.to_level)
    return after if before in {"", after} else f"{before} → {after}"


def place(status, level):
    return f"{status} di {Level(level).label}"


class StepFilter(admin.SimpleListFilter):
    title, parameter_name = "peristiwa", "peristiwa"

    def lookups(self, request, model_admin):
        return [(SENT, "Kirim"), *((name, step.label) for name, step in STEPS.items())]

    def queryset(self, request, queryset):
        known = {name for name, _ in self.lookup_choices}
        return queryset.filter(action=self.value()) if self.value() in known else queryset


class EventFacts:
    """Columns about an event, for its own list and for the ticket's page."""

    @admin.display(description="nomor tiket")
    def of_ticket(self, event):
        return event.ticket

    @admin.display(description="peristiwa")
    def what(self, event):
        return wording.fact(event)

    @admin.display(description="oleh")
    def who(self, event):
        return who(event)

    @admin.display(description="status dan posisi")
    def way(self, event):
        return way(event)

    @admin.display(description="pesan dibaca oleh")
    def readers(self, event):
        return event.get_audience_display()

    @admin.display(description="perubahan klasifikasi")
    def changes_in_words(self, event):
        return "; ".join(f"{label}: {old} → {new}" for label, old, new in event.changes) or "-"


@admin.register(Event)
class EventAdmin(EventFacts, RecordAdmin):
    list_display = ["at", "of_ticket", "what", "who", "way"]
    list_filter = [StepFilter, "at", "to_level"]
    list_select_related = ["ticket", "actor"]
    fields = readonly_fields = [
        *("of_ticket", "at", "what", "who", "way"),
        *("readers", "changes_in_words", "files", "ordered_by"),
    ]

    def get_queryset(self, request):
        return super().get_queryset(request).defer("message")

    @admin.display(description="penghapusan diperintahkan oleh", empty_value="-")
    def ordered_by(self, event):
        return event.detail.get("ordered_by")

    @admin.display(description="jumlah lampiran")
    def files(self, event):
        return event.attachments.count()


@admin.register(Reading)
class ReadingAdmin(EventFacts, RecordAdmin):
    list_display = ["at", "of_ticket", "who", "reason"]
    list_filter = ["at"]
    list_select_related = ["ticket", "actor"]
    fields = readonly_fields = ["of_ticket", "at", "who", "reason"]

    @admin.display(description="alasan")
    def reason(self, reading):
        return reading.message


@admin.register(Attachment)
class AttachmentAdmin(RecordAdmin):
    """A file's name can name people or companies: its kind and size are told instead."""

    number = "event__ticket__number"
    list_display = ["when", "of_ticket", "kind", "length", "sealed"]
    list_select_related = ["event__ticket"]
    fields = readonly_fields = ["of_ticket", "when", "kind", "length", "sealed"]

    @admin.display(description="waktu")
    def when(self, file):
        return date_format(localtime(file.event.at), "DATETIME_FORMAT")

    @admin.display(description="nomor tiket")
    def of_ticket(self, file):
        return file.event.ticket

    @admin.display(description="jenis file")
    def kind(self, file):
        return file.extension

    @admin.display(description="ukuran")
    def length(self, file):
        return filesizeformat(file.size)

    @admin.display(description="rahasia", boolean=True)
    def sealed(self, file):
        return file.is_sealed


@admin.register(Scan)
class QuarantineAdmin(RecordAdmin):
    """Files with a virus, where they came from and what was found; as ever without their names."""

    list_display = ["scanned_at", "of_ticket", "kind", "length", "signature"]
    list_select_related = ["ticket"]
    fields = readonly_fields = [*list_display, "sha256"]

    def get_queryset(self, request):
        return super().get_queryset(request).infected()

    @admin.display(description="nomor tiket")
    def of_ticket(self, scan):
        return scan.ticket or "tidak diterima"

    @admin.display(description="ukuran")
    def length(self, scan):
        return filesizeformat(scan.size)


@admin.register(Rating)
class RatingAdmin(RecordAdmin):
    """What reporters think of the helpdesk's work, without who they are."""

    list_display = ["created_at", "of_ticket", "stars", "suggestion"]
    list_filter = ["stars", "created_at"]
    list_select_related = ["ticket"]
    fields = readonly_fields = ["of_ticket", "created_at", "stars", "suggestion"]

    @admin.display(description="nomor tiket")
    def of_ticket(self, rating):
        return rating.ticket


@admin.register(DayRoot)
class DayRootAdmin(RecordAdmin):
    """The root of each day, to be printed and kept elsewhere."""

    change_form_template = "admin/tickets/dayroot/change_form.html"
    number = "leaves__contains"  # finds the days on which a ticket moved
    ordering = ["-day"]
    list_display = ["day", "root", "moved", "made_at"]
    fields = readonly_fields = ["day", "root", "previous_root", "moved", "made_at"]

    @admin.display(description="tiket yang bergerak")
    def moved(self, root):
        return len(root.tickets)
