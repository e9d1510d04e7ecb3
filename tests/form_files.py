"""Folders of official forms, as an office that has another form than those of the project brings one."""

from __future__ import annotations

import csv
from pathlib import Path

import yaml

from reformlib.load import contracts, datapackage
from tests.ingest_files import write
from tests.synthetic import Layout

# A made-up form of six rows. Its units agree with those of the first six rows of the reference report's form, so that
# only names tell the two apart.
SIX = [
    {
        "indicator": code,
        "form_row": str(row),
        "name_vi": name,
        "name_en": code.replace("_", " "),
        "short_vi": name[:30],
        "short_en": code.replace("_", " "),
        "unit": unit,
        "measure": measure,
        "time_collect": "E" if measure == "stock" else "S",
        "direction": "increase",
        "limit_low": "0",
        "limit_high": "100" if unit == "%" else "",
    }
    for row, (code, name, unit, measure) in enumerate(
        [
            ("on_time", "Tỷ lệ hồ sơ TTHC giải quyết đúng hạn và trước hạn", "%", "rate"),
            ("reuse_units", "Số đơn vị khai thác, sử dụng lại dữ liệu số hóa", "units", "stock"),
            ("received", "Tổng số hồ sơ TTHC tiếp nhận trong kỳ", "documents", "flow"),
            ("received_online", "Số hồ sơ TTHC tiếp nhận trực tuyến trong kỳ", "documents", "flow"),
            ("full_online", "Số TTHC cung cấp dịch vụ công trực tuyến toàn trình", "procedures", "stock"),
            ("digitised", "Tỷ lệ hồ sơ, kết quả giải quyết TTHC được số hóa", "%", "rate"),
        ],
        start=1,
    )
]


def write_form(folder: Path, indicators: list[dict[str, str]] = SIX, **tables: list[dict[str, str]]) -> Path:
    """A form in a folder; `tables` gives rows of its other files by name: `categories`, `remarks`.

    Every series is of the kind that its unit asks for.
    """
    folder.mkdir(parents=True)
    name = f"Biểu {folder.name}"
    about = {"id": folder.name, "name_vi": name, "name_en": f"Form {folder.name}", "title_vi": "Biểu thử"}
    about |= {"title_en": "Form for tests", "source_vi": "số liệu giả lập", "source_en": "made up for tests"}
    (folder / "form.yml").write_text(yaml.safe_dump(about, allow_unicode=True), encoding="utf-8")
    projection = [
        {
            "indicator": row["indicator"],
            "family": "share-reported" if row["limit_high"] else "unbounded",
            "ceiling": "limit_high" if row["limit_high"] else "none",
            "note_vi": "không",
            "note_en": "none",
            "source": "số liệu giả lập",
        }
        for row in indicators
    ]
    may = {f"{name}.csv": (contracts.FORM_MAY | contracts.FORM_MORE).get(f"{name}.csv") for name in tables}
    for file, columns in (may | contracts.FORM).items():
        rows = {"indicators": indicators, "projection": projection, **tables}.get(file.removesuffix(".csv"), [])
        with (folder / file).open("w", encoding="utf-8", newline="") as out:
            writer = csv.DictWriter(out, list(columns), restval="", extrasaction="ignore", lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
    datapackage.write(folder)
    return folder


YEARS = [f"Năm {year}" for year in range(2021, 2026)]
LETTER = ["SỞ KHOA HỌC VÀ CÔNG NGHỆ", "Số: 301/BC-SKHCN", "Bình Nguyên, ngày 08 tháng 01 năm 2026", "BÁO CÁO"]
LETTER += ["Kết quả công tác cải cách hành chính giai đoạn 2021 - 2025", "Phụ lục 7"]  # not the form of that name
FIGURES = [
    ["91,2%", "93%", "95,4%", "96,8%", "97,9%"],
    ["14", "16", "20", "22", "24"],
    ["51.200", "58.300", "60.110", "66.900", "70.450"],
    ["9.100", "20.450", "33.800", "47.300", "58.600"],
    ["310", "402", "520", "688", "741"],
    ["22%", "38,5%", "61%", "74%", "83,2%"],
]


def six_filled_in(
    folder: Path, labels: list[str] | None = None, figures: list[list[str]] = FIGURES, letter: list[str] = LETTER
) -> Path:
    """A Word file that holds the form of six rows, filled in for five years."""
    labels = labels or [row["name_vi"] for row in SIX]
    rows = [[str(at), label, *cells] for at, (label, cells) in enumerate(zip(labels, figures, strict=True), start=1)]
    return write(Layout("six", [["STT", "Chỉ tiêu", *YEARS], *rows], before=letter), folder / "six.docx")
