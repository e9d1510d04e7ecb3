"""The worked numbers in docstrings are what the functions give."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import pytest

import reformlib

# warmed: for a process of its own; _project: the notebooks and data of an installed package
NAMES = [
    module.name
    for module in pkgutil.walk_packages(reformlib.__path__, "reformlib.")
    if "_project" not in module.name and module.name != "reformlib.render.engine.preload"
]


@pytest.mark.parametrize("name", NAMES)
def test_examples(name):
    tried = doctest.testmod(importlib.import_module(name))
    assert not tried.failed


def test_there_are_examples():
    found = doctest.DocTestFinder(exclude_empty=True).find(importlib.import_module("reformlib.measure.pace"))
    assert sum(len(one.examples) for one in found) > 3
