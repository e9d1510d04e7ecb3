"""Run a notebook through papermill; every failure becomes a ReformError.

Two engines, the same outputs: `kernel`, an ordinary ipykernel of this environment, and `warm`, which runs the cells
in this process (one of a :class:`reformlib.render.engine.pool.ProcessPool`).
"""

import contextlib
import json
import logging
import os
import re
import subprocess
import tempfile
from pathlib import Path
from typing import Any, Literal

from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient.exceptions import DeadKernelError
from nbformat import NotebookNode
from papermill.engines import papermill_engines
from papermill.exceptions import PapermillExecutionError
from papermill.execute import prepare_notebook_metadata, raise_for_execution_errors, remove_error_markers
from papermill.iorw import load_notebook_node
from papermill.parameterize import parameterize_notebook
from traitlets import default

from reformlib.errors import ReformError
from reformlib.paths import PROJECT, project_root
from reformlib.render.engine import process
from reformlib.render.engine.shell import InProcessEngine, KernelEngine, Meter, too_much

papermill_engines.register("reformlib-warm", InProcessEngine)
papermill_engines.register("reformlib-kernel", KernelEngine)


class OwnKernelManager(AsyncKernelManager):
    """Starts the ipykernel of the running interpreter, whatever `python3` kernelspecs the machine has."""

    quiet = True

    @default("kernel_spec_manager")
    def _own_kernel(self) -> KernelSpecManager:
        return KernelSpecManager(parent=self, kernel_dirs=[])

    async def start_kernel(self, **kw: Any) -> None:
        """Start the kernel in the environment of all documents."""
        streams = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL} if self.quiet else {}
        await super().start_kernel(**{"env": {**os.environ, **process.FIXED_ENVIRONMENT}, **streams, **kw})


class TalkingKernelManager(OwnKernelManager):
    """For --debug: what the kernel process itself says (its log, a crash report) reaches the terminal."""

    quiet = False


class Execution(Meter):
    """What a run is at: its notebook and the cell that runs; in a process of the pool it writes the journal."""

    def __init__(self, path: Path, label: str) -> None:
        super().__init__()
        self.path, self.label = path, label
        self.notebook: NotebookNode | None = None
        self.running = self.cells = 0
        self.injected: list[int] = []
        self.journal = (process.scratch / process.JOURNAL).open("ab") if process.scratch else None

    def begin(self, notebook: NotebookNode) -> None:
        """Cells are about to run."""
        self.notebook, self.cells = notebook, len(notebook.cells)
        tags = [cell.metadata.get("tags", []) for cell in notebook.cells]
        self.injected = [index for index, names in enumerate(tags) if "injected-parameters" in names]
        self._write(notebook)

    @property
    def where(self) -> str:
        """The cell that runs, as JupyterLab counts it in the notebook on disk, from 1, without the injected one."""
        injected = sum(index <= self.running for index in self.injected)
        return f"{self.path.name}, cell {self.running + 1 - injected}"

    def started(self, cell: NotebookNode, cell_index: int) -> None:
        """A cell begins (a hook of nbclient)."""
        self.running = cell_index
        process.report_progress(label=self.label, where=self.where, done=cell_index, of=self.cells)

    def executed(self, cell: NotebookNode, cell_index: int, execute_reply: dict) -> None:
        """A cell has run (a hook of nbclient)."""
        self._write([cell_index, cell])

    def _write(self, entry: Any) -> None:
        if self.journal:
            self.journal.write(json.dumps(entry).encode() + b"\n")
            self.journal.flush()  # for whoever asks what had been executed when this process crashed

    def close(self) -> None:
        """Close the journal."""
        if self.journal:
            self.journal.close()


def execute(
    path: Path,
    parameters: dict[str, Any],
    *,
    engine: Literal["warm", "kernel"] = "kernel",
    label: str = "",
    debug: bool = False,
) -> NotebookNode:
    """Execute the notebook with `parameters` (already checked) and return it; nothing is written anywhere.

    The cells run in an empty folder of their own, deleted afterwards; the project is found from there. A notebook
    that leaves a file in it fails, as nobody would find the file.
    `engine` "warm" is for a process of a ProcessPool only, as it runs the cells in this process. Shows one progress bar
    on stderr, named `label`, when that is a terminal. Raises ReformError when a cell raises, the kernel dies or too
    much is shown, naming the cell as JupyterLab counts it, from 1; its `notebook` is what was executed; with `debug`
    its text ends in the traceback. KeyboardInterrupt passes through, the kernel shut down.
    """
    if engine == "warm" and process.scratch is None:
        raise ValueError("the engine warm changes the process it runs in: use it through ProcessPool")
    if not debug:
        logging.getLogger("papermill").setLevel(logging.CRITICAL)
    run = Execution(path, label or path.stem)
    try:
        notebook, written = _run_cells(path, parameters, engine, run, debug)
    except (PapermillExecutionError, DeadKernelError) as error:
        raise too_much(run.where, run.notebook) if run.full else _failure(error, run, debug) from None
    finally:
        run.close()
    if run.full:  # the cell may have swallowed the error
        raise too_much(run.where, run.notebook)
    if written:
        what = f"the notebook wrote to its current folder: {', '.join(written[:5])}"
        fix, expected = (
            "show it on the page, or name the folder to write to in full",
            "a document that is all on its page",
        )
        raise ReformError(what, where=path.name, expected=expected, fix=fix, notebook=notebook)
    return notebook


def _run_cells(
    path: Path, parameters: dict[str, Any], engine: str, run: Execution, debug: bool
) -> tuple[NotebookNode, list[str]]:
    """The executed notebook, and names of the files it left in its folder.

    The steps of papermill.execute_notebook, which would also write the notebook out, to nowhere.
    """
    name, source = f"reformlib-{engine}", load_notebook_node(str(path))
    if parameters:
        source = parameterize_notebook(source, parameters, kernel_name="python3", language="python", engine_name=name)
    with tempfile.TemporaryDirectory(prefix="reformlib-", ignore_cleanup_errors=True) as folder:
        here, ipython = Path(folder, "cwd"), Path(folder, "ipython")
        here.mkdir()
        ipython.mkdir()
        # nobody's start-up files of IPython: they would be part of what the page rests on
        variables = {PROJECT: str(project_root()), "IPYTHONDIR": str(ipython)}
        with process.environment_variables(variables), contextlib.chdir(here):
            notebook = papermill_engines.execute_notebook_with_engine(
                name,
                remove_error_markers(prepare_notebook_metadata(source, None, None)),
                "python3",
                # in the pool the one that waits shows how far it is
                progress_bar=not process.scratch and {"desc": run.label, "disable": None, "leave": False},
                watch=run,
                kernel_manager_class=TalkingKernelManager if debug else OwnKernelManager,
                on_cell_start=run.started,
                on_cell_executed=run.executed,
            )
        raise_for_execution_errors(notebook, None)
        return notebook, sorted(file.name for file in here.iterdir())


def _failure(error: PapermillExecutionError | DeadKernelError, run: Execution, debug: bool) -> ReformError:
    """The error of a cell, or of a kernel that died, with its place and what was executed."""
    if isinstance(error, DeadKernelError):
        what = "the kernel died"
        fix = "close other programs if memory ran out; run the notebook in JupyterLab to see what that cell does"
    elif error.ename == "ReformError":
        what, fix = error.evalue, ""
    elif error.ename.endswith("MemoryError"):
        what, fix = f"memory ran out: {error.evalue}".rstrip(": "), process.out_of_memory().fix
    else:
        what = f"{error.ename}: {error.evalue}".rstrip(": ")
        fix = "open the notebook in JupyterLab and run it to that cell, or add --debug for the traceback"
    if debug and isinstance(error, PapermillExecutionError):
        what += "\n\n" + re.sub(r"\x1b\[[\d;]*m", "", "\n".join(error.traceback))
    return ReformError(what, where=run.where, fix=fix, notebook=run.notebook)
