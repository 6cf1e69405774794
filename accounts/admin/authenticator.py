"""Second factors for administrators."""

from allauth.mfa.models import Authenticator
from django.contrib import admin

from accounts import security_log
from accounts.models import User
from accounts.security_log import Kind

# allauth has no Indonesian names for these
Authenticator._meta.app_config.verbose_name = "Faktor kedua"
Authenticator._meta.verbose_name = Authenticator._meta.verbose_name_plural = "autentikator"
admin.site.unregister(Authenticator)


@admin.register(Authenticator)
class AuthenticatorAdmin(admin.ModelAdmin):
    """Second factors: to be removed when a phone is lost, never to be read or written.

    Not for the group Administrator: who sets passwords and also removes second factors could
    enter as any officer.
    """

    list_display = ["user", "kind", "created_at", "last_used_at"]
    list_select_related = ["user"]
    search_fields = ["user__username", "user__name"]
    search_help_text = "User ID atau nama"
    fields = readonly_fields = ["user", "kind", "created_at", "last_used_at"]

    @admin.display(description="jenis", ordering="type")
    def kind(self, authenticator):
        return KINDS.get(authenticator.type, authenticator.type)

    def delete_model(self, request, authenticator):
        account, kind = authenticator.user_id, authenticator.type
        super().delete_model(request, authenticator)
        # whoever holds the lost phone, or a session made with it, begins anew
        User.objects.filter(pk=account).end_sessions()
        security_log.record(
            Kind.SECOND_FACTOR, request=request, account=account, type=kind, field="removed"
        )

    def delete_queryset(self, request, queryset):
        for authenticator in queryset:
            self.delete_model(request, authenticator)

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False


KINDS = {
    Authenticator.Type.TOTP: "Aplikasi autentikator",
    Authenticator.Type.RECOVERY_CODES: "Kode pemulihan",
}
