"""Imported by the warm process: everything a report needs, used once.

Nothing here may start a thread, open a socket or read a report: a fork keeps it all.
"""

from __future__ import annotations

import builtins
import gc
import importlib
import os
import pkgutil
import sys
from pathlib import Path
from types import SimpleNamespace

from reformlib import present
from reformlib.render.engine.environment import environment

MODULES = (
    "pandas",
    "scipy.stats",
    "seaborn",
    "reformlib.analysis",
    "reformlib.present.datasets",
    "reformlib.render.engine.shell",
    "reformlib.render.run.document",
    "IPython.core.logger",  # asked for by the first cell
    "bdb",
    "encodings.utf_8_sig",
    *(module.name for module in pkgutil.walk_packages(present.__path__, "reformlib.present.")),
)


def _use_once() -> None:
    """What is read, compiled or looked up at the first use: translations, fonts, templates, patterns."""
    from fnmatch import fnmatch

    from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

    from reformlib.load.cells import parse_number
    from reformlib.locale import LANGUAGES, messages, number
    from reformlib.present.chart import chart_axes, number_axis, svg_of
    from reformlib.present.html import image
    from reformlib.present.page import Page
    from reformlib.project.law import load_prior, load_scores
    from reformlib.render.run.document import export
    from reformlib.render.run.parameters import Document

    load_prior()
    load_scores()
    for pattern in ("*.*", "*.ipynb"):  # papermill's
        fnmatch("x.ipynb", pattern)
    table = "<table><caption>zé</caption><tr><td>xy</td></tr></table>"  # asks for the words of either language
    piece = f"<h1>x</h1><h2>Đường</h2><div class='toc-slot'></div>{table}"
    for language in LANGUAGES:
        messages(language)
        parse_number("1", locale=language)
        with chart_axes() as (figure, axes):
            axes.plot([0, 1], [0, number(1.5, language) and 1], marker="o")
            axes.annotate("Đường 0123456789", (0, 1))
            number_axis(Page(None, language), axes.yaxis, "%")
            picture = image(
                svg_of(figure),
                {"vi": "Một đường đi lên, từ không đến một", "en": "A line that rises from nought to one"}[language],
            )
        tagged = {"metadata": {"tags": ["parameters"]}, "execution_count": 1}
        text = piece if language == "vi" else piece.replace("Đường", "the x")
        shown = new_output("display_data", {"text/html": text + str(picture)})
        cells = [
            new_code_cell(f'language: str = "{language}"', **tagged),
            new_markdown_cell("## *x*\n\n- x\n\n1. x"),
            new_code_cell("x", outputs=[shown], execution_count=2),
        ]
        export(new_notebook(cells=cells), Document(Path("x.ipynb"), language, {}))


# Asked for in the environment of the warm process only; processes that a notebook starts are no concern of it.
os.environ.pop("PYTHONSAFEPATH", None)

_missing = object()
_shell = getattr(builtins, "get_ipython", _missing)
_parser = sys.modules.get("rfc3987_syntax", _missing)
# pandas shows all columns of a table only if it is imported where a notebook's shell is.
builtins.get_ipython = lambda: SimpleNamespace(kernel=None)
# A parser of international addresses: a second to import, and no schema of notebooks asks for it.
if _parser is _missing:
    sys.modules["rfc3987_syntax"] = None
gc.disable()  # little here is garbage, and looking for it again and again takes a tenth of the time
try:
    for _name in MODULES:
        importlib.import_module(_name)
    _use_once()
finally:
    if _parser is _missing:
        del sys.modules["rfc3987_syntax"]
    if _shell is _missing:
        del builtins.get_ipython
    else:
        builtins.get_ipython = _shell

environment()  # hashes of the library as it was imported here

# What is here stays for good: no process has to look through it for garbage, which would also copy its pages.
gc.collect()
gc.freeze()
gc.enable()
# And each lives for one notebook: looking for garbage after every 700 new objects would find next to none.
gc.set_threshold(50_000)
