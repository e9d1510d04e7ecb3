"""Progress as published methods judge it, and where they disagree on the same facts."""

import pandas as pd

from reformlib.load.evidence import Evidence
from reformlib.load.rows import each_row, firsts, grouped
from reformlib.measure.methods import FACTS, METHODS, STORIES, TOLD
from reformlib.measure.pace import CAGR_RULES
from reformlib.present.findings import lettered, qualified
from reformlib.present.gaps.judged import falls, from_the_worst, target_unit
from reformlib.present.html import Fragment, Shown, bullets, join, paragraph, tag
from reformlib.present.page import Page
from reformlib.present.table import Column, Remarks, table

LINEAR, OTHERS = 1.0, 0.95  # the ratios of progress that rule sets ask for


def methods_table(page: Page, judged: pd.DataFrame) -> Fragment:
    """The same facts under every rule set. `judged` is what gaps.progress_table gave."""
    if judged.empty:
        none = "The methods judge no target: none has figures over whole years whose pace no check objects to."
        return paragraph(page._(none))
    rows = judged[judged["told"] == "done"].sort_values(["target_year", "target_id"], kind="stable")
    unique = ["indicator", "level", "target", "target_year", "rule_set"]
    # a rule set that says itself where it starts has no row of the comparable figures where those leave zeros out
    first = rows.sort_values("facts", kind="stable").drop_duplicates(unique)  # comparable, then from_zero
    first = first.sort_values(["target_year", "target_id"], kind="stable")
    wide = [{row.rule_set: row for row in same} for same in grouped(each_row(first), _target).values()]
    remarks = Remarks()
    others = rows[(rows["facts"] == "from_zero") & (rows["rule_set"] == "linear") & rows["value"].notna()]
    others = {_target(row): row for row in each_row(others)}

    def otherwise(r):
        row = others.get(_target(r["linear"]))
        if row is None:
            return "–"
        text = f"{page.number(row.value, 2, (LINEAR,))}: {page._(row.label)} ({_facts(page, row)})"
        return Shown(text, _judged_evidence(row))

    def cagr(r):
        first, second = r["statcan-2025"], r["eurostat-2026"]
        if not first.label or pd.isna(first.value):
            return _judgement(page, first)
        words = "; ".join(f"{page._(one.label)}, {_method(page, one.rule_set)}" for one in (first, second))
        return Shown(f"{_ratio(page, first)}: {words}", _judged_evidence(first))

    columns = [
        Column(page._("Target"), lambda r: _named(page, r["linear"], remarks)),
        Column(page._("Linear path"), lambda r: _judgement(page, r["linear"])),
        *([Column(page._("Linear path on other figures"), otherwise)] if others else []),
        Column(page._("Compound growth"), cagr),
        Column("Destatis", lambda r: _judgement(page, r["destatis"])),
        Column(page._("UN Progress Chart"), lambda r: _judgement(page, r["un-progress-chart-2023"])),
    ]
    caption = page._("Progress by each published method, on the comparable figures")
    note = page._(
        "The number is the method's own measure: a ratio of progress made to progress needed, for Destatis the "
        "part of the open gap that the trend leaves. The verdict does not rest on these. Linear path and compound "
        "growth start at the first figure above zero; Destatis and the UN Progress Chart start where their own "
        "rules say, also at 0. The linear path asks for 1, compound growth and the UN chart for 0.95: values "
        "between the two differ by the threshold only."
    )
    told = rows.drop_duplicates(["indicator", "target_id"])
    note = from_the_worst(page, note, told.assign(unit=[target_unit(page, row) for row in each_row(told)]))
    place = "targets.csv, {}".format
    return table(page, wide, columns, caption, lambda r: place(r["linear"].target_id), note=note, remarks=remarks)


def disagreements(page: Page, judged: pd.DataFrame) -> Fragment:
    """Where rule sets tell different stories on the same facts, as sentences and as a table."""
    if judged.empty:
        return Fragment(tag("div"))  # the table of the methods says so
    judged = judged.sort_values(["target_year", "target_id"], kind="stable")
    unique = judged.drop_duplicates(["indicator", "level", "target", "target_year", "facts", "told", "rule_set"])
    groups = grouped(each_row(unique), lambda row: (*_target(row), row.facts))
    findings = [group for group in groups.values() if any(row.disagree for row in group)]
    if not findings:
        return paragraph(page._("No method tells another story than the linear path."))

    def other(group):
        # a method that is blind to the telling speaks once
        rows = firsts((r for r in group if r.disagree), lambda r: (r.rule_set, str(round(r.value, 9)), r.story))
        fields = (f"{_method(page, r.rule_set)}, {page._(TOLD[r.told])}: {_judged_so(page, r, ', ')}" for r in rows)
        inputs = {f"{r.rule_set}, {r.told}": _judged_evidence(r) for r in rows}
        return Shown(bullets(fields), Evidence(None, "", rule="gaps.progress_table", inputs=inputs))

    def linear(group):
        row = _done(group, "linear")
        return Shown(_judged_so(page, row, ": "), _judged_evidence(row))

    remarks = Remarks()
    columns = [
        Column(page._("Target"), lambda g: _named(page, next(row for row in g if row.told == "done"), remarks)),
        Column(page._("Figures used"), lambda g: _facts(page, g[0])),
        Column(page._("Linear path"), linear),
        Column(page._("Judgements that differ"), other),
    ]
    caption = page._("Where the methods disagree on the same facts")
    shown = table(page, findings, columns, caption, lambda g: f"targets.csv, {g[0].target_id}", remarks=remarks)
    sentences = _other_start(page, judged), _told_two_ways(page, findings), _two_methods(page, findings)
    return join(*(tag("p", text) for text in sentences if text), shown)


def _other_start(page: Page, judged: pd.DataFrame) -> str:
    """The sentence on targets that the linear path judges otherwise when it starts at the first figure, 0."""
    linear = list(each_row(judged[(judged["rule_set"] == "linear") & (judged["told"] == "done")]))
    slow = {_target(row) for row in linear if (row.facts, row.story) == ("from_zero", "behind")}
    enough = [row for row in linear if (row.facts, row.story) == ("comparable", "on_track")]
    changed = [row for row in enough if _target(row) in slow and not falls(page, row)]
    # targets of equal value and year are told once
    same = {(row.indicator, row.level, row.target, row.target_year): row for row in reversed(changed)}
    names = "; ".join(_judged_name(page, row) for row in reversed(same.values()))
    text = (
        "Counted from the first figure, which is 0, the linear path finds too slow what it finds fast enough from the "
        "first figure above zero: {names}."
    )
    return page._(text, names=names) if names else ""


def _told_two_ways(page: Page, findings: list[list]) -> str:
    """The sentence on a share told as done and as not done, from the first case in which the stories differ."""
    for group in findings:
        two = {row.told: row for row in group if row.rule_set == CAGR_RULES and row.story != "silent"}
        if len(two) == 2 and two["done"].story != two["not_done"].story:
            done, rest = two["done"], two["not_done"]
            fields = _in_words(page, done) | {"done": _ratio(page, done), "left": _ratio(page, rest)}
            fields |= {"other": page._(STORIES[rest.story]), "linear": _ratio(page, _done(group, "linear"))}
            text = page._(
                "{name}, {facts}: the compound growth of the share as reported gives a ratio of {done}, {story}; the "
                "same facts told as the rest to 100% give {left}, {other}. The linear path gives {linear} either way.",
                **fields,
            )
            return qualified(page, text, _used(done))
    return ""


def _in_words(page: Page, row) -> dict[str, str]:
    """A judgement to fill sentences with: its target, the figures it is given, its story."""
    return {"name": _judged_name(page, row), "facts": _facts(page, row), "story": page._(STORIES[row.story])}


def _two_methods(page: Page, findings: list[list]) -> str:
    """The sentence on compound growth against the linear path, from the case in which they lie furthest apart."""
    pairs = [(_done(group, "linear"), _done(group, CAGR_RULES)) for group in findings]
    pairs = [(linear, cagr) for linear, cagr in pairs if cagr.disagree]
    if not pairs:
        return ""
    linear, cagr = max(pairs, key=lambda pair: abs(pair[1].value - pair[0].value))
    by_threshold = (linear.value >= OTHERS) == (cagr.value >= OTHERS)
    fields = _in_words(page, linear) | {"linear": _ratio(page, linear), "cagr": _ratio(page, cagr)}
    fields |= {"other": page._(STORIES[cagr.story]), "asked": page.number(LINEAR), "lower": page.number(OTHERS)}
    text = page._(
        "{name}, {facts}: the linear path gives {linear}, {story}; compound growth gives {cagr}, {other}. The linear "
        "path asks for {asked}, compound growth for {lower}; by one threshold the two would agree."
        if by_threshold
        else "{name}, {facts}: the linear path gives {linear}, {story}; compound growth gives {cagr}, {other}, because "
        "it asks for the same rate of change every year, not for the same number of points.",
        **fields,
    )
    return qualified(page, text, _used(linear))


def _facts(page: Page, row) -> str:
    """Which figures a method is given: `FACTS` in words."""
    if row.facts == "from_zero" and falls(page, row):
        return page._("from the first figure, which is 100%")
    return page._(FACTS[row.facts])


def _target(row) -> tuple:
    return row.indicator, row.level, row.target_id


def _used(row) -> tuple:
    """What a method makes of the series of a target, as :func:`reformlib.check.caveats.caveats` takes it."""
    return [(row.indicator, level) for level in row.level.split("+")], "pace", row.base_as_of, row.as_of


def _done(group: list, rule_set: str):
    """The judgement of a rule set on the figures as reported."""
    return next(row for row in group if (row.rule_set, row.told) == (rule_set, "done"))


def _judged_so(page: Page, row, between: str) -> str:
    """The ratio, where there is one, and the story that a rule set tells."""
    ratio = "" if pd.isna(row.value) else _ratio(page, row) + between
    return ratio + page._(STORIES[row.story])


def _ratio(page: Page, row) -> str:
    """A ratio to two decimals, more where it would read as the one asked for; above ten it says no more than that."""
    asked = LINEAR if row.rule_set == "linear" else OTHERS
    return f"> {page.number(10)}" if row.value > 10 else page.number(row.value, 2, (asked,))


def _method(page: Page, rule_set: str) -> str:
    return f"{page._(METHODS[rule_set])} ({rule_set})"


def _judged_name(page: Page, row) -> str:
    name = page.series_name(row.indicator, row.level)
    target = row.target if row.told == "done" else 100 - row.target
    return f"{name}: {page.quantity(target, target_unit(page, row))} ({page.year(row.target_year)})"


def _named(page: Page, row, remarks: Remarks) -> str:
    """The target that a row is about, and what checks have against its figures."""
    return _judged_name(page, row) + lettered(page, remarks, *_used(row))


def _judged_evidence(row) -> Evidence:
    inputs = {name: Evidence(getattr(row, name), "%", rule="gaps.target_series") for name in ("base", "current")}
    place, rule = (f"targets.csv, {row.target_id}", "") if row.told == "done" else ("", "gaps.progress_table")
    inputs["target"] = Evidence(row.target, "%", place=place, rule=rule)
    return Evidence(row.value, "", rule=f"gaps.progress_table: {row.rule_set}", inputs=inputs)


def _judgement(page: Page, row):
    if row.story == "silent":
        return page._(row.reason)
    if pd.isna(row.value):
        return page._(row.label)
    return Shown(f"{page.number(row.value, 2, (LINEAR,))}: {page._(row.label)}", _judged_evidence(row))
