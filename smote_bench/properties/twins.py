"""Twins: rows of another class at, or all but at, the place of a row of the minority."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from smote_bench.properties.cases import Case
from smote_bench.properties.subject import Subject

__all__ = ["Twins", "twins_case"]

_APART, _OUT, _FAR = 100.0, 20.0, -1e4


@dataclass(frozen=True)
class Twins:
    """Pairs of equal islands of class 1, each a core and one row outside; that of the first has twins.

    The core's rows have each other for neighbours, and the row outside has them: nobody's neighbour, it is
    only ever a seed. All of class 0 but the twins is far away.

    Parameters
    ----------
    n_pairs : int
    n_core : int
        With k + 1 rows the k nearest of each are others of the core.
    n_twins : int
        How many rows of class 0 stand where the row outside stands.
    beside : float
        How far from it they stand.
    n_new : int
        By how many rows class 0 is larger than class 1.
    """

    n_pairs: int
    n_core: int
    n_twins: int
    beside: float = 0.0
    n_new: int = 600

    def middles(self) -> np.ndarray:
        """Return the middle of each island, those with twins and those without in turn."""
        number = np.arange(2 * self.n_pairs)
        middles: np.ndarray = np.column_stack([number % 2, number // 2]) * _APART
        return middles

    def data(self) -> tuple[np.ndarray, np.ndarray]:
        """Return the rows and their classes.

        Returns
        -------
        X : ndarray of shape (n_samples, 2), float64
        y : ndarray of shape (n_samples,), int64
        """
        rng = np.random.default_rng(self.n_core)
        island = rng.normal(size=(self.n_pairs, self.n_core + 1, 2)).clip(-3, 3).round(3)
        island[:, -1, 0] += _OUT
        own = (np.repeat(island, 2, axis=0) + self.middles()[:, None, :]).reshape(-1, 2)
        outside = own.reshape(2 * self.n_pairs, -1, 2)[::2, -1]
        turn = 2 * np.pi * np.arange(self.n_twins) / self.n_twins
        around = self.beside * np.column_stack([np.cos(turn), np.sin(turn)])
        twins = (outside[:, None, :] + around).reshape(-1, 2)
        far = rng.normal(scale=10.0, size=(len(own) + self.n_new - len(twins), 2)).round(3) + _FAR
        y = np.repeat([0, 1, 0], [len(twins), len(own), len(far)])
        return np.vstack([twins, own, far]), y

    def from_outside(self, X: np.ndarray) -> np.ndarray:
        """Return how many rows lie near the rows outside: of the islands with twins, and of those without."""
        column = np.rint((X[:, 0] - 0.4 * _OUT) / _APART)
        near = (column >= 0) & (column <= 1) & (X[:, 0] - column * _APART > 0.5 * _OUT)
        return np.bincount(column[near].astype(np.intp), minlength=2)[:2]


def twins_case(subject: Subject, seed: int, *, beside: float) -> Case:
    """Lay out twins that suit a subject's family and numbers of neighbours.

    With k neighbours that the kit sets, and m, the rows with twins are the only ones in DANGER, and the only
    ones with a neighbour of another class, whether a row leaves itself out of its neighbours or one of them.
    """
    settings: dict[str, Any] = {}
    if subject.k_name is not None and subject.accepts(subject.k_name):
        settings[subject.k_name] = 4
    k = subject.k(Case(np.empty((0, 0)), np.empty(0), params=settings))
    if subject.m_name is not None and subject.accepts(subject.m_name):
        settings[subject.m_name] = k + 2
    # Of adasyn some of the k nearest have to be of the class: where it finds its partners, in one reading.
    n_twins = max(1, k // 2) if subject.family == "adasyn" else k
    # Of smote, where one row in twelve tells, enough of them for a test at the kit's level.
    twins = Twins(4, k + 1, n_twins, beside, n_new=1500 if subject.family == "smote" else 600)
    X, y = twins.data()
    recipe = f"from smote_bench.properties import Twins\n\nX, y = {twins!r}.data()"
    return Case(X, y, seed % 2**16, settings, recipe, {"twins": twins})
