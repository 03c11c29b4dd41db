"""A bench with a baseline, made once and copied for each test; sessions run in this process mostly."""

from __future__ import annotations

import contextlib
import dataclasses
import gc
import io
import json
import os
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Bench, Run

EXPERIMENT = """
name: small
methods:
  Plain: "plain:Plain"
  Other: "other:Other"
  Third: "third:Third"
  Fourth: "fourth:Fourth"
datasets:
  - {name: one, file: one.csv, target: y, minority: 1}
  - {name: two, file: two.csv, target: y, minority: 1}
experiment_config:
  cv_folds: 3
  metrics: [balanced_accuracy, g_mean, f1_macro, roc_auc]
  priority_metrics: {balanced_accuracy: , share_right: {metric: "right:share_right", better: high}}
  selected_classifiers: {DecisionTree: , Nearest: {classifier: kNN, params: {n_neighbors: 1}}}
"""

_SAMPLER = '''
"""A sampler of one file, so that editing it has its own cells computed again and no others."""

import os

import numpy as np

from samplers import note
from smote_bench.errors import UnavailableError

DEFECT = "none"


class NAME:
    def __init__(self, random_state=None):
        self.random_state = random_state

    def fit_resample(self, X, y):
        note(f"NAME {len(X)} {self.random_state} {float(np.sum(X)):.12g}")
        defect = os.environ.get("NAME_DEFECT".upper()) or DEFECT
        rng = np.random.RandomState(self.random_state)
        if defect == "reseeded":
            rng = np.random.RandomState((self.random_state + 12345) % 2**31)
        if defect == "error":
            raise RuntimeError("NAME is broken on purpose")
        if defect == "noop":
            return X, y
        while defect == "timeout":
            pass
        if defect == "unavailable":
            raise UnavailableError("expected the package that NAME needs, got none", "install it")
        minority = np.flatnonzero(y == 1)
        chosen = rng.choice(minority, (y == 0).sum() - len(minority))
        new = X[chosen] + rng.normal(scale=0.1, size=(len(chosen), X.shape[1]))
        X, y = np.vstack([X, new]), np.r_[y, np.ones(len(chosen), dtype=int)]
        if defect == "flipped":
            flipped = rng.choice(len(y), len(y) // 5, replace=False)
            y[flipped] = 1 - y[flipped]
        return X, y
'''

_METRIC = '''
"""A metric of the user's own, undefined on tables of a size that the environment names."""

import os


def share_right(y_true, y_label, y_score):
    undefined = len(y_true) == int(os.environ.get("UNDEFINED_ROWS", -1))
    return float("nan") if undefined else float((y_true == y_label).mean())
'''

METHODS = ("Plain", "Other", "Third", "Fourth")
N_CASES = 2 * 5 * 2
ROWS = {"one": 100, "two": 92}
SPLITS = ("--smote-gate-splits", "2", "--smote-gate-seeds", "2")
SAVE = ("--smote-save", "main", *SPLITS)
COMPARE = ("--smote-compare=main",)
ANEW = ("--smote-memo", "off")
"""The environment is in no cell's key: what it switches on is not looked for among known outcomes."""


@dataclass
class Verdict:
    """What a session said of its gate."""

    plain: dict

    @property
    def result(self) -> str:
        return self.plain["result"]

    def problems(self, what: str) -> dict[str, str]:
        """Return reasons by place."""
        both = [*self.plain["problems"], *self.plain["incomparable"]]
        return {one["where"]: one["reason"] for one in both if one["what"] == what}

    def found(self, kind: str) -> set[str]:
        """Return the methods with an alarm of this kind."""
        return {f["method"] for f in self.plain["findings"] if f["kind"] == kind and not f["is_warning"]}


def verdict_of(run: Run) -> Verdict:
    """Read the verdict in a run's folder."""
    path = run.folder / "gate.json"
    assert path.exists(), run.text
    return Verdict(json.loads(path.read_text()))


class GateBench(Bench):
    """Two easy tables, samplers in files of their own, a classifier that varies and one that does not."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        (path / "right.py").write_text(_METRIC)
        for name in METHODS:
            (path / f"{name.lower()}.py").write_text(_SAMPLER.replace("NAME", name))
        self.easy_table("one", 1)
        self.easy_table("two", 2)
        self.experiment(EXPERIMENT)

    def easy_table(self, name: str, seed: int) -> None:
        """Write a table whose classes lie so far apart that a fifth of wrong labels shows."""
        import numpy as np

        rng = np.random.default_rng(seed)
        y = (np.arange(ROWS[name]) < 30).astype(int)
        X = rng.normal(size=(len(y), 3)) + 2.2 * y[:, None]
        lines = [",".join([*(f"{v:.4f}" for v in row), str(label)]) for row, label in zip(X, y, strict=True)]
        (self.path / f"{name}.csv").write_text("\n".join(["a,b,c,y", *lines]) + "\n")

    def swap(self, file: str, old: str, new: str) -> None:
        """Replace a text that has to be there."""
        path = self.path / file
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new))

    def defect(self, method: str, name: str) -> None:
        """Edit a sampler's source."""
        self.swap(f"{method.lower()}.py", 'DEFECT = "none"', f'DEFECT = "{name}"')

    @property
    def baseline(self) -> Path:
        return self.path / "out" / "baselines" / "main.json"

    def save_with(self, **parts: Callable[[Any], Any]) -> None:
        """Save the baseline with some parts of its evidence changed."""
        from smote_bench.gating.baselines.baseline import load_baseline, save_baseline

        known = load_baseline(self.baseline)
        changed = {name: change(getattr(known, name)) for name, change in parts.items()}
        stem = self.baseline.with_suffix("")
        save_baseline(dataclasses.replace(known, **changed), stem, replace=True, reason="for a test")

    def options(self, out: str, experiment: str) -> list[str]:
        """Return the options of every session."""
        return ["--smote-experiment", str(self.path / experiment), "--smote-out", str(self.path / out)]

    def enter(self, patch: pytest.MonkeyPatch, **env: str) -> None:
        """Make this process one that a user has started here."""
        for name, value in self.environment(**env).items():
            patch.setenv(name, value)
        for name in [name for name in os.environ if name.startswith(("PYTEST", "SMOTE_BENCH"))]:
            patch.delenv(name)
        patch.chdir(self.path)
        patch.syspath_prepend(str(self.path))
        # workers search what was searched when xdist was imported
        patch.setattr("xdist.workermanage._sys_path", list(sys.path))


class InProcessBench(GateBench):
    """Calls pytest in this process, which has imported what a session needs: a second each, not five."""

    pytester: pytest.Pytester
    monkeypatch: pytest.MonkeyPatch

    def run(self, *arguments: str, out: str = "out", experiment: str = "experiment.yaml", **env: str) -> Run:
        log = self.path / "log.txt"
        log.unlink(missing_ok=True)
        with self.monkeypatch.context() as patch:
            self.enter(patch, **env)
            words = self.command(*self.options(out, experiment), *arguments)[3:]
            done = self.pytester.runpytest_inprocess(*words, no_reraise_ctrlc=True)
        gc.unfreeze()  # a session leaves the process to its end
        lines = log.read_text().splitlines() if log.exists() else []
        text = "\n".join([*done.outlines, *done.errlines])
        return Run(int(done.ret), text, self.path / out, lines)


@pytest.fixture(params=[(), ("-n2",)], ids=["alone", "n2"])
def workers(request: pytest.FixtureRequest) -> tuple[str, ...]:
    """Options for one process, or for two."""
    return request.param


def with_workers_once(name: str, first: str, *others: str) -> pytest.MarkDecorator:
    """Parametrize with values; with two workers the first only, since each such session takes seconds."""
    cases = [pytest.param(value, (), id=f"{value}-alone") for value in (first, *others)]
    return pytest.mark.parametrize(
        (name, "workers"), [*cases, pytest.param(first, ("-n2",), id=f"{first}-n2")]
    )


@pytest.fixture(scope="session")
def saved_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bench in which the baseline `main` was saved; to be copied, not changed.

    Its sessions leave what they import in this process. Later ones find it there and leave nothing: pytester
    takes back what they import, and numpy cannot be imported twice.
    """
    bench = GateBench(tmp_path_factory.mktemp("saved"))
    with pytest.MonkeyPatch.context() as patch:
        bench.enter(patch)
        arguments = bench.command(*bench.options("out", "experiment.yaml"))[3:]
        text = io.StringIO()
        with contextlib.redirect_stdout(text):
            codes = [pytest.main([*arguments, *more]) for more in (SAVE, COMPARE)]
    for name, module in list(sys.modules.items()):
        if str(getattr(module, "__file__", None)).startswith(str(bench.path)):
            del sys.modules[name]
    assert codes == [0, 0], text.getvalue()
    return bench.path


def copy_of(saved: Path, to: Path, kind: type[GateBench]) -> GateBench:
    """Return a bench that has what the saved one has."""
    shutil.copytree(saved, to, symlinks=True, ignore=shutil.ignore_patterns("log.txt", "__pycache__"))
    bench = kind.__new__(kind)
    bench.path = to
    return bench


@pytest.fixture
def gated(saved_folder, tmp_path, pytester, monkeypatch) -> InProcessBench:
    """A copy of the bench with its baseline and its memo."""
    bench = copy_of(saved_folder, tmp_path / "bench", InProcessBench)
    bench.pytester, bench.monkeypatch = pytester, monkeypatch
    return bench
