"""Other forms of a page: PDF for printing, Word for editing, a workbook with its tables. Each is an extra."""

import importlib.util
from pathlib import Path
from typing import Any

from reformlib.errors import ReformError
from reformlib.render.forms import pdf

FORMS = {"pdf": "PDF", "docx": "Word", "xlsx": "Excel"}  # with what the list of documents calls them
# what the extra of a form is for, and its packages by the modules they hold
_EXTRAS = {
    "docx": ("Word file", {"pypandoc": "pypandoc-binary", "resvg_py": "resvg-py"}),
    "xlsx": ("workbook", {"xlsxwriter": "xlsxwriter"}),
}


def missing(form: str) -> ReformError | None:
    """What this machine lacks for a form, with the way out: Chromium, or packages of an extra."""
    if form not in _EXTRAS:
        return pdf.missing()
    what, packages = _EXTRAS[form]
    if not (names := [name for module, name in packages.items() if not importlib.util.find_spec(module)]):
        return None
    fix = f'install the extra: pip install "reformlib[{form}]"'
    return ReformError(f"no {what}: not installed: {', '.join(names)}", fix=fix)


def make(
    forms: tuple[str, ...], page: str, tables: list[dict[str, Any]], entry: dict[str, Any], stage: Path, layout: str
) -> tuple[dict[str, bytes], ReformError | None]:
    """The forms of a page by their name, and the error that tells which could not be made.

    `page` is the HTML, `tables` holds its tables as data (see :func:`reformlib.present.html.evidence_of`), `entry` is
    its manifest, `stage` a folder for drafts, `layout` how a Word file is laid out (see `docx`). One that fails loses
    no other.
    """
    made: dict[str, bytes] = {}
    errors = []
    for form in forms:
        try:
            if error := missing(form):
                raise error
            # imported here: the packages of an extra may not be there
            made[form] = importlib.import_module(f"{__name__}.{form}").make(page, tables, entry, stage, layout)
        except ReformError as error:
            errors.append(error)
        except OSError:
            raise  # the output folder cannot be written to; that concerns the page too
        except Exception as error:  # what a converter stumbles over must not cost the page
            what = f"no {form}: unexpected {type(error).__name__}: {error}"
            errors.append(ReformError(what, fix="render without this form, and report what it says"))
    if len(errors) > 1:
        errors = [ReformError("\n".join(map(str, errors)))]
    return made, errors[0] if errors else None
