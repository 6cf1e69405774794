"""Tickets for administrators: where they stand and what happened to them."""

from django.contrib import admin
from django.urls import path

from tickets.admin import redaction
from tickets.admin.records import EventFacts, RecordAdmin
from tickets.models import Event, Ticket
from tickets.workflow import STEPS


class EventInline(EventFacts, admin.TabularInline):
    """The ticket's history, without a message."""

    model = Event
    fields = readonly_fields = ["at", "what", "who", "way"]
    ordering = ["pk"]
    extra = 0
    can_delete = False
    show_change_link = True

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("actor").defer("message")

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False


@admin.register(Ticket)
class TicketAdmin(RecordAdmin):
    """Where tickets stand. They change in the portal alone, by the steps of the workflow."""

    number = "number"
    list_display = ["spoken", "lpse", "status", "level", "category", "created_at"]
    list_filter = [
        *("status", "level", "reporter_kind", "priority", "category"),
        *("lpse__province", "created_at"),
    ]
    fields = readonly_fields = [
        *("spoken", "lpse", "reporter_kind", "status", "level", "officer"),
        *("category", "type", "priority", "version", "created_at", "updated_at", "closed_at"),
        "reopen_until",
    ]
    inlines = [EventInline]
    change_form_template = "admin/tickets/ticket/change_form.html"

    def get_urls(self):
        redact = self.admin_site.admin_view(redaction.redact)
        name = "tickets_ticket_redact"
        return [
            path("<int:object_id>/hapus-isi/", redact, {"page": self}, name=name),
            *super().get_urls(),
        ]

    def change_view(self, request, object_id, form_url="", extra_context=None):
        ticket = self.get_object(request, object_id)
        may = {"may_redact": ticket is not None and STEPS["redact"].is_open(ticket, request.user)}
        return super().change_view(request, object_id, form_url, (extra_context or {}) | may)

    def get_queryset(self, request):
        shown = super().get_queryset(request).defer("title", "identity_number", "search")
        return shown.select_related("lpse", "category", "officer", "version")

    @admin.display(description="nomor tiket")
    def spoken(self, ticket):
        return str(ticket)
