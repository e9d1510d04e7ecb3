"""Run a notebook through papermill in a kernel of this environment; every failure becomes a ReformError."""

from __future__ import annotations

import logging
import os
import re
import subprocess
from pathlib import Path
from typing import Any

import papermill
from jupyter_client import AsyncKernelManager
from jupyter_client.kernelspec import KernelSpecManager
from nbclient.exceptions import DeadKernelError
from nbformat import NotebookNode
from papermill.exceptions import PapermillExecutionError
from traitlets import default

from reformlib.errors import ReformError

# What a page could otherwise take from the moment or the machine. 1980 is the oldest date a zip file can hold.
FIXED = {"SOURCE_DATE_EPOCH": "315532800", "PYTHONHASHSEED": "0"}


class OwnKernelManager(AsyncKernelManager):
    """Starts the ipykernel of the running interpreter, whatever `python3` kernelspecs the machine has."""

    quiet = True

    @default("kernel_spec_manager")
    def _own_kernel(self) -> KernelSpecManager:
        return KernelSpecManager(parent=self, kernel_dirs=[])

    async def _async_pre_start_kernel(self, **kw):
        streams = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL} if self.quiet else {}
        return await super()._async_pre_start_kernel(**{"env": {**os.environ, **FIXED}, **streams, **kw})


class TalkingKernelManager(OwnKernelManager):
    """For --debug: what the kernel process itself says (its log, a crash report) reaches the terminal."""

    quiet = False


def execute(path: Path, parameters: dict[str, Any], *, label: str = "", debug: bool = False) -> NotebookNode:
    """Execute the notebook with `parameters` (already checked) and return it; nothing is written anywhere.

    Shows one progress bar on stderr, named `label`, when that is a terminal. Raises ReformError when a cell raises
    or the kernel dies, naming the cell as JupyterLab counts it, from 1; with `debug` its text ends in the traceback.
    KeyboardInterrupt passes through, the kernel shut down.
    """
    if not debug:
        logging.getLogger("papermill").setLevel(logging.CRITICAL)
    running = 0

    def started(cell: NotebookNode, cell_index: int) -> None:
        nonlocal running
        running = cell_index

    notebook = papermill.iorw.load_notebook_node(str(path))
    try:
        return papermill.execute_notebook(
            notebook,
            None,  # kept in memory: papermill would save the file after every cell
            parameters=parameters,
            kernel_name="python3",
            language="python",
            progress_bar={"desc": label or path.stem, "disable": None, "leave": False},
            kernel_manager_class=TalkingKernelManager if debug else OwnKernelManager,
            on_cell_start=started,
        )
    except PapermillExecutionError as error:
        trace = re.sub(r"\x1b\[[\d;]*m", "", "\n".join(error.traceback))
        raised = error.evalue if error.ename == "ReformError" else f"{error.ename}: {error.evalue}"
        raise ReformError(
            raised.rstrip(": ") + (f"\n\n{trace}" if debug else ""),
            where=f"{path.name}, cell {_source_cell(notebook, parameters, error.cell_index)}",
            fix=""
            if error.ename == "ReformError"
            else "open the notebook in JupyterLab and run it to that cell, or add --debug for the traceback",
        ) from None
    except DeadKernelError:
        raise ReformError(
            "the kernel died",
            where=f"{path.name}, cell {_source_cell(notebook, parameters, running)}",
            fix="close other programs if memory ran out; run the notebook in JupyterLab to see what that cell does",
        ) from None


def _source_cell(notebook: NotebookNode, parameters: dict, index: int) -> int:
    """Number in the notebook on disk, from 1, of a cell of the one that ran, which has the injected cell more."""
    tagged = [i for i, cell in enumerate(notebook.cells) if "parameters" in cell.metadata.get("tags", [])]
    injected = bool(parameters and tagged and index > tagged[0])
    return index + 1 - injected
