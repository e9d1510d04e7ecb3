"""A page as PDF, printed by a Chromium that the machine has: tagged, titled, with its language and bookmarks."""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any

from reformlib import __version__
from reformlib.errors import ReformError

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge", "msedge")
USUAL = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
    r"C:\Program Files\Microsoft\Edge\Application\msedge.exe",
)
OPTIONS = (
    *("--headless", "--disable-gpu", "--no-first-run", "--disable-extensions"),
    *("--no-pdf-header-footer", "--export-tagged-pdf", "--generate-pdf-document-outline"),
)
SECONDS = 120
# What Chromium 156 prints otherwise than the page says, and what is changed in the printed copy for it; each is shown
# by a script in findings/.
# chromium-print-bookmarks: a line that breaks inside a heading loses its space in the bookmark unless spaces are kept,
# and a heading that the end of a page pushes on says its first line twice there unless it has a padding of 1px above,
# which an <h2> of the page has but for the first.
# The full edition prints every list, in smaller print.
PRINTED = """<style>
table { font-size: 6.2pt; line-height: 1.08; }
.fold table { font-size: 5.7pt; line-height: 1.04; }
h2 { margin-top: 6pt; }
th, td { padding-block: 0.4pt; }
.finding p { font-size: 8pt; }
.finding dl { font-size: 7pt; line-height: 1.15; }
h1, h2, h3, h4, h5, h6 { white-space: pre-wrap; }
h1, h3, h4, h5, h6, .findings + h2, .findings ~ h2:first-of-type { padding-top: 1px; }
</style>
</head>"""
_BESIDE = re.compile(r'(<a\b[^>]*?)\shref="(?!#|https:)[^"]*"')
# chromium-print-empty-cells: a cell without anything has no tag, so that those after it are read a column early.
_EMPTY_CELL = re.compile(r"(<t[dh]\b[^>]*>)\s*(?=</t[dh]>)")
# A <figure> is tagged as one without a text of its own, around the picture that has it: it is a group.
# chromium-print-language: the language of a span is lost unless the span has a role.
_FOREIGN = re.compile(r"<span(?=\s(?:[^>]*\s)?lang=)")
_NODE = re.compile(rb"\(node\d{8}\)")


def chromium() -> str | None:
    """Path of a Chromium, Chrome or Edge: the one that REFORMLIB_CHROMIUM names, else the first there is."""
    if named := os.environ.get("REFORMLIB_CHROMIUM"):
        return shutil.which(named)
    return next((path for path in map(shutil.which, (*NAMES, *USUAL)) if path), None)


def missing() -> ReformError | None:
    """The error of a machine without Chromium."""
    if chromium():
        return None
    named = os.environ.get("REFORMLIB_CHROMIUM")
    return ReformError(
        "no PDF: no Chromium found",
        where=f"REFORMLIB_CHROMIUM={named}" if named else "PATH and the usual folders",
        expected="Chromium, Google Chrome or Microsoft Edge",
        fix="install one (Debian: apt-get install chromium) or name it in REFORMLIB_CHROMIUM; or open the page in a "
        "browser and print it to PDF",
    )


def make(page: str, tables: list[dict[str, Any]], entry: dict[str, Any], stage: Path, layout: str) -> bytes:
    """The PDF of a page. The same page, fonts and Chromium give the same bytes.

    Raises ReformError when there is no Chromium, or when it does not print.
    """
    if error := missing():
        raise error
    with tempfile.TemporaryDirectory(prefix="pdf-", dir=stage, ignore_cleanup_errors=True) as name:
        folder = Path(name).resolve()
        source, target = folder / "page.html", folder / "page.pdf"
        source.write_text(_for_print(page), encoding="utf-8", newline="\n")
        reason = _print(source, target, folder / "profile")
        content = target.read_bytes() if target.is_file() else b""
    if not (content.startswith(b"%PDF-") and content.rstrip().endswith(b"%%EOF")):
        raise ReformError(
            f"no PDF: Chromium printed nothing{reason}",
            where=chromium() or "",
            fix="open the page in a browser and print it to PDF, or name another browser in REFORMLIB_CHROMIUM",
        )
    return _timeless(content)


def _for_print(page: str) -> str:
    """The page as Chromium is given it: the full edition, nothing of it folded."""
    page = page.replace("</head>", PRINTED, 1).replace('<details class="fold"', '<details open class="fold"')
    page = page.replace("<figure ", '<figure role="group" ')
    page = _BESIDE.sub(r"\1", page)  # a link to a page beside this one would name the folder of the draft
    return _FOREIGN.sub('<span role="mark"', _EMPTY_CELL.sub(r"\1&nbsp;", page))


def _print(source: Path, target: Path, profile: Path) -> str:
    """Let Chromium print; nothing of it outlives the call. Gives what to add to the error when it failed."""
    # a profile of its own: a browser the user has open stays out of it
    command = [chromium(), *OPTIONS, f"--user-data-dir={profile}", f"--print-to-pdf={target}"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command.append("--no-sandbox")  # Chromium refuses its sandbox to root; the page holds no script
    streams = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.DEVNULL)
    try:
        process = subprocess.Popen([*command, source.as_uri()], start_new_session=sys.platform != "win32", **streams)
    except OSError as error:
        return f": {error.strerror or error}"
    try:
        code = process.wait(timeout=SECONDS)
        return f" (exit code {code})" if code else ""
    except subprocess.TimeoutExpired:
        return f" within {SECONDS} s"
    finally:
        _end(process)


def _end(process: subprocess.Popen) -> None:
    """End Chromium with all its helpers."""
    with suppress(ProcessLookupError, PermissionError):
        if sys.platform == "win32":
            process.kill()
        else:
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _timeless(content: bytes) -> bytes:
    """The PDF without what differs from run to run and machine to machine; offsets in it stay right.

    That is the moment of printing, the browser's name for itself, and the numbers it gives to the nodes of the tag
    tree, which do not always begin at the same one.
    """

    def creator(match: re.Match) -> bytes:
        name = f"/Creator (reformlib {__version__})".encode()
        return name.ljust(len(match[0])) if len(name) <= len(match[0]) else match[0]

    content = re.sub(rb"/(?:CreationDate|ModDate) \(D:[^()]{0,40}\)", lambda date: b" " * len(date[0]), content)
    content = re.sub(rb"/Creator \(Mozilla(?:\\.|[^\\)])*\)", creator, content, count=1)
    rank = {node: b"(node%08d)" % at for at, node in enumerate(sorted(set(_NODE.findall(content))), start=1)}
    return _NODE.sub(lambda match: rank[match[0]], content)
