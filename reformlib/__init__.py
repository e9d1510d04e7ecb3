"""Administrative-reform reports as data, checks, gaps and projections, rendered from notebooks to HTML.

The face, for analysts and notebooks; everything behind it may change:

>>> import reformlib as rl
>>> report = rl.load_report("tra-vinh-2020")
>>> len(report.gaps()), len(report.checks())
(122, 130)
>>> rl.compare_reports(["tra-vinh-2020"])
<Comparison of 1 report by phu-luc-7: 18 series>
>>> "Edition 2020" in str(rl.pages.brief.heading(rl.pages.Page(report, "en")))
True
>>> "tra-vinh-2020" in rl.report_names(), len(rl.load_catalogue("phu-luc-7").targets)
(True, 125)
>>> shares = dict(years=[2016, 2017, 2018, 2019, 2020], values=[10, 20, 35, 45, 60])
>>> 60 < rl.forecast(**shares, family="share-reported", ceiling=100, at=2025).quantile(0.5).item() < 100
True
>>> rl.load_report("tra-vin")
Traceback (most recent call last):
reformlib.errors.ReformError: no such report: tra-vin
  expected: ...
  fix: did you mean tra-vinh-2020?

`rl.load_report(name)` gives a :class:`Report` (`rl.Report`), whose tables are its attributes (`observations`, `facts`,
`tasks`) and whose analyses are its methods (`checks`, `gaps`, `projections`). `rl.pages` holds what the
notebooks show, by page.

The functions are called `load_report` and `compare_reports`, not `load` and `compare`: those are the names of
sub-packages, and Python binds a sub-package to its name here as soon as anything imports it. Each name is imported when
it is first asked for, so that `import reformlib` costs nothing; type checkers read them in `__init__.pyi`.
"""

__version__ = "0.1.0"

# where each name of the face is defined
_FACE = {
    "ReformError": "reformlib.errors:ReformError",
    "Report": "reformlib.analysis:Report",
    "compare_reports": "reformlib.analysis:compare_reports",
    "forecast": "reformlib.project.law:forecast",
    "load_catalogue": "reformlib.load.catalogue:load_catalogue",
    "load_report": "reformlib.analysis:load_report",
    "pages": "reformlib.present.pages",
    "report_names": "reformlib.paths:report_names",
}
__all__ = sorted(_FACE)


def __getattr__(name: str):
    """One name of the face, imported when it is first asked for (PEP 562)."""
    from pkgutil import resolve_name

    if name not in _FACE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return resolve_name(_FACE[name])


def __dir__() -> list[str]:
    """What Tab offers: the face, and none of the sub-packages that happen to be loaded."""
    return sorted([*__all__, "__version__"])
