"""A new report folder: every file there, commented, the form with its rows and years; the figures to be filled in."""

import json
import os
import re
import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import Path

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

# Fields of report.yml in their order, with what a person who fills them in must know, in both languages.
FIELDS = {
    "id": "name of the report in file names / tên ngắn của báo cáo, dùng làm tên thư mục",
    "edition": "edition / kỳ báo cáo",
    "unit_vi": "unit in Vietnamese / tên đơn vị",
    "unit_en": "unit in English / tên đơn vị bằng tiếng Anh",
    "level": "kind of body: ministry; province, its departments too; district; commune / "
    "loại cơ quan: bộ; tỉnh, kể cả sở; huyện; xã",
    "place_vi": "place, for titles / địa phương, dùng trong tiêu đề",
    "place_en": "place in English / địa phương, viết trong bản tiếng Anh",
    "title_vi": "title of the report as printed / tên báo cáo như bản in",
    "title_en": "title in English / tên báo cáo bằng tiếng Anh",
    "number": "number as printed, may stay empty / số ký hiệu, có thể để trống",
    "issued": "date of the report: 2020, 2020-05 or 2020-05-31 / ngày ký: năm, năm-tháng hoặc năm-tháng-ngày",
    "period_start": "first year that the report covers / năm đầu mà báo cáo đề cập",
    "period_end": "last year that the report covers / năm cuối mà báo cáo đề cập",
    "data_date": "date of the latest figures / ngày của số liệu mới nhất",
    "form": "official form, a folder of data/forms / biểu mẫu, một thư mục của data/forms",
    "form_sha256": "the form as it was when the report was made / mã của biểu mẫu khi lập báo cáo",
    "annex_vi": "what the report calls the form, may stay empty / tên biểu trong báo cáo, có thể để trống",
    "annex_en": "the same in English / tên biểu bằng tiếng Anh",
    "locale": "how figures are written: vi 1.445,5; en 1,445.5 / cách ghi số",
    "source_vi": "source line of tables and charts / dòng ghi nguồn",
    "source_en": "source line in English / dòng ghi nguồn bằng tiếng Anh",
}
# kinds of body by the words that a unit's name begins with; any other is one of a province
_KINDS = {
    "ministry": "(?:bộ(?! chỉ huy| phận)|ngân hàng nhà nước|thanh tra chính phủ|văn phòng chính phủ)",
    "district": "(?:(?:ubnd|ủy ban nhân dân|uỷ ban nhân dân) )?(?:huyện|quận|thị xã)",
    "commune": "(?:(?:ubnd|ủy ban nhân dân|uỷ ban nhân dân) )?(?:xã|phường|thị trấn|đặc khu)",
}
_LOG = """\
# Corrections and assumptions, printed on the pages; nothing is corrected silently. An entry names its cells and the
# text that it expects in them. kind: status (marks a point), correction (replaces a value), assumption.
# Các điều chỉnh và giả định, được in trong tài liệu. Bỏ dấu # ở đầu dòng để dùng mẫu dưới đây:
# - id: five-units
#   kind: status
#   status: D # A normal, B break, D definition differs, E estimated, P provisional, U low reliability
#   cells: [{ indicator: CODE, year: YEAR, expects: "100%" }] # CODE of indicators.csv; the text that the cell holds
#   what_vi: Tỷ lệ năm này chỉ tính tại 5 đơn vị.
#   what_en: The share of this year covers five units only.
#   why_vi: Ghi chú của biểu.
#   why_en: A note of the form.
#   by: tên người ghi / who says so
"""
_CHECKS = """\
# Checks of this report's own figures against each other; general checks need no entry here.
# Các phép kiểm tra riêng của báo cáo này; các phép kiểm tra chung không cần khai báo.
# - id: text-and-form-agree
#   level: sections
#   severity: error
#   rule: same_everywhere
#   values: [{ fact: FACT }, { cell: [CODE, "", YEAR] }] # FACT of facts.csv, CODE of indicators.csv;
#   # YEAR, or "2025-Q1" where a year has several columns / hoặc "2025-Q1" nếu một năm có nhiều cột
#   title_vi: Phần thuyết minh và biểu cùng một số
#   title_en: Text and form have the same figure
#   consequence_vi: Số liệu được xác nhận ở hai nơi.
#   consequence_en: The figure is confirmed in two places.
"""


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
        raise ReformError(
            f"{name!r} cannot be the name of a report",
            expected=f"lower case letters a-z, digits, and - _ . between them, at most {LONGEST_NAME}; no name that "
            "Windows keeps for itself (con, nul, …)",
            fix="choose a name such as so-noi-vu-2025",
        )
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
    from_form = {
        "period_start": str(min(p.year for p in periods)),
        "period_end": str(max(p.year for p in periods)),
        "data_date": max(p.end for p in periods).isoformat(),
        "locale": "vi",
        "level": kind_of_body(fields.get("unit_vi", "")),
    }
    values = (
        dict.fromkeys(FIELDS, "") | from_form | {k: v for k, v in fields.items() if v and k in FIELDS} | {"id": name}
    )
    files = {
        "report.yml": _meta(values),
        "annex.csv": annex.map(neutral).to_csv(index=False, lineterminator="\n"),
        "assumptions.yml": _LOG + "".join(_entry(entry) for entry in log),
        "checks.yml": _CHECKS,
        "README.md": _guide(),
    }
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


def _meta(values: Mapping[str, str]) -> str:
    lines = ["# Fill in what is empty between the quotes / Điền nội dung còn trống trong ngoặc kép."]
    for name, comment in FIELDS.items():
        plain = name in ("level", "period_start", "period_end", "data_date", "locale")
        # a JSON string is a YAML string
        value = values[name] if plain else json.dumps(values[name], ensure_ascii=False)
        lines.append(f"{name}: {value} # {comment}")
    lines += [
        "# exists_until: 2025-06-30 # last day of a unit that has been merged since / ngày cuối của đơn vị đã sáp nhập",
        "# made_up: true # an example: no figure of it was ever reported / ví dụ: mọi số liệu đều là đặt ra",
        "# what a count is a share of: a figure of facts.csv / tổng số để tính tỷ lệ: một dòng của facts.csv",
        "# universes: { CODE: FACT }",
    ]
    return "\n".join(lines) + "\n"


def _entry(entry: dict) -> str:
    return f"- {json.dumps(entry, ensure_ascii=False)}\n"


def _guide() -> str:
    """What each table and column of a report folder is for: a CSV file cannot hold comments."""
    parts = [
        "# How to fill in this folder / Cách điền thư mục này\n",
        "`annex.csv`: the form, cells exactly as printed; an empty cell is a missing figure, not a zero / biểu số",
        "liệu, chép đúng như bản in; ô trống là thiếu số liệu, không phải số 0. `reformlib check --report FOLDER` says",
        "what is still to be filled in and what is wrong. A table without rows may stay so / Bảng trống cũng được.",
    ]
    for table, columns in contracts.REPORT.items():
        parts += [f"\n## {table}\n", "| column | what it holds |", "|---|---|"]
        parts += [f"| `{name}` | {column['description']} |" for name, column in columns.items()]
    return "\n".join(parts) + "\n"
