"""Publishing: whole or not at all, manifests, links, the index. The kernel is replaced; see tests/notebooks for it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from reformlib.errors import ReformError
from reformlib.render import publish as module
from reformlib.render.index import index_page, write_index
from reformlib.render.parameters import plan
from reformlib.render.publish import prepare, publish
from tests.render_helpers import KINDS, code, executed, fake_report, make_project, manifest, shown, text, tree

NAMES = ("01_first", "02_second")


@pytest.fixture
def project(tmp_path, monkeypatch):
    root = make_project(tmp_path / "p", reports=("demo", "other"), **dict.fromkeys(NAMES, ()))
    monkeypatch.chdir(root)
    return root


@pytest.fixture
def kernel(monkeypatch):
    """What the notebooks do, by name and language: a ReformError to raise or the cells of the executed notebook."""
    acts: dict = {}

    def execute(path, parameters, **_):
        act = acts.get((path.stem, parameters["language"]), [code("x", shown(f"<p>{parameters}</p>"))])
        if isinstance(act, BaseException):
            raise act
        return executed(
            *act, language=parameters["language"], title=f"<h1>{path.stem} &amp; {parameters['language']}</h1>"
        )

    monkeypatch.setattr(module, "execute", execute)
    return acts


def run(project, *names, languages=("vi", "en"), report="demo", **texts):
    paths = [project / "notebooks" / f"{name}.ipynb" for name in names or NAMES]
    outcomes = []
    folder = project / "data" / "reports" / report
    publish(fake_report(folder), plan(paths, list(languages), texts), project / "out", done=outcomes.append)
    return {(o.document.name, o.document.language): o for o in outcomes}


def page(project, name="01_first", language="vi") -> Path:
    return project / "out" / "demo" / language / f"{name}.html"


def test_four_pages_with_manifests_and_nothing_else(project, kernel):
    assert all(outcome.page for outcome in run(project).values())
    assert sorted(tree(project / "out")) == sorted(
        f"demo/{language}/{name}.{kind}" for language in ("vi", "en") for name in NAMES for kind in KINDS
    )


def test_a_manifest_tells_what_the_page_was_made_from(project, kernel):
    run(project, year="2019")
    entry = manifest(page(project))
    assert entry["title"] == "01_first & vi"
    assert (entry["report"], entry["unit"]["vi"], entry["edition"]) == ("demo", "Đơn vị", "2020")
    assert (entry["language"], entry["data_date"], entry["status"]) == ("vi", "2020-03-31", "built")
    assert entry["parameters"] == {"language": "vi", "year": 2019}
    assert list(entry["inputs"]) == ["catalogue/indicators.csv", "notebooks/01_first.ipynb", "report/demo/report.yml"]
    assert all(len(digest) == 64 for digest in entry["inputs"].values())
    assert entry["reformlib"]["version"] and entry["packages"]["pandas"] and entry["python"]
    assert entry["page"]["bytes"] == page(project).stat().st_size


def test_the_same_inputs_give_the_same_bytes(project, kernel):
    run(project)
    first = tree(project / "out")
    run(project)
    assert tree(project / "out") == first


def test_a_changed_input_shows_in_the_manifest(project, kernel):
    run(project)
    before = manifest(page(project))["inputs"]
    (project / "data" / "reports" / "demo" / "facts.csv").write_text("fact\n")
    run(project)
    after = manifest(page(project))["inputs"]
    assert after.keys() - before.keys() == {"report/demo/facts.csv"}


def test_no_path_of_the_machine_in_what_is_written(project, kernel):
    kernel["02_second", "en"] = ReformError(f"cannot read {project}/data/x.csv")
    run(project)
    for name, content in tree(project / "out").items():
        assert str(project).encode() not in content, name
    assert manifest(page(project, "02_second", "en"))["last_attempt"]["error"] == "cannot read ./data/x.csv"


def test_pages_link_to_what_there_is(project, kernel):
    kernel["02_second", "en"] = ReformError("no")
    run(project)

    def links(name, language):
        found = BeautifulSoup(page(project, name, language).read_text(encoding="utf-8"), "html.parser")
        return [(a["href"], a.get_text()) for a in found.select("nav.siblings a")]

    assert links("01_first", "vi") == [
        ("../en/01_first.html", "English"),
        ("02_second.html", "02_second & vi"),
        ("../../index.html", "Tất cả tài liệu"),
    ]
    assert links("02_second", "vi") == [
        ("01_first.html", "01_first & vi"),
        ("../../index.html", "Tất cả tài liệu"),
    ]
    write_index(project / "out")
    for html in (project / "out").rglob("*.html"):
        for link in BeautifulSoup(html.read_text(encoding="utf-8"), "html.parser").find_all("a", href=True):
            if not link["href"].startswith("#"):
                assert (html.parent / link["href"]).is_file()


def test_pages_of_earlier_runs_are_linked_too(project, kernel):
    run(project, "01_first", languages=["vi"])
    run(project, "02_second", languages=["vi"])
    assert 'href="01_first.html"' in page(project, "02_second").read_text(encoding="utf-8")


def test_a_failure_leaves_the_earlier_page_whole_and_the_others_alone(project, kernel):
    run(project)
    before = page(project).read_bytes()
    kernel["01_first", "vi"] = ReformError("the kernel died", where="cell 3")
    outcomes = run(project, year="2001")
    assert page(project).read_bytes() == before
    assert outcomes["01_first", "vi"].error.what == "the kernel died"
    assert [key for key, outcome in outcomes.items() if outcome.page] == [
        ("02_second", "vi"),
        ("01_first", "en"),
        ("02_second", "en"),
    ]
    assert b"2001" in page(project, "02_second").read_bytes()
    entry = manifest(page(project))
    assert entry["status"] == "built" and entry["parameters"] == {"language": "vi"}
    assert entry["last_attempt"] == {"status": "failed", "error": "the kernel died\n  where: cell 3"}
    kernel.clear()
    run(project)
    assert "last_attempt" not in manifest(page(project))


def test_a_failure_without_an_earlier_page(project, kernel):
    kernel["01_first", "vi"] = ReformError("no")
    run(project)
    assert not page(project).exists()
    assert manifest(page(project))["status"] == "failed"


def test_a_refused_page_is_a_failure_that_names_the_cell(project, kernel):
    kernel["01_first", "vi"] = [text("fine"), code("x", shown("<figure></figure>"))]
    outcome = run(project)["01_first", "vi"]
    assert "cell 4: an empty figure" in outcome.error.what
    assert not page(project).exists()


def test_the_keyboard_stops_but_what_is_finished_is_published(project, kernel):
    kernel["01_first", "en"] = KeyboardInterrupt()
    with pytest.raises(KeyboardInterrupt):
        run(project)
    assert sorted(tree(project / "out")) == [f"demo/vi/{name}.{kind}" for name in NAMES for kind in sorted(KINDS)]


def test_leftovers_of_a_killed_run_go_and_those_of_a_living_one_stay(project, kernel):
    dead = project / "out" / ".staging-999999999-x"
    living = project / "out" / f".staging-{os.getppid()}-x"
    for folder in (dead, living):
        folder.mkdir(parents=True)
        (folder / "01_first.html").write_text("half")
    run(project)
    assert [p.name for p in (project / "out").glob(".staging*")] == [living.name]


@pytest.mark.parametrize("place", ["out", "out/demo", "out/demo/vi"])
def test_a_file_where_a_folder_should_be(project, kernel, place):
    (project / place).parent.mkdir(parents=True, exist_ok=True)
    (project / place).write_text("in the way")
    with pytest.raises(ReformError, match="cannot write to"):
        run(project)
    assert (project / place).read_text() == "in the way"


def test_an_output_folder_that_refuses(project, monkeypatch):
    def refuse(**_):
        raise PermissionError(13, "Permission denied", "out/.staging")

    monkeypatch.setattr(module.tempfile, "mkdtemp", refuse)  # a chmod would not stop root
    with pytest.raises(ReformError, match="Permission denied") as caught:
        prepare(project / "out")
    assert "--output" in caught.value.fix


def test_a_full_disk_leaves_the_earlier_pages(project, kernel, monkeypatch):
    run(project)
    before = tree(project / "out")

    def full(self, *_, **__):
        raise OSError(28, "No space left on device", str(self))

    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(ReformError, match="No space left"):
        run(project, year="2001")
    assert tree(project / "out") == before


def test_the_index_lists_every_document_twice_vietnamese_first(project, kernel):
    run(project)
    run(project, report="other", languages=["vi"])
    kernel["01_first", "vi"] = ReformError("the kernel died <b>", where="cell 3")
    kernel["02_second", "en"] = ReformError("bad")
    run(project)
    (project / "out" / "other" / "vi" / "notes.json").write_text("{}")
    found = BeautifulSoup(index_page(project / "out"), "html.parser")
    assert found.html["lang"] == "vi"
    assert [section["lang"] for section in found.select("section")] == ["vi", "en"]
    assert [len(section.select("table")) for section in found.select("section")] == [2, 2]
    english = found.select("section")[1]
    rows = [[cell.get_text(" ", strip=True) for cell in row.select("td, th")] for row in english.select("tbody tr")]
    assert [row[0] for row in rows] == [
        *("01_first & vi", "02_second & vi", "01_first & en", "02_second & en"),
        *("01_first & vi", "02_second & vi"),
    ]
    assert rows[1][1:5] == ["Unit", "2020", "Vietnamese", "31 March 2020"]
    assert rows[0][5].startswith("▲") and rows[0][5].endswith("the kernel died <b>")
    assert rows[1][5] == "● Built"
    assert found.select("section")[0].select("tbody td time")[0].get_text() == "31/3/2020"
    assert len(found.select("h1")) == 1
    assert found.head.find("meta")["http-equiv"] == "Content-Security-Policy"


def test_an_index_without_documents(tmp_path):
    write_index(tmp_path)
    assert "Chưa có tài liệu" in (tmp_path / "index.html").read_text(encoding="utf-8")
    assert sorted(tree(tmp_path)) == ["index.html"]
