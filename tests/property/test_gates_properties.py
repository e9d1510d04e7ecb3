"""The quick look at HTML never passes what the tree would refuse."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from reformlib.render import gates

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
    assert gates._plainly_safe('<p class="lead" title="a &gt; b">One on <b>2</b></p><img src="data:image/png;base64,AA" alt="số 1">')
    assert not gates._plainly_safe('<p title="a > b" onclick="x">')
