"""Every page, for everybody: each address of the table of addresses is looked at (R3, R133).

What a GET of each role brings is read first by a client without a window; every page that has a
main part or surroundings not met before is then looked at in the browser. So a new address, a new
model of the administration or a new page of the login is looked at without a line being added here;
tests/test_every_address.py fails for one that nobody reaches.
"""

import re
from types import SimpleNamespace

from allauth.account.internal.flows.login import record_authentication
from django.test import Client
from django.urls import resolve

from accounts.roles import Role
from tests.journeys.looks import Markup

LOOKED = set()  # the keys of the markup that was looked at by this process
TITLE = re.compile("<title>(.*?)</title>", re.DOTALL)


def enters(someone, country):
    """In as everybody is; a stranger only at the simulated SPSE, whose pages are strangers' too."""
    if country.user is None:
        someone.goes_to("/spse/260/login/")
        account = someone.page.get_by_role("listitem").filter(has_text="penyedia1")
        account.get_by_role("button").first.click()
        someone.is_at("Beranda SPSE")
        return
    someone.is_already_in(country.user)
    confirms_the_password(twin(someone), country)


def confirms_the_password(client, country):
    """As if it had just been typed; the others are asked for it."""
    if country.who in {Role.LKPP_L2, "administrator"}:
        session = client.session
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


def looks_at_every_page(country, someone, scan, watch):
    """Every page that this person gets, unless known; no two addresses share a title."""
    enters(someone, country)
    who, titles = country.who, {}
    for address, status, html in pages(twin(someone), country.addresses()):
        # a page that came too late shows the ticket below it, which is looked at where it did not
        keys = {(who, status)} if status == 409 else Markup(html).keys
        if not keys <= LOOKED:
            LOOKED.update(keys)
            watch.expects(*[status] * (status >= 400))
            scan(someone.goes_to(address), f"{who} {address}")
        if status == 200:
            title, name = TITLE.search(html)[1].strip(), resolve(address).view_name
            titles.setdefault(title, set()).add(name)
    assert {title: names for title, names in titles.items() if len(names) > 1} == {}
