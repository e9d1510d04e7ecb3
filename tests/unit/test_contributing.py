"""What CONTRIBUTING.md says is done in a copy of the project, and shows on a page or in a table."""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell

from tests.render_helpers import REPO, in_forks

REPORT = "data/reports/tra-vinh-2020"
INDICATOR = {
    "indicator": "online_payments",
    "form_row": "15",
    "name_vi": "Tỷ lệ hồ sơ thanh toán trực tuyến",
    "name_en": "Share of dossiers paid online",
    "short_vi": "Hồ sơ thanh toán trực tuyến",
    "short_en": "Dossiers paid online",
    "unit": "%",
    "measure": "rate",
    "time_collect": "S",
    "direction": "increase",
    "limit_low": "0",
    "limit_high": "100",
}
PROJECTION = {
    "indicator": "online_payments",
    "family": "share-reported",
    "ceiling": "limit_high",
    "note_vi": "Giả định cách đếm không đổi.",
    "note_en": "The way of counting is assumed to stay.",
    "source": "made up for a test",
}
CHECK = '''

@of_each_series
def ends_in_seven(series: Series) -> Iterable[Result]:
    """No count ends in a seven."""

    def result(point) -> Result:
        when = PeriodName(point.period)
        numbers = {"value": exact(point.value), "period": when}
        verdict = judged(point.value % 10 != 7, "{value} for {period}", CANNOT_TELL, **numbers)
        return series.result(verdict, periods=[point.period])

    return objections(map(result, series.filled))
'''
CHART = '''"""The latest shares."""

import pandas as pd

from reformlib.load.rows import each_row
from reformlib.present.chart import ACCENT, chart_axes, figure, number_axis, svg_of
from reformlib.present.html import Fragment
from reformlib.present.page import Page
from reformlib.present.table import Column, series_column, table


def latest_chart(page: Page, changes: pd.DataFrame) -> Fragment:
    """The latest figure of every share, as bars."""
    rows = [row for row in each_row(changes) if row.unit == "%" and pd.notna(row.last)]
    with chart_axes(40 * len(rows)) as (fig, axes):
        for place, row in enumerate(rows):
            axes.barh(-place, row.last, height=0.3, color=ACCENT)
            axes.text(0, 0.3 - place, page.series_name(row.indicator, row.level))
        axes.set_yticks([])
        number_axis(page, axes, "x", "%", (0, 100))
        svg = svg_of(fig)
    columns = [series_column(page), Column("%", lambda r: page.cell(r.last, "%", rule="latest"), True)]
    title = page._("{n} shares at their latest date", n=len(rows))
    return figure(
        page,
        svg,
        title=title,
        subtitle="%",
        source=page.meta("source"),
        alt=page._("Bar chart of the latest figure of {n} shares, each from 0 to 100", n=len(rows)),
        data=table(page, rows, columns, caption=title, origin=lambda r: page.row_place(r.indicator), fold=False),
    )
'''
READER = '''"""Text whose first line is BARS, cells between bars, to a table."""

from pathlib import Path

from reformlib.ingest.source import Grid, Source


def read_bars(content: bytes, path: Path, locale: str) -> Source:
    """One table: every line but the first is a row."""
    rows = [line.split("|") for line in content.decode().splitlines()[1:]]
    return Source(path.name, [Grid(f"{path.name}, line 2", rows)], locale=locale)
'''
MESSAGES = {
    "{name}: a count that ends in a seven": "{name}: số đếm có chữ số cuối là bảy",
    "No count ends in a seven": "Không số đếm nào có chữ số cuối là bảy",
    "Ask how it was counted.": "Đề nghị nêu cách đếm.",
    "{value} for {period}": "{value} của {period}",
    "{n} shares at their latest date": "{n} tỷ lệ tại thời điểm mới nhất",
    "Bar chart of the latest figure of {n} shares, each from 0 to 100": (
        "Biểu đồ cột số liệu mới nhất của {n} tỷ lệ, mỗi tỷ lệ từ 0 đến 100"
    ),
}


@pytest.fixture
def project(tmp_path) -> Path:
    """A copy of the project, to be changed."""
    for name in ("reformlib", "notebooks", "data"):
        shutil.copytree(REPO / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def run(project: Path, *commands: list[str]) -> list[str]:
    """What `reformlib …` prints in the copy, with the library of the copy: command by command."""
    done = in_forks(project, {"PYTHONPATH": str(project)}, *commands)
    assert [one.code for one in done] == [0] * len(done), [(one.out, one.err) for one in done]
    return [one.out for one in done]


def python(project: Path, code: str) -> str:
    """What Python code prints in the copy, with the library of the copy."""
    environment = os.environ | {"PYTHONPATH": str(project), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=project, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def add_row(file: Path, row: dict[str, str]) -> None:
    """Add a row to a table, cells that are not named empty."""
    with file.open(encoding="utf-8-sig", newline="") as stream:
        header = next(csv.reader(stream))
    assert set(row) <= set(header)
    with file.open("a", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerow([row.get(name, "") for name in header])


def add_text(file: Path, text: str, after: str = "") -> None:
    """Add text at the end of a file, or after some text that stands in it once."""
    content = file.read_text("utf-8")
    assert content.count(after) == 1 or not after
    file.write_text(content.replace(after, after + text) if after else content + text, "utf-8")


def translate(project: Path, *messages: str) -> None:
    """Add translations to the catalogue of the messages."""
    entries = (f"\nmsgid {json.dumps(m)}\nmsgstr {json.dumps(MESSAGES[m], ensure_ascii=False)}\n" for m in messages)
    add_text(project / "reformlib/locales/vi.po", "".join(entries))


def records(text: str) -> list[dict]:
    """The records that a table prints as json."""
    return json.loads(text)


def test_an_indicator(project):
    add_row(project / "data/forms/phu-luc-7/indicators.csv", INDICATOR)
    add_row(project / "data/forms/phu-luc-7/projection.csv", PROJECTION)
    add_text(project / REPORT / "annex.csv", f"15,{INDICATOR['name_vi']},10%,12%,15%,20%,24%,\n")
    tables = (["table", name, "--format", "json"] for name in ("observations", "projections"))
    *_, observations, projections = run(project, ["describe", "data/forms/phu-luc-7", REPORT], ["check"], *tables)
    rows = records(observations)
    assert [r["value"] for r in rows if r["indicator"] == "online_payments"] == [10.0, 12.0, 15.0, 20.0, 24.0, None]
    rows = records(projections)
    assert any(row["indicator"] == "online_payments" for row in rows)
    page = (
        "import reformlib as rl; data = rl.load_report('tra-vinh-2020'); page = rl.pages.Page(data, 'vi');"
        "print(rl.pages.assessment.scoreboard(page, data.changes(), data.reliability('vi')))"
    )
    assert INDICATOR["short_vi"] in python(project, page)


def test_a_check(project):
    add_text(project / "reformlib/check/series.py", CHECK)
    row = {
        "check": "ends-in-seven",
        "level": "report",
        "severity": "information",
        "function": "series.ends_in_seven",
        "title": "{name}: a count that ends in a seven",
        "passed": "No count ends in a seven",
        "consequence": "Ask how it was counted.",
    }
    add_row(project / "reformlib/check/checks.csv", row)
    translate(project, *list(MESSAGES)[:4])
    words = {"vi": "chữ số cuối là bảy", "en": "ends in a seven"}
    printed = run(project, *(["table", "checks", "--format", "json", "--language", language] for language in words))
    for text, said in zip(printed, words.values(), strict=True):
        mine = [row for row in records(text) if row["check"] == "ends-in-seven" and row["outcome"] == "cannot tell"]
        assert mine and all(said in row["title"] for row in mine)


def test_a_chart(project):
    (project / "reformlib/present/assessment/latest.py").write_text(CHART, "utf-8")
    translate(project, *list(MESSAGES)[4:])
    path = project / "notebooks/01_assessment.ipynb"
    notebook = nbformat.read(path, 4)
    place = next(n for n, cell in enumerate(notebook.cells) if "indicator_charts" in cell.source)
    notebook.cells[place + 1 : place + 1] = [
        new_markdown_cell("## Tỷ lệ mới nhất", metadata={"tags": ["lang-vi"]}, id="01-50"),
        new_markdown_cell("## Latest shares", metadata={"tags": ["lang-en"]}, id="01-51"),
        new_code_cell("rl.pages.assessment.latest_chart(page, changes)", id="01-52"),
    ]
    nbformat.write(notebook, path)
    run(project, ["render", "01", "--output", "pages"])
    pages = project / "pages/tra-vinh-2020"
    assert "tỷ lệ tại thời điểm mới nhất" in (pages / "vi/01_assessment.html").read_text("utf-8")
    assert "shares at their latest date" in (pages / "en/01_assessment.html").read_text("utf-8")


def test_a_target_set(project):
    add_text(project / "reformlib/load/fields.csv", ";district_plan", after="provincial_plan;direction")
    instrument = {
        "instrument": "Kế hoạch 9/KH-UBND",
        "type_vi": "Kế hoạch",
        "type_en": "Plan",
        "number": "9/KH-UBND",
        "date": "2019-01-09",
        "target_set": "district_plan",
    }
    target = {
        "id": "T900",
        "instrument": "Kế hoạch 9/KH-UBND",
        "instrument_date": "2019-01-09",
        "target_vi": "95 % văn bản điện tử",
        "target_en": "95% of documents electronic",
        "scope": "district",
        "applies_to": "district",
        "base": "documents",
        "comparator": ">=",
        "value": "95",
        "unit": "% of documents",
        "target_year": "2020",
        "evidence": "source seen",
        "confidence_pct": "90",
        "recommended_use": "use",
    }
    add_row(project / "data/targets/instruments.csv", instrument)
    add_row(project / "data/targets/targets.csv", target)
    mapping = {"target": "T900", "indicator": "e_documents", "measure": "value", "mapping_quality": "direct"}
    add_row(project / "data/forms/phu-luc-7/target_mapping.csv", mapping)
    notebook = project / "notebooks/02_gap_analysis.ipynb"
    add_text(notebook, ", district_plan", after="provincial_plan, direction")
    add_text(project / "reformlib/load/codes.csv", "target_set,district_plan,plans of the district\n")
    render = ["render", "02", "-l", "en", "-p", "target_set=district_plan", "--output", "pages"]
    run(project, ["describe", "data/targets", "data/forms/phu-luc-7"], ["check"], render)
    assert "95%" in (project / "pages/tra-vinh-2020/en/02_gap_analysis-target_set-district_plan.html").read_text(
        "utf-8"
    )
    gaps = "import reformlib as rl; print(*rl.load_report('tra-vinh-2020').gaps('district_plan')['target_id'])"
    assert python(project, gaps).split() == ["T900"]


def test_a_reader(project):
    (project / "reformlib/ingest/bars.py").write_text(READER, "utf-8")
    add_text(
        project / "reformlib/ingest/kinds.csv", f"bars,.bars,,{b'BARS'.hex()},bars.read_bars,,,\n", after="what,fix\n"
    )
    with (REPO / REPORT / "annex.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.reader(stream))
    rows[0][:2] = ["STT", "Chỉ tiêu"]
    (project / "form.bars").write_text("\n".join(["BARS", *("|".join(row) for row in rows)]), "utf-8")
    run(project, ["ingest", "form.bars", "--unit", "Sở thử", "--edition", "2020", "--accept"])
    with (project / "data/reports/so-thu-2020/annex.csv").open(encoding="utf-8", newline="") as stream:
        written = list(csv.reader(stream))
    # a cell of the eleventh row is two lines
    assert [row[2:] for row in written[1:11]] == [row[2:] for row in rows[1:11]]


def test_a_language_is_named_wherever_the_library_has_a_table_of_languages():
    section = (REPO / "CONTRIBUTING.md").read_text("utf-8").partition("### A language")[2].partition("\n### ")[0]
    for path in sorted((REPO / "reformlib").rglob("*.py")):
        name = path.relative_to(REPO).as_posix()
        if re.search(
            r"""^\s*(LANGUAGES = |class Language)|"vi": (\{|"[^"]*", "en"|", in)""", path.read_text("utf-8"), re.M
        ):
            assert f"`{name}`" in section, name
