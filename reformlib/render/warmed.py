"""Imported by the warm process: everything a report needs.

Nothing here may start a thread, open a socket or read a report: a fork keeps it all.
"""

from __future__ import annotations

import builtins
import importlib
import os
import sys
from types import SimpleNamespace

MODULES = (
    "pandas",
    "scipy.stats",
    "seaborn",
    "reformlib.datasets",
    "reformlib.present.assessment",
    "reformlib.present.findings",
    "reformlib.present.gap",
    "reformlib.present.page",
    "reformlib.present.projection",
    "reformlib.render.execute",
    "reformlib.render.exporter",
    "reformlib.render.inprocess",
    "reformlib.render.publish",
)

# Asked for in the environment of the warm process only; processes that a notebook starts are no concern of it.
os.environ.pop("PYTHONSAFEPATH", None)

_missing = object()
_shell = getattr(builtins, "get_ipython", _missing)
_parser = sys.modules.get("rfc3987_syntax", _missing)
# pandas shows all columns of a table only if it is imported where a notebook's shell is.
builtins.get_ipython = lambda: SimpleNamespace(kernel=None)
# A parser of international addresses: a second to import, and no schema of notebooks asks for it.
if _parser is _missing:
    sys.modules["rfc3987_syntax"] = None
try:
    for _name in MODULES:
        importlib.import_module(_name)
finally:
    if _parser is _missing:
        del sys.modules["rfc3987_syntax"]
    if _shell is _missing:
        del builtins.get_ipython
    else:
        builtins.get_ipython = _shell

sys.modules["reformlib.render.fresh"].environment()  # hashes of the library as it was imported here


def reseed() -> None:
    """In a forked process: random numbers of its own, as in a process just started."""
    import numpy

    numpy.random.seed()  # noqa: NPY002 (the state that old code in a notebook may use)
