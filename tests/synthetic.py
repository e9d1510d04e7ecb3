"""Synthetic reports: made from a seed, with a known truth, planted faults and messy layouts of the form.

Nothing here is a figure of any agency. Every report says so wherever it shows: in the name of the unit and of the
place, in the title, in the source line, in an entry of its log, and by an id that starts with `synthetic-`.
"""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cache
from pathlib import Path

import pandas as pd
import yaml

from reformlib.check.rounding import round_to
from reformlib.load import contracts, datapackage, observations
from reformlib.load.catalogue import Catalogue, load_catalogue
from reformlib.load.report import Report

SPAN = range(2014, 2026)  # years that a truth is drawn for
YEARS = tuple(SPAN[:6])
MARK = {"vi": "(số liệu giả lập)", "en": "(synthetic)"}  # in every text a reader meets
COUNTS, FLOWS, RATES = (2, 5, 7, 8, 9, 12, 14), (3, 4), (1, 6, 13)

# True values by form row and service level, one a year.
Truth = dict[tuple[int, str], list[Fraction]]
# Cells as printed by form row, one a period.
Rows = dict[int, list[str]]


@dataclass(frozen=True)
class Synthetic:
    """A synthetic report on disk and what is true of it: `true` has indicator, level, year, value; `faults` the ids
    of the checks that must object to something in it."""

    folder: Path
    true: pd.DataFrame
    faults: tuple[str, ...] = ()


# --- true figures, and how they are printed --------------------------------------------------------------------------


def percent(value: Fraction, decimals: int) -> str:
    return f"{float(round_to(value, decimals)):.{decimals}f}".replace(".", ",") + "%"


def growing(chance: random.Random, low: int, high: int, limit: float = 1.6) -> list[int]:
    """A count that grows every year, by less than 60 %."""
    values = [chance.randint(low, high)]
    while len(values) < len(SPAN):
        values.append(values[-1] + max(1, int(values[-1] * chance.uniform(0.05, limit - 1))))
    return values


def truth(seed: int, years: Sequence[int] = YEARS) -> Truth:
    """Figures that agree: stocks grow, shares are shares of whole services, rates move a little.

    One seed gives a year the same figures whatever the other years asked for.
    """
    chance = random.Random(seed)
    level3, level4 = growing(chance, 15, 40), growing(chance, 15, 40)

    def rate(start: int) -> list[Fraction]:
        values = [Fraction(start)]
        while len(values) < len(SPAN):
            values.append(min(Fraction(99), values[-1] + Fraction(chance.randint(5, 35), 10)))
        return values

    def used(counts: list[int]) -> list[Fraction]:
        shares, part = [], chance.uniform(0.3, 0.5)
        for count in counts:
            part = min(0.9, part * chance.uniform(1.0, 1.2))
            shares.append(Fraction(100 * max(1, int(part * count)), count))
        return shares

    true: Truth = {(row, ""): growing(chance, 20 * row, 40 * row) for row in COUNTS}
    true |= {(row, ""): [chance.randint(4000, 9000) for _ in SPAN] for row in FLOWS}
    true |= {(row, ""): rate(chance.randint(40, 70)) for row in RATES}
    true |= {(10, "3"): level3, (10, "4"): level4, (11, "3"): used(level3), (11, "4"): used(level4)}
    return {key: [Fraction(values[SPAN.index(year)]) for year in years] for key, values in sorted(true.items())}


def cells(true: Truth) -> Rows:
    """The form as an office would print it."""
    rows: Rows = {row: [str(value) for value in true[row, ""]] for row in COUNTS + FLOWS}
    rows |= {row: [percent(value, 1) for value in true[row, ""]] for row in RATES}
    both = list(zip(true[10, "3"], true[10, "4"], strict=True))
    rows[10] = [f"Mức 3: {a}, mức 4: {b}" for a, b in both]
    both = list(zip(true[11, "3"], true[11, "4"], strict=True))
    rows[11] = [f"Mức 3: {percent(a, 2)}\nMức 4: {percent(b, 2)}" for a, b in both]
    return dict(sorted(rows.items()))


def consistent(seed: int, years: Sequence[int] = YEARS) -> Rows:
    """A form whose figures agree."""
    return cells(truth(seed, years))


# --- faults, by the check that must find them ------------------------------------------------------------------------


def change(row: int, value: Callable) -> Callable:
    """One cell of a row, not the first or last, becomes `value(chance, before, cell)`."""

    def plant(chance: random.Random, rows: Rows) -> None:
        at = chance.randint(1, len(rows[row]) - 2)
        rows[row][at] = value(chance, rows[row][at - 1], rows[row][at])

    return plant


def whole_row(row: int, value: Callable) -> Callable:
    def plant(chance: random.Random, rows: Rows) -> None:
        rows[row] = value(chance, rows)

    return plant


def any_share(chance: random.Random, before: str, cell: str) -> str:
    """A share drawn at random in place of the true one."""
    return f"Mức 3: {chance.randint(100, 9900) / 100:.2f}%".replace(".", ",") + "\n" + cell.split("\n")[1]


def nothing_at_first(chance: random.Random, rows: Rows) -> None:
    rows[10][0] = "0"
    rows[11][0] = chance.choice(["0", rows[11][0]])


def five_units(chance: random.Random, rows: Rows) -> None:
    rows[12] = ["5", *(str(5 * chance.randint(6, 30)) for _ in rows[12][1:])]


PLANTS: dict[str, Callable[[random.Random, Rows], None]] = {
    "share-of-count": change(11, any_share),
    "in-range": change(1, lambda chance, before, cell: f"{chance.randint(101, 900)}%"),
    "rate-has-base": nothing_at_first,
    "never-falls": change(5, lambda chance, before, cell: str(int(before) - chance.randint(1, 50))),
    "moves": whole_row(13, lambda chance, rows: [rows[13][0]] * len(rows[13])),
    "steep-change": change(13, lambda chance, before, cell: f"{chance.randint(10, 700) / 100:.1f}%".replace(".", ",")),
    "same-base": five_units,
    "no-gaps": change(5, lambda chance, before, cell: ""),
    "has-figures": whole_row(14, lambda chance, rows: [""] * len(rows[14])),
    "same-decimals": change(13, lambda chance, before, cell: cell.replace("%", f"{chance.randint(1, 9)}%")),
    "not-identical": whole_row(8, lambda chance, rows: list(rows[7])),
}


# --- a report folder -------------------------------------------------------------------------------------------------


@cache
def _catalogue() -> Catalogue:
    return load_catalogue("phu-luc-7")


@cache
def _form() -> pd.DataFrame:
    indicators = _catalogue().indicators
    return indicators.set_index(indicators["form_row"].astype(int))


def headings(years: Sequence[int], until: str = "") -> list[str]:
    """Headings of the form; `until` such as "31/3" makes the last year a part of one."""
    said = [f"Năm {year}" for year in years]
    return [*said[:-1], f"{said[-1]} (Tính đến {until})"] if until else said


def annex(rows: Rows, heads: Sequence[str]) -> pd.DataFrame:
    """The form as `annex.csv` holds it, labels as the catalogue prints them."""
    labels = _form()["name_vi"]
    frame = pd.DataFrame([[str(row), labels[row], *printed] for row, printed in rows.items()], dtype=str)
    return frame.set_axis(["form_row", "label", *heads], axis="columns")


def write_report(
    parent: Path,
    seed: int,
    *,
    edition: str = "2019",
    years: Sequence[int] = YEARS,
    until: str = "",
    faults: Sequence[str] = (),
    rows: Rows | None = None,
    narrative: bool = True,
) -> Synthetic:
    """Write one report folder `parent/synthetic-<seed>-<edition>`; equal arguments give equal bytes.

    The unit is numbered by the seed: two editions of one seed are editions of one unit, and agree on the years (of
    `SPAN`) that they share. `rows` replaces the cells (for revisions); `faults` names checks of `PLANTS`. Without
    `narrative` the tables of the text have no row but their heads.
    """
    true = truth(seed, years)
    printed = {row: list(texts) for row, texts in (rows or cells(true)).items()}
    for number, fault in enumerate(faults):
        PLANTS[fault](random.Random(f"{seed} {number}"), printed)
    heads = headings(years, until)
    name = f"synthetic-{seed:05d}-{edition}"
    folder = parent / name
    folder.mkdir(parents=True)
    form = annex(printed, heads)
    day, month = map(int, (until or "31/12").split("/"))
    _yaml(
        folder / "report.yml",
        {
            "id": name,
            "edition": edition,
            "unit_vi": f"Đơn vị thử số {seed} {MARK['vi']}",
            "unit_en": f"Test unit no. {seed} {MARK['en']}",
            "place_vi": f"đơn vị thử số {seed} {MARK['vi']}",
            "place_en": f"test unit no. {seed} {MARK['en']}",
            "title_vi": f"Báo cáo giả lập để kiểm thử {MARK['vi']}",
            "title_en": f"Made-up report for tests {MARK['en']}",
            "number": f"{seed}/BC-GIALAP",
            "issued": f"{years[-1] + 1}-02-01",
            "period_start": years[0],
            "period_end": years[-1],
            "data_date": f"{years[-1]}-{month:02d}-{day:02d}",
            "form": _catalogue().form.id,
            "form_sha256": _catalogue().sha256,
            "source_vi": f"Số liệu giả lập, sinh từ số {seed}; không phải số liệu của cơ quan nào",
            "source_en": f"Made-up figures, drawn from seed {seed}; not the figures of any agency",
        }
        | ({"universes": {"online_services": "portal_procedures"}} if narrative else {}),
    )
    said = "Toàn bộ số liệu của báo cáo này là giả lập.", "All figures of this report are synthetic."
    cell = {"indicator": "e_documents", "year": years[0], "expects": form.iat[0, 2]}
    entry = {"id": "synthetic", "kind": "assumption", "cells": [cell], "what_vi": said[0], "what_en": said[1]}
    why = {"why_vi": "Sinh ra để kiểm thử.", "why_en": "Made for tests.", "by": "tests/synthetic.py"}
    _yaml(folder / "assumptions.yml", [entry | why])
    form.to_csv(folder / "annex.csv", index=False, lineterminator="\n")
    text = _text(int(2 * sum(true[10, level][-1] for level in "34"))) if narrative else {}
    for file, columns in contracts.REPORT.items():
        lines = [",".join(columns), *text.get(file, [])]
        (folder / file).write_text("\n".join([*lines, ""]), encoding="utf-8")
    datapackage.write(folder)
    codes = _form()["indicator"]
    points = [
        (codes[row], level, year, float(value))
        for (row, level), values in true.items()
        for year, value in zip(years, values, strict=True)
    ]
    return Synthetic(folder, pd.DataFrame(points, columns=["indicator", "level", "year", "value"]), tuple(faults))


def headed(report: Report, heads: Sequence[str]) -> Report:
    """The report with other headings over its columns."""
    form = report.annex.set_axis(["form_row", "label", *heads], axis="columns")
    observed = observations.observe(form, report.catalogue, report.meta, [], report.folder / "annex.csv")
    meta = report.meta.model_copy(update={"data_date": observed["as_of"].max().date()})
    return replace(report, annex=form, observations=observed, meta=meta)


def stated(folder: Path, **fields: object) -> Path:
    """The report folder, its report.yml with other fields."""
    file = folder / "report.yml"
    content = yaml.safe_load(file.read_text(encoding="utf-8")) | fields
    file.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    datapackage.write(folder)
    return folder


def revised(seed: int, years: Sequence[int], cells_of: dict[tuple[int, int], str]) -> Rows:
    """Cells of another edition of a unit: those of its truth, some replaced: (form row, year) -> cell."""
    rows = consistent(seed, years)
    for (row, year), cell in cells_of.items():
        rows[row][list(years).index(year)] = cell
    return rows


def _yaml(path: Path, content: object) -> None:
    path.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=1000), encoding="utf-8")


def _text(procedures: int) -> dict[str, list[str]]:
    """The least that a narrative holds: six domains, one row in every other table."""
    quote = f"câu giả lập {MARK['vi']}"
    vi = ["thể chế", "thủ tục", "bộ máy", "đội ngũ", "tài chính", "hiện đại hóa"]
    en = ["Institutions", "Procedures", "Organisation", "Staff", "Finance", "Modernisation"]
    numbered = [(n, f"Cải cách {a},{b}") for n, (a, b) in enumerate(zip(vi, en, strict=True), start=1)]
    return {
        "sections.csv": [
            "I.1,Chỉ đạo,Management",
            *(f"{part}.{n},{name}" for part in ("II", "P2") for n, name in numbered),
        ],
        "domains.csv": [f"{n},{name},II.{n},II.{n},II.{n},P2.{n}" for n, name in numbered],
        "facts.csv": [
            "portal_procedures,II.6,6,observed,Thủ tục trên Cổng,Procedures on the portal,"
            f"{procedures},procedures,,,{quote},"
        ],
        "documents.csv": [f"plan,Kế hoạch,Plan,01/KH-GIALAP,2013-01-01,,,,Kế hoạch giả lập,Made-up plan,I.1,{quote},"],
        "systems.csv": [
            f"portal,system,deployed,Cổng dịch vụ giả lập,Made-up portal,,,portal_procedures,II.6,{quote},"
        ],
        "results.csv": [f"result,6,II.6,Kết quả giả lập.,Made-up result.,{quote}"],
        "limitations.csv": [f"shortfall,6,II.6,limitation,Hạn chế giả lập.,Made-up shortcoming.,{quote}"],
        "tasks.csv": [f"task,6,P2.6,Nhiệm vụ giả lập.,Made-up task.,,,,,,{quote}"],
        "coverage.csv": ["shortfall,task,task,direct,Cùng nội dung.,Same subject."],
    }


# --- layouts of the form, as offices make them -----------------------------------------------------------------------


@dataclass(frozen=True)
class Layout:
    """A grid of text as a Word or Excel file would hold it, without loss of any cell of the annex.

    `rows` are equally long; a merged area (`merges`: top, left, bottom, right, counted from 0, ends included) has its
    text in its first cell and "" in the others. `head` counts the rows above the first row of the form.
    `before` and `after` are paragraphs round the table, `decoys` other tables of the file that are not the form.
    """

    name: str
    rows: list[list[str]]
    head: int = 1
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    before: list[str] = field(default_factory=list)
    after: list[str] = field(default_factory=list)
    decoys: list[list[list[str]]] = field(default_factory=list)


def layouts(form: pd.DataFrame) -> Iterator[Layout]:
    """Twenty ways in which offices lay out one form (`form_row`, `label`, a text column a period)."""
    heads = list(form.columns[2:])
    body = form.to_numpy().tolist()
    first = ["STT", "Nội dung"]
    plain = Layout("plain", [[*first, *heads], *body])
    yield plain
    yield replace(plain, name="other-heads", rows=[["TT", "Tên chỉ tiêu", *heads], *body])
    yield replace(plain, name="years-only", rows=[[*first, *(h.replace("Năm ", "") for h in heads)], *body])
    yield replace(
        plain, name="capitals", rows=[[h.upper() for h in plain.rows[0]], *([r[0], r[1].upper(), *r[2:]] for r in body)]
    )
    yield replace(plain, name="years-backwards", rows=[[*r[:2], *r[:1:-1]] for r in plain.rows])
    yield replace(plain, name="label-last", rows=[[r[0], *r[2:], r[1]] for r in plain.rows])
    yield replace(plain, name="unit-and-remarks", rows=_beside(plain.rows, "Đơn vị tính", "Ghi chú", form))
    yield replace(plain, name="no-numbers", rows=[r[1:] for r in plain.rows])
    yield replace(
        plain, name="number-with-label", rows=[["Nội dung", *heads], *([f"{r[0]}. {r[1]}", *r[2:]] for r in body)]
    )
    yield replace(plain, name="numbers-dotted", rows=[plain.rows[0], *([f"{int(r[0]):02d}.", *r[1:]] for r in body)])
    yield _two_heads(plain, heads)
    yield _titled(plain)
    yield _pages(plain, 5)
    yield _split_labels(plain)
    yield _footnotes(plain)
    yield _sections(plain)
    yield replace(plain, name="nfd", rows=[[unicodedata.normalize("NFD", c) for c in r] for r in plain.rows])
    yield replace(plain, name="odd-blanks", rows=[[_odd(c) for c in r] for r in plain.rows])
    yield _gaps(plain)
    yield replace(
        plain,
        name="decoys",
        before=["PHỤ LỤC 7", "Biểu thống kê kết quả"],
        after=["Nguồn: số liệu giả lập (synthetic)"],
        decoys=[[["STT", "Văn bản", "Năm 2015"], ["1", "Quyết định", "2"]], [["Nơi nhận:", "GIÁM ĐỐC"]]],
    )


def _beside(rows: list[list[str]], unit: str, remarks: str, form: pd.DataFrame) -> list[list[str]]:
    """A column of units between label and figures, one of remarks after them."""
    percent_rows = {row for row, *printed in form.drop(columns="label").to_numpy() if any("%" in c for c in printed)}
    body = [[*r[:2], "%" if r[0] in percent_rows else "số lượng", *r[2:], ""] for r in rows[1:]]
    return [[*rows[0][:2], unit, *rows[0][2:], remarks], *body]


def _two_heads(plain: Layout, heads: list[str]) -> Layout:
    """Headings over two rows: `Kết quả thực hiện` over the years, number and label merged downwards."""
    above = [*plain.rows[0][:2], "Kết quả thực hiện", *[""] * (len(heads) - 1)]
    rows = [above, ["", "", *heads], *plain.rows[1:]]
    return replace(
        plain, name="two-heads", rows=rows, head=2, merges=[(0, 0, 1, 0), (0, 1, 1, 1), (0, 2, 0, len(heads) + 1)]
    )


def _titled(plain: Layout) -> Layout:
    """The table's title in a merged first row, an empty row under it."""
    wide = len(plain.rows[0])
    top = [["Phụ lục 7: KẾT QUẢ HIỆN ĐẠI HÓA HÀNH CHÍNH", *[""] * (wide - 1)], [""] * wide]
    return replace(plain, name="titled", rows=top + plain.rows, head=3, merges=[(0, 0, 0, wide - 1)])


def _pages(plain: Layout, every: int) -> Layout:
    """Broken over pages, the heading repeated on each."""
    rows: list[list[str]] = []
    for at, row in enumerate(plain.rows[1:]):
        rows += ([plain.rows[0]] if at % every == 0 else []) + [row]
    return replace(plain, name="pages", rows=rows)


def _split_labels(plain: Layout) -> Layout:
    """A row broken by the end of a page: the rest of its label stands alone in the next row."""
    rows = [plain.rows[0]]
    for row in plain.rows[1:]:
        words = row[1].split()
        if len(words) > 8:
            rows += [[row[0], " ".join(words[:6]), *row[2:]], ["", " ".join(words[6:]), *[""] * (len(row) - 2)]]
        else:
            rows.append(row)
    return replace(plain, name="split-labels", rows=rows)


def _footnotes(plain: Layout) -> Layout:
    """Marks on labels, and what they mean in a merged row under the table."""
    rows = [plain.rows[0], *([r[0], f"{r[1]} (*)", *r[2:]] if r[0] in ("2", "13") else r for r in plain.rows[1:])]
    rows = [*rows, ["(*) Số liệu do đơn vị tự tổng hợp.", *[""] * (len(plain.rows[0]) - 1)]]
    return replace(plain, name="footnotes", rows=rows, merges=[(len(rows) - 1, 0, len(rows) - 1, len(rows[0]) - 1)])


def _sections(plain: Layout) -> Layout:
    """Headings of groups between the rows."""
    wide = len(plain.rows[0])
    rows = [plain.rows[0], ["I", "Ứng dụng công nghệ thông tin", *[""] * (wide - 2)], *plain.rows[1:10]]
    rows += [["II", "Dịch vụ công trực tuyến", *[""] * (wide - 2)], *plain.rows[10:]]
    return replace(plain, name="sections", rows=rows)


def _gaps(plain: Layout) -> Layout:
    """Empty columns and rows between, the table away from the corner of the sheet."""
    rows = [["", r[0], "", r[1], *r[2:], ""] for r in plain.rows]
    empty = [""] * len(rows[0])
    return replace(plain, name="gaps", rows=[empty, empty, *(line for row in rows for line in (row, empty))], head=4)


def _odd(text: str) -> str:
    """Blanks as word processors leave them: no-break, doubled, at the ends."""
    return f" {text.replace(' ', chr(0xA0), 1).replace(' ', '  ', 1)}\u200b "
