"""A scheduler and workers as processes of their own on loopback, in folders without the user's files."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT, Bench, skip_without


class DaskProcesses:
    """Starts a scheduler and workers, and ends what it started."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.address = ""
        self.scheduler: subprocess.Popen[bytes] | None = None
        self.workers: list[subprocess.Popen[bytes]] = []

    def start(self, n_workers: int = 0) -> str:
        """Start a scheduler, and workers that it knows when this returns."""
        about = self.folder / "scheduler.json"
        about.unlink(missing_ok=True)
        words = ("--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", str(about))
        self.scheduler = self._process("scheduler", *words)
        self._until(lambda: about.is_file() and about.read_text().strip().endswith("}"))
        self.address = json.loads(about.read_text())["address"]
        for _ in range(n_workers):
            self.add_worker()
        if n_workers:
            self.wait_for(n_workers)
        return self.address

    def add_worker(self, *words: str, **env: str) -> subprocess.Popen[bytes]:
        """Start a worker without a nanny: when it is killed, it is gone."""
        folder = self.folder / f"worker{len(self.workers)}"
        folder.mkdir()
        more = ("--no-nanny",) if "--nanny" not in words else ()
        process = self._process(
            "worker", self.address, "--nthreads", "1", "--no-dashboard", "--host", "127.0.0.1",
            "--local-directory", str(folder), *more, *words, cwd=folder, **env,
        )  # fmt: skip
        self.workers.append(process)
        return process

    def wait_for(self, n_workers: int) -> None:
        """Wait until so many workers are there."""
        from distributed import Client

        with Client(self.address, timeout=30) as client:
            client.wait_for_workers(n_workers, timeout=60)

    def kill(self, process: subprocess.Popen[bytes]) -> None:
        process.send_signal(signal.SIGKILL)
        process.wait(timeout=30)

    def end(self) -> None:
        for process in [*self.workers, *([self.scheduler] if self.scheduler else [])]:
            if process.poll() is None:
                self.kill(process)

    def _process(
        self, what: str, *words: str, cwd: Path | None = None, **env: str
    ) -> subprocess.Popen[bytes]:
        clean = {k: v for k, v in os.environ.items() if not k.startswith(("PYTEST", "SMOTE_BENCH", "COV_"))}
        with (self.folder / f"{what}.log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "dask", what, *words],
                cwd=cwd or self.folder,
                env={**clean, "PYTHONPATH": str(ROOT), **env},
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    @staticmethod
    def _until(is_true) -> None:
        until = time.monotonic() + 60
        while not is_true():
            assert time.monotonic() < until, "the scheduler did not start"
            time.sleep(0.05)


@pytest.fixture
def dask_processes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DaskProcesses]:
    skip_without("distributed")
    processes = DaskProcesses(tmp_path_factory.mktemp("cluster"))
    yield processes
    processes.end()


@pytest.fixture
def small(bench: Bench) -> Bench:
    """A bench with one table, two methods of which one is the user's own, and two classifiers."""
    bench.table("one", seed=1)
    bench.experiment(
        """
name: small
methods: {Jitter: "samplers:Jitter", SMOTE: }
datasets: [{name: one, file: one.csv, target: y, minority: 1}]
experiment_config: {cv_folds: 2, selected_classifiers: {kNN: , Counting: {classifier: "counting:CountingNB"}}}
"""
    )
    return bench
