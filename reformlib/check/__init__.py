"""Consistency rules: pure functions that take figures and answer by one of the outcomes of `verdict`.

`verdict` the answer, one of five, with its computation; `sentence` sentences that are in no language yet; `rounding`
exact numbers and every way of rounding them; `rules` the validation types of the European Statistical System and the
rules made for reform reports; `grim` what a printed share or mean can be, given whole numbers under it; `periods`
stocks, flows and dates; `sdmx` code lists. These read no file and know no report. On top of them:

`series` (with `annex`), `overlaps` and `narrative` the checks that run on any report, a function each; `checks.csv` the
table of them: a new check is a function and a row; `declared` what a report folder declares in `checks.yml`, `entries`
the figures and the rules that it names; `finding` what a check gives; `findings` all findings of a report and how far
each series can be relied on; `withheld` the report without the series that are not usable; `folders` what is wrong with
a folder. The words are made by `reformlib.present.findings`.

Where each named rule is:

    VIR range                       rules.in_range              a share against its base   rules.share
    VCO relation                    rules.relation              same quantity twice        rules.same_everywhere
    VAD total and parts, rounded    rules.total_of_parts        count against bodies       rules.count_within
    RTS gaps, RWD duplicates        rules.no_gaps,              falls, stands still        rules.never_falls, moves
                                    no_duplicates               decimals, steep change     rules.same_decimals,
    time balance, exposure          periods.time_balance,                                  change_within
                                    comparable                  rate without a base        rules.rate_has_base
    GRIM                            grim.grim, numerators, share_of_count, possible_bases, implied_total
    SDMX code lists                 sdmx.OBS_STATUS, TIME_COLLECT
"""

from reformlib.check.verdict import CANNOT_TELL, CONSISTENT, INCONSISTENT, MISSING, OUTCOMES, STATED, Verdict

__all__ = ["CANNOT_TELL", "CONSISTENT", "INCONSISTENT", "MISSING", "OUTCOMES", "STATED", "Verdict"]
