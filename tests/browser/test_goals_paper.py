"""The goals that the pages are printed for."""

import pytest

from tests.browser.measures import GOALS, ON_PAPER

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("goal", sorted(ON_PAPER))
def test_goal(site, goal):
    row = GOALS[goal](site)
    assert row.faults == [], f"{row.goal}: {row.what}: {row.measured}"
