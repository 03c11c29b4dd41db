"""The real fits that the study resamples: computed by the bench itself, kept in files, resumed after a stop.

One file per data set and draw, in a folder named by a digest of the grid, of the code behind the numbers and
of the libraries' versions, so that a file is never taken for what it is not.
"""

from __future__ import annotations

import functools
import hashlib
import itertools
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

import smote_impls
from benchmarks.gate_study import grid, scenarios
from smote_bench.environment.code_digest import digest_of_files, modules_behind
from smote_bench.environment.targets import package_version
from smote_bench.evaluation.descriptors import OF_NUMBERS, describe
from smote_bench.evaluation.evaluate import CellPlan, evaluate_cell
from smote_bench.evaluation.outcome import Cell
from smote_bench.experiment.model import Experiment
from smote_bench.gating.evidence.panel import Panel, Unit

__all__ = ["UNITS", "Job", "compute", "grid_digest", "load"]

Part = Literal["null", "scenarios"]
What = Literal["scores", "samples"]
UNITS = tuple(Unit(split, fold) for split in range(grid.N_SPLITS) for fold in range(grid.N_FOLDS))
_LIBRARIES = ("numpy", "scipy", "sklearn", "imblearn")
# Narrower than `smote_bench.runs.keys.code_digest`: half an hour of fits is not repeated for another report.
_COMPUTES = (
    "evaluation.evaluate",
    "evaluation.folds",
    "evaluation.samples",
    "classifiers.registry",
    "classifiers.forest",
    "classifiers.decision_tree",
)


@dataclass(frozen=True)
class Job:
    """All cells of a data set on one draw.

    Parameters
    ----------
    part : {"null", "scenarios"}
        The grid as it is; or each scenario in place of SMOTE.
    what : {"scores", "samples"}
        Metrics of every classifier; or descriptors of the resampled rows.
    dataset : str
    draw : int
    """

    part: Part
    what: What
    dataset: str
    draw: int

    @property
    def methods(self) -> tuple[str, ...]:
        """The methods, of samples only those that resample."""
        if self.part == "scenarios":
            return tuple(scenario.name for scenario in (*scenarios.HARMLESS, *scenarios.DEFECTS))
        names = grid.null_methods()
        return names if self.what == "scores" else tuple(n for n in names if _experiment(0).methods[n].steps)

    @property
    def names(self) -> tuple[str, ...]:
        """What is measured."""
        return grid.METRICS if self.what == "scores" else OF_NUMBERS

    @property
    def classifiers(self) -> tuple[str, ...]:
        """The classifiers; none where samples are described."""
        return tuple(_experiment(0).classifiers) if self.what == "scores" else ("",)

    def path(self, folder: Path) -> Path:
        """Return the job's file."""
        return folder / grid_digest() / f"{self.part}-{self.what}-{self.dataset}-{self.draw:02d}.npz"


@functools.cache
def grid_digest() -> str:
    """Return 12 hexadecimal digits that change with the grid, the code behind its numbers, or a library."""
    digest = hashlib.sha256(grid.grid_text().encode())
    digest.update(digest_of_files(modules_behind(_COMPUTES)).encode())
    samplers = Path(str(smote_impls.__file__)).parent
    files = [Path(str(module.__file__)) for module in (grid, scenarios)]
    for file in (*files, *sorted(samplers.glob("*.py"))):
        digest.update(file.name.encode() + b"\0" + file.read_bytes())
    versions = [sys.version_info[:2], *(package_version(name) for name in _LIBRARIES)]
    digest.update(str(versions).encode())
    return digest.hexdigest()[:12]


def compute(wanted: Iterable[Job], folder: Path, *, n_workers: int = 2) -> float:
    """Compute the jobs whose files are not there, in their order, and return the seconds it took.

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
        futures = [pool.submit(_run, job, job.path(folder)) for job in missing]
        for n_done, future in enumerate(as_completed(futures), start=1):
            future.result()
            print(f"{n_done} of {len(missing)} files, {time.perf_counter() - started:.0f} s", flush=True)
    return time.perf_counter() - started


def load(wanted: Sequence[Job], folder: Path) -> Panel:
    """Return jobs of one part and kind as a panel; scenarios stand in it as methods."""
    datasets = tuple(dict.fromkeys(job.dataset for job in wanted))
    draws = tuple(dict.fromkeys(job.draw for job in wanted))
    one = wanted[0]
    cells = [Cell(*names) for names in itertools.product(datasets, one.methods, one.classifiers)]
    panel = Panel.empty(cells, UNITS, draws, one.names)
    per_dataset = len(cells) // len(datasets)
    for job in wanted:
        start = datasets.index(job.dataset) * per_dataset
        with np.load(job.path(folder)) as file:
            panel.values[start : start + per_dataset, :, draws.index(job.draw)] = file["values"]
        panel.present[start : start + per_dataset, :, draws.index(job.draw)] = True
    return panel


@functools.cache
def _experiment(draw: int) -> Experiment:
    return grid.experiment(draw)


@functools.cache
def _folds(dataset: str) -> grid.SmallFolds:  # noqa: ARG001 - the cache's key
    """Return where a data set's prepared folds are kept: one per process, for all draws."""
    return grid.SmallFolds(_experiment(0))


def _run(job: Job, path: Path) -> None:
    experiment = _experiment(job.draw)
    folds = grid.SmallFolds(experiment, like=_folds(job.dataset))
    make = _scores if job.what == "scores" else _samples
    values = np.array(list(make(job, experiment, folds)))
    unfinished = path.with_suffix(f".{os.getpid()}.part")
    with unfinished.open("wb") as file:
        np.savez_compressed(file, values=values)
    unfinished.replace(path)


def _scores(job: Job, experiment: Experiment, folds: grid.SmallFolds) -> Iterator[list[list[float]]]:
    metrics: Any = tuple(experiment.metrics[name] for name in job.names)
    for method in job.methods:
        resampled = list(folds.folds(job.dataset, method))
        for name, classifier in experiment.classifiers.items():
            plan = CellPlan(
                Cell(job.dataset, method, name),
                experiment.methods[method],
                classifier,
                experiment.protocol.random_state,
                metrics,
                draw=job.draw,
            )
            outcome = evaluate_cell(plan, resampled)
            if not outcome.is_scored or tuple(Unit(f.repeat, f.fold) for f in outcome.fits) != UNITS:
                raise RuntimeError(
                    f"expected scores of {len(UNITS)} fits of {plan.cell.id}, got {len(outcome.fits)}: "
                    f"{outcome.status}: {outcome.reason}; take the cell out of the grid"
                )
            yield [[fit.scores[metric] for metric in job.names] for fit in outcome.fits]


def _samples(job: Job, _: Experiment, folds: grid.SmallFolds) -> Iterator[list[list[float]]]:
    for method in job.methods:
        described = []
        for fold in folds.folds(job.dataset, method):
            assert fold.X_before is not None
            assert fold.y_before is not None
            numbers = describe((fold.X_before, fold.y_before), (fold.X, fold.y))
            described.append([numbers[name] for name in job.names])
        yield described
