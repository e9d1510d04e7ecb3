"""What the notebooks show, by page: `rl.pages.brief`, `.assessment`, `.gaps`, `.projections`, `.comparison`."""

from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from types import SimpleNamespace

from reformlib.present.html import Fragment
from reformlib.present.page import Page, provenance

SECTIONS = ("assessment", "brief", "comparison", "gaps", "projections")
__all__ = ["Page", "provenance", *SECTIONS]


def __getattr__(name: str) -> SimpleNamespace:
    if name not in SECTIONS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}; there are: {', '.join(__all__)}")
    return _parts(name)


def __dir__() -> list[str]:
    return __all__


@cache
def _parts(section: str) -> SimpleNamespace:
    """The parts of a page: the public functions that give a Fragment, of its module or of those in its folder."""
    place = import_module(f"reformlib.present.{section}")
    inside = iter_modules(getattr(place, "__path__", ()))
    modules = [import_module(f"{place.__name__}.{module.name}") for module in inside] or [place]
    own = {
        name: part
        for module in modules
        for name, part in vars(module).items()
        if getattr(part, "__module__", "") == module.__name__ and not name.startswith("_")
    }
    gives = {name: getattr(part, "__annotations__", {}).get("return") for name, part in own.items()}
    return SimpleNamespace(**{name: own[name] for name in own if gives[name] in ("Fragment", Fragment)})
