"""A report folder from what was read: written beside its place, loaded once to see that it holds, then moved there."""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import re
import shutil
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from reformlib.errors import ReformError
from reformlib.ingest.guard import slug
from reformlib.ingest.wording import visible
from reformlib.load import blank, datapackage
from reformlib.load.cells import parse_period
from reformlib.load.meta import OPEN_EN, OPEN_VI
from reformlib.load.report import load_report
from reformlib.paths import PACKAGE, project_root

if TYPE_CHECKING:
    from reformlib.load.report import Catalogue

LONGEST = 3600  # seconds that writing a report can take
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


def default_folder(unit: str, edition: str) -> Path:
    """Where a report is written when nothing is said: among the reports of the checkout, else the current folder."""
    root = project_root()
    reports = root / "data" / "reports" if root != PACKAGE / "_project" else Path.cwd()
    return reports / report_name(unit, edition)


def metadata(unit: str, edition: str, given: dict[str, str], stated: dict[str, str], headings: list[str]) -> dict:
    """Texts of report.yml: what was given, else what the file states, else a text that asks to be replaced.

    The date of the figures and, where no text states it, the period covered are those of the `headings`. Raises
    ReformError for a unit or edition that makes no name, and for a date that is none.
    """
    unit, edition = (re.sub(r"\s+", " ", visible(text)).strip() for text in (unit, edition))
    last = max(parse_period(heading).as_of for heading in headings)
    known = stated | {key: visible(value) for key, value in given.items() if value}
    fields = _ASKED | {"id": report_name(unit, edition), "edition": edition, "unit_vi": unit} | known
    fields.setdefault("data_date", last.isoformat())
    if "annex_vi" in fields:
        fields.setdefault("annex_en", re.sub(r"phụ lục(?: số)?", "Annex", fields["annex_vi"], flags=re.IGNORECASE))
    fields.setdefault("source_vi", f"Báo cáo của {unit}, {edition}")
    fields.setdefault("source_en", f"Report of {fields['unit_en']}, {edition}")
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


def write(target: Path, content: dict[str, str], *, replace: bool, catalogue: Catalogue | None = None) -> None:
    """Write a report folder in one step: beside its place first, loaded there, then moved.

    `content` gives every file's text by its name. An existing folder is left as it is unless `replace`, and is only
    ever replaced where it is a report. Raises ReformError, and then nothing changed.
    """
    refuse_existing(target, replace=replace)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _clear(target.parent)
        # a folder of its own: others may be writing beside it
        stage = Path(tempfile.mkdtemp(prefix=".ingest-", dir=target.parent))
        try:
            fresh = stage / target.name
            fresh.mkdir()
            for name, text in content.items():
                (fresh / name).write_text(text, encoding="utf-8", newline="\n")
            described = json.dumps(datapackage.describe(fresh), ensure_ascii=False, indent=2) + "\n"
            (fresh / "datapackage.json").write_text(described, encoding="utf-8", newline="\n")
            load_report(fresh, catalogue)
            _put(fresh, target, stage / "replaced", replace=replace)
        finally:
            shutil.rmtree(stage, ignore_errors=True)
    except OSError as error:
        raise ReformError(
            f"cannot write the report: {error.strerror or error}",
            where=str(error.filename or target),
            fix="free the folder and the disk, or name another folder with --output",
        ) from None


def _clear(parent: Path) -> None:
    """Remove what killed runs left behind; a run that still writes began less than `LONGEST` ago."""
    for left in parent.glob(".ingest-*"):
        with contextlib.suppress(OSError):  # another run may clear it too
            if time.time() - left.lstat().st_mtime > LONGEST:
                shutil.rmtree(left, ignore_errors=True)


def _put(fresh: Path, target: Path, old: Path, *, replace: bool) -> None:
    """Move a folder into its place; one that lies there changes places with it, in one step where the system can."""
    with contextlib.suppress(OSError):
        target.rmdir()  # an empty one; not every system renames onto a folder
    if not (replace and target.exists()):
        fresh.rename(target)
    elif not _exchanged(fresh, target):
        target.rename(old)
        try:
            fresh.rename(target)
        except OSError:
            old.rename(target)
            raise


def _exchanged(one: Path, other: Path) -> bool:
    """Let two folders change places, so that no moment is without either (Linux; elsewhere False, and nothing done)."""
    try:
        renameat2 = ctypes.CDLL(None).renameat2
    except (AttributeError, OSError, TypeError):
        return False
    here, exchange = -100, 2  # AT_FDCWD, RENAME_EXCHANGE of linux/fs.h
    return renameat2(here, os.fsencode(one), here, os.fsencode(other), exchange) == 0


def refuse_existing(target: Path, *, replace: bool) -> None:
    """Raise ReformError where the target lies there already and may not be replaced, or can be no folder."""
    try:
        target.lstat()
        empty = target.is_dir() and not any(target.iterdir())
    except (FileNotFoundError, NotADirectoryError):
        return
    except (OSError, ValueError) as error:
        said = getattr(error, "strerror", "") or error
        raise ReformError(
            f"cannot write the report: {said}", where=str(target)[:200], fix="choose another name"
        ) from None
    if target.is_symlink() or (target.exists() and not target.is_dir()):
        raise ReformError("the output is not a folder", where=str(target), fix="name another with --output")
    if empty:
        return
    if not (target / "report.yml").is_file():
        raise ReformError(
            "the output folder holds something else than a report", where=str(target), fix="name another with --output"
        )
    if not replace:
        raise ReformError(
            "there is a report already", where=str(target), fix="add --replace, or name another folder with --output"
        )
