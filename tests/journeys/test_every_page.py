"""Every page of strangers, reporters and the administrator, looked at closely (R3, R133)."""

import pytest

from accounts.roles import REPORTERS
from tests.journeys.addresses import Country
from tests.journeys.every_page import looks_at_every_page


@pytest.mark.ignore_template_errors
@pytest.mark.requirement("R3", "R133")
@pytest.mark.parametrize("who", ["nobody", *REPORTERS, "administrator"])
def test_every_page_of(bandung, person, scan, watch, who):
    looks_at_every_page(Country(bandung, who), person(), scan, watch)
