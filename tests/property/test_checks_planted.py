"""Checks of the annex on many forms: no false alarm on a consistent one, and nearly every planted fault found."""

from __future__ import annotations

import random
from dataclasses import replace
from fractions import Fraction

import pandas as pd
import pytest

from reformlib import observations
from reformlib.checks import CONSISTENT
from reformlib.checks.report import CHECKS
from reformlib.checks.rounding import round_to
from reformlib.load import load_report

YEARS = [2014, 2015, 2016, 2017, 2018, 2019]
TRIALS = 40
RUN = {check.id: check.run for check in CHECKS}
# Those that look at the annex; the others look at tables of text.
OF_THE_ANNEX = [check.id for check in CHECKS if check.run.__module__.endswith("series")]


@pytest.fixture(scope="module")
def reference():
    return load_report("tra-vinh-2020")


def percent(value: Fraction, decimals: int) -> str:
    return f"{float(round_to(value, decimals)):.{decimals}f}".replace(".", ",") + "%"


def growing(chance: random.Random, low: int, high: int, limit: float = 1.6) -> list[int]:
    """A count that grows every year, by less than 60 %."""
    values = [chance.randint(low, high)]
    while len(values) < len(YEARS):
        values.append(values[-1] + max(1, int(values[-1] * chance.uniform(0.05, limit - 1))))
    return values


def consistent(seed: int) -> dict[int, list[str]]:
    """A form whose figures agree: stocks grow, shares are shares of whole services, rates move a little."""
    chance = random.Random(seed)
    level3, level4 = growing(chance, 15, 40), growing(chance, 15, 40)

    def rate(start: int) -> list[str]:
        values = [Fraction(start)]
        while len(values) < len(YEARS):
            values.append(min(Fraction(99), values[-1] + Fraction(chance.randint(5, 35), 10)))
        return [percent(value, 1) for value in values]

    def used(counts: list[int]) -> list[str]:
        shares, part = [], chance.uniform(0.3, 0.5)
        for count in counts:
            part = min(0.9, part * chance.uniform(1.0, 1.2))
            shares.append(percent(Fraction(100 * max(1, int(part * count)), count), 2))
        return shares

    counts = {row: [str(v) for v in growing(chance, 20 * row, 40 * row)] for row in (2, 5, 7, 8, 9, 12, 14)}
    flows = {row: [str(chance.randint(4000, 9000)) for _ in YEARS] for row in (3, 4)}
    rates = {row: rate(chance.randint(40, 70)) for row in (1, 6, 13)}
    rows = counts | flows | rates
    rows[10] = [f"Mức 3: {a}, mức 4: {b}" for a, b in zip(level3, level4, strict=True)]
    rows[11] = [f"Mức 3: {a}\nMức 4: {b}" for a, b in zip(used(level3), used(level4), strict=True)]
    return dict(sorted(rows.items()))


def report(reference, rows, headings=None):
    headings = headings or [f"Năm {year}" for year in YEARS]
    annex = pd.DataFrame([[str(row), "label", *cells] for row, cells in rows.items()])
    annex.columns = ["form_row", "label", *headings]
    catalogue = reference.catalogue.indicators
    observed = observations.observe(annex, catalogue, reference.meta, [], reference.folder / "annex.csv")
    return replace(reference, annex=annex, observations=observed)


def test_no_false_alarm_on_consistent_forms(reference):
    for seed in range(TRIALS):
        built = report(reference, consistent(seed))
        for check in OF_THE_ANNEX:
            bad = [found for found in RUN[check](built) if found.outcome != CONSISTENT]
            assert not bad, (seed, check, bad[0].series, [verdict.computation for verdict in bad[0].verdicts])


def change(row: int, value):
    """One cell of a row, not the first or last, becomes `value(chance, before, cell)`."""

    def plant(chance: random.Random, rows: dict) -> None:
        at = chance.randint(1, len(YEARS) - 2)
        rows[row][at] = value(chance, rows[row][at - 1], rows[row][at])

    return plant


def whole_row(row: int, value):
    def plant(chance: random.Random, rows: dict) -> None:
        rows[row] = value(chance, rows)

    return plant


def any_share(chance: random.Random, before: str, cell: str) -> str:
    """A share drawn at random in place of the true one."""
    return f"Mức 3: {chance.randint(100, 9900) / 100:.2f}%".replace(".", ",") + "\n" + cell.split("\n")[1]


def nothing_in_2014(chance: random.Random, rows: dict) -> None:
    rows[10][0] = "0"
    rows[11][0] = chance.choice(["0", rows[11][0]])


def five_units(chance: random.Random, rows: dict) -> None:
    rows[12] = ["5", *(str(5 * chance.randint(6, 30)) for _ in YEARS[1:])]


PLANTS = {
    "share-of-count": change(11, any_share),
    "in-range": change(1, lambda chance, before, cell: f"{chance.randint(101, 900)}%"),
    "rate-has-base": nothing_in_2014,
    "never-falls": change(5, lambda chance, before, cell: str(int(before) - chance.randint(1, 50))),
    "moves": whole_row(13, lambda chance, rows: [rows[13][0]] * len(YEARS)),
    "equals-target": whole_row(1, lambda chance, rows: ["90%"] * len(YEARS)),
    "steep-change": change(13, lambda chance, before, cell: f"{chance.randint(10, 700) / 100:.1f}%".replace(".", ",")),
    "same-base": five_units,
    "no-gaps": change(5, lambda chance, before, cell: ""),
    "has-figures": whole_row(14, lambda chance, rows: [""] * len(YEARS)),
    "same-decimals": change(13, lambda chance, before, cell: cell.replace("%", f"{chance.randint(1, 9)}%")),
    "not-identical": whole_row(8, lambda chance, rows: list(rows[7])),
}


@pytest.mark.parametrize("check", PLANTS)
def test_at_least_95_percent_of_planted_faults_are_found(reference, check):
    found = 0
    for seed in range(TRIALS):
        rows = consistent(seed)
        PLANTS[check](random.Random(seed), rows)
        found += any(one.outcome != CONSISTENT for one in RUN[check](report(reference, rows)))
    assert found >= 0.95 * TRIALS


@pytest.mark.parametrize("check", ["whole-periods", "pace-in-part"])
def test_a_part_of_a_year_is_found(reference, check):
    """The last column becomes a quarter, as its heading says; a stock grows as much in it as in the year before."""
    headings = [*(f"Năm {year}" for year in YEARS[:-1]), f"Năm {YEARS[-1]} (Tính đến 31/3)"]
    found = 0
    for seed in range(TRIALS):
        rows = consistent(seed)
        step = int(rows[5][-2]) - int(rows[5][-3])
        rows[5][-1] = str(int(rows[5][-2]) + step)
        found += any(one.outcome != CONSISTENT for one in RUN[check](report(reference, rows, headings)))
    assert found >= 0.95 * TRIALS


@pytest.mark.parametrize("check", ["no-duplicates", "whole-counts"])
def test_what_the_loader_would_refuse_is_found(reference, check):
    found = 0
    for seed in range(TRIALS):
        chance, built = random.Random(seed), report(reference, consistent(seed))
        frame = built.observations
        counts = frame.index[frame["unit"] != "%"]
        at = chance.choice(list(counts))
        if check == "no-duplicates":
            frame = pd.concat([frame, frame.loc[[at]]])
        else:
            frame.loc[at, "value"] += chance.choice([0.1, 0.25, 0.5])
        found += any(one.outcome != CONSISTENT for one in RUN[check](replace(built, observations=frame)))
    assert found >= 0.95 * TRIALS


def test_every_check_of_the_annex_has_planted_faults():
    assert {*PLANTS, "whole-periods", "pace-in-part", "no-duplicates", "whole-counts"} == set(OF_THE_ANNEX)
