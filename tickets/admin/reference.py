"""Categories, versions and holidays, which administrators keep (R134)."""

from django.contrib import admin

from accounts.admin.editable import EditableList
from tickets.models import AppVersion, Category, Holiday

HELP = {
    "code": "Singkat, tanpa spasi, misalnya AKUN. Tidak dapat diubah setelah dipakai tiket.",
    "label": "Seperti yang dibaca petugas dan Pelapor.",
    "position": "Angka kecil tampil lebih dulu.",
    "is_active": "Nonaktifkan bila tidak dipakai lagi; tiket lama tetap menyimpan namanya.",
}


@admin.register(Category, AppVersion)
class ReferenceAdmin(EditableList, admin.ModelAdmin):
    list_display = ["label", "code", "position", "is_active"]
    list_editable = ["position", "is_active"]
    list_filter = ["is_active"]
    search_fields = ["label", "code"]
    search_help_text = "Nama atau kode"
    fields = ["label", "code", "position", "is_active"]

    def get_form(self, request, obj=None, **kwargs):
        return super().get_form(request, obj, **{"help_texts": HELP} | kwargs)

    def get_readonly_fields(self, request, obj=None):
        return ["code"] if obj and obj.is_used else []

    def has_delete_permission(self, request, obj=None):
        """Tickets keep what they were called: switch an entry off instead."""
        return False


class YearFilter(admin.SimpleListFilter):
    title, parameter_name = "tahun", "tahun"

    def lookups(self, request, model_admin):
        years = Holiday.objects.dates("date", "year", order="DESC")
        return [(str(day.year), str(day.year)) for day in years]

    def queryset(self, request, queryset):
        known = {year for year, _ in self.lookup_choices}
        return queryset.filter(date__year=self.value()) if self.value() in known else queryset


@admin.register(Holiday)
class HolidayAdmin(admin.ModelAdmin):
    list_display = ["date", "name", "kind"]
    list_filter = [YearFilter, "kind"]
    search_fields = ["name"]
    search_help_text = "Nama hari libur"

    def get_form(self, request, obj=None, **kwargs):
        errors = {"date": {"unique": "Tanggal ini sudah ada di daftar."}}
        return super().get_form(request, obj, **{"error_messages": errors} | kwargs)
