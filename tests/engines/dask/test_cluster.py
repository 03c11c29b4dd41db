"""Workers on this machine are reached from nowhere else, and end with the run.

Also of: preloaded.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time

import pytest

from smote_bench.errors import ConfigError
from tests.conftest import ROOT, skip_without

# In a process of its own, since what is started here is a child of whoever asks.
_TWO = """
import warnings

import psutil

from smote_bench.engines.dask.cluster import Cluster


def main():
    warnings.simplefilter("error")
    clusters = [Cluster(""), Cluster("")]
    me = psutil.Process()
    processes = [me, *me.children(recursive=True)]
    found = [c.laddr.ip for one in processes for c in one.net_connections() if c.status == psutil.CONN_LISTEN]
    print(len(found), set(found))
    for cluster in clusters:
        cluster.client.wait_for_workers(cluster.n_workers, timeout=60)
    print(clusters[0].n_workers == clusters[1].n_workers >= 1)
    modules = clusters[0].client.run(lambda: "smote_bench.evaluation.evaluate" in __import__("sys").modules)
    print(set(modules.values()))
    limits = clusters[0].client.run(lambda dask_worker: dask_worker.memory_manager.memory_limit)
    print(set(limits.values()))
    helpers = {one for one in me.children() if one.children() or "resource_tracker" in str(one.cmdline())}
    for cluster in clusters:
        cluster.close()
    gone, alive = psutil.wait_procs({*processes[1:]} - helpers, timeout=10)
    print([one.pid for one in alive])
    print([one.pid for one in helpers])


if __name__ == "__main__":
    main()
"""


class _Answers:
    """Stands for the client of a cluster whose workers do not answer at first."""

    def __init__(self, n_failures: int, error: Exception) -> None:
        self.left, self.error = n_failures, error

    def run(self, function):
        if self.left:
            self.left -= 1
            raise self.error
        return {"tcp://127.0.0.1:1": function()}


def _check(n_failures: int, error: Exception) -> None:
    skip_without("distributed")
    from smote_bench.engines.dask.cluster import Cluster

    cluster = object.__new__(Cluster)
    cluster.client = _Answers(n_failures, error)
    cluster.check()


def test_a_worker_that_does_not_answer_is_asked_once_more() -> None:
    _check(1, TimeoutError("no connection within 30 s"))
    with pytest.raises(ConfigError, match=r"gave none \(TimeoutError: no connection .*look at its log"):
        _check(2, TimeoutError("no connection within 30 s"))
    with pytest.raises(ConfigError, match="install it there in the version that is here"):
        _check(1, ValueError("what they sent is something else"))


def _runs(pid: int) -> bool:
    """Whether a process has not ended; one that did may be nobody's to wait for, or this process's."""
    psutil = pytest.importorskip("psutil")
    try:
        return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def test_workers_on_this_machine(tmp_path) -> None:
    skip_without("distributed")
    pytest.importorskip("psutil")
    script = tmp_path / "two.py"
    script.write_text(_TWO)
    done = subprocess.run(
        [sys.executable, str(script)],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"},
        text=True,
        capture_output=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    listening, workers, imported, limits, left, helpers = done.stdout.splitlines()
    assert int(listening.split()[0]) >= 4
    assert listening.split(" ", 1)[1] == "{'127.0.0.1'}"
    assert (workers, imported, limits, left) == ("True", "{True}", "{None}", "[]")
    until = time.monotonic() + 60
    while any(map(_runs, json.loads(helpers))):
        assert time.monotonic() < until, "what started the workers goes on"
        time.sleep(0.1)
