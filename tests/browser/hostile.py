"""A copy of the reference report and the catalogue whose every free text carries something that would run or break."""

from __future__ import annotations

import csv
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import yaml

from reformlib.load import contracts

# what would be seen if anything of it ran
MARK = "document.documentElement.dataset.ran='yes'"
PAYLOADS = [
    f"<script>{MARK}</script>",
    f'<img src=x onerror="{MARK}">',
    f'<svg onload="{MARK}"></svg>',
    f'<a id=bait href="javascript:{MARK}">bait</a>',
    f"[bait](javascript:{MARK})",
    f"</title><script>{MARK}</script>",
    f"\"><script>{MARK}</script><b title='",
    f'" onmouseover="{MARK}" x="',
    f'<details open ontoggle="{MARK}">x</details>',
    f'<math><mtext><table><mglyph><style><img src=x onerror="{MARK}"></style></mglyph></table></mtext></math>',
    "<iframe src=https://example.org></iframe>",
    "<style>@import 'https://example.org/x.css'; body{background:url(https://example.org/y)}</style>",
    "<meta http-equiv=refresh content='0;url=https://example.org'>",
    "```mermaid graph LR; A-->B```",
    "{0} {name} %s %(x)s $\\frac{x$ &lt;b&gt; &#60;",
]
CARRIED = re.compile("¦([0-9]+)¦(.*?)¦", re.DOTALL)
# texts that name a row of another file or a figure, though no pattern says so
KEYS = {"unit", "instrument", "raw", "target_raw", "target_unit", "instrument_date", "date", "deadline"}
WORDS = {"mapping_quality", "evidence_grade"}  # words that the library translates


def hostile_project(repo: Path, folder: Path) -> Path:
    """A project in `folder`: the notebooks, and the data of the repository with every free text made hostile."""
    shutil.copytree(repo / "notebooks", folder / "notebooks")
    shutil.copytree(repo / "data", folder / "data")
    payloads = _payloads()
    form = contracts.FORM | contracts.FORM_MAY
    places = {"": contracts.SHARED, "targets": contracts.TARGETS, "forms/phu-luc-7": form}
    for place, files in (places | {"reports/tra-vinh-2020": contracts.REPORT}).items():
        for name, columns in files.items():
            free = {c for c, column in columns.items() if c not in KEYS | WORDS and _is_free(column)}
            _spoil_table(folder / "data" / place / name, free, payloads)
    report = folder / "data" / "reports" / "tra-vinh-2020"
    _label_as_the_form(report / "annex.csv", folder / "data/forms/phu-luc-7/indicators.csv")
    for name in ("report.yml", "assumptions.yml", "checks.yml"):
        path = report / name
        content = _spoil_tree(yaml.safe_load(path.read_text(encoding="utf-8")), payloads)
        path.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), encoding="utf-8")
    # the report was made by the form as it is now
    subprocess.run([sys.executable, "-m", "reformlib", "describe", str(report)], cwd=folder, check=True)
    return folder


def damage(text: str) -> list[str]:
    """Payloads in a text that are not there letter for letter."""
    return [found for number, found in CARRIED.findall(text) if found != PAYLOADS[int(number)]]


def _payloads() -> Iterator[str]:
    return (f" ¦{n % len(PAYLOADS)}¦{PAYLOADS[n % len(PAYLOADS)]}¦" for n in count())


def _is_free(column) -> bool:
    return column["type"] == "string" and not column["constraints"].keys() - {"required"}


def _spoil_table(path: Path, columns: set[str], payloads: Iterator[str]) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        row.update({name: row[name] + next(payloads) for name in columns & row.keys() if row[name]})
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def _label_as_the_form(annex: Path, form: Path) -> None:
    """Print the labels of the form, as hostile as they are, since another label is refused."""
    with form.open(encoding="utf-8", newline="") as file:
        labels = {row["form_row"]: row["name_vi"] for row in csv.DictReader(file)}
    with annex.open(encoding="utf-8", newline="") as file:
        head, *rows = csv.reader(file)
    with annex.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([head, *([row[0], labels[row[0]], *row[2:]] for row in rows)])


def _spoil_tree(content, payloads: Iterator[str]):
    if isinstance(content, list):
        return [_spoil_tree(item, payloads) for item in content]
    if not isinstance(content, dict):
        return content
    return {
        key: value + next(payloads)
        if isinstance(value, str) and (key.endswith(("_vi", "_en")) or key in ("edition", "number", "by"))
        else _spoil_tree(value, payloads)
        for key, value in content.items()
    }
