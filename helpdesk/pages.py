"""Pages that say how the portal treats people, open to all."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import render
from django.views.decorators.http import require_safe


@login_not_required
@require_safe
def privacy(request):
    """'Pelindungan Data Pribadi': what is kept, why, and who reads it (UU 27/2022)."""
    return render(request, "pages/privacy.html", {"kept": settings.RETENTION})


@login_not_required
@require_safe
def accessibility(request):
    """'Aksesibilitas': what was checked against WCAG 2.2 AA, and what was not (R133)."""
    return render(request, "pages/accessibility.html")
