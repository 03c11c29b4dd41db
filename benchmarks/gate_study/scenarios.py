"""The samplers of the study: SMOTE unchanged in law but not in bytes, and SMOTE with one defect each.

`HARMLESS` must raise no alarm, `DEFECTS` must. Each is SMOTE as published but for the one thing that its name
says, so that what a gate sees is that thing alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from smote_impls import SMOTE
from smote_impls.nearest.neighbors import k_nearest
from smote_impls.segments import Segments
from smote_impls.target import TargetClass

__all__ = [
    "DEFECTS",
    "HARMLESS",
    "SOUND",
    "FlippedLabels",
    "MajorityNeighbors",
    "MissingRows",
    "NoOp",
    "OtherStream",
    "RandomNeighbor",
    "ScaledStep",
    "Scenario",
]

_HERE = "benchmarks.gate_study.scenarios"


class OtherStream(SMOTE):
    """SMOTE after a refactor: the same law, drawn from another generator and in another order."""

    def _synthesize(self, target: TargetClass, rng: np.random.RandomState) -> Segments:
        generator = np.random.Generator(np.random.PCG64(rng.randint(2**31, size=4)))
        n_rows, n_samples = len(target.rows), target.n_samples
        neighbors = self._neighbors(target)
        step = generator.random(n_samples)
        column = generator.integers(neighbors.shape[1], size=n_samples)
        share, remainder = divmod(n_samples, n_rows)
        extra = generator.choice(n_rows, size=remainder, replace=False)
        origin = np.concatenate([np.tile(np.arange(n_rows), share), extra])
        return Segments(target.rows[origin], neighbors[origin, column], step)

    def _neighbors(self, target: TargetClass) -> np.ndarray:
        k = self.k_neighbors_[target.label] = min(int(self.k_neighbors), len(target.rows) - 1)
        found = k_nearest(target.X_class, target.X_class, k, self_rows=np.arange(len(target.rows)))
        neighbors: np.ndarray = target.rows[found]
        return neighbors


class NoOp(SMOTE):
    """Returns its input."""

    def fit_resample(self, X: Any, y: Any, **params: Any) -> tuple[Any, Any]:
        """Return X and y themselves."""
        return X, y


class FlippedLabels(SMOTE):
    """Labels a share of the synthetic rows as majority."""

    def __init__(self, *, share: float = 0.05, random_state: Any = None, k_neighbors: Any = 5) -> None:
        super().__init__(random_state=random_state, k_neighbors=k_neighbors)
        self.share = share

    def fit_resample(self, X: Any, y: Any, **params: Any) -> tuple[Any, Any]:
        """Return SMOTE's rows, some of the new ones with the other label."""
        rows, labels = super().fit_resample(X, y, **params)
        labels = np.array(labels)
        synthetic = np.arange(len(X), len(labels))
        rng = np.random.RandomState(self.random_state)
        flipped = rng.permutation(synthetic)[: round(self.share * len(synthetic))]
        labels[flipped] = labels.max() - labels[flipped]
        return rows, labels


class MajorityNeighbors(SMOTE):
    """Leads a share of the segments to one of the nearest rows of the majority."""

    def __init__(self, *, share: float = 1.0, random_state: Any = None, k_neighbors: Any = 5) -> None:
        super().__init__(random_state=random_state, k_neighbors=k_neighbors)
        self.share = share

    def _synthesize(self, target: TargetClass, rng: np.random.RandomState) -> Segments:
        segments = super()._synthesize(target, rng)
        majority = np.flatnonzero(~target.in_class)
        nearest = majority[k_nearest(target.X[majority], target.X[segments.seed], int(self.k_neighbors))]
        drawn = nearest[np.arange(len(segments)), rng.randint(nearest.shape[1], size=len(segments))]
        wrong = rng.uniform(size=len(segments)) < self.share
        return Segments(segments.seed, np.where(wrong, drawn, segments.neighbor), segments.step)


class MissingRows(SMOTE):
    """Makes only a share of the rows that were asked for."""

    def __init__(self, *, share: float = 0.5, random_state: Any = None, k_neighbors: Any = 5) -> None:
        super().__init__(random_state=random_state, k_neighbors=k_neighbors)
        self.share = share

    def fit_resample(self, X: Any, y: Any, **params: Any) -> tuple[Any, Any]:
        """Return SMOTE's rows without some of the new ones."""
        rows, labels = super().fit_resample(X, y, **params)
        # Which go is drawn: the last ones are not like the first, since rows come seed by seed.
        rng = np.random.RandomState(self.random_state)
        n_synthetic = len(rows) - len(X)
        missing = len(X) + rng.permutation(n_synthetic)[: round(self.share * n_synthetic)]
        return np.delete(rows, missing, axis=0), np.delete(labels, missing)


class ScaledStep(SMOTE):
    """Multiplies the step: 1.5 goes beyond the neighbour, -1 away from it."""

    def __init__(self, *, factor: float = 1.5, random_state: Any = None, k_neighbors: Any = 5) -> None:
        super().__init__(random_state=random_state, k_neighbors=k_neighbors)
        self.factor = factor

    def _synthesize(self, target: TargetClass, rng: np.random.RandomState) -> Segments:
        segments = super()._synthesize(target, rng)
        return Segments(segments.seed, segments.neighbor, self.factor * segments.step)


class RandomNeighbor(SMOTE):
    """Leads every segment to any other row of the minority, near or far."""

    def _synthesize(self, target: TargetClass, rng: np.random.RandomState) -> Segments:
        segments = super()._synthesize(target, rng)
        n_rows = len(target.rows)
        position = np.searchsorted(target.rows, segments.seed)
        other = (position + rng.randint(1, n_rows, size=len(segments))) % n_rows
        return Segments(segments.seed, target.rows[other], segments.step)


@dataclass(frozen=True)
class Scenario:
    """What takes the place of SMOTE.

    Parameters
    ----------
    name : str
        In tables.
    target : str
        ``module:Class``, as experiments name methods.
    params : mapping
    """

    name: str
    target: str
    params: Mapping[str, Any] = field(default_factory=dict)


SOUND = Scenario("SMOTE", "smote_impls:SMOTE")

HARMLESS = (
    Scenario("other stream", f"{_HERE}:OtherStream"),
    Scenario("imbalanced-learn's SMOTE", "imblearn.over_sampling:SMOTE"),
)
"""Beside these two, `reseeded` and `shift of .002` need no sampler of their own."""

DEFECTS = (
    Scenario("no-op", f"{_HERE}:NoOp"),
    Scenario("5% flipped labels", f"{_HERE}:FlippedLabels", {"share": 0.05}),
    Scenario("20% flipped labels", f"{_HERE}:FlippedLabels", {"share": 0.2}),
    Scenario("25% majority neighbours", f"{_HERE}:MajorityNeighbors", {"share": 0.25}),
    Scenario("100% majority neighbours", f"{_HERE}:MajorityNeighbors", {"share": 1.0}),
    Scenario("half the rows missing", f"{_HERE}:MissingRows", {"share": 0.5}),
    Scenario("wrong sign of the step", f"{_HERE}:ScaledStep", {"factor": -1.0}),
    Scenario("gap 1.5", f"{_HERE}:ScaledStep", {"factor": 1.5}),
    Scenario("random neighbour", f"{_HERE}:RandomNeighbor"),
)
