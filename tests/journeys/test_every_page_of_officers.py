"""Every page of officers, looked at closely (R3, R133)."""

import pytest

from accounts.roles import OFFICERS
from tests.journeys.addresses import Country
from tests.journeys.every_page import looks_at_every_page


@pytest.mark.ignore_template_errors
@pytest.mark.requirement("R3", "R133")
@pytest.mark.parametrize("who", OFFICERS)
def test_every_page_of(bandung, person, scan, watch, who):
    looks_at_every_page(Country(bandung, who), person(), scan, watch)
