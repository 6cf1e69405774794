"""A newer file of LPSE units, in two steps: the report of what it changes, then taking it over.

Between the two the file waits in the cache that all worker processes share, for its uploader alone.
"""

import uuid

from django import forms
from django.contrib import messages
from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods

from accounts import lpse_file
from accounts.models import Lpse

MAX_SIZE = 5 * 2**20
MAX_LINES = 5000  # Indonesia has about 700 units
WAITS = 60 * 60  # seconds
SHOWN_PROBLEMS = 50
SENTENCES = {
    "unreadable": "File tidak dapat dibaca. Di Excel pilih Simpan sebagai, "
    "“CSV UTF-8 (dipisahkan koma)”, lalu unggah lagi.",
    "columns": "Baris {line}: kolom {columns} tidak ada.",
    "values": "Baris {line}: jumlah isian tidak sama dengan jumlah kolom.",
    "twice": "Baris {line}: kode {code} sudah ada di baris {first}.",
    "field": "Baris {line}: {column}: {why}",
}


class UploadForm(forms.Form):
    file = forms.FileField(
        label="File CSV",
        error_messages={"required": "Pilih file.", "empty": "File kosong."},
        help_text="Paling besar 5 MB, dengan kolom seperti file bawaan: kode, nama, jenis, "
        "provinsi, zona, kode_wilayah, url_lama, slug_nasional, url_nasional, versi_spse_2022, "
        "aktif_2022.",
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
    )

    def clean_file(self):
        """The bytes: few enough to be read, compared and shown at once."""
        file = self.cleaned_data["file"]
        if file.size > MAX_SIZE:
            raise forms.ValidationError("Ukuran file melebihi 5 MB.")
        content = file.read()
        if max(content.count(b"\n"), content.count(b"\r")) > MAX_LINES:
            raise forms.ValidationError("File lebih dari 5.000 baris. Bagi menjadi beberapa file.")
        return content


@require_http_methods(["GET", "POST"])
def upload(request, page):
    """Asks for the file and keeps it for `report`."""
    if not page.has_import_permission(request):
        raise PermissionDenied
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        token = uuid.uuid4()
        kept = (request.FILES["file"].name, form.cleaned_data["file"])
        cache.set(_key(request, token), kept, WAITS)
        return redirect("admin:accounts_lpse_report", token)
    return _render(request, page, "upload", "Impor file LPSE", form=form)


@require_http_methods(["GET", "POST"])
def report(request, page, token):
    """Shows what the kept file would change; a POST does exactly that, or shows what moved."""
    if not page.has_import_permission(request):
        raise PermissionDenied
    kept = cache.get(_key(request, token))
    if kept is None:
        messages.error(request, "File sudah tidak tersimpan. Unggah lagi.")
        return redirect("admin:accounts_lpse_import")
    name, content = kept
    units, problems = lpse_file.read(content)
    if request.method == "POST" and not problems and _take_over(request, name, units):
        return redirect("admin:accounts_lpse_changelist")
    comparison = lpse_file.compare(units, Lpse.objects.all())
    return _render(
        request, page, "report", "Laporan impor LPSE",
        name=name, comparison=comparison,
        problems=[problem.told(SENTENCES) for problem in problems[:SHOWN_PROBLEMS]],
        more_problems=max(0, len(problems) - SHOWN_PROBLEMS),
    )  # fmt: skip


def _key(request, token):
    return f"lpse-file:{request.user.pk}:{token}"


def _take_over(request, name, units):
    """Whether the file is in force now; else the person reads why, above the report of now."""
    try:
        with transaction.atomic():
            done = lpse_file.take_over(units, request.POST.get("fingerprint") or "-")
            _remember(request, name, done)
    except lpse_file.Moved:
        if not lpse_file.compare(units, Lpse.objects.all()).has_work:  # of a double click
            messages.info(request, "Data LPSE sudah sama dengan isi file.")
            return True
        messages.warning(
            request,
            "Data LPSE berubah sejak laporan dibuat, jadi belum ada yang diterapkan. "
            "Periksa laporan terbaru di bawah, lalu tekan Terapkan lagi.",
        )
        return False
    messages.success(
        request, f"{len(done.new)} LPSE ditambahkan dan {len(done.changed)} LPSE diubah."
    )
    return True


def _remember(request, name, done):
    """One entry in the history of each unit, with before → after."""
    source = f"Impor file {name}"
    keys = dict(Lpse.objects.values_list("code", "pk"))
    entries = [(unit, ADDITION, f"{source}.") for unit in done.new]
    entries += [
        (unit, CHANGE, f"{source}. {' '.join(map(str, differences))}")
        for _, unit, differences in done.changed
    ]
    kind = ContentType.objects.get_for_model(Lpse).pk
    LogEntry.objects.bulk_create(
        LogEntry(
            user_id=request.user.pk, content_type_id=kind, object_id=keys[unit.code],
            object_repr=str(unit), action_flag=flag, change_message=message,
        )
        for unit, flag, message in entries
    )  # fmt: skip


def _render(request, page, template, title, **context):
    context |= page.admin_site.each_context(request)
    context |= {"opts": page.opts, "title": title, "media": page.media}
    return TemplateResponse(request, f"admin/accounts/lpse/{template}.html", context)
