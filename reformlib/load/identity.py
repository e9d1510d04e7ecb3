"""Whose report it is: unit, place and edition; and names in one spelling and in the order of the alphabet.

Two departments of one name in two provinces are two units, and one department is one unit however two of its reports
write its name: with or without the province, in capitals, with the tone mark on the one vowel or the other.
"""

from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from pkgutil import resolve_name
from typing import Any, TypeVar

from reformlib.errors import ReformError
from reformlib.load import meta
from reformlib.load.labels import spelled
from reformlib.load.meta import OPEN

F = TypeVar("F")
REPORTED = 20  # pairs of folders that are named at once


def whose(unit: str, place: str) -> tuple[str, str]:
    """What one unit is known by in all its reports: its own name without that of its place, and the place.

    Of the place itself, a province or its people's committee, the name is empty. A place is one with or without the
    words tỉnh and thành phố; in the name of a unit thành phố stays, as a province may have a city of its own name,
    but in that of a sở, which only a province or a city of its rank has.

    >>> whose("Sở Nội vụ tỉnh Đồng Tháp", "Đồng Tháp") == whose("Sở Nội vụ", "tỉnh Đồng Tháp")
    True
    >>> whose("Sở Nội vụ", "Đồng Tháp") == whose("Sở Nội vụ", "Vĩnh Long")
    False
    """
    where = spelled(place).removeprefix("tỉnh ").removeprefix("thành phố ")
    own = f" {spelled(unit)}".removesuffix(f" {where}").removesuffix(" tỉnh").strip()
    own = own.removesuffix(" thành phố") if own.startswith("sở ") else own
    return "" if own == spelled("UBND") else own, where


def full_name(unit: str, place: str) -> str:
    """The name of a unit with its place, where the name does not hold it.

    >>> full_name("Sở Nội vụ", "Đồng Tháp"), full_name("Sở Nội vụ tỉnh Đồng Tháp", "Đồng Tháp")
    ('Sở Nội vụ, Đồng Tháp', 'Sở Nội vụ tỉnh Đồng Tháp')
    """
    known = not place or not unit or OPEN.search(place) or spelled(place) in spelled(unit)
    return unit if known else f"{unit}, {place}"


@cache
def _collator() -> Any:
    """The order of the Vietnamese alphabet as CLDR has it, in ICU; `kn` reads numbers as numbers.

    The collation of the system would do where it has one of Vietnamese: few machines do, and each its own.
    """
    icu = resolve_name("icu")  # here: most commands sort no names
    return icu.Collator.createInstance(icu.Locale("vi-u-kn-true"))


def alphabetical(name: str) -> bytes:
    """What a name is sorted by: Ă and Â after A, Đ after D; of one word the tones ngang, huyền, hỏi, ngã, sắc, nặng.

    >>> sorted(["Đà Nẵng", "Ân Thi", "Dầu Tiếng", "An Phú", "Phường 10", "Ăn", "Phường 2"], key=alphabetical)
    ['An Phú', 'Ăn', 'Ân Thi', 'Dầu Tiếng', 'Đà Nẵng', 'Phường 2', 'Phường 10']
    """
    return _collator().getSortKey(name)


def twins(reports: Iterable[tuple[F, str, str, str]]) -> list[tuple[F, F, str]]:
    """Folders that say they are the same report: pairs of them, the earlier first, and what both say they are.

    A row of `reports` is a folder, or its name, and the unit, the place and the edition that it states; one that lacks
    any of them, or waits for it, is like no other.
    """
    seen: dict[tuple, F] = {}
    pairs = []
    for folder, unit, place, edition in reports:
        if any(not text or OPEN.search(text) for text in (unit, place, edition)):
            continue
        of = (*whose(unit, place), spelled(edition).removeprefix("năm "))
        if (other := seen.setdefault(of, folder)) != folder:
            pairs.append((other, folder, f"{full_name(unit, place)}, edition {edition}"))
    return pairs


def stated(folders: Iterable[Path]) -> Iterator[tuple[Path, str, str, str]]:
    """Of each folder what :func:`twins` asks for, as its report.yml states it, however broken it is else."""
    for folder in dict.fromkeys(folders):
        fields = meta.stated(folder)
        unit, place, edition = (str(fields.get(name) or "") for name in ("unit_vi", "place_vi", "edition"))
        yield folder, unit, place, edition


def refuse_twins(reports: Iterable[tuple[Path, str, str, str]]) -> None:
    """Raise ReformError that names both folders of every pair of :func:`twins`."""
    if not (pairs := twins(reports)):
        return
    named = [f"{name}: {one} and {other}" for one, other, name in pairs[:REPORTED]]
    raise ReformError(
        "two folders hold a report of one unit, place and edition",
        where=named[0] if len(pairs) == 1 else "\n  ".join(["", *named]),
        expected="one folder for each unit, place and edition",
        fix="take one of them away, or correct unit_vi, place_vi or edition in its report.yml",
    )
