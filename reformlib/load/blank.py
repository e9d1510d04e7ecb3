"""A new report folder: every file there, commented, the form with its rows and years; the figures to be filled in.

What stands in every such folder is in `templates/`.
"""

import json
import os
import re
import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import Path
from string import Template

import pandas as pd

from reformlib.errors import ReformError
from reformlib.files import place_folder
from reformlib.load import contracts
from reformlib.load.catalogue import Catalogue
from reformlib.load.cells import clean
from reformlib.load.meta import ReportMeta, read_meta
from reformlib.load.period import parse_period
from reformlib.load.spreadsheet_safe import neutral

RESERVED = {"con", "prn", "aux", "nul", *(f"{name}{n}" for name in ("com", "lpt") for n in range(1, 10))}
LONGEST_NAME = 60

_TEMPLATES = Path(__file__).with_name("templates")
# Fields of report.yml in their order, with what a person who fills them in must know, in both languages.
FIELDS = dict(re.findall(r"^(\w+): \$\w+ # (.*)$", (_TEMPLATES / "report.yml").read_text("utf-8"), re.MULTILINE))
_NO_TEXTS = ("level", "period_start", "period_end", "data_date", "locale")
# kinds of body by the words that a unit's name begins with; any other is one of a province
_KINDS = {
    "ministry": "(?:bộ(?! chỉ huy| phận)|ngân hàng nhà nước|thanh tra chính phủ|văn phòng chính phủ)",
    "district": "(?:(?:ubnd|ủy ban nhân dân|uỷ ban nhân dân) )?(?:huyện|quận|thị xã)",
    "commune": "(?:(?:ubnd|ủy ban nhân dân|uỷ ban nhân dân) )?(?:xã|phường|thị trấn|đặc khu)",
}


def is_name(name: str) -> bool:
    """Whether a text can be the name of a folder on every system and the id of a report.

    >>> is_name("so-noi-vu-2025"), is_name("Sở Nội vụ")
    (True, False)
    """
    pattern = next(item.pattern for item in ReportMeta.model_fields["id"].metadata if hasattr(item, "pattern"))
    fits = re.fullmatch(pattern.strip("^$"), name) and len(name) <= LONGEST_NAME
    return bool(fits) and name.split(".")[0] not in RESERVED


def check_name(name: str) -> str:
    """The name, or ReformError where it cannot be a folder on every system and an id of a report.

    >>> check_name("so-noi-vu-2025")
    'so-noi-vu-2025'
    """
    if not is_name(name):
        what, fix = f"{name!r} cannot be the name of a report", "choose a name such as so-noi-vu-2025"
        expected = (
            f"lower case letters a-z, digits, and - _ . between them, at most {LONGEST_NAME}; no name that "
            "Windows keeps for itself (con, nul, …)"
        )
        raise ReformError(what, expected=expected, fix=fix)
    return name


def kind_of_body(unit: str) -> str:
    """The kind of body that a unit is, by the first words of its Vietnamese name; `level` in report.yml.

    >>> [kind_of_body(name) for name in ("Bộ Tư pháp", "Sở Nội vụ", "UBND huyện A", "Ủy ban nhân dân xã B")]
    ['ministry', 'province', 'district', 'commune']
    """
    name = clean(unit).lower()
    return next((kind for kind, words in _KINDS.items() if re.match(rf"{words}\b", name)), "province")


def headings(years: str, until: str = "") -> list[str]:
    """Headings of the form from years as a person writes them: `2021-2025`, `2019,2021`; `until` such as `31/3`.

    >>> headings("2018-2020", "31/3")
    ['Năm 2018', 'Năm 2019', 'Năm 2020 (Tính đến 31/3)']

    Raises ReformError for what is no year, years out of order or more than forty, and a day that does not exist.
    """
    numbers = []
    for part in years.split(","):
        ends = re.fullmatch(r"\s*([12][0-9]{3})(?:\s*[-–]\s*([12][0-9]{3}))?\s*", part)
        if not ends:
            raise ReformError(f"cannot read the years {years!r}", expected="2021-2025, or 2019,2021,2023")
        numbers += range(int(ends[1]), int(ends[2] or ends[1]) + 1)
    if not 0 < len(numbers) <= 40 or numbers != sorted(set(numbers)):
        raise ReformError(f"cannot use the years {years!r}", expected="one to forty years, each once, oldest first")
    heads = [f"Năm {year}" for year in numbers]
    if until:
        heads[-1] += f" (Tính đến {until})"
        parse_period(heads[-1])
    return heads


def empty_form(catalogue: Catalogue, heads: Sequence[str]) -> pd.DataFrame:
    """The form as annex.csv holds it, every cell empty."""
    labels = {row: catalogue.row_name(row, "vi") for row in catalogue.rows}
    return pd.DataFrame(labels.items(), columns=["form_row", "label"]).assign(**dict.fromkeys(heads, ""))


def contents(name: str, annex: pd.DataFrame, fields: Mapping[str, str], log: Sequence[dict] = ()) -> dict[str, str]:
    """Every file of a report folder by its name; the arguments are those of :func:`new_folder`."""
    check_name(name)
    for text in fields.values():
        # Cs: half of a character, as a terminal of another encoding hands it on
        if any(unicodedata.category(character) in ("Cc", "Cs") for character in text):
            raise ReformError(f"a character that is no text in {text!r}", expected="one line of plain text in UTF-8")
    periods = [parse_period(head) for head in annex.columns[2:]]
    if not periods:
        raise ReformError("the form has no period", expected="a column such as `Năm 2019`")
    years = [period.year for period in periods]
    from_form = {"period_start": str(min(years)), "period_end": str(max(years)), "locale": "vi"}
    from_form["data_date"] = max(period.end for period in periods).isoformat()
    from_form["level"] = kind_of_body(fields.get("unit_vi", ""))
    given = {name: text for name, text in fields.items() if text and name in FIELDS}
    values = dict.fromkeys(FIELDS, "") | from_form | given | {"id": name}
    # a JSON string is a YAML string
    values |= {name: _json(text) for name, text in values.items() if name not in _NO_TEXTS}
    files = {path.name: path.read_text("utf-8") for path in sorted(_TEMPLATES.iterdir())}
    files["report.yml"] = Template(files["report.yml"]).substitute(values)
    files["assumptions.yml"] += "".join(f"- {_json(entry)}\n" for entry in log)
    files["README.md"] += _columns()
    files["annex.csv"] = annex.map(neutral).to_csv(index=False, lineterminator="\n")
    return files | {table: ",".join(columns) + "\n" for table, columns in contracts.REPORT.items()}


def new_folder(
    folder: Path,
    annex: pd.DataFrame,
    fields: Mapping[str, str],
    log: Sequence[dict] = (),
    carried: Mapping[str, str] | None = None,
) -> Path:
    """Write a new report folder around a form (`form_row`, `label`, a text column a period).

    `fields` are texts of report.yml; what is not among them is taken from the form (period, date of the data) or
    left to be filled in. `log` are entries of assumptions.yml, `carried` the texts of other files by name. It is made
    whole or not at all; a folder that is there is never touched. Raises ReformError for a name or a text that cannot be
    used, a folder that exists or cannot be written, and a heading that is no period.
    """
    files = {**contents(folder.name, annex, fields, log), **(carried or {})}
    if os.path.lexists(folder):
        raise ReformError("this folder is there already", where=str(folder), fix="choose another name")
    place_folder(folder, files, _check_meta)
    return folder


def _check_meta(folder: Path) -> None:
    try:
        read_meta(folder / "report.yml", draft=True)
    except ReformError as error:
        raise ReformError(error.what, fix="correct the text named") from None


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _columns() -> str:
    """What each table and column of a report folder is for: a CSV file cannot hold comments."""
    parts = []
    for table, columns in contracts.REPORT.items():
        parts += [f"\n## {table}\n", "| column | what it holds |", "|---|---|"]
        parts += [f"| `{name}` | {column['description']} |" for name, column in columns.items()]
    return "\n".join(parts) + "\n"
