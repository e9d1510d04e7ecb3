"""The list of documents, `outputs/index.html`, from the manifests that lie there."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup

from reformlib.locale import day
from reformlib.render.exporter import TEMPLATES, stylesheet
from reformlib.render.publish import LANGUAGE_NAMES, place, read_manifest

WORDS = {
    "vi": {
        "title": "Danh mục tài liệu",
        "skip": "Đến phần nội dung",
        "none": "Chưa có tài liệu nào.",
        "columns": ("Tài liệu", "Đơn vị", "Kỳ báo cáo", "Ngôn ngữ", "Ngày chốt số liệu", "Tình trạng"),
        "languages": {"vi": "Tiếng Việt", "en": "Tiếng Anh"},
        "built": "● Đã lập",
        "stale": "▲ Đã lập, lần chạy gần nhất bị lỗi",
        "failed": "✕ Chưa lập được",
    },
    "en": {
        "title": "List of documents",
        "none": "There is no document yet.",
        "columns": ("Document", "Unit", "Edition", "Language", "Data as of", "Status"),
        "languages": {"vi": "Vietnamese", "en": "English"},
        "built": "● Built",
        "stale": "▲ Built; the latest run failed",
        "failed": "✕ Not built",
    },
}


def write_index(output: Path) -> Path:
    """Write `output/index.html` and return its path. Raises ReformError when the folder cannot be written to."""
    page = output / "index.html"
    place(index_page(output), page)
    return page


def index_page(output: Path) -> str:
    """The list as one HTML page, Vietnamese first, then English; the same manifests give the same bytes."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES / "reform"), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    reports: dict[str, list[dict]] = {}
    for path in sorted(output.glob("*/*/*.json")):
        entry = read_manifest(path)
        if entry and entry["language"] in LANGUAGE_NAMES:
            reports.setdefault(entry["report"], []).append(_row(entry, path))
    for rows in reports.values():
        rows.sort(key=lambda row: (list(LANGUAGE_NAMES).index(row["language"]), row["notebook"]))
    return environment.get_template("listing.html.j2").render(
        words=WORDS,
        reports=reports,
        css=Markup(stylesheet()),
        day=lambda iso, language: day(date.fromisoformat(iso), language),
    )


def _row(entry: dict, path: Path) -> dict:
    built = entry["status"] == "built" and path.with_suffix(".html").is_file()
    attempt = entry.get("last_attempt", {})
    href = "/".join(map(quote, (path.parts[-3], path.parts[-2], f"{path.stem}.html")))
    return entry | {
        "href": href if built else "",
        "state": ("stale" if attempt else "built") if built else "failed",
        "error": attempt.get("error", "").partition("\n")[0],
    }
