from django.apps import AppConfig
from django.db.models.signals import post_migrate

from accounts.groups import fill_groups


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "Orang dan LPSE"

    def ready(self):
        # after auth's own receiver, which makes the permissions: auth stands above in the settings
        post_migrate.connect(fill_groups, dispatch_uid="accounts.groups")
