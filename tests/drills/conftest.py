"""The portal of the drills, and the table of what `make drills` did."""

import pytest

from tests.drills import questions
from tests.drills.portal import Portal


@pytest.fixture(scope="session")
def _portal():
    portal = Portal()
    yield portal
    portal.close()


@pytest.fixture
def portal(_portal):
    """The portal, serving; what was said in the drill before is forgotten."""
    _portal.told.clear()
    _portal.serve()
    yield _portal
    _portal.kill()


@pytest.fixture
def ask_all(portal):
    """The four questions of tests/drills/questions.py, as a function."""
    return lambda: questions.ask_all(portal)
