"""The programme by domain: what its confirmed objectives came to, what shows it, and figures of others beside it."""

import datetime
from typing import Any

import pandas as pd
from markupsafe import Markup

from reformlib.check.entries import of_supposed
from reformlib.check.sentence import Field
from reformlib.load.cells import bound_of
from reformlib.load.evidence import Evidence
from reformlib.load.rows import codes, each_row
from reformlib.measure import programme as measured
from reformlib.measure.programme import BEARS, GRADES, JUDGED_OF, JUDGEMENTS
from reformlib.present.gaps.judged import at_least
from reformlib.present.html import Fragment, Shown, bullets, join, language_of, paragraph, tag
from reformlib.present.page import Finding, Page
from reformlib.present.table import Column, field_column, listing, mark, table

SHAPES = {"reached": "✔", "in_part": "▲", "not_reached": "✘", "no_evidence": "○", "no_objective": "–"}
KINDS = {"reached": "reliable", "in_part": "with_care", "not_reached": "not_usable"}


def programme(page: Page) -> Fragment:
    """The heading, the rule, the domains, the objectives one by one, and figures of others; nothing for a report
    without evidence on objectives."""
    page = page.held
    rows = measured.programme(page.report)
    if rows.empty:
        return join()
    open_, domains = rows["judgement"] == "unconfirmed", measured.by_domain(page.report)
    rule = page._(
        "Judged are the objectives of the period that were seen in a source. Reached: a figure, a dated act or a "
        "document shows all that is asked, and nothing stands against it. In part: it shows a part, is of the "
        "reporting unit only or in need of care, or something stands against it. Not reached: something stands against "
        "all of it. No evidence: work done, an outcome in words only, what decides nothing, or something against a "
        "part only."
    )
    tables = _domains(page, domains), _shown(page, domains, rows)
    tables += _objectives(page, rows[~open_]), _unconfirmed(page, rows[open_]), _context(page)
    return join(tag("h2", page._("The programme by domain")), paragraph(rule), *tables)


def verdict(page: Page) -> str:
    """What the programme came to, in one sentence; nothing for a report without evidence on objectives."""
    domains = measured.by_domain(page.held.report)
    told = domains["judgement"].value_counts()
    if told.empty:
        return ""
    others = {code: f"{told[code]} {page._(JUDGEMENTS[code])}" for code in SHAPES if code in told and code != "reached"}
    if "in_part" in others:
        others["in_part"] += page._(", that is with an objective reached at least in part")
    if unit := int((domains.loc[domains["judgement"] == "in_part", "scope"] == "unit").sum()):
        others["in_part"] += page._(", {unit} of them by the reporting unit only", unit=unit)
    text = (
        "Of {n} reform domains {reached} are shown to have reached all confirmed objectives of the period ({others})."
        if "reached" in told
        else "Of {n} reform domains none is shown to have reached all confirmed objectives of the period ({others})."
    )
    return page._(text, n=int(told.sum()), reached=told.get("reached"), others="; ".join(others.values()))


def findings(page: Page) -> list[Finding]:
    """How many confirmed objectives are reached, and in how many domains the report states no limitation."""
    page = page.held
    rows, domains = measured.programme(page.report), measured.by_domain(page.report)
    judged = rows[rows["judgement"] != "unconfirmed"]
    if judged.empty:
        return []
    ask = page._("give for each objective an outcome with its total and its date.")
    reached, day = int((judged["judgement"] == "reached").sum()), page.day(page.report.meta.data_date)
    about = "Confirmed objectives shown to be reached in full ({due} of the {n} were due by {day})"
    about = page._(about, due=len(judged) - _later(page, judged), n=len(judged), day=day)
    text = f"{_counted(page, judged)} {_set_by(page, judged)}"
    found = [Finding(f"{reached}/{len(judged)}", about, text, ask, "objectives.csv", "measure.programme")]
    silent = domains[domains["none_stated"] & (domains["judgement"] != "reached")]
    if len(silent):
        without = int((silent["judgement"] == "no_objective").sum())
        about = page._("Domains without any limitation stated, though not shown to have reached their objectives")
        if without:
            named = page._("({without} of the {n} without a confirmed objective)", without=without, n=len(silent))
            about = f"{about} {named}"
        text = page._("The report writes that there are none.")
        ask = page._("state the limitations, or what shows that there are none.")
        own = page.report.rows_by("domains", "domain")
        place = ", ".join(own[code]["section_limitations"] for code in silent["domain"])
        found.append(Finding(f"{len(silent)}/{len(domains)}", about, text, ask, place, "measure.programme.by_domain"))
    return found


def _counted(page: Page, judged: pd.DataFrame) -> str:
    """How many objectives came to what; of those in part how many of the unit only, and by one and the same result."""
    parts = {code: judged[judged["judgement"] == code] for code in SHAPES}
    code, resting = measured.rests_on(page.report, "in_part")
    unit, end = parts["in_part"].query("scope == 'unit'")["objective"], page.report.meta.period_end
    fields: dict[str, object] = {code: len(part) for code, part in parts.items()}
    fields |= {"unit": len(unit), "day": page.day(page.report.meta.data_date), "n": len(judged)}
    fields |= {
        "later": _later(page, parts["not_reached"]),
        "after": int((judged["target_year"] > end).sum()),
        "end": end,
        "same": "",
    }
    if len(resting) > 1:
        result = page.report.rows_by("results", "result")[code][f"text_{page.language}"].removesuffix(".")
        same = ", {times} by one and the same result (the report: {result})"
        if {*resting} <= {*unit}:
            same = "; {times} of those {unit} rest on one and the same result (the report: {result})"
        fields["same"] = page._(same, times=len(resting), unit=len(unit), result=result)
    return page._(
        "Reached in part: {in_part}, {unit} of them by the reporting unit only{same}. Not reached by {day}: "
        "{not_reached}, of which not yet due: {later}. No evidence: {no_evidence}. Due after {end}: {after} of the "
        "{n}.",
        **fields,
    )


def _later(page: Page, rows: pd.DataFrame) -> int:
    """How many objectives are not yet due."""
    return sum(_not_yet_due(page, row) for row in each_row(rows))


def _set_by(page: Page, judged: pd.DataFrame) -> str:
    """How many objectives the programme itself set, and how many other instruments of its period set the rest."""
    own = judged["instrument"].isin(measured.instruments_of_period(page.report))
    fields = {"names": ", ".join(map(page.instrument, judged.loc[own, "instrument"].unique()))}
    fields |= {"part": int((own & (judged["judgement"] == "in_part")).sum()), "own": int(own.sum()), "n": len(judged)}
    return page._(
        "The programme itself ({names}) set {own} of the {n}, reached in part: {part}; {others} other instruments of "
        "the period set the rest.",
        others=judged.loc[~own, "instrument"].nunique(),
        **fields,
    )


def _not_yet_due(page: Page, row: Any) -> bool:
    """Whether the year of an objective ends after the day of the data; a domain has no year."""
    due = getattr(row, "target_year", None)
    return pd.notna(due) and datetime.date(int(due), 12, 31) > page.report.meta.data_date


def _judgement(page: Page, row: Any) -> Markup:
    """A judgement as shape and word, and of whom it is."""
    kind = f"r-{KINDS.get(row.judgement, 'missing')}"
    shown = mark(page, SHAPES[row.judgement], JUDGEMENTS[row.judgement], kind)
    more = page.words(row.scope, JUDGED_OF)
    if row.judgement == "not_reached" and _not_yet_due(page, row):
        more.append(page._("by {day}, not yet due", day=page.day(page.report.meta.data_date)))
    # the gap analysis sets the figure alone against the target
    met = row.judgement == "in_part" and "met" in codes(getattr(row, "bears", ""))
    if met and row.compared in page.catalogue.rows_by("targets", "id"):
        more.append(page._("by its figure alone {target} is achieved, as on page 02", target=row.compared))
    return tag("span", shown, " ", tag("small", f"({'; '.join(more)})")) if more else shown


def _domains(page: Page, domains: pd.DataFrame) -> Fragment:
    """The domains, what their confirmed objectives came to, and the limitations that the report states."""
    limitations = page.report.limitations
    stated = limitations.loc[limitations["kind"] == "limitation", "domain"].value_counts()
    counted = [code for code in JUDGEMENTS if code != "no_objective"]

    def counts(row):
        told = (f"{page._(JUDGEMENTS[code])}: {getattr(row, code)}" for code in counted if getattr(row, code))
        return "; ".join(told) or "–"

    def limits(row):
        return page._("the report says: none") if row.none_stated else str(stated.get(row.domain, "–"))

    columns = [
        _domain(page),
        Column(page._("Judgement"), lambda r: _judgement(page, r)),
        Column(page._("Objectives"), counts),
        Column(page._("Limitations reported"), limits),
    ]
    note = page._(
        "All objectives are of the whole state. What one unit reports can show one reached for itself, or for its "
        "place as the unit compiled it; it is no judgement on the programme as a whole."
    )
    caption = page._("What the confirmed objectives of each domain came to")
    return table(page, domains, columns, caption, _files, note=note, fold=False)


def _files(row: Any) -> str:
    return "objectives.csv; objective_evidence.csv"


def _domain(page: Page) -> Column:
    names = page.report.rows_by("domains", "domain")
    return Column(page._("Domain"), lambda row: f"{row.domain}. {names[row.domain][f'name_{page.language}']}")


def _shown(page: Page, domains: pd.DataFrame, rows: pd.DataFrame) -> Fragment:
    """Of every domain the objectives of which there is evidence, or what was found and where, and the systems."""
    systems, name = page.report.rows_by("systems", "system"), f"name_{page.language}"

    def told(row):
        figure = "" if pd.isna(row.value) else f": {page.quantity(row.value, '%')}"
        return f"{SHAPES[row.judgement]} {page.text(row, 'text')}{figure} ({_phase(page, row)}; {row.objective})"

    def shown(row):
        own = rows[(rows["domain"] == row.domain) & (rows["judgement"] != "unconfirmed")]
        texts = [told(one) for one in each_row(own) if one.judgement != "no_evidence"]
        if texts or own.empty:
            return bullets(texts)
        kinds = page.words(";".join(dict.fromkeys(code for cell in own["bears"] for code in codes(cell))), BEARS)
        return page._("found: {kinds}; {searched}", kinds=", ".join(kinds) or "–", searched=_searched(page, own))

    columns = [
        _domain(page),
        Column(page._("Objectives with evidence"), shown),
        Column(page._("Systems"), lambda row: "; ".join(systems[code][name] for code in codes(row.systems)) or "–"),
    ]
    return table(page, domains, columns, page._("What shows it, by domain"), _files)


def _objectives(page: Page, rows: pd.DataFrame) -> Fragment:
    def evidence(row):
        return bullets(_evidence(page, one) for one in measured.evidence_on(page.report, row.objective))

    def asked(row):
        return page.cell(row.target, "%", text=at_least(page, row, "%"), place=_place(row))

    columns = [
        _objective(page),
        Column(page._("Judgement"), lambda r: _judgement(page, r)),
        Column(page._("Figure"), lambda r: _figure(page, r), True),
        Column(page._("Asked for"), asked, True),
        Column(page._("In the report"), evidence),
        Column(page._("Source"), lambda r: page._(GRADES[r.grade])),
    ]
    note = f"{page._(JUDGEMENTS['no_evidence'])}: {_searched(page, rows)}."
    return listing(page, rows, columns, page._("The confirmed objectives one by one"), _place, note=note)


def _unconfirmed(page: Page, rows: pd.DataFrame) -> Fragment:
    domain = Column(page._("Domain"), lambda r: r.domain or "–")
    columns = [_objective(page), domain, Column(page._("Source"), lambda r: page._(GRADES[r.grade]))]
    caption = page._("Objectives of the period that are not confirmed, so that nothing is judged by them")
    return listing(page, rows, columns, caption, _place)


def _objective(page: Page) -> Column:
    def show(row):
        more = tag("small", f"({page.instrument(row.instrument)}; {_phase(page, row)}; {row.objective})")
        return tag("span", page.text(row, "text"), " ", more)

    return Column(page._("Objective"), show)


def _phase(page: Page, row: Any) -> str:
    """The phase that an objective belongs to, and the year it is due where that is later: `2016–2020, due 2021`."""
    phase, due = page.period(int(row.period_start), int(row.period_end)), row.target_year
    return phase + page._(", due {year}", year=int(due)) if pd.notna(due) and due > int(row.period_end) else phase


def _place(row: Any) -> str:
    return f"objectives.csv, {row.objective}"


def _figure(page: Page, row: Any) -> Shown | str:
    """The figure that was held against the value of an objective, with what it rests on."""
    facts = page.report.rows_by("facts", "fact")
    parts = [facts[code] for code in codes(row.compared) if code in facts]
    if len(parts) == 2:
        ends = zip(("cut", "left"), parts, strict=True)
        inputs = {name: Evidence(part["value"], part["unit"], place=part["section"]) for name, part in ends}
        return page.cell(row.value, "%", formula="100 * cut / (cut + left)", inputs=inputs)
    if parts:
        return page.cell(row.value, "%", place=parts[0]["section"])
    for point in page.report.points.get(row.indicator, ()):
        if point.place == row.compared:
            return page.cell(row.value, "%", place=page.cited(point))
    return page.cell(row.value, "%", rule=f"measure.programme: {row.compared}")


def _evidence(page: Page, row: Any) -> Markup:
    """What a row of objective_evidence.csv shows, with the sections, rows of the form and documents that it is from."""
    keys = {"results": "result", "facts": "fact", "limitations": "limitation", "documents": "document"}
    named = {
        name: [page.report.rows_by(name, key)[code] for code in codes(getattr(row, name))] for name, key in keys.items()
    }
    places = [one["section"] for name in ("results", "facts", "limitations") for one in named[name]]
    places += [page.row_place(code) for code in codes(row.indicators)]
    places += [one["number"] for one in named["documents"] if one["number"]]
    told = [Markup("{}: {}").format(one[f"subject_{page.language}"], _told(page, one)) for one in named["facts"]]
    why = page.text(row, "why")
    of_it = page.report.supposes(f"{row.indicators};{row.facts}".split(";"))
    if of_it or of_supposed(page.report, Field(row, "why")):
        why = page._("judged on the printed figures, not judged again on those supposed")
    said, places = f"{page._(BEARS[row.bears])}: {why} ", "; ".join(dict.fromkeys(places))
    return tag("span", said, tag("small", "(", Markup("; ").join([*told, places]), ")"))


def _told(page: Page, fact: dict[str, Any]) -> str:
    """A figure of the text; one that the text only limits (more than 90 %) as printed, in English with its sign."""
    if not fact["qualifier"]:
        return page.quantity(fact["value"], fact["unit"])
    printed = f"{fact['qualifier']} {fact['raw']}"
    sign = "" if page.language == "vi" else bound_of(printed)[0]
    return f"{sign} {page.quantity(fact['value'], fact['unit'])}" if sign else page.quoted(printed, "vi")


def _searched(page: Page, rows: pd.DataFrame) -> str:
    sections = dict.fromkeys(code for cell in rows["searched"] for code in codes(cell))
    return page._("searched: {sections}", sections="; ".join(sections))


def _context(page: Page) -> Fragment:
    """Figures of others, each on the domain that it bears on."""

    def place(row):
        return f"context.csv, {row.context}"

    def value(row):
        decimals = len(row.value.partition(".")[2])
        return page.cell(float(row.value), row.unit, decimals=decimals, place=place(row)) if row.value else "–"

    def beside(row):
        rank = page._("rank {rank} of {of}", rank=row.rank, of=row.of) if row.rank else ""
        median = page._("median {median}", median=page.number(float(row.median))) if row.median else ""
        return "; ".join(filter(None, (rank, median, page.text(row, "note")))) or "–"

    def source(row):
        return tag("span", page._(GRADES[row.grade]), ": ", page.quoted(row.source, language_of(row.source)))

    columns = [
        Column(page._("What is measured"), lambda r: page.text(r, "measure")),
        Column(page._("Domain"), lambda r: r.domain or page._("all domains")),
        field_column(page, "context.csv", "body"),
        Column(page._("As of"), lambda r: page.partial_date(r.as_of)),
        Column(page._("Unit"), lambda r: page.unit_name(r.unit) if r.unit else "–"),
        Column(page._("Figure"), value, True),
        Column(page._("Rank, median, remark"), beside),
        Column(page._("Source"), source),
    ]
    caption = page._("Figures of others on the domains, as context: never joined to those of the report")
    return listing(page, page.report.context, columns, caption, place)
