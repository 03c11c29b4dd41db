"""Scores of a run as blocks: data sets in rows, methods in columns; and which are missing, and why."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from smote_bench.errors import ConfigError, did_you_mean
from smote_bench.evaluation.outcome import Cell

if TYPE_CHECKING:
    from smote_bench.runs.open import Run
    from smote_bench.stats.frames import Better

__all__ = ["blocks", "cell_score", "check_metric", "classifiers_of", "direction", "not_run"]


def blocks(run: Run, metric: str, classifier: str | None = None) -> pd.DataFrame:
    """Return mean scores in the scoring phase.

    Parameters
    ----------
    run : Run
    metric : str
    classifier : str, optional
        Default the mean over all classifiers that the run has on the data set, but for those that no
        comparison is over (`smote_bench.runs.compared_cells.Grid.without`).

    Returns
    -------
    DataFrame of shape (n_datasets, n_methods)
        NaN where a cell is missing, not scored, or its score undefined or infinite. With several classifiers
        a method has a score only where it has one with each of them: means over different classifiers cannot
        be compared.

    Raises
    ------
    ConfigError
        For a metric or classifier that the run does not have.
    """
    check_metric(run, metric)
    key = "blocks", metric, classifier
    if key not in run.computed:
        run.computed[key] = _blocks(run, metric, classifier)
    found: pd.DataFrame = run.computed[key]
    return found.copy()


def _blocks(run: Run, metric: str, classifier: str | None) -> pd.DataFrame:
    rows = []
    for dataset in run.datasets:
        names = classifiers_of(run, dataset, metric, classifier)
        row = []
        for method in run.methods:
            scores = [cell_score(run, Cell(dataset, method, name), metric) for name in names]
            row.append(math.fsum(scores) / len(scores) if scores else math.nan)
        rows.append(row)
    return pd.DataFrame(
        rows,
        index=pd.Index(run.datasets, name="dataset"),
        columns=pd.Index(run.methods, name="method"),
        dtype=float,
    )


def not_run(run: Run, metric: str, classifier: str | None = None) -> pd.DataFrame:
    """Return, in the shape of `blocks`, where a score is missing for want of a cell, not for its failure.

    A cell that was not selected, or whose data set or package is not here, says nothing about its method.
    """
    found = np.zeros((len(run.datasets), len(run.methods)), dtype=bool)
    for i, dataset in enumerate(run.datasets):
        names = classifiers_of(run, dataset, metric, classifier)
        for j, method in enumerate(run.methods):
            cells = [run.by_cell.get(Cell(dataset, method, name)) for name in names]
            found[i, j] = not cells or any(cell is None or cell.status == "unavailable" for cell in cells)
    return pd.DataFrame(found, index=list(run.datasets), columns=list(run.methods))


def cell_score(run: Run, cell: Cell, metric: str) -> float:
    """Return a cell's mean score in the scoring phase; NaN where there is none."""
    outcome, phase = run.by_cell.get(cell), run.grid.phase
    if outcome is None or not outcome.is_defined(metric, phase):
        return math.nan
    return outcome.mean(metric, phase)


def classifiers_of(run: Run, dataset: str, metric: str, classifier: str | None = None) -> list[str]:
    """Return the classifiers that a score on a data set is the mean over, the same for all methods."""
    if classifier is None:
        return run.grid.compared_on(dataset, metric)
    if classifier not in run.classifiers:
        raise ConfigError(
            f"expected a classifier of the run, got {classifier!r}."
            f"{did_you_mean(classifier, run.classifiers)} Choose from {', '.join(run.classifiers)}"
        )
    return [name for name in run.grid.run_on(dataset) if name == classifier]


def check_metric(run: Run, metric: str) -> None:
    """Raise unless the run has the metric.

    Raises
    ------
    ConfigError
    """
    if metric not in run.metrics:
        raise ConfigError(
            f"expected a metric of the run, got {metric!r}.{did_you_mean(metric, run.metrics)} "
            f"Choose from {', '.join(run.metrics)}"
        )


def direction(run: Run, metric: str) -> Better:
    """Return which way a metric improves; one without a direction is read as high, as in all tables."""
    check_metric(run, metric)
    return "low" if run.metrics[metric].better == "low" else "high"
