"""Runs in memory from scores alone: what each cell scored is written down, so the truth is known."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from smote_bench.evaluation.outcome import Cell, Fit, Outcome
from smote_bench.runs.open import MetricCard, Run

__all__ = ["cell", "cells_of_table", "effects_run", "scored_run"]

Scores = Mapping[str, Sequence[float]]


def cell(
    cell: tuple[str, str, str],
    cv: Scores | Sequence[float] = (),
    holdout: Scores | Sequence[float] = (),
    *,
    status: str = "ok",
    n_folds: int | None = None,
    seconds: float = 1.0,
) -> Outcome:
    """Return a cell with the given values of each metric by fit; of the metric ``m`` where none is named."""
    fits = []
    for phase, scores in (("cv", cv), ("holdout", holdout)):
        named = scores if isinstance(scores, Mapping) else {"m": scores}
        n = max(map(len, named.values()), default=0)
        folds = (n_folds or n) if phase == "cv" else 1
        for i in range(n):
            values = {metric: float(found[i]) for metric, found in named.items()}
            at = (phase, i // folds, i % folds)
            fits.append(Fit(*at, values, 0.0, seconds, 0.0, (9, 1), (9, 9)))
    return Outcome(Cell(*cell), status, "" if status == "ok" else f"a {status}", fits=tuple(fits))


def cells_of_table(
    scores: dict[str, Sequence[float | str]], *, classifier: str = "kNN", spread: float = 0.0
) -> list[Outcome]:
    """Return a cell per method and data set, from its score, or from its status."""
    cells = []
    for method, row in scores.items():
        for i, score in enumerate(row):
            names = (f"data{i}", method, classifier)
            if isinstance(score, str):
                cells.append(cell(names, status=score))
            else:
                cells.append(cell(names, [score - spread, score, score + spread], [score]))
    return cells


def scored_run(
    cells: Sequence[Outcome],
    *,
    better: Mapping[str, str | None] | None = None,
    test_size: float = 0.2,
    unbounded: Sequence[str] = (),
) -> Run:
    """Return a run of these cells; all metrics are priority metrics, high is better where nothing is said."""
    names = dict.fromkeys(name for outcome in cells for fit in outcome.fits for name in fit.scores) or {
        "m": 0
    }
    directions: dict[str, Any] = dict.fromkeys(names, "high") | dict(better or {})
    metrics = {
        name: MetricCard(
            name, direction, 0.0, math.inf if name in unbounded else 1.0, name.replace("_", " "), "made up"
        )
        for name, direction in directions.items()
    }
    datasets, methods, classifiers = (
        tuple(dict.fromkeys(getattr(c.cell, p) for c in cells)) for p in ("dataset", "method", "classifier")
    )
    counts = {"total": len(cells), "from_memo": 0, "by_status": Counter(c.status for c in cells)}
    manifest = {"experiment": {"protocol": {"test_size": test_size}}, "cells": counts}
    return Run(
        Path("nowhere"),
        manifest,
        tuple(cells),
        frozenset(),
        metrics,
        tuple(metrics),
        datasets,
        methods,
        classifiers,
    )


def effects_run(
    effects: Mapping[str, float],
    *,
    datasets: int = 8,
    classifiers: int = 2,
    folds: int = 5,
    spread: float = 0.01,
    metrics: Mapping[str, float] | None = None,
    better: Mapping[str, str | None] | None = None,
    seed: int = 0,
) -> Run:
    """Return a run whose methods move each metric by a known effect, give or take `spread`.

    Parameters
    ----------
    effects : mapping of method to float
        On `Original`, which is not named. Hold-out and cross-validation move alike.
    metrics : mapping of metric to float
        By what the effects are multiplied; default ``balanced_accuracy`` alone, once.
    """
    rng = np.random.default_rng(seed)
    metrics = metrics or {"balanced_accuracy": 1.0}
    cells = []
    for d in range(datasets):
        base = rng.uniform(0.5, 0.7)
        moves = {name: effect + rng.normal(0, spread) for name, effect in effects.items()}
        for name, move in {"Original": 0.0, **moves}.items():
            for c in range(classifiers):
                by_phase: list[dict[str, list[float]]] = []
                for n in (folds, 1):
                    noise = 0.0 if name == "Original" else spread
                    by_phase.append(
                        {
                            metric: [base + 0.01 * c + times * move + rng.normal(0, noise) for _ in range(n)]
                            for metric, times in metrics.items()
                        }
                    )
                cells.append(cell((f"data{d}", name, f"classifier{c}"), *by_phase))
    return scored_run(cells, better=better)
