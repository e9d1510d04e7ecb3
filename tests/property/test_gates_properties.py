"""The quick look at HTML never passes what the tree would refuse."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from reformlib.render.page import fragments, gates, texts

PIECES = [
    *(
        "<p>",
        "</p>",
        "<b ",
        "<",
        ">",
        "'",
        '"',
        '="',
        "=",
        " ",
        "\t",
        "/",
        "text",
        "é",
        "&lt;",
        ' alt="a"',
        ' style="x"',
    ),
    *(" on", "onx", "<a onclick=1>", "<a onclick>", '<a title="x > y" onload="z">', '<a title="x < y" onload="z">'),
    *("<script>", "<SCRIPT>", "<input>", "<style>@import</style>", "href='javascript:x'", ' href="JavaScript:1"'),
]


@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=9).map("".join))
def test_what_is_passed_at_a_glance_is_passed_by_the_tree(html):
    if gates._plainly_safe(html):
        kept, gates._plainly_safe = gates._plainly_safe, lambda html: False
        try:
            assert gates.unsafe(html) == []
        finally:
            gates._plainly_safe = kept


def test_what_the_library_writes_is_passed_at_a_glance():
    text = '<p class="lead" title="a &gt; b">One on <b>2</b>\xa0%, it&#39;s &#34;so&#34;</p>'
    assert gates._plainly_safe(f'{text}<img src="data:image/png;base64,AA" alt="số 1 &#34;a&#34;">')
    assert not gates._plainly_safe('<p title="JavaScript:a">')
    assert not gates._plainly_safe('<p title="a > b" onclick="x">')


SVG_PIECES = [
    *("<", ">", '"', "'", "=", " ", "\n", "/", "#a", "data:image/png", "x", "url(", ")", "href", "SRC", "@IMPORT"),
    *(
        "<script",
        "<ScriptX",
        "<foreignObject>",
        "<iframe ",
        "<!ENTITY",
        "<?xml-stylesheet",
        " onload",
        " ON",
        "script:",
    ),
    *("java", "VB", ' href="#a"', " href='http:x'", " xlink:href=x", "<a src =", "url('#a')", "url( data:image/x)"),
]


@given(st.lists(st.sampled_from(SVG_PIECES), max_size=9).map(lambda pieces: "".join(pieces).encode()))
def test_a_picture_is_dead_at_a_glance_only_if_it_is(svg):
    assert bool(gates._live(svg)) == bool(gates._LIVE.search(svg))


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
    html = gates.clean(html)
    root = gates.tree(html)
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
