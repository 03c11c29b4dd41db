"""Made-up sides of a gate with a known truth."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from smote_bench.evaluation.outcome import Cell
from smote_bench.gating.evidence.evidence import Better, Evidence
from smote_bench.gating.evidence.panel import Panel, Unit

METRICS = ("balanced_accuracy", "g_mean")


def units_of(n_splits: int, n_folds: int) -> list[Unit]:
    """Return the units of splits with folds."""
    return [Unit(split, fold) for split in range(n_splits) for fold in range(n_folds)]


def cells_of(methods: int, datasets: int, classifiers: int) -> list[Cell]:
    """Return the cells of a grid: methods m0, m1..., data sets d0..., classifiers c0..."""
    return [
        Cell(f"d{d}", f"m{m}", f"c{c}")
        for m in range(methods)
        for d in range(datasets)
        for c in range(classifiers)
    ]


class Truth:
    """Scores with known seed noise: a level per cell, and draws that the classifiers of a method share.

    Parameters
    ----------
    methods, datasets, classifiers : int
    n_splits, n_folds : int
    sd : sequence of float or float
        Of a fold's score from seed to seed, by cell.
    shared : float
        Share of the variance that the classifiers of a (data set, method) have in common.
    seed : int
    """

    def __init__(
        self,
        methods: int = 3,
        datasets: int = 4,
        classifiers: int = 2,
        *,
        n_splits: int = 5,
        n_folds: int = 5,
        sd: Sequence[float] | float = 0.02,
        shared: float = 0.5,
        metrics: Sequence[str] = METRICS,
        seed: int = 0,
    ) -> None:
        self.cells = cells_of(methods, datasets, classifiers)
        self.units = units_of(n_splits, n_folds)
        self.metrics = tuple(metrics)
        self.rng = np.random.default_rng(seed)
        self._classifiers = classifiers
        self._shared = shared
        n = len(self.cells)
        self._sd = np.broadcast_to(np.asarray(sd, dtype=float), (n,))[:, None, None, None]
        self._level = self.rng.uniform(0.6, 0.9, (n, len(self.units), 1, len(self.metrics)))

    def panel(self, draws: Iterable[int]) -> Panel:
        """Return a panel of fresh draws."""
        panel = Panel.empty(self.cells, self.units, list(draws), self.metrics)
        shape = panel.values.shape
        common = self.rng.normal(size=(shape[0] // self._classifiers, *shape[1:]))
        common = np.repeat(common, self._classifiers, axis=0)
        own = self.rng.normal(size=shape)
        noise = np.sqrt(self._shared) * common + np.sqrt(1 - self._shared) * own
        panel.values[:] = self._level + self._sd * noise
        panel.present[:] = True
        return panel

    def baseline(self, n_seeds: int = 4) -> Evidence:
        """Return a baseline with seeds 0, 1, ..."""
        return side("baseline", self.panel(range(n_seeds)))

    def run(self, drop: Mapping[str, float] | float = 0.0, *, draw: int = 0) -> Evidence:
        """Return a run with another random stream; `drop` by method, or of all."""
        panel = self.panel([draw])
        for n, cell in enumerate(panel.cells):
            panel.values[n] -= drop.get(cell.method, 0.0) if isinstance(drop, Mapping) else drop
        return side("run", panel)


def side(name: str, scores: Panel, better: Mapping[str, Better] | None = None) -> Evidence:
    """Return one side of a gate, all of its cells ok."""
    return Evidence(
        name,
        scores,
        better or dict.fromkeys(scores.names, "high"),
        statuses=dict.fromkeys(scores.cells, ("ok", "")),
    )


def same_as(baseline: Evidence, *, draw: int = 0) -> Evidence:
    """Return a run that is the baseline's draw to the last digit."""
    return side("run", baseline.scores.take(draws=[draw]), baseline.better)
