"""No address is left out of what tests/journeys looks at page by page (R3, R133)."""

import pytest
from django.db import transaction
from django.test import Client
from django.urls import resolve

from accounts import spse
from accounts.spse import DEMO_PASSWORD
from tests.factories import make_lpse
from tests.journeys.addresses import EVERYBODY, Country, names_of
from tests.journeys.every_page import confirms_the_password, pages
from tests.tickets.test_visibility import PAGES

# What is no page: files, data, and what leads on at once or takes a POST alone
NO_PAGE = {
    *("tickets:arrive", "tickets:tickets", "tickets:find", "tickets:list_file", "tickets:preview"),
    *("faq:suggestions", "faq:vote", "faq:answered", "faq:download", "faq:play", "faq:captions"),
    *("dashboard:chart", "dashboard:file"),
    *("accounts:handoff", "accounts:spse_logout", "accounts:spse_enter"),
    *("tickets:notices_read", "tickets:notice", "tickets:seen"),
    *("accounts:demo_mail", "accounts:demo_mail_html"),  # tests/accounts/test_demo_mail.py
    *("mfa_download_recovery_codes", "tickets:counters", "favicon", "manifest"),
    *("healthz", "readyz", "metrics"),  # for the monitoring
    # in test_accessibility.py: after a password was asked for, or with a key from an e-mail
    *("mfa_authenticate", "account_set_password"),
}


def signed_in(country):
    """As `enters` of a browser; a stranger is in at the simulated SPSE alone."""
    client = Client(raise_request_exception=False)
    if country.user is None:
        typed = {"user_id": "penyedia1", "password": DEMO_PASSWORD, "kind": "penyedia"}
        client.post("/spse/260/login/", typed)
        return client
    client.force_login(country.user)
    confirms_the_password(client, country)
    return client


@pytest.mark.ignore_template_errors
@pytest.mark.requirement("R3", "R133")
def test_every_address_shows_somebody_a_page(db):
    names = {row.partition(" ")[0] for row in PAGES} | set(names_of("akun/"))

    reached = set()
    for who in EVERYBODY:
        with transaction.atomic():
            lpse = make_lpse(code="260", kind="kota", public_key=spse.public_key_pem())
            country = Country(lpse, who)
            for address, status, _ in pages(signed_in(country), country.addresses()):
                reached |= {resolve(address).view_name} if status == 200 else set()
            transaction.set_rollback(True)

    assert names - reached == NO_PAGE
