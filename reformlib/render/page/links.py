"""Links between the pages of a report, put into finished pages: no page waits for another to be made.

A page is exported with an empty place for them. When the documents of a report are done, or were left without by a
run that was killed, :func:`relink` fills it with what there is by then; the same pages give the same bytes.
"""

import re
from pathlib import Path
from typing import Any
from urllib.parse import quote

from markupsafe import Markup

from reformlib.files import place
from reformlib.locale import translator
from reformlib.present.html import tag
from reformlib.render.forms import FORMS

START, END = "<!-- links -->", "<!-- /links -->"
LANGUAGE_NAMES = {"vi": "Tiếng Việt", "en": "English"}
_PLACE = re.compile(f"{START}.*?{END}", re.DOTALL)


def siblings(language: str, name: str, pages: dict[tuple[str, str], dict[str, Any]]) -> list[dict[str, str]]:
    """Links of a page: the documents of its language but for variants, itself among them without address; its other
    forms; the same document in other languages; the index.

    `pages` holds the pages there are, by language and name: `title`, and where they have them `tab`, a shorter name,
    and `forms`.
    """
    _ = translator(language)
    links = [
        {"href": f"{quote(other)}.html" if other != name else "", "title": label(pages[code, other]), "language": code}
        for code, other in sorted(pages)
        if code == language and (other == name or not pages[code, other].get("variant"))
    ]
    links += [
        {"href": f"{quote(name)}.{form}", "title": FORMS[form], "language": language, "form": form}
        for form in pages[language, name].get("forms", [])
    ]
    links += [
        {"href": f"../{other}/{quote(name)}.html", "title": LANGUAGE_NAMES.get(other, other), "language": other}
        for other, name_there in sorted(pages)
        if name_there == name and other != language
    ]
    return [*links, {"href": "../../index.html", "title": _("All documents"), "language": language}]


def label(page: dict[str, Any]) -> str:
    """What a link to a page says: its tab, else its title without the unit, which is the same in all of a report."""
    return page.get("tab") or page["title"].partition(" · ")[0]


def with_links(page: str, language: str, links: list[dict[str, str]]) -> str:
    """The page with these links; without any it is as the exporter gave it."""
    return _PLACE.sub(lambda _: START + (_navigation(language, links) if links else "") + END, page, count=1)


def relink(folder: Path, pages: dict[tuple[str, str], dict[str, Any]], stage: Path) -> None:
    """Give the pages of a report's output folder their links, as :func:`siblings` has them.

    Each page is replaced in one step, so a run that is stopped here leaves whole pages and the next one goes on.
    """
    for language, name in sorted(pages):
        path = folder / language / f"{name}.html"
        before = path.read_bytes()
        after = with_links(before.decode(), language, siblings(language, name, pages)).encode()
        if after != before:
            place(after, path, stage)


def _navigation(language: str, links: list[dict[str, str]]) -> str:
    items, _ = [], translator(language)
    for link in links:
        other = link["language"] if link["language"] != language else None
        kind = "form" if "form" in link else None
        shown = tag("a", link["title"], href=link["href"], lang=other, hreflang=other, class_=kind)
        items.append(tag("li", shown if link["href"] else tag("span", link["title"], aria_current="page")))
    entries = tag("ul", "\n", Markup("\n").join(items), "\n")
    nav = tag("nav", "\n", entries, "\n", class_="siblings", aria_label=_("Documents of this set"))
    return f"\n{nav}\n"
