"""Prose of a notebook: a Markdown cell a language, those of all but the first folded, so that JupyterLab shows one."""

import re

_FOLD = re.compile(r"\A<details><summary>[^<]*</summary>\n\n(.*)\n\n</details>\Z", re.DOTALL)


def unfolded(source: str) -> str:
    """The text of a Markdown cell without the fold around it.

    >>> unfolded("<details><summary>English</summary>\\n\\n## Key figures\\n\\n</details>")
    '## Key figures'
    """
    return _FOLD.sub(r"\1", source)
