"""A browser a worker, and the rendered pages."""

from __future__ import annotations

import os

import pytest

from tests.browser.measures import Site, browser_path, chromium


@pytest.fixture(scope="session")
def browser():
    """A headless Chromium. With CI set its absence is a failure, or a fault would hide behind a skip."""
    path = browser_path()
    if not path:
        told = "no Chromium on PATH; install it or name it in REFORMLIB_CHROMIUM"
        pytest.fail(told) if os.environ.get("CI") else pytest.skip(told)
    with chromium(path) as started:
        yield started


@pytest.fixture(scope="session")
def site(browser, rendered, made_once, tmp_path_factory) -> Site:
    """The rendered pages, as the goals measure them."""
    return Site(browser, rendered, tmp_path_factory.mktemp("site"), made_once)
