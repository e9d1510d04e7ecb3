"""Layouts of the form as offices send it: the twenty of the tests, forty that differ in looks, the reference report."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

import pandas as pd

from tests.synthetic import Layout, annex, consistent, headings, layouts

LETTER = [
    "SỞ NỘI VỤ",
    "Số: 45/BC-SNV",
    "Trà Vinh, ngày 12 tháng 01 năm 2024",
    "BÁO CÁO",
    "Kết quả thực hiện công tác cải cách hành chính",
    "Thực hiện chỉ đạo của Ủy ban nhân dân, Sở báo cáo kết quả như sau: ứng dụng công nghệ thông tin được đẩy mạnh, "
    "cán bộ, công chức sử dụng thường xuyên các phần mềm dùng chung.",
]
_LONG = (
    "Trong thời gian qua, đơn vị đã bám sát kế hoạch, chủ động tham mưu, triển khai nhiều giải pháp nhằm nâng cao chất "
    "lượng phục vụ người dân và doanh nghiệp; việc tiếp nhận, giải quyết hồ sơ được theo dõi thường xuyên, kịp thời "
    "chấn chỉnh những thiếu sót."
)
Rows = list[list[str]]


@dataclass(frozen=True)
class Shape(Layout):
    """A layout and how it looks: `more` are further tables of the form after a paragraph, `marks` raised texts by row
    and column, `notes` footnotes of the program, `borders` all, none, h(orizontal), v(ertical), three or zebra."""

    form: pd.DataFrame = field(default_factory=pd.DataFrame)
    more: list[Rows] = field(default_factory=list)
    marks: dict[tuple[int, int], str] = field(default_factory=dict)
    notes: dict[tuple[int, int], str] = field(default_factory=dict)
    font: str = ""
    borders: str = "all"
    align: str = ""
    centred: bool = False
    landscape: bool = False
    narrow: bool = False
    repeat: bool = True
    letterhead: bool = False
    size: int = 12
    pad: float = 0


def form_of(number: int) -> pd.DataFrame:
    """The figures of a layout: other years and values for each."""
    years = range(2014 + number % 4, 2018 + number % 4 + number % 3)
    return annex(consistent(number, years), headings(years, "31/3" if number % 2 else ""))


def shapes() -> Iterator[Shape]:
    """Every layout, and the figures of the reference report."""
    for number in range(20):
        form = form_of(number)
        one = list(layouts(form))[number]
        looks = {"landscape": number % 3 == 1, "size": (13, 11, 12, 10)[number % 4], "pad": number % 2 / 10}
        text = {"merges": one.merges, "before": LETTER + one.before, "after": one.after, "decoys": one.decoys}
        yield Shape(f"{number:02}-{one.name}", one.rows, one.head, **text, form=form, **looks)
    for number, (name, make) in enumerate(OWN.items(), start=20):
        form = form_of(number)
        shape = make(list(form.columns[2:]), [list(row) for row in form.to_numpy().tolist()])
        yield replace(shape, name=f"{number:02}-{name}", before=LETTER + shape.before, form=form)
    form = pd.read_csv("data/reports/tra-vinh-2020/annex.csv", dtype=str, keep_default_na=False)
    rows = [["STT", "Chỉ tiêu", *form.columns[2:]], *form.to_numpy().tolist()]
    yield Shape("60-reference", rows, before=LETTER, form=form)


def _shape(rows: Rows, **looks: object) -> Shape:
    width = max(map(len, rows))
    return Shape("", [row + [""] * (width - len(row)) for row in rows], **looks)


def _plain(first: tuple[str, ...] = ("STT", "Chỉ tiêu"), long: int = 0, **looks: object) -> Callable:
    """One row of heads, then the form; `long` paragraphs stand before it."""
    return lambda heads, body: _shape([[*first, *heads], *body], before=[_LONG] * long, **looks)


def _over(first: tuple[str, str], above: str, title: str = "", *, years: bool = False, **looks: object) -> Callable:
    """A head over all periods, number and label merged downwards, and a title in the table."""

    def make(heads: list[str], body: Rows) -> Shape:
        low = ["", "", *(head.replace("Năm ", "") if years else head for head in heads)]
        rows = [[*first, above], low, *body]
        far, down = len(heads) + 1, int(bool(title))
        merges = [(down, 0, down + 1, 0), (down, 1, down + 1, 1), (down, 2, down, far)]
        if title:
            rows, merges = [[title], *rows], [(0, 0, 0, far), *merges]
        return _shape(rows, head=2 + down, merges=merges, **looks)

    return make


def _numbered(first: str, second: list[str], numbers: str, **looks: object) -> Callable:
    """A row of column numbers under the heads."""

    def make(heads: list[str], body: Rows) -> Shape:
        count = range(1, len(heads) + 1 + 2 * (not second))
        return _shape([["STT", first, *heads], [*second, *(numbers.format(n) for n in count)], *body], head=2, **looks)

    return make


def _heads(change: Callable[[str], str], **looks: object) -> Callable:
    """Heads of periods written another way."""
    return lambda heads, body: _shape([["STT", "Chỉ tiêu", *map(change, heads)], *body], **looks)


def _rows(change: Callable[[list[str]], list[str]], first: tuple[str, ...] = ("STT", "Chỉ tiêu"), **looks) -> Callable:
    """Rows of the form written another way."""
    return lambda heads, body: _shape([[*first, *heads], *map(change, body)], **looks)


def _is_share(row: list[str]) -> bool:
    return "%" in "".join(row[2:])


def _units(heads: list[str], body: Rows) -> Shape:
    rows = [[*row[:2], "%" if _is_share(row) else "Số lượng", *row[2:]] for row in body]
    return _shape([["STT", "Chỉ tiêu", "ĐVT", *heads], *rows], landscape=True)


def _reversed_unit(heads: list[str], body: Rows) -> Shape:
    rows = [[*row[:2], "%" if _is_share(row) else "", *row[:1:-1]] for row in body]
    return _shape([["STT", "Chỉ tiêu", "Đơn vị tính", *heads[::-1]], *rows])


def _sections_merged(heads: list[str], body: Rows) -> Shape:
    first, second = ["A. ỨNG DỤNG CÔNG NGHỆ THÔNG TIN"], ["B. DỊCH VỤ CÔNG TRỰC TUYẾN"]
    far = len(heads) + 1
    merges = [(1, 0, 1, far), (11, 0, 11, far)]
    return _shape([["STT", "Chỉ tiêu", *heads], first, *body[:9], second, *body[9:]], merges=merges)


def _sections_roman(heads: list[str], body: Rows) -> Shape:
    first, second = ["I", "Ứng dụng công nghệ thông tin"], ["II", "Một cửa điện tử"]
    return _shape([["STT", "Nội dung", *heads], first, *body[:6], second, *body[6:]], pad=0.1)


def _capitals(heads: list[str], body: Rows) -> Shape:
    rows = [[row[0], row[1].upper(), *row[2:]] for row in body]
    return _shape([["SỐ TT", "CHỈ TIÊU", *(head.upper() for head in heads)], *rows], size=10)


def _typed_again(heads: list[str], body: Rows) -> Shape:
    head = ["STT", "Chỉ tiêu", *heads]
    return _shape([head, *body[:5], head, *body[5:10], head, *body[10:]], before=[_LONG] * 3, repeat=False)


def _two_tables(heads: list[str], body: Rows) -> Shape:
    head = ["STT", "Chỉ tiêu", *heads]
    return _shape([head, *body[:7]], more=[[head, *body[7:]]])


def _goes_on(heads: list[str], body: Rows) -> Shape:
    return _shape([["STT", "Chỉ tiêu", *heads], *body[:8]], more=[body[8:]], repeat=False)


def _day(head: str) -> str:
    found = re.match(r"Năm (\d+)(?: \(Tính đến (.*)\))?", head)
    return f"{found[2] or '31/12'}/{found[1]}" if found else head


OWN: dict[str, Callable[[list[str], Rows], Shape]] = {
    "over": _over(("STT", "Tên chỉ tiêu"), "Kết quả qua các năm", pad=0.1),
    "nam_over": _over(("TT", "Nội dung"), "Năm", years=True),
    "three_heads": _over(("STT", "Chỉ tiêu"), "Kết quả thực hiện", "Biểu tổng hợp kết quả hiện đại hóa"),
    "counted": _numbered("Nội dung", [], "({})"),
    "ab": _numbered("Nội dung", ["A", "B"], "{}", pad=0.1),
    "units": _units,
    "sections_merged": _sections_merged,
    "caps": _capitals,
    "roman": _sections_roman,
    "tcvn3": _plain(font="tcvn3"),
    "vni": _plain(font="vni"),
    "tcvn3_labels": _plain(font="tcvn3-labels", landscape=True),
    "landscape_long": _plain(long=6, landscape=True, size=13),
    "row_broken": _plain(long=7, size=16, narrow=True),
    "head_typed_again": _typed_again,
    "narrow": _plain(narrow=True, pad=0.05),
    "real_footnote": _plain(notes={(5, 3): "Gồm cả chứng thư số của cá nhân."}),
    "raised_mark": _plain(
        marks={(2, 2): "1", (9, 3): "2"},
        after=["(1) Số liệu do đơn vị tổng hợp.", "(2) Không tính đơn vị trực thuộc."],
    ),
    "star": _rows(
        lambda row: [row[0], row[1] + (" (*)" if row[0] in "3 7" else ""), *row[2:]],
        after=["(*) Theo báo cáo của đơn vị."],
    ),
    "remarks": lambda heads, body: _shape(
        [["STT", "Chỉ tiêu", *heads, "Ghi chú"], *([*row, "Theo Kế hoạch số 12" * (row[0] == "4")] for row in body)],
        landscape=True,
    ),
    "rules": _plain(borders="h", pad=0.1),
    "bare": _plain(borders="none", pad=0.12),
    "bare_tight": _plain(borders="none", size=10, landscape=True),
    "three_lines": _plain(borders="three", pad=0.1, align="right"),
    "zebra": _plain(borders="zebra", pad=0.1, align="center"),
    "uprights": _plain(borders="v", pad=0.12),
    "rules_mid": _plain(long=5, borders="h", centred=True, align="center", pad=0.05),
    "bare_pages": _plain(long=8, borders="none", pad=0.12),
    "right": _plain(align="right"),
    "heads_broken": _heads(lambda head: head.replace("Năm ", "Năm\n", 1), align="center", centred=True),
    "ket_qua": _heads(lambda head: f"Kết quả {head[0].lower()}{head[1:]}"),
    "thuc_hien": _heads(lambda head: head.replace("Năm", "Thực hiện năm"), size=11),
    "days": _heads(_day),
    "reversed_unit": _reversed_unit,
    "bilingual": _plain(("STT / No.", "Nội dung / Indicator"), pad=0.1),
    "leading_zero": _rows(lambda row: [f"{int(row[0]):02}", *row[1:]], ("TT", "Nội dung")),
    "two_tables": _two_tables,
    "goes_on": _goes_on,
    "letterhead": _plain(letterhead=True, landscape=True, pad=0.1),
    "spaced_percent": _rows(lambda row: [cell.replace("%", " %") for cell in row], align="center"),
}
