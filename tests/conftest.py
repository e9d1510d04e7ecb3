"""Fixtures shared by all tests."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import hypothesis
import pytest

# How long an example takes depends on what else the machine does. The same examples in every run, so that the verdict
# is the same; `make fuzz` draws new ones, and what it finds becomes a named example of the test.
hypothesis.settings.register_profile("fixed", deadline=None, derandomize=True, database=None)
hypothesis.settings.register_profile("fuzz", deadline=None, derandomize=False, print_blob=True)
hypothesis.settings.load_profile("fixed")

REPO = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def repo() -> Path:
    """The checkout."""
    return REPO


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of reference material beside the checkout; tests that need it skip where it is absent."""
    folder = REPO.parent / "shared"
    if not folder.is_dir():
        pytest.skip("the reference material (../shared) is not on this machine")
    return folder


@pytest.fixture(scope="session")
def rendered(tmp_path_factory) -> Path:
    """All documents of the reference report, rendered once a session through the command line."""
    output = tmp_path_factory.mktemp("pages")
    done = subprocess.run(
        [sys.executable, "-m", "reformlib", "render", "--report", "tra-vinh-2020", "--output", str(output)],
        cwd=REPO,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return output


def pytest_collection_modifyitems(items) -> None:
    """Tests that look at the rendered pages share a worker, so that the pages are rendered once."""
    for item in items:
        if "rendered" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.xdist_group("pages"))
