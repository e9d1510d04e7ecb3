"""A page as PDF, printed by a Chromium that the machine has: tagged, titled, with its language and bookmarks."""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import zlib
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
_OBJECT = re.compile(rb"(\d+) 0 obj\n(<<[^<>]*/FlateDecode[^<>]*/Length )(\d+)(>> *stream\n)")
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
    where = f"REFORMLIB_CHROMIUM={named}" if named else "PATH and the usual folders"
    expected = "Chromium, Google Chrome or Microsoft Edge"
    fix = (
        "install one (Debian: apt-get install chromium) or name it in REFORMLIB_CHROMIUM; or open the page in a "
        "browser and print it to PDF"
    )
    return ReformError("no PDF: no Chromium found", where=where, expected=expected, fix=fix)


def make(page: str, tables: list[dict[str, Any]], entry: dict[str, Any], stage: Path, layout: str) -> bytes:
    """The PDF of a page. The same page, fonts and Chromium give the same bytes.

    Raises ReformError when Chromium does not print.
    """
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
    return _with_artifacts(_timeless(content))


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


def _with_artifacts(content: bytes) -> bytes:
    """The PDF with the number and the foot of its sheets marked as artifacts, which no reader speaks.

    Chromium leaves the text of margins without a mark. Objects are written anew in their order, as the streams grow;
    the cross-reference table of its PDF is one, of objects that follow each other in the file.
    """
    body, found, table = content.rpartition(b"\nxref\n")
    if not found:
        return content  # another way of writing PDF
    starts = [int(start) for start in re.findall(rb"(\d{10}) 00000 n", table)]
    order = sorted(starts)
    ends, moved, out = dict(zip(order, [*order[1:], len(body) + 1], strict=True)), {}, bytearray(content[: order[0]])
    for start in order:
        moved[start] = len(out)
        out += _marked(content[start : ends[start]])
    entries = b"".join(b"%010d 00000 n \n" % moved[start] for start in starts)
    trailer = table[table.index(b"trailer") : table.index(b"startxref")]
    size = len(starts) + 1
    table = b"xref\n0 %d\n0000000000 65535 f \n%s%sstartxref\n%d\n%%%%EOF\n" % (size, entries, trailer, len(out))
    return bytes(out) + table


def _marked(thing: bytes) -> bytes:
    """An object of a PDF as it is; of the contents of a sheet, the texts without a mark are artifacts."""
    if not (found := _OBJECT.match(thing)) or b"/Subtype" in found[2]:
        return thing
    end = found.end() + int(found[3])
    try:
        lines = zlib.decompress(thing[found.end() : end]).split(b"\n")
    except zlib.error:
        return thing
    depth, shown = 0, []
    for line in lines:
        depth += line.endswith(b"BDC") - (line == b"EMC")
        shown += [b"/Artifact <</Type /Pagination>> BDC"] * (line == b"BT" and not depth)
        shown += [line] + [b"EMC"] * (line == b"ET" and not depth)
    if len(shown) == len(lines) or not any(line.endswith(b"BDC") for line in lines):
        return thing
    data = zlib.compress(b"\n".join(shown))
    return b"%s 0 obj\n%s%d%s%s%s" % (found[1], found[2], len(data), found[4], data, thing[end:])
