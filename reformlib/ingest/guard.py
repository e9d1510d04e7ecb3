"""What a file may be before anything in it is parsed: its kind by its bytes, its size, its archive, its XML.

Offices send renamed, locked, cut-off and sometimes hostile files. Each is refused here with the way out; what
passes is read from the copy in memory that was looked at, so nothing can change in between.
"""

import io
import re
import struct
import zipfile
import zlib
from pathlib import Path, PurePosixPath

from reformlib.errors import ReformError
from reformlib.paths import packaged

FILE_LIMIT = 60 << 20  # bytes of a file; a report of an office has one or two million
UNPACKED_LIMIT = 400 << 20  # bytes of all members of an archive
MEMBER_LIMIT = 200 << 20  # bytes of one XML part
MEMBERS = 5_000
RATIO = 500  # unpacked to packed; sheets of a million empty rows reach about 100

# every kind of content: the file extensions that promise it, the member of an archive, the namespace of XML or the
# first bytes by which it is known, who reads it or what it is turned into first, and what to do with one not read
KINDS = {row["kind"]: row for row in packaged("ingest/kinds.csv")}
SUFFIXES = {suffix: kind for kind, row in KINDS.items() for suffix in row["suffixes"].split()}
DOCUMENTS = {suffix for suffix, kind in SUFFIXES.items() if kind != "image"}  # a picture among them may be a logo
# many systems save these under such names
_SAVED_AS = {"html": ("xls", "doc"), "rtf": ("doc",), "sheetxml": ("xls",), "wordxml": ("doc", "sheetxml")}
_READABLE = "one of: .docx, .doc, .odt, .rtf, .pdf, .xlsx, .xlsb, .xls, .ods, .html, .xml, .csv, .tsv, .txt, .zip, .tif"


def load_bytes(path: Path) -> tuple[str, bytes]:
    """The kind of a file, of `KINDS`, and its bytes.

    Raises ReformError for a file that is missing, empty, too large, locked by a password, cut off, of a kind that
    is not read, or of another kind than its name says.
    """
    try:
        if not path.is_file():
            raise ReformError(f"no such file: {path.name}", where=str(path), fix="check the path")
        size = path.stat().st_size
        if size > FILE_LIMIT:
            raise ReformError(
                f"{path.name} is too large: {size / 1e6:.0f} MB",
                where=str(path),
                expected=f"at most {FILE_LIMIT / 1e6:.0f} MB",
                fix="remove pictures and other sheets, or copy the form's table into a new file",
            )
        with path.open("rb") as file:
            content = file.read(FILE_LIMIT + 1)[:FILE_LIMIT]
    except OSError as error:
        raise ReformError(f"{path.name} cannot be read: {error.strerror}", where=str(path)) from None
    if not content.strip(b"\0\t\r\n \xef\xbb\xbf"):
        raise damaged(path, "empty")
    kind = kind_of(content, path)
    promised = SUFFIXES.get(path.suffix.lower())
    if (what := KINDS[kind]["what"]) and not KINDS[kind]["through"]:
        what, fix = f"{path.name} is {what}, which is not read", KINDS[kind]["fix"]
        raise ReformError(what, where=str(path), expected=_READABLE, fix=fix)
    if promised != kind and promised not in _SAVED_AS.get(kind, ()):
        named = f"its name says {path.suffix}" if path.suffix else "its name has no extension"
        raise ReformError(
            f"{path.name} is not what its name says: the content is {kind}, {named}",
            where=str(path),
            expected=_READABLE,
            fix=f"rename it to {path.stem}{'.txt' if kind == 'text' else '.' + kind} if you trust where it comes from",
        )
    return kind, content


def kind_of(content: bytes, path: Path) -> str:
    """What the bytes are, whatever the file's name. Raises ReformError for a locked, broken or hostile archive."""
    if content.startswith(b"PK"):
        archive = open_archive(content, path)
        names = set(archive.namelist())
        kind = next((kind for kind, row in KINDS.items() if row["member"] in names - {""}), "archive")
        if kind == "archive" and {"mimetype", "content.xml"} <= names:
            part(archive, "content.xml", path)  # no bomb reaches LibreOffice
            return "ods" if b"spreadsheet" in (part(archive, "mimetype", path) or b"")[:200] else "odt"
        return kind
    if content.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return _ole_kind(content, path)
    head = content[:4096].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if re.match(rb"<(\?xml|!doctype|!--|html|table|head|meta|style)", head):
        of_office = (kind for kind, row in KINDS.items() if ":" in row["member"] and row["member"].encode() in head)
        if (kind := next(of_office, "")) and not re.search(rb"<html\b", head):
            _refuse_declared(content, path)
            return kind
        return "html" if re.search(rb"<(!doctype\s+html|html|table|meta)\b", head) else "markup"
    starts = ((kind, bytes.fromhex(start)) for kind, row in KINDS.items() for start in row["starts"].split())
    return next((kind for kind, start in starts if content.startswith(start)), "text")


def open_archive(content: bytes, path: Path) -> zipfile.ZipFile:
    """A zip archive whose directory is within the limits. Raises ReformError for one that is broken or a bomb."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, struct.error, NotImplementedError, UnicodeDecodeError) as error:
        raise damaged(path, f"cut off or damaged: {error}") from None
    if len(members) > MEMBERS:
        raise _bomb(path, f"{len(members)} parts", f"at most {MEMBERS} parts")
    if len({member.filename for member in members}) < len(members):
        raise _bomb(path, "two parts of one name", "every part once")
    if any(member.flag_bits & 1 for member in members):
        raise locked(path)
    total = sum(member.file_size for member in members)
    packed = max(1, sum(member.compress_size for member in members))
    if total > UNPACKED_LIMIT:
        raise _bomb(path, f"unpacks to {total / 1e6:.0f} MB", f"at most {UNPACKED_LIMIT / 1e6:.0f} MB")
    if total > (10 << 20) and total / packed > RATIO:
        raise _bomb(path, f"unpacks to {total / packed:.0f} times its size", f"at most {RATIO} times")
    return archive


def member(archive: zipfile.ZipFile, name: str, path: Path) -> bytes | None:
    """One member of an archive, None where it has none. Raises ReformError for one that is too large or broken."""
    try:
        with archive.open(name) as file:
            content = file.read(MEMBER_LIMIT + 1)
    except KeyError:
        return None
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError) as error:
        raise damaged(path, f"cut off or damaged: {error}", name) from None
    if len(content) > MEMBER_LIMIT:
        raise _bomb(path, f"part {name} has more than {MEMBER_LIMIT / 1e6:.0f} MB", "a form of a few hundred rows")
    return content


def is_document(path: Path) -> bool:
    """Whether a file beside others is of a report by its name, and not what a program keeps for itself."""
    return path.suffix.lower() in DOCUMENTS and not path.name.startswith(("~$", "."))


def unpack(path: Path, folder: Path) -> list[Path]:
    """The files of a report that a .zip holds, written into a folder under their names without folders.

    Raises ReformError for an archive that is too large, broken or a bomb, or that holds two files of one name.
    """
    if path.stat().st_size > FILE_LIMIT:
        raise _bomb(path, f"{path.stat().st_size / 1e6:.0f} MB", f"at most {FILE_LIMIT / 1e6:.0f} MB")
    archive, files = open_archive(path.read_bytes(), path), []
    for name in sorted(archive.namelist()):
        file = folder / PurePosixPath(name).name
        if is_document(file):
            if file in files:
                raise ReformError(f"{path.name} holds two files called {file.name}", where=str(path), fix="unpack it")
            file.write_bytes(member(archive, name, path) or b"")
            files.append(file)
    return files


def part(archive: zipfile.ZipFile, name: str, path: Path) -> bytes | None:
    """One XML part of an archive, None where it has none.

    Raises ReformError for a part that is larger than its directory says, broken, declares a document type or
    entities (bombs, and ways to fetch other files), or is written in another encoding than UTF-8.
    """
    content = member(archive, name, path)
    if content is not None:
        _refuse_declared(content, path, name)
    return content


def _refuse_declared(content: bytes, path: Path, name: str = "") -> None:
    """Raise ReformError for XML that declares a document type or entities, or is in another encoding than UTF-8."""
    other_encoding = b"\0" in content[:4] or content.startswith((b"\xff\xfe", b"\xfe\xff"))
    if other_encoding or re.search(rb"<!\s*(DOCTYPE|ENTITY)", content, re.IGNORECASE):
        raise ReformError(
            f"{path.name}: {f'part {name}' if name else 'it'} declares a document type or another encoding, as Office "
            "files never do",
            where=str(path),
            fix="do not open this file; ask the office for a fresh copy",
        )


def _ole_kind(content: bytes, path: Path) -> str:
    """Kind of an OLE container by the names in its directory, which are UTF-16."""

    def holds(name: str) -> bool:
        return name.encode("utf-16-le") in content

    if holds("EncryptedPackage") or holds("EncryptionInfo"):
        raise locked(path)
    if holds("WordDocument"):
        return "doc"
    return "xls" if holds("Workbook") or holds("Book") else "ole"


def damaged(path: Path, what: str, member: str = "") -> ReformError:
    """The error for a file, or one part of it, that cannot be read as it is."""
    where = f"{path}, part {member}" if member else str(path)
    return ReformError(f"{path.name} is {what}", where=where, fix="ask for the file again")


def locked(path: Path) -> ReformError:
    """The error for a file that has a password."""
    return ReformError(
        f"{path.name} is protected by a password",
        where=str(path),
        fix="open it with the password and save it without one (File > Info > Protect > Encrypt: empty)",
    )


def _bomb(path: Path, what: str, expected: str) -> ReformError:
    return ReformError(
        f"{path.name} does not look like a document of an office: {what}",
        where=str(path),
        expected=expected,
        fix="do not open this file; ask the office for a fresh copy",
    )
