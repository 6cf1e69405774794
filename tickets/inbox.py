"""'Notifikasi': what is new for me, read and unread, each leading to its ticket (R129)."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tickets import paging
from tickets.forms import MailPreferenceForm
from tickets.models import Notice, Ticket

ORDER = ["-pk"]


@require_safe
def notices(request):
    """My notices, newest first, paged by the key `?sebelum=`."""
    mine = Notice.objects.of(request.user).with_ticket()
    page = paging.page(mine, ORDER, paging.cursor(request.GET.get("sebelum"), ORDER))
    context = {
        "rows": page.rows,
        "next": paging.token(page, ORDER),
        "is_further": "sebelum" in request.GET,
        "preference": request.user.get_mail_preference_display(),
    }
    return render(request, "tickets/notices.html", context)


@require_POST
def notices_read(request):
    """'Tandai semua sudah dibaca': all up to the newest that the page showed."""
    Notice.objects.of(request.user).filter(pk__lte=_shown(request)).read()
    messages.success(request, "Notifikasi ditandai sudah dibaca.")
    return redirect("tickets:notices")


@require_POST
def seen(request, number):
    """The page of this ticket was seen up to its last event: what was told until then is read."""
    ticket = get_object_or_404(Ticket.objects.visible_to(request.user), number=number)
    Notice.objects.of(request.user).about(ticket).filter(event__lte=_shown(request)).read()
    return HttpResponse(status=204)


def _shown(request):
    """The key of the newest that the page showed; 0 where it says none."""
    text = request.POST.get("sampai", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0


@require_http_methods(["GET", "POST"])
def notice_settings(request):
    """How I hear of my tickets by mail: at once, once a day, or not."""
    form = MailPreferenceForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Pengaturan surel disimpan.")
        return redirect("tickets:notices")
    return render(request, "tickets/notice_settings.html", {"form": form})
