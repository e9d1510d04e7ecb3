"""The form matched to the catalogue: rows of the annex, the doubts, what was settled and how."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import chain
from operator import attrgetter, itemgetter
from typing import Any

import pandas as pd

from reformlib.errors import ReformError
from reformlib.ingest.answers import ASIDE, OPEN, Doubt, answer, key_of
from reformlib.ingest.body import Row
from reformlib.ingest.cell import Reading, in_locale, read_cell
from reformlib.ingest.form import Form
from reformlib.ingest.headings import PERIOD_LIKE
from reformlib.ingest.join import Part, join
from reformlib.ingest.logged import label_entry
from reformlib.ingest.match import Known, Match, best
from reformlib.ingest.period import after_gaps, known_period, out_of_order, unreadable
from reformlib.ingest.remarks import Remark, coded, remark
from reformlib.load.assumptions import Assumption
from reformlib.load.catalogue import Catalogue
from reformlib.load.labels import fits
from reformlib.load.period import parse_period, periods_of
from reformlib.load.rows import grouped

DOUBTFUL, CERTAIN, ANSWERED = range(3)  # how a row comes to its indicator


@dataclass(frozen=True)
class Draft:
    """What becomes of the form: the annex, readings to record as assumptions, doubts, and rows left out.

    `found` has one entry an indicator: indicator, form_row, printed number, label, place, score, cells filled;
    `missing` has the codes of the others. `headings` says how the printed heading of each period stands in the annex.
    A row of `aside` is place, label, the indicator's label that it resembles or "", score.
    """

    form: Form
    annex: pd.DataFrame
    found: list[dict]
    headings: dict[str, str]
    missing: list[str]
    aside: list[tuple[str, str, str, float]]
    doubts: list[Doubt]
    assumptions: list[dict]
    remarks: list[Remark]

    @property
    def open(self) -> list[Doubt]:
        """Doubts that nobody settled."""
        return [doubt for doubt in self.doubts if not doubt.settled]


def joined(drafts: list[Draft], catalogue: Catalogue, answers: dict[str, dict[str, str]], *, locale: str) -> Draft:
    """What tables of one report make together: see :func:`reformlib.ingest.join.join`. `answers` settle cells of which
    they say different things, and the headings before which a period is missing."""
    made = drafts[0] if len(drafts) == 1 else _joined(drafts, catalogue, answers["cell"], locale=locale)
    gaps = after_gaps({printed: parse_period(meaning) for printed, meaning in made.headings.items()})
    return replace(made, doubts=made.doubts + _doubted(gaps, made.headings, answers["heading"], made.form.place))


def _joined(drafts: list[Draft], catalogue: Catalogue, answers: dict[str, str], *, locale: str) -> Draft:
    one = join(list(map(_part, drafts)), catalogue, answers, locale)
    entries = grouped(chain.from_iterable(made.found for made in drafts), itemgetter("indicator"))
    form = _together([made.form for made in drafts])
    remarks = [remark("tables_joined", place=form.place, n=len(drafts))]
    return Draft(
        form=form,
        annex=one.annex,
        found=[_of_all(entries[code]) for code in Known.of(catalogue).numbers if code in entries],
        headings={printed: meaning for made in drafts for printed, meaning in made.headings.items()},
        missing=[code for code in drafts[0].missing if code not in entries],
        aside=list(chain.from_iterable(made.aside for made in drafts)),
        doubts=[*chain.from_iterable(made.doubts for made in drafts), *one.doubts],
        assumptions=one.log,
        remarks=remarks + list(chain.from_iterable(made.remarks for made in drafts)),
    )


def _part(made: Draft) -> Part:
    """What is joined of a draft."""
    log = [Assumption.model_validate(entry).model_dump() for entry in made.assumptions]
    return Part(made.annex, log, {entry["form_row"]: entry["place"] for entry in made.found})


def _together(forms: list[Form]) -> Form:
    """The tables of one report as one, for the account of them."""
    return replace(
        forms[0],
        place="; ".join(form.place for form in forms),
        rows=[row for form in forms for row in form.rows],
        notes={mark: text for form in reversed(forms) for mark, text in form.notes.items()},
        aside=list(dict.fromkeys(text for form in forms for text in form.aside)),
    )


def _of_all(entries: list[dict]) -> dict:
    """One entry of `found` for those of several tables."""
    return entries[-1] | {
        "place": "; ".join(entry["place"] for entry in entries),
        "score": min(entry["score"] for entry in entries),
        "filled": sum(entry["filled"] for entry in entries),
    }


@dataclass(frozen=True)
class _Proposal:
    """A row and the indicator that it is taken for, or `ASIDE`; how far that is to be trusted, and why not."""

    row: Row
    code: str
    score: float
    trust: int
    why: Remark


def draft(
    form: Form,
    catalogue: Catalogue,
    answers: dict[str, dict[str, str]],
    about: dict[str, str],
    *,
    locale: str,
) -> Draft:
    """Match the form's rows, read its cells once to see that they can be read, and list every doubt.

    `catalogue` has the rows of the form, `answers` what a mapping file settles, `about` what the text around it says
    of itself (:func:`reformlib.ingest.facts.facts_of`), `locale` how figures are written.
    Raises ReformError for answers that name no indicator.
    """
    known = Known.of(catalogue)
    by_code = {key: catalogue.rows[number] for key, number in known.numbers.items()}
    taken, aside, doubts = _assigned(_proposals(in_locale(form.rows, locale), known, answers["label"]), known)
    taken = {code: _in_money(row, form.money, catalogue.unit_words[by_code[code].unit]) for code, row in taken.items()}
    headings, more = _headings(form, answers["heading"], about)
    codes = _codes(headings, form.place)
    course = out_of_order({printed: parse_period(meaning) for printed, meaning in headings.items()})
    more += _doubted(course, headings, answers["heading"], form.place)
    rows = [
        (
            row,
            [
                read_cell(row.row, *pair, by_code[code], catalogue, answers["cell"], form.notes, locale)
                for pair in codes.items()
            ],
        )
        for code, row in taken.items()
    ]
    rows_in_order = sorted(rows, key=lambda row: list(known.numbers).index(row[0].code))
    cells = list(chain.from_iterable(own for _, own in rows))
    missing = [code for code in by_code if code not in taken]
    doubts += more + [doubt for cell in cells for doubt in cell.doubts]
    doubts += _elsewhere(form, known, answers["label"], missing)
    texts = [[known.numbers[row.code], row.row.label, *(cell.text for cell in cells)] for row, cells in rows_in_order]
    return Draft(
        form=form,
        annex=pd.DataFrame(texts, columns=["form_row", "label", *headings.values()], dtype=str),
        found=[_entry(row, known.numbers[row.code], cells) for row, cells in rows_in_order],
        headings=headings,
        missing=missing,
        aside=aside,
        doubts=doubts,
        assumptions=[
            *chain.from_iterable(_labelled(row, by_code[row.code], known, codes, own) for row, own in rows_in_order),
            *chain.from_iterable(cell.assumptions for cell in cells),
        ],
        remarks=[*form.remarks, *chain.from_iterable(cell.remarks for cell in cells)],
    )


def _in_money(proposal: _Proposal, money: str, words: Mapping[str, Decimal]) -> _Proposal:
    """A row whose unit is one of money, so that its `words` know another, in the one that stands around its table."""
    without = proposal.row.unit or money.casefold() not in words
    return proposal if without else replace(proposal, row=replace(proposal.row, unit=money))


def _entry(proposal: _Proposal, form_row: str, cells: list[Reading]) -> dict:
    row = proposal.row
    return {
        "indicator": proposal.code,
        "form_row": form_row,
        "number": row.number,
        "label": row.label,
        "place": row.place,
        "score": proposal.score,
        "filled": sum(bool(cell.text) for cell in cells),
    }


def _labelled(
    proposal: _Proposal, indicator: Any, known: Known, codes: dict[str, str], cells: list[Reading]
) -> list[dict]:
    """The entry of the log for a row whose label is another than that of its indicator; none where it fits."""
    row = proposal.row
    if not row.label or proposal.code not in known.labels or fits(row.label, known.labels[proposal.code]):
        return []
    texts = {period: cell.text for period, cell in zip(codes.values(), cells, strict=True)}
    return [label_entry(indicator, row.label, texts, row.place)]


def _proposals(rows: list[Row], known: Known, answers: dict[str, str]) -> list[_Proposal]:
    """What every row is taken for, by the mapping file or by its label and number."""
    codes = {form_row: code for code, form_row in known.numbers.items()}
    proposals, head = [], ""
    for row in rows:
        match = _category(row, known, head) or best(row.label, row.number, known)
        code, trust = match.indicator or ASIDE, CERTAIN if match.certain or not match.indicator else DOUBTFUL
        given = answer(answers, row.place, row.label)
        if given is not None:
            code, trust = codes.get(given, given), ANSWERED
            if code != ASIDE and code not in known.numbers:
                some = ", ".join(list(known.numbers)[:3])
                raise ReformError(
                    f"the mapping file takes «{row.label}» for {given!r}, which is no indicator",
                    expected=f"a code such as {some}, a form row, or - to leave the row out",
                )
        proposals.append(_Proposal(row, code, match.score, trust, match.why or remark("told")))
        head = code.partition(":")[0]
    return proposals


def _category(row: Row, known: Known, head: str) -> Match | None:
    """What a row is taken for that holds a category of the row `head` above it, or has the number of one."""
    key = known.category(row.label, row.number, head)
    other = next((other for other, number in known.numbers.items() if number == row.number and other != key), "")
    why = remark("number_of", number=row.number, name=known.name(other)) if other else None
    return Match(key, 100.0, not why, why) if key else None


def _assigned(
    proposals: list[_Proposal], known: Known
) -> tuple[dict[str, _Proposal], list[tuple[str, str, str, float]], list[Doubt]]:
    """The row of every indicator, the rows left out, and doubts: a row that only resembles, two rows that mean one."""
    taken: dict[str, _Proposal] = {}
    aside: list[tuple[str, str, str, float]] = []
    doubts = [
        Doubt("label", p.row.place, p.row.label, remark("told"), p.code, p.score, "mapping")
        for p in proposals
        if p.trust == ANSWERED
    ]
    for proposal in sorted(proposals, key=attrgetter("trust", "score"), reverse=True):
        row, code, score = proposal.row, proposal.code, proposal.score
        other = taken.get(code)
        if code == ASIDE:
            aside.append((row.place, row.label, "", score))
            if proposal.trust != ANSWERED and row.has_digits():
                doubts.append(Doubt("label", row.place, row.label, remark("left_out"), ASIDE, score))
        elif other is None:
            if proposal.trust == DOUBTFUL:
                doubts.append(Doubt("label", row.place, row.label, proposal.why, code, score))
            taken[code] = proposal
        elif proposal.trust == ANSWERED:
            raise ReformError(f"the mapping file takes two rows for {code}: {other.row.place}, {row.place}")
        else:
            form_row, name = known.numbers[code], known.name(code)
            # a row that only resembles it may be the right one if it has the number of the other or of the indicator
            numbered = row.number and (row.number == other.row.number or (row.number == form_row and row.has_figures()))
            if proposal.trust == CERTAIN or numbered or row.has_digits():
                why = remark("twice", name=name, place=other.row.place)
                told = (
                    ASIDE if other.trust == ANSWERED or not row.has_digits() or row.cells == other.row.cells else OPEN
                )
                doubts.append(Doubt("label", row.place, row.label, why, told, score))
            aside.append((row.place, row.label, name, score))
    return taken, aside, doubts


def _headings(form: Form, answers: dict[str, str], about: dict[str, str]) -> tuple[dict[str, str], list[Doubt]]:
    """How each printed heading of a period stands in the annex, and doubts about headings.

    `about` is what the text says of itself: a period that was not over when it was signed is a doubt.
    """
    means, doubts = {}, []
    for printed in form.headings:
        given = answers.get(key_of(form.place) if form.undated else key_of(printed))
        means[printed], why = (given, remark("told")) if given is not None else known_period(printed, about)
        if given is None and printed in form.pictured:
            why = coded(form.pictured[printed])
        if form.undated and not why:
            why = remark("undated", heading=form.undated)
        if why:
            doubts.append(Doubt("heading", form.place, printed, why, means[printed]).answered(given))
    for printed, why in form.unread:
        doubt = Doubt("heading", form.place, printed, remark(why), _left_out(printed, why), detail=unreadable(printed))
        doubts.append(doubt.answered(answers.get(key_of(printed))))
    return {printed: meaning for printed, meaning in means.items() if meaning != ASIDE}, doubts


def _doubted(
    course: Mapping[str, Remark], headings: Mapping[str, str], answers: dict[str, str], place: str
) -> list[Doubt]:
    """Doubts about headings that are out of the course of time; the mapping file settles those that it names."""
    doubts = [Doubt("heading", place, printed, why, headings[printed]) for printed, why in course.items()]
    return [doubt.answered(headings[doubt.printed] if key_of(doubt.printed) in answers else None) for doubt in doubts]


def _left_out(printed: str, why: str) -> str:
    """The answer proposed for a heading that is not read: one that names a time may be a period of the form."""
    return OPEN if why == "heading" and PERIOD_LIKE.search(printed) else ASIDE


def _codes(headings: dict[str, str], place: str) -> dict[str, str]:
    """The code of the period of each printed heading. Raises ReformError where two are of the same days."""
    try:
        periods = periods_of(headings.values())
        if len(periods) < len(headings):
            raise ReformError("two columns are of one period", expected="each period once", fix="correct the headings")
    except ReformError as error:
        error.where = error.where or place
        raise
    return {printed: periods[meaning].code for printed, meaning in headings.items()}


def _elsewhere(form: Form, known: Known, answers: dict[str, str], missing: list[str]) -> list[Doubt]:
    """A row that the form lacks and that another table of the file has is a doubt: its figures would be lost."""
    doubts = []
    for place, label in form.elsewhere:
        match = best(label, "", known)
        if match.certain and match.indicator in missing:
            given = answer(answers, place, label)
            if given not in (None, ASIDE):
                raise ReformError(
                    f"«{label}» cannot be taken from this table",
                    where=place,
                    fix="put the row into the table of the form, or answer - to leave it out",
                )
            doubts.append(Doubt("label", place, label, remark("elsewhere"), OPEN, match.score).answered(given))
    return doubts
