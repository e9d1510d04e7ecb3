"""The pages in headless Chromium: nothing leaves the file, nothing runs, they fit a phone."""

from __future__ import annotations

import os
import re
import shutil

import pytest

from reformlib.render.exporter import ReformExporter
from tests.render_helpers import PIXEL, code, executed, shown, text

pytestmark = pytest.mark.browser

DOCUMENTS = ("01_assessment_2011_2020", "02_gap_analysis", "03_targets_2021_2030")
PAGES = [f"tra-vinh-2020/{language}/{name}.html" for language in ("vi", "en") for name in DOCUMENTS] + ["index.html"]
POLICY = re.compile(r"<meta[^>]*Content-Security-Policy[^>]*>")
# what would be seen if anything of it ran
MARK = "document.documentElement.dataset.ran='yes'"
HOSTILE = [
    f"<script>{MARK}</script>",
    f'<img src=x onerror="{MARK}">',
    f'<svg onload="{MARK}"></svg>',
    f'<a id=bait href="javascript:{MARK}">bait</a>',
    f"</title><script>{MARK}</script>",
    f'"><script>{MARK}</script>',
    f'<details open ontoggle="{MARK}">x</details>',
    f'<input autofocus onfocus="{MARK}">',
    f'<math><mtext><table><mglyph><style><img src=x onerror="{MARK}"></style></mglyph></table></mtext></math>',
    "<iframe src=https://example.org></iframe><img src=https://example.org/x.png>",
    "<style>@import 'https://example.org/x.css'; body{background:url(https://example.org/y)}</style>",
    "<meta http-equiv=refresh content='0;url=https://example.org'><base href=https://example.org>",
]


@pytest.fixture(scope="session")
def chromium():
    """A browser. With CI set its absence is a failure, or a fault would hide behind a skip."""
    path = os.environ.get("REFORMLIB_CHROMIUM") or shutil.which("chromium")
    if not path or not shutil.which(path):
        told = f"no Chromium ({path or 'none on PATH'}); install it or name it in REFORMLIB_CHROMIUM"
        pytest.fail(told) if os.environ.get("CI") else pytest.skip(told)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        # Chromium refuses its sandbox to root, and containers run as root
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium):
    """Open a file at a width; gives the page and the addresses it asked for beside itself."""
    contexts = []

    def visit(path, width=1280, **options):
        context = chromium.new_context(viewport={"width": width, "height": 800}, **options)
        contexts.append(context)
        page = context.new_page()
        asked = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(path.as_uri(), wait_until="load")
        page.wait_for_timeout(50)
        return page, [url for url in asked if url != path.as_uri() and not url.startswith("data:")]

    yield visit
    for context in contexts:
        context.close()


@pytest.mark.parametrize("name", PAGES)
def test_a_page_asks_for_nothing_and_holds_no_script(rendered, visit, name):
    page, asked = visit(rendered / name)
    page.emulate_media(media="print")
    page.emulate_media(media="screen", color_scheme="dark")
    assert asked == []
    assert page.locator("script").count() == 0
    assert (
        page.evaluate(
            "[...document.querySelectorAll('*')].flatMap(e => [...e.attributes]).filter(a => /^on/.test(a.name)).length"
        )
        == 0
    )
    assert page.locator("a[href^='javascript:']").count() == 0
    head = page.evaluate("document.head.children[0].outerHTML")
    assert POLICY.fullmatch(head) and "default-src 'none'" in head


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_in_its_language_with_one_title(rendered, visit, name):
    page, _ = visit(rendered / name)
    assert page.locator("html").get_attribute("lang") == ("en" if "/en/" in name else "vi")
    assert page.locator("h1").count() == 1
    if name != "index.html":
        assert page.title() == " ".join(page.locator("h1").inner_text().split())


@pytest.mark.parametrize("width", [360, 768, 1280])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_fits_the_screen(rendered, visit, name, width):
    page, _ = visit(rendered / name, width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("name", PAGES)
def test_images_are_drawn_and_described(rendered, visit, name):
    page, _ = visit(rendered / name)
    for width, alt in page.evaluate("[...document.images].map(i => [i.naturalWidth, i.alt])"):
        assert width > 0 and len(alt) >= 30


@pytest.mark.parametrize("name", PAGES)
def test_links_inside_the_set_lead_somewhere(rendered, visit, name):
    page, _ = visit(rendered / name)
    for link in page.evaluate("[...document.links].map(a => a.getAttribute('href'))"):
        if link.startswith("#"):
            assert page.locator(f"[id='{link[1:]}']").count() == 1, link
        elif not link.startswith("https://"):
            assert ((rendered / name).parent / link).is_file(), link


@pytest.mark.parametrize("name", PAGES)
def test_what_takes_the_focus_has_a_name(rendered, visit, name):
    page, _ = visit(rendered / name)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    nameless = page.evaluate(
        """[...document.querySelectorAll("[tabindex='0']")]
           .filter(e => !e.getAttribute('aria-label') || !e.getAttribute('role')).map(e => e.outerHTML.slice(0, 80))"""
    )
    assert nameless == []
    hidden = page.evaluate(
        """[...document.querySelectorAll('*')].filter(e => e.scrollWidth > e.clientWidth + 1 && e.tabIndex < 0
           && ['auto', 'scroll'].includes(getComputedStyle(e).overflowX)).map(e => e.outerHTML.slice(0, 80))"""
    )
    assert hidden == []


@pytest.mark.parametrize("policy", [True, False], ids=["with the policy", "without it"])
def test_hostile_texts_do_not_run_and_can_be_read(visit, tmp_path, policy):
    escaped = [payload.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;") for payload in HOSTILE]
    cells = [text(f"{payload}\n\n## {payload}\n\n[x](javascript:{MARK}) `{payload}`") for payload in HOSTILE]
    cells += [
        code("raw", shown("".join(f"<p>{payload}</p>" for payload in HOSTILE if "img" not in payload))),
        code("attribute", shown("".join(f'<p title="{e}" lang="{e}" id="{e}">x</p>' for e in escaped))),
        code("caption", shown("".join(f"<table><caption>{e}</caption><tr><td>{e}</td></tr></table>" for e in escaped))),
        code("alt", shown("".join(f'<figure><img src="{PIXEL}" alt="{e}"></figure>' for e in escaped))),
    ]
    title = f"<h1>{escaped[4]}{escaped[5]}</h1>"
    links = [{"href": "x.html", "title": HOSTILE[5], "language": "en"}]
    html = ReformExporter(siblings=links).from_notebook_node(executed(*cells, title=title))[0]
    path = tmp_path / "hostile.html"
    path.write_text(html if policy else POLICY.sub("", html), encoding="utf-8")
    page, asked = visit(path)
    page.evaluate(
        "[...document.querySelectorAll('main a')].filter(a => !/^https/.test(a.href)).forEach(a => a.click())"
    )
    page.wait_for_timeout(200)
    assert page.evaluate("document.documentElement.dataset.ran") is None
    assert asked == []
    assert page.title() == HOSTILE[4] + HOSTILE[5]
    read = page.locator("main").inner_text()
    for payload in HOSTILE:
        assert payload in read


def test_the_mark_would_show(visit, tmp_path):
    """The hostile test can fail: the same texts in a page of their own do run."""
    path = tmp_path / "bare.html"
    path.write_text(f"<!DOCTYPE html><html><body>{HOSTILE[1]}</body></html>", encoding="utf-8")
    page, _ = visit(path)
    page.wait_for_timeout(200)
    assert page.evaluate("document.documentElement.dataset.ran") == "yes"
