"""Report folders of one unit, a year or a quarter each, as one: `reformlib join`.

Figures are joined by :mod:`reformlib.ingest.join`. The texts stand side by side: the latest report's under their own
codes, those of the others under codes that end in their edition, so that every quote tells which report it is of.
"""

import json
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from reformlib.errors import ReformError
from reformlib.ingest import folder
from reformlib.ingest.answers import read_mapping
from reformlib.ingest.join import Joined, Part, join
from reformlib.ingest.logged import address
from reformlib.ingest.run import questions
from reformlib.load import blank, contracts
from reformlib.load.form import carried
from reformlib.load.identity import full_name, refuse_twins, whose
from reformlib.load.meta import stated
from reformlib.load.period import periods_of
from reformlib.load.report import Report, load_report
from reformlib.load.strict_yaml import YamlFile

_CODED = ("fact", "section", "result", "limitation", "task", "document")  # what an entry of checks.yml may name
_SHARED = ("domain", "date")  # columns of which all reports have the same codes


def join_reports(
    folders: Sequence[Path],
    target: Path | None,
    *,
    edition: str = "",
    mapping: Path | None = None,
    accept: bool = False,
    replace: bool = False,
) -> Path:
    """Make one report folder of several; the folder that was written.

    `target` is the folder to write, None that of the whole among the project's reports; `edition` is that of the whole,
    "" for the first and the last joined by a hyphen. Raises ReformError for fewer than two reports; where they are of
    several units, by several forms, written in several ways, or only some of them made up; and for cells of which they
    say different things that neither `mapping` nor `accept` settles; then nothing is written.
    """
    if len(set(folders)) < 2:
        raise ReformError("one report has nothing to be joined with", expected="two reports or more of one unit")
    reports = sorted(map(load_report, folders), key=lambda one: one.meta.data_date)
    _refuse_others(reports)
    last = reports[-1]
    parts = [Part(one.annex, one.assumptions, _places(one)) for one in reports]
    joined = join(parts, last.catalogue, read_mapping(mapping)["cell"], last.meta.locale)
    if (doubts := [doubt for doubt in joined.doubts if not doubt.settled]) and not accept:
        raise questions(doubts, "; ".join(one.folder.name for one in reports))
    fields = stated(last.folder) | _fields(reports, edition)
    target = target or folder.default_folder(last.meta.unit_vi, fields["edition"])
    fields["id"] = (
        target.name if blank.is_name(target.name) else folder.report_name(last.meta.unit_vi, fields["edition"])
    )
    content = _files(reports, joined, fields) | carried(last.catalogue.folder)
    folder.write(target, content, replace=replace)
    return target


def _refuse_others(reports: list[Report]) -> None:
    """Raise ReformError for reports that cannot be one."""
    refuse_twins((one.folder, one.meta.unit_vi, one.meta.place_vi, one.meta.edition) for one in reports)
    for what, of in {
        "of several units": lambda one: whose(one.meta.unit_vi, one.meta.place_vi),
        "by several forms": lambda one: one.catalogue.sha256,
        "written in several ways": lambda one: one.meta.locale,
        "real and made up": lambda one: one.meta.made_up,
    }.items():
        if len(set(map(of, reports))) > 1:
            named = "; ".join(f"{one.meta.id} ({_about(one)})" for one in reports)
            raise ReformError(f"the reports are {what}", where=named, fix="join those that are alike")


def _files(reports: list[Report], joined: Joined, fields: dict[str, Any]) -> dict[str, str]:
    """The files of the whole by name; `fields` are those of its report.yml."""
    texts = {name: str(value) for name, value in fields.items() if value is not None}
    content = blank.contents(fields["id"], joined.annex, texts, joined.log)
    content["report.yml"] += "".join(
        f"{name}: {json.dumps(value, ensure_ascii=False, default=str)}\n"
        for name, value in fields.items()
        if name not in blank.FIELDS
    )
    tags = {one.folder: folder.slug(one.meta.edition).replace("-", "_") for one in reports[:-1]}
    tables = [_tagged(one, tags.get(one.folder, "")) for one in reversed(reports)]
    for name in contracts.REPORT:
        frame = pd.concat([of[name] for of in tables], ignore_index=True)
        frame = frame.drop_duplicates("domain") if name == "domains.csv" else frame
        content[name] = frame.to_csv(index=False, lineterminator="\n")
    content["checks.yml"] = _checks(reports, tags, joined)
    kept = [(one.meta.edition, one.folder / "narrative.txt") for one in reports]
    said = [f"[{name}]\n\n{path.read_text(encoding='utf-8')}" for name, path in kept if path.is_file()]
    return content | ({"narrative.txt": "\n".join(said)} if said else {})


def _about(report: Report) -> str:
    meta = report.meta
    return f"{full_name(meta.unit_vi, meta.place_vi)}, {meta.form}, {meta.locale}"


def _places(report: Report) -> dict[str, str]:
    """Where a row of the form stands, by its number."""
    return {row: f"{report.folder.name}, row {row}" for row in report.annex["form_row"]}


def _fields(reports: list[Report], edition: str) -> dict[str, Any]:
    """Fields of report.yml that are not those of the latest report."""
    first, last = reports[0].meta, reports[-1].meta
    return {
        "edition": edition or f"{first.edition}-{last.edition}",
        "period_start": min(one.meta.period_start for one in reports),
        "period_end": max(one.meta.period_end for one in reports),
        "source_vi": "; ".join(dict.fromkeys(one.meta.source_vi for one in reports)),
        "source_en": "; ".join(dict.fromkeys(one.meta.source_en for one in reports)),
    }


def _tagged(report: Report, tag: str) -> dict[str, pd.DataFrame]:
    """The tables of a report's text by file; with a `tag` every code of its own ends in it, and figures have a date."""
    tables, own = {}, _own_codes(report)
    for name, columns in contracts.REPORT.items():
        frame = getattr(report, name.removesuffix(".csv"))[list(columns)].astype(str)
        for column, field in columns.items() if tag else ():
            if "pattern" in field["constraints"] and column not in _SHARED:
                frame[column] = [_ended(cell, tag, own) for cell in frame[column]]
        if tag and name == "facts.csv":
            frame["date"] = frame["date"].where(frame["date"] != "", report.meta.data_date.isoformat())
        tables[name] = frame
    return tables


def _own_codes(report: Report) -> set[str]:
    """The codes that only the report has: those by which the rows of its tables are known."""
    return {
        code
        for name, columns in contracts.REPORT.items()
        for column, field in columns.items()
        if "unique" in field["constraints"] and column not in _SHARED
        for code in getattr(report, name.removesuffix(".csv"))[column]
    }


def _ended(cell: str, tag: str, own: Collection[str]) -> str:
    """The codes of a cell, those that are a report's `own` with a tag behind them.

    >>> _ended("I.1;annex", "2019", {"I.1"}), _ended("", "2019", {"I.1"})
    ('I.1.2019;annex', '')
    """
    return ";".join(f"{code}.{tag}" if code in own else code for code in cell.split(";"))


def _checks(reports: list[Report], tags: dict[Path, str], joined: Joined) -> str:
    """checks.yml of the whole: the latest report's as it stands, then the entries of the others."""
    files = [(one, YamlFile(path)) for one in reports[::-1] if (path := one.folder / "checks.yml").is_file()]
    said = [entry.get("about") for one, file in files if one.folder not in tags for entry in file.content or []]
    lines = [file.path.read_text(encoding="utf-8") for one, file in files if one.folder not in tags]
    for one, file in files:
        tag = tags.get(one.folder, "")
        for entry in file.content or [] if tag else []:
            if "id" in entry:
                name = f"{entry['id']}-{tag.replace('_', '-')}"
                entry = _renamed(entry, tag, _moved(one, joined), _own_codes(one)) | {"id": name}
            elif entry["about"] in said:
                continue
            said.append(entry.get("about"))
            lines.append(f"- {json.dumps(entry, ensure_ascii=False, default=str)}\n")
    return "".join(lines)


def _renamed(part: Any, tag: str, moved: dict[str, int | str], own: set[str]) -> Any:
    """A part of an entry with the codes of its report's text tagged, and periods as the whole has them."""
    if isinstance(part, dict):
        of = {name: _renamed(value, tag, moved, own) for name, value in part.items()}
        return of | {name: _ended(of[name], tag, own) for name in _CODED if isinstance(of.get(name), str)}
    if isinstance(part, list) and len(part) == 3 and str(part[2]) in moved:
        return [*part[:2], moved[str(part[2])]]
    return [_renamed(one, tag, moved, own) for one in part] if isinstance(part, list) else part


def _moved(report: Report, joined: Joined) -> dict[str, int | str]:
    """How the whole names each period of a report, by its code there."""
    whole, own = (periods_of(one.columns[2:]).values() for one in (joined.annex, report.annex))
    codes = {(one.start, one.end, one.kind): one.code for one in whole}
    return {one.code: next(iter(address(codes[one.start, one.end, one.kind]).values())) for one in own}
