from django.contrib.admin.apps import AdminConfig


class PortalAdminConfig(AdminConfig):
    default_site = "helpdesk.admin_site.PortalAdminSite"
