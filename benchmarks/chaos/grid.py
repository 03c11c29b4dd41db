"""The grid that is disturbed, and the command that runs it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

__all__ = ["Command", "experiment"]

_HERE = Path(__file__).resolve().parent
_ROOT = _HERE.parents[1]
_DATASETS = ("Haberman", "Ecoli", "Pima_diabetes", "Ionosphere", "Flare")
_SLOW = "slow_parts:SlowRepeat"
_STUB = {"classifier": "slow_parts:SlowStub"}
# Sizes of the grid, with `Original`: 300 cells, and 24 for a quick look.
_METHODS: Mapping[int, Sequence[Any]] = {
    300: (
        "SMOTE",
        "ADASYN",
        "Borderline_SMOTE1",
        "RandomOverSampler",
        "class_weight",
        "tuned_threshold",
        *({"name": f"Slow{n}", "method": _SLOW} for n in range(3)),
    ),
    24: ("SMOTE", "RandomOverSampler", {"name": "Slow0", "method": _SLOW}),
}
_CLASSIFIERS: Mapping[int, Mapping[str, Any]] = {
    300: {"DecisionTree": {}, "kNN": {}, "LogisticRegression": {}, **{f"Stub{n}": _STUB for n in range(3)}},
    24: {"DecisionTree": {}, "Stub0": _STUB, "Stub1": _STUB},
}


def experiment(folder: Path, n_cells: int) -> Path:
    """Write the experiment of 300 or 24 cells, and return its path."""
    if n_cells not in _METHODS:
        raise SystemExit(f"expected a grid of {' or '.join(map(str, _METHODS))} cells, got {n_cells}")
    text = {
        "name": "chaos",
        "methods": list(_METHODS[n_cells]),
        "datasets": list(_DATASETS if n_cells == 300 else _DATASETS[:2]),
        "experiment_config": {"cv_folds": 2, "selected_classifiers": dict(_CLASSIFIERS[n_cells])},
    }
    path = folder / "chaos.yaml"
    path.write_text(json.dumps(text), encoding="utf-8")  # JSON is YAML
    return path


@dataclass(frozen=True)
class Command:
    """The command that is started again and again.

    Parameters
    ----------
    experiment, out : Path
    n_workers : int
        0 runs the cells in the only process.
    """

    experiment: Path
    out: Path
    n_workers: int

    def start(self, log: Path, *, largest_file: int | None = None) -> subprocess.Popen[bytes]:
        """Start it in a session of its own, its output at the end of `log`.

        Parameters
        ----------
        log : Path
        largest_file : int, optional
            In bytes: files cannot grow beyond, as under a quota.
        """
        command = [
            sys.executable,
            *("-m", "pytest", str(_ROOT / "benchmarks"), "-q", "-p", "no:cacheprovider"),
            *("-n", str(self.n_workers), "--smote-experiment", str(self.experiment)),
            *("--smote-out", str(self.out), "--smote-no-report"),
        ]
        if largest_file is not None:
            blocks = max(1, largest_file // 1024)
            command = ["bash", "-c", f'ulimit -f {blocks}; exec "$@"', "bash", *command]
        environment = {**os.environ, "PYTHONPATH": str(_HERE), "PYTHONDONTWRITEBYTECODE": "1"}
        with log.open("ab") as file:
            return subprocess.Popen(
                command, cwd=_ROOT, env=environment, stdout=file, stderr=file, start_new_session=True
            )
