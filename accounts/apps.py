from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in
from django.db.models.signals import post_migrate

from accounts import sessions
from accounts.groups import fill_groups


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "Orang dan LPSE"

    def ready(self):
        # after auth's own receiver, which makes the permissions: auth stands above in the settings
        post_migrate.connect(fill_groups, dispatch_uid="accounts.groups")
        from accounts import refusals  # needs the models

        refusals.watch()
        user_logged_in.connect(sessions.at_sign_in, dispatch_uid="accounts.sessions")
