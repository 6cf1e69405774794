"""People and LPSE for administrators."""

from allauth.account.decorators import secure_admin_login
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_public_key,
)
from django import forms
from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.core.exceptions import PermissionDenied
from django.db import models

from accounts.models import Lpse, User

# one door for passwords: the rate limits and the second factor hold for administrators too
admin.site.login = secure_admin_login(admin.site.login)


class LpseForm(forms.ModelForm):
    """Without a Meta: the admin adds the model and all its fields."""

    def clean_public_key(self):
        """The key in one spelling, so that two entries of the same key are equal."""
        text = self.cleaned_data["public_key"].strip()
        if not text:
            return ""
        try:
            key = load_pem_public_key(text.encode())
        except (ValueError, UnsupportedAlgorithm):
            key = None
        if not isinstance(key, Ed25519PublicKey):
            raise forms.ValidationError("Bukan kunci publik Ed25519 dalam bentuk PEM.")
        return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


@admin.register(Lpse)
class LpseAdmin(admin.ModelAdmin):
    form = LpseForm
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}
    list_display = ["name", "code", "kind", "province", "zone", "can_hand_over", "is_active"]
    list_filter = ["is_active", "zone", "kind", ("public_key", admin.EmptyFieldListFilter)]
    search_fields = ["name", "code", "province"]
    search_help_text = "Nama, kode, atau provinsi"

    @admin.display(description="terhubung", boolean=True)
    def can_hand_over(self, lpse):
        return lpse.is_active and bool(lpse.public_key)


@admin.register(User)
class UserAdmin(DjangoUserAdmin):
    """Accounts are switched off, never deleted: tickets and their history name them."""

    list_display = ["username", "name", "role", "lpse", "is_staff", "is_active"]
    list_filter = ["role", "is_active", "is_staff", "is_superuser"]
    list_select_related = ["lpse"]
    search_fields = ["username", "name", "email", "lpse__name"]
    search_help_text = "User ID, nama, e-mail, atau LPSE"
    autocomplete_fields = ["lpse"]
    readonly_fields = ["subject", "identity_number", "last_login", "date_joined"]
    fieldsets = [
        (None, {"fields": ["username", "password"]}),
        ("Orang", {"fields": ["name", "email", "role", "lpse", "subject", "identity_number"]}),
        (
            "Akses",
            {"fields": ["is_active", "is_staff", "is_superuser", "groups", "user_permissions"]},
        ),
        ("Waktu", {"fields": ["last_login", "date_joined"]}),
    ]
    add_fieldsets = [
        (
            None,
            {
                "classes": ["wide"],
                "fields": [
                    "username",
                    "name",
                    "email",
                    "role",
                    "lpse",
                    "usable_password",
                    "password1",
                    "password2",
                ],
            },
        ),
    ]

    def has_delete_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        """Only a superuser changes a superuser, else whoever edits accounts could take one over."""
        allowed = super().has_change_permission(request, obj)
        return allowed and (request.user.is_superuser or not (obj and obj.is_superuser))

    def get_readonly_fields(self, request, obj=None):
        """Only a superuser gives powers; how SPSE calls its people is not for us to change."""
        fields = super().get_readonly_fields(request, obj)
        if obj and obj.comes_from_spse:
            fields = [*fields, "username", "password"]
        if request.user.is_superuser:
            return fields
        return [*fields, "is_staff", "is_superuser", "groups", "user_permissions"]

    def user_change_password(self, request, id, form_url=""):
        """People from SPSE have no password here, so nobody can give them one."""
        user = self.get_object(request, unquote(id))
        if user and user.comes_from_spse:
            raise PermissionDenied
        return super().user_change_password(request, id, form_url)


admin.site.site_header = admin.site.site_title = "LPSE Support"
admin.site.index_title = "Administrasi"
admin.site.unregister(EmailAddress)  # people have one address, on their account
admin.site.unregister(Authenticator)


@admin.register(Authenticator)
class AuthenticatorAdmin(admin.ModelAdmin):
    """Second factors: to be removed when a phone is lost, never to be read or written."""

    list_display = ["user", "type", "created_at", "last_used_at"]
    list_select_related = ["user"]
    search_fields = ["user__username", "user__name"]
    fields = readonly_fields = ["user", "type", "created_at", "last_used_at"]

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False
