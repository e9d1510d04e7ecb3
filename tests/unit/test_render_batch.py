"""Runs that are killed, that meet each other, that have nothing to do; what status, prune and the list tell."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from concurrent.futures import CancelledError, Executor, Future
from itertools import pairwise
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from nbformat import NotebookNode

from reformlib import cli, files
from reformlib.errors import ReformError
from reformlib.render.run import batch, index, stamps
from reformlib.render.run import document as publish
from reformlib.render.run.ledger import Ledger
from reformlib.render.run.notebooks import plan
from reformlib.render.run.plan import jobs_of
from reformlib.render.run.staleness import page_hash
from tests.render_helpers import environment, make_project, manifest, published, tree

NAMES = ("01_first", "02_second", "03_third")
REPORTS = ("demo", "other")
posix = pytest.mark.skipif(os.name != "posix", reason="needs fork")


@pytest.fixture
def project(tmp_path, monkeypatch):
    """Six documents in two languages that take no time: the page is made of the parameters."""
    root = make_project(tmp_path / "p", reports=REPORTS, **dict.fromkeys(NAMES, ()))
    monkeypatch.chdir(root)
    monkeypatch.setattr(files.os, "fsync", lambda handle: None)  # waits for a disk that others use too
    (root / "ran").touch()

    def execute(path, parameters, **_):
        with (root / "ran").open("a") as file:
            file.write(f"{parameters['report']}/{parameters['language']}/{path.stem}\n")
        act = json.loads((root / "acts").read_text()) if (root / "acts").exists() else {}
        if path.stem in act:
            raise ReformError(act[path.stem])
        return NotebookNode(parameters | {"name": path.stem, "cells": []})

    def export(notebook, document, *, code=False):
        return f"<title>{notebook['name']}</title>\n<!-- links --><!-- /links -->\n{'x' * 3000} {notebook}\n</html>\n"

    import reformlib.render.engine.execute

    monkeypatch.setattr(reformlib.render.engine.execute, "execute", execute)
    monkeypatch.setattr(publish, "export", export)
    monkeypatch.setattr(publish, "evidence", lambda notebook, document: {"tables": []})
    return root


class Here(Executor):
    """Runs everything at once, in this process."""

    def submit(self, fn, /, *args):
        future = Future()
        try:
            future.set_result(fn(*args))
        except Exception as error:
            future.set_exception(error)
        return future


class Silent:
    """Listens to nothing."""

    def begin(self, states, due) -> None: ...
    def started(self, job) -> None: ...
    def ended(self, outcome) -> None: ...


def jobs(project, reports=REPORTS):
    folders = [project / "data" / "reports" / name for name in reports]
    documents = plan([project / "notebooks" / f"{name}.ipynb" for name in NAMES], ["vi", "en"], {})
    return jobs_of(folders, documents, project / "out")


def run(project, planned=None, told=print, **options) -> batch.Summary:
    planned = jobs(project) if planned is None else planned
    return batch.render(planned, project / "out", Here, 1, Silent(), tell=told, **options)


def forked(project, **options) -> int:
    """Start a run in a process of its own; its number."""
    if pid := os.fork():
        return pid
    code = 3
    try:
        code = 0 if not run(project, told=lambda text: None, **options).failed else 1
    finally:
        os._exit(code)


def whole(project) -> None:
    """Every published file is whole and a page is the one of its manifest, or has no manifest of its own yet."""
    for path in (project / "out").rglob("*"):
        if path.is_file() and ".staging-" not in str(path):
            if path.suffix == ".html":
                assert path.read_text(encoding="utf-8").rstrip().endswith("</html>"), path
            elif path.suffix == ".json":
                json.loads(path.read_text(encoding="utf-8"))


@posix
def test_fifty_kills_leave_whole_files_and_the_next_run_completes_the_rest(project, tmp_path, monkeypatch):
    run(project)
    expected, length = published(project / "out"), 0.0
    moments, kills, resumed = random.Random(7), 0, 0
    while kills < 50 or (resumed < 6 and kills < 200):  # on a busy machine a run may be over before its kill
        if not batch_due(project):  # all was completed: another year for all of them
            facts = project / "data/reports/demo/facts.csv", project / "data/reports/other/facts.csv"
            for path in facts:
                path.write_text(f"round {kills}\n")
            started = time.monotonic()
            os.waitpid(forked(project, force=True), 0) if not length else None
            length = length or time.monotonic() - started
        pid = forked(project, force=kills % 2 == 0)
        time.sleep(moments.uniform(0, length))
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        kills += 1
        whole(project)
        resumed += bool(left := batch_due(project)) and left < 12
    for path in (project / "data/reports").glob("*/facts.csv"):
        path.unlink()
    assert run(project).failed == []
    assert published(project / "out") == expected
    assert not list((project / "out").glob(".staging*"))
    assert resumed > 5  # it was really killed in the middle


def batch_due(project) -> int:
    from reformlib.render.run.ledger import Survey

    return sum(status.status != "built" for status in Survey(project / "out").statuses(jobs(project)))


@posix
def test_a_page_without_its_manifest_is_made_again(project):
    """Killed between the two, the manifest of the earlier page lies beside the new one."""
    run(project)
    expected = published(project / "out")
    path = project / "out/demo/vi/01_first.html"
    path.write_text(path.read_text(encoding="utf-8").replace("demo", "dema"), encoding="utf-8")
    (project / "out/manifest.json").unlink()
    assert run(project).written == 1
    assert published(project / "out") == expected


@posix
def test_two_runs_at_once_share_the_work_and_harm_nothing(project):
    pids = [forked(project) for _ in range(3)]
    assert [os.waitpid(pid, 0)[1] for pid in pids] == [0, 0, 0]
    ran = (project / "ran").read_text().split()
    assert sorted(ran) == sorted(job.id for job in jobs(project))  # each once
    whole(project)


@posix
def test_a_second_run_tells_whom_it_waits_for(project, monkeypatch):
    told = []
    with files.locked(project / "out", told.append):
        code = f"import sys; sys.path.insert(0, {str(Path(files.__file__).parents[2])!r})\n"
        code += "from pathlib import Path\nfrom reformlib.files import locked\n"
        code += "with locked(Path('out'), lambda text: print(text, flush=True)): print('mine', flush=True)"
        process = subprocess.Popen([sys.executable, "-c", code], cwd=project, stdout=subprocess.PIPE, text=True)
        assert f"Another run is writing to out (process {os.getpid()} on " in process.stdout.readline()
    assert process.stdout.readline() == "mine\n"
    assert process.wait(30) == 0
    assert told == []


def test_a_lock_that_was_left_behind_blocks_nobody(project):
    (project / "out").mkdir()
    (project / "out/.lock").write_text("process 4242 on elsewhere since 2020-01-01 00:00:00")
    told = []
    assert run(project, told=told.append).written == 12
    assert told == [
        "An earlier run did not end by itself (process 4242 on elsewhere since 2020-01-01 00:00:00); "
        "going on from what it left."
    ]
    assert (project / "out/.lock").read_text() == ""


@pytest.mark.parametrize("number", [28, 30, 13])  # full, read-only, refused
def test_an_output_that_cannot_be_written_to_stops_the_run(project, monkeypatch, number):
    run(project)
    before = published(project / "out")

    def refuse(*_):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(files.os, "fsync", refuse)
    with pytest.raises(files.Unwritable, match="cannot write to") as caught:
        run(project, force=True)
    assert os.strerror(number) in caught.value.what and "--output" in caught.value.fix
    assert published(project / "out") == before
    assert len((project / "ran").read_text().split()) == 13  # no other document would have fared better


def age(project) -> None:
    """As if the inputs had been there for a while; a file that has just changed is not trusted to stay."""
    for path in project.rglob("*"):
        if "out" not in path.parts:
            os.utime(path, (1_600_000_000, 1_600_000_000))


@pytest.mark.parametrize("error", [CancelledError(), ConnectionResetError(104, "Connection reset by peer")])
def test_a_scheduler_that_goes_ends_the_run_and_fails_no_document(project, monkeypatch, error):
    class Going(Here):
        calls = 0

        def submit(self, fn, /, *args):
            Going.calls += 1
            if Going.calls < 4:
                return super().submit(fn, *args)
            future = Future()
            future.set_exception(error)
            return future

    planned = jobs(project)
    summary = batch.render(planned, project / "out", Going, 1, Silent(), tell=print)
    assert (summary.written, summary.failed, summary.untried) == (3, [], 9)
    assert "The scheduler has gone" in summary.stopped
    assert run(project).written == 9


def test_a_report_is_made_by_one_process_while_there_are_others_to_begin(project):
    demo, other = jobs(project, ["demo"]), jobs(project, ["other"])
    coming = batch.JobQueue([*demo, *other])
    take = lambda after: coming.take(after, 2)  # noqa: E731
    assert [take(None), take(None)] == [demo[0], other[0]]
    assert [take(other[0]), take(other[1]), take(demo[0])] == [other[1], other[2], demo[1]]
    for before, after in pairwise(other[2:]):
        assert take(before) == after
    assert [take(other[-1]), take(demo[1])] == [demo[2], demo[3]]  # no other is left: both share one
    assert [take(demo[3]), take(demo[2]), take(demo[4])] == [demo[4], demo[5], None]


class FirstEndsLast(Here):
    """Runs everything at once; of the first job it is told when all the others have ended."""

    def __init__(self) -> None:
        self.first, self.made = None, []

    def submit(self, fn, /, *args):
        self.made.append(args[0].id)
        future = super().submit(fn, *args)
        if self.first is None:
            self.first = Future(), future.result()
            return self.first[0]
        if len(self.made) == 12:
            self.first[0].set_result(self.first[1])
        return future


class Scheduler(FirstEndsLast):
    """Takes as many jobs as it likes, and gives each to any worker."""

    width = 3


class Heard(Silent):
    """Keeps what it hears: jobs that start and end."""

    def __init__(self) -> None:
        self.heard: list[str] = []

    def started(self, job) -> None:
        self.heard.append("+")

    def ended(self, outcome) -> None:
        self.heard.append("-")


def test_the_next_job_is_of_the_report_of_which_one_has_ended(project):
    demo, other = ([job.id for job in jobs(project, [name])] for name in REPORTS)
    pool = FirstEndsLast()
    batch.render(jobs(project), project / "out", lambda: pool, 2, Silent(), tell=print)
    assert pool.made == [demo[0], *other, *demo[1:]]


def test_a_scheduler_gets_one_report_after_another(project):
    pool, watch = Scheduler(), Heard()
    batch.render(jobs(project), project / "out", lambda: pool, 2, watch, tell=print)
    assert pool.made == [job.id for job in jobs(project)]
    assert "".join(watch.heard).startswith("+++-")  # as many in advance as it takes


@pytest.mark.parametrize("width", [1, 2, 5])
def test_every_job_is_handed_over_once(project, width):
    planned = [*jobs(project, ["demo"]), *jobs(project, ["other"])[:2]]
    coming, chance = batch.JobQueue(planned), random.Random(width)
    running = [coming.take(None, width) for _ in range(width)]
    made = []
    while running:
        made.append(running.pop(chance.randrange(len(running))))
        if job := coming.take(made[-1], width):
            running.append(job)
    assert sorted(made, key=planned.index) == planned
    assert width > 1 or made == planned


def test_what_nobody_asked_for_is_not_told_as_stale(project):
    run(project)
    assert run(project, force=True, wanted=lambda job: job.report == "demo").written == 6
    assert "▲" not in (project / "out/index.html").read_text(encoding="utf-8")


def test_a_run_with_nothing_to_do_is_noted_for_the_same_command(project, monkeypatch):
    arguments = ["render", "--output", "out"]
    monkeypatch.setattr(stamps, "RACY", -(10**18))
    options = {"command": arguments, "sources": [project / "notebooks", project / "data"]}
    assert stamps.nothing_to_do(arguments) == ""
    run(project, **options)
    assert "12 of 12 documents are up to date" in stamps.nothing_to_do(arguments)
    assert stamps.nothing_to_do(["render", "01", "--output", "out"]) == ""
    assert stamps.nothing_to_do(["render", "--output", "elsewhere"]) == ""


@pytest.mark.parametrize(
    "change",
    [
        lambda p: (p / "data/reports/demo/facts.csv").write_text("x"),
        lambda p: (p / "data/reports/demo/report.yml").write_text("id: other"),
        lambda p: (p / "data/forms/demo/indicators.csv").unlink(),
        lambda p: (p / "notebooks/01_first.ipynb").write_text("{}"),
        lambda p: (p / "out/demo/vi/01_first.html").unlink(),
        lambda p: (p / "out/index.html").unlink(),
        lambda p: (p / "out/manifest.json").write_text("{}"),
        lambda p: (p / "out" / stamps.NOTE).write_text("nonsense"),
    ],
)
def test_any_change_ends_that(project, monkeypatch, change):
    arguments = ["render", "-oout"]
    monkeypatch.setattr(stamps, "RACY", -(10**18))
    run(project, command=arguments, sources=[project / "notebooks", project / "data/forms"])
    assert stamps.nothing_to_do(arguments)
    change(project)
    assert stamps.nothing_to_do(arguments) == ""


def test_a_file_that_has_just_changed_may_change_again(project):
    run(project, command=["render", "-oout"])
    assert not (project / "out" / stamps.NOTE).exists()


def test_a_run_that_failed_or_was_limited_is_not_noted(project, monkeypatch):
    monkeypatch.setattr(stamps, "RACY", -(10**18))
    run(project, command=["render", "-oout"], limit=3)
    assert not (project / "out" / stamps.NOTE).exists()
    (project / "acts").write_text('{"01_first": "no"}')
    run(project, command=["render", "-oout"])
    assert not (project / "out" / stamps.NOTE).exists()


def test_a_run_with_nothing_to_do_loads_nothing(project, monkeypatch):
    monkeypatch.setattr(stamps, "RACY", -(10**18))
    code = "import sys\nfrom reformlib.__main__ import main\nsys.argv[1:] = ['render', '--output', 'out']\n"
    code += "try: main()\nfinally: print(sorted({'typer', 'rich', 'yaml', 'json', 'pandas', 'hashlib', 'pathlib', 're'}"
    code += " & set(sys.modules)))"
    note = "from reformlib.render.run import stamps; stamps.note(['render', '--output', 'out'], 'nothing', "
    note = f"{note}[{str(project)!r}], [], 10**20)"
    script = f"import os; os.chdir({str(project)!r})\n{note.replace('stamps.note', 'text = stamps.note')}\n"
    script += "open('out/.uptodate', 'w').write(text)"
    (project / "out").mkdir()
    subprocess.run([sys.executable, "-S", "-c", script], env=environment(), check=True, cwd=project)
    done = subprocess.run(
        [sys.executable, "-S", "-c", code], env=environment(), cwd=project, capture_output=True, text=True
    )
    assert (done.stdout, done.stderr, done.returncode) == ("[]\n", "nothing\n", 0)


def test_a_run_waits_for_no_pandas_before_its_first_document_begins():
    code = "import sys\nimport reformlib.cli, reformlib.render.engine.cluster, reformlib.render.run.batch\n"
    code += "print('pandas' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], env=environment(), capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


def status(project, capfd, *arguments) -> dict[str, tuple[str, str]]:
    with pytest.raises(SystemExit) as caught:
        cli.main(["status", "--format", "json", "-o", "out", *arguments])
    assert not caught.value.code
    return {row["document"]: (row["state"], row["reason"]) for row in json.loads(capfd.readouterr().out)}


def test_status_and_prune(project, capfd):
    written = project / "data/reports.yml"
    written.write_text(
        "defaults: {editions: ['2020'], folder: 'reports/{unit}', languages: vi}\nunits: [demo, other]\n"
    )
    (project / "acts").write_text('{"02_second": "no figures"}')
    run(project, jobs(project, ("demo",)), whole=True)
    (project / "data/reports/demo/facts.csv").write_text("x\n")
    before = tree(project / "out")
    told = status(project, capfd)
    assert tree(project / "out") == before
    assert told["demo/vi/01_first"] == ("stale", "data: facts.csv added")
    assert told["demo/vi/02_second"] == ("failed", "failed: no figures")
    assert told["other/vi/01_first"] == ("missing", "not rendered yet")
    assert told["demo/en/01_first"] == ("dropped", "no longer in the plan")
    assert "demo/en/01_first" not in status(project, capfd, "--only", "demo")
    notes = project / "out/demo/en/notes.txt"
    notes.write_text("not ours")
    with pytest.raises(SystemExit) as caught:
        cli.main(["prune", "-o", "out", "--yes"])
    assert not caught.value.code and "3 documents deleted" in capfd.readouterr().err
    assert notes.exists() and not (project / "out/demo/en/01_first.html").exists()
    assert [name for name, (state, _) in status(project, capfd).items() if state == "dropped"] == []
    listed = BeautifulSoup((project / "out/index.html").read_text(encoding="utf-8"), "html.parser")
    states = [cell.get_text() for cell in listed.select("section[lang=en] .status")]
    assert states == ["▲ To be rendered again", "✕ Not built", "▲ To be rendered again"] + ["○ Not rendered yet"] * 3


def test_the_list_shows_the_documents_of_each_language_vietnamese_first(project):
    run(project)
    (project / "acts").write_text('{"01_first": "the kernel <b> died"}')
    run(project, force=True)
    found = BeautifulSoup((project / "out/index.html").read_text(encoding="utf-8"), "html.parser")
    assert found.html["lang"] == "vi" and len(found.select("h1")) == 1
    assert [section["lang"] for section in found.select("section")] == ["vi", "en"]
    for section in found.select("section"):
        assert [link["hreflang"] for link in section.select("tbody a")] == [section["lang"]] * 6
    vietnamese, english = found.select("section")
    rows = [[cell.get_text(" ", strip=True) for cell in row.select("td, th")] for row in english.select("tbody tr")]
    assert [row[0] for row in rows] == [*NAMES, *NAMES]
    assert english.caption.get_text(" ", strip=True) == "Unit · edition 2020 · data as of 31 March 2020"
    assert rows[1][1] == "● Built"
    assert rows[0][1].startswith("▲ Built; the latest run failed") and rows[0][1].endswith("the kernel <b> died")
    assert vietnamese.select("caption time")[0].get_text() == "31/3/2020"
    assert found.head.find("meta")["http-equiv"] == "Content-Security-Policy"


def test_a_report_in_one_language_stands_under_both(tmp_path):
    built = many(tmp_path, 1, ("01",))
    del built.reports["xa-00000-2020"]["documents"]["en/01"]
    found = BeautifulSoup(index.index_pages(built, [])["index.html"], "html.parser")
    assert [len(section.select("tbody tr")) for section in found.select("section")] == [1, 1]
    assert found.select("section[lang=en] tbody th")[0]["lang"] == "vi"


def test_a_list_without_documents(tmp_path):
    (page,) = index.index_pages(Ledger(tmp_path), []).values()
    assert "Chưa có tài liệu" in page


def many(output: Path, count: int, names: tuple[str, ...]) -> Ledger:
    documents = {
        f"{code}/{name}": {"title": f"Đánh giá cải cách hành chính giai đoạn 2011–2020, xã {name}", "status": "built"}
        for code in ("vi", "en")
        for name in names
    }
    built = Ledger(output)
    for number in range(count):
        unit = {"vi": f"Ủy ban nhân dân xã số {number:05}", "en": f"People's committee of commune {number:05}"}
        built.reports[f"xa-{number:05}-2020"] = {
            "unit": unit,
            "edition": "2020",
            "data_date": "2020-03-31",
            "report_title": {"vi": "Báo cáo tổng kết cải cách hành chính", "en": "Review of administrative reform"},
            "documents": documents,
        }
    return built


def test_a_list_of_ten_thousand_reports_is_split_and_each_can_be_found(tmp_path):
    pages = index.index_pages(many(tmp_path, 10_000, ("01",)), [])
    assert len(pages) == 1 + 40 + 2
    for language, name in (("vi", "xã số {:05}"), ("en", "commune {:05}")):
        names = pages[f"index-names-{language}.html"]  # where the browser's own search finds each
        assert all(name.format(number) in names for number in range(10_000))
        assert len(names.encode()) < 2_000_000
    first = BeautifulSoup(pages["index.html"], "html.parser")
    assert {link["href"].partition("#")[0] for link in first.select("main a")} >= pages.keys() - {"index.html"}
    assert all('href="index.html"' in page for name, page in pages.items() if name != "index.html")


def test_the_first_page_of_a_long_list_tells_what_failed(tmp_path):
    built = many(tmp_path, 300, ("01",))
    built.reports["xa-00250-2020"]["documents"] = {"vi/01": {"title": "x", "status": "failed", "error": "no <figures>"}}
    page = BeautifulSoup(index.index_pages(built, [])["index.html"], "html.parser")
    (told,) = page.select("section[lang=en] ul:not(.names) li")
    assert told.get_text() == "People's committee of commune 00250 2020, x: ✕ Not built no <figures>"
    assert told.a["href"] == "index-2.html#en-xa-00250-2020"


def test_no_page_of_a_long_list_is_heavy(tmp_path):
    pages = index.index_pages(many(tmp_path, 130, (*NAMES, "04")), [])
    assert max(len(page.encode()) for page in pages.values()) < 1_000_000
    named = index.index_pages(many(tmp_path, index.NAMED, ("01",)), [])["index.html"]
    assert f"xã số {index.NAMED - 1:05}" in named and len(named.encode()) < 1_000_000


def test_an_earlier_longer_list_leaves_no_pages(project):
    (project / "out").mkdir()
    (project / "out/index-07.html").write_text("old")
    run(project)
    assert not (project / "out/index-07.html").exists()


def test_the_hash_in_a_manifest_is_that_of_the_page_without_links(project):
    run(project)
    path = project / "out/demo/vi/01_first.html"
    text = path.read_text(encoding="utf-8")
    assert 'class="siblings"' in text
    assert manifest(path)["page"] == page_hash(text) != {"bytes": len(text.encode())}
