"""The goals G1 to G22, on the pages of the reference report: what `make goals` prints."""

import pytest

from tests.browser.measures import GOALS

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("goal", GOALS)
def test_goal(site, goal):
    row = GOALS[goal](site)
    assert row.faults == [], f"{row.goal}: {row.what}: {row.measured}"
