"""The door of the Django admin (R63, ADR 9)."""

from functools import wraps

from django.contrib.admin import AdminSite
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator

from faq import rules

# What is not named here is closed to everybody who is not an administrator, also pages to come
PAGES_OF_KEEPERS = {
    "index",
    "app_list",
    "logout",
    "jsi18n",
    "faq_article_changelist",
    "faq_article_add",
    "faq_article_change",
    "faq_article_delete",
    "faq_article_history",
    "faq_article_preview",
    "faq_article_preview_new",
}


class PortalAdminSite(AdminSite):
    """Administrators enter as always; who keeps articles by their role enters those pages alone."""

    def has_permission(self, request):
        if super().has_permission(request):
            return True
        page = request.resolver_match
        return rules.is_keeper(request.user) and page.url_name in PAGES_OF_KEEPERS

    # One door: Django's own pages for signing in, out and changing a password know no limits, no
    # second factor and no security log, so none of them answers here

    @method_decorator(login_not_required)
    def login(self, request, extra_context=None):
        if self.has_permission(request):
            return redirect("admin:index")
        if request.user.is_authenticated:
            raise PermissionDenied
        wanted = request.GET.get(REDIRECT_FIELD_NAME) or request.path
        return redirect_to_login(wanted, reverse("account_login"))

    def logout(self, request, extra_context=None):
        return redirect("account_logout")

    def password_change(self, request, extra_context=None):
        return redirect("account_change_password")

    def password_change_done(self, request, extra_context=None):
        return redirect("account_change_password")

    def get_urls(self):
        """Without 'view on site', which tells anybody inside the address of any row by its key."""
        hidden = "view_on_site"
        return [page for page in super().get_urls() if getattr(page, "name", "") != hidden]

    def admin_view(self, view, cacheable=False):
        """Every page of the administration; what no page of it sends is refused before it looks."""
        protected = super().admin_view(view, cacheable)

        @wraps(protected)
        def page(request, *args, **kwargs):
            chosen = request.POST.getlist(ACTION_CHECKBOX_NAME) if request.method == "POST" else []
            if "\0" in "".join(request.GET.values()) or not all(map(is_key, chosen)):
                raise SuspiciousOperation("an address or a choice that no page of the admin makes")
            return protected(request, *args, **kwargs)

        return page


def is_key(text):
    return text.isascii() and text.isdecimal() and len(text) <= 18
