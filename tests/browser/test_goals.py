"""The goals, on the pages of the reference report: what `make goals` prints."""

import pytest

from tests.browser.measures import GOALS

pytestmark = pytest.mark.browser


# goals that rest on one measurement are measured by one worker
SHARED = {"G5": "axe", "G6": "axe", "G20": "axe", "G14": "paper", "G22": "paper", "G26": "paper"}


@pytest.mark.parametrize(
    "goal", [pytest.param(goal, marks=pytest.mark.xdist_group(SHARED.get(goal, goal))) for goal in GOALS]
)
def test_goal(site, goal):
    row = GOALS[goal](site)
    assert row.faults == [], f"{row.goal}: {row.what}: {row.measured}"
