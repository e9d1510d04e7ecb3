"""Administrative-reform reports as data, checks, gaps and projections, rendered from notebooks to HTML.

The face, for analysts and notebooks; everything behind it may change:

>>> import reformlib as rl
>>> report = rl.load_report("tra-vinh-2020")
>>> len(report.gaps()), len(report.checks())
(125, 99)

`rl.load_report(name)` gives a :class:`Report`, whose tables are its attributes (`observations`, `facts`, `tasks`) and
whose analyses are its methods (`checks`, `gaps`, `projections`). `rl.pages` holds what the notebooks show, by page.

The functions are called `load_report` and `compare_reports`, not `load` and `compare`: those are the names of
sub-packages, and Python binds a sub-package to its name here as soon as anything imports it. Each name is imported when
it is first asked for, so that `import reformlib` costs nothing.
"""

from __future__ import annotations

from importlib import import_module

__version__ = "0.1.0"

TYPE_CHECKING = False  # as in typing, whose import a run with nothing to do need not wait for

if TYPE_CHECKING:
    from reformlib.analysis import Report, compare_reports, load_report
    from reformlib.errors import ReformError
    from reformlib.load.report import load_catalogue
    from reformlib.paths import report_names
    from reformlib.present import pages
    from reformlib.project.law import forecast

# module that has the name
_MODULES = {
    "ReformError": "reformlib.errors",
    "Report": "reformlib.analysis",
    "compare_reports": "reformlib.analysis",
    "forecast": "reformlib.project.law",
    "load_catalogue": "reformlib.load.report",
    "load_report": "reformlib.analysis",
    "pages": "reformlib.present",
    "report_names": "reformlib.paths",
}

__all__ = [
    "ReformError",
    "Report",
    "compare_reports",
    "forecast",
    "load_catalogue",
    "load_report",
    "pages",
    "report_names",
]


def __getattr__(name: str):
    """One name of the face, imported when it is first asked for (PEP 562)."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    if name == "pages":
        return import_module("reformlib.present.pages")
    return getattr(import_module(_MODULES[name]), name)


def __dir__() -> list[str]:
    """What Tab offers: the face, and none of the sub-packages that happen to be loaded."""
    return sorted([*__all__, "__version__"])
