"""manage.py rotate_field_keys: encrypts every Data Server anew with the first of FIELD_KEYS."""

from django.core.management.base import BaseCommand

from tickets.models import ServerAccess


class Command(BaseCommand):
    help = "Encrypts Data Server with the first of FIELD_KEYS; after it the old keys can go."

    def handle(self, **options):
        self.stdout.write(f"Data Server encrypted anew: {ServerAccess.objects.rotate_keys()}.")
