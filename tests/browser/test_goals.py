"""The goals G1 to G22, on the pages of the reference report: what `make goals` prints."""

import pytest

from tests.browser.measures import GOALS

pytestmark = pytest.mark.browser

PENDING = {"G10", "G14"}


@pytest.mark.parametrize("goal", GOALS)
def test_goal(site, goal, request):
    if goal in PENDING:
        request.applymarker(pytest.mark.xfail(reason="the design of the pages is being mended"))
    row = GOALS[goal](site)
    assert row.faults == [], f"{row.goal}: {row.what}: {row.measured}"
