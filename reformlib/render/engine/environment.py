"""The software that a page is made with: this library, the packages and Python of this process, as hashes."""

import hashlib
import json
import platform
import sys
from functools import cache
from pathlib import Path
from typing import Any

from reformlib import __version__
from reformlib.paths import PACKAGE
from reformlib.render.engine.tree import files

# packages whose version can show on a page; the others of the lock (JupyterLab, tests, tools) cannot
PACKAGES = """
babel beautifulsoup4 bleach contourpy cycler defusedxml fonttools ipykernel ipython ipython_pygments_lexers jinja2
jupyterlab_pygments kiwisolver lxml markupsafe matplotlib matplotlib_inline mistune nbclient nbconvert nbformat nh3
numpy pandas pandera pandocfilters papermill pillow pydantic pydantic_core pygments pypandoc_binary pyparsing
python_calamine python_dateutil python_docx pytz pyyaml rapidfuzz resvg_py scipy seaborn soupsieve tinycss2 traitlets
tzdata webencodings xlsxwriter
"""


def file_hashes(root: Path) -> dict[str, str]:
    """sha256 of every file under a folder (:func:`reformlib.render.engine.tree.files`), by its path in it."""
    paths = map(Path, files(str(root)))
    return {path.relative_to(root).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}


def digest(content: Any) -> str:
    """A short digest of something JSON can hold."""
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:32]


@cache
def environment() -> dict[str, Any]:
    """The library, the packages and the Python of this process, as manifests hold them; looked up once."""
    library: dict[str, dict[str, str]] = {"sha256": {}, "locales": {}, "templates": {}}
    for name, sha256 in file_hashes(PACKAGE).items():
        parts = name.split("/")
        if parts[0] != "_project":
            group = next((group for group in ("locales", "templates") if group in parts), "sha256")
            library[group][name] = sha256
    return {
        "reformlib": {"version": __version__} | {name: digest(group) for name, group in library.items()},
        "python": platform.python_version(),
        "packages": installed(),
    }


def installed() -> dict[str, str]:
    """Versions of the packages that can show on a page, from the names of their folders: importlib is slow."""
    shown, versions = set(PACKAGES.split()), {}
    for folder in filter(None, sys.path):
        for path in Path(folder).glob("*.dist-info"):
            name, _, version = path.stem.lower().partition("-")
            if name in shown:
                versions.setdefault(name, version)
    return dict(sorted(versions.items()))
