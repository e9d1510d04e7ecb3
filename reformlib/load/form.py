"""The form that a report names: found, held against what it was when the report was made, its texts taken over."""

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pandas as pd

from reformlib.errors import ReformError, counted, refuse
from reformlib.load.catalogue import Catalogue, load_catalogue
from reformlib.load.cells import clean
from reformlib.load.identity import whose
from reformlib.load.labels import category, fits
from reformlib.load.meta import ReportMeta
from reformlib.load.rows import records
from reformlib.paths import data_folder, find_form

OWN = "form"  # folder of a report that holds a form of its own
# what units.csv says of a body, for report.yml
ABOUT_UNIT = ("exists_from", "exists_until", "successor_vi", "successor_en")


def of_report(folder: Path, meta: ReportMeta, catalogues: dict[Path, Catalogue] | None = None) -> Catalogue:
    """The form that a report names: the one in its own folder `form/`, else that of `data/forms/`.

    `catalogues` are those read before, by folder; a new one is added. Raises ReformError for a form that there is not,
    and where the report names another than its own folder holds.
    """
    own = folder / OWN
    place = own if (own / "form.yml").is_file() else find_form(meta.form, f"{folder / 'report.yml'}, field form")
    catalogues = {} if catalogues is None else catalogues
    if place not in catalogues:
        catalogues[place] = load_catalogue(place)
    catalogue = catalogues[place]
    if catalogue.form.id != meta.form:
        what = f"report.yml names the form {meta.form}, its folder {place.name} holds {catalogue.form.id}"
        raise ReformError(what, where=str(place / "form.yml"), fix="correct `form` in report.yml, or `id` in form.yml")
    return catalogue


def carried(form: Path) -> dict[str, str]:
    """Files that a report of a form keeps in its own folder, by name: none for a form of `data/forms/`."""
    if form.parent == (data_folder() / "forms").resolve():
        return {}
    files = sorted(path for path in form.iterdir() if path.suffix in (".yml", ".csv", ".json"))
    return {f"{OWN}/{path.name}": path.read_text("utf-8-sig") for path in files}


def check_unchanged(folder: Path, meta: ReportMeta, catalogue: Catalogue, annex: pd.DataFrame) -> None:
    """Whether the rows that a report was made by are still those of its form.

    Rows that the form has gained since change nothing for the report. Raises ReformError naming the rows that differ,
    where the report's datapackage.json has a digest of each.
    """
    if not meta.form_sha256 or meta.form_sha256 == catalogue.sha256:
        return
    then, now = _digests_then(folder, meta.form_sha256), catalogue.row_digests
    differing = [row for row in annex["form_row"] if row not in then or then[row] != now.get(row)]
    if not differing:
        return
    now_named = {row: catalogue.row_name(row, "vi") for row in catalogue.rows}
    rows = "; ".join(f"row {row} (now: {now_named.get(row, 'none')})" for row in differing)
    raise ReformError(
        f"the form {meta.form} has changed since the report was made: "
        f"{rows if then else 'which rows differ, datapackage.json does not tell'}",
        where=f"{catalogue.folder / 'indicators.csv'}; {folder / 'report.yml'}, field form_sha256",
        expected=f"the form of which form_sha256 is {meta.form_sha256}",
        fix="give the rows back their texts; or see that the figures fit them as they are now, then run "
        f"`reformlib describe {folder}`",
    )


def check_labels(path: Path, annex: pd.DataFrame, catalogue: Catalogue, assumptions: list[dict]) -> None:
    """Hold the printed labels of annex.csv, the file `path`, against the rows of the form that they are numbered as.

    Another label stands only where an entry of `assumptions` says so. Raises ReformError with both texts of every row
    that does not fit.
    """
    accepted = {(cell["indicator"], clean(entry["label"])) for entry in assumptions for cell in entry["cells"]}
    wrong = [
        f"{path.name}, row {place} (form row {row['form_row']}): the label is «{row['label']}», "
        f"the form {catalogue.form.id} has «{catalogue.row_name(row['form_row'], 'vi')}»"
        for place, row in enumerate(records(annex), start=2)
        for about in [catalogue.rows.get(row["form_row"])]
        if about and row["label"] and not _named(row["label"], about, catalogue)
        if (about.indicator, clean(row["label"])) not in accepted
    ]
    refuse(
        wrong,
        f"{counted(len(wrong), 'label')} of the form that do not fit the row",
        where=str(path),
        expected="the label of the row, but for spelling and usual short forms",
        fix="correct form_row, or the form that report.yml names; where the label means the same, add it to "
        "`words` in indicators.csv, or to assumptions.yml an entry with `label` and the cells of the row",
    )


def _named(label: str, about: Any, catalogue: Catalogue) -> bool:
    """Whether a printed label is that of a row: of the indicator, or of the category that has the row to itself."""
    names, own = catalogue.labels[about.indicator], catalogue.row_words.get(about.indicator, {})
    return category(label, names, own)[0] == about.levels if about.levels in own else fits(label, names)


def _digests_then(folder: Path, sha256: str) -> dict[str, str]:
    """The digests of the form's rows when the report was described; none where that was another form."""
    try:
        form = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))["form"]
        return dict(form["rows"]) if form["sha256"] == sha256 else {}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def completed(meta: ReportMeta, catalogue: Catalogue) -> ReportMeta:
    """report.yml with what it leaves to others: the form's name, and what units.csv says of the body or of its place.

    What the report says itself wins over what is said of the body, that over what is said of its place. A body that
    went on under its name (:func:`_renewed`) begins on the day after: An Giang with figures to 2025 on 1 July 2025.
    """
    texts = {"annex_vi": catalogue.form.name_vi, "annex_en": catalogue.form.name_en}
    for name in ("", meta.unit_vi):
        body = catalogue.bodies.get(whose(name, meta.place_vi), {})
        if _renewed(body, meta.data_date):
            texts["exists_from"] = str(date.fromisoformat(body["exists_until"]) + timedelta(days=1))
            continue
        texts |= {field: body[field] for field in ABOUT_UNIT if body.get(field)}
    stated = {name: value for name, value in meta.model_dump().items() if value not in ("", None)}
    return ReportMeta.model_validate(texts | stated)


def _renewed(body: dict[str, str], day: date) -> bool:
    """Whether a body that has ended by a day goes on under its name, as a province that others were merged into: what
    took over is then what reports."""
    until = body.get("exists_until", "")
    return bool(until) and until < str(day) and body["name_vi"] in body["successor_vi"]
