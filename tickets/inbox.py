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
def open_notice(request, pk):
    """On to the ticket; the notice is read now."""
    notice = get_object_or_404(Notice.objects.of(request.user).with_ticket(), pk=pk)
    Notice.objects.filter(pk=notice.pk).read()
    return redirect(notice.event.ticket)


@require_POST
def read_all(request):
    """'Tandai semua sudah dibaca'."""
    Notice.objects.of(request.user).read()
    return redirect("tickets:notices")


@require_POST
def seen(request, number):
    """The page of this ticket was opened: the browser says so, and what it tells is read."""
    ticket = get_object_or_404(Ticket.objects.visible_to(request.user), number=number)
    Notice.objects.of(request.user).about(ticket).read()
    return HttpResponse(status=204)


@require_http_methods(["GET", "POST"])
def settings(request):
    """How I hear of my tickets by mail: at once, once a day, or not."""
    form = MailPreferenceForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Pengaturan surel disimpan.")
        return redirect("tickets:notices")
    return render(request, "tickets/notice_settings.html", {"form": form})
