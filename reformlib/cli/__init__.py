"""The command `reformlib`. Data goes to stdout, everything said to people to stderr.

Exit codes: 0 done; 1 something failed (and what); 2 wrong use; 3 nothing wrong, but not complete. Heavy imports wait
inside the commands.
"""

import gc
import io
import sys
from typing import Annotated

import typer

from reformlib import __version__
from reformlib.cli import data, folders, render
from reformlib.cli.say import say
from reformlib.errors import ReformError

# Looking for garbage after every 700 new objects finds next to none, and takes a tenth of the time.
gc.set_threshold(10_000)

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    context_settings={"help_option_names": ["-h", "--help"]},
)
for module in (render, data, folders):
    app.add_typer(module.commands)


def main(argv: list[str] | None = None) -> None:
    """Run the command line; always ends in SystemExit."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # Vietnamese must survive a terminal set to another encoding
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    arguments = sys.argv[1:] if argv is None else argv
    try:
        app(args=arguments, prog_name="reformlib", obj=arguments)
    except KeyboardInterrupt:
        say("Stopped by the keyboard (Ctrl-C).")
    except Exception as error:
        if "--debug" in arguments:
            raise
        if isinstance(error, ReformError):
            say(f"✕ {error}")
        else:
            say(f"✕ unexpected {type(error).__name__}: {error}\n  fix: run again with --debug and report what it says")
    sys.exit(1)


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"reformlib {__version__}")
        raise typer.Exit


@app.callback()
def about(
    version: Annotated[
        bool, typer.Option("--version", help="Show the version and leave.", is_eager=True, callback=_version)
    ] = False,
) -> None:
    """Administrative-reform reports, held as data, as documents: assessment, gap analysis, targets."""
