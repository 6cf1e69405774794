"""Every address of the portal, and the pages of what goes wrong."""

from django.contrib import admin
from django.shortcuts import render
from django.urls import include, path
from django.views.decorators.csrf import requires_csrf_token

from accounts import limits
from helpdesk import away, health, icons, metrics, pages
from tickets import views


@requires_csrf_token
def csrf_failure(request, reason=""):
    """A form without its token: a page in our layout instead of Django's."""
    return render(request, "403_csrf.html", status=403)


def not_found(request, exception):
    """Unlike Django's, which looks for a CSRF token in a body that nobody asked for."""
    return render(request, "404.html", status=404)


def too_many(request, exception=None):
    """allauth refuses: all its limits that answer with a page are over within a minute."""
    return limits.closed(request, "login", 60)


handler404 = not_found
handler429 = too_many
handler500 = away.failed

urlpatterns = [
    path("", views.home, name="home"),
    path("", include("accounts.urls")),
    path("", include("tickets.urls")),
    path("", include("faq.urls")),
    path("", include("dashboard.urls")),
    path("akun/", include("accounts.local_urls")),
    path("pelindungan-data-pribadi/", pages.privacy, name="privacy"),
    path("aksesibilitas/", pages.accessibility, name="accessibility"),
    path("admin/", admin.site.urls),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", metrics.metrics, name="metrics"),
    path("favicon.ico", icons.favicon, name="favicon"),
    path("manifest.webmanifest", icons.manifest, name="manifest"),
]
