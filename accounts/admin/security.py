"""The security log for administrators: to be looked at, never changed."""

from django.contrib import admin
from django.db.models import Q

from accounts.admin.read_only import ReadOnlyAdmin
from accounts.models import User
from accounts.security_log import SecurityEntry

EXAMPLE = "LS26-384-267-376-5"

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


SAID = {  # and what they say
    "account": "akun baru",
    "added": "ditambahkan",
    "all devices": "semua perangkat",
    "code": "kode",
    "email": "surel",
    "groups": "grup",
    "hand-off": "SPSE",
    "handoff": "masuk lewat SPSE",
    "is_active": "aktif",
    "is_staff": "administrasi",
    "is_superuser": "administrator utama",
    "login": "masuk",
    "lookup": "Cari Tiket",
    "lpse": "LPSE",
    "mfa": "kode",
    "opinion": "penilaian FAQ",
    "password": "kata sandi",  # nosec B105 # a word
    "password by mail": "kata sandi lewat surel",
    "public_key": "kunci publik",
    "recovery codes": "kode pemulihan",
    "removed": "dihapus",
    "role": "peran",
    "sso": "SPSE",
    "ticket": "tiket",
    "upload": "file",
}


def said(fact):
    if isinstance(fact, bool):
        return "ya" if fact else "tidak"
    if isinstance(fact, list):
        return ", ".join(map(said, fact))
    return SAID.get(fact, str(fact))


@admin.register(SecurityEntry)
class SecurityEntryAdmin(ReadOnlyAdmin):
    """Found by User ID, of who acted and of whose account it was, or by the number of a ticket."""

    list_display = ["at", "kind", "who", "ip", "told"]
    list_filter = ["kind", "at"]
    list_select_related = ["user"]
    search_fields = ["user__username__exact"]
    search_help_text = f"User ID atau nomor tiket lengkap, misalnya {EXAMPLE}"
    fields = readonly_fields = ["at", "kind", "who", "ip", "told"]

    @admin.display(description="oleh", empty_value="-")
    def who(self, entry):
        return entry.user and f"{entry.user.username} ({entry.user.office})"

    @admin.display(description="keterangan")
    def told(self, entry):
        facts = (f"{WORDS.get(name, name)}: {said(fact)}" for name, fact in entry.facts.items())
        return "; ".join(facts) or "-"

    def get_search_results(self, request, queryset, search_term):
        """Whole words alone: no part of a User ID is guessed."""
        term = search_term.strip()
        if not term:
            return queryset, False
        ticket = "".join(filter(str.isalnum, term.upper()))
        accounts = User.objects.filter(username=term).values_list("pk", flat=True)
        of_account = Q(user__in=accounts) | Q(facts__account__in=list(accounts))
        return queryset.filter(of_account | Q(facts__ticket=ticket)), False

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("user__lpse")
