"""A run over many documents: what needs rendering goes through an executor; every outcome is kept and reported."""

import time
from collections import Counter, deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, CancelledError, Executor, Future, wait
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Literal, Protocol

from reformlib.errors import ReformError
from reformlib.files import Unwritable, locked, place, staging
from reformlib.load.meta import left_to_fill
from reformlib.paths import project_root
from reformlib.render.run import stamps
from reformlib.render.run.document import Outcome, RunSettings, message_of, record_failure, run
from reformlib.render.run.index import write_index
from reformlib.render.run.ledger import MANIFEST, DocumentStatus, Survey
from reformlib.render.run.plan import Job

LOG = "render.log"
SAVE_SECONDS = 30  # between two savings of the list, so that a killed run costs no long search
LOG_SIZE = 5_000_000


@dataclass
class Summary:
    """What a run did."""

    planned: int
    due: int
    written: int = 0
    failed: list[Outcome] = field(default_factory=list)
    drafts: dict[str, str] = field(default_factory=dict)  # by report, what is to be filled in
    pruned: list[str] = field(default_factory=list)
    stopped: str = ""
    seconds: float = 0

    @property
    def untried(self) -> int:
        """Documents that were due and that a stop kept from being made."""
        return self.due - self.written - sum(not outcome.title for outcome in self.failed)


class Listener(Protocol):
    """Hears how far a run is."""

    def begin(self, statuses: list[DocumentStatus], due: list[DocumentStatus]) -> None:
        """The run knows what it has to make."""

    def started(self, job: Job) -> None:
        """A document is handed over."""

    def ended(self, outcome: Outcome) -> None:
        """A document is published or has failed."""


def render(
    jobs: list[Job],
    output: Path,
    executor: Callable[[], Executor],
    width: int,
    listener: Listener,
    *,
    tell: Callable[[str], None],
    wanted: Callable[[Job], bool] = lambda job: True,
    whole: bool = False,
    prune: bool = False,
    force: bool = False,
    limit: int | None = None,
    fail_fast: bool = False,
    engine: Literal["warm", "kernel"] = "kernel",
    debug: bool = False,
    command: list[str] | None = None,
    sources: Iterable[Path] = (),
) -> Summary:
    """Render what of `jobs` is `wanted` and not up to date, `width` at once; bring links, list and log up to date.

    `jobs` may be a `whole` plan: what was of it once is then listed as no longer planned, or deleted with `prune`.
    Documents of drafts are left out, and named in the summary.
    One run at a time holds an output folder; a second waits and says so with `tell`. The first failure of a document
    does not stop the others unless `fail_fast`. KeyboardInterrupt ends the run in order; the summary says `stopped`.
    Raises Unwritable when the output folder cannot be written to; what was published by then is whole and stays.

    When all is built in the end, that is noted for the next run of the same `command`, with the `sources` (folders,
    files) of what is planned.
    """
    began = time.time_ns()
    with locked(output, tell), staging(output.resolve()) as stage, _log(output) as log:
        survey = Survey(output)
        statuses = survey.statuses(jobs)
        due = due_of(statuses, wanted, force)[:limit]
        drafts = drafts_of(statuses, wanted)
        work = _Run(survey, stage, log, statuses, due, Summary(len(jobs), len(due), drafts=drafts))
        log(f"run begins: {len(jobs)} planned, {len(due)} due")
        listener.begin(statuses, due)
        settings = RunSettings(stage, project_root(), survey.environment_key, engine, debug)
        outcomes = _outcomes([status.job for status in due], executor, width, settings, listener)
        work.take_all(outcomes, listener, settings.project, fail_fast)
        if prune:
            work.prune(jobs)
        if whole:
            survey.ledger.note_planned(jobs)
        summary = work.finish(whole)
        (output / stamps.NOTE).unlink(missing_ok=True)
        if command and summary.written == len(due) and not (summary.failed or drafts) and limit is None:
            _note_up_to_date(command, [job for job in jobs if wanted(job)], sources, output.resolve(), began, stage)
        summary.seconds = (time.time_ns() - began) / 1e9
        log(f"run ends: {summary.written} written, {len(summary.failed)} failed, {summary.untried} left")
    return summary


@dataclass
class _Run:
    """A run at work in its output folder: takes outcomes, keeps list, links and log."""

    survey: Survey
    stage: Path
    log: Callable[[str], None]
    statuses: list[DocumentStatus]
    due: list[DocumentStatus]
    summary: Summary
    written: dict[str, Job] = field(default_factory=dict)

    def take_all(self, outcomes: Generator[Outcome], listener: Listener, project: Path, fail_fast: bool) -> None:
        """Take outcomes as they come, to the end or to a stop of the run; save the list from time to time."""
        reasons = {status.job.id: status.reason for status in self.due}
        left = Counter(status.job.report for status in self.due)
        saved = time.monotonic()
        try:
            with closing(outcomes):
                for outcome in outcomes:
                    self._take(outcome, reasons[outcome.job.id], project)
                    listener.ended(outcome)
                    if outcome.error and fail_fast:
                        self.summary.stopped = "Stopped at the first failure (--fail-fast)."
                        break
                    report = outcome.job.report
                    left[report] -= 1
                    if not left[report]:  # while others are made; thousands in the end would take a while
                        with suppress(OSError, UnicodeError):  # raised in the end, if it is still so
                            self.survey.ledger.link(report, self.stage)
                    if time.monotonic() - saved > SAVE_SECONDS:
                        self.survey.save(self.stage)
                        saved = time.monotonic()
        except KeyboardInterrupt:
            self.summary.stopped = "Stopped by the keyboard (Ctrl-C); no page was left half-written."
        except CancelledError:
            self.summary.stopped = "The scheduler has gone; what was published by then is whole, the next run goes on."

    def _take(self, outcome: Outcome, reason: str, project: Path) -> None:
        job, seconds = outcome.job, f"({outcome.seconds:.1f} s)"
        self.survey.ledger.take(job.report, job.document.language, job.document.name, self.survey.key(job))
        if outcome.error:
            self.summary.failed.append(outcome)
            self.log(f"failed {job.id} {seconds}: {message_of(outcome.error, project)}")
        if outcome.title:
            self.written[job.id] = job
            self.log(f"written {job.id} {seconds}: {reason}")

    def prune(self, jobs: list[Job]) -> None:
        """Delete what is none of the planned jobs."""
        for identifier in self.survey.ledger.dropped(jobs):
            self.survey.ledger.drop(identifier)
            self.summary.pruned.append(identifier)
            self.log(f"pruned {identifier}")

    def finish(self, whole: bool) -> Summary:
        """Bring links, index and list up to date."""
        ledger, self.summary.written = self.survey.ledger, len(self.written)
        for report in ledger.reports:
            ledger.link(report, self.stage)
        now = {outcome.job.id: DocumentStatus(outcome.job, "failed") for outcome in self.summary.failed}
        now |= {identifier: DocumentStatus(job, "built") for identifier, job in self.written.items()}
        listed = [one for one in self.statuses if one.status != "draft" or ledger.row(one.job.id)]
        write_index(ledger, [now.get(status.job.id, status) for status in listed], self.stage, whole=whole)
        self.survey.save(self.stage)
        return self.summary


def due_of(statuses: list[DocumentStatus], wanted: Callable[[Job], bool], force: bool = False) -> list[DocumentStatus]:
    """What a run has to make: what is `wanted` and not built, or all that is wanted with `force`; no draft."""
    asked = [status for status in statuses if wanted(status.job) and status.status != "draft"]
    if not force:
        return [status for status in asked if status.status != "built"]
    return [DocumentStatus(one.job, "stale", "asked for") if one.status == "built" else one for one in asked]


def drafts_of(statuses: list[DocumentStatus], wanted: Callable[[Job], bool]) -> dict[str, str]:
    """What is to be filled in of the drafts among the reports of the wanted documents, by report."""
    skipped = (one.job for one in statuses if one.status == "draft" and wanted(one.job))
    folders = dict.fromkeys(folder for job in skipped for folder in job.folders)
    return {folder.name: "; ".join(left) for folder in folders if (left := left_to_fill(folder))}


def _note_up_to_date(
    command: list[str], jobs: list[Job], sources: Iterable[Path], output: Path, began: int, stage: Path
) -> None:
    read = dict.fromkeys([*sources, *(path for job in jobs for path in (*job.folders, job.document.notebook))])
    wrote = dict.fromkeys([*(job.page.parent for job in jobs), output / "index.html", output / MANIFEST])
    message = f"{len(jobs)} of {len(jobs)} documents are up to date (--force renders them again)"
    if text := stamps.note(command, message, [*map(str, read)], [*map(str, wrote)], began):
        place(text, output / stamps.NOTE, stage)


class JobQueue:
    """Jobs in the order to hand them over: those of a report one after another, of several reports side by side.

    The process that made a document of a report has it loaded for the next, so that two share one only when there is
    none left to begin. That is for a pool that gives a process the next of its report.
    """

    def __init__(self, jobs: list[Job]) -> None:
        left: dict[tuple[Path, ...], list[Job]] = {}
        for job in jobs:
            left.setdefault(job.folders, []).append(job)
        self._new, self._begun = iter(left.values()), {}

    def take(self, after: Job | None, side_by_side: int) -> Job | None:
        """The job to hand over when `after` has ended (None: to begin with); None when no job is left."""
        jobs = self._begun.get(after.folders) if after else None
        if not jobs and len(self._begun) < side_by_side and (jobs := next(self._new, None)):
            self._begun[jobs[0].folders] = jobs
        jobs = jobs or max(self._begun.values(), key=len, default=None)
        if not jobs:
            return None
        job = jobs.pop(0)
        if not jobs:
            del self._begun[job.folders]
        return job


def _outcomes(
    jobs: list[Job], executor: Callable[[], Executor], width: int, settings: RunSettings, listener: Listener
) -> Generator[Outcome]:
    """What becomes of the jobs, as they end; closing the iterator kills what runs.

    Few are handed over at a time: a stop has little to call back, and this process holds as much for ten thousand as
    for ten.
    """
    if not jobs:
        return
    queue, ended = JobQueue(jobs), deque()
    waiting: dict[Future, tuple[Job, float]] = {}
    with executor() as pool:
        while True:
            # a scheduler gives a job to any worker: of one report at a time, or each would load all of them
            ahead, reports = (there, 1) if (there := getattr(pool, "width", 0)) else (width, width)
            while len(waiting) < ahead and (job := queue.take(ended.popleft() if ended else None, reports)):
                waiting[pool.submit(run, job, settings)] = job, time.monotonic()
                listener.started(job)
            if not waiting:
                return
            # in slices, or Windows would not let the keyboard in
            for future in wait(waiting, timeout=1, return_when=FIRST_COMPLETED).done:
                job, since = waiting.pop(future)
                ended.append(job)
                yield _outcome(future, job, settings, since)


def _outcome(future: Future, job: Job, settings: RunSettings, since: float) -> Outcome:
    """The outcome of a job, also of one whose process broke down before it could report."""
    try:
        return future.result()
    except (Unwritable, CancelledError, KeyboardInterrupt):
        raise
    except ReformError as error:
        failure = error
    except OSError:  # of the way to a worker; those of a document are ReformErrors
        raise CancelledError from None
    except Exception as error:
        failure = ReformError(
            f"unexpected {type(error).__name__}: {error}", fix="run again with --debug and report what it says"
        )
    record_failure(job, failure, settings)
    return Outcome(job, "", failure, time.monotonic() - since)


@contextmanager
def _log(output: Path) -> Iterator[Callable[[str], None]]:
    """The log of all runs, a line an event; a long one is put aside as `render.log.1`."""
    path = output / LOG
    if path.is_file() and path.stat().st_size > LOG_SIZE:
        path.replace(output / f"{LOG}.1")
    with path.open("a", encoding="utf-8") as file:

        def log(text: str) -> None:
            stamp = datetime.now().astimezone().isoformat(timespec="seconds")
            file.write(f"{stamp} {' | '.join(text.splitlines())}\n")
            file.flush()

        yield log
