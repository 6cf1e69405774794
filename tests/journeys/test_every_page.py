"""Every page, for everybody: each address of the table of addresses is looked at (R3, R133).

What a GET of each role brings is read first by a client without a window; every page whose markup
was not met before is then looked at in the browser. So a new address, a new model of the
administration or a new page of the login is looked at without a line being added here, and one
that nobody reaches fails the last test.
"""

import re
from types import SimpleNamespace

import pytest
from allauth.account.internal.flows.login import record_authentication
from django.test import Client
from django.urls import resolve

from accounts.roles import Role
from tests.journeys.addresses import EVERYBODY, Country, names_of
from tests.journeys.looks import Markup
from tests.tickets.test_visibility import PAGES

LOOKED = {}  # the key of a markup: who met it first, and where
REACHED = {}  # who: the names of the addresses that showed them a page
TITLE = re.compile("<title>(.*?)</title>", re.DOTALL)

# What is no page: files, data, and what leads on at once or takes a POST alone
NO_PAGE = {
    *("tickets:arrive", "tickets:tickets", "tickets:find", "tickets:list_file", "tickets:preview"),
    *("faq:suggestions", "faq:vote", "faq:answered", "faq:download", "faq:play", "faq:captions"),
    *("dashboard:chart", "dashboard:file"),
    *("accounts:handoff", "accounts:spse_logout", "accounts:spse_enter"),
    *("mfa_download_recovery_codes", "tickets:counters", "favicon", "manifest"),
    # in test_accessibility.py: after a password was asked for, or with a key from an e-mail
    *("mfa_authenticate", "account_set_password"),
}
pytestmark = [pytest.mark.requirement("R3", "R133"), pytest.mark.ignore_template_errors]


def enters(someone, country):
    """In as everybody is; a stranger only at the simulated SPSE, whose pages are strangers' too."""
    if country.user is None:
        someone.goes_to("/spse/260/login/")
        account = someone.page.get_by_role("listitem").filter(has_text="penyedia1")
        account.get_by_role("button").first.click()
        someone.is_at("Beranda SPSE")
        return
    someone.is_already_in(country.user)
    if country.who in {Role.LKPP_L2, "administrator"}:  # the others are asked for it
        session = twin(someone).session
        request = SimpleNamespace(session=session)
        record_authentication(request, country.user, "password", reauthenticated=True)
        session.save()


def twin(someone):
    """A client without a window, in the same session as the browser."""
    client = Client(raise_request_exception=False)
    for cookie in someone.page.context.cookies():
        client.cookies[cookie["name"]] = cookie["value"]
    return client


def pages(client, addresses):
    """Address, status and HTML of what is a page."""
    for address in addresses:
        answer = client.get(address)
        if answer.get("Content-Type", "").startswith("text/html") and "<html" in answer.text:
            yield address, answer.status_code, answer.text


@pytest.mark.parametrize("who", EVERYBODY)
def test_every_page_is_for_everybody(bandung, person, scan, watch, who):
    country, someone = Country(bandung, who), person()
    enters(someone, country)
    titles = {}

    for address, status, html in pages(twin(someone), country.addresses()):
        # a page that came too late shows the ticket below it, which is looked at where it did not
        key = (who, status) if status == 409 else Markup(html).key
        if LOOKED.setdefault(key, (who, address)) == (who, address):
            watch.expects(*[status] * (status >= 400))
            scan(someone.goes_to(address), f"{who} {address}")
        if status == 200:
            title, name = TITLE.search(html)[1].strip(), resolve(address).view_name
            titles.setdefault(title, set()).add(name)

    REACHED[who] = set().union(*titles.values())
    assert {title: names for title, names in titles.items() if len(names) > 1} == {}


def test_no_address_was_left_out():
    """Known once all of them went: a part of the tests alone says nothing."""
    names = {row.partition(" ")[0] for row in PAGES} | set(names_of("akun/"))
    went_all = REACHED.keys() == set(EVERYBODY)

    left_out = names - set().union(*REACHED.values()) if went_all else NO_PAGE

    assert left_out == NO_PAGE
