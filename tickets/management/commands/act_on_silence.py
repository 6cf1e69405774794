"""manage.py act_on_silence: reminds reporters who do not answer, then closes (R135)."""

from django.core.management.base import BaseCommand, CommandError

from tickets import reminding


class Command(BaseCommand):
    """For a timer, some times an hour or a day. It can be killed and run again, or run twice."""

    help = "Sends due reminders and closes tickets whose reporters stay silent."

    def handle(self, **options):
        done = reminding.act()
        self.stdout.write(f"{done.reminded} reminded, {done.closed} closed.")
        if done.failed:
            raise CommandError(f"{done.failed} tickets failed: the log says why. Run it again.")
