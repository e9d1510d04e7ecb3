"""The goals that axe measures."""

import pytest

from tests.browser.measures import GOALS, WITH_AXE

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("goal", sorted(WITH_AXE))
def test_goal(site, goal):
    row = GOALS[goal](site)
    assert row.faults == [], f"{row.goal}: {row.what}: {row.measured}"
