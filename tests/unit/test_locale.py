"""Numbers, dates and strings as their readers write them."""

import ast
import re
from datetime import date

import pytest

from reformlib import locale
from reformlib.errors import ReformError
from reformlib.ingest import remarks
from reformlib.load import contracts
from reformlib.load.fields import FIELDS
from reformlib.measure import coverage, gaps
from reformlib.measure.methods import FACTS, METHODS, STORIES, TOLD
from reformlib.present.findings import RELIABILITY_WORDS
from reformlib.project import series as projections
from tests import progress_texts


@pytest.mark.parametrize(
    ("value", "decimals", "vi", "en"),
    [
        (1234567, 0, "1.234.567", "1,234,567"),
        (96.4, None, "96,4", "96.4"),
        (27.655, 2, "27,66", "27.66"),
        (2.675, 2, "2,68", "2.68"),
        (-2.345, 2, "−2,35", "−2.35"),
        (0.0, None, "0", "0"),
        (float("nan"), 2, "–", "–"),
    ],
)
def test_numbers(value, decimals, vi, en):
    assert locale.number(value, "vi", decimals) == vi
    assert locale.number(value, "en", decimals) == en


def test_percent_signs_signs_and_dates():
    assert locale.quantity(96.4, "%", "vi") == "96,4%"
    assert locale.quantity(96.4, "%", "en") == "96.4%"
    assert locale.signed(2.3, "", "vi") == "+2,3"
    assert locale.signed(0.0, "", "vi") == "0"
    assert locale.day(date(2020, 3, 31), "vi") == "31/3/2020"
    assert locale.day(date(2020, 3, 31), "en") == "31 March 2020"


def test_an_unknown_language_names_those_there_are():
    with pytest.raises(ReformError, match="unknown language: fr") as error:
        locale.translator("fr")
    assert "vi, en" in error.value.expected


def test_a_message_without_translation_is_an_error_not_a_leftover():
    with pytest.raises(LookupError):
        locale.translator("vi")("never translated")
    with pytest.raises(ReformError, match="no vi translation of 'never translated'") as error:
        locale.translator("vi")("never translated")
    assert error.value.fix.startswith("add the msgid to locales/vi.po")
    assert locale.translator("en")("{n} left", n=3) == "3 left"


def messages_in_code(repo):
    for path in sorted((repo / "reformlib").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            called = node.func if isinstance(node, ast.Call) else None
            name = getattr(called, "id", getattr(called, "attr", ""))  # _("…") or page._("…")
            if name == "_":
                yield from literals(node.args[0])


def literals(node: ast.expr):
    """The texts of `"…"` or `"…" if … else "…"`."""
    if isinstance(node, ast.IfExp):
        yield from (*literals(node.body), *literals(node.orelse))
    elif isinstance(node, ast.Constant):
        yield node.value


def test_every_message_of_the_code_is_translated_with_its_fields(repo):
    codes = (gaps.REASONS, gaps.CAVEATS, gaps.VERDICTS, gaps.HELD, FACTS, TOLD, STORIES, METHODS)
    tables = (contracts.STATUSES, *codes, coverage.FINDINGS, RELIABILITY_WORDS, projections.BASES)
    titles = {field["title"] for table in FIELDS.values() for field in table.values() if "title" in field}
    wanted = set(messages_in_code(repo)).union(
        *(table.values() for table in tables), progress_texts.MESSAGES, remarks.MESSAGES.values(), titles
    )
    known = locale.messages("vi")
    assert len(wanted) > 100
    assert sorted(wanted - set(known)) == []
    fields = {message: set(re.findall(r"\{\w+\}", message)) for message in wanted}
    assert [m for m in wanted if fields[m] != set(re.findall(r"\{\w+\}", known[m]))] == []
