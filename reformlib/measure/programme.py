"""The programme: what its confirmed objectives came to, worked out by a rule from what the report states.

Of the objectives of the report's period (objectives.csv) only those seen in a source are judged. What the report has on
each of them is data (`objective_evidence.csv` of the report):

- A figure that is to be held against a value is compared: by :func:`reformlib.measure.gaps.gaps` where the objective is
  an official target too, else with the figure named, of the objective's year. What does not compare decides nothing.
- Reached: an outcome, or a figure that meets the value, is about all that is asked, and nothing stands against it. All
  these objectives are of the whole state: what one unit shows of itself is a part, as is a figure in need of care, and
  one that may be of some bodies of the place only. What is short of 100 % in some is short of it in all.
- Reached in part: there is one, but of a part only, or something stands against it.
- Not reached: there is none, and something stands against all of it.
- No evidence: what is only said in words, work done, what decides nothing, and something against a part only.

A domain is reached where all its confirmed objectives are, in part where one is reached at least in part, not reached
where none is and one is not reached; else there is no evidence, or no confirmed objective. Of whom a judgement is, the
unit or all bodies of its place, stands beside it.
"""

from collections.abc import Iterable
from typing import Any

import pandas as pd

from reformlib.check.findings import reliability
from reformlib.load.cache import cached_by_owner
from reformlib.load.codes import codes as code_list
from reformlib.load.fields import frame
from reformlib.load.report import Report
from reformlib.load.rows import codes, each_row
from reformlib.measure.change import UNJOINABLE
from reformlib.measure.gaps import JUDGED, gaps
from reformlib.measure.targets import DRIVING, meets

JUDGEMENTS, JUDGED_OF, BEARS, GRADES = map(code_list, ("judgement", "judged_of", "bears", "source_grade"))
SHOWN, AGAINST = ("outcome", "met"), ("against", "unmet")


def judged(evidence: Iterable[tuple[str, str]]) -> str:
    """What an objective came to, a code of the list judgement, by the rule of this module.

    `evidence` are pairs of what it is, a code of the list bears, and its extent, `direct` or `part`.

    >>> judged([("met", "direct")]), judged([("met", "direct"), ("against", "part")]), judged([("outcome", "part")])
    ('reached', 'in_part', 'in_part')
    >>> judged([("unmet", "direct")]), judged([("against", "part")]), judged([("activity", "part"), ("claim", "part")])
    ('not_reached', 'no_evidence', 'no_evidence')
    """
    rows = list(evidence)
    shown, against = ({extent for what, extent in rows if what in kind} for kind in (SHOWN, AGAINST))
    if shown:
        return "reached" if "direct" in shown and not against else "in_part"
    return "not_reached" if "direct" in against else "no_evidence"


def judged_together(judgements: Iterable[str]) -> str:
    """What the objectives of a domain came to together, by the rule of this module.

    >>> judged_together(["reached", "no_evidence"]), judged_together(["unconfirmed"]), judged_together(["no_evidence"])
    ('in_part', 'no_objective', 'no_evidence')
    """
    told = {*judgements} - {"unconfirmed"}
    if not told:
        return "no_objective"
    if told == {"reached"}:
        return "reached"
    if told & {"reached", "in_part"}:
        return "in_part"
    return "not_reached" if "not_reached" in told else "no_evidence"


@cached_by_owner
def programme(report: Report) -> pd.DataFrame:
    """The objectives of the report's period, by domain, and what each came to; none where the report has no evidence
    on objectives. One of no domain is there only where its text was not seen.

    One row an objective: its columns of objectives.csv; `judgement`; `scope`, of whom it is; `bears`, what the report
    has on it; `compared`, `indicator`, `value`, `comparator` and `target` where a figure was held against a value;
    `searched`, the sections in which no evidence was found.

    Trà Vinh 2020: the department cut 12.5 % of its posts, at least 10 % were asked of all.

    >>> from reformlib.load.report import load_report
    >>> rows = programme(load_report("tra-vinh-2020")).set_index("objective")
    >>> rows.loc["P037", ["judgement", "scope", "compared"]].tolist(), float(rows.loc["P037", "value"])
    (['in_part', 'unit', 'staff_cut_share'], 12.5)
    """
    meta, rows = report.meta, report.catalogue.objectives
    if report.objective_evidence.empty:
        return frame("programme", [])
    own = rows[(rows["period_start"] >= meta.period_start) & (rows["period_end"] <= meta.period_end)]
    own = own[(own["domain"] != "") | (own["grade"] == "memory")].sort_values(["domain", "objective"])
    return frame("programme", [_row(report, objective) for objective in each_row(own)])


@cached_by_owner
def by_domain(report: Report) -> pd.DataFrame:
    """What the objectives of each domain came to together, one row a domain of the report.

    `domain`, `judgement`, `scope`, every one of its objectives; `reached`, `in_part`, `not_reached`, `no_evidence`,
    `unconfirmed`: how many of its objectives are; `none_stated`: whether the report says that it has no limitations;
    `systems`: those named with what it has on the objectives judged.

    >>> from reformlib.load.report import load_report
    >>> by_domain(load_report("tra-vinh-2020"))["judgement"].tolist()
    ['no_evidence', 'in_part', 'in_part', 'in_part', 'no_objective', 'in_part']
    """
    rows, found = programme(report), []
    silent = set(report.limitations.loc[report.limitations["kind"] == "none_stated", "domain"])
    counted = ("reached", "in_part", "not_reached", "no_evidence", "unconfirmed")
    for domain in report.domains["domain"] if len(rows) else ():
        own = rows[rows["domain"] == domain]
        named = [one.systems for one in each_row(report.objective_evidence) if one.objective in set(own["objective"])]
        of = ";".join(sorted({*own["scope"]} - {""}))
        told = {"domain": domain, "judgement": judged_together(own["judgement"]), "scope": of}
        told |= {code: int((own["judgement"] == code).sum()) for code in counted}
        systems = dict.fromkeys(code for cell in named for code in codes(cell))
        found.append(told | {"none_stated": domain in silent, "systems": ";".join(systems)})
    return pd.DataFrame(found, columns=["domain", "judgement", "scope", *counted, "none_stated", "systems"])


def instruments_of_period(report: Report) -> list[str]:
    """The instruments that set objectives for the whole period of the report: the programme itself.

    >>> from reformlib.load.report import load_report
    >>> instruments_of_period(load_report("tra-vinh-2020"))[0]
    'Nghị quyết 30c/NQ-CP'
    """
    rows = report.catalogue.instruments
    whole = (rows["period_start"] == report.meta.period_start) & (rows["period_end"] == report.meta.period_end)
    return rows.loc[whole, "instrument"].tolist()


def rests_on(report: Report, judgement: str) -> tuple[str, list[str]]:
    """The result of results.csv that shows most objectives of a judgement reached, at least in part, and which.

    >>> from reformlib.load.report import load_report
    >>> rests_on(load_report("tra-vinh-2020"), "in_part")
    ('posts_cut', ['P037', 'P035', 'P036', 'P040'])
    """
    rows, used = programme(report), {}
    for objective in rows.loc[rows["judgement"] == judgement, "objective"]:
        shown = [one for one in evidence_on(report, objective) if one.bears in SHOWN]
        for result in dict.fromkeys(code for one in shown for code in codes(one.results)):
            used.setdefault(result, []).append(objective)
    return max(sorted(used.items()), key=lambda one: len(one[1]), default=("", []))


@cached_by_owner
def evidence_on(report: Report, objective: str) -> list[Any]:
    """The rows of objective_evidence.csv on an objective, as the rule takes them: `bears` of a figure that was compared
    is met or unmet; `extent` is part where the row is not of all bodies of the place, or the figure met is in need of
    care."""
    found = []
    for one in each_row(report.objective_evidence):
        if one.objective == objective:
            held: dict[str, Any] = {"bears": one.bears}
            if one.bears == "figure":
                held = _held(report, objective, one.facts, one.indicators)
            doubted = held["bears"] == "met" and held["indicator"] in _in_need_of_care(report)
            short = one.scope == "untold" and held["bears"] == "unmet" and held["target"] == 100
            whole = (one.scope == "place" or short) and not doubted
            found.append(one._replace(bears=held["bears"], extent=one.extent if whole else "part"))
    return found


@cached_by_owner
def _in_need_of_care(report: Report) -> set[str]:
    """The indicators of which some series is not reliable."""
    return {one.indicator for one in reliability(report) if one.reliability != "reliable"}


def _row(report: Report, objective: Any) -> dict[str, Any]:
    told = {name: getattr(objective, name) for name in ("objective", "domain", "instrument", "text_vi", "text_en")}
    told |= {name: getattr(objective, name) for name in ("period_start", "period_end", "target_year", "grade")}
    told |= dict.fromkeys(("scope", "bears", "compared", "indicator", "comparator", "searched"), "")
    if objective.grade == "memory":
        return told | {"judgement": "unconfirmed"}
    rows = evidence_on(report, objective.objective)
    judgement = judged((one.bears, one.extent) for one in rows)
    carries = {"not_reached": AGAINST, "no_evidence": ()}.get(judgement, SHOWN)
    carrying = [one for one in rows if one.bears in carries and (one.extent == "direct" or carries == SHOWN)]
    told |= {"judgement": judgement, "scope": _widest(one.scope for one in carrying)}
    told["bears"] = ";".join(dict.fromkeys(one.bears for one in rows))
    for one in rows:
        if one.bears in ("met", "unmet"):
            held = _held(report, objective.objective, one.facts, one.indicators)
            told |= held | {"bears": told["bears"], "comparator": objective.comparator}
    return told | ({"searched": ";".join(_searched(report, objective.domain))} if judgement == "no_evidence" else {})


def _widest(scopes: Iterable[str]) -> str:
    """All bodies of the place where one judgement is of them, or may be."""
    told = {*scopes}
    return next((code for code in ("place", "untold", "unit") if code in told), "")


@cached_by_owner
def _held(report: Report, objective: str, named: str, indicators: str) -> dict[str, Any]:
    """A figure, of the facts `named` or of `indicators`, held against the value of an objective: `bears` is met, unmet,
    or undecided where nothing compares.

    Of two facts the first is taken as a share of both, in percent: what was cut, of that and of what is left.
    """
    about, targets = report.catalogue.rows_by("objectives", "objective")[objective], report.catalogue.targets
    asked, facts = float(about["value"]), codes(named)
    driving = set(targets.loc[targets["recommended_use"].isin(DRIVING), "id"]) & {*codes(about["targets"])}
    if driving:
        rows = gaps(report).sort_values("verdict", ascending=False)  # one that is not met comes before one that is
        rows = rows[rows["target_id"].isin(driving) & rows["verdict"].isin(JUDGED)]
        found = [(one.target_id, one.indicator, one.value, one.verdict == "achieved") for one in each_row(rows)]
    elif facts:
        values = [report.rows_by("facts", "fact")[code]["value"] for code in facts]
        share = values[0] if len(values) == 1 else 100 * values[0] / sum(values)
        found = [(named, "", share, meets(share, about["comparator"], asked))]
    else:
        found = [
            (point.place, code, point.value, meets(point.value, about["comparator"], asked))
            for code in codes(indicators)
            for point in reversed(report.points.get(code, []))
            if point.year == about["target_year"] and pd.notna(point.value) and not point.bound
            if point.status not in UNJOINABLE and (point.indicator, point.level) not in report.withheld
        ]
    if not found:
        return {"bears": "undecided", "indicator": ""}
    compared, indicator, value, met = found[0]
    told = {"bears": "met" if met else "unmet", "compared": compared, "indicator": indicator}
    return told | {"value": value, "target": asked}


def _searched(report: Report, domain: str) -> list[str]:
    """The sections of a domain, and those that are of none."""
    about = report.rows_by("domains", "domain")[domain]
    general = report.results.loc[report.results["domain"] == "", "section"]
    return [*dict.fromkeys([about["section_results"], about["section_limitations"], *general])]
