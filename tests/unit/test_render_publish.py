"""Publishing: whole or not at all, manifests, links, what needs no second rendering. The kernel is replaced by what
its notebooks show; see tests/notebooks for real ones."""

from __future__ import annotations

import hashlib
import importlib
import json
import os
from concurrent.futures import Executor, Future
from dataclasses import replace
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from reformlib import files
from reformlib.errors import ReformError
from reformlib.files import Unwritable
from reformlib.load import report as load
from reformlib.render.engine import execute
from reformlib.render.page.links import with_links
from reformlib.render.run import batch
from reformlib.render.run import document as publish
from reformlib.render.run import ledger as state
from reformlib.render.run.document import Outcome
from reformlib.render.run.ledger import Survey
from reformlib.render.run.notebooks import plan
from reformlib.render.run.plan import Job, Options, jobs_of
from tests.render_helpers import (
    KINDS,
    RUN,
    code,
    copy_data,
    executed,
    make_project,
    manifest,
    published,
    shown,
    text,
    tree,
)

NAMES = ("01_first", "02_second")


@pytest.fixture
def project(tmp_path, monkeypatch):
    root = make_project(tmp_path / "p", reports=("demo", "other"), **dict.fromkeys(NAMES, ()))
    monkeypatch.chdir(root)
    monkeypatch.setattr(files.os, "fsync", lambda handle: None)  # waits for a disk that others use too
    return root


@pytest.fixture
def kernel(monkeypatch):
    """What the notebooks do, by name and language: a ReformError to raise or the cells of the executed notebook."""
    acts: dict = {}

    def execute_(path, parameters, **_):
        act = acts.get((path.stem, parameters["language"]), [code("x", shown(f"<p>{parameters}</p>"))])
        if isinstance(act, BaseException):
            raise act
        return executed(
            *act, language=parameters["language"], title=f"<h1>{path.stem} &amp; {parameters['language']}</h1>"
        )

    monkeypatch.setattr(execute, "execute", execute_)
    return acts


class Here(Executor):
    """Runs everything at once, in this process."""

    def submit(self, fn, /, *args, **kwargs):
        future = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future


class Watch:
    """Keeps what it is told."""

    def __init__(self) -> None:
        self.outcomes: dict[tuple[str, str], Outcome] = {}
        self.reasons: dict[str, str] = {}

    def begin(self, states, due) -> None:
        self.reasons = {state.job.id: state.reason for state in due}

    def started(self, job: Job) -> None:
        pass

    def ended(self, outcome: Outcome) -> None:
        document = outcome.job.document
        self.outcomes[document.name, document.language] = outcome


def jobs(project, *names, languages=("vi", "en"), reports=("demo",), **texts) -> list[Job]:
    paths = [project / "notebooks" / f"{name}.ipynb" for name in names or NAMES]
    folders = [project / "data" / "reports" / report for report in reports]
    return jobs_of(folders, plan(paths, list(languages), texts), project / "out")


def run(project, *names, executor=Here, told=None, made=Options(), **options) -> Watch:  # noqa: B008 - frozen
    keys = {"languages", "reports", "year"}
    planned = jobs(project, *names, **{key: options.pop(key) for key in keys & options.keys()})
    planned = [replace(job, options=made) for job in planned]
    watch = Watch()
    watch.summary = batch.render(
        planned, project / "out", executor, 1, watch, tell=(told if told is not None else []).append, **options
    )
    return watch


def page(project, name="01_first", language="vi", report="demo") -> Path:
    return project / "out" / report / language / f"{name}.html"


def test_four_pages_with_manifests_and_the_files_of_the_run(project, kernel):
    assert run(project).summary.written == 4
    assert sorted(tree(project / "out")) == sorted(
        [*RUN, *(f"demo/{language}/{name}.{kind}" for language in ("vi", "en") for name in NAMES for kind in KINDS)]
    )


def test_a_manifest_tells_what_the_page_was_made_from(project, kernel):
    run(project, year="2019")
    entry = manifest(page(project))
    assert entry["title"] == "01_first & vi"
    assert (entry["report"], entry["unit"]["vi"], entry["edition"]) == ("demo", "Đơn vị", "2020")
    assert (entry["language"], entry["data_date"], entry["status"]) == ("vi", "2020-03-31", "built")
    assert entry["parameters"] == {"language": "vi", "year": 2019}
    assert list(entry["inputs"]) == [
        "data/forms/demo/indicators.csv",
        "notebooks/01_first.ipynb",
        "report/demo/report.yml",
    ]
    assert all(len(digest) == 64 for digest in entry["inputs"].values())
    assert entry["reformlib"]["version"] and entry["packages"]["pandas"] and entry["python"]


def test_the_same_inputs_give_the_same_bytes(project, kernel):
    run(project)
    first = published(project / "out")
    assert run(project, force=True).summary.written == 4
    assert published(project / "out") == first


def test_what_is_up_to_date_is_left_alone(project, kernel):
    run(project)
    first = tree(project / "out")
    for _ in range(2):
        again = run(project)
        assert (again.summary.due, again.outcomes) == (0, {})
    assert published(project / "out") == {n: c for n, c in first.items() if n != "render.log" and n[0] != "."}


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("data/reports/demo/facts.csv", "data: facts.csv added"),
        ("data/reports/demo/report.yml", "data: report.yml changed"),
        ("data/forms/demo/indicators.csv", "data: forms/demo/indicators.csv changed"),
    ],
)
def test_a_changed_input_is_the_reason_to_render_again(project, kernel, path, reason):
    run(project)
    run(project)  # the second run has the hashes of the first
    with (project / path).open("a") as file:
        file.write("\n")
    again = run(project)
    assert again.reasons == dict.fromkeys((job.id for job in jobs(project)), reason)
    assert not run(project).reasons


def test_cells_run_in_lab_change_no_page_and_another_default_is_told_by_its_name(project, kernel):
    run(project)
    path = project / "notebooks/01_first.ipynb"
    content = json.loads(path.read_text("utf-8"))
    content["cells"][0] |= {"execution_count": 7, "outputs": [{"output_type": "stream", "name": "stdout", "text": "x"}]}
    path.write_text(json.dumps(content))
    assert not run(project).reasons
    path.write_text(path.read_text().replace("year: int = 2020", "year: int = 2019"))
    told = "01_first.ipynb, default of parameter year: 2020 → 2019; notebook: 01_first.ipynb changed"
    assert set(run(project).reasons.values()) == {told}


def test_other_values_stand_beside_the_standard_page(project, kernel):
    run(project)
    before = page(project).read_bytes()
    folder, path = project / "data/reports/demo", project / "notebooks/01_first.ipynb"
    (trial, standard) = (plan([path], ["vi"], {"year": year}, own_name=True)[0] for year in ("2001", "2020"))
    assert (trial.name, standard.name) == ("01_first-year-2001", "01_first")
    job = jobs_of([folder], [trial], project / "out")
    batch.render(job, project / "out", Here, 1, Watch(), tell=print)
    made = BeautifulSoup(page(project, trial.name).read_text("utf-8"), "lxml")
    assert page(project).read_bytes() == before and not run(project).reasons
    links = [one.text for one in made.select("nav.siblings li")]
    assert links[:3] == ["01_first & vi", "01_first & vi (year=2001)", "02_second & vi"]
    kernel["01_first", "vi"] = ReformError("no such year")
    batch.render(job, project / "out", Here, 1, Watch(), tell=print, force=True)
    assert [state.status for state in Survey(project / "out").statuses(jobs(project))] == ["built"] * 4


def test_a_change_that_keeps_size_and_time_is_seen_when_it_came_right_after(project, kernel):
    """A file may change twice within one tick of the clock of its disk."""
    path = project / "data/reports/demo/facts.csv"
    path.write_text("a\n")
    run(project)
    before = path.stat()
    with path.open("r+") as file:
        file.write("b")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert set(run(project).reasons.values()) == {"data: facts.csv changed"}


def test_other_parameters_are_another_page(project, kernel):
    run(project)
    assert set(run(project, year="2001").reasons.values()) == {"parameter year: none → 2001"}


@pytest.mark.parametrize(
    ("part", "value", "reason"),
    [
        ("python", "3.99.0", "Python 3.99.0 → "),
        ("packages", {"pandas": "0.1"}, "package pandas: 0.1 → "),
        ("reformlib", {"sha256": "x"}, "library changed"),
        ("reformlib", {"locales": "x"}, "translations changed"),
        ("reformlib", {"templates": "x"}, "template changed"),
    ],
)
def test_another_library_is_a_reason(project, kernel, monkeypatch, part, value, reason):
    from reformlib.render.run import document as publish
    from reformlib.render.run import ledger as state

    now = state.environment()
    then = now | {part: now[part] | value if isinstance(value, dict) else value}
    for module in (publish, state):
        monkeypatch.setattr(module, "environment", lambda: then)
    run(project)
    monkeypatch.undo()
    monkeypatch.chdir(project)
    (found,) = {status.reason for status in Survey(project / "out").statuses(jobs(project))}
    assert found.startswith(reason)


def test_a_worker_with_another_library_renders_nothing(project, kernel, monkeypatch):
    from reformlib.render.run import document as publish

    now = publish.environment()
    monkeypatch.setattr(publish, "environment", lambda: now | {"python": "3.99.0"})
    outcome = run(project).outcomes["01_first", "vi"]
    assert "not those that this run was planned with" in outcome.error.what
    assert not page(project).exists()


def test_reports_of_one_folder_name_are_told_apart_in_a_comparison(project, kernel, tmp_path):
    kernel["04_sets", "vi"] = [text("Hai báo cáo")]
    source = project / "notebooks" / "04_sets.ipynb"
    (project / "notebooks" / "01_first.ipynb").rename(source)
    document = replace(plan([source], ["vi"], {})[0], takes_report=False, takes_reports=True)
    folders = []
    for unit in ("an", "binh"):
        folders.append(tmp_path / unit / "2020")
        folders[-1].mkdir(parents=True)
        (folders[-1] / "report.yml").write_text(f"data_date: 2020-0{len(folders)}-01\nedition: {unit}\n")
    planned = jobs_of(folders, [document], project / "out")
    assert [job.id for job in planned] == ["comparison/vi/04_sets"]

    def ran() -> dict[str, str]:
        watch = Watch()
        batch.render(planned, project / "out", Here, 1, watch, tell=print)
        return watch.reasons

    assert ran() and not ran()
    entry = manifest(project / "out/comparison/vi/04_sets.html")
    assert (entry["edition"], entry["data_date"]) == ("an, binh", "2020-02-01")
    (folders[0] / "facts.csv").write_text("x")
    assert ran() == {"comparison/vi/04_sets": "data: 2020~1/facts.csv added"}


@pytest.mark.parametrize("name", ["01_first.html", "01_first.evidence.json", "01_first.json"])
def test_a_page_that_is_gone_is_made_again(project, kernel, name):
    run(project)
    (page(project).parent / name).unlink()
    assert list(run(project).reasons) == ["demo/vi/01_first"]
    assert not run(project).reasons


def test_a_page_changed_by_hand_is_made_again_once_it_is_looked_at(project, kernel):
    run(project)
    before = page(project).read_bytes()
    page(project).write_bytes(before.replace(b"<h1", b"<h1 class=x"))
    (project / "out/manifest.json").unlink()
    assert run(project).reasons == {"demo/vi/01_first": "the page is gone or was changed by hand"}
    assert page(project).read_bytes() == before


@pytest.mark.parametrize("content", ["", "{", "[]", '{"reports": {"demo": 1}}', "\0"])
def test_a_broken_list_is_no_harm(project, kernel, content):
    run(project)
    before = published(project / "out")
    (project / "out" / "manifest.json").write_text(content)
    assert run(project).summary.due == 0
    assert published(project / "out") == before


def test_a_page_that_nobody_asked_for_is_not_taken_for_sound(project, kernel):
    run(project)
    page(project).unlink()
    run(project, "02_second", force=True)
    assert list(run(project).reasons) == ["demo/vi/01_first"]


def test_no_path_of_the_machine_in_what_is_written(project, kernel):
    kernel["02_second", "en"] = ReformError(f"cannot read {project}/data/x.csv")
    run(project)
    for name, content in tree(project / "out").items():
        assert str(project).encode() not in content, name
    assert manifest(page(project, "02_second", "en"))["last_attempt"]["error"] == "cannot read ./data/x.csv"


def links(path: Path) -> list[tuple[str, str]]:
    found = BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")
    return [(a["href"], a.get_text()) for a in found.select("nav.siblings a")]


def test_pages_link_to_what_there_is(project, kernel):
    kernel["02_second", "en"] = ReformError("no")
    run(project)
    assert links(page(project)) == [
        ("02_second.html", "02_second & vi"),
        ("../en/01_first.html", "English"),
        ("../../index.html", "Tất cả tài liệu"),
    ]
    current = BeautifulSoup(page(project).read_text("utf-8"), "html.parser").select("[aria-current]")
    assert [one.get_text() for one in current] == ["01_first & vi"]
    assert links(page(project, "02_second")) == [
        ("01_first.html", "01_first & vi"),
        ("../../index.html", "Tất cả tài liệu"),
    ]
    for html in (project / "out").rglob("*.html"):
        for link in BeautifulSoup(html.read_text(encoding="utf-8"), "html.parser").find_all("a", href=True):
            if not link["href"].startswith("#"):
                assert (html.parent / link["href"]).is_file()


def test_pages_of_earlier_runs_are_linked_and_learn_of_later_ones(project, kernel):
    run(project, "01_first", languages=["vi"])
    run(project, "02_second", languages=["vi"])
    assert "01_first.html" in dict(links(page(project, "02_second")))
    assert "02_second.html" in dict(links(page(project)))


def test_links_do_not_depend_on_how_the_pages_came_about(project, kernel, monkeypatch):
    run(project)
    at_once = published(project / "out")
    for path in (project / "out").rglob("*.html"):  # as a run leaves them that was killed before it linked
        path.write_text(with_links(path.read_text(encoding="utf-8"), "vi", []), encoding="utf-8")
    (project / "out/manifest.json").unlink()
    assert run(project).summary.due == 0
    assert published(project / "out") == at_once


def test_other_forms_lie_beside_the_page_and_in_its_manifest(project, kernel):
    run(project, made=Options(forms=("xlsx",)))
    book = page(project).with_suffix(".xlsx").read_bytes()
    assert manifest(page(project))["forms"] == {
        "xlsx": {"bytes": len(book), "sha256": hashlib.sha256(book).hexdigest()}
    }
    listed = BeautifulSoup((project / "out" / "index.html").read_text(encoding="utf-8"), "html.parser")
    link = listed.find("a", string="Excel")
    assert (project / "out" / link["href"]).read_bytes() == book and link["aria-label"] == "01_first & vi, Excel"
    assert not listed.find("a", string="Word")
    assert ("01_first.xlsx", "Excel") in links(page(project))
    before = published(project / "out")
    run(project, made=Options(forms=("xlsx",)), force=True)
    assert published(project / "out") == before


def test_a_form_asked_for_later_is_made_and_one_not_asked_for_stays_while_its_page_does(project, kernel):
    run(project)
    assert set(run(project, made=Options(forms=("xlsx",))).reasons.values()) == {"xlsx asked for"}
    assert not run(project).reasons
    page(project).with_suffix(".xlsx").unlink()
    assert list(run(project).reasons) == ["demo/vi/01_first"]
    assert not page(project).with_suffix(".xlsx").exists()


def test_a_form_that_is_not_made_again_is_removed(project, kernel):
    run(project, made=Options(forms=("xlsx",)))
    page(project).with_suffix(".pdf").write_bytes(b"an earlier one")
    run(project, "01_first", languages=["vi"], force=True)
    assert [p.name for p in page(project).parent.glob("*.[pdx]*")] == ["02_second.xlsx"]
    assert manifest(page(project))["forms"] == {}


def test_a_page_that_fails_keeps_its_other_forms(project, kernel):
    run(project, made=Options(forms=("xlsx",)))
    before = page(project).with_suffix(".xlsx").read_bytes()
    kernel["01_first", "vi"] = ReformError("no")
    run(project, force=True)
    assert page(project).with_suffix(".xlsx").read_bytes() == before and "xlsx" in manifest(page(project))["forms"]


def test_a_form_that_fails_costs_no_page(project, kernel, monkeypatch):
    monkeypatch.setenv("REFORMLIB_CHROMIUM", "/none")
    ran = run(project, made=Options(forms=("pdf", "xlsx")))
    outcome = ran.outcomes["01_first", "vi"]
    assert outcome.title and "no Chromium" in outcome.error.what
    assert (ran.summary.written, len(ran.summary.failed), ran.summary.untried) == (4, 4, 0)
    assert list(manifest(page(project))["forms"]) == ["xlsx"]
    assert "last_attempt" not in manifest(page(project))


def test_code_is_shown_when_asked_and_the_manifest_says_so(project, kernel):
    run(project)
    assert manifest(page(project))["code"] is False and "<details" not in page(project).read_text(encoding="utf-8")
    assert set(run(project, made=Options(code=True)).reasons.values()) == {"code asked for"}
    assert manifest(page(project))["code"] is True and "details class" in page(project).read_text(encoding="utf-8")


def test_a_failure_leaves_the_earlier_page_whole_and_the_others_alone(project, kernel):
    run(project)
    before = page(project).read_bytes()
    kernel["01_first", "vi"] = ReformError("the kernel died", where="cell 3")
    outcomes = run(project, year="2001").outcomes
    assert page(project).read_bytes() == before
    assert outcomes["01_first", "vi"].error.what == "the kernel died"
    assert [key for key, outcome in outcomes.items() if not outcome.error] == [
        ("02_second", "vi"),
        ("01_first", "en"),
        ("02_second", "en"),
    ]
    assert b"2001" in page(project, "02_second").read_bytes()
    entry = manifest(page(project))
    assert entry["status"] == "built" and entry["parameters"] == {"language": "vi"}
    assert entry["last_attempt"] == {"status": "failed", "error": "the kernel died\n  where: cell 3"}
    kernel.clear()
    assert list(run(project, year="2001").reasons) == ["demo/vi/01_first"]
    assert "last_attempt" not in manifest(page(project))


def test_a_failure_without_an_earlier_page_keeps_the_notebook_aside(project, kernel):
    error = ReformError("no")
    error.notebook = executed(text("as far as it came"))
    kernel["01_first", "vi"] = error
    run(project)
    assert not page(project).exists()
    assert manifest(page(project))["status"] == "failed"
    kept = project / "out/.failed/demo/vi/01_first.ipynb"
    assert "as far as it came" in kept.read_text(encoding="utf-8")
    kernel.clear()
    run(project)
    assert not kept.exists()


def test_a_refused_page_is_a_failure_that_names_the_cell(project, kernel):
    kernel["01_first", "vi"] = [text("fine"), code("x", shown("<figure></figure>"))]
    outcome = run(project).outcomes["01_first", "vi"]
    assert "cell 4: an empty figure" in outcome.error.what
    assert not page(project).exists()


def test_a_report_without_a_readable_description_fails_alone(project, kernel):
    (project / "data/reports/demo/report.yml").write_text("title_vi: [")
    kernel["01_first", "vi"] = ReformError("report.yml is not valid YAML")
    assert run(project, reports=("demo", "other")).summary.written == 6
    assert manifest(page(project))["report_title"]["vi"] == "demo"


def test_the_keyboard_stops_but_what_is_finished_is_published(project, kernel):
    kernel["01_first", "en"] = KeyboardInterrupt()
    summary = run(project).summary
    assert "no page was left half-written" in summary.stopped and summary.untried == 2
    pages = [f"demo/vi/{name}.{kind}" for name in NAMES for kind in sorted(KINDS)]
    assert sorted(tree(project / "out")) == sorted([*RUN, *pages])
    assert "02_second.html" in dict(links(page(project)))


def test_fail_fast_stops_at_the_first_failure(project, kernel):
    kernel["01_first", "vi"] = ReformError("no")
    summary = run(project, fail_fast=True).summary
    assert (summary.written, len(summary.failed), summary.untried) == (0, 1, 3)
    assert "--fail-fast" in summary.stopped


def test_a_limit_leaves_the_rest_for_the_next_run(project, kernel):
    assert [run(project, limit=3).summary.written for _ in range(3)] == [3, 1, 0]


def test_a_process_that_breaks_down_fails_its_document_only(project, kernel):
    class Breaking(Here):
        calls = 0

        def submit(self, fn, /, job, how):
            Breaking.calls += 1
            if Breaking.calls == 1:
                future = Future()
                future.set_exception(ReformError("the process of the report ended: it was killed"))
                return future
            return super().submit(fn, job, how)

    outcomes = run(project, executor=Breaking).outcomes
    assert [bool(outcome.error) for outcome in outcomes.values()] == [True, False, False, False]
    assert "it was killed" in manifest(page(project))["last_attempt"]["error"]


def test_leftovers_of_a_killed_run_go(project, kernel):
    left = project / "out" / ".staging-x"
    left.mkdir(parents=True)
    (left / "01_first.html").write_text("half")
    run(project)
    assert not list((project / "out").glob(".staging*"))


@pytest.mark.parametrize("place", ["out", "out/demo", "out/demo/vi"])
def test_a_file_where_a_folder_should_be(project, kernel, place):
    (project / place).parent.mkdir(parents=True, exist_ok=True)
    (project / place).write_text("in the way")
    with pytest.raises(ReformError, match="cannot write to"):
        run(project)
    assert (project / place).read_text() == "in the way"


def test_an_output_folder_that_refuses(project, kernel, monkeypatch):
    def refuse(*_, **__):
        raise PermissionError(13, "Permission denied", "out/.staging")

    monkeypatch.setattr(files.tempfile, "mkdtemp", refuse)  # a chmod would not stop root
    with pytest.raises(Unwritable, match="Permission denied") as caught:
        run(project)
    assert "--output" in caught.value.fix


def test_a_full_disk_stops_the_run_and_leaves_the_earlier_pages(project, kernel, monkeypatch):
    run(project)
    before = published(project / "out")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files.os, "fsync", full)
    with pytest.raises(Unwritable, match="No space left"):
        run(project, year="2001")
    assert published(project / "out") == before
    monkeypatch.undo()
    monkeypatch.chdir(project)
    assert not list((project / "out").glob(".staging*"))


def test_a_report_that_changes_while_it_is_loaded_ahead_is_not_kept(tmp_path, monkeypatch):
    """Even where it is put back as it was: the stamps of its files tell."""
    importlib.import_module("reformlib.analysis")  # or modules that it imports would keep the load_report of this test
    root = make_project(tmp_path / "p", (), **dict.fromkeys(NAMES, ()))
    copy_data(root)
    for path in root.rglob("*"):
        os.utime(path, (1, 1))
    monkeypatch.chdir(root)
    job = jobs(root, reports=("tra-vinh-2020",))[0]
    file, read = job.folders[0] / "facts.csv", load.load_report
    kept = []
    for number, late in enumerate((False, True)):

        def load_report(name, late=late):
            os.utime(file, (5, 5)) if late else None
            return read(name)

        monkeypatch.setattr(load, "load_report", load_report)
        publish._load_ahead(job, "tra-vinh-2020", f"contents {number}", publish._stamps(job))
        kept.append(load._ahead is not None)
    load.load_ahead(None)
    assert kept == [True, False]


def test_a_link_that_cannot_be_written_keeps_no_document_from_being_made(project, kernel, monkeypatch):
    def held(*_):
        raise PermissionError(13, "Permission denied", "01_first.html")

    monkeypatch.setattr(state, "relink", held)
    with pytest.raises(Unwritable, match="Permission denied"):
        run(project, reports=("demo", "other"))
    assert len(list((project / "out").glob("*/*/*.html"))) == 8
    monkeypatch.undo()
    monkeypatch.chdir(project)
    run(project, reports=("demo", "other"))
    assert len(links(page(project))) > 1
