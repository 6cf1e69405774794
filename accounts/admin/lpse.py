"""LPSE units for administrators: one by one, and from a newer file."""

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_public_key,
)
from django import forms
from django.contrib import admin
from django.db import models
from django.urls import path

from accounts import security_log
from accounts.admin import lpse_import
from accounts.models import Lpse, User
from accounts.security_log import Kind


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
            raise forms.ValidationError("Isi dengan kunci publik Ed25519 dalam bentuk PEM.")
        return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


@admin.register(Lpse)
class LpseAdmin(admin.ModelAdmin):
    """Units are switched off, never deleted: people and tickets belong to them."""

    form = LpseForm
    change_list_template = "admin/accounts/lpse/change_list.html"
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}
    list_display = ["name", "code", "kind", "province", "zone", "can_hand_over", "is_active"]
    list_filter = [
        "is_active",
        ("public_key", admin.EmptyFieldListFilter),
        "zone",
        "kind",
        "province",
    ]
    search_fields = ["name", "code", "province"]
    search_help_text = "Nama, kode, atau provinsi"
    fieldsets = [
        (None, {"fields": ["name", "code", "kind"]}),
        ("Tempat", {"fields": ["province", "region_code", "zone"]}),
        ("SPSE", {"fields": ["national_url", "own_url", "spse_version"]}),
        (
            "Sambungan",
            {
                "fields": ["is_active", "public_key"],
                "description": "Orang dari LPSE ini dapat masuk bila LPSE aktif dan kunci "
                "publik SPSE-nya terisi. Impor file tidak pernah mengubah bagian ini.",
            },
        ),
    ]

    @admin.display(description="terhubung", boolean=True)
    def can_hand_over(self, lpse):
        return lpse.is_active and bool(lpse.public_key)

    def get_form(self, request, obj=None, **kwargs):
        is_active = "Hapus centang bila LPSE tidak dilayani lagi; orangnya tidak dapat masuk."
        return super().get_form(request, obj, **{"help_texts": {"is_active": is_active}} | kwargs)

    def get_readonly_fields(self, request, obj=None):
        """Whoever sets a key, or the code that finds it, can sign anybody of the LPSE in."""
        return [] if request.user.is_superuser else ["public_key", *(["code"] if obj else [])]

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        if change and {"is_active", "public_key", "code"}.intersection(form.changed_data):
            # whoever entered by a key that leaked is out with it
            User.objects.filter(lpse=obj).end_sessions()
        for name in {"public_key", "code", "is_active"}.intersection(form.changed_data):
            security_log.record(Kind.LPSE, request=request, lpse=obj.pk, field=name)

    def has_delete_permission(self, request, obj=None):
        return False

    def has_import_permission(self, request):
        return self.has_change_permission(request) and self.has_add_permission(request)

    def get_urls(self):
        upload = self.admin_site.admin_view(lpse_import.upload)
        report = self.admin_site.admin_view(lpse_import.report)
        return [
            path("impor/", upload, {"page": self}, name="accounts_lpse_import"),
            path("impor/<uuid:token>/", report, {"page": self}, name="accounts_lpse_report"),
            *super().get_urls(),
        ]

    def changelist_view(self, request, extra_context=None):
        may = {"may_import": self.has_import_permission(request)}
        return super().changelist_view(request, (extra_context or {}) | may)
