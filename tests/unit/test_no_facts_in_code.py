"""Facts of one report, place or form are data: code and notebooks know no year, place or form of their own.

What is looked for stands in `FACTS`. It may stand in a docstring or doctest, which shows an example; anywhere else only
as a line of `ALLOWED`, each with its reason. A line that is there no more is to go from the list as well.
"""

from __future__ import annotations

import ast
import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import docx
import pytest

from tests.conftest import REPO

FACTS = re.compile(r"2011|2020|2021|2030|Phụ lục 7|Annex 7|Trà Vinh|tra-vinh|mức độ [34]|levels? [34]", re.IGNORECASE)

EXAMPLE = "an example in a message, a help text or a template, of what may be typed"
COMMENT = "an example in a comment"
DECREE = "a decree that is cited"
METHOD = "part of a published method"
LEARNED = "digits of numbers that the method of projecting learned"
DEFAULT = "the default of a notebook's parameter"

# file, words of the line, how often they stand there, and why they may
ALLOWED = [
    ("reformlib/check/entries.py", "a period such as 2021 - 2030", 1, EXAMPLE),
    ("reformlib/check/entries.py", 'by its code, as "2020-Q1"', 1, EXAMPLE),
    ("reformlib/cli/data.py", "reformlib diff tra-vinh-2020 tra-vinh-2021", 1, EXAMPLE),
    ("reformlib/cli/folders.py", "--years 2021-2025", 2, EXAMPLE),
    ("reformlib/cli/folders.py", "new-report so-noi-vu-2025 --form cchc-2021", 1, EXAMPLE),
    ("reformlib/cli/folders.py", "reformlib template copy.xlsx --report tra-vinh-2020", 1, EXAMPLE),
    ("reformlib/cli/folders.py", "reformlib explore tra-vinh-2020 02 -l en --no-open", 1, EXAMPLE),
    ("reformlib/cli/options.py", "Nghị định 30/2020/NĐ-CP", 1, DECREE),
    ("reformlib/cli/options.py", "2021-2025, or 2019,2021,2023", 1, EXAMPLE),
    ("reformlib/cli/options.py", "Last day of the figures (2020-03-31)", 1, EXAMPLE),
    ("reformlib/cli/render.py", "--report tra-vinh-2020", 1, EXAMPLE),
    ("reformlib/cli/render.py", "--only 'tra-vinh*'", 1, EXAMPLE),
    ("reformlib/ingest/folder.py", "--data-date such as 2020-03-31", 1, EXAMPLE),
    ("reformlib/ingest/headings.py", "«Tính đến 31/3» below «Năm 2020»", 1, COMMENT),
    ("reformlib/ingest/period.py", "such as 2021-2025", 1, EXAMPLE),
    ("reformlib/load/assumptions.py", "such as 2020-Q1", 2, EXAMPLE),
    ("reformlib/load/blank.py", "2021-2025, or 2019,2021,2023", 1, EXAMPLE),
    ("reformlib/load/dates.py", "must be a date such as 2020, 2020-05 or 2020-05-31", 1, EXAMPLE),
    ("reformlib/load/dates.py", "must be a day such as 2020-03-31", 1, EXAMPLE),
    ("reformlib/load/observations.py", "`Năm 2020 (Tính đến 31/3)`, or `Ước năm 2020`", 1, EXAMPLE),
    ("reformlib/load/period.py", "`Năm 2020 (Tính đến 31/3)` for a part of a year", 1, EXAMPLE),
    ("reformlib/load/period.py", "`9 tháng năm 2020`, `Tháng 5/2020`", 1, EXAMPLE),
    ("reformlib/load/period.py", "as `period: 2020-Q1`", 1, EXAMPLE),
    ("reformlib/load/templates/report.yml", "date of the report: 2020, 2020-05 or 2020-05-31", 1, EXAMPLE),
    ("reformlib/measure/progress/growth.py", "target_year, such as 2030", 1, EXAMPLE),
    ("reformlib/measure/progress/points.py", '"2020.25" is a point in time', 1, COMMENT),
    ("reformlib/measure/progress/un_chart.py", "target_year: float | None = 2030", 1, METHOD),
    ("reformlib/paths.py", "report_names() or ['data/reports/tra-vinh-2020']", 1, EXAMPLE),
    ("reformlib/present/templates/reform/style.css", "Nghị định 30/2020/NĐ-CP", 1, DECREE),
    ("reformlib/project/prior.json", '"sources":[{"name":"Gapminder', 1, LEARNED),
    ("reformlib/render/page/parameters.py", "year: int = 2020  # last year shown", 1, EXAMPLE),
    ("reformlib/render/run/plan.py", "such as tra-vinh-2020", 1, EXAMPLE),
    ("reformlib/render/run/plan.py", "units: [tra-vinh]", 1, EXAMPLE),
    ("reformlib/render/run/plan.py", "a name such as tra-vinh", 1, EXAMPLE),
    ("reformlib/render/run/plan.py", 'editions: ["2020"], here or under defaults', 1, EXAMPLE),
    ("reformlib/render/run/plan.py", "a name such as 2020", 1, EXAMPLE),
    ("reformlib/render/run/plan.py", "such as 'tra-vinh*'", 1, EXAMPLE),
    ("reformlib/render/run/staleness.py", "reports/a/2020 and reports/b/2020", 1, COMMENT),
    ("notebooks/00_brief.ipynb", 'report: str = "tra-vinh-2020"', 1, DEFAULT),
    ("notebooks/01_assessment.ipynb", 'report: str = "tra-vinh-2020"', 1, DEFAULT),
    ("notebooks/02_gap_analysis.ipynb", 'report: str = "tra-vinh-2020"', 1, DEFAULT),
    ("notebooks/03_projections.ipynb", 'report: str = "tra-vinh-2020"', 1, DEFAULT),
    ("notebooks/explore/1_first_look.ipynb", 'report: str = "tra-vinh-2020"', 1, DEFAULT),
    ("notebooks/explore/2_one_number.ipynb", 'report: str = "tra-vinh-2020"', 1, DEFAULT),
    ("notebooks/explore/2_one_number.ipynb", "`Phụ lục 7, dòng 5, Năm 2019`", 1, EXAMPLE),
    ("notebooks/explore/2_one_number.ipynb", "`Annex 7, row 5, 2019`", 1, EXAMPLE),
    ("notebooks/explore/3_what_if.ipynb", 'report: str = "tra-vinh-2020"', 1, DEFAULT),
    ("notebooks/explore/4_own_chart.ipynb", 'report: str = "tra-vinh-2020"', 1, DEFAULT),
    ("notebooks/explore/5_own_form.ipynb", 'report: str = "tra-vinh-2020"', 1, DEFAULT),
]


def without_docstrings(source: str) -> str:
    """Python code without docstrings, its lines where they were."""
    lines = source.splitlines()
    for node in ast.walk(ast.parse(source)):
        documented = isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        if documented and ast.get_docstring(node) is not None:
            text = node.body[0]
            lines[text.lineno - 1 : text.end_lineno] = [""] * (text.end_lineno - text.lineno + 1)
    return "\n".join(lines)


def lines_of(path: Path) -> list[str]:
    """What a reader of the code, of a notebook or of a layout of Word files sees of a file, line by line."""
    if path.suffix == ".docx":
        return [paragraph.text for paragraph in docx.Document(str(path)).paragraphs]
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".ipynb":
        return [line for cell in json.loads(text)["cells"] for line in "".join(cell["source"]).splitlines()]
    return (without_docstrings(text) if path.suffix in (".py", ".pyi") else text).splitlines()


def facts(root: Path) -> Iterator[tuple[str, str]]:
    """Lines of code, of what ships with it and of the notebooks that tell a fact, each with its file."""
    for folder in ("reformlib", "notebooks"):
        for path in sorted((root / folder).rglob("*")):
            name = path.relative_to(root).as_posix()
            shown = not any(part.startswith((".", "_")) for part in path.relative_to(root).parent.parts)
            if path.is_file() and shown:
                yield from ((name, line) for line in lines_of(path) if FACTS.search(line))


def allowed(name: str, line: str) -> tuple[str, str] | None:
    return next(((file, words) for file, words, *_ in ALLOWED if file == name and words in line), None)


def test_code_and_notebooks_tell_no_fact_of_one_report_place_or_form():
    found = [(name, line.strip()[:150]) for name, line in facts(REPO) if not allowed(name, line)]
    assert found == [], "data belongs under data/; an example goes into ALLOWED, with its reason"


def test_what_is_allowed_is_there_as_often_as_it_is_allowed():
    found = Counter(allowed(name, line) for name, line in facts(REPO))
    listed = {(file, words): times for file, words, times, _why in ALLOWED}
    assert {key: times for key, times in found.items() if key} == listed


@pytest.mark.parametrize(
    "line",
    [
        'TITLE = "Cải cách hành chính 2011–2020"',
        "horizon: int = 2030",
        'page._("Annex 7")',
        "# «Mức độ 3» is online\n",
        'x = f"tra-vinh{year}"',
        'def f():\n    """Trà Vinh."""\n    return "Trà Vinh"',
    ],
)
def test_a_fact_is_found_wherever_it_stands_in_code(tmp_path, line):
    (tmp_path / "reformlib").mkdir()
    (tmp_path / "reformlib" / "module.py").write_text(f'"""Of 2020."""\n{line}\n', encoding="utf-8")
    assert len(list(facts(tmp_path))) == 1


def test_a_fact_is_found_in_prose_of_a_notebook(tmp_path):
    cells = [{"cell_type": "markdown", "source": ["## Targets\n", "of 2021–2030"]}, {"source": ["rl.pages"]}]
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "notebooks" / "05.ipynb").write_text(json.dumps({"cells": cells}), encoding="utf-8")
    assert list(facts(tmp_path)) == [("notebooks/05.ipynb", "of 2021–2030")]
