"""Everything that an ingestion reports of a file, by code, so that the account can be in either language.

A remark or a reason for a doubt is a pair of a code and the fields of its message; it crosses processes as JSON.
"""

import re
from collections.abc import Callable

Remark = tuple[str, dict]
_PLACES = {"table": "bảng", "row": "dòng", "sheet": "trang tính", "line": "dòng"}

MESSAGES = {
    # what was seen and done, nothing to decide
    "encoding": "{place}: text in {encoding}, converted to Unicode",
    "separator": "{place}: cells separated by {mark}",
    "rows_limit": "{place}: only the first {most} rows are read",
    "columns_limit": "{place}: only the first {most} columns are read",
    "sheets_limit": "{place}: only the first {most} sheets are read",
    "hidden": "{place}: hidden, read like the others",
    "hidden_rows": "{place}: rows that are hidden, read like the others: {which}",
    "hidden_columns": "{place}: columns that are hidden, read like the others: {which}",
    "macros": "{place}: has macros; they are neither run nor kept",
    "links": "{place}: has links to other files; they are not followed",
    "deleted": "{place}: has tracked changes; what is marked as deleted is left out",
    "rounded": "{place}: the cell holds {stored}, shown and read as {shown}",
    "shown_as": "{place}: the cell shows «{shown}» and holds {read}, read as {read}",
    "head_rows": "{place}: headings over {n} rows",
    "head_repeated": "{place}: the heading is repeated after a page break",
    "level_row": "{place}: «{level}» stands in a row of its own; put into the cell of the row before",
    "row_joined": "{place}: goes on with the row before; put together",
    "table_joined": "{place}: goes on with the form in {first}",
    "tables_joined": "{place}: {n} tables of one report, put together",
    "numbers_jump": "{place}: the numbers of the rows jump: {gaps}",
    "percent_unit": "{place}: {printed} read as {read}, as the form gives the unit as %",
    "rescaled": "{place}: «{printed}» is read as {read}",
    "group": "{place}: the columns stand under «{group}»",
    "column_aside": "{place}: column «{heading}» is no period and is left out",
    "plan_row": "{place}: «{words}» is a plan, no result; its figures are left out",
    "plan_column": "{place}: column «{heading}» is a plan, no result; it is left out",
    # why something is doubtful
    "words": "words that differ: {words}",
    "number_only": "only the number agrees; the words differ much",
    "low": "the score is below {least}",
    "rival": "«{name}» is as near",
    "number_of": "the number {number} belongs to «{name}»",
    "number": "the number is {number}, the catalogue has {expected}",
    "twice": "«{name}» has another row: {place}",
    "overlap": "another place has another figure of this cell: {others}",
    "line": "stands in a line of its own beside the result of the row: it may be a plan, or a share of it",
    "elsewhere": "stands in a table that is not read as a part of the form",
    "told": "told by the mapping file",
    "heading": "the period cannot be read; expected «Năm 2019», «Quý I/2019» or «Năm 2019 (Tính đến 31/3)»",
    "premature": "the period ends on {end}, the report was signed by {issued}",
    "undated": "«{heading}» names no period; this one is named by the sheet, above the table or in the title",
    "title": "the title names «{named}», a part of this period",
    "day": "a day alone does not say since when flows are counted; taken as the end of what is counted since 1 January",
    "period": "the text names another period than the headings, {years}",
    "unreadable": "the cell cannot be read as a figure of this row",
    "unit": "the form gives the unit as «{unit}», the indicator is counted in «{own}»",
    "unit_title": "figures may be in thousands; where they are not, answer - and they are read as printed",
    "fraction": "at most 1 where the form gives the unit as %: 0.9 may stand for 90 %",
    "merged": "merged with its neighbours: it cannot be told which of them it belongs to",
    "uncomputed": "a formula without a stored result: open the workbook, let it compute, save it",
    "formula_error": "a formula that ended in an error",
    "unformatted": "a number whose format is unknown (.xls): it may be shown as a percentage; save the file as .xlsx",
    "raised": "ends in digits, in an .xls with raised characters: the last digit may be a footnote's marker",
    "unstored": "a value that the workbook does not hold in readable form",
    "format": "a number format that shows something else than the number (divided, in words, not at all)",
    "struck": "crossed out",
    "direction": "holds marks that change the order in which its characters are seen",
}


def remark(code: str, **fields: object) -> Remark:
    """A remark; the code must be one of `MESSAGES`."""
    assert code in MESSAGES, code
    return code, {name: str(value) for name, value in fields.items()}


def in_words(entry: Remark, translate: Callable[..., str]) -> str:
    """The remark in words."""
    code, fields = entry
    return translate(MESSAGES[code], **fields) if fields else translate(MESSAGES[code])


def placed(text: str, language: str) -> str:
    """A place, or a remark that names one, with the words for tables and rows of a language.

    >>> placed("a.docx, table 1, row 4", "vi")
    'a.docx, bảng 1, dòng 4'
    """
    if language == "en":
        return text
    return re.sub(rf"(?<=, |.\()({'|'.join(_PLACES)})(?= )", lambda match: _PLACES[match[1]], text)
