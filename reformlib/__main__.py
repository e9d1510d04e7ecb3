"""The command `reformlib`, also as `python -m reformlib`."""

import atexit
import gc
import os
import sys


def main() -> None:
    """Run the command line; always ends in SystemExit. A run that has nothing to do ends before anything is loaded."""
    if sys.argv[1:2] == ["render"]:
        from reformlib.render.run.stamps import nothing_to_do

        if message := nothing_to_do(sys.argv[1:]):
            print(message, file=sys.stderr)
            sys.exit(0)
    # What libraries would do at every start and no command needs: threads that wait for large matrices (pages are made
    # without them too), and a look through all installed packages for plugins of pydantic.
    if sys.argv[1:2] != ["explore"]:  # whose JupyterLab would have them too
        for name, value in (("OPENBLAS_NUM_THREADS", "1"), ("PYDANTIC_DISABLE_PLUGINS", "__all__")):
            os.environ.setdefault(name, value)
    atexit.register(gc.freeze)  # all is given back when the process ends: no last look for garbage in the libraries
    from reformlib import cli

    cli.main()


if __name__ == "__main__":
    main()
