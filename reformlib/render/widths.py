"""Widths of the columns of a table on paper."""

import re
from collections.abc import Sequence

import numpy as np

LONGEST = 20  # letters of a word that a column is made for; an address may break
READ = (8.0, 6.0, 4.0, 0.0)  # a column of text is so wide where that leaves room for the others
LETTER, BOLD, PADDING = 0.58, 0.66, 0.7  # widths in heights of a letter


def fitted(rows: Sequence[Sequence[str]], total: float, pictures: Sequence[float] = ()) -> list[float]:
    """Widths of the columns of a table, `total` together, in heights of a letter, so that its rows take few lines.

    `rows` are the texts of its cells, the headings first; `pictures` how wide each column's pictures are. A column
    holds its longest word, or `LONGEST` letters of it (no-break spaces hold a number and its unit together), and is
    not read word by word where there is room. What is left goes step by step to the column that keeps most rows tall.

    >>> fitted([["Unit", "Note"], ["days", 40 * "word "]], 40)
    [3.34, 36.66]
    """
    lengths = LETTER * np.array([[len(text) for text in row] for row in rows], dtype=float)
    # a sign of per cent is as wide as two letters
    words = [
        [max(len(word) + word.count("%") for word in re.split(r"[ \n\t]|(?<=-)", text)) for text in row] for row in rows
    ]
    letters = np.minimum(words, LONGEST) * LETTER
    letters[:, 0] *= BOLD / LETTER
    letters[0] = np.minimum(words[0], LONGEST) * BOLD
    least, longest = np.maximum(letters.max(axis=0), pictures or 0), lengths[1:].max(axis=0, initial=0)
    starts = [np.maximum(least, np.minimum(longest, read)) + PADDING for read in READ]
    widths = next((start for start in starts if start.sum() < 0.8 * total), starts[-1])
    while (over := widths.sum() - total) > 0:
        widths[widths.argmax()] -= min(1.0, over)
    while (left := total - widths.sum()) > 0:
        # of a row the tallest cell counts most, but the others too: they are in the way of a shorter row
        now, then = (np.maximum(lengths / (widths - PADDING + step), 1) ** 4 for step in (0, min(1.0, left)))
        whole = now.sum(axis=1, keepdims=True)
        gains = (whole**0.25 - (whole - now + then) ** 0.25).sum(axis=0)
        if not gains.max():
            break
        widths[gains.argmax()] += min(1.0, left)
    return [round(float(width), 2) for width in widths * total / widths.sum()]
