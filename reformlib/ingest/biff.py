"""What an Excel workbook of before 2007 (.xls) says and calamine does not: errors, formulas without a result, raised
fonts.

Such a file is a container of chained sectors (Microsoft, [MS-CFB]) with one stream of records (BIFF, [MS-XLS]).
"""

import struct
from collections.abc import Iterator

_NAMES = ("Workbook", "Book")  # of the stream, from 1997 on and before
_END = 0xFFFFFFFA  # numbers from here on are no sectors
_SMALL = 4096  # bytes of a stream below which it lies in the small sectors
_FORMULA, _EOF, _FONT, _SHEET, _BOOLERR, _BOF = 0x06, 0x0A, 0x31, 0x85, 0x205, 0x809
_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}

Cells = dict[tuple[int, int], tuple[str, str]]  # by row and column from 1: what a cell shows, and its doubt


def untold(content: bytes) -> tuple[bool, list[Cells]]:
    """Whether a workbook has a raised font, and of each sheet the cells that end in an error or were not computed.

    Raises ValueError or struct.error for a container that is damaged.
    """
    stream, raised, starts = _workbook(content), False, []
    for kind, body in _records(stream, 0):
        raised |= kind == _FONT and body[8:10] == b"\x01\x00"
        if kind == _SHEET:
            starts += struct.unpack_from("<I", body)
        if kind == _EOF:
            break
    return raised, [_cells(stream, start) for start in starts]


def _cells(stream: bytes, start: int) -> Cells:
    cells: Cells = {}
    depth = 0  # charts stand within a sheet
    for kind, body in _records(stream, start):
        depth += (kind == _BOF) - (kind == _EOF)
        if depth < 1:
            break
        special = kind == _FORMULA and body[12:14] == b"\xff\xff"  # a result that is no number, by its kind
        if special and body[6] == 3:
            found = "", "uncomputed"
        elif special and body[6] == 2:
            found = _ERRORS.get(body[8], "#"), "formula_error"
        elif kind == _BOOLERR and body[7:8] == b"\x01":
            found = _ERRORS.get(body[6], "#"), "formula_error"
        else:
            continue
        row, column = struct.unpack_from("<HH", body)
        cells[row + 1, column + 1] = found
    return cells


def _records(stream: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """The records from a place on: their kind and what they hold."""
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        yield kind, stream[at + 4 : at + 4 + length]
        at += 4 + length


def _workbook(content: bytes) -> bytes:
    """The stream of the workbook."""
    size, small = (1 << shift for shift in struct.unpack_from("<HH", content, 30))
    sectors = content[size:]
    heads, more = list(struct.unpack_from("<109I", content, 76)), struct.unpack_from("<I", content, 68)[0]
    while more < _END and len(heads) * size // 4 < len(content) // size:
        *next_heads, more = _numbers(sectors[more * size : (more + 1) * size])
        heads += next_heads
    table = [n for head in heads if head < _END for n in _numbers(sectors[head * size : (head + 1) * size])]
    directory = _chained(struct.unpack_from("<I", content, 48)[0], table, sectors, size)
    root = struct.unpack_from("<I", directory, 116)[0]
    for at in range(0, len(directory) - 127, 128):
        length = max(0, struct.unpack_from("<H", directory, at + 64)[0] - 2)
        start, stored = struct.unpack_from("<II", directory, at + 116)
        if directory[at : at + min(length, 64)].decode("utf-16-le", "replace") in _NAMES:
            if stored < _SMALL:
                parts = _chained(struct.unpack_from("<I", content, 60)[0], table, sectors, size)
                table, sectors, size = list(_numbers(parts)), _chained(root, table, sectors, size), small
            return _chained(start, table, sectors, size)[:stored]
    raise ValueError("no stream of a workbook")


def _numbers(part: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(part) // 4}I", part[: len(part) // 4 * 4])


def _chained(first: int, table: list[int], sectors: bytes, size: int) -> bytes:
    """The sectors of a chain, one after the other; one that runs in a circle ends."""
    parts: list[bytes] = []
    while first < len(table) and len(parts) < len(table):
        parts.append(sectors[first * size : (first + 1) * size])
        first = table[first]
    return b"".join(parts)
