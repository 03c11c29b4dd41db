"""A bench in a temporary folder: data, experiment, counting samplers, and pytest as a user calls it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import hypothesis
import pytest

pytest_plugins = ["pytester"]

# How long an example takes is the machine's: no test is about that.
hypothesis.settings.register_profile("any machine", deadline=None)
hypothesis.settings.load_profile("any machine")

ROOT = Path(__file__).resolve().parent.parent
GRID = ROOT / "benchmarks" / "test_grid.py"

# Exceptions are narrow: message and class, and the module where there is one; each has its reason.
_WARNINGS = (
    "error",
    # imbalanced-learn's `parametrize_with_checks` hands a generator to pytest.
    "ignore:Passing a non-Collection iterable to parametrize:pytest.PytestRemovedIn10Warning",
)


def pytest_configure(config: pytest.Config) -> None:
    """Make a warning an error in our own tests; a grid of the benchmarks goes on.

    Other releases of the libraries (``-m versions``) deprecate other things, which is theirs to say.
    """
    if config.option.markexpr != "versions":
        for text in _WARNINGS:
            config.addinivalue_line("filterwarnings", text)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put tests that need a process to fork before all others: some of those load TensorFlow for good."""
    items.sort(key=lambda item: item.path.name != "test_child.py")


_SAMPLERS = '''
"""Samplers that write down each call, in a file that all workers share."""

import os
import numpy as np


def note(what):
    path = os.environ.get("BENCH_LOG")
    if path:
        handle = os.open(path, os.O_CREAT | os.O_APPEND | os.O_WRONLY)
        os.write(handle, (what + "\\n").encode())
        os.close(handle)


class Jitter:
    """Repeats minority rows with a little noise."""

    def __init__(self, scale=0.05, random_state=None):
        self.scale = scale
        self.random_state = random_state

    def fit_resample(self, X, y):
        note(f"resample {len(X)} {self.random_state} {float(np.sum(X)):.12g}")
        rng = np.random.RandomState(self.random_state)
        minority = np.flatnonzero(y == 1)
        chosen = rng.choice(minority, (y == 0).sum() - len(minority))
        new = X[chosen] + rng.normal(scale=self.scale, size=(len(chosen), X.shape[1]))
        return np.vstack([X, new]), np.r_[y, np.ones(len(chosen), dtype=int)]


class Broken:
    def fit_resample(self, X, y):
        raise RuntimeError("this sampler is broken on purpose")


class Same:
    def fit_resample(self, X, y):
        return X, y


class Forever:
    def fit_resample(self, X, y):
        while True:
            pass


class Killer:
    def fit_resample(self, X, y):
        os.kill(os.getpid(), 9)
'''

_CLASSIFIERS = '''
"""A classifier that writes down each fit."""

from sklearn.naive_bayes import GaussianNB

from samplers import note


class CountingNB(GaussianNB):
    def fit(self, X, y, sample_weight=None):
        note(f"fit {len(X)}")
        return super().fit(X, y, sample_weight)
'''


@dataclass
class Run:
    """A finished call of pytest."""

    code: int
    text: str
    out: Path
    log: list[str] = field(default_factory=list)

    @property
    def folder(self) -> Path:
        """The folder of the run that ended last; `latest` is of one that was not cut."""
        manifests = (self.out / "runs").glob("*/manifest.json")
        return max(manifests, key=lambda path: path.stat().st_mtime_ns).parent.resolve()

    @property
    def scores(self) -> bytes:
        """The bytes of the tidy table, and of its Parquet twin."""
        return (self.folder / "scores.csv").read_bytes() + (self.folder / "scores.parquet").read_bytes()

    @property
    def manifest(self) -> dict:
        return json.loads((self.folder / "manifest.json").read_text())

    @property
    def cells(self) -> dict[str, dict[str, str]]:
        """The rows of cells.csv by test id."""
        import csv

        with (self.folder / "cells.csv").open(newline="") as file:
            return {f"{r['dataset']}-{r['method']}-{r['classifier']}": r for r in csv.DictReader(file)}

    @property
    def n_computed(self) -> int:
        """Cells that were not taken from the memo."""
        return self.manifest["cells"]["total"] - self.manifest["cells"]["from_memo"]

    def count(self, what: str) -> Counter[str]:
        """How often each line of the log that starts with `what` was written."""
        return Counter(line for line in self.log if line.startswith(what))


class Bench:
    """A folder with what a user has, and a way to call pytest there."""

    def __init__(self, path: Path) -> None:
        self.path = path
        (path / "samplers.py").write_text(_SAMPLERS)
        (path / "counting.py").write_text(_CLASSIFIERS)

    def table(self, name: str, seed: int, rows: int = 120) -> None:
        """Write a made-up data set ``name.csv``: four features, target ``y``, minority 1."""
        import numpy as np

        rng = np.random.default_rng(seed)
        y = (np.arange(rows) < rows // 5).astype(int)
        X = rng.normal(size=(rows, 4)) + y[:, None] * rng.uniform(0.3, 1.2, size=4)
        lines = [",".join([*(f"{v:.4f}" for v in row), str(label)]) for row, label in zip(X, y, strict=True)]
        (self.path / f"{name}.csv").write_text("\n".join(["a,b,c,d,y", *lines]) + "\n")

    def experiment(self, text: str, name: str = "experiment.yaml") -> Path:
        """Write an experiment file."""
        path = self.path / name
        path.write_text(text)
        return path

    def command(self, *arguments: str) -> list[str]:
        plugins = ["-p", "smote_bench.plugin", "-p", "no:cacheprovider", "--import-mode=importlib"]
        return [
            sys.executable,
            "-m",
            "pytest",
            str(GRID),
            *plugins,
            f"--rootdir={self.path}",
            "-c",
            os.devnull,
            "-o",
            "smote_report=false",
            *arguments,
        ]

    def environment(self, **more: str) -> dict[str, str]:
        searched = os.pathsep.join([str(self.path), str(ROOT)])
        clean = {k: v for k, v in os.environ.items() if not k.startswith(("PYTEST", "SMOTE_BENCH", "COV_"))}
        return {**clean, "PYTHONPATH": searched, "BENCH_LOG": str(self.path / "log.txt"), **more}

    def run(self, *arguments: str, out: str = "out", experiment: str = "experiment.yaml", **env: str) -> Run:
        """Call pytest on the grid and wait for it; without a report, unless `arguments` ask for one."""
        log = self.path / "log.txt"
        log.unlink(missing_ok=True)
        options = ["--smote-experiment", str(self.path / experiment), "--smote-out", str(self.path / out)]
        done = subprocess.run(
            self.command(*options, *arguments),
            cwd=self.path,
            env=self.environment(**env),
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=600,
        )
        lines = log.read_text().splitlines() if log.exists() else []
        return Run(done.returncode, done.stdout, self.path / out, lines)

    def run_and_kill(self, *arguments: str, after: int, out: str = "out") -> list[str]:
        """Start pytest in a process group of its own and kill the whole group after some finished cells.

        Return the lines of the finished ones: a cell that is in no line was in flight, or not begun.
        """
        options = ["--smote-experiment", "experiment.yaml", "--smote-out", str(self.path / out), "-v"]
        process = subprocess.Popen(
            self.command(*options, *arguments),
            cwd=self.path,
            env=self.environment(PYTHONUNBUFFERED="1"),
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        assert process.stdout is not None
        passed: list[str] = []
        while len(passed) < after and (line := process.stdout.readline()):
            if "PASSED" in line:
                passed.append(line)
        os.killpg(process.pid, signal.SIGKILL)
        process.stdout.read()
        process.stdout.close()
        process.wait(timeout=60)
        assert process.returncode == -signal.SIGKILL, "the run ended before it could be killed"
        return passed


def skip_without(package: str) -> None:
    """Skip a test where a package is not installed; it is not imported.

    ClearML and MLflow change the process that imports them, and with it all tests that come after.
    """
    from smote_bench.environment.optional_packages import is_installed, remedy_for

    if not is_installed(package):
        pytest.skip(f"{package}: {remedy_for(package)}")


@pytest.fixture(autouse=True)
def _interruptible() -> Iterator[None]:
    """Signals do what they do without us, also where they are ignored, as under nohup.

    A worker that once saw cells leaves Ctrl-C to its controller.
    """
    signal.signal(signal.SIGINT, signal.default_int_handler)
    hangup = signal.signal(signal.SIGHUP, signal.SIG_DFL)
    yield
    signal.signal(signal.SIGHUP, hangup)


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Only bundled data: OpenML switched off, an empty cache, no folder, no failure remembered."""
    from smote_bench.data import openml

    monkeypatch.setenv("SMOTE_BENCH_OFFLINE", "1")
    monkeypatch.setenv("SMOTE_BENCH_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("SMOTE_BENCH_DATA", raising=False)
    monkeypatch.setattr(openml, "_failures", {})
