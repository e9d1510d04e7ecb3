"""The reference report as if its targets on services were shares of what it counts, to try what rests on such gaps."""

from dataclasses import replace

from reformlib.load.catalogue import Catalogue
from reformlib.load.report import Report, load_report


def same_base(catalogue: Catalogue) -> Catalogue:
    """A form with every target on the base of its figure."""
    return replace(catalogue, target_mapping=catalogue.target_mapping.assign(figure_base="", base_levels=""))


def on_one_base() -> Report:
    """The report with every target on the base of its figure: the 30 % are of the 1949 procedures too."""
    report = load_report("tra-vinh-2020")
    return replace(report, catalogue=same_base(report.catalogue))
