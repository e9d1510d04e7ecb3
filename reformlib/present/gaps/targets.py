"""Lists of the official targets: which differ, which cannot be judged, how many there are, where they stand."""

import re
from functools import partial

import pandas as pd
from markupsafe import Markup

from reformlib.check.finding import SHARE
from reformlib.load.rows import each_row, grouped
from reformlib.locale import messages
from reformlib.measure.gaps import JUDGED, REASONS, VERDICTS, gaps
from reformlib.present.findings import lettered
from reformlib.present.gaps import judged
from reformlib.present.html import Fragment, bullets, language_of, paragraph, tag
from reformlib.present.page import Page
from reformlib.present.table import Column, Remarks, field_column, folded, table

# an address, or a file of a repository as `github:owner/name@commit:path`
_ADDRESS = re.compile(r"https://(?P<site>[^\s/;()]+)[^\s;()]*|github:(?P<repository>[^\s@]+)@(?P<path>[^\s;()]+)")


def conflicts(page: Page, rows: pd.DataFrame) -> Fragment:
    """Targets that give one indicator different values for one year. `rows` is what gaps.conflicts gave."""
    if rows.empty:
        return paragraph(page._("No two targets give one indicator different values for one year."))

    def value(r):
        unit = judged.target_unit(page, r)
        return page.cell(r.target, unit, text=judged.at_least(page, r, unit), place=f"targets.csv, {r.target_id}")

    remarks, taken = Remarks(), gaps(page.report).drop_duplicates(["target_id", "indicator"])
    figures = {(row.target_id, row.indicator): row for row in each_row(taken)}

    def told(r):
        shown, row = judged.verdict(page, r.verdict), figures[r.target_id, r.indicator]
        if r.verdict not in JUDGED:
            return shown
        use = "figure" if pd.notna(row.value) else SHARE  # of another base the verdict is that of a share
        return tag("span", shown, lettered(page, remarks, *judged.used(row, use)))

    columns = [
        Column(page._("Indicator and year"), lambda r: f"{page.series_name(r.indicator, '')}, {r.target_year}"),
        Column(page._("Target"), value, True),
        Column(page._("Wording"), lambda r: page.wording(r.target_id)),
        Column(page._("Instrument"), lambda r: f"{page.instrument(r.instrument)} ({r.target_id})"),
        field_column(page, "gaps", "verdict", told),
    ]
    caption = page._("Targets for one indicator and year that differ")
    note = page._(
        "Unconfirmed targets are shown only; no figure rests on them. Targets may count "
        "different things, and shares of different totals."
    )
    return table(page, rows, columns, caption, lambda r: f"targets.csv, {r.target_id}", note=note, remarks=remarks)


def form_notes(page: Page) -> Fragment:
    """What a reader has to know of the rows of the form, in its own words."""
    notes = getattr(page.catalogue.form, f"notes_{page.language}")
    return Fragment(tag("div", bullets(notes, none="")))


def unassessed(page: Page, rows: pd.DataFrame) -> Fragment:
    """Targets that bear on an indicator of the form and cannot be judged, grouped by reason."""
    about = rows[~rows["verdict"].isin(JUDGED) & (rows["indicator"] != "")]
    if about.empty:
        all_judged = (rows["indicator"] != "").any()
        text = "Every target that bears on the form can be judged." if all_judged else "No target bears on the form."
        return paragraph(page._(text))
    order = page.catalogue.by_indicator["form_row"]
    about = about.assign(form_row=about["indicator"].map(order), rank=about["verdict"].map(list(VERDICTS).index))
    about = about.sort_values(["rank", "reason", "form_row", "target_id"], key=page.catalogue.in_order)
    groups = grouped(each_row(about), lambda r: r.reason)

    def listed(group):
        named = grouped(group, lambda r: r.indicator)
        told_of = {page.series_name(code, ""): Markup("; ").join(map(told, same)) for code, same in named.items()}
        return bullets(Markup("{}: {}").format(name, texts) for name, texts in told_of.items())

    def told(r):
        year = "" if pd.isna(r.target_year) else f"{r.target_year}, "
        return Markup("{} ({}{})").format(page.wording(r.target_id), year, _anchor(r.target_id))

    columns = [
        Column(page._("Why"), lambda g: _why(page, g[0].reason)),
        Column(page._("Indicators and targets"), listed),
    ]
    caption = page._("Targets that cannot be judged by the row of the form that they bear on, and why")
    return table(page, groups.values(), columns, caption, _places)


def _why(page: Page, reason: str) -> str:
    return "; ".join(page.words(reason, REASONS, "reason"))


def _places(group: list) -> str:
    return "targets.csv, " + ", ".join(row.target_id for row in group)


def counted(page: Page, rows: pd.DataFrame) -> Fragment:
    """All targets counted by what they may be used for, and by why they cannot be judged."""
    each = judged.by_target(rows)
    each = each.assign(reason=each["reason"].where(each["value"].isna(), ""))
    groups = list(grouped(each_row(each), lambda r: (r.verdict, r.reason)).values())
    groups.sort(key=lambda g: (list(VERDICTS).index(g[0].verdict), -len(g)))

    def count(holds, g):
        ids = ", ".join(r.target_id for r in g)
        return page.cell(sum(map(holds, g)), "targets", rule=f"gaps.gaps: {ids}")

    columns = [
        Column(page._("Verdict"), lambda g: judged.verdict(page, g[0].verdict)),
        Column(page._("Why"), lambda g: _why(page, g[0].reason) or page._("compared with a figure")),
        Column(page._("Targets"), partial(count, lambda r: True), True),
        Column(page._("of these bearing on the form"), partial(count, lambda r: r.indicator != ""), True),
    ]
    caption = page._("Official targets by verdict and reason")
    return table(page, groups, columns, caption, _places, note=_set_after_unit(page, each))


def _set_after_unit(page: Page, each: pd.DataFrame) -> str:
    """Which of some targets were set when the unit was there no more."""
    if not (late := judged.late(page, each["target_id"])):
        return ""
    day, name = page.day(page.report.meta.exists_until), page.ended
    text = (
        "{n} of them ({targets}) were set after {day}, when {name} had become part of another: they are asked of its "
        "successor and show what lies ahead."
    )
    return page._(text, n=len(late), targets=", ".join(late), day=day, name=name)


def target_sources(page: Page, rows: pd.DataFrame) -> Fragment:
    """The targets that drive a figure: wording, article, whom they bind, and how well each is evidenced."""

    def article(r):
        section = _free(page, r.section.replace("[unverified]", "").strip())
        unverified = f" ({page._('article not verified')})" if "[unverified]" in r.section else None
        return tag("span", page.instrument(r.instrument), "; ", section, unverified)

    def fit(r):
        texts = [_free(page, text) for text in dict.fromkeys(link.mapping_quality for link in fits[r.id])]
        return texts[0] if len(texts) == 1 else bullets(texts)

    def evidence(r):
        return tag("span", _free(page, r.evidence_grade or r.evidence), ": ", sources(r.source))

    if rows.empty:
        return judged.nothing_judged(page)
    used = page.catalogue.targets[page.catalogue.targets["id"].isin(rows["target_id"])]
    driving = set(zip(rows["target_id"], rows["indicator"], strict=True))
    links = (link for link in each_row(page.catalogue.target_mapping) if (link.target, link.indicator) in driving)
    fits = grouped(links, lambda link: link.target)
    columns = [
        field_column(page, "targets.csv", "target", lambda r: tag("span", _anchor(r.id), ": ", page.text(r, "target"))),
        Column(page._("Instrument and article"), article),
        field_column(page, "targets.csv", "scope", lambda r: _free(page, r.scope)),
        field_column(page, "target_mapping.csv", "mapping_quality", fit),
        field_column(page, "targets.csv", "evidence", evidence),
    ]
    caption = page._("The targets behind the figures and their evidence")
    return table(page, used, columns, caption, lambda r: f"targets.csv, {r.id}")


def other_targets(page: Page, rows: pd.DataFrame) -> Fragment:
    """The targets of the page whose wording stands in none of its other tables, and where each was seen: those that no
    row of the form is about, and those judged whatever they are a share of."""
    each = judged.by_target(rows)
    named = (each["verdict"] == "not_assessable") | each["target_id"].isin(judged.late(page, each["target_id"]))
    missing = (each["indicator"] == "") & named
    each = each[missing | (each["verdict"].isin(JUDGED) & each["value"].isna())].sort_values("target_id")
    seen = page.catalogue.rows_by("targets", "id")

    def instrument(row):
        return page.instrument(row.instrument) + ("" if pd.isna(row.target_year) else f" ({int(row.target_year)})")

    columns = [
        Column(page._("Target"), lambda r: tag("span", _anchor(r.target_id), ": ", page.wording(r.target_id))),
        Column(page._("Instrument"), instrument),
        Column(page._("Source"), lambda r: sources(seen[r.target_id]["source"])),
    ]
    caption = page._("Other targets that this page names")
    place, none = "targets.csv, {}".format, page._("none")
    shown = table(page, each, columns, caption, lambda r: place(r.target_id), fold=False, stack=False, none=none)
    return folded(page, shown, printed=False)


def _anchor(target: str) -> Markup:
    """The code of a target where its wording stands: every other mention of it on the page leads here."""
    return tag("span", target, id=target, class_="code")


def sources(text: str) -> Markup | str:
    """The addresses where a target was seen, as links by the name of their site or repository."""
    links = [tag("a", found["site"] or found["repository"], href=_address(found)) for found in _ADDRESS.finditer(text)]
    return Markup("; ").join(dict.fromkeys(links)) or "–"


def _address(found: re.Match) -> str:
    if found["site"]:
        return found[0].rstrip(".,")
    return f"https://github.com/{found['repository']}/blob/{found['path'].replace(':', '/', 1)}"


def _free(page: Page, text: str):
    """Free text of the tables of targets: in the page's language where words.csv has it, else in its own and marked."""
    if known := page.catalogue.rows_by("words", "text_en").get(text):
        return known[f"text_{page.language}"]
    if translated := messages(page.language).get(text):
        return translated
    return page.quoted(text, language_of(text))
