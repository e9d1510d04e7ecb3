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


ATTRIBUTES = ["src", "SRC", "href", "hreF", "class", "id", "aria-x", "data-label", "onclick", "xlink:href", "srcset"]
VALUES = [
    "#a",
    "x.html",
    "javascript:x",
    "data:image/png;base64,AA",
    "data:image/png;base64,A\u00a0A",
    "a b",
    "&#115;rc",
    "",
]


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["a", "img", "td", "p", "span"]), st.sampled_from(ATTRIBUTES), st.sampled_from(VALUES)
        ),
        max_size=4,
    )
)
def test_without_an_address_the_filter_of_addresses_changes_nothing(elements):
    html = "".join(f'<{tag} {name}="{value}">x</{tag}>' for tag, name, value in elements)
    assert fragments.clean(html) == fragments._WITH_ADDRESSES.clean(html)


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
