"""Type errors of the library: none in its public modules, and elsewhere no more than a number that only falls.

    python tools/typecheck.py          the count, and every error of a public module
    python tools/typecheck.py --all    every error

`[tool.reformlib.types]` of pyproject.toml names the public modules and the number; the settings of the checker are in
`[tool.basedpyright]`. Exit code 1 when either is not kept, or the number can be lowered by ten or more.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def errors() -> list[tuple[str, str]]:
    """Every type error: path from the top of the checkout, and line with message."""
    done = subprocess.run(
        [sys.executable, "-m", "basedpyright", "--outputjson"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if done.returncode > 1:  # neither clean nor errors of types: the checker itself failed
        sys.exit(done.stdout + done.stderr)
    return [
        (Path(one["file"]).relative_to(ROOT).as_posix(), f"{one['range']['start']['line'] + 1}: {one['message']}")
        for one in json.loads(done.stdout)["generalDiagnostics"]
        if one["severity"] == "error"
    ]


def main(arguments: list[str]) -> int:
    """Print what is wrong; the exit code."""
    rules = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["reformlib"]["types"]
    found = errors()
    public = [error for error in found if error[0].startswith(tuple(rules["public"]))]
    for path, message in found if "--all" in arguments else public:
        print(f"{path}:{message}")
    print(f"type errors: {len(public)} in public modules (0 allowed), {len(found)} in all ({rules['most']} allowed)")
    if len(found) <= rules["most"] - 10:
        print(f"fix: lower `most` in pyproject.toml, [tool.reformlib.types], to {len(found)}")
    return int(bool(public) or len(found) > rules["most"] or len(found) <= rules["most"] - 10)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
