"""The administration's door and head, and its pages about people, LPSE and second factors."""

from allauth.account.models import EmailAddress
from django.contrib import admin

from accounts.admin.authenticator import AuthenticatorAdmin
from accounts.admin.group import GroupAdmin
from accounts.admin.lpse import LpseAdmin, LpseForm
from accounts.admin.security import SecurityEntryAdmin
from accounts.admin.user import UserAdmin

__all__ = [
    "AuthenticatorAdmin",
    "GroupAdmin",
    "LpseAdmin",
    "LpseForm",
    "SecurityEntryAdmin",
    "UserAdmin",
]

admin.site.site_header = admin.site.site_title = "LPSE Support"
admin.site.index_title = "Administrasi"
admin.site.unregister(EmailAddress)  # people have one address, on their account
