"""What tickets add to the page of an account: how many are in its hands."""

from django.contrib import admin, messages

from accounts.admin import UserAdmin
from accounts.models import User
from tickets.models import Ticket

admin.site.unregister(User)


@admin.register(User)
class OfficerAdmin(UserAdmin):
    def get_fieldsets(self, request, obj=None):
        fieldsets = super().get_fieldsets(request, obj)
        if obj and obj.is_officer:
            fieldsets.append(("Pekerjaan", {"fields": ["in_hand"]}))
        return fieldsets

    def get_readonly_fields(self, request, obj=None):
        return [*super().get_readonly_fields(request, obj), "in_hand"]

    @admin.display(description="tiket di tangan")
    def in_hand(self, user):
        return Ticket.objects.held_by([user]).count()

    def warn_of_work(self, request, people):
        """Tickets of people who left would wait for nobody."""
        held = Ticket.objects.held_by(people).numbers_by_officer()
        if held:
            told = ", ".join(f"{name} ({number} tiket)" for name, number in held)
            messages.warning(
                request,
                f"Masih ada tiket yang belum selesai di tangan {told}. "
                "Alihkan kepada petugas lain supaya tidak tertinggal.",
            )
