"""What the text of a report says of itself: number, date of issue, title. Read as printed, or left open."""

import re

from reformlib.ingest.wording import visible
from reformlib.load.cells import clean
from reformlib.load.dates import impossible_dates


def facts_of(paragraphs: list[str]) -> dict[str, str]:
    """Fields of report.yml that the text states, by name; what it does not state is not there.

    `number`, `issued`, `place_vi`, `title_vi`, as strings.

    >>> facts_of(["Số: 12/BC-SNV", "Trà Vinh, ngày 5 tháng 5 năm 2020"])
    {'number': '12/BC-SNV', 'place_vi': 'Trà Vinh', 'issued': '2020-05-05'}
    """
    facts: dict[str, str] = {}
    lines = lines_of(paragraphs)
    for at, line in enumerate(lines[:60]):
        if "number" not in facts and (number := re.match(r"Số\s*:\s*(\S*/\S+)", line)):
            facts["number"] = number[1].strip("., ")
        place = re.search(
            r"([^,:;|]{2,60}), ngày\s*(\d{1,2})?[\s.…]*tháng\s*(\d{1,2})?[\s.…]*năm\s*(\d{4})", line, re.IGNORECASE
        )
        if "issued" not in facts and place:
            facts["place_vi"] = place[1].strip()
            facts["issued"] = _date(place[4], place[3], place[2])
        if "title_vi" not in facts and re.fullmatch(r"báo cáo(?: tổng kết| kết quả)?", line, re.IGNORECASE):
            title = _title(lines[at + 1 : at + 4])
            if title:
                facts["title_vi"] = title
    return facts


def lines_of(paragraphs: list[str]) -> list[str]:
    """Paragraphs as they are read: visible text, a line each."""
    return [clean(visible(text)).replace("\n", " ") for text in paragraphs]


def _title(lines: list[str]) -> str:
    """The lines that follow «BÁO CÁO», up to the first heading."""
    title = []
    for line in lines:
        if re.match(r"(phần\b|[IVX]+\.|kính gửi|\d+\.)", line, re.IGNORECASE) or len(line) > 400:
            break
        title.append(line)
        if not line.endswith((",", ";", "-", "–")):
            break
    return " ".join(title)


def _date(year: str, month: str | None, day: str | None) -> str:
    """As much of a date as is filled in and exists."""
    parts = [year, *(f"{int(part):02}" for part in (month, day if month else None) if part)]
    while impossible_dates(text := "-".join(parts)):
        parts.pop()
    return text
