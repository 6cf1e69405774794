"""What a page asks a phone to fetch: at most 120 KB of CSS and JavaScript, 200 KB with charts."""

import gzip
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage

from tests.cast import ticket_at

pytestmark = pytest.mark.django_db

KB = 1024
MOST, MOST_WITH_CHARTS = 120 * KB, 200 * KB
SHEET_OR_SCRIPT = re.compile(r'(?:href|src)="([^"]+\.(?:css|js))"')


def weight(page):
    """Bytes of all sheets and scripts of `page`, compressed as gzip does by default."""
    addresses = set(SHEET_OR_SCRIPT.findall(page.text))
    assert addresses
    names = [address.removeprefix(staticfiles_storage.base_url) for address in addresses]
    return sum(len(gzip.compress(Path(finders.find(name)).read_bytes(), 6)) for name in names)


def test_no_page_is_heavy(client, cast):
    review = f"{ticket_at(cast, 'in_progress').get_absolute_url()}review/"
    verdict = f"{ticket_at(cast, 'awaiting_review').get_absolute_url()}review/"
    paths = {
        None: ["/akun/login/", "/cari-tiket/", "/faq/", "/spse/", "/aksesibilitas/"],
        cast.penyedia: ["/", "/tiket/buat/", "/tiket/daftar/", "/panduan/", verdict],
        cast.helpdesk: ["/", "/tiket/baru/", "/tiket/proses/", review],
    }
    for person, addresses in paths.items():
        if person:
            client.force_login(person)
        for address in addresses:
            assert weight(client.get(address)) <= MOST, address


def test_the_dashboard_may_bring_its_charts(client, cast):
    client.force_login(cast.helpdesk)

    assert weight(client.get("/dashboard/")) <= MOST_WITH_CHARTS
