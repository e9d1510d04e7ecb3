"""Rendering on workers: two real ones, of which one is lost in mid-batch; and schedulers that are not there."""

from __future__ import annotations

import os
import signal
import socket

import pytest

from reformlib.errors import ReformError
from reformlib.render.engine import cluster as executors
from reformlib.render.run import batch
from reformlib.render.run.notebooks import plan
from reformlib.render.run.plan import jobs_of
from tests.render_helpers import PAGE, make_project, published

pytest.importorskip("distributed")


class Watch:
    """Kills a worker, with the process it makes a document in, as soon as the first document is done."""

    def __init__(self, kill=None) -> None:
        self.kill, self.outcomes = kill, []

    def begin(self, states, due) -> None: ...
    def started(self, job) -> None: ...

    def ended(self, outcome) -> None:
        self.outcomes.append(outcome)
        if self.kill and len(self.outcomes) == 1:
            self.kill()


def render(project, output, start, watch) -> batch.Summary:
    folders = sorted((project / "data" / "reports").iterdir())
    jobs = jobs_of(folders, plan([project / "notebooks" / "01_fine.ipynb"], ["vi", "en"], {}), output)
    return batch.render(jobs, output, start, 2, watch, tell=print, engine="warm")


def test_a_worker_lost_in_mid_batch_costs_only_a_retry(tmp_path, monkeypatch):
    reports = [f"unit-{number}" for number in range(4)]
    project = make_project(
        tmp_path / "p", reports, **{"01_fine": (PAGE, "import time; time.sleep(0.5); print(report)")}
    )
    monkeypatch.chdir(project)
    lost = []

    def start():
        pool = executors.Cluster("local", 2)

        def kill():
            workers = pool._client.run(os.getpid)
            assert len(set(workers.values())) == 2
            lost.append(next(iter(workers.values())))
            os.kill(lost[0], signal.SIGKILL)

        watch.kill = kill
        return pool

    watch = Watch()
    summary = render(project, project / "out", start, watch)
    assert lost
    assert (summary.written, summary.failed, summary.stopped) == (8, [], "")
    assert render(project, project / "here", executors.local(2), Watch()).written == 8
    assert published(project / "out") == published(project / "here")


def test_a_scheduler_that_is_not_there_is_told_within_seconds(monkeypatch):
    monkeypatch.setattr(executors, "ANSWER_SECONDS", 1)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{taken.getsockname()[1]}"
    with pytest.raises(ReformError, match="no scheduler answers at tcp") as caught:
        executors.Cluster(address, 1)
    assert "dask scheduler" in caught.value.fix


@pytest.mark.parametrize("address", ["nonsense", "tcp://", "ftp://host:1"])
def test_an_address_that_is_none_is_told_too(address, monkeypatch):
    monkeypatch.setattr(executors, "ANSWER_SECONDS", 1)
    with pytest.raises(ReformError, match="no scheduler answers"):
        executors.Cluster(address, 1)


def test_a_scheduler_without_workers_is_told(monkeypatch):
    import distributed

    monkeypatch.setattr(executors, "ANSWER_SECONDS", 1)
    with distributed.LocalCluster(n_workers=0, dashboard_address=None, processes=False) as cluster:
        with pytest.raises(ReformError, match="has no workers") as caught:
            executors.Cluster(cluster.scheduler_address, 1)
        assert "dask worker" in caught.value.fix


def test_a_folder_that_a_worker_does_not_see_is_told(tmp_path):
    from types import SimpleNamespace

    settings = SimpleNamespace(stage=tmp_path / "out" / ".staging-x", project=tmp_path)
    with pytest.raises(ReformError, match="out is not there on the worker"):
        executors.on_worker((None, None), print, None, settings)
