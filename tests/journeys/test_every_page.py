"""Every page, for everybody: each address that the table of addresses knows is looked at (R3, R133).

What a GET of each role brings is read first by a client without a window; every page whose markup
was not met before is then looked at in the browser. So a new address, a new model of the
administration or a new page of the login is looked at without a line being added here.
"""

import time

import pytest
from django.conf import settings
from django.test import Client

from accounts.roles import Role
from tests.journeys.addresses import EVERYBODY, Country
from tests.journeys.looks import Markup

MET = {}  # the key of a markup: who met it first, and where
pytestmark = [pytest.mark.requirement("R3", "R133"), pytest.mark.ignore_template_errors]


def enters_the_simulated_spse(visitor):
    visitor.goes_to("/spse/260/login/")
    account = visitor.page.get_by_role("listitem").filter(has_text="penyedia1")
    account.get_by_role("button").first.click()
    visitor.is_at("Beranda SPSE")


def twin(someone):
    """A client without a window, in the same session as the browser."""
    client = Client(raise_request_exception=False)
    for cookie in someone.page.context.cookies():
        client.cookies[cookie["name"]] = cookie["value"]
    return client


def has_just_typed_the_password(someone):
    session = twin(someone).session
    how = [{"method": "password", "at": time.time()}]
    session["account_authentication_methods"] = how
    session.save()


@pytest.mark.parametrize("who", EVERYBODY)
def test_every_page_is_for_everybody(bandung, person, scan, watch, who):
    country = Country(bandung, who)
    someone = person()
    if country.user is None:
        enters_the_simulated_spse(someone)
    else:
        someone.is_already_in(country.user)
        if not country.user.comes_from_spse and who != Role.LKPP_L1:  # who is asked for it
            has_just_typed_the_password(someone)
    client, met = twin(someone), 0

    for address in country.addresses():
        answer = client.get(address)
        if not answer.get("Content-Type", "").startswith("text/html") or answer.status_code == 302:
            continue
        html = answer.text
        if "<html" not in html:
            continue
        met += 1
        # a page that is refused shows the ticket below, which is looked at where it is not
        key = (who, 409) if answer.status_code == 409 else Markup(html).key
        if MET.setdefault(key, (who, address)) == (who, address):
            if answer.status_code >= 400:
                watch.expects(answer.status_code)

            scan(someone.goes_to(address), f"{who} {address}")

    assert met > 10
