"""'Hapus isi menurut hukum': removing parts of a ticket without reading them (docs/adr/0020)."""

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts import security_log, step_up
from accounts.security_log import Kind
from tickets import redaction
from tickets.forms.base import CleanTextField
from tickets.models import Ticket
from tickets.steps import Refused
from tickets.views import client_ip, tell_done
from tickets.workflow import STEPS

REQUIRED = {"required": "Wajib diisi."}


class RedactForm(forms.Form):
    """What goes, who ordered it and why. All of it stands in the ticket's history for ever."""

    ordered_by = CleanTextField(
        label="Diperintahkan oleh",
        max_length=200,
        help_text="Lembaga dan nomor putusan atau surat. Tanpa nama orang: ini tetap tersimpan.",
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        error_messages=REQUIRED,
    )
    message = CleanTextField(
        label="Alasan",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}),
        help_text="Dibaca Pelapor dan petugas. Jangan mengulang isi yang dihapus.",
        error_messages=REQUIRED,
    )
    pieces = forms.MultipleChoiceField(
        label="Isi yang dihapus",
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Pilih isi yang dihapus.",
            "invalid_choice": "Sebagian isi sudah tidak ada. Periksa pilihan di bawah.",
        },
    )
    is_sure = forms.BooleanField(
        label="Saya sudah memeriksa perintahnya. Isi yang dihapus tidak dapat dikembalikan.",
        error_messages={"required": "Centang setelah Anda memeriksa perintahnya."},
    )

    def __init__(self, *args, ticket, **kwargs):
        super().__init__(*args, **kwargs)
        self.known = {piece.name: piece for piece in redaction.removable(ticket)}
        self.fields["pieces"].choices = [(p.name, p.label) for p in self.known.values()]

    def clean_pieces(self):
        return [self.known[name] for name in self.cleaned_data["pieces"]]

    def order(self):
        """What Ticket.perform takes for the step."""
        said = self.cleaned_data
        return {
            "ordered_by": said["ordered_by"],
            "pieces": said["pieces"],
            "message": f"Diperintahkan oleh: {said['ordered_by']}\n\n{said['message']}",
        }


@require_http_methods(["GET", "POST"])
def redact(request, object_id, page):
    """The form and its sending, for whoever has the power, after password or code once more."""
    ticket = get_object_or_404(Ticket.objects.select_related("lpse"), pk=object_id)
    if not STEPS["redact"].is_open(ticket, request.user):
        raise PermissionDenied
    step_up.require(request)
    form = RedactForm(request.POST or None, ticket=ticket)
    if request.method == "POST" and form.is_valid():
        try:
            event = ticket.perform("redact", by=request.user, ip=client_ip(request), **form.order())
        except Refused as problem:
            form.add_error(None, str(problem))
        except ValidationError as problem:  # another administrator was first
            form.add_error(None, problem)
        else:
            facts = {"ticket": ticket.number, "parts": len(event.detail["removed"])}
            security_log.record(Kind.REDACTION, request=request, **facts)
            tell_done(request, event)
            return redirect(reverse("admin:tickets_ticket_change", args=[ticket.pk]))
    context = page.admin_site.each_context(request) | {
        "title": f"Hapus isi menurut hukum: {ticket}",
        "opts": page.opts,
        "form": form,
        "ticket": ticket,
    }
    return render(request, "admin/tickets/ticket/redact.html", context)
