"""Links between the pages of a report, put into finished pages: no page waits for another to be made.

A page is exported with an empty place for them. When the documents of a report are done, or were left without by a
run that was killed, :func:`relink` fills it with what there is by then; the same pages give the same bytes.
"""

import re
from pathlib import Path
from urllib.parse import quote

from markupsafe import Markup

from reformlib.files import place
from reformlib.present.html import tag

START, END = "<!-- links -->", "<!-- /links -->"
LANGUAGE_NAMES = {"vi": "Tiếng Việt", "en": "English"}
ALL_DOCUMENTS = {"vi": "Tất cả tài liệu", "en": "All documents"}
DOCUMENTS_OF_SET = {"vi": "Tài liệu cùng bộ", "en": "Documents of this set"}
_PLACE = re.compile(f"{START}.*?{END}", re.DOTALL)


def siblings(language: str, name: str, titles: dict[tuple[str, str], str]) -> list[dict[str, str]]:
    """Links of a page: the same document in other languages, the other documents of its language, the index.

    `titles` holds the titles of the pages there are, by language and name.
    """
    links = [
        {"href": f"../{other}/{quote(name)}.html", "title": LANGUAGE_NAMES.get(other, other), "language": other}
        for other, name_there in sorted(titles)
        if name_there == name and other != language
    ]
    links += [
        {"href": f"{quote(other)}.html", "title": titles[code, other], "language": code}
        for code, other in sorted(titles)
        if other != name and code == language
    ]
    return [*links, {"href": "../../index.html", "title": ALL_DOCUMENTS[language], "language": language}]


def with_links(page: str, language: str, links: list[dict[str, str]]) -> str:
    """The page with these links; without any it is as the exporter gave it."""
    return _PLACE.sub(lambda _: START + (_navigation(language, links) if links else "") + END, page, count=1)


def relink(folder: Path, titles: dict[tuple[str, str], str], stage: Path) -> int:
    """Give the pages of a report's output folder their links; the number of pages that changed.

    Each page is replaced in one step, so a run that is stopped here leaves whole pages and the next one goes on.
    """
    changed = 0
    for language, name in sorted(titles):
        path = folder / language / f"{name}.html"
        before = path.read_bytes()
        after = with_links(before.decode(), language, siblings(language, name, titles)).encode()
        if after != before:
            place(after, path, stage)
            changed += 1
    return changed


def _navigation(language: str, links: list[dict[str, str]]) -> str:
    items = []
    for link in links:
        other = link["language"] if link["language"] != language else None
        title = link["title"].partition(" · ")[0]  # the unit is the same in all of them
        items.append(tag("li", tag("a", title, href=link["href"], lang=other, hreflang=other)))
    entries = tag("ul", "\n", Markup("\n").join(items), "\n")
    nav = tag("nav", "\n", entries, "\n", class_="siblings", aria_label=DOCUMENTS_OF_SET[language])
    return f"\n{nav}\n"
