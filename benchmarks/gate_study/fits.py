"""The real fits that the study resamples: computed by the bench itself, kept in a folder, resumed after a stop.

One file per (part, data set, draw). Its name has a digest of the grid, of the bench's code and of the
libraries' versions, so that a file is never taken for what it is not.
"""

from __future__ import annotations

import functools
import hashlib
import os
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Literal

import numpy as np

from benchmarks.gate_study import grid, scenarios
from smote_bench.evaluate import CellPlan, evaluate_cell
from smote_bench.experiment import Experiment
from smote_bench.gate.panel import Panel, Unit
from smote_bench.keys import code_digest
from smote_bench.outcome import Task
from smote_bench.targets import package_version

__all__ = ["UNITS", "Job", "compute", "grid_digest", "jobs", "load"]

Part = Literal["null", "scenarios"]
UNITS = tuple(Unit(split, fold) for split in range(grid.N_SPLITS) for fold in range(grid.N_FOLDS))
_LIBRARIES = ("numpy", "scipy", "sklearn", "imblearn")


@dataclass(frozen=True)
class Job:
    """All cells of a data set on one draw.

    Parameters
    ----------
    part : {"null", "scenarios"}
        The grid as it is; or each scenario in place of SMOTE.
    dataset : str
    draw : int
    """

    part: Part
    dataset: str
    draw: int

    @property
    def methods(self) -> tuple[str, ...]:
        """The methods that are fitted."""
        if self.part == "null":
            return grid.null_methods()
        return tuple(scenario.name for scenario in (*scenarios.HARMLESS, *scenarios.DEFECTS))

    def path(self, folder: Path) -> Path:
        """Return the job's file."""
        return folder / grid_digest() / f"{self.part}-{self.dataset}-{self.draw:02d}.npz"


def jobs(n_null: int, n_scenarios: int) -> list[Job]:
    """Return the jobs in their order: draw by draw, so that a study that was stopped has whole draws."""
    null = [Job("null", dataset, draw) for draw in range(n_null) for dataset in grid.DATASETS]
    # Draws that no baseline has: scenarios come after the seeds of the null grid.
    first = n_null
    other = [
        Job("scenarios", dataset, first + draw) for draw in range(n_scenarios) for dataset in grid.DATASETS
    ]
    return null + other


@functools.cache
def grid_digest() -> str:
    """Return 12 hexadecimal digits that change with the grid, the bench's code or a library."""
    digest = hashlib.sha256(grid.grid_text().encode())
    for module in (grid, scenarios):
        digest.update(Path(str(module.__file__)).read_bytes())
    versions = [sys.version_info[:2], *(package_version(name) for name in _LIBRARIES)]
    digest.update(f"{code_digest()} {versions}".encode())
    return digest.hexdigest()[:12]


def compute(wanted: Sequence[Job], folder: Path, *, n_workers: int = 2) -> float:
    """Compute the jobs whose files are not there, and return the seconds it took.

    Raises
    ------
    RuntimeError
        If a cell did not give scores: the study has no use for a grid with holes.
    """
    missing = [job for job in wanted if not job.path(folder).exists()]
    if not missing:
        return 0.0
    started = time.perf_counter()
    missing[0].path(folder).parent.mkdir(parents=True, exist_ok=True)
    os.environ |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
    with ProcessPoolExecutor(n_workers, mp_context=get_context("spawn")) as pool:
        futures = [pool.submit(_run, job, folder) for job in missing]
        for n_done, future in enumerate(as_completed(futures), start=1):
            future.result()
            print(f"{n_done}/{len(missing)} jobs, {time.perf_counter() - started:.0f} s", flush=True)
    return time.perf_counter() - started


def load(wanted: Iterable[Job], folder: Path) -> Panel:
    """Return the scores of jobs of one part as a panel; the methods are the cells' names."""
    chosen = list(wanted)
    datasets = tuple(dict.fromkeys(job.dataset for job in chosen))
    draws = tuple(dict.fromkeys(job.draw for job in chosen))
    classifiers = tuple(_experiment(0).classifiers)
    methods = chosen[0].methods
    cells = [Task(d, m, c) for d in datasets for m in methods for c in classifiers]
    panel = Panel.empty(cells, UNITS, draws, grid.METRICS)
    n_per_dataset = len(methods) * len(classifiers)
    for job in chosen:
        start = datasets.index(job.dataset) * n_per_dataset
        values = np.load(job.path(folder))["values"]
        panel.values[start : start + n_per_dataset, :, draws.index(job.draw)] = values
    panel.present[...] = True
    return panel


@functools.cache
def _experiment(draw: int) -> Experiment:
    return grid.experiment(draw)


@functools.cache
def _folds(dataset: str) -> grid.SmallFolds:
    """Return where a data set's prepared folds are kept: one per process, for all draws."""
    return grid.SmallFolds(_experiment(0))


def _run(job: Job, folder: Path) -> None:
    experiment = _experiment(job.draw)
    folds = grid.SmallFolds(experiment, like=_folds(job.dataset))
    values = np.array(list(_cells(job, experiment, folds)))
    path = job.path(folder)
    unfinished = path.with_suffix(f".{os.getpid()}.part")
    with unfinished.open("wb") as file:
        np.savez_compressed(file, values=values)
    unfinished.replace(path)


def _cells(job: Job, experiment: Experiment, folds: grid.SmallFolds) -> Iterator[list[list[float]]]:
    metrics: Any = tuple(experiment.metrics[name] for name in grid.METRICS)
    for method in job.methods:
        resampled = list(folds.folds(job.dataset, method))
        for name, classifier in experiment.classifiers.items():
            plan = CellPlan(
                Task(job.dataset, method, name),
                experiment.methods[method],
                classifier,
                experiment.protocol.random_state,
                metrics,
                draw=job.draw,
            )
            outcome = evaluate_cell(plan, resampled)
            if not outcome.is_scored or tuple(Unit(f.repeat, f.fold) for f in outcome.fits) != UNITS:
                raise RuntimeError(
                    f"expected scores of {len(UNITS)} fits of {plan.task.id}, got {len(outcome.fits)}: "
                    f"{outcome.status}: {outcome.reason}; take the cell out of the grid"
                )
            yield [[fit.scores[metric] for metric in grid.METRICS] for fit in outcome.fits]
