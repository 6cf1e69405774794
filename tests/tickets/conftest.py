"""What tests about tickets get."""

import pytest

from tests.cast import Cast


@pytest.fixture
def cast(db):
    """Everybody of one LPSE, and LKPP; `Cast()` in a test makes the same roles of another."""
    return Cast()
