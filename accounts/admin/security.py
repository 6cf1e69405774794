"""The security log for administrators: to be looked at, never changed."""

from django.contrib import admin

from accounts.admin.lookups import is_of_filter
from accounts.security_log import SecurityEntry


@admin.register(SecurityEntry)
class SecurityEntryAdmin(admin.ModelAdmin):
    """Found by User ID or by the number of a ticket in its facts."""

    list_display = ["at", "kind", "who", "ip", "told"]
    list_filter = ["kind", "at"]
    list_select_related = ["user"]
    search_fields = ["user__username__exact"]
    search_help_text = "User ID lengkap"
    fields = readonly_fields = ["at", "kind", "who", "ip", "told"]
    ordering = ["-pk"]
    sortable_by = ()
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    list_per_page = 50
    actions = None

    @admin.display(description="oleh", empty_value="-")
    def who(self, entry):
        return entry.user and f"{entry.user.username} ({entry.user.office})"

    @admin.display(description="keterangan")
    def told(self, entry):
        return ", ".join(f"{name}: {fact}" for name, fact in entry.facts.items()) or "-"

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("user__lpse")

    def lookup_allowed(self, lookup, value, request=None):
        return is_of_filter(lookup, self.list_filter)

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
