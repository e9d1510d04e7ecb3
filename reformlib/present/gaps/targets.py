"""Lists of the official targets: which differ, which cannot be judged, how many there are, where they stand."""

from __future__ import annotations

import pandas as pd

from reformlib.load.evidence import Evidence
from reformlib.load.rows import each_row
from reformlib.locale import messages
from reformlib.measure import gaps as gap_rules
from reformlib.present.gaps.judged import nothing_judged, verdict
from reformlib.present.html import Fragment, Shown, bullets, paragraph, tag
from reformlib.present.page import Page
from reformlib.present.table import Column, table


def conflicts(page: Page, rows: pd.DataFrame) -> Fragment:
    """Targets that give one indicator different values for one year. `rows` is what gaps.conflicts gave."""
    if rows.empty:
        return paragraph(page._("No two targets give one indicator different values for one year."))
    wording = page.catalogue.targets.set_index("id")[f"target_{page.language}"]

    def value(r):
        sign = {">=": "≥ ", "<=": "≤ ", "=": ""}.get(r.comparator, f"{r.comparator} ")
        text = tag("span", f"{sign}{page.quantity(r.target, '%')}", class_="date")  # on one line
        return Shown(text, Evidence(r.target, "%", place=f"targets.csv, {r.target_id}"))

    return table(
        page,
        each_row(rows),
        [
            Column(page._("Indicator and year"), lambda r: f"{page.series_name(r.indicator, '')}, {r.target_year}"),
            Column(page._("Target"), value, True),
            Column(page._("Wording"), lambda r: wording[r.target_id]),
            Column(page._("Instrument"), lambda r: f"{page.instrument(r.instrument)} ({r.target_id})"),
            Column(page._("Verdict"), lambda r: verdict(page, r.verdict)),
        ],
        caption=page._("Targets for one indicator and year that differ"),
        origin=lambda r: f"targets.csv, {r.target_id}",
        note=page._(
            "Unconfirmed targets are shown only; no figure rests on them. Services, procedures and "
            "dossiers are different bases, and levels differ."
        ),
    )


def unassessed(page: Page, rows: pd.DataFrame) -> Fragment:
    """Targets that bear on an indicator of the form and cannot be judged, grouped by reason."""
    wording = dict(zip(page.catalogue.targets["id"], page.catalogue.targets[f"target_{page.language}"], strict=True))
    order = page.catalogue.indicators.set_index("indicator")["form_row"]
    about = rows[rows["value"].isna() & (rows["indicator"] != "")]
    if about.empty:
        return paragraph(page._("Every target that bears on the form can be judged."))
    about = about.assign(
        form_row=about["indicator"].map(order), rank=about["verdict"].map(list(gap_rules.VERDICTS).index)
    ).sort_values(["rank", "reason", "form_row", "target_id"])
    groups = [group for _key, group in about.groupby("reason", sort=False)]

    def listed(group):
        named: dict[str, list[str]] = {}
        for r in each_row(group):
            named.setdefault(r.indicator, []).append(f"{wording[r.target_id]} ({_year(r)}{r.target_id})")
        items = (f"{page.series_name(code, '')}: {'; '.join(told)}" for code, told in named.items())
        return bullets(items)

    return table(
        page,
        groups,
        [
            Column(page._("Why"), lambda g: page._(gap_rules.REASONS[g["reason"].iloc[0]])),
            Column(page._("Verdict"), lambda g: verdict(page, g["verdict"].iloc[0])),
            Column(page._("Indicators and targets"), listed),
        ],
        caption=page._("Targets that bear on the form and cannot be judged by this report, and why"),
        origin=lambda g: "targets.csv, " + ", ".join(g["target_id"]),
    )


def _year(row) -> str:
    return "" if pd.isna(row.target_year) else f"{row.target_year}, "


def counted(page: Page, rows: pd.DataFrame) -> Fragment:
    """All targets counted by what they may be used for, and by why they cannot be judged."""
    first = rows.sort_values("value", na_position="last").drop_duplicates("target_id")
    groups = [
        (verdict_code, reason, group["target_id"].tolist(), int((group["indicator"] != "").sum()))
        for (verdict_code, reason), group in first.assign(
            reason=first["reason"].where(first["value"].isna(), "")
        ).groupby(["verdict", "reason"], sort=False)
    ]
    order = list(gap_rules.VERDICTS)
    groups.sort(key=lambda g: (order.index(g[0]), -len(g[2])))

    def count(value, ids):
        return Shown(page.number(value), Evidence(float(value), "targets", rule="gaps.gaps: " + ", ".join(ids)))

    return table(
        page,
        groups,
        [
            Column(page._("Verdict"), lambda g: verdict(page, g[0])),
            Column(
                page._("Why"), lambda g: page._(gap_rules.REASONS[g[1]]) if g[1] else page._("compared with a figure")
            ),
            Column(page._("Targets"), lambda g: count(len(g[2]), g[2]), True),
            Column(page._("of these bearing on the form"), lambda g: count(g[3], g[2]), True),
        ],
        caption=page._("Official targets by verdict and reason"),
        origin=lambda g: "targets.csv, " + ", ".join(g[2]),
    )


def target_sources(page: Page, rows: pd.DataFrame) -> Fragment:
    """The targets that drive a figure: wording, article, whom they bind, and how well each is evidenced."""

    def article(r):
        unverified = "[unverified]" in r.section
        said = [
            page.instrument(r.instrument),
            _free(page, r.section.replace("[unverified]", "").strip()),
        ]
        return tag("span", said[0], "; ", said[1], f" ({page._('article not verified')})" if unverified else None)

    if rows.empty:
        return nothing_judged(page)
    used = page.catalogue.targets[page.catalogue.targets["id"].isin(rows["target_id"])]
    return table(
        page,
        each_row(used),
        [
            Column(page._("Target"), lambda r: f"{r.id}: {page.text(r, 'target')}"),
            Column(page._("Instrument and article"), article),
            Column(page._("Binds"), lambda r: _free(page, r.scope)),
            Column(page._("Fits the indicator"), lambda r: _free(page, r.mapping_quality)),
            Column(page._("Evidence"), lambda r: _free(page, r.evidence_grade or r.evidence)),
        ],
        caption=page._("The targets behind the figures and their evidence"),
        origin=lambda r: f"targets.csv, {r.id}",
    )


def _free(page: Page, text: str):
    """Free text of the catalogue: translated where it is known, else in its own language and marked so."""
    known = messages(page.language).get(text)
    if known:
        return known
    vietnamese = any(letter.isalpha() and not letter.isascii() for letter in text)
    return page.quoted(text, "vi" if vietnamese else "en")
