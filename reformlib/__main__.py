"""The command `reformlib`, also as `python -m reformlib`."""

import sys


def main() -> None:
    """Run the command line; always ends in SystemExit. A run that has nothing to do ends before anything is loaded."""
    if sys.argv[1:2] == ["render"]:
        from reformlib.render.run.stamps import nothing_to_do

        if message := nothing_to_do(sys.argv[1:]):
            print(message, file=sys.stderr)
            sys.exit(0)
    from reformlib import cli

    cli.main()


if __name__ == "__main__":
    main()
