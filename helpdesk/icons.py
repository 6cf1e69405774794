"""What browsers ask of every site by a fixed address: its icon, and how it looks when installed."""

from django.contrib.auth.decorators import login_not_required
from django.http import JsonResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

A_DAY = 24 * 60 * 60


@login_not_required
@require_safe
@cache_control(public=True, max_age=A_DAY)
def favicon(request):
    """For browsers that ask without having read a page, and for pages that name no icon."""
    return redirect(static("img/favicon.ico"))


@login_not_required
@require_safe
@cache_control(public=True, max_age=A_DAY)
def manifest(request):
    """The web app manifest. It stays a page of the browser: the way in leads through SPSE, another
    site, and files and the way back need the browser's own buttons."""
    icons = [
        {"src": static(f"img/icon-{size}.png"), "sizes": f"{size}x{size}", "type": "image/png"}
        | {"purpose": purpose}
        for size in (192, 512)
        for purpose in ("any", "maskable")
    ]
    about = {
        "name": "LPSE Support",
        "short_name": "LPSE Support",
        "description": "Layanan bantuan untuk pengguna SPSE",
        "lang": "id",
        "dir": "ltr",
        "id": "/",
        "start_url": "/",
        "scope": "/",
        "display": "browser",
        "theme_color": "#0b3a50",
        "background_color": "#ffffff",
        "icons": icons,
    }
    return JsonResponse(about, content_type="application/manifest+json")
