"""Stored numbers as a workbook shows them, by their number format.

A form is read as it is shown: 0.9 formatted as a percentage is 90%. What is shown and what is stored can differ; then
the number comes with a doubt (a code of `remarks.MESSAGES`), or with what it `HOLDS` or `SHOWS` beyond what is read.
"""

import re
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from reformlib.ingest.wording import SCALES

FIRST_DAY = date(1899, 12, 30)  # from which workbooks count their days
_CURRENCY = re.compile(rf"(?:{SCALES}\s*)*(?:₫|đ|đồng|vn[dđ])", re.IGNORECASE)
HOLDS, SHOWS = "holds ", "shows "  # what a cell holds or shows beyond what is read; a remark, no doubt


def show(stored: str, code: str, locale: str = "vi", first_day: date = FIRST_DAY) -> tuple[str, str]:
    """A stored number as a workbook of that locale shows it, and what is doubtful about that.

    >>> show("0.956", "0.0%"), show("1445", "#,##0"), show("0.9", "General"), show("0.956", "0.0%", "en")
    (('95,6%', ''), ('1.445', ''), ('0,9', ''), ('95.6%', ''))
    """
    try:
        value = Decimal(stored)
        if not value.is_finite() or abs(value) > Decimal("1e15"):
            raise InvalidOperation
    except InvalidOperation:
        return stored[:50], "unstored"
    code, unit = _money(code)
    # a workbook stores binary fractions: 0.07 times 100 is kept as 7.000000000000001
    value = Decimal(f"{value:.15g}")
    sections = [re.sub(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]', "", part) for part in code.split(";")]
    section = sections[0]
    if re.search(r"[ymdhs]", section, re.IGNORECASE) and "general" not in section.lower():
        return _day(value, first_day), "" if value < 100_000 else "unstored"
    if _otherwise(code, section):
        return plain_number(value, locale) + unit, "format"
    percent = re.search(r" *%", section)
    sign = percent[0] if percent else unit
    shown = value * 100 if percent else value
    pattern = re.search(r"[0#?]+(?:[.]([0#?]+))?(?=[^.0#?]*$)", section.replace(",", ""))
    grouped = bool(re.search(r"[0#?],[0#?]", section))
    if not pattern or "E" in section.upper().replace("GENERAL", ""):
        return plain_number(shown, locale) + sign, ""
    places = pattern[1] or ""
    rounded = shown.quantize(Decimal(1).scaleb(-len(places)), rounding=ROUND_HALF_UP)
    doubt = f"{HOLDS}{plain_number(shown, locale)}{sign}" if rounded != shown else ""
    if not value and len(sections) > 2 and not re.search("[0#]|general", sections[2], re.IGNORECASE):
        doubt = SHOWS + re.sub(r'["?\\]|_.|\*.', "", code.split(";")[2]).strip()
    fixed = len(places.rstrip("#?")) if "0" in places else None
    return plain_number(rounded, locale, fixed, grouped=grouped) + sign, doubt


def _money(code: str) -> tuple[str, str]:
    """A number format without the currency behind its number, and that currency.

    >>> _money('#,##0.0" tỷ đồng"'), _money("#,##0 [$₫-42A]"), _money('0" hồ sơ"')
    (('#,##0.0', ' tỷ đồng'), ('#,##0', ' ₫'), ('0" hồ sơ"', ''))
    """
    first, *others = re.sub(r"\[\$([^]-]+)[^]]*\]", r'"\1"', code).split(";")
    tail = re.search(r'(?:"[^"]*"|\\.|_.|\s)+$', first)
    written = re.sub(r'_.|["\\]', "", tail[0]).strip() if tail else ""
    if not tail or not _CURRENCY.fullmatch(written):
        return code, ""
    return ";".join([first[: tail.start()], *others]), f" {written}"


def _otherwise(code: str, section: str) -> bool:
    """Whether a number format shows something else than the number: divided by a thousand, in words, not at all.

    >>> _otherwise("#,##0,", "#,##0,"), _otherwise("# ?/?", "# ?/?"), _otherwise(";;;", ""), _otherwise("0", "0")
    (True, True, True, False)
    """
    written = "".join(quoted or plain for quoted, plain in re.findall(r'"([^"]*)"|\\(.)', code.split(";")[0]))
    if re.search(rf"\d|[%<>≤≥≈~]|\b(?:{SCALES}|trên|dưới)\b", written, re.IGNORECASE):  # read as a part of the number
        return True
    if "general" in code.lower() or section.strip() == "@":
        return False
    scaled = re.search(r"[0#?],+(?![0#?,])", section)
    return bool(scaled or "/" in section or re.search(r"\[[<>=]", code) or not re.search("[0#?]", section))


def plain_number(value: Decimal, locale: str, places: int | None = None, *, grouped: bool = False) -> str:
    """A number in the writing of a locale, with so many decimals, or as many as it has."""
    comma = "," if grouped else ""
    text = f"{value:{comma}.{places}f}" if places is not None else f"{value:{comma}f}"
    if places is None and "." in text:
        text = text.rstrip("0").rstrip(".")
    return text if locale == "en" else text.translate(str.maketrans(".,", ",."))


def plain_day(day: date) -> str:
    """A date as an office types it: 5/1/2020."""
    return f"{day.day}/{day.month}/{day.year}"


def _day(value: Decimal, first: date) -> str:
    return plain_day(first + timedelta(days=int(value))) if 0 < value < 100_000 else f"{value:f}"
