"""Made-up runs whose truth is known: what every cell scores, and the run that the report would open."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from smote_bench.evaluation.outcome import Cell, Fit, Outcome
from smote_bench.methods.names import ORIGINAL
from smote_bench.runs.open import MetricCard, Run

__all__ = ["METRICS", "STEP", "Scores", "Truth", "draw", "run_of"]

METRICS = ("balanced_accuracy", "g_mean")
SPREAD = 0.02
"""Of a method's effect over data sets, a standard deviation; of a fold's noise it is half of that."""

STEP = 0.05
"""One of twenty minority rows."""

Law = Literal["normal", "related", "three values", "heavy tails", "skewed", "rows"]


@dataclass(frozen=True)
class Truth:
    """What is true of a made-up run.

    Parameters
    ----------
    law : str
        Of what a method's score differs by from data set to data set; ``related`` is normal, with methods
        correlated at .9, ``three values`` is one minority row more, equal or less. ``rows``, of one data set:
        in each fold one minority row more, equal or less, and some majority rows.
    n_datasets, n_methods : int
        One data set has five folds. Methods beside the trivial arms.
    common : float
        Effect of all methods and of class weights.
    first : float
        Effect of the first method alone, in standard deviations of its gain over data sets.
    with_weights : bool
        Whether class weights are run, too.
    """

    law: Law
    n_datasets: int
    n_methods: int
    common: float = 0.0
    first: float = 0.0
    with_weights: bool = False

    @property
    def methods(self) -> list[str]:
        """The methods of the run."""
        more = ["class_weight"] if self.with_weights else []
        return [ORIGINAL, *(f"m{i}" for i in range(self.n_methods)), *more]

    @property
    def n_folds(self) -> int:
        """Of the cross-validation; there is one hold-out."""
        return 5 if self.n_datasets == 1 else 2


@dataclass(frozen=True, eq=False)
class Scores:
    """What the cells of a run score: `values` is of shape (n_metrics, n_methods, n_datasets, n_folds + 1).

    The last fit is the hold-out; the first method is `Original`.
    """

    truth: Truth
    values: np.ndarray


def draw(truth: Truth, rng: np.random.Generator) -> Scores:
    """Draw what every cell scores."""
    n_methods, n, n_fits = len(truth.methods), truth.n_datasets, truth.n_folds + 1
    base = rng.integers(10, 15, size=(n, 1)) * STEP
    gains = _of_one(rng, truth, n_methods, n_fits) if n == 1 else _over(rng, truth, n_methods, n_fits)
    gains[:, 1:] += truth.common
    gains[:, 1] += truth.first * SPREAD
    return Scores(truth, base + gains)


def _over(rng: np.random.Generator, truth: Truth, n_methods: int, n_fits: int) -> np.ndarray:
    """Return gains that differ from data set to data set, by a metric and, nearly the same, by another."""
    shape = (n_methods, truth.n_datasets)
    first, second = _effects(rng, truth.law, shape), _effects(rng, truth.law, shape)
    if truth.law == "three values":
        second = np.where(rng.random(shape) < 0.9, first, second)
        noise = np.zeros((2, *shape, n_fits))
    else:
        second = 0.9 * first + np.sqrt(1 - 0.9**2) * second
        noise = rng.normal(0, SPREAD / 2, size=(2, *shape, n_fits))
    gains = np.stack([first, second])[..., None] + noise
    gains[:, 0] = 0.0
    return gains


def _effects(rng: np.random.Generator, law: Law, shape: tuple[int, int]) -> np.ndarray:
    if law == "three values":
        return STEP * rng.integers(-1, 2, size=shape)
    if law == "heavy tails":
        return SPREAD * rng.standard_t(2, size=shape)
    if law == "skewed":
        return SPREAD * (rng.exponential(size=shape) - 1)
    own = rng.normal(0, SPREAD, size=shape)
    if law == "related":
        effects: np.ndarray = np.sqrt(0.9) * rng.normal(0, SPREAD, size=(1, shape[1])) + np.sqrt(0.1) * own
        return effects
    return own


def _of_one(rng: np.random.Generator, truth: Truth, n_methods: int, n_fits: int) -> np.ndarray:
    """Return what one data set's folds add, `Original`'s own too: all methods' gains share it."""
    shape = (2, n_methods, 1, n_fits)
    if truth.law == "rows":
        return STEP * rng.integers(-1, 2, size=shape) + STEP / 100 * rng.integers(-2, 3, size=shape)
    # Training parts overlap, so folds have something in common: a correlation of 1 in 5 (Nadeau and Bengio).
    common = rng.normal(0, SPREAD / 2, size=(*shape[:3], 1))
    return common + rng.normal(0, SPREAD, size=shape)


def run_of(scores: Scores) -> Run:
    """Return the run that has these scores."""
    truth, n_folds = scores.truth, scores.truth.n_folds
    fits = [*(("cv", 0, fold) for fold in range(n_folds)), ("holdout", 0, 0)]
    datasets = tuple(f"d{i}" for i in range(truth.n_datasets))
    cells = [
        Outcome(
            Cell(dataset, method, "c0"),
            "ok",
            "",
            fits=tuple(
                Fit(*at, dict(zip(METRICS, found, strict=True)), 0.0, 0.0, 0.0, (9, 1), (9, 9))
                for at, found in zip(fits, scores.values[:, i, j].T.tolist(), strict=True)
            ),
        )
        for j, dataset in enumerate(datasets)
        for i, method in enumerate(truth.methods)
    ]
    manifest = {"experiment": {"protocol": {"test_size": 0.2}}}
    return Run(
        Path("nowhere"),
        manifest,
        tuple(cells),
        frozenset(),
        _cards(),
        METRICS,
        datasets,
        tuple(truth.methods),
        ("c0",),
    )


@functools.cache
def _cards() -> dict[str, MetricCard]:
    return {name: MetricCard(name, "high", 0.0, 1.0, name.replace("_", " "), "made up") for name in METRICS}
