"""The one page of the floor."""

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


urlpatterns = [path("healthz", healthz), path("<int:lpse>/", rows)]
