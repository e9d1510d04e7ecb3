"""The pages in headless Chromium: hostile texts do not run, links lead somewhere, the measures can fail."""

from __future__ import annotations

import pytest

from reformlib.render.page.exporter import ReformExporter
from reformlib.render.page.links import with_links
from tests.browser.measures import ALL, POLICY, first_paint, hanging_proxy, visit
from tests.render_helpers import PIXELS, code, executed, shown, table, text

pytestmark = pytest.mark.browser

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


@pytest.mark.parametrize("name", ALL)
def test_links_inside_the_set_lead_somewhere(site, name):
    soup = site.soup(name)
    for link in [a["href"] for a in soup.find_all("a", href=True)]:
        if link.startswith("#"):
            assert len(soup.find_all(id=link[1:])) == 1, link
        elif not link.startswith("https://"):
            assert ((site.folder / name).parent / link.partition("#")[0]).is_file(), link


@pytest.mark.parametrize("width", [600, 768])
@pytest.mark.parametrize("name", ALL)
def test_a_page_fits_widths_between_phone_and_desk(site, name, width):
    with site.visit(name, width) as (page, _):
        assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("policy", [True, False], ids=["with the policy", "without it"])
def test_hostile_texts_do_not_run_and_can_be_read(browser, tmp_path, policy):
    escaped = [payload.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;") for payload in HOSTILE]
    cells = [text(f"{payload}\n\n## {payload}\n\n[x](javascript:{MARK}) `{payload}`") for payload in HOSTILE]
    cells += [
        code("attribute", shown("".join(f'<p title="{e}" lang="{e}" id="{e}">x</p>' for e in escaped))),
        code("caption", shown("".join(table(cell=e, caption=e, head=e) for e in escaped))),
        code("alt", shown("".join(f'<figure><img src="{PIXELS}" alt="{e:.<30}"></figure>' for e in escaped))),
    ]
    title = f"<h1>{escaped[4]}{escaped[5]}</h1>"
    links = [{"href": "x.html", "title": HOSTILE[5], "language": "en"}]
    html = with_links(ReformExporter().from_notebook_node(executed(*cells, title=title))[0], "vi", links)
    path = tmp_path / "hostile.html"
    path.write_text(html if policy else POLICY.sub("", html), encoding="utf-8")
    with visit(browser, path) as (page, asked):
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


def test_the_mark_would_show(browser, tmp_path):
    """The hostile tests can fail: the same texts in a page of their own do run."""
    path = tmp_path / "bare.html"
    path.write_text(f"<!DOCTYPE html><html><body>{HOSTILE[1]}</body></html>", encoding="utf-8")
    with visit(browser, path) as (page, _):
        page.wait_for_timeout(200)
        assert page.evaluate("document.documentElement.dataset.ran") == "yes"


def test_a_page_that_waits_for_a_host_would_not_paint(browser, tmp_path):
    """The measure of the first paint can fail: a stylesheet from a host that hangs holds the page back."""
    path = tmp_path / "waits.html"
    path.write_text("<link rel=stylesheet href=https://example.org/x.css><p>text</p>", encoding="utf-8")
    with hanging_proxy() as proxy:
        assert first_paint(browser, path, proxy={"server": proxy}) is None
