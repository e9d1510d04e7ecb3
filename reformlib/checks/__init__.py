"""Consistency rules: pure functions that take figures and say consistent, inconsistent or cannot tell.

`verdict` the three-valued answer with its computation; `rounding` exact numbers and every way of rounding them;
`rules` the validation types of the European Statistical System and the rules made for reform reports; `grim` what
a printed share or mean can be, given whole numbers under it; `periods` stocks, flows and dates; `sdmx` code lists.
These read no file and know no report. On top of them: `series` and `narrative` the checks that run on any report,
`declared` those that a report folder declares in `checks.yml`, `finding` how a finding is told in both languages,
`report` the table of all findings and the reliability of every series.
"""

from reformlib.checks.verdict import CANNOT_TELL, CONSISTENT, INCONSISTENT, OUTCOMES, Verdict

__all__ = ["CANNOT_TELL", "CONSISTENT", "INCONSISTENT", "OUTCOMES", "Verdict"]
