"""A report folder from what was read: written beside its place, loaded once to see that it holds, then moved there."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from reformlib import locale
from reformlib.errors import ReformError
from reformlib.files import place_folder
from reformlib.ingest.wording import one_line, visible
from reformlib.load import blank, datapackage
from reformlib.load.identity import full_name, stated
from reformlib.load.labels import unaccented
from reformlib.load.meta import OPEN_EN, OPEN_VI
from reformlib.load.period import parse_period
from reformlib.load.report import load_report
from reformlib.paths import data_folder, refuse_packaged

if TYPE_CHECKING:
    from reformlib.load.catalogue import Catalogue

# what is asked for where neither the file nor the caller says it
_ASKED = {
    "unit_en": OPEN_EN.format("name of the unit in English"),
    "place_vi": OPEN_VI.format("tỉnh hoặc địa phương"),
    "place_en": OPEN_EN.format("province or place"),
    "title_vi": OPEN_VI.format("tên báo cáo"),
    "title_en": OPEN_EN.format("title in English"),
}


def report_name(unit: str, edition: str) -> str:
    """Name of a report, made of its unit and edition: letters, digits and hyphens, safe on every system.

    >>> report_name("Sở Nội vụ tỉnh Đồng Tháp", "2024/Q1")
    'so-noi-vu-tinh-dong-thap-2024-q1'

    Raises ReformError where no letter or digit is left of either.
    """
    last = slug(edition)[:20].strip("-")
    return f"{slug(unit)[: blank.LONGEST_NAME - len(last) - 1].strip('-')}-{last}"


def slug(text: str) -> str:
    """Words as a part of a name: lower case without accents, letters, digits and hyphens only.

    >>> slug("Sở Nội vụ tỉnh Đồng Tháp"), slug("../../Q1")
    ('so-noi-vu-tinh-dong-thap', 'q1')

    Raises ReformError where no letter or digit is left.
    """
    name = re.sub(r"[^a-z0-9]+", "-", unaccented(text.lower())).strip("-")
    if not name:
        raise ReformError(f"no name can be made of {text!r}", expected="words with letters or digits")
    return name


def default_folder(unit: str, edition: str) -> Path:
    """Where a report is written when nothing is named: among the reports of the project.

    Raises ReformError where there is no project but what came with the package.
    """
    return refuse_packaged(data_folder() / "reports" / report_name(unit, edition))


def metadata(
    target: Path | None,
    unit: str,
    edition: str,
    given: dict[str, str],
    facts: dict[str, str],
    headings: list[str],
    years: tuple[int, int],
) -> dict:
    """Texts of report.yml: what was given, else what the file states, else a text that asks to be replaced.

    The date of the figures is that of the `headings`; `years` are the first and the last that the report covers. The
    report is called as its folder `target`, where that can be a report's name, else by its unit and edition. Raises
    ReformError for a unit or edition that makes no name, and for a date that is none.
    """
    unit, edition = (one_line(visible(text)) for text in (unit, edition))
    last = max(parse_period(heading).end for heading in headings)
    covered = {"period_start": str(years[0]), "period_end": str(years[1])}
    given = facts | covered | {key: visible(value) for key, value in given.items() if value}
    fields = _ASKED | {"id": report_name(unit, edition), "edition": edition, "unit_vi": unit} | given
    if target is not None and blank.is_name(target.name):
        fields["id"] = target.name
    fields.setdefault("data_date", last.isoformat())
    fields.setdefault("source_vi", f"Báo cáo của {unit}, {edition}")
    fields.setdefault("source_en", f"Report of {fields['unit_en']}, {locale.edition(edition, 'en')}")
    try:
        date.fromisoformat(fields["data_date"])
    except ValueError:
        raise ReformError(f"not a date: {fields['data_date']}", expected="--data-date such as 2020-03-31") from None
    return fields


def files(fields: dict, annex: pd.DataFrame, assumptions: list[dict], paragraphs: list[str]) -> dict[str, str]:
    """Every file of the folder by its name; the paragraphs of the text are kept for whoever codes them."""
    content = blank.contents(fields["id"], annex, fields, assumptions)
    if paragraphs:
        content["narrative.txt"] = "\n\n".join(map(visible, paragraphs)) + "\n"
    return content


def write(
    target: Path, content: dict[str, str], *, replace: bool, catalogues: dict[Path, Catalogue] | None = None
) -> None:
    """Write a report folder in one step: beside its place first, loaded there, then moved.

    `content` gives every file's text by its name. An existing folder is left as it is unless `replace`, and is only
    ever replaced where it is a report. Raises ReformError, and then nothing changed.
    """

    def complete(draft: Path) -> None:
        datapackage.write(draft, catalogues)
        load_report(draft, catalogues)

    refuse_existing(target, replace=replace)
    place_folder(target, content, complete, replace=replace)


def refuse_existing(target: Path, *, replace: bool) -> None:
    """Raise ReformError where the target lies there already and may not be replaced, or can be no folder."""
    another = "name another with --output"
    try:
        target.lstat()
        empty = target.is_dir() and not any(target.iterdir())
    except (FileNotFoundError, NotADirectoryError):
        return
    except (OSError, ValueError) as error:
        what = f"cannot write the report: {getattr(error, 'strerror', '') or error}"
        raise ReformError(what, where=str(target)[:200], fix="choose another name") from None
    if target.is_symlink() or not target.is_dir():
        raise ReformError("the output is not a folder", where=str(target), fix=another)
    if empty:
        return
    if not (target / "report.yml").is_file():
        raise ReformError("the output folder holds something else than a report", where=str(target), fix=another)
    if not replace:
        _, unit, place, edition = next(stated([target]))
        fix = "add --replace, or name another folder with --output"
        where = f"{target}: {full_name(unit, place)}, {edition}"
        raise ReformError("there is a report already", where=where, fix=fix)
