"""Derive requirements.lock and environment.yml from pyproject.toml, the only place that names dependencies.

    python tools/derive.py              both files; versions in the lock stay as far as pyproject.toml allows
    python tools/derive.py --upgrade    both files, with the newest versions
    python tools/derive.py --offline    environment.yml only, from the lock as it is

The first two ask a package index (uv's configuration names it; no address is written down).
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]

# The lock serves every Python from 3.11 on and branches by marker; the conda environment is of one version.
PYTHON = "3.11"
TARGET = {"python_version": PYTHON, "python_full_version": f"{PYTHON}.0"}

# Where conda-forge's name is not the one of the package index. It splits some projects: the plain name adds
# Qt (matplotlib), statsmodels (seaborn) or pandoc (nbconvert), and what pip installs is the part named here. PyICU is
# sources only on the index; pyicu-wheels is the same built, with ICU inside.
CONDA_FORGE = {
    "matplotlib": "matplotlib-base",
    "nbconvert": "nbconvert-core",
    "pyicu-wheels": "pyicu",
    "seaborn": "seaborn-base",
}

HEADER = """\
# Derived by tools/derive.py from pyproject.toml and requirements.lock: do not edit, run `make lock`.
# From a checkout: conda env create -f environment.yml
"""


def pins(lock: str) -> dict[str, str]:
    """Package name -> version that the text of a lock pins for Python 3.11.

    Markers are judged for PYTHON and, for the rest (system, processor), for this machine; no direct
    dependency has such a marker. `numpy==2.4.6 ; python_full_version < '3.12'` counts as numpy 2.4.6,
    `numpy==2.5.5 ; python_full_version >= '3.12'` not at all.
    """
    found = {}
    for line in re.findall(r"^[A-Za-z0-9].*?(?= *\\?$)", lock, flags=re.MULTILINE):
        requirement = Requirement(line)
        if requirement.marker is None or requirement.marker.evaluate(TARGET):
            (pin,) = requirement.specifier
            found[canonicalize_name(requirement.name)] = pin.version
    return found


def conda_name(requirement: Requirement) -> str:
    """The conda-forge package of a requirement. Raises SystemExit for an extra it has no package for."""
    extras = f"[{','.join(sorted(requirement.extras))}]" if requirement.extras else ""
    name = canonicalize_name(requirement.name) + extras
    if extras and name not in CONDA_FORGE:
        raise SystemExit(f"tools/derive.py: add the conda-forge name of {name} to CONDA_FORGE")
    return CONDA_FORGE.get(name, name)


def environment(pyproject: str, lock: str) -> str:
    """Text of environment.yml: the direct run-time dependencies at the lock's versions, and the checkout.

    Extras are left out: tests run in the pip environment. Raises SystemExit when the lock lacks a dependency.
    """
    project = tomllib.loads(pyproject)["project"]
    versions = pins(lock)
    lines = []
    for requirement in map(Requirement, project["dependencies"]):
        name = canonicalize_name(requirement.name)
        if name not in versions:
            raise SystemExit(f"tools/derive.py: {name} is not in requirements.lock; run `make lock`")
        lines.append(f"  - {conda_name(requirement)}=={versions[name]}\n")
    return (
        f"{HEADER}name: {project['name']}\nchannels:\n  - conda-forge\n  - nodefaults\ndependencies:\n"
        f"  - python={PYTHON}.*\n  - pip\n{''.join(sorted(lines))}  - pip:\n      - -e .\n"
    )


def lock(upgrade: bool) -> None:
    """Write requirements.lock: every package of every extra, for every system, with hashes."""
    command = [sys.executable, "-m", "uv", "pip", "compile", "pyproject.toml", "--all-extras", "--universal"]
    command += ["--generate-hashes", "--no-emit-index-url", "--no-header", "--quiet"]
    command += ["--output-file", "requirements.lock", *(["--upgrade"] if upgrade else [])]
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)


def main() -> None:
    parser = argparse.ArgumentParser(description="Derive requirements.lock and environment.yml.")
    choice = parser.add_mutually_exclusive_group()
    choice.add_argument("--upgrade", action="store_true", help="take the newest versions")
    choice.add_argument("--offline", action="store_true", help="environment.yml only, from the lock as it is")
    chosen = parser.parse_args()
    if not chosen.offline:
        try:
            lock(chosen.upgrade)
        except subprocess.CalledProcessError as failure:
            raise SystemExit(f"tools/derive.py: uv failed (exit code {failure.returncode}), see above") from None
    text = environment((ROOT / "pyproject.toml").read_text("utf-8"), (ROOT / "requirements.lock").read_text("utf-8"))
    (ROOT / "environment.yml").write_text(text, "utf-8")


if __name__ == "__main__":
    main()
