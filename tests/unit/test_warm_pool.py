"""The pool: every call in a process of its own, whatever it does, and nothing left behind."""

from __future__ import annotations

import gc
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import as_completed
from pathlib import Path

import pytest

from reformlib.errors import ReformError
from reformlib.render.engine.pool import ProcessPool
from reformlib.render.engine.process import FORKS, PRELOAD_ENVIRONMENT
from tests import pool_helpers as call
from tests.render_helpers import environment

pytestmark = pytest.mark.skipif(not FORKS, reason="processes are forked on Linux only")


@pytest.fixture(scope="module")
def pool():
    with ProcessPool(2) as made:
        yield made


def gone(pid: int) -> bool:
    """Whether a process ended; it may take its time on a busy machine."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
                return True
        except FileNotFoundError:
            return True
        time.sleep(0.05)
    return False


def test_every_call_has_a_process_forked_from_the_same_warm_one(pool):
    made = [pool.submit(call.me).result() for _ in range(3)]
    assert len({pid for pid, _ in made}) == 3
    assert len({parent for _, parent in made}) == 1
    assert pool.submit(call.imported).result()
    assert pool.submit(call.threads_of_the_warm_process).result() == 1
    assert pool.submit(pow, 2, 10).result() == 1024


def test_garbage_is_looked_for_in_every_process(pool):
    assert pool.submit(gc.isenabled).result() is True


def test_processes_do_not_share_their_random_numbers(pool):
    first, second = (pool.submit(call.numbers).result() for _ in range(2))
    assert first[0] != second[0] and first[1] != second[1]


@pytest.mark.parametrize(
    ("function", "reason"),
    [
        (call.touch_nothing, "SIGSEGV"),
        (call.abort, "SIGABRT"),
        (call.unsendable, "cannot be sent"),
    ],
)
def test_a_crash_fails_its_own_call_only(pool, function, reason):
    good, bad, after = pool.submit(call.me), pool.submit(function), pool.submit(call.me)
    with pytest.raises(ReformError, match=reason):
        bad.result()
    assert good.result() and after.result()


@pytest.mark.parametrize("code", [0, 1, 3])
def test_a_process_that_leaves_is_told_with_the_place_it_was_at(pool, code):
    with pytest.raises(ReformError, match=f"exit code {code}") as caught:
        pool.submit(call.leave, code).result()
    assert caught.value.where == "x.ipynb, cell 3"


def test_errors_come_back_as_they_were(pool):
    with pytest.raises(ReformError) as caught:
        pool.submit(call.refuse).result()
    assert (caught.value.where, caught.value.fix, caught.value.notebook) == ("here", "name another", {"cells": []})
    with pytest.raises(KeyError):
        pool.submit(call.raise_ordinary).result()


def test_an_endless_loop_is_ended():
    with ProcessPool(2, timeout=2) as pool, pytest.raises(ReformError, match="not finished within 2 s") as caught:
        pool.submit(call.loop).result()
    assert caught.value.where == "x.ipynb, cell 7"


def test_memory_is_bounded():
    with ProcessPool(2, memory=1_500_000_000) as pool:
        bad, good = pool.submit(call.blow_up), pool.submit(call.me)
        with pytest.raises(ReformError, match="memory ran out"):
            bad.result()
        assert good.result()


def test_what_a_call_changes_does_not_reach_the_next(pool):
    before = Path.cwd()
    first, second = (pool.submit(call.meddle, "x").result() for _ in range(2))
    assert first == second and first[:2] == (None, False)
    assert Path.cwd() == before and "MEDDLED" not in os.environ


def test_processes_and_folders_of_a_call_go_with_it(pool, tmp_path):
    folder = pool.submit(call.leave_a_child_behind, str(tmp_path / "pid")).result()
    assert gone(int((tmp_path / "pid").read_text()))
    assert not Path(folder).exists()


def test_an_exception_inside_the_context_ends_what_runs(tmp_path):
    files = [tmp_path / "1", tmp_path / "2"]
    with pytest.raises(ZeroDivisionError), ProcessPool(2) as pool:
        futures = [pool.submit(call.wait_with_a_child, str(file)) for file in files]
        never = [pool.submit(call.wait_with_a_child, str(tmp_path / "3")) for _ in range(50)]
        while not all(file.exists() and file.read_text() for file in files):
            time.sleep(0.05)
        raise ZeroDivisionError
    assert all(gone(int(file.read_text())) for file in files)
    assert all(future.cancelled() for future in never) and not (tmp_path / "3").exists()
    assert all(future.done() for future in as_completed(futures))


def test_the_warm_process_is_started_again_as_it_was_and_what_ran_is_run_again(tmp_path):
    with ProcessPool(2) as pool:
        before = pool.submit(call.me).result()[1]
        found = pool.submit(call.end_the_warm_process_once, str(tmp_path / "once")).result()
        assert found == tuple(value for name, value in PRELOAD_ENVIRONMENT.items() if name != "PYTHONSAFEPATH")
        assert pool.submit(call.me).result()[1] != before


@pytest.fixture
def sharing():
    with ProcessPool(2, affinity=lambda *args: args[0] if args else None) as made:
        yield made


def test_calls_that_are_near_follow_each_other_in_one_process(sharing):
    first, other, second = (sharing.submit(call.me_for, name).result()[0] for name in ("a", "b", "a"))
    assert len({first, other, second}) == 3  # as no two calls were made at once, no two processes wait
    assert sharing.submit(call.me_for, "a").result()[0] == second
    assert sharing.submit(call.me).result()[0] != second and gone(second)
    assert sharing.submit(call.numbers_for, "x").result() != sharing.submit(call.numbers_for, "x").result()


def test_no_more_processes_wait_than_calls_were_made_at_once(sharing):
    both = [sharing.submit(call.me_for, "a", 0.5) for _ in range(2)]
    one, two = (future.result()[0] for future in both)
    again = [sharing.submit(call.me_for, "a", 0.5) for _ in range(2)]
    assert {future.result()[0] for future in again} == {one, two}
    sharing.submit(call.me_for, "b").result()
    assert sum(Path(f"/proc/{pid}").exists() for pid in (one, two)) == 1
    sharing.shutdown()
    assert gone(one) and gone(two)


def test_a_process_that_ended_while_it_waited_costs_no_call(sharing):
    before = sharing.submit(call.me_for, "a").result()[0]
    os.kill(before, signal.SIGKILL)
    after = sharing.submit(call.me_for, "a").result()[0]
    assert after != before
    assert sharing.submit(call.me_for, "a").result()[0] == after


def test_a_process_that_waits_too_long_goes(sharing):
    assert gone(sharing.submit(call.me_soon_gone, "a").result())
    assert sharing.submit(call.me_for, "a").result()


@pytest.mark.parametrize(("function", "reason"), [(call.abort_for, "SIGABRT"), (call.refuse_for, "no such target")])
def test_after_a_call_that_failed_comes_a_new_process(sharing, function, reason):
    before = sharing.submit(call.me_for, "a").result()[0]
    with pytest.raises(ReformError, match=reason):
        sharing.submit(function, "a").result()
    assert gone(before)
    assert sharing.submit(call.me_for, "a").result()[0] != before


def test_what_a_call_started_ends_with_it_though_its_process_goes_on(sharing, tmp_path):
    file = str(tmp_path / "pid")
    folder = sharing.submit(call.leave_a_child_behind, file).result()
    assert gone(int(Path(file).read_text())) and not Path(folder).exists()
    assert sharing.submit(call.me_for, file).result()


SCRIPT = """
import sys
from reformlib.render.engine.pool import ProcessPool
from tests.pool_helpers import wait_with_a_child
if __name__ == "__main__":
    try:
        with ProcessPool(1) as pool:
            pool.submit(wait_with_a_child, sys.argv[1]).result()
    except KeyboardInterrupt:
        sys.exit(7)
"""


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 7), (signal.SIGKILL, -9)])
def test_nothing_runs_on_when_the_one_who_waits_is_gone(tmp_path, number, code):
    script = tmp_path / "main.py"
    script.write_text(SCRIPT)
    file = tmp_path / "pid"
    process = subprocess.Popen([sys.executable, str(script), str(file)], env=environment(), start_new_session=True)
    while not (file.exists() and file.read_text()):
        assert process.poll() is None
        time.sleep(0.05)
    os.killpg(process.pid, number) if number == signal.SIGINT else process.send_signal(number)
    assert process.wait(30) == code
    assert gone(int(file.read_text()))
