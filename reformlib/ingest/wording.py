"""Words of files: what is visible of a text, marks in it, headings of periods."""

import re
from functools import lru_cache

from reformlib.errors import ReformError

# words that make a figure ten, a hundred or a million times what is written, for the inside of a pattern
SCALES = r"(?:nghìn|ngàn|triệu|tỷ|tỉ|trăm|chục|nghin|trieu|1[. ]?000)"
# a unit that makes every figure a thousand times what is written, in a text that says what the figures are in
_SCALED_UNIT = re.compile(
    rf"^\W*{SCALES}\b(?!\s*đồng)[^\d.]*$|\(\s*{SCALES}\b(?!\s*đồng)[^\d)]*\)"
    rf"|(?:đơn vị(?: tính)?|đvt|tính (?:bằng|theo|ra))\s*[:(]*\s*(?:đơn vị\s*)?{SCALES}\b(?!\s*đồng)",
    re.IGNORECASE,
)
_UNIT_IN_HEAD = re.compile(rf"\s*\(\s*((?:đvt|đơn vị)[^)]*|(?:{SCALES}\b|%|phần trăm)[^\d)]*)\)\s*$", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_DIRECTION = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_SUPERSCRIPTS = str.maketrans("¹²³⁰⁴⁵⁶⁷⁸⁹", "1230456789")
_YEAR = re.compile(r"(?:19|20)\d\d")
_DAY = re.compile(
    r"(?:(?:tính |lũy kế |luỹ kế )?đến (?:hết )?)?(?:ngày )?(\d{1,2})[/.-](\d{1,2})[/.-]((?:19|20)\d\d)", re.IGNORECASE
)
_COUNTED = {"ba": "3", "sáu": "6", "chín": "9"}
# beside these words stand years, quarters, months and signs only
_TOLD = {
    "plan": r"(?:(?:chỉ tiêu )?kế hoạch|kh|chỉ tiêu (?=\w* ?giao)|mục tiêu|dự kiến) ?(?:(?:được )?giao|đề ra|đăng ký)?",
    "result": r"(?:số |đã |ước )?(?:kết quả(?: thực hiện| đạt được)?|thực hiện|th|thực tế|đạt được)(?: kế hoạch)?",
}
_WHEN = re.compile(
    r"\b(?:năm|quý|tháng|đầu|cuối|tính đến(?: hết)?(?: ngày)?|(?=[ivx])(?:iv|i{1,3}|v|xi{0,2}|ix))\b|[\d\W_]+",
    re.IGNORECASE,
)


def told_as(text: str) -> str:
    """Whether a heading, or the name of a line, says that figures are a "plan" or a "result"; "" where neither.

    >>> told_as("KH năm 2021"), told_as("Thực hiện năm 2020 (tính đến 31/3)"), told_as("Kế hoạch số hóa hồ sơ")
    ('plan', 'result', '')
    """
    words = " ".join(_WHEN.sub(" ", text.lower()).split())
    return next((name for name, pattern in _TOLD.items() if re.fullmatch(pattern, words)), "")


def without_result(text: str) -> str:
    """A heading without the words that call it a result, and with those that call it an estimate in front.

    >>> without_result("Kết quả thực hiện năm 2019"), without_result("Năm 2020 (ước TH)")
    ('Năm 2019', 'Ước Năm 2020')
    """
    left = re.sub(rf"\b{_TOLD['result'].replace('ước ', '')}\b", " ", text, flags=re.IGNORECASE)
    estimate = "ước" in left.lower()
    left = one_line(re.sub(r"\(\s*\)", " ", re.sub(r"\bước\b", " ", left, flags=re.IGNORECASE)))
    return f"Ước {left}" if estimate else left[:1].upper() + left[1:]


def in_thousands(text: str) -> bool:
    """Whether a text says that figures are in a unit such as a thousand; money has units of its own.

    >>> in_thousands("Ghi chú: số liệu tính bằng nghìn văn bản"), in_thousands("ĐVT: triệu đồng")
    (True, False)
    """
    return bool(_SCALED_UNIT.search(text))


def unit_of(heading: str) -> str:
    """The unit that a heading of a period gives in brackets, "" where it gives none.

    >>> unit_of("Năm 2019 (%)"), unit_of("Năm 2020 (Tính đến 31/3)")
    ('%', '')
    """
    found = _UNIT_IN_HEAD.search(one_line(heading))
    return found[1].strip() if found else ""


def marker(text: str) -> str:
    """A footnote's marker as it is kept: between brackets, so that it never becomes a digit of a number.

    >>> "1.445" + marker("1")
    '1.445 (1)'
    """
    return f" ({text.strip(' ()[]').translate(_SUPERSCRIPTS)})"


def struck(text: str) -> str:
    """Text that is crossed out: between tildes, so that it is seen and never becomes a part of a number.

    >>> struck("40") + "8"
    '~40~8'
    """
    return f"~{text}~" if text.strip() else text


def spaced_superscripts(text: str) -> str:
    """Unicode's raised digits are markers too: `28¹` gives `28 (1)`."""
    return re.sub("[¹²³⁰⁴-⁹]+", lambda match: marker(match[0]), text)


def visible(text: str) -> str:
    """Text without control characters and direction marks, which show nothing and can reorder what is seen."""
    return _DIRECTION.sub("", _CONTROL.sub("", text))


def reordered(text: str) -> bool:
    """Whether a text holds marks that change the order in which its characters are seen."""
    return bool(_DIRECTION.search(text))


def one_line(text: str) -> str:
    """Text on one line, every run of blanks one space."""
    return re.sub(r"\s+", " ", text).strip()


def period_text(text: str) -> str:
    """The heading of a period as :func:`reformlib.load.period.parse_period` reads it, on one line.

    Words for results are left out, a year that stands before its quarter behind it; a day alone is the end of what is
    counted from 1 January on, which it need not be: :func:`is_day`.

    >>> period_text("Thực hiện\\nnăm 2019"), period_text("Năm 2020 Quý III"), period_text("Cả năm 2020")
    ('Năm 2019', 'Quý III năm 2020', 'Năm 2020')
    >>> period_text("6T/2022"), period_text("Ước cả năm 2024")
    ('6 tháng/2022', 'Ước Năm 2024')
    >>> period_text("31/12/2019"), period_text("Đến 30/9/2020")
    ('Năm 2019', 'Năm 2020 (Tính đến 30/9)')
    """
    text = _UNIT_IN_HEAD.sub("", one_line(text))
    text = without_result(text) if told_as(text) == "result" else text
    if read := _DAY.fullmatch(text):
        day, month, year = read.groups()
        return f"Năm {year}" if (int(day), int(month)) == (31, 12) else f"Năm {year} (Tính đến {day}/{month})"
    text = re.sub(
        rf"^(?:năm )?({_YEAR.pattern})[ ,:–-]+(?=quý|tháng|\w+ tháng|cả)(.+)$", r"\2 năm \1", text, flags=re.I
    )
    text = re.sub(r"^(ước )?(?:cả năm(?: năm)?|lũy kế năm|luỹ kế năm)\b", r"\1Năm", text, flags=re.IGNORECASE)
    text = re.sub(r"^([69])T(?=\W?\d{4}$)", r"\1 tháng", text)
    text = re.sub(r"^(?:lũy kế|luỹ kế|kết quả)\s+(?=\w+ tháng)", "", text, flags=re.IGNORECASE)
    text = re.sub(r"^T(?=\d{1,2}[/-])", "Tháng ", re.sub(r"^Q(?=[1-4]\b)", "Quý ", text))
    return re.sub(r"^(ba|sáu|chín)(?= tháng)", lambda word: _COUNTED[word[1].lower()], text, flags=re.IGNORECASE)


def is_day(text: str) -> bool:
    """Whether a heading names a day only: it does not say from when on anything is counted.

    >>> is_day("Đến 30/9/2020"), is_day("Năm 2020 (Tính đến 30/9)")
    (True, False)
    """
    return bool(_DAY.fullmatch(one_line(text)))


@lru_cache(4096)
def is_period(text: str | None) -> bool:
    """Whether a heading is read as a period of the years 1990 to 2100, as it stands or but for words for results."""
    if not text or not _YEAR.search(text):
        return False
    from reformlib.load.period import parse_period  # here: whoever reads a file asks for no period

    try:
        return 1990 <= parse_period(period_text(text)).year <= 2100
    except ReformError:
        return False
