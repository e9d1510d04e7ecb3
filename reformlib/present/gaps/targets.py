"""Lists of the official targets: which differ, which cannot be judged, how many there are, where they stand."""

from __future__ import annotations

import pandas as pd

from reformlib.load.evidence import Evidence
from reformlib.load.report import Report
from reformlib.load.rows import each_row
from reformlib.locale import messages, number, quantity, translator
from reformlib.measure import gaps as gap_rules
from reformlib.present.gaps.target import (
    instrument,
    nothing_judged,
    verdict,
)
from reformlib.present.html import Fragment, Shown, quoted, tag
from reformlib.present.table import Column, series_name, table


def conflicts(report: Report, rows: pd.DataFrame, language: str) -> Fragment:
    """Targets that give one indicator different values for one year. `rows` is what gaps.conflicts gave."""
    _ = translator(language)
    if rows.empty:
        return Fragment(tag("p", _("No two targets give one indicator different values for one year.")))
    wording = report.catalogue.targets.set_index("id")[f"target_{language}"]

    def value(r):
        sign = {">=": "≥ ", "<=": "≤ ", "=": ""}.get(r.comparator, f"{r.comparator} ")
        text = tag("span", f"{sign}{quantity(r.target, '%', language)}", class_="date")  # on one line
        return Shown(text, Evidence(r.target, "%", place=f"targets.csv, {r.target_id}"))

    return table(
        each_row(rows),
        [
            Column(
                _("Indicator and year"), lambda r: f"{series_name(report, r.indicator, '', language)}, {r.target_year}"
            ),
            Column(_("Target"), value, True),
            Column(_("Wording"), lambda r: wording[r.target_id]),
            Column(_("Instrument"), lambda r: f"{instrument(report, r.instrument, language)} ({r.target_id})"),
            Column(_("Verdict"), lambda r: verdict(r.verdict, language)),
        ],
        caption=_("Targets for one indicator and year that differ"),
        fold=language,
        origin=lambda r: f"targets.csv, {r.target_id}",
        note=_(
            "Unconfirmed targets are shown only; no figure rests on them. Services, procedures and "
            "dossiers are different bases, and levels differ."
        ),
    )


def unassessed(report: Report, rows: pd.DataFrame, language: str) -> Fragment:
    """Targets that bear on an indicator of the form and cannot be judged, grouped by reason."""
    _ = translator(language)
    wording = dict(zip(report.catalogue.targets["id"], report.catalogue.targets[f"target_{language}"], strict=True))
    order = report.catalogue.indicators.set_index("indicator")["form_row"]
    about = rows[rows["value"].isna() & (rows["indicator"] != "")]
    if about.empty:
        return Fragment(tag("p", _("Every target that bears on the form can be judged.")))
    about = about.assign(
        form_row=about["indicator"].map(order), rank=about["verdict"].map(list(gap_rules.VERDICTS).index)
    ).sort_values(["rank", "reason", "form_row", "target_id"])
    groups = [group for _key, group in about.groupby("reason", sort=False)]

    def listed(group):
        named: dict[str, list[str]] = {}
        for r in each_row(group):
            named.setdefault(r.indicator, []).append(f"{wording[r.target_id]} ({_year(r)}{r.target_id})")
        items = (f"{series_name(report, code, '', language)}: {'; '.join(told)}" for code, told in named.items())
        return tag("ul", *(tag("li", item) for item in items))

    return table(
        groups,
        [
            Column(_("Why"), lambda g: _(gap_rules.REASONS[g["reason"].iloc[0]])),
            Column(_("Verdict"), lambda g: verdict(g["verdict"].iloc[0], language)),
            Column(_("Indicators and targets"), listed),
        ],
        caption=_("Targets that bear on the form and cannot be judged by this report, and why"),
        fold=language,
        origin=lambda g: "targets.csv, " + ", ".join(g["target_id"]),
    )


def _year(row) -> str:
    return "" if pd.isna(row.target_year) else f"{row.target_year}, "


def counted(report: Report, rows: pd.DataFrame, language: str) -> Fragment:
    """All targets counted by what they may be used for, and by why they cannot be judged."""
    _ = translator(language)
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
        return Shown(number(value, language), Evidence(float(value), "targets", rule="gaps.gaps: " + ", ".join(ids)))

    return table(
        groups,
        [
            Column(_("Verdict"), lambda g: verdict(g[0], language)),
            Column(_("Why"), lambda g: _(gap_rules.REASONS[g[1]]) if g[1] else _("compared with a figure")),
            Column(_("Targets"), lambda g: count(len(g[2]), g[2]), True),
            Column(_("of these bearing on the form"), lambda g: count(g[3], g[2]), True),
        ],
        caption=_("Official targets by verdict and reason"),
        fold=language,
        origin=lambda g: "targets.csv, " + ", ".join(g[2]),
    )


def target_sources(report: Report, rows: pd.DataFrame, language: str) -> Fragment:
    """The targets that drive a figure: wording, article, whom they bind, and how well each is evidenced."""
    _ = translator(language)

    def article(r):
        unverified = "[unverified]" in r.section
        said = [
            instrument(report, r.instrument, language),
            _free(r.section.replace("[unverified]", "").strip(), language),
        ]
        return tag("span", said[0], "; ", said[1], f" ({_('article not verified')})" if unverified else None)

    if rows.empty:
        return nothing_judged(language)
    used = report.catalogue.targets[report.catalogue.targets["id"].isin(rows["target_id"])]
    return table(
        each_row(used),
        [
            Column(_("Target"), lambda r: f"{r.id}: {getattr(r, f'target_{language}')}"),
            Column(_("Instrument and article"), article),
            Column(_("Binds"), lambda r: _free(r.scope, language)),
            Column(_("Fits the indicator"), lambda r: _free(r.mapping_quality, language)),
            Column(_("Evidence"), lambda r: _free(r.evidence_grade or r.evidence, language)),
        ],
        caption=_("The targets behind the figures and their evidence"),
        fold=language,
        origin=lambda r: f"targets.csv, {r.id}",
    )


def _free(text: str, language: str):
    """Free text of the catalogue: translated where it is known, else in its own language and marked so."""
    known = messages(language).get(text)
    if known:
        return known
    vietnamese = any(letter.isalpha() and not letter.isascii() for letter in text)
    return quoted(text, "vi" if vietnamese else "en", language)
