"""The two engines of papermill: cells run by an ordinary kernel, or by an IPython shell inside this process.

The shell is ipykernel's own and nbclient makes outputs of its messages, so that they are those of an ordinary kernel,
without a kernel process and its sockets. Only for a process that runs one notebook and then ends: cells can change
anything in it.
"""

import io
import multiprocessing
import os
import sys
import tempfile
from contextlib import contextmanager, suppress
from typing import Any, cast

from ipykernel.zmqshell import ZMQDisplayPublisher, ZMQInteractiveShell
from jupyter_client.session import Session
from jupyter_core.utils import run_sync
from nbclient.exceptions import CellExecutionError
from nbformat import NotebookNode
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import Engine
from traitlets.config import Config

from reformlib.errors import ReformError

# A page holds one or two million characters; what is ten times that was not meant to be read.
LIMIT = 20_000_000
BUFFER = 65_536  # bytes of a stream that become one message
FRAME = 64  # characters counted for the message round an output, so that endless small ones come to an end too
OUTPUTS = ("stream", "display_data", "execute_result", "update_display_data")


def too_much(where: str = "", notebook: Any = None) -> ReformError:
    """The error of a notebook that shows more than LIMIT characters."""
    what, expected = (
        f"the notebook shows more than {LIMIT // 1_000_000} million characters",
        "outputs a person can read",
    )
    fix = "print less, or show the figures as a table"
    return ReformError(what, where=where, expected=expected, fix=fix, notebook=notebook)


class Meter:
    """Counts the characters that a notebook shows."""

    def __init__(self) -> None:
        self.count = 0

    @property
    def full(self) -> bool:
        """Whether more than LIMIT was shown."""
        return self.count > LIMIT

    def add(self, count: int) -> None:
        """Count characters. Raises ReformError beyond LIMIT, then and ever after."""
        self.count += count
        if self.full:
            raise too_much()


class RecordingSession(Session):
    """A Jupyter session that keeps its messages, as they would come out of a socket, in place of sending them."""

    def __init__(self, meter: Meter, **kwargs: Any) -> None:
        super().__init__(key=b"", **kwargs)
        self.meter = meter
        self.messages: list[dict] = []

    def send(self, stream, msg_or_type, content=None, parent=None, ident=None, **_more) -> dict:
        """Keep a message; its output is counted. Raises ReformError where the meter is full."""
        message = msg_or_type if isinstance(msg_or_type, dict) else self.msg(msg_or_type, content, parent)
        packed = cast(bytes, self.pack(message["content"]))
        if message["msg_type"] in OUTPUTS:
            self.meter.add(len(packed))
        self.messages.append(message | {"content": self.unpack(packed)})
        return message


class Stream(io.TextIOWrapper):
    """Standard output or error of the cells: what is written becomes messages of the session.

    It goes to a file first, in the place of the descriptor `number`, with what other processes, or C, write there.
    """

    name: Any = ""  # that of the file underneath cannot be set

    def __init__(self, name: str, number: int, shell: ZMQInteractiveShell, session: RecordingSession) -> None:
        self.file, self.before = tempfile.TemporaryFile(), os.dup(number)  # noqa: SIM115
        os.dup2(self.file.fileno(), number)
        super().__init__(os.fdopen(number, "wb", closefd=False), "utf-8", errors="surrogatepass", newline="")
        self.name, self.shell, self.session, self.process = name, shell, session, os.getpid()

    def put_back(self) -> None:
        """Give the descriptor back to whom it was."""
        number = self.fileno()
        self.close()
        os.dup2(self.before, number)
        os.close(self.before)
        self.file.close()

    def write(self, text: str) -> int:
        """Take text as a file does. Raises ReformError when the notebook shows too much."""
        if self.session.meter.full:
            raise too_much()
        super().write(text)
        super().flush()
        if self.file.tell() > BUFFER:
            self.flush()
        return len(text)

    def flush(self) -> None:
        """Make a message of what was written since the last; a fork of multiprocessing leaves that to this process."""
        super().flush()
        if os.getpid() != self.process:
            return
        self.file.seek(0)
        text = self.file.read(LIMIT + 1).decode(errors="replace")
        self.file.seek(0)
        self.file.truncate()
        if text and not self.session.meter.full:  # the traceback of what was too much flushes too
            self.session.send(None, "stream", {"name": self.name, "text": text}, self.shell.parent_header)


class Shell(ZMQInteractiveShell):
    """ipykernel's shell without a kernel round it."""

    def enable_gui(self, gui: Any = None) -> None:
        """Nothing: there is no event loop of a window."""


@contextmanager
def shell_of_this_process(session: RecordingSession):
    """A shell of this process, set up as ipykernel would; standard streams are the cells' meanwhile."""
    folder = os.environ.get("IPYTHONDIR") or tempfile.mkdtemp()
    shell = Shell.instance(config=Config({"HistoryManager": {"enabled": False}}), ipython_dir=folder)
    hook: Any = shell.displayhook  # ipykernel's, not the one of IPython that is declared
    hook.session = cast(ZMQDisplayPublisher, shell.display_pub).session = session
    hook.topic = b"execute_result"
    streams = sys.stdout, sys.stderr
    made = [Stream(name, number, shell, session) for number, name in ((1, "stdout"), (2, "stderr"))]
    sys.stdout, sys.stderr = made
    import resource  # not on Windows, where no notebook runs in this process

    resource.setrlimit(resource.RLIMIT_FSIZE, (10 * LIMIT, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))
    multiprocessing.set_start_method(None, force=True)  # the usual one, not that by which this process was started
    try:
        yield shell
    finally:
        sys.stdout, sys.stderr = streams
        for stream in made:
            stream.put_back()
        Shell.clear_instance()


class InProcessClient(PapermillNotebookClient):
    """Papermill's client of a kernel, its kernel a shell of this process."""

    def __init__(self, *args: Any, meter: Meter, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.session = RecordingSession(meter)

    def execute(self, **kwargs: Any) -> NotebookNode:
        """Run all cells in this process; the notebook with their outputs."""
        self.reset_execution_trackers()
        with shell_of_this_process(self.session) as self.shell:
            self.papermill_execute_cells()
        self.set_widgets_metadata()
        return self.nb

    async def async_execute_cell(self, cell: NotebookNode, cell_index: int, **_: Any) -> NotebookNode:
        """nbclient's, without a kernel to wait for. Raises CellExecutionError when the cell does."""
        self.on_cell_start(cell=cell, cell_index=cell_index)
        tags = cell.metadata.get("tags", [])
        if cell.cell_type != "code" or not cell.source.strip() or self.skip_cells_with_tag in tags:
            return cell
        cell.outputs, self.clear_before_next_output = [], False
        cell.metadata["execution"] = {}
        self.code_cells_executed += 1
        self.session.messages = []
        reply = await self._run(cell.source)
        for message in self.session.messages:
            self.process_message(message, cell, cell_index)
        self.on_cell_executed(cell=cell, cell_index=cell_index, execute_reply={"content": reply})
        if reply["status"] == "error" and "raises-exception" not in tags:
            raise CellExecutionError.from_cell_and_msg(cell, reply)
        return cell

    execute_cell = run_sync(async_execute_cell)

    async def _run(self, code: str) -> dict[str, Any]:
        """Run a cell as ipykernel's do_execute does; its loop runs here too, so that `await` in a cell works."""
        shell, session = self.shell, self.session
        parent = session.msg("execute_request")
        shell.set_parent(parent)
        count = self.code_cells_executed
        session.send(None, "execute_input", {"code": code, "execution_count": count}, parent)
        try:
            transformed, error = shell.transform_cell(code), None
        except Exception:
            transformed, error = code, sys.exc_info()
        result = cast(Any, None)  # what the hooks are told where a cell ends this process
        try:
            result = await shell.run_cell_async(
                code, store_history=True, transformed_cell=transformed, preprocessing_exc_tuple=error
            )
        finally:
            shell.events.trigger("post_execute")
            shell.events.trigger("post_run_cell", result)
        with suppress(ReformError):  # the meter is full, which ends the run
            sys.stdout.flush()
            sys.stderr.flush()
        if result.success:
            return {"status": "ok"}
        raised = result.error_before_exec or result.error_in_exec
        reply = {"status": "error", "ename": type(raised).__name__, "evalue": str(raised), "traceback": []}
        shown = [message["content"] for message in session.messages if message["msg_type"] == "error"]
        return reply | ({"traceback": shown[-1]["traceback"]} if shown else {})


class KernelClient(PapermillNotebookClient):
    """Papermill's client of an ordinary kernel; ends it when it shows too much."""

    def __init__(self, *args: Any, meter: Meter, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.meter = meter

    def process_message(self, msg: dict, *args: Any) -> NotebookNode | None:
        """nbclient's, for outputs that the meter allows."""
        if msg["msg_type"] in OUTPUTS:
            data = msg["content"].get("data", {})
            texts = [msg["content"].get("text", ""), *data, *data.values()]
            try:
                self.meter.add(FRAME + sum(len(text) for text in texts if isinstance(text, str)))
            except ReformError:
                if self.task_poll_for_reply:
                    self.task_poll_for_reply.cancel()  # nbclient takes the kernel for dead and shuts it down
                return None
        return super().process_message(msg, *args)


class KernelEngine(Engine):
    """papermill's own engine, with a `watch` that learns what runs and bounds what is shown."""

    client = KernelClient

    @classmethod
    def execute_managed_notebook(cls, nb_man, kernel_name, *, watch: Any, start_timeout: int = 60, **kwargs: Any):
        """Run the cells of a notebook; called by papermill."""
        watch.begin(nb_man.nb)
        for unused in ("log_output", "stdout_file", "stderr_file", "input_path"):
            kwargs.pop(unused, None)
        settings = {"kernel_name": kernel_name, "startup_timeout": start_timeout, "timeout": None}
        return cls.client(nb_man, meter=watch, **settings, **kwargs).execute()


class InProcessEngine(KernelEngine):
    """The same, the cells run in this process."""

    client = InProcessClient
