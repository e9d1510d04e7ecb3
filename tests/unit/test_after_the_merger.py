"""After a merger: what is another body's is not joined, and what is said of a later date says for whom."""

import re
import shutil
from datetime import date

import pytest

from reformlib.load.report import load_report
from reformlib.measure.change import changes
from reformlib.measure.pace import target_series
from reformlib.project.hindsight import _of_edition
from reformlib.project.series import left_out

LOG = """
- id: recomputed
  kind: status
  status: A
  cells: [{indicator: INDICATOR, year: 2025, expects: "EXPECTS"}]
  what_vi: a
  what_en: a
  why_vi: a
  why_en: a
  by: a
"""


@pytest.fixture(scope="module")
def moved(repo, tmp_path_factory):
    """The scores of 2011 to 2024 as those of another place, dated `years` later."""

    def make(place: str, years: int, name: str):
        folder = tmp_path_factory.mktemp(name) / name
        shutil.copytree(repo / "data/reports/tra-vinh-papi-2024", folder)
        about = folder / "report.yml"
        text = about.read_text("utf-8").replace("Trà Vinh", place).replace("2024-12-31", f"{2024 + years}-12-31")
        about.write_text(re.sub("^issued:.*\n", "", text, flags=re.MULTILINE), "utf-8")
        (folder / "assumptions.yml").write_text("[]", "utf-8")
        annex = folder / "annex.csv"
        head, *rows = annex.read_text("utf-8").splitlines(keepends=True)
        head = re.sub(r"Năm (\d{4})", lambda year: f"Năm {int(year[1]) + years}", head)
        annex.write_text(head + "".join(rows), "utf-8")
        return folder

    return make


@pytest.mark.parametrize(("place", "first", "n"), [("An Giang", 2025, 2), ("Nghệ An", 2013, 14)])
def test_a_province_of_the_old_name_begins_anew(moved, place, first, n):
    """An Giang took Kiên Giang in on 1 July 2025: of its scores of 2013 to 2026 those of 2025 and 2026 are its own.
    Nghệ An went on as it was."""
    report = load_report(moved(place, 2, "moved"))
    series = next(iter(report.points))
    assert report.meta.exists_from == (date(2025, 7, 1) if n == 2 else None)
    joined = target_series(report, series, "")
    assert (len(joined), joined["as_of"].dt.year.iloc[0]) == (n, first)
    row = changes(report.observations).set_index("indicator").loc[series]
    assert row["first_as_of"].year == first
    assert len(left_out(report).query("indicator == @series")) == 14 - n
    marked = report.observations.query("status == 'B'")
    assert set(marked["year"]) == ({2025} if n == 2 else set())
    assert (
        marked["note"].str.contains("1 July 2025").all() and marked["note_vi"].str.contains("01 tháng 7 năm 2025").all()
    )


def test_the_log_may_say_that_a_series_goes_on(moved):
    folder = moved("An Giang", 2, "logged")
    before = load_report(folder)
    series = next(iter(before.points))
    raw = next(point.raw for point in before.points[series] if point.year == 2025)
    (folder / "assumptions.yml").write_text(LOG.replace("INDICATOR", series).replace("EXPECTS", raw), "utf-8")
    report = load_report(folder)
    other = list(report.points)[1]
    assert (len(target_series(report, series, "")), len(target_series(report, other, ""))) == (14, 2)


def test_a_later_edition_of_another_body_scores_nothing(moved):
    old, new = load_report(moved("An Giang", 0, "old")), load_report(moved("An Giang", 2, "new"))
    assert (str(old.meta.exists_until), old.meta.exists_from) == ("2025-06-30", None)
    assert {row.definition for row in _of_edition(old, new)} == {"other"}
    on = [load_report(moved("Nghệ An", years, "on")) for years in (0, 2)]
    assert {row.definition for row in _of_edition(*on)} == {"same"}
