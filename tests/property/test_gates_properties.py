"""The quick look at the text of a piece never passes what the tree would refuse."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from reformlib.render.page import fragments, gates, texts

PARTS = [
    "<p>",
    "</p>",
    "<b title='một'>",
    "</b>",
    "<img alt='ba' title='b'>",
    "<td class='num'>",
    "</td>",
    " hai ",
    " ",
]
TEXT_PARTS = [
    "a.b",
    "96.4",
    " 1.23 %",
    "«9.5»",
    "&nbsp;",
    "&lt;",
    "1.234",
    "/",
    ".",
    "5",
    "mục ",
    "<i aria-label='2.5'>",
]
MARKED_PARTS = ["<span lang='en'>", "</span>", "<code>", "</code>", "<!-- c -->"]


def walked(element, lang: str, code: bool, language: str, own: list[str], labels: list[str]) -> None:
    """The texts and labels of the page's language, by a walk down the tree."""
    mine = not code and lang == language
    if mine and element.text and (text := element.text.strip()):
        own.append(text)
    for child in element:
        if isinstance(child.tag, str):  # no comment
            inner = child.get("lang", "").partition("-")[0] or lang
            if inner == language:
                labels += [value.strip() for name in ("alt", "aria-label", "title") if (value := child.get(name))]
            walked(child, inner, code or child.tag in ("code", "pre", "kbd", "math", "style"), language, own, labels)
        if mine and child.tail and (text := child.tail.strip()):
            own.append(text)


@given(st.lists(st.sampled_from([*PARTS, *TEXT_PARTS, *MARKED_PARTS]), max_size=12).map("".join))
def test_texts_and_decimal_points_are_those_of_the_walk(html):
    html = fragments.clean(html)
    root = fragments.tree(html)
    own, labels = [], []
    walked(root, "vi", False, "vi", own, labels)
    assert list(texts.own_texts(root, "vi")) == own + labels
    assert [fault for fault in gates.faults(html, "vi") if "decimal" in fault] == list(texts.decimal_points(root))


@given(st.lists(st.sampled_from(["the", "of", "is", "đã", "số", "naïve", "x", "1", "_", "-", " ", "table", "Table"])))
def test_english_is_not_seen_at_a_glance_where_the_words_do_not_tell_it(words):
    text = "".join(words)
    kept, texts._ACCENTED = texts._ACCENTED, re.compile("(?!)")
    two, texts._TWO_LETTERS = texts._TWO_LETTERS, re.compile("")
    try:
        told = texts._is_english(text)
    finally:
        texts._ACCENTED, texts._TWO_LETTERS = kept, two
    assert texts._is_english(text) == told
