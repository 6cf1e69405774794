"""Accounts for administrators: their role, LPSE and powers, and whether they are switched on."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.admin.utils import unquote
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.html import format_html

from accounts import identity, security_log
from accounts.admin.lookups import is_of_filter
from accounts.models import User
from accounts.roles import LKPP_OFFICERS, LPSE_OFFICERS, REPORTERS, Role
from accounts.security_log import Kind

POWERS = ["is_staff", "is_superuser", "groups"]
WATCHED = ["role", "lpse", "is_active", *POWERS]  # what each change of is told before → after
WAYS_IN = ["username", "email", "role"]  # with these an account can be taken over, or made one
ADMINISTRATOR = ("", "Administrator (tanpa peran di tiket)")
HELP = {
    "username": "Dipakai untuk masuk. Huruf, angka, dan tanda @ . + - _ saja.",
    "is_active": (
        "Hapus centang bila orang ini tidak boleh masuk lagi. Sesinya berakhir saat itu juga; "
        "tiket dan riwayatnya tetap tersimpan."
    ),
    "is_staff": "Boleh membuka Administrasi, sejauh grupnya mengizinkan.",
    "is_superuser": "Boleh semuanya, termasuk memberi hak kepada orang lain.",
    "groups": "Hak di Administrasi diberikan lewat grup.",
}
LABELS = {
    "username": "User ID",
    "is_staff": "Boleh membuka Administrasi",
    "is_superuser": "Administrator utama",
}
ROLE_FROM_SPSE = (
    "Mengikuti SPSE: setiap kali orang ini masuk, perannya menjadi peran yang dikirim SPSE, "
    "sehingga perubahan di sini dapat tertimpa. Pindah dari Pelapor ke petugas LPSE (atau "
    "sebaliknya) hanya dapat dilakukan di sini, dan orang itu baru dapat masuk bila SPSE "
    "mengirim peran dengan jenis yang sama."
)
LPSE_FROM_SPSE = (
    "Orang dari SPSE dikenali lewat LPSE dan subjek SPSE. Setelah LPSE diganti, akun ini "
    "hanya dapat dimasuki dari SPSE LPSE yang baru; dari LPSE lama akan dibuat akun baru."
)
ROLE_HERE = (
    "Petugas LKPP atau administrator. Pelapor dan petugas LPSE tidak ditambahkan di sini: akun "
    "mereka dibuat saat pertama kali masuk lewat SPSE."
)


class RoleForm(forms.ModelForm):
    """Offers the roles of the way by which the person signs in; any other locks them out.

    Only a superuser makes officers of LKPP: they read the tickets of every LPSE.
    """

    gives_lkpp_roles = False

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "role" in self.fields:
            comes_from_spse = self.instance.comes_from_spse
            roles = LKPP_OFFICERS if self.gives_lkpp_roles else ()
            roles = (*REPORTERS, *LPSE_OFFICERS) if comes_from_spse else roles
            choices = [(role.value, role.label) for role in roles]
            self.fields["role"].choices = choices if comes_from_spse else [ADMINISTRATOR, *choices]
            self.fields["role"].required = comes_from_spse
            self.fields["role"].help_text = ROLE_FROM_SPSE if comes_from_spse else ROLE_HERE
        if "lpse" in self.fields:
            self.fields["lpse"].required = True
            self.fields["lpse"].help_text = LPSE_FROM_SPSE

    def clean(self):
        cleaned = super().clean()
        twin = User.objects.filter(lpse=cleaned.get("lpse"), subject=self.instance.subject)
        if self.instance.subject and twin.exclude(pk=self.instance.pk).exists():
            raise ValidationError({"lpse": "LPSE ini sudah memiliki akun dengan subjek yang sama."})
        return cleaned


class ChangeForm(RoleForm, UserChangeForm):
    """An account that exists."""


class AddForm(RoleForm, UserCreationForm):
    """An account for somebody who signs in here."""


class PasswordForm(AdminPasswordChangeForm):
    """Without the choice to take the password away: an account is switched off instead."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields.pop("usable_password", None)
        for field in self.fields.values():
            field.required = True


class EntersFilter(admin.BooleanFieldListFilter):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.title = "administrasi"


@admin.register(User)
class UserAdmin(DjangoUserAdmin):
    """Accounts are switched off, never deleted: tickets and their history name them."""

    form, add_form, add_form_template = ChangeForm, AddForm, None
    change_password_form = PasswordForm
    change_user_password_template = "admin/accounts/user/password.html"  # noqa: S105 # nosec B105 # a template
    list_display = ["username", "name", "role_or_administrator", "lpse", "enters", "is_active"]
    list_filter = ["role", "is_active", ("is_staff", EntersFilter), "groups", "lpse__province"]
    list_select_related = ["lpse"]
    show_full_result_count = False
    search_fields = ["username", "name", "email", "lpse__name"]
    search_help_text = "User ID, nama, surel, atau LPSE"
    autocomplete_fields = ["lpse"]
    filter_horizontal = []
    show_facets = admin.ShowFacets.NEVER
    readonly_fields = ["subject", "masked_identity", "secret", "last_login", "date_joined"]
    actions = ["deactivate", "activate"]
    add_fieldsets = [
        (
            None,
            {
                "classes": ["wide"],
                "fields": ["username", "name", "email", "role"],
            },
        ),
        (
            "Kata sandi",
            {
                "classes": ["wide"],
                "fields": ["password1", "password2"],
                "description": "Sampaikan kata sandi ini lewat saluran yang aman, dan minta "
                "menggantinya setelah masuk. Setelah disimpan, Anda dapat memilih hak aksesnya.",
            },
        ),
    ]

    @admin.display(description="peran", ordering="role")
    def role_or_administrator(self, user):
        return user.get_role_display() or ("Sistem" if user.is_nobodys else "Administrator")

    @admin.display(description="administrasi", ordering="is_staff", boolean=True)
    def enters(self, user):
        return user.is_staff

    @admin.display(description="NPWP atau NIP", empty_value="-")
    def masked_identity(self, user):
        return identity.masked_number(user.identity_number) or None

    @admin.display(description="kata sandi")
    def secret(self, user):
        return format_html('<a href="{}">Atur ulang kata sandi</a>', "../password/")

    def lookup_allowed(self, lookup, value, request=None):
        """Filters of the list alone: no address finds out a number or a password by guessing."""
        return is_of_filter(lookup, self.list_filter)

    # Who may change what

    def has_delete_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        """Nobody changes an account that may do more than they, else they could take it over."""
        if not super().has_change_permission(request, obj):
            return False
        return obj is None or User.objects.changeable_by(request.user).filter(pk=obj.pk).exists()

    def get_fieldsets(self, request, obj=None):
        """A password and powers only where they can be of use: SPSE lets no staff account in."""
        if obj is None:
            return self.add_fieldsets
        login, person, access = ["username"], ["name", "email", "role"], ["is_active"]
        if obj.comes_from_spse:
            person += ["lpse", "subject", "masked_identity"]
        else:
            access += POWERS
            if self.has_change_permission(request, obj) and self._sets_password(request, obj):
                login.append("secret")
        return [
            (None, {"fields": login}),
            ("Orang", {"fields": person}),
            ("Akses", {"fields": access}),
            ("Waktu", {"fields": ["last_login", "date_joined"]}),
        ]

    def get_readonly_fields(self, request, obj=None):
        """Only a superuser gives powers or gets at the account of an officer of LKPP, who reads
        tickets; nobody switches themselves off.

        How SPSE calls its people is not for us to change.
        """
        fields = list(super().get_readonly_fields(request, obj))
        if obj and obj.comes_from_spse:
            fields.append("username")
        if obj and obj == request.user:
            fields.append("is_active")
        if request.user.is_superuser:
            return fields
        if obj and obj.is_lkpp:
            fields += WAYS_IN
        return [*fields, *POWERS, *(["role", "lpse"] if obj == request.user else [])]

    @staticmethod
    def _sets_password(request, user):
        if user.is_lkpp:
            return request.user.is_superuser
        return not user.comes_from_spse

    def formfield_for_manytomany(self, db_field, request=None, **kwargs):
        kwargs["widget"] = forms.CheckboxSelectMultiple
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def get_form(self, request, obj=None, **kwargs):
        form = super().get_form(request, obj, **{"help_texts": HELP, "labels": LABELS} | kwargs)
        form.gives_lkpp_roles = request.user.is_superuser
        return form

    def user_change_password(self, request, id, form_url=""):
        """Not for people from SPSE, who have no password here."""
        user = self.get_object(request, unquote(id))
        if user and not self._sets_password(request, user):
            raise PermissionDenied
        before = user and user.password
        response = super().user_change_password(request, id, form_url)
        if user and User.objects.values_list("password", flat=True).get(pk=user.pk) != before:
            tell(request.user, user, "password", "…", "…")
        return response

    # What is remembered of a change

    def save_model(self, request, user, form, change):
        """An NPWP is no NIP: the number goes with the role, as at a hand-off."""
        if change and "role" in form.changed_data:
            user.identity_number = ""
        super().save_model(request, user, form, change)
        if not change:
            tell(request.user, user, "account", "", user.role or "administrator")
        if "email" in form.changed_data and change:
            tell(request.user, user, "email", "…", "…")
        for name in set(WATCHED).intersection(form.changed_data) if change else ():
            before, after = form.initial.get(name), form.cleaned_data[name]
            tell(request.user, user, name, before, getattr(after, "pk", after))
        if change and {"is_active", "role", "lpse"}.intersection(form.changed_data):
            User.objects.filter(pk=user.pk).end_sessions()  # a session is of who signed in
        has_moved = {"role", "lpse"}.intersection(form.changed_data)
        is_off = "is_active" in form.changed_data and not user.is_active
        if change and (has_moved or is_off):
            self.warn_of_work(request, [user])

    def construct_change_message(self, request, form, formsets, add=False):
        """What matters before → after; of the rest only the names: values can be personal."""
        watched = [name for name in form.changed_data if name in WATCHED]
        if add or not watched:
            return super().construct_change_message(request, form, formsets, add)
        sentences = [self._sentence(form, name) for name in watched]
        rest = [form.fields[name].label for name in form.changed_data if name not in WATCHED]
        if rest:
            sentences.append(f"Diubah juga: {', '.join(map(str, rest))}.")
        return " ".join(sentences)

    @staticmethod
    def _sentence(form, name):
        field = form.fields[name]
        before, after = form.initial.get(name), form.cleaned_data[name]
        return changed(field.label, in_words(field, before), in_words(field, after))

    # Many at once

    @admin.action(description="Nonaktifkan akun yang dipilih", permissions=["change"])
    def deactivate(self, request, queryset):
        people = self._switch(request, queryset, on=False)
        self.warn_of_work(request, people)

    @admin.action(description="Aktifkan akun yang dipilih", permissions=["change"])
    def activate(self, request, queryset):
        self._switch(request, queryset, on=True)

    @transaction.atomic
    def _switch(self, request, queryset, *, on):
        """Those who were switched; oneself and those who may do more are skipped."""
        chosen = list(queryset.values_list("pk", flat=True))
        people = list(
            User.objects.changeable_by(request.user)
            .filter(pk__in=chosen, is_active=not on)
            .exclude(pk=request.user.pk)
            .select_for_update(of=["self"])
        )
        switched = User.objects.filter(pk__in=[user.pk for user in people])
        switched.update(is_active=on)
        switched.end_sessions()  # in both directions: none from before comes back
        if people:
            message = changed("Aktif", *(("tidak", "ya") if on else ("ya", "tidak")))
            LogEntry.objects.log_actions(request.user.pk, people, CHANGE, message)
        for user in people:
            user.is_active = on
        switched = [change(request.user, user, "is_active", not on, on) for user in people]
        security_log.write(switched)
        self._say_how_many(request, len(people), len(chosen) - len(people), on)
        return people

    def _say_how_many(self, request, done, skipped, on):
        word = "diaktifkan" if on else "dinonaktifkan"
        if done:
            self.message_user(request, f"{done} akun {word}.", messages.SUCCESS)
        if skipped:
            why = "sudah demikian, akun Anda sendiri, atau akun dengan hak melebihi hak Anda"
            self.message_user(request, f"{skipped} akun dilewati ({why}).", messages.WARNING)

    def warn_of_work(self, request, people):
        """Called when people leave their work; tickets tells here what they still hold."""


def changed(label, before, after):
    return f"{label}: {before} → {after}."


def in_words(field, value):
    """What a form's field shows for a value, for people who read the history."""
    if isinstance(field, forms.BooleanField):
        return "ya" if value else "tidak"
    if isinstance(field, forms.ModelMultipleChoiceField):
        return ", ".join(sorted(map(str, value or []))) or "tidak ada"
    if isinstance(field, forms.ModelChoiceField):
        known = value if hasattr(value, "pk") else field.queryset.filter(pk=value).first()
        return str(known) if known else "tidak ada"
    return dict(Role.choices).get(value, "Administrator")


def tell(by, user, name, before, after):
    """One line for the security log: numbers and codes, never a name."""
    security_log.write([change(by, user, name, before, after)])


def change(by, user, name, before, after):
    """The entry of the security log about one changed field of an account."""
    kind = Kind.ROLE if name in POWERS or name == "role" else Kind.ACCOUNT
    told = {"field": name, "before": codes(before), "after": codes(after)}
    return security_log.entry(kind, user=by, account=user.pk, **told)


def codes(value):
    """Rows as their keys."""
    if isinstance(value, list | tuple) or hasattr(value, "values_list"):
        return sorted(row.pk for row in value)
    return value
