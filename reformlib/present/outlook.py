"""What the pages of paces and of chances say in common: both count the same targets, and why the two differ is said."""

import pandas as pd

from reformlib.load.rows import each_row
from reformlib.measure.pace import target_series
from reformlib.paths import packaged
from reformlib.present.findings import counted_with_care
from reformlib.present.gaps.judged import used
from reformlib.present.page import Page
from reformlib.project.chances import outlook, target_probabilities


def ahead(page: Page, rows: pd.DataFrame) -> pd.DataFrame:
    """:func:`reformlib.project.chances.outlook` of rows of `gaps`."""
    return outlook(page.report, rows, target_probabilities(page.report))


def measured(page: Page, name: str) -> str:
    """What was measured of rising shares (`tools.learn.plateau`), the least to the most of one to ten years ahead: the
    part of their pace that they `kept`, and how many came to stand `below` their start."""
    parts = sorted(100 * float(row[name]) for row in packaged("project/plateau.csv"))
    return page._("{low} to {high}", low=page.number(parts[0], 0), high=page.quantity(parts[-1], "%", 0))


def why_both(page: Page, rows: pd.DataFrame) -> list[str]:
    """Why a pace so far that is enough goes with a chance of no more than one in two, and the other way round, in a
    sentence each; nothing where paces and chances agree. `rows` is what :func:`ahead` gave."""
    both = rows[~rows["implied"] & (rows["pace"] != "") & (rows["chance"] != "")]
    enough, slow = both[both["pace"] == "enough"], both[both["pace"] == "slow"]
    unlikely, likely = enough[enough["chance"] == "unlikely"], slow[slow["chance"] == "likely"]
    of_enough = (
        "Of the {n} targets for which the pace so far is enough, {few} are not more likely than not to be met: that "
        "pace is an average that includes the first roll-out, and such series slow down near their ceiling; in those "
        "that the method was learned from, rising shares reported by offices kept a median of {kept} of their past "
        "pace."
        if all(_from_nothing(page, row) for row in each_row(unlikely))
        else "Of the {n} targets for which the pace so far is enough, {few} are not more likely than not to be met: "
        "that pace is an average over years, and such series slow down; in those that the method was learned from, "
        "rising shares reported by offices kept a median of {kept} of their past pace."
    )
    of_slow = (
        "Of the {n} targets that need a faster pace than so far, {few} are more likely than not to be met: a chance "
        "counts the leaps that such series make as well, a pace is an average."
    )
    kept, said = measured(page, "kept"), []
    for text, group, few in ((of_enough, enough, unlikely), (of_slow, slow, likely)):
        if len(few):
            text = page._(text, n=len(group), few=len(few), kept=kept)
            said.append(counted_with_care(page, text, (used(row, "pace") for row in each_row(group))))
    return said


def _from_nothing(page: Page, row) -> bool:
    """Whether the pace of a row begins at the first figure above nothing, with others at nothing before it."""
    return bool((target_series(page.report, row.indicator, row.level)["as_of"] < row.base_as_of).any())
