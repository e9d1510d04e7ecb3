"""What the command line says to people, on stderr, and what it prints as data, on stdout."""

from __future__ import annotations

import os
import shutil
import sys
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager

import typer

from reformlib.errors import ReformError


def say(text: str, color: str | None = None) -> None:
    """One message to people, on stderr, never wrapped nor taken for markup; coloured where a terminal shows it."""
    typer.secho(text, fg=color, err=True, color=False if "NO_COLOR" in os.environ else None)


@contextmanager
def wrong_use() -> Iterator[None]:
    """Errors raised inside are the caller's: exit code 2."""
    try:
        yield
    except ReformError as error:
        say(f"✕ {error}", "red")
        raise typer.Exit(2) from None


def print_text(text: str) -> None:
    """Bytes to stdout: UTF-8 and LF on every machine. A reader such as `head` may leave when it has seen enough."""
    try:
        sys.stdout.buffer.write(text.encode())
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or the flush at the exit fails again


def print_wrapped(head: str, text: str = "", indent: int = 4) -> None:
    """A line and, indented under it, a text; as wide as the terminal, 80 where there is none. Names stay whole."""
    print_text(f"{head}\n" + (f"{wrapped(text, indent)}\n" if text else ""))


def wrapped(text: str, indent: int = 0) -> str:
    """A text in lines as wide as the terminal (80 columns where there is none, or what COLUMNS says)."""
    width, space = shutil.get_terminal_size().columns, " " * indent
    return textwrap.fill(
        text,
        max(width, 40),
        initial_indent=space,
        subsequent_indent=space,
        break_long_words=False,
        break_on_hyphens=False,
    )
