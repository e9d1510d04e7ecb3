"""A run over many documents: what needs rendering goes through an executor, whatever comes of it is kept and told."""

from __future__ import annotations

import time
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, CancelledError, Executor, Future, wait
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Literal, Protocol

from reformlib.errors import ReformError
from reformlib.files import Unwritable, locked, place, staging
from reformlib.paths import project_root
from reformlib.render.run import quick
from reformlib.render.run.document import How, Outcome, record_failure, run, told
from reformlib.render.run.index import write_index
from reformlib.render.run.ledger import MANIFEST, Built, State, Survey
from reformlib.render.run.plan import Job

LOG = "render.log"
SAVED = 30  # seconds between two savings of the list, so that a killed run costs no long search
LOG_SIZE = 5_000_000


@dataclass
class Summary:
    """What a run did."""

    planned: int
    due: int
    written: int = 0
    failed: list[Outcome] = field(default_factory=list)
    pruned: list[str] = field(default_factory=list)
    stopped: str = ""
    seconds: float = 0

    @property
    def untried(self) -> int:
        """Documents that were due and that a stop kept from being made."""
        return self.due - self.written - sum(not outcome.title for outcome in self.failed)


class Watcher(Protocol):
    """Who is told how far a run is."""

    def begin(self, states: list[State], due: list[State]) -> None: ...
    def started(self, job: Job) -> None: ...
    def ended(self, outcome: Outcome) -> None: ...


def render(
    jobs: list[Job],
    output: Path,
    executor: Callable[[], Executor],
    width: int,
    watcher: Watcher,
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

    `jobs` may be a `whole` plan: what lies there besides is then listed as no longer planned, or deleted with `prune`.
    One run at a time holds an output folder; a second waits. The first failure of a document does not stop the
    others unless `fail_fast`. KeyboardInterrupt ends the run in order: `stopped` tells. Raises Unwritable when the
    output folder cannot be written to; what was published by then is whole and stays.

    When all is built in the end, that is noted for the next run of the same `command`, with the `sources` (folders,
    files) of what is planned.
    """
    began, clock = time.monotonic(), time.time_ns()
    with locked(output, tell), staging(output.resolve()) as stage, _log(output) as log:
        survey = Survey(output)
        states = survey.states(jobs)
        due = due_of(states, wanted, force)[:limit]
        reasons = {state.job.id: state.reason for state in due}
        summary = Summary(len(jobs), len(due))
        how = How(stage, project_root(), survey.environment_key, engine, debug)
        log(f"run begins: {len(jobs)} planned, {len(due)} due")
        watcher.begin(states, due)
        saved, written = began, {}
        left = Counter(state.job.report for state in due)
        try:
            ending = _outcomes([state.job for state in due], executor, width, how, watcher, fail_fast)
            with closing(ending):
                for outcome in ending:
                    job, error = outcome.job, outcome.error
                    survey.built.take(job.report, job.document.language, job.document.name, survey.key(job))
                    if error:
                        summary.failed.append(outcome)
                        log(f"failed {job.id} ({outcome.seconds:.1f} s): {told(error, how.project)}")
                    if outcome.title:
                        written[job.id] = job
                        log(f"written {job.id} ({outcome.seconds:.1f} s): {reasons[job.id]}")
                    watcher.ended(outcome)
                    left[job.report] -= 1
                    if not left[job.report]:  # while others are made; thousands in the end would take a while
                        with suppress(OSError, UnicodeError):  # told in the end, if it is still so
                            _link(survey.built, [job.report], stage)
                    if time.monotonic() - saved > SAVED:
                        survey.save(stage)
                        saved = time.monotonic()
        except KeyboardInterrupt:
            summary.stopped = "Stopped by the keyboard (Ctrl-C); no page was left half-written."
        except CancelledError:
            summary.stopped = "The scheduler has gone; what was published by then is whole, the next run goes on."
        if fail_fast and summary.failed:
            summary.stopped = "Stopped at the first failure (--fail-fast)."
        if prune:
            for identifier in dropped(survey.built, jobs):
                survey.built.drop(identifier)
                summary.pruned.append(identifier)
                log(f"pruned {identifier}")
        _link(survey.built, list(survey.built.reports), stage)
        summary.written = len(written)
        now = {outcome.job.id: State(outcome.job, "failed") for outcome in summary.failed}
        now |= {identifier: State(job, "built") for identifier, job in written.items()}
        write_index(survey.built, [now.get(state.job.id, state) for state in states], stage, whole=whole)
        survey.save(stage)
        (output / quick.NOTE).unlink(missing_ok=True)
        if command and summary.written == len(due) and not summary.failed and limit is None:
            _note_up_to_date(command, [job for job in jobs if wanted(job)], sources, output.resolve(), clock, stage)
        summary.seconds = time.monotonic() - began
        log(f"run ends: {summary.written} written, {len(summary.failed)} failed, {summary.untried} left")
    return summary


def _link(built: Built, reports: list[str], stage: Path) -> None:
    for report in built.unlinked(reports):
        built.link(report, stage)


def due_of(states: list[State], wanted: Callable[[Job], bool], force: bool = False) -> list[State]:
    """What a run has to make: what is `wanted` and not built, or all that is wanted with `force`."""
    asked = [state for state in states if wanted(state.job)]
    if not force:
        return [state for state in asked if state.state != "built"]
    return [State(state.job, "stale", "asked for") if state.state == "built" else state for state in asked]


def dropped(built: Built, jobs: list[Job]) -> list[str]:
    """Documents that lie there and are none of the planned ones."""
    planned = {job.id for job in jobs}
    return [identifier for identifier in built.ids() if identifier not in planned]


def _note_up_to_date(
    command: list[str], jobs: list[Job], sources: Iterable[Path], output: Path, clock: int, stage: Path
) -> None:
    read = dict.fromkeys([*sources, *(path for job in jobs for path in (*job.folders, job.document.notebook))])
    wrote = dict.fromkeys([*(job.page.parent for job in jobs), output / "index.html", output / MANIFEST])
    said = f"{len(jobs)} of {len(jobs)} documents are up to date (--force renders them again)"
    if text := quick.note(command, said, [*map(str, read)], [*map(str, wrote)], clock):
        place(text, output / quick.NOTE, stage)


class Coming:
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
    jobs: list[Job], executor: Callable[[], Executor], width: int, how: How, watcher: Watcher, fail_fast: bool
) -> Iterator[Outcome]:
    """What becomes of the jobs, as they end. Few are handed over at a time: a stop has little to call back, and
    the parent holds as much for ten thousand as for ten."""
    if not jobs:
        return
    coming, ended = Coming(jobs), deque()
    waiting: dict[Future, tuple[Job, float]] = {}
    try:
        with executor() as pool:
            while True:
                # a scheduler gives a job to any worker: of one report at a time, or each would load all of them
                ahead, reports = (there, 1) if (there := getattr(pool, "width", 0)) else (width, width)
                while len(waiting) < ahead and (job := coming.take(ended.popleft() if ended else None, reports)):
                    waiting[pool.submit(run, job, how)] = job, time.monotonic()
                    watcher.started(job)
                if not waiting:
                    return
                # in slices, or Windows would not let the keyboard in
                for future in wait(waiting, timeout=1, return_when=FIRST_COMPLETED).done:
                    job, since = waiting.pop(future)
                    ended.append(job)
                    outcome = _outcome(future, job, how, since)
                    yield outcome
                    if outcome.error and fail_fast:
                        raise _Enough  # leaves the pool by an exception, which ends what runs
    except _Enough:
        return


class _Enough(Exception):
    pass


def _outcome(future: Future, job: Job, how: How, since: float) -> Outcome:
    """The outcome of a job, also of one whose process broke down before it could tell."""
    try:
        return future.result()
    except (Unwritable, CancelledError, KeyboardInterrupt):
        raise
    except ReformError as error:
        failure = error
    except OSError:  # of the way to a worker; those of a document are told as ReformError
        raise CancelledError from None
    except Exception as error:
        failure = ReformError(
            f"unexpected {type(error).__name__}: {error}", fix="run again with --debug and report what it says"
        )
    record_failure(job, failure, how)
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
