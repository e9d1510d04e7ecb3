"""The goals, on the pages of the reference report: what `make goals` prints.

Tests of a file share a worker; goals that rest on one long measurement have a file to themselves, so that it is made
once, and beside the rest.
"""

import pytest

from tests.browser.measures import GOALS, ON_PAPER, WITH_AXE

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("goal", [goal for goal in GOALS if goal not in ON_PAPER | WITH_AXE])
def test_goal(site, goal):
    row = GOALS[goal](site)
    assert row.faults == [], f"{row.goal}: {row.what}: {row.measured}"
