"""Lists that administrators keep, and tickets to look at; never files, messages or Data Server."""

from contextlib import suppress

from django.contrib import admin

from tickets import numbers
from tickets.models import AppVersion, Category, Ticket


@admin.register(Category, AppVersion)
class ReferenceAdmin(admin.ModelAdmin):
    list_display = ["label", "code", "position", "is_active"]
    list_editable = ["position", "is_active"]
    search_fields = ["label", "code"]

    def has_delete_permission(self, request, obj=None):
        """Tickets keep what they were called: switch an entry off instead."""
        return False


@admin.register(Ticket)
class TicketAdmin(admin.ModelAdmin):
    """Where tickets stand. They change in the portal alone, by the steps of the workflow."""

    list_display = ["number", "lpse", "status", "level", "category", "priority", "created_at"]
    list_filter = ["status", "level", "reporter_kind", "priority"]
    list_select_related = ["lpse", "category"]
    search_fields = ["number"]
    show_full_result_count = False
    fields = ["number", "lpse", "reporter_kind", "status", "level", "officer", "category", "type",
              "priority", "version", "created_at", "updated_at", "closed_at"]  # fmt: skip
    readonly_fields = fields

    def lookup_allowed(self, lookup, value, request=None):
        """Filters of the list alone: an address must not ask about what the list hides."""
        return lookup.split("__")[0] in self.list_filter

    def get_search_results(self, request, queryset, search_term):
        """A number in any spelling."""
        with suppress(ValueError):  # a part of a number stays as it is
            search_term = numbers.parse(search_term)
        return super().get_search_results(request, queryset, search_term)

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
