"""The outbox for administrators: what waits to be mailed, what failed, and sending it again."""

from django.contrib import admin, messages
from django.utils import timezone

from accounts.admin.read_only import ReadOnlyAdmin
from accounts.roles import REPORTERS
from tickets.models import Notice


@admin.register(Notice)
class OutboxAdmin(ReadOnlyAdmin):
    """Notices by mail alone, dead letters too; of reporters no name, of nobody the address."""

    list_display = ["due_at", "of_ticket", "what", "who", "mail", "attempts", "error"]
    list_filter = ["mail", "due_at"]
    list_select_related = ["event__ticket", "recipient"]
    fields = readonly_fields = [*list_display, "pool"]
    actions = ["send_again"]

    def get_queryset(self, request):
        return super().get_queryset(request).exclude(mail=Notice.Mail.NONE)

    @admin.display(description="nomor tiket")
    def of_ticket(self, notice):
        return notice.event.ticket

    @admin.display(description="kabar")
    def what(self, notice):
        return notice.says

    @admin.display(description="penerima")
    def who(self, notice):
        person = notice.recipient
        if person is None:
            return f"Semua petugas {notice.get_pool_display()}"
        role = person.get_role_display()
        return f"Pelapor ({role})" if person.role in REPORTERS else f"{person} ({role})"

    def has_send_again_permission(self, request):
        return request.user.has_perm("tickets.resend_notice")

    @admin.action(description="Kirim lagi surel yang gagal", permissions=["send_again"])
    def send_again(self, request, queryset):
        """Dead letters go back into the outbox with all their attempts; others stay as they are."""
        number = queryset.dead().update(mail=Notice.Mail.DUE, attempts=0, due_at=timezone.now())
        if number:
            messages.success(request, f"{number} surel akan dikirim lagi.")
        else:
            messages.warning(request, "Tidak ada surel gagal di antara yang dipilih.")
