"""XML parts of office files, parsed with nothing resolved, fetched or run."""

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import lxml.etree as etree

from reformlib.ingest import guard

_NO_MEMORY = 2  # of libxml2's errors


# nothing is resolved or fetched; lxml's own limits of depth and length stay in force
_SAFE = {"resolve_entities": False, "no_network": True, "load_dtd": False, "huge_tree": False}


def parse(archive: zipfile.ZipFile, name: str, path: Path) -> etree._Element | None:
    """The root of one part, None where the archive has none. Raises ReformError for a part that is no XML."""
    content = guard.part(archive, name, path)
    if content is None:
        return None
    try:
        return etree.fromstring(content, etree.XMLParser(**_SAFE))
    except etree.XMLSyntaxError as error:
        raise _damaged(error, name, path) from None


def stream(archive: zipfile.ZipFile, name: str, path: Path, *tags: str) -> Iterator[etree._Element]:
    """Elements of one part as they end, forgotten as soon as they were looked at; none where there is no such part.

    Raises ReformError for a part that is no XML.
    """
    content = guard.part(archive, name, path)
    if content is None:
        return
    try:
        for _, element in etree.iterparse(io.BytesIO(content), tag=[f"{{*}}{tag}" for tag in tags], **_SAFE):
            yield element
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]
    except etree.XMLSyntaxError as error:
        raise _damaged(error, name, path) from None


def _damaged(error: etree.XMLSyntaxError, name: str, path: Path) -> Exception:
    if error.code == _NO_MEMORY or error.msg in (None, "unknown error"):
        return MemoryError()
    return guard.damaged(path, f"damaged: {error.msg}", name)


def local(element: etree._Element) -> str:
    """Tag without its namespace; "" for comments and instructions."""
    return _name(element.tag) if isinstance(element.tag, str) else ""


def attribute(element: etree._Element | None, name: str) -> str:
    """Value of an attribute whatever its namespace; "" where there is none."""
    if element is None:
        return ""
    return next((value for key, value in element.attrib.items() if _name(key) == name), "")


def _name(key: str) -> str:
    """A name without its namespace, which HTML of Office writes with a colon: «x:num», «o:p»."""
    return key.rpartition("}")[2].rpartition(":")[2]


def child(element: etree._Element | None, *names: str) -> etree._Element | None:
    """The first child of that name, and so on down; None where one is missing."""
    for name in names:
        element = next((c for c in element if local(c) == name), None) if element is not None else None
    return element


def children(element: etree._Element | None) -> list[etree._Element]:
    """The elements inside one, without comments and instructions; none where there is no element."""
    return [] if element is None else [e for e in element if isinstance(e.tag, str)]


def is_set(properties: etree._Element | None, name: str) -> bool:
    """Whether a property such as `strike` is setting, and not setting as off."""
    setting = child(properties, name)
    return setting is not None and attribute(setting, "val") not in ("0", "false", "off")


def number(text: str, default: int = 1, most: int = 100_000) -> int:
    """A count that an attribute states, within reason."""
    return min(max(int(text), 0), most) if text.isascii() and text.isdigit() and len(text) < 12 else default
