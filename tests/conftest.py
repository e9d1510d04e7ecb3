"""Fixtures shared by all tests."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import hypothesis
import pytest

from reformlib.files import locked
from tests.reference import render, render_again

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
def made_once(tmp_path_factory) -> Callable[[str, Callable[[Path], None]], Path]:
    """`made_once(name, make)` is a folder that `make` has filled once a session, in the worker that came first."""
    base = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        base = base.parent

    def folder_of(name: str, make: Callable[[Path], None]) -> Path:
        folder, done = base / name, base / f"{name}.done"
        with locked(base / f"{name}.lock", lambda _: None):
            if not done.exists():
                folder.mkdir(exist_ok=True)
                make(folder)
                done.touch()
        return folder

    return folder_of


@pytest.fixture(scope="session")
def rendered(made_once) -> Path:
    """All documents of the reference report, made once a session through the command line."""
    return made_once("pages", render)


@pytest.fixture(scope="session")
def again(made_once) -> Path:
    """The same in ordinary kernels: `pages`, and the executed `notebooks`."""
    return made_once("again", render_again)


def pytest_collection_modifyitems(items) -> None:
    """Small files last, so that both workers end together."""
    items.sort(key=lambda item: item.path.parent.name == "property")
