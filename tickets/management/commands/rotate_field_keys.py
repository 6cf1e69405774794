"""manage.py rotate_field_keys: encrypts all that is at rest anew with the first of FIELD_KEYS."""

from django.core.management.base import BaseCommand

from accounts.vault import rotate_second_factors
from tickets.models import ServerAccess


class Command(BaseCommand):
    help = (
        "Encrypts Data Server and second factors with the first of FIELD_KEYS; after it the old "
        "keys can go."
    )

    def handle(self, **options):
        self.stdout.write(f"Data Server encrypted anew: {ServerAccess.objects.rotate_keys()}.")
        self.stdout.write(f"Second factors encrypted anew: {rotate_second_factors()}.")
