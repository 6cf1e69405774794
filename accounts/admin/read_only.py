"""Lists in the administration that are looked at and never changed."""

from django.contrib import admin

from accounts.admin.lookups import is_of_filter


class ReadOnlyAdmin(admin.ModelAdmin):
    """Newest first; nobody adds, changes or deletes, superusers neither; no address filters by a
    column that the list does not offer."""

    ordering = ["-pk"]
    sortable_by = ()
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    list_per_page = 50
    actions = None
    view_on_site = False

    def lookup_allowed(self, lookup, value, request=None):
        return is_of_filter(lookup, self.list_filter)

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
