"""The security log for administrators: to be looked at, never changed."""

from django.contrib import admin

from accounts.admin.lookups import is_of_filter
from accounts.security_log import SecurityEntry

WORDS = {  # the names of facts as administrators read them
    "account": "akun",
    "action": "batas",
    "after": "sesudah",
    "before": "sebelum",
    "by": "lewat",
    "field": "bagian",
    "lpse": "LPSE",
    "method": "metode",
    "page": "halaman",
    "parts": "jumlah isi",
    "role": "peran",
    "scan": "karantina",
    "ticket": "tiket",
    "type": "jenis",
    "ways": "cara",
    "what": "berkas",
    "where": "di",
    "why": "sebab",
}


def said(fact):
    if isinstance(fact, bool):
        return "ya" if fact else "tidak"
    return ", ".join(map(str, fact)) if isinstance(fact, list) else str(fact)


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
        facts = (f"{WORDS.get(name, name)}: {said(fact)}" for name, fact in entry.facts.items())
        return "; ".join(facts) or "-"

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
