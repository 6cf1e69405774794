"""The door of the Django admin (R63, ADR 9)."""

from django.contrib.admin import AdminSite

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
