"""The findings of a report in both languages, side by side: texts in English, and with `_vi` in Vietnamese."""

from __future__ import annotations

import pandas as pd

from reformlib.load.report import Report
from reformlib.present import findings


def checks(report: Report) -> pd.DataFrame:
    """:func:`reformlib.present.findings.checks` in both languages."""
    return findings.checks(report, "en").join(findings.checks(report, "vi")[[*findings.TEXTS]].add_suffix("_vi"))


def reliability(report: Report) -> pd.DataFrame:
    """:func:`reformlib.present.findings.reliability` in both languages."""
    vietnamese = findings.reliability(report, "vi")[["reason"]].add_suffix("_vi")
    return findings.reliability(report, "en").join(vietnamese)
