"""Doubts about a file, and the answers of a mapping file that settle them."""

import csv
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from reformlib.errors import ReformError
from reformlib.ingest.remarks import Remark
from reformlib.load.cells import clean
from reformlib.load.spreadsheet_safe import restored

KINDS = ("label", "heading", "cell", "period")
ASIDE = "-"  # the answer that leaves a row or a column out
OPEN = "?"  # where no answer can be proposed; in a mapping file: not answered yet
LIMIT = 10_000_000  # bytes of a mapping file or a list


@dataclass(frozen=True)
class Doubt:
    """A question that the file leaves open, and what `--accept` would take for its answer.

    `kind` is one of `KINDS`; `answer` an indicator, a heading, how a cell is read, or years; `ASIDE` to leave it out,
    `OPEN` where none can be proposed.
    `settled` is "mapping", "accepted" or "" while it is open; `detail` what the parser reported, in English.
    """

    kind: str
    place: str
    printed: str
    why: Remark
    answer: str
    score: float | None = None
    settled: str = ""
    detail: str = ""

    def answered(self, given: str | None) -> "Doubt":
        """The doubt as the mapping file settles it, open where that says nothing."""
        return self if given is None else replace(self, answer=given, settled="mapping")


def read_mapping(path: Path | None) -> dict[str, dict[str, str]]:
    """Answers to doubts from a CSV file with the columns kind, printed, means; by kind, then by the text or its place.

    Raises ReformError for a file that is not one.
    """
    answers: dict[str, dict[str, str]] = {kind: {} for kind in KINDS}
    if path is None:
        return answers
    for number, cells in enumerate(rows_of(path, "mapping file"), start=2):
        row = {(key or "").strip(): cell for key, cell in cells.items()}
        kind = (row.get("kind") or "").strip()
        if set(row) != {"kind", "printed", "means"} or kind not in KINDS or row["means"] is None:
            raise ReformError(
                "the mapping file has a row that is not understood",
                where=f"{path}, row {number}",
                expected=f"columns kind, printed, means; kind one of: {', '.join(KINDS)}",
            )
        if (means := restored(row["means"]).strip()) != OPEN:
            answers[kind][key_of(restored(row["printed"]))] = means
    return answers


def rows_of(path: Path, what: str) -> list[dict]:
    """The rows of a CSV file by column; `what` it is called where it cannot be read. Raises ReformError."""
    try:
        if not path.is_file() or path.stat().st_size > LIMIT:
            raise OSError("no file, or one of more than ten million bytes")
        with path.open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file, strict=True))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise ReformError(f"the {what} cannot be read: {error}", where=str(path), expected="CSV in UTF-8") from None


def accepted(doubts: list[Doubt]) -> list[Doubt]:
    """Doubts with the answers that are proposed for them; one that has none, and what was read from a picture, stay."""
    return [
        d if d.settled or d.answer == OPEN or d.why[0] in ("ocr", "scan") else replace(d, settled="accepted")
        for d in doubts
    ]


def answer(answers: dict[str, str], place: str, text: str) -> str | None:
    """What the mapping file says of a place, else of the text that stands there; None where it says nothing."""
    return answers.get(key_of(place), answers.get(key_of(text)) if text else None)


def answer_for(answers: dict[str, str], place: str, text: str, parse: Callable[[str], object]) -> str | None:
    """What the mapping file says of a cell. Raises ReformError where `parse` refuses it."""
    given = answer(answers, place, text)
    try:
        if given is not None:
            parse(given)
    except ReformError as error:
        error.where = f"the mapping file's answer for {place}"
        raise
    return given


def key_of(text: str) -> str:
    """A text as answers are looked up by."""
    return clean(text).replace("\n", " ").lower()
