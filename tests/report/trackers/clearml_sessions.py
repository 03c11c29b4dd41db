"""Publishes a run to ClearML in a process of its own, and reads back the sessions of the offline mode."""

from __future__ import annotations

import csv
import json
import math
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from smote_bench.environment.optional_packages import is_installed, remedy_for
from smote_bench.evaluation.extras import POINTS
from smote_bench.evaluation.points import take_points
from smote_bench.report.trackers.clearml.session import OFFLINE
from smote_bench.runs.store import Store

ROOT = Path(__file__).resolve().parents[3]

# Not importorskip: ClearML in this process would replace __import__ for all tests after.
needs_clearml = pytest.mark.skipif(not is_installed("clearml"), reason=f"clearml: {remedy_for('clearml')}")

_PUBLISH = """
import sys
from pathlib import Path
{before}
from smote_bench.errors import SmoteBenchError
from smote_bench.report.trackers.clearml.tracker import ClearML
from smote_bench.report.trackers.ledger import Ledger
from smote_bench.runs.open import open_run
folder = Path(sys.argv[1])
try:
    say = lambda line: print("SAID", line, flush=True)
    ClearML().publish(open_run(folder), Ledger(folder, "clearml"), say)
except SmoteBenchError as error:
    sys.exit(f"{{type(error).__name__}}: {{error}}")
{after}
"""


@dataclass(frozen=True)
class Published:
    """What a publishing process said, and how it ended."""

    exit_code: int
    output: str

    @property
    def said(self) -> list[str]:
        return [line.removeprefix("SAID ") for line in self.output.splitlines() if line.startswith("SAID ")]


def publish(run: Path, home: Path, *, before: str = "", after: str = "", **env: str) -> Published:
    """Send a run, nothing of this machine's ClearML configuration near.

    Parameters
    ----------
    run : Path
    home : Path
        The process's home.
    before, after : str
        Python lines to run there too.
    **env : str
        Its environment's variables.
    """
    home.mkdir(parents=True, exist_ok=True)
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("CLEARML", "TRAINS", "PYTEST"))}
    own = {"HOME": str(home), "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    done = subprocess.run(
        [sys.executable, "-c", _PUBLISH.format(before=before, after=after), str(run)],
        env={**clean, **own, **env},
        cwd=home,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=300,
    )
    return Published(done.returncode, done.stdout)


def with_settings(run: Path, **settings: Any) -> Path:
    """Write settings of trackers into a run's manifest."""
    path = run / "manifest.json"
    manifest = json.loads(path.read_text())
    manifest["experiment"]["tracking"] = {**manifest["experiment"].get("tracking", {}), **settings}
    path.write_text(json.dumps(manifest))
    return run


def record_removed_rows(run: Path, dataset: str, method: str) -> None:
    """Record points of a method that removed 5 of 45 rows of the majority and 3 of 15, and made 7."""
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(60, 6)), (np.arange(60) < 15).astype(np.int64)
    kept = np.r_[0:12, 20:60]
    after = np.vstack([X[kept], rng.normal(size=(7, 6))]), np.r_[y[kept], np.ones(7, dtype=np.int64)]
    store = Store(run / "cells.sqlite")
    data = take_points((X, y), after).dumps()
    store.put_extra(f"{dataset}-{method}", POINTS, data, dataset=dataset, method=method)
    store.close()


def without_plots(run: Path) -> Path:
    """Switch plots off, and with them the import of scikit-learn: for tests of how things are sent."""
    plots = ("scatter_plots", "tsne_plots", "roc_curves", "precision_recall_curves")
    return with_settings(run, **{f"enable_{name}": False for name in plots})


@dataclass(frozen=True)
class Session:
    """A task of the offline mode."""

    folder: Path

    @cached_property
    def task(self) -> dict[str, Any]:
        return json.loads((self.folder / "task.json").read_text())

    @property
    def name(self) -> str:
        return self.task["name"]

    @cached_property
    def events(self) -> list[dict[str, Any]]:
        path = self.folder / "metrics.jsonl"
        lines = path.read_text().splitlines() if path.exists() else []
        return [event for line in lines for event in json.loads(line)]

    @cached_property
    def scalars(self) -> dict[tuple[str, str], dict[int, float]]:
        """Values by step, by title and series."""
        found: dict[tuple[str, str], dict[int, float]] = {}
        for event in self.events:
            if event["type"] == "training_stats_scalar":
                values = found.setdefault((event["metric"], event["variant"]), {})
                assert event["iter"] not in values, event
                values[event["iter"]] = event["value"]
        return found

    @cached_property
    def plots(self) -> dict[tuple[str, str], dict[str, Any]]:
        """Figures with their ``iter``, by title and series."""
        found: dict[tuple[str, str], dict[str, Any]] = {}
        for event in self.events:
            if event["type"] == "plot":
                key = event["metric"], event["variant"]
                assert key not in found, key
                found[key] = {**json.loads(event["plot_str"]), "iter": event["iter"]}
        return found

    @cached_property
    def tables(self) -> dict[tuple[str, str], list[dict[str, Any]]]:
        """Rows of the plots that are tables, by title and series."""
        found = {}
        for key, figure in self.plots.items():
            (trace, *_) = figure["data"]
            if trace["type"] == "table":
                rows = zip(*trace["cells"]["values"], strict=True)
                found[key] = [dict(zip(trace["header"]["values"], row, strict=True)) for row in rows]
        return found

    @cached_property
    def parameters(self) -> dict[str, dict[str, str]]:
        sections = self.task.get("hyperparams", {})
        return {
            section: {name: of["value"] for name, of in values.items()}
            for section, values in sections.items()
        }

    @cached_property
    def artifacts(self) -> dict[str, Path]:
        found = self.task.get("execution", {}).get("artifacts") or []
        return {artifact["key"]: Path(artifact["uri"]) for artifact in found}

    @cached_property
    def console(self) -> str:
        lines = (self.folder / "log.jsonl").read_text().splitlines()
        return "\n".join(event["msg"] for line in lines for event in json.loads(line))


def sessions_of(run: Path) -> list[Session]:
    """Return all sessions in a run's folder; each lies there as a folder and as an archive."""
    folder = run / OFFLINE
    found = sorted(path for path in folder.iterdir() if path.is_dir())
    assert [path.name for path in sorted(folder.glob("*.zip"))] == [f"{path.name}.zip" for path in found]
    return [Session(path) for path in found]


def by_name(run: Path) -> dict[str, Session]:
    """Return the sessions of a run by their tasks' names, each there once."""
    found = sessions_of(run)
    named = {session.name: session for session in found}
    assert len(named) == len(found), sorted(session.name for session in found)
    return named


Scores = Mapping[tuple[str, str, str, str, str], Mapping[int, float]]


def scores_of(run: Path) -> Scores:
    """Return ``scores.csv``: values by step (from 1, repeat after repeat), NaN where empty.

    The keys are data set, method, classifier, phase and metric.
    """
    folds = json.loads((run / "manifest.json").read_text())["experiment"]["protocol"]["cv_folds"]
    found: dict[tuple[str, str, str, str, str], dict[int, float]] = {}
    with (run / "scores.csv").open(newline="") as file:
        for row in csv.DictReader(file):
            key = tuple(row[name] for name in ("dataset", "method", "classifier", "phase", "metric"))
            in_repeat = folds if row["phase"] == "cv" else 1
            step = int(row["repeat"]) * in_repeat + int(row["fold"]) + 1
            found.setdefault(key, {})[step] = float(row["value"]) if row["value"] else math.nan
    return found
