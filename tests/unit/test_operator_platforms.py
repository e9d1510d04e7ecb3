"""As on a machine without fork, and as a user who may not write outside the current folder."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import pytest

from tests.render_helpers import PAGE, REPO, environment, in_forks, make_project, tree

DROP, OVERRIDE = 24, 1  # prctl: PR_CAPBSET_DROP; CAP_DAC_OVERRIDE, by which root writes where modes forbid it
ELSEWHERE = """
import os, sys
for name in ("fork", "forkpty", "register_at_fork"):
    vars(os).pop(name, None)
sys.modules["resource"] = None
"""
COMMANDS = (
    ["--version"],
    ["list"],
    ["table", "observations"],
    ["check", "--report", "tra-vinh-2020"],
    ["init"],
    ["list"],
    ["new-report", "so-a-2025", "--unit", "Sở A", "--edition", "2025", "--years", "2021-2025", "--form", "phu-luc-7"],
    ["template", "form.xlsx", "--report", "tra-vinh-2020"],
    ["new-report", "copy-2021", "--from", "form.xlsx", "--form", "phu-luc-7", "--edition", "2021"],
    ["describe", "copy-2021"],
    ["check"],
    ["ingest", "form.csv", "--unit", "Sở B", "--edition", "2020", "--accept"],
    ["render", "02", "-l", "en", "--report", "tra-vinh-2020", "--to", "xlsx"],
    ["render", "--all", "--dry-run"],
    ["diff", "tra-vinh-2020", "copy-2021"],
    ["status"],
    ["prune", "--yes"],
)


def test_pages_are_made_where_there_is_no_fork(tmp_path):
    project = make_project(tmp_path / "p", **{"01_first": (PAGE,)})
    site = tmp_path / "site"
    site.mkdir()
    (site / "sitecustomize.py").write_text(ELSEWHERE)
    path = os.pathsep.join([str(site), environment()["PYTHONPATH"]])
    made = {}
    for name, more in (("here", {}), ("elsewhere", {"PYTHONPATH": path})):
        command = [sys.executable, "-m", "reformlib", "render", "-l", "vi", "-o", name]
        done = subprocess.run(
            command, cwd=project, env=environment(**more), capture_output=True, text=True, timeout=300
        )
        assert done.returncode == 0, done.stderr
        made[name] = (project / name / "demo/vi/01_first.html").read_bytes()
    assert made["here"] == made["elsewhere"]


@pytest.fixture
def site(tmp_path_factory):
    """The package as a wheel puts it, in a folder that every user can read."""
    folder = Path(tempfile.mkdtemp(prefix="reformlib-site-"))
    built = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(built)]
    subprocess.run(build, cwd=REPO, check=True, capture_output=True)
    (wheel,) = built.glob("*.whl")
    zipfile.ZipFile(wheel).extractall(folder / "site")
    (folder / "home").mkdir()
    (folder / "work" / "tmp").mkdir(parents=True)
    subprocess.run(["chmod", "-R", "a+rX,a-w", folder / "site", folder / "home"], check=True)
    yield folder
    subprocess.run(["chmod", "-R", "u+w", folder], check=True)
    shutil.rmtree(folder)


@pytest.mark.skipif(os.name != "posix", reason="needs users and modes of POSIX")
def test_all_commands_of_a_wheel_leave_nothing_outside_the_current_folder(site):
    work = site / "work"
    shutil.copy(REPO / "data/reports/tra-vinh-2020/annex.csv", work / "form.csv")
    bound = (lambda: ctypes.CDLL(None).prctl(DROP, OVERRIDE)) if os.geteuid() == 0 else None
    variables = {"PYTHONPATH": str(site / "site"), "HOME": str(site / "home"), "TMPDIR": str(work / "tmp")}
    variables["PYTHONDONTWRITEBYTECODE"] = ""  # they may try

    def barred() -> bool:
        file = str(site / "home/x")
        done = subprocess.run([sys.executable, "-c", f"open({file!r}, 'w')"], preexec_fn=bound, capture_output=True)
        return bool(done.returncode)

    if not barred():
        (site / "home/x").unlink()
        pytest.skip("this user may write everywhere")
    before = {name: tree(site / name) for name in ("site", "home")}
    for arguments, done in zip(COMMANDS, in_forks(work, variables, *COMMANDS, preexec_fn=bound), strict=True):
        assert done.code in ((1, 3) if arguments == ["check"] else (0,)), (arguments, done.out, done.err)
    assert {name: tree(site / name) for name in before} == before
    assert [*(work / "tmp").iterdir()] == []
    assert {path.name for path in work.iterdir()} == {"data", "form.csv", "form.xlsx", "notebooks", "outputs", "tmp"}
