"""Dates as contracts have them: written as in ISO 8601, perhaps without day or month, and in the calendar."""

import re
from calendar import month_abbr, monthrange
from datetime import date
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator

_PARTS = "[12][0-9]{3}(?:-[0-9]{2}(?:-[0-9]{2})?)?"


def partial_date(text: str) -> str:
    """The text, a year, a month or a day that exists: `2020`, `2020-05`, `2020-05-31`.

    Raises ValueError for another text, and for a date that the calendar does not have.

    >>> partial_date("2020-02-29")
    '2020-02-29'
    >>> partial_date("2019-02-29")
    Traceback (most recent call last):
    ValueError: no such date: 2019-02-29
    """
    if not re.fullmatch(_PARTS, text):
        raise ValueError(f"must be a date such as 2020, 2020-05 or 2020-05-31; found {text!r}")
    try:
        date.fromisoformat(text + "-01-01"[len(text) - 4 :])
    except ValueError:
        raise ValueError(f"no such date: {text}") from None
    return text


def impossible_dates(text: str) -> list[str]:
    """Dates in a text that the calendar does not have.

    >>> impossible_dates("2019-01-01 (ready agencies)"), impossible_dates("before 2019-06-31")
    ([], ['2019-06-31'])
    """
    wrong = []
    for part in re.findall(rf"(?<![\w/-]){_PARTS}(?![\w/-])", text):
        try:
            partial_date(part)
        except ValueError:
            wrong.append(part)
    return wrong


def last_day(text: str) -> date:
    """The last day of a date that may lack its day, or month and day.

    >>> last_day("2020-02"), last_day("2020"), last_day("2020-05-07")
    (datetime.date(2020, 2, 29), datetime.date(2020, 12, 31), datetime.date(2020, 5, 7))
    """
    year, month, day = (*map(int, text.split("-")), 0, 0)[:3]
    return date(year, month or 12, day or monthrange(year, month or 12)[1])


def earliest(text: str) -> str:
    """The earliest date that a text may mean, without its day or month where it names none, to compare as text.

    >>> earliest("2025 (July/Aug)"), earliest("2023-04 (early April)"), earliest("2013 (day not shown)")
    ('2025-07', '2023-04', '2013')
    """
    (found,) = re.findall(rf"^{_PARTS}", text) or [""]
    months = [number for number, name in enumerate(month_abbr) if name and name in text]
    return f"{found}-{months[0]:02}" if len(found) == 4 and months else found


def last_whole_year(day: date) -> int:
    """The last year that is whole when a day is over.

    >>> last_whole_year(date(2025, 6, 30)), last_whole_year(date(2021, 12, 31))
    (2024, 2021)
    """
    return day.year - ((day.month, day.day) != (12, 31))


def _day(value: object) -> object:
    if isinstance(value, str) and not re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        raise ValueError(f"must be a day such as 2020-03-31; found {value!r}")
    return partial_date(value) if isinstance(value, str) else value


# Types of fields: a whole date, and a text that is a date or empty.
Day = Annotated[date, BeforeValidator(_day)]
PartialDate = Annotated[str, AfterValidator(lambda text: text and partial_date(text))]
