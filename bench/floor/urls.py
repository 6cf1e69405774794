"""The pages of the floor: one list, bare and dressed as the portal's."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path

from bench.floor.models import Row


def healthz(request):
    return HttpResponse("ok")


@login_required
def rows(request, lpse):
    found = Row.objects.filter(level=1, status="new", lpse_id=lpse).order_by("-pk")[:25]
    return render(request, "floor/rows.html", {"rows": found})


@login_required
def dressed(request, lpse):
    """The cells, icons, times and links of the portal's queue, by Django's own tags and filters."""
    found = Row.objects.select_related("reporter").filter(level=1, status="new", lpse_id=lpse)
    return render(request, "floor/dressed.html", {"rows": found.order_by("-pk")[:25]})


urlpatterns = [
    path("healthz", healthz),
    path("<int:lpse>/", rows),
    path("<int:lpse>/dressed/", dressed),
    path("tiket/<slug:number>/", healthz, name="ticket"),
]
