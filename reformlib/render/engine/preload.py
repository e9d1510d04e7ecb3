"""Imported by the fork server: everything that a report needs, used once.

Nothing here may start a thread, open a socket or read a report: a fork keeps it all.
"""

import gc
import importlib
import os
import pkgutil
import sys
from typing import Any

import reformlib.present
from reformlib.render.engine.environment import environment

MODULES = (
    "rapidfuzz.distance",
    "reformlib.analysis",
    "reformlib.render.run.document",
    "IPython.core.application",  # these are asked for by the shell and its first cell
    "IPython.core.completer",
    "IPython.core.completerlib",
    "IPython.core.crashhandler",
    "IPython.core.logger",
    "IPython.core.oinspect",
    "reformlib.render.engine.execute",
    "bdb",
    "encodings.utf_8_sig",
    *(module.name for module in pkgutil.walk_packages(reformlib.present.__path__, "reformlib.present.")),
)


def _use_once() -> None:
    """What is read, compiled or looked up at the first use: translations, fonts, templates, patterns."""
    from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
    from pandas import DataFrame

    from reformlib.locale import LANGUAGES, messages, number
    from reformlib.present.chart import chart_axes, number_axis, svg_of
    from reformlib.present.html import tag
    from reformlib.present.page import Page
    from reformlib.present.projections.basis import score
    from reformlib.render.page.exporter import ReformExporter

    table = "<table><caption>zé</caption><tr><td>xy</td></tr></table>"  # asks for the words of either language
    piece = f"<h1>x</h1><h2>Đường</h2><div class='toc-slot'></div>{table}"
    for language in LANGUAGES:
        messages(language)
        score(Page(None, language), DataFrame(columns=["indicator", "level", "p50"]))
        with chart_axes() as (figure, axes):
            axes.plot([0, 1], [0, number(1.5, language) and 1], marker="o")
            axes.annotate("Đường 0123456789", (0, 1))
            axes.set_xticks([])
            number_axis(Page(None, language), axes, "y", "%", (0, 1))
            said = {"vi": "Một đường đi lên, từ không đến một", "en": "A line that rises from nought to one"}[language]
            picture = tag("div", svg_of(figure), role="img", aria_label=said)
        tagged = {"metadata": {"tags": ["parameters"]}, "execution_count": 1}
        text = piece if language == "vi" else piece.replace("Đường", "the x")
        shown = new_output("display_data", {"text/html": text + str(picture)})
        cells = [
            new_code_cell(f'language: str = "{language}"', **tagged),
            new_markdown_cell("## *x*\n\n- x\n\n1. x"),
            new_code_cell("x", outputs=[shown], execution_count=2),
        ]
        ReformExporter().from_notebook_node(new_notebook(cells=cells))


# Asked for in the environment of this process only; processes that a notebook starts are no concern of it.
os.environ.pop("PYTHONSAFEPATH", None)
# A parser of international addresses: a second to import, and no schema of notebooks asks for it.
_modules: dict[str, Any] = sys.modules
_modules["rfc3987_syntax"] = None
gc.disable()  # little here is garbage, and looking for it again and again takes a tenth of the time
for _name in MODULES:
    importlib.import_module(_name)
_use_once()
del _modules["rfc3987_syntax"]
# what pandas has where it is imported by a notebook
sys.modules["pandas"].set_option("display.max_columns", 20)
environment()  # hashes of the library as it was imported here

# What is here stays for good: no process has to look through it for garbage, which would also copy its pages.
gc.collect()
gc.freeze()
gc.enable()
# And each lives for one notebook: looking for garbage after every 700 new objects would find next to none.
gc.set_threshold(50_000)
