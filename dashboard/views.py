"""Dashboards: what is waiting, running and done, of the tickets that the viewer may see."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from dashboard.figures import by_status


@require_safe
def dashboard(request):
    return render(request, "dashboard/dashboard.html", {"figures": by_status(request.user)})
