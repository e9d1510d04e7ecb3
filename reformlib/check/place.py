"""Which figures of the annex a place means, as pages, tables and checks print it, or the name of a series."""

from reformlib import locale
from reformlib.check.annex import each_series
from reformlib.load.cache import cached_by_owner
from reformlib.load.report import Report

Cell = tuple[str, str, str]  # indicator, period, level, as `what_if` has them

# what a part of a place names: the annex, a row of it, a series by its code or name, a category, a period
ANNEX, ROW, SERIES, LEVEL, PERIOD = range(5)


def cells_at(report: Report, place: str) -> list[Cell]:
    """The figures at a place, in the order of the annex, those of each part of it after those of the one before; of a
    row without a period all of it. Nothing of what is no place of the annex.

    >>> from reformlib.load.report import load_report
    >>> report = load_report("tra-vinh-2020")
    >>> cells_at(report, "Annex 7, rows 7–9, 2019; row 11, level 4, 2017")[2:]
    [('portals', '2019', ''), ('online_services_used', '2017', '4')]
    >>> cells_at(report, "online_services_used:3, 2019") == cells_at(report, "Phụ lục 7, dòng 11, mức độ 3, năm 2019")
    True
    >>> len(cells_at(report, "Chữ ký số")), cells_at(report, "II.6.1.b")
    (6, [])
    """
    found: dict[Cell, None] = {}
    for piece in place.casefold().split(";"):
        named = _parts(report, piece.strip())
        if not named or not any(kind < LEVEL for kind, _ in named):
            return []
        rows, keys, levels, periods = (
            {what for kind, what in named if kind == one} for one in (ROW, SERIES, LEVEL, PERIOD)
        )
        every = not rows and not keys
        for *key, period in report.observations[["indicator", "level", "period"]].itertuples(index=False, name=None):
            of = tuple(key)
            there = every or of in keys or report.catalogue.row_of(*of) in rows
            if there and (not levels or of in levels) and (not periods or period in periods):
                found[of[0], period, of[1]] = None
    return list(found)


def _parts(report: Report, piece: str) -> list[tuple[int, object]]:
    """What the parts of a piece of a place name, ranges told one by one; empty where one names nothing."""
    known, order = _known(report)
    named, parts = [], piece.split(", ")
    while parts:
        count = next((n for n in range(len(parts), 0, -1) if _named(known, order, ", ".join(parts[:n]))), 0)
        if not count:
            return []
        named += _named(known, order, ", ".join(parts[:count]))
        parts = parts[count:]
    return named


def _named(known: dict[str, list[tuple[int, object]]], order: dict[int, list], words: str) -> list[tuple[int, object]]:
    """What one part of a place names; a range of rows or periods all that lie in it."""
    first, _, last = words.partition("–")
    if words in known or first not in known or last not in known:
        return known.get(words, [])
    (kind, begin), (alike, end) = known[first][0], known[last][0]
    run = order.get(kind, [])
    return [(kind, one) for one in run[run.index(begin) : run.index(end) + 1]] if run and kind == alike else []


@cached_by_owner
def _known(report: Report) -> tuple[dict[str, list[tuple[int, object]]], dict[int, list]]:
    """What words name, and the rows and periods in their order."""
    form, periods = report.catalogue, report.headings
    known: dict[str, list[tuple[int, object]]] = {}

    def know(kind: int, what: object, *words: str) -> None:
        for word in words:
            if (kind, what) not in (told := known.setdefault(word.casefold(), [])):
                told.append((kind, what))

    for language in locale.LANGUAGES:
        _ = locale.translator(language)
        know(ANNEX, None, report.meta.text("annex", language), "annex.csv")
        for row in form.rows:
            know(ROW, row, row, _("row {row}", row=row), _("rows {row}", row=row))
        for indicator, level in (one.key for one in each_series(report)):
            name = form.rows_by("indicators", "indicator")[indicator]
            names = (indicator, name[f"name_{language}"], name[f"short_{language}"])
            know(SERIES, (indicator, level), *names)
            if level:
                category = form.level_names[indicator][level][f"name_{language}"]
                know(LEVEL, (indicator, level), category)
                know(SERIES, (indicator, level), f"{indicator}:{level}", *(f"{one}, {category}" for one in names))
        for indicator, levels in form.level_names.items():
            *first, last = (levels[level][f"name_{language}"] for level in levels)
            for level in levels if first else ():  # of the sum that pages project
                know(LEVEL, (indicator, level), _("{first} and {last}", first=", ".join(first), last=last))
        for heading, one in periods.items():
            name = locale.period_name(one.code, language)
            know(PERIOD, one.code, one.code, heading, name, _("{years}", years=name))
    order = {ROW: [*form.rows], PERIOD: [one.code for one in periods.values()]}
    return known, order
