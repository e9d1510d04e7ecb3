"""How far a run is: bars on a terminal, else a line per document. Written pages go to stdout, the rest to stderr."""

import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any, Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from reformlib.errors import counted
from reformlib.render.run.document import Outcome
from reformlib.render.run.ledger import DocumentStatus
from reformlib.render.run.plan import Job

REASONS = 5  # listed one by one before a run; thousands of documents have few


class Terminal:
    """Shows a run on a terminal with one bar for all and one for each report at work, else line by line."""

    def __init__(self, output: Path, console: Console) -> None:
        self.output, self.console = output, console
        columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
        looks: dict[str, Any] = {"console": console, "transient": True, "disable": not console.is_terminal}
        # the paths of pages are data, also where only stderr is a terminal
        self.bars = Progress(*columns, TextColumn("{task.fields[pace]}"), redirect_stdout=False, **looks)
        self.reports: dict[str, Any] = {}
        self.due: Counter[str] = Counter()
        self.ended_ = Counter()
        self.errors: set[tuple[str, str]] = set()
        self.total, self.began = 0, time.monotonic()
        self.kinds: dict[tuple[str, str], Counter] = {}  # what came of each document in each language

    def __enter__(self) -> Self:
        self.bars.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.bars.stop()

    def begin(self, statuses: list[DocumentStatus], due: list[DocumentStatus]) -> None:
        """A run knows what is due: say how much and why."""
        self.due, self.total, self.began = Counter(s.job.report for s in due), len(due), time.monotonic()
        asked = {status.job.id for status in due}
        for status in statuses:
            self._kind(status.job)["due" if status.job.id in asked else status.status] += 1
        if done := sum(kind["built"] for kind in self.kinds.values()):
            number = len(statuses)
            verb = "is" if number == 1 else "are"
            self.say(f"{done} of {counted(number, 'document')} {verb} up to date (--force renders them again)")
        if due:
            self.say(f"{len(due)} to render, of {counted(len(self.due), 'report')}:")
            reasons = Counter(status.reason.partition("\n")[0] for status in due)
            for reason, count in reasons.most_common(REASONS):
                self.say(f"  {count} × {reason}")
            if len(reasons) > REASONS:
                self.say(f"  {len(due) - sum(n for _, n in reasons.most_common(REASONS))} × other reasons")
            self.all = self.bars.add_task("all documents", total=self.total, pace="")

    def started(self, job: Job) -> None:
        """A document is handed over."""
        if job.report not in self.reports and self.bars.live.is_started:
            self.reports[job.report] = self.bars.add_task(job.report, total=self.due[job.report], pace="")

    def progress(self, message: dict[str, Any]) -> None:
        """A document at work reports which cell it is at; from another thread."""
        report, _, rest = message.get("label", "").partition("/")
        if (bar := self.reports.get(report)) is not None and "done" in message:
            self.bars.update(bar, pace=f"{rest}, cell {message['done'] + 1} of {message['of']}")

    def ended(self, outcome: Outcome) -> None:
        """A document is published or has failed."""
        job, error = outcome.job, outcome.error
        self.ended_[job.report] += 1
        done = self.ended_.total()
        count = f", {done} of {self.total}" if self.total > 1 else ""
        if count and not self.console.is_terminal:
            count += f", {self._pace(done)}"
        name = f"{job.report} · {job.document.language} · {job.document.name}"
        spent = round(1000 * outcome.seconds)
        self._kind(job).update(tried=1, written=bool(outcome.title), failed=bool(error), milliseconds=spent)
        if error and (job.report, error.what) in self.errors:  # every document of a broken folder has the same
            self.say(f"✕ {name}: as above", "red")
        elif error:
            self.errors.add((job.report, error.what))
            self.say(f"✕ {name}: {error}", "red")
        else:
            self.say(f"● {name} ({outcome.seconds:.1f} s{count})")
        if outcome.title:
            page = self.output / f"{job.id}.html"
            self._written(page)
            for form in job.options.forms:
                if (path := page.with_suffix(f".{form}")).is_file():
                    self._written(path)
        if self.total:
            self.bars.update(self.all, completed=done, pace=self._pace(done))
        if job.report in self.reports:
            self.bars.advance(self.reports[job.report])
            if self.ended_[job.report] == self.due[job.report]:
                self.bars.remove_task(self.reports.pop(job.report))

    def summary(self) -> None:
        """What came of a run: a table with a line a document and language, however many reports there are."""
        table = Table(box=None, pad_edge=False)
        table.add_column("document", no_wrap=True)
        table.add_column("language")
        for head in ("up to date", "written", "failed", "not tried", "seconds each"):
            table.add_column(head, justify="right")
        rows = {key: kind for key, kind in self.kinds.items() if kind["due"]}
        if len(rows) > 1:
            rows["all", ""] = sum(rows.values(), Counter())
        for (name, language), kind in rows.items():
            counts = (kind["built"], kind["written"], kind["failed"], kind["due"] - kind["tried"])
            pace = f"{kind['milliseconds'] / 1000 / kind['tried']:.1f}" if kind["tried"] else ""
            table.add_row(name, language, *map(str, counts), pace)
        self.console.print(table)

    def _kind(self, job: Job) -> Counter:
        return self.kinds.setdefault((job.document.name, job.document.language), Counter())

    def _written(self, page: Path) -> None:
        if self.console.is_terminal and sys.stdout.isatty():
            self.say(str(page))  # printed past the bars, it would tear them
        else:
            print(page, flush=True)

    def say(self, text: str, style: str = "") -> None:
        """One message to people, never wrapped nor taken for markup."""
        self.console.print(Text(text, style=style), soft_wrap=True)

    def _pace(self, done: int) -> str:
        rate = done / max(time.monotonic() - self.began, 0.001)
        left = round((self.total - done) / rate) if done else 0
        return f"{60 * rate:.0f} a minute, {left // 60}:{left % 60:02} left"
