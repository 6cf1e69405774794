"""manage.py prepare_demo: all that `make demo` needs before its server starts."""

import os
from io import StringIO

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from accounts.models import Lpse
from accounts.spse import DEMO_LPSE_CODES, DEMO_PASSWORD, accounts_of

WELCOME = """
LPSE Support, demo (latihan)

  Portal         {address}/
  SPSE simulasi  {address}/spse/

Masuk lewat SPSE simulasi (Pelapor dan petugas LPSE)
{offices}

Masuk langsung di portal (petugas LKPP dan administrator)
  lkpp1, lkpp1b  LKPP Level 1
  lkpp2          LKPP Level 2
  admin          Administrator, {address}/admin/

Surel yang akan dikirim  {address}/surel-latihan/

Kata sandi semua akun: {password}
Berhenti: Ctrl-C. Data tersimpan di var/ dan dipakai lagi pada make demo berikutnya.
"""


class Command(BaseCommand):
    help = "Makes database, static files and demo data ready; prints the addresses and logins."

    def handle(self, **options):
        if not settings.DEMO:
            raise CommandError("prepare_demo is for the demo only: set HELPDESK_MODE=demo.")
        self.stdout.write("Preparing the demo (the first time takes about half a minute) …")
        call_command("migrate", verbosity=0, interactive=False)
        call_command("createcachetable", verbosity=0)
        call_command("collectstatic", verbosity=0, interactive=False)
        call_command("load_lpse", stdout=StringIO())
        call_command("seed_demo", stdout=self.stdout)
        call_command("seal_days", stdout=StringIO())
        call_command("publish_guides", stdout=self.stdout)
        call_command("run_worker", "--once", stdout=StringIO())
        self.stdout.write(welcome(os.environ.get("PORT", "8000")))


def welcome(port):
    """Where to go and who to be."""
    names = Lpse.objects.in_bulk(DEMO_LPSE_CODES, field_name="code")
    width = max(len(str(lpse)) for lpse in names.values())
    offices = [
        f"  {names[code]!s:{width}}  {' '.join(a.user_id for a in accounts_of(code))}"
        for code in DEMO_LPSE_CODES
    ]
    return WELCOME.format(
        address=f"http://127.0.0.1:{port}", offices="\n".join(offices), password=DEMO_PASSWORD
    )
