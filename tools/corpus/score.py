"""Read the corpus and count its cells: python -m tools.corpus.score OUT [-v] [KIND …]

OUT has `truth/NAME.csv` and a folder a kind, as `make` leaves them, or of other files with their figures. A cell is
`right` without a question; `asked right` with a question whose proposal is right, `asked` with another; `told` where
its row is listed as not found; `refused` with its file; `silent` where another figure stands there unasked.
"""

from __future__ import annotations

import re
import sys
import time
from collections import Counter
from pathlib import Path

import pandas as pd

from reformlib.errors import ReformError
from reformlib.ingest.draft import Draft
from reformlib.load.period import parse_period
from tests.ingest_files import cells, drafted

KINDS = ("docx", "doc", "odt", "rtf", "xlsx", "xls", "ods", "html", "pdf", "web", "scan")
_NOTE = re.compile(r"\([\d*]{1,2}(?::.*)?\)$")  # a footnote, which the figures do not have


def figures(annex: pd.DataFrame) -> dict[tuple[str, object], str]:
    """Texts by form row and period, without footnotes."""
    return {at: _NOTE.sub("", text) for at, text in cells(annex).items()}


def outcomes(made: Draft, form: pd.DataFrame) -> dict[tuple[str, object], str]:
    """What became of every cell of a form."""
    answers = {doubt.place: doubt.answer for doubt in made.open if doubt.kind == "cell"}
    whole = any(doubt.kind != "cell" for doubt in made.open)
    places = {entry["form_row"]: entry["place"].split("; ") for entry in made.found}
    proposed, asked = made.annex.copy(), set()
    for at, row in enumerate(made.annex["form_row"]):
        for printed, heading in made.headings.items():
            if own := [f"{place}, {printed}" for place in places[row] if f"{place}, {printed}" in answers]:
                proposed.loc[at, heading] = answers[own[0]]
                asked.add((row, parse_period(heading)))
    true, read = figures(form), figures(proposed)

    def outcome(at: tuple[str, object]) -> str:
        if read.get(at) == true[at]:
            return "asked right" if at in asked else "right"
        return "asked" if at in asked or whole else "told" if at[0] not in places else "silent"

    found = {at: outcome(at) for at in true}
    return found | {at: "silent" for at, text in read.items() if text and at not in true and not whole}


def score(path: Path, form: pd.DataFrame, *, verbose: bool) -> Counter[str]:
    """How many cells of a file came out how."""
    try:
        made = drafted(path)
    except ReformError as error:
        if verbose:
            print(f"  {path.name} refused: {error.what[:160]}")
        return Counter(refused=len(figures(form)))
    found = outcomes(made, form)
    if verbose and {*found.values()} != {"right"}:
        read, true = figures(made.annex), figures(form)
        wrong = [(row, true.get((row, at)), read.get((row, at))) for (row, at), how in found.items() if how == "silent"]
        asked = [(one.kind, one.why[0], one.printed[:40], one.answer) for one in made.open]
        print(f"  {path.name} {dict(Counter(found.values()))} silent {wrong[:3]} asked {asked[:3]}")
    return Counter(found.values())


def main(arguments: list[str]) -> None:
    """Print a line a kind."""
    verbose, (folder, *wanted) = "-v" in arguments, [one for one in arguments if one != "-v"]
    out, whole = Path(folder), ("right", "asked right", "asked", "told", "refused", "silent")
    print(f"{'kind':6}{'files':>6}{'cells':>7}" + "".join(f"{name:>13}" for name in whole) + f"{'s/file':>8}")
    for kind in wanted or KINDS:
        files = [path for path in sorted((out / kind).glob("*")) if (out / f"truth/{_form(path)}.csv").is_file()]
        start, total = time.perf_counter(), Counter[str]()
        for path in files:
            form = pd.read_csv(out / f"truth/{_form(path)}.csv", dtype=str, keep_default_na=False)
            total += score(path, form, verbose=verbose)
        if count := total.total():
            shares = "".join(f"{total[name]:>7}{total[name] / count:>6.1%}" for name in whole)
            print(
                f"{kind:6}{len(files):6}{count:7}{shares}{(time.perf_counter() - start) / len(files):8.2f}", flush=True
            )


def _form(path: Path) -> str:
    return path.stem.removesuffix("-bad")


if __name__ == "__main__":
    main(sys.argv[1:])
