"""The derived files match what they are derived from; the package carries what it needs; make has its targets."""

from __future__ import annotations

import configparser
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tools import install

REPO = Path(__file__).resolve().parents[2]
TARGETS = (
    "help",
    "report",
    "test",
    "coverage",
    "fuzz",
    "bench",
    "findings",
    "docs",
    "lab",
    "goals",
    "lint",
    "lock",
    "pictures",
    "hooks",
    "clean",
)


def _derive():
    spec = importlib.util.spec_from_file_location("derive", REPO / "tools" / "derive.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


derive = _derive()
PYPROJECT = (REPO / "pyproject.toml").read_text("utf-8")
LOCK = (REPO / "requirements.lock").read_text("utf-8")
PROJECT = tomllib.loads(PYPROJECT)["project"]
RUNTIME = [Requirement(text) for text in PROJECT["dependencies"]]
EXTRAS = [Requirement(text) for texts in PROJECT["optional-dependencies"].values() for text in texts]


# ------------------------------------------------------------------------------------------ requirements.lock


@pytest.mark.parametrize("requirement", RUNTIME + EXTRAS, ids=str)
def test_lock_pins_every_direct_dependency_within_its_range(requirement):
    version = derive.pins(LOCK).get(canonicalize_name(requirement.name))
    assert version is not None, f"{requirement.name} is not in requirements.lock: run `make lock`"
    assert requirement.specifier.contains(version), f"{requirement.name} {version}: run `make lock`"


def test_lock_entries_are_exact_pins_with_hashes():
    entries = re.split(r"\n(?=[A-Za-z0-9])", LOCK)
    assert len(entries) > len(RUNTIME + EXTRAS)
    for entry in entries:
        assert re.match(r"[A-Za-z0-9._-]+==[^ ]+ (; .+ )?\\\n", entry), entry[:80]
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", entry), entry[:80]


def test_lock_names_no_index_and_no_folder():
    assert not re.search(r"://|--(extra-)?index-url|--find-links|file:| @ ", LOCK)


def test_lock_is_complete_without_resolving():
    """Set-up installs the lock with --no-deps: what an installed package needs must be in the lock too."""
    from importlib.metadata import distribution

    versions = derive.pins(LOCK)
    for name in (r.name for r in RUNTIME + EXTRAS):
        for text in distribution(name).requires or []:
            needed = Requirement(text)
            if needed.marker is None or needed.marker.evaluate({**derive.TARGET, "extra": ""}):
                assert canonicalize_name(needed.name) in versions, f"{name} needs {needed}"


def test_pins_follow_the_marker_of_the_target_python():
    """numpy of the lock's own kind: one version up to 3.11, another from 3.12 on."""
    lock = (
        "numpy==2.4.6 ; python_full_version < '3.12' \\\n    --hash=sha256:00\n    # via pandas\n"
        "numpy==2.5.5 ; python_full_version >= '3.12' \\\n    --hash=sha256:00\n"
        "PyYAML==6.0.3 \\\n    --hash=sha256:00\n"
    )
    assert derive.pins(lock) == {"numpy": "2.4.6", "pyyaml": "6.0.3"}


# -------------------------------------------------------------------------------------------- environment.yml


def test_environment_is_what_derive_writes():
    written = (REPO / "environment.yml").read_text("utf-8")
    assert written == derive.environment(PYPROJECT, LOCK), "run `make lock`"


def test_environment_holds_every_runtime_dependency_at_the_locks_version():
    """Read back without the code that wrote it: names by the known conda-forge differences."""
    environment = yaml.safe_load((REPO / "environment.yml").read_text("utf-8"))
    assert environment["channels"][0] == "conda-forge"
    *conda, pip = environment["dependencies"]
    assert pip == {"pip": ["-e ."]}
    assert conda[:2] == ["python=3.11.*", "pip"]
    index_name = {
        "matplotlib-base": "matplotlib",
        "nbconvert-core": "nbconvert",
        "pyicu": "pyicu-wheels",
        "seaborn-base": "seaborn",
    }
    got = {}
    for entry in conda[2:]:
        name, version = entry.split("==")
        got[index_name.get(name, name)] = version
    assert set(got) == {canonicalize_name(r.name) for r in RUNTIME}
    for name, version in got.items():
        assert re.search(rf"^{name}=={re.escape(version)} (; python_full_version < '3\.12' )?\\$", LOCK, re.M), name


def test_derive_refuses_an_extra_without_a_conda_name():
    with pytest.raises(SystemExit, match=r"pandas\[excel\]"):
        derive.conda_name(Requirement("pandas[excel]>=2"))


def test_derive_refuses_a_dependency_missing_from_the_lock():
    pyproject = '[project]\nname = "x"\ndependencies = ["numpy", "absent>=1"]\n'
    with pytest.raises(SystemExit, match=r"absent is not in requirements\.lock"):
        derive.environment(pyproject, LOCK)


# --------------------------------------------------------------------------------------------- Makefile, hooks


def test_what_pip_is_told_is_handed_to_uv():
    config = "global.index-url='https://one/simple'\nglobal.find-links='/a\\n/b'\nglobal.timeout='9'\n"
    given = {"UV_DEFAULT_INDEX": "https://one/simple", "UV_FIND_LINKS": "/a,/b"}
    assert install.variables(config) == given
    assert (
        install.variables(":env:.index-url='https://two/simple'\n" + config)["UV_DEFAULT_INDEX"] == "https://two/simple"
    )


needs_make = pytest.mark.skipif(shutil.which("make") is None, reason="make is not on this machine")


def _make(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    # The outer `make test` must not hand its own flags down.
    environment = {k: v for k, v in os.environ.items() if k not in {"MAKEFLAGS", "MFLAGS", "MAKELEVEL", "PYTHON"}}
    return subprocess.run(["make", *arguments], cwd=folder, env=environment, capture_output=True, text=True, timeout=60)


@pytest.fixture
def checkout(tmp_path) -> Path:
    for name in ("Makefile", "requirements.lock", "pyproject.toml"):
        shutil.copy(REPO / name, tmp_path)
    return tmp_path


@needs_make
@pytest.mark.parametrize("target", TARGETS)
def test_make_knows_the_target(target):
    done = _make(REPO, "-n", target)
    assert done.returncode == 0, done.stderr


@needs_make
def test_make_alone_lists_the_targets(checkout):
    assert re.findall(r"^make (\w+)", _make(checkout).stdout, re.M) == list(TARGETS)


@needs_make
def test_setup_is_skipped_until_lock_or_pyproject_change(checkout):
    ready = checkout / ".venv" / ".ready"
    ready.parent.mkdir()
    ready.touch()
    now = ready.stat().st_mtime
    for name in ("requirements.lock", "pyproject.toml"):
        os.utime(checkout / name, (now - 10, now - 10))
    assert "pip" not in _make(checkout, "-n", "report").stdout
    for name in ("requirements.lock", "pyproject.toml"):
        os.utime(checkout / name, (now + 10, now + 10))
        assert "pip" in _make(checkout, "-n", "report").stdout, name
        os.utime(checkout / name, (now - 10, now - 10))


@needs_make
def test_setup_without_a_fit_python_says_what_to_do(checkout):
    """A candidate that is there but refuses, as a version manager's stand-in does, is not taken."""
    refuses = checkout / "python3.11"
    refuses.write_text("#!/bin/sh\nexit 127\n")
    refuses.chmod(0o755)
    done = _make(checkout, "report", f"PYTHON={refuses} no-such-python")
    assert done.returncode != 0
    assert f"No Python 3.11 or newer found (tried: {refuses} no-such-python)" in done.stderr
    assert "make PYTHON=" in done.stderr
    assert not (checkout / ".venv").exists()


def test_hooks_need_no_network():
    config = yaml.safe_load((REPO / ".pre-commit-config.yaml").read_text("utf-8"))
    hooks = [hook for repo in config["repos"] for hook in repo["hooks"]]
    assert {repo["repo"] for repo in config["repos"]} == {"local"}
    assert {hook["language"] for hook in hooks} == {"system"}
    assert {hook["entry"].split()[0] for hook in hooks} == {".venv/bin/ruff", ".venv/bin/nbstripout"}


def test_ci_script_runs_as_it_is():
    script = REPO / ".ci" / "run"
    assert os.access(script, os.X_OK)
    subprocess.run(["bash", "-n", script], check=True)


# ------------------------------------------------------------------------------------------------------- wheel


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    done = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", folder],
        cwd=REPO,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    (built,) = folder.glob("*.whl")
    return built


def _files(folder: str) -> set[str]:
    hidden = {"__pycache__", ".ipynb_checkpoints"}
    return {
        p.relative_to(REPO).as_posix() for p in (REPO / folder).rglob("*") if p.is_file() and not hidden & set(p.parts)
    }


def test_wheel_holds_package_data_and_notebooks(wheel):
    names = set(zipfile.ZipFile(wheel).namelist())
    assert _files("reformlib") <= names
    for folder in ("data", "notebooks"):
        assert {f"reformlib/_project/{name}" for name in _files(folder)} <= names
    assert not [n for n in names if n.startswith(("tests/", "tools/")) or n.endswith(".pyc")]
    assert any(n.endswith(".dist-info/licenses/LICENSE") for n in names)


@pytest.mark.parametrize(
    "pattern",
    [
        r"reformlib/.*/templates/reform/.*\.html\.j2",
        r"reformlib/.*vi.*\.po",
        r"reformlib/.*/prior\.json",
        r"reformlib/_project/data/forms/phu-luc-7/indicators\.csv",
        r"reformlib/_project/data/reports/tra-vinh-2020/report\.yml",
        r"reformlib/_project/notebooks/00_brief\.ipynb",
        r"reformlib/_project/notebooks/01_assessment\.ipynb",
        r"reformlib/_project/notebooks/02_gap_analysis\.ipynb",
        r"reformlib/_project/notebooks/03_projections\.ipynb",
    ],
)
def test_wheel_holds(wheel, pattern):
    assert any(re.fullmatch(pattern, name) for name in zipfile.ZipFile(wheel).namelist())


def test_wheel_declares_the_command_and_the_exporter(wheel):
    archive = zipfile.ZipFile(wheel)
    (name,) = (n for n in archive.namelist() if n.endswith(".dist-info/entry_points.txt"))
    entries = configparser.ConfigParser()
    entries.read_string(archive.read(name).decode())
    assert dict(entries["console_scripts"]) == {"reformlib": "reformlib.__main__:main"}
    assert dict(entries["nbconvert.exporters"]) == {"reform": "reformlib.render.page.exporter:ReformExporter"}


def test_unpacked_wheel_finds_its_own_data(wheel, tmp_path):
    """Away from any checkout the data that travels in the package is used."""
    zipfile.ZipFile(wheel).extractall(tmp_path / "site")
    away = tmp_path / "away"
    away.mkdir()
    code = "from reformlib.paths import project_root, report_names; print(project_root(), *report_names(), sep='\\n')"
    environment = {**os.environ, "PYTHONPATH": str(tmp_path / "site")}
    done = subprocess.run([sys.executable, "-c", code], cwd=away, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    root, *reports = done.stdout.splitlines()
    assert Path(root) == tmp_path / "site" / "reformlib" / "_project"
    assert "tra-vinh-2020" in reports
