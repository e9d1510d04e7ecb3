"""Cells run by an IPython shell inside this process: what ipykernel does, without a kernel process and its sockets.

The shell is ipykernel's own and nbclient collects what it says, so that outputs are those of an ordinary kernel.
Only for a process that runs one notebook and then ends: cells can change anything in it.
"""

from __future__ import annotations

import builtins
import io
import os
import sys
import tempfile
from collections import deque
from contextlib import contextmanager, suppress
from pathlib import Path
from queue import Empty
from typing import Any

from ipykernel.zmqshell import ZMQInteractiveShell
from jupyter_client.session import Session
from nbclient.exceptions import CellExecutionError
from nbformat import NotebookNode
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import Engine
from traitlets.config import Config

from reformlib.errors import ReformError

# A page holds one or two million characters; what is ten times that was not meant to be read.
LIMIT = 20_000_000
FLUSHED = 65_536
FRAME = 64  # of the message round an output, so that endless small ones come to an end too
OUTPUTS = ("stream", "display_data", "execute_result", "update_display_data")


def too_much(where: str = "", notebook: Any = None) -> ReformError:
    """Why a notebook that shows too much is stopped."""
    return ReformError(
        f"the notebook shows more than {LIMIT // 1_000_000} million characters",
        where=where,
        expected="outputs a person can read",
        fix="print less, or show the figures as a table",
        notebook=notebook,
    )


class Meter:
    """Counts what a notebook shows. `add` raises ReformError beyond the limit, then and ever after."""

    def __init__(self) -> None:
        self.count = 0

    @property
    def full(self) -> bool:
        return self.count > LIMIT

    def add(self, count: int) -> None:
        self.count += count
        if self.full:
            raise too_much()


class Wire(Session):
    """A session whose messages go into a list, where they are as they would come out of a socket."""

    def __init__(self, meter: Meter, **kwargs: Any) -> None:
        super().__init__(key=b"", **kwargs)
        self.said: deque[dict] = deque()
        self.meter = meter

    def send(self, stream, msg_or_type, content=None, parent=None, ident=None, **_more) -> dict:
        """Keep a message, where the meter allows it."""
        message = (
            msg_or_type if isinstance(msg_or_type, dict) else self.msg(msg_or_type, content=content, parent=parent)
        )
        content = message["content"]
        output = message["msg_type"] in OUTPUTS
        if output and _is_text(content):
            self.meter.add(_length(content))
            content = {name: dict(part) if isinstance(part, dict) else part for name, part in content.items()}
        else:
            packed = self.pack(content)
            if output:
                self.meter.add(len(packed))
            content = self.unpack(packed)
        self.said.append(message | {"content": content})
        return message


def _length(content: dict) -> int:
    """Characters of text that an output shows, with their names and the message round them."""
    data = content.get("data", {})
    shown = [content.get("text", ""), *data, *data.values()]
    return FRAME + sum(len(part) for part in shown if isinstance(part, str))


def _is_text(content: dict) -> bool:
    """Whether an output is text under every name and no more: it comes out of a socket as it went in."""
    shown = content.get("data")
    if not shown or content.get("metadata") or content.get("transient"):
        return False
    texts = [*shown, *shown.values()]
    if not all(type(text) is str for text in texts):
        return False
    try:
        for text in texts:
            text.encode()
    except UnicodeEncodeError:  # half of a surrogate pair
        return False
    return True


class Stream(io.TextIOBase):
    """Standard output or error of the cells."""

    encoding = "utf-8"

    def __init__(self, name: str, shell: ZMQInteractiveShell, wire: Wire) -> None:
        self.name, self.shell, self.wire = name, shell, wire
        self.waiting: list[str] = []
        self.length = 0

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        if self.wire.meter.full:
            raise too_much()
        self.waiting.append(text)
        self.length += len(text)
        if self.length > FLUSHED:
            self.flush()
        return len(text)

    def flush(self) -> None:
        text, self.waiting, self.length = "".join(self.waiting), [], 0
        if text and not self.wire.meter.full:  # the traceback of what was too much flushes too
            self.wire.send(None, "stream", {"name": self.name, "text": text}, self.shell.parent_header)


class Shell(ZMQInteractiveShell):
    """ipykernel's shell without a kernel round it."""

    def enable_gui(self, gui: Any = None) -> None:
        """Nothing: there is no event loop of a window."""


class Channel:
    """One direction of the connection nbclient listens on."""

    def __init__(self, messages: deque[dict]) -> None:
        self.messages = messages

    def get_msg(self, timeout: float | None = None) -> dict:
        if not self.messages:
            raise Empty
        return self.messages.popleft()


class Connection:
    """What nbclient takes for the client of a kernel: `execute` runs the cell and returns when it has run."""

    def __init__(self, shell: Shell, wire: Wire) -> None:
        self.shell, self.wire = shell, wire
        self.replies: deque[dict] = deque()
        self.iopub_channel, self.shell_channel = Channel(wire.said), Channel(self.replies)
        self.count = 0

    def is_alive(self) -> bool:
        return True

    async def execute(self, code: str, store_history: bool = True, stop_on_error: bool = True) -> str:
        shell, wire = self.shell, self.wire
        parent = wire.msg("execute_request")
        shell.set_parent(parent)
        self.count += 1
        wire.send(None, "execute_input", {"code": code, "execution_count": self.count}, parent)
        # the steps of ipykernel's do_execute: its loop runs here too, so that `await` in a cell works
        steps: dict[str, Any] = {"transformed_cell": code, "preprocessing_exc_tuple": None}
        waits = "await" in code or "async" in code  # else run_cell takes these steps itself
        if waits:
            try:
                steps["transformed_cell"] = shell.transform_cell(code)
            except Exception:
                steps["preprocessing_exc_tuple"] = sys.exc_info()
        if waits and shell.should_run_async(code, **steps):
            result = None
            try:
                result = await shell.run_cell_async(code, store_history=store_history, **steps)
            finally:
                shell.events.trigger("post_execute")
                shell.events.trigger("post_run_cell", result)
        else:
            result = shell.run_cell(code, store_history=store_history)
        with suppress(ReformError):  # whoever asked for this cell sees a meter that is full
            sys.stdout.flush()
            sys.stderr.flush()
        content: dict[str, Any] = {"status": "ok"}
        if not result.success:
            error = result.error_before_exec or result.error_in_exec
            content = {"status": "error", "ename": type(error).__name__, "evalue": str(error)}
            content["traceback"] = shell._last_traceback or []
        self.replies.append(wire.msg("execute_reply", content=content, parent=parent))
        wire.send(None, "status", {"execution_state": "idle"}, parent)
        return parent["header"]["msg_id"]


def _new_shell(folder: str) -> tuple[Shell, Wire]:
    wire = Wire(Meter())
    shell = Shell.instance(config=Config({"HistoryManager": {"enabled": False}}), ipython_dir=folder)
    for part in (shell.displayhook, shell.display_pub):
        part.session = wire
    shell.displayhook.topic = b"execute_result"
    return shell, wire


_ready: list[tuple[Shell, Wire]] = []


def make_ready() -> None:
    """In the warm process: make the shell that each process forked from it takes for its notebook.

    What it does to the process round it is undone here, and done again where it is taken.
    """
    environment, main = dict(os.environ), sys.modules["__main__"]
    with tempfile.TemporaryDirectory() as folder:
        _ready.append(_new_shell(folder))
    Shell.clear_instance()
    for name in os.environ.keys() - environment.keys():
        del os.environ[name]
    os.environ.update(environment)
    sys.modules["__main__"] = main
    for module, names in ((sys, ("ps1", "ps2", "ps3")), (builtins, ("__IPYTHON__", "display"))):
        for name in names:
            vars(module).pop(name, None)


def _take(folder: str) -> tuple[Shell, Wire]:
    """The shell made ready, as if it were made now; where there is none, a new one."""
    if not _ready:
        return _new_shell(folder)
    shell, wire = _ready.pop()
    for kind in Shell._walk_mro():  # as Shell.instance does
        kind._instance = shell
    shell.ipython_dir, shell.starting_dir = folder, str(Path.cwd())
    shell.init_profile_dir(None)
    shell.init_environment()
    shell.init_sys_modules()
    shell.init_builtins()
    shell.init_prompts()
    shell.history_manager.dir_hist[:] = [Path.cwd()]
    return shell, wire


@contextmanager
def connection(meter: Meter):
    """A shell of this process, set up as ipykernel would; standard streams are the cells' meanwhile."""
    shell, wire = _take(os.environ.get("IPYTHONDIR") or tempfile.mkdtemp())
    wire.meter = meter
    kept = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = Stream("stdout", shell, wire), Stream("stderr", shell, wire)
    try:
        yield Connection(shell, wire)
    finally:
        sys.stdout, sys.stderr = kept
        Shell.clear_instance()


class InProcessClient(PapermillNotebookClient):
    """Papermill's client of a kernel, its kernel a shell of this process."""

    def __init__(self, *args: Any, meter: Meter, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.meter = meter

    def execute(self, **kwargs: Any):
        self.reset_execution_trackers()
        with connection(self.meter) as self.kc:
            self.papermill_execute_cells()
        self.set_widgets_metadata()
        return self.nb

    def papermill_execute_cells(self) -> None:
        """Papermill's, with no event loop for a cell that does not run, and its notes without reading a date back."""
        for index, cell in enumerate(self.nb.cells):
            if cell.cell_type != "code" or not cell.source.strip():
                self.on_cell_start(cell=cell, cell_index=index)
                continue
            note, start = cell.metadata.papermill, self.nb_man.now()
            note |= {"exception": False, "start_time": start.isoformat(), "status": self.nb_man.RUNNING}
            try:
                self.execute_cell(cell, index)
            except CellExecutionError as error:
                self.nb_man.cell_exception(cell, cell_index=index, exception=error)
                break
            finally:
                end = self.nb_man.now()
                note |= {"end_time": end.isoformat(), "duration": (end - start).total_seconds()}
                if note["status"] != self.nb_man.FAILED:
                    note["status"] = self.nb_man.COMPLETED

    def output(self, outs: list, msg: dict, display_id: str | None, cell_index: int):
        """nbclient's; what is text under every name is an output as the format has it, no schema need be asked."""
        content, kind = msg["content"], msg["msg_type"]
        plain = (
            kind in ("execute_result", "display_data")
            and not (display_id or content["metadata"] or self.clear_before_next_output)
            and not self.output_hook_stack[msg["parent_header"].get("msg_id")]
            and all(isinstance(value, str) for value in content["data"].values())
        )
        if not plain:
            return super().output(outs, msg, display_id, cell_index)
        output = NotebookNode(output_type=kind, metadata=NotebookNode(), data=NotebookNode(content["data"]))
        if kind == "execute_result":
            output.execution_count = content["execution_count"]
        outs.append(output)
        return output


class KernelClient(PapermillNotebookClient):
    """Papermill's client of an ordinary kernel; ends it when it shows too much."""

    def __init__(self, *args: Any, meter: Meter, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.meter = meter

    def process_message(self, msg: dict, *args: Any):
        if msg["msg_type"] in OUTPUTS:
            try:
                self.meter.add(_length(msg["content"]))
            except ReformError:
                self.task_poll_for_reply.cancel()  # nbclient takes the kernel for dead and shuts it down
                return None
        return super().process_message(msg, *args)


class KernelEngine(Engine):
    """papermill's own engine, watched: `watch` is told what runs and bounds what is shown."""

    client = KernelClient

    @classmethod
    def execute_managed_notebook(cls, nb_man, kernel_name, *, watch: Any, start_timeout: int = 60, **kwargs: Any):
        watch.begin(nb_man.nb)
        for unused in ("log_output", "stdout_file", "stderr_file", "input_path"):
            kwargs.pop(unused, None)
        settings = {"kernel_name": kernel_name, "startup_timeout": start_timeout, "timeout": None}
        return cls.client(nb_man, meter=watch, **settings, **kwargs).execute()


class InProcessEngine(KernelEngine):
    """The same, the cells run in this process."""

    client = InProcessClient
