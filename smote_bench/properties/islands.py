"""Islands: groups of rows far from each other, so that a row's neighbours are its group, in any number."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from smote_bench.properties.cases import Case
from smote_bench.properties.subject import Subject

__all__ = ["Islands", "islands_case"]

_APART = 100.0
_FAR = -1e5


@dataclass(frozen=True)
class Islands:
    """Groups of `n_own` rows of class 1 and `n_other` of another class; the rest of class 0 is far away.

    Rows stand island after island, so that a cut or a cap is one of islands.

    Parameters
    ----------
    n_islands : int
    n_own : int
        With k + 1 rows the k nearest of its class are the others of a row's island.
    n_other : int
        As many as `n_own` make every row one in DANGER for m = 2 * n_own - 1.
    n_new : int
        By how many rows class 0 is larger than class 1.
    growth : float
        How much further each row of an island lies from its middle than the last; 1 for a cloud.
    others : tuple of int
        The classes of other rows, taken in turn from island to island.
    scattered : bool
        Whether the first rows of all islands come first, then the second ones and so on, so that a block of
        rows has none of their neighbours.
    """

    n_islands: int
    n_own: int
    n_other: int = 0
    n_new: int = 100
    growth: float = 1.0
    others: tuple[int, ...] = (0,)
    scattered: bool = False

    @property
    def side(self) -> int:
        """How many islands stand in a row."""
        return int(np.ceil(np.sqrt(self.n_islands)))

    def middles(self) -> np.ndarray:
        """Return the middle of each island; shape (n_islands, 2)."""
        number = np.arange(self.n_islands)
        middles: np.ndarray = np.column_stack([number % self.side, number // self.side]) * _APART
        return middles

    def data(self) -> tuple[np.ndarray, np.ndarray]:
        """Return the rows and their classes.

        Returns
        -------
        X : ndarray of shape (n_samples, 2), float64
        y : ndarray of shape (n_samples,), int64
        """
        rng = np.random.default_rng(self.n_islands)
        size = self.n_own + self.n_other
        around = rng.normal(size=(self.n_islands, size, 2))
        if self.growth != 1.0:
            lengths = np.sqrt((around**2).sum(axis=2, keepdims=True))
            grown = self.growth ** np.arange(self.n_own)
            around[:, : self.n_own] *= (grown[None, :, None]) / lengths[:, : self.n_own]
        rows = (self.middles()[:, None, :] + around).round(4)
        other = np.array(self.others)[np.arange(self.n_islands) % len(self.others)]
        labels = np.ones((self.n_islands, size), dtype=np.int64)
        labels[:, self.n_own :] = other[:, None]
        n_far = self.n_islands * self.n_own + self.n_new - int((labels == 0).sum())
        far = rng.normal(scale=10.0, size=(n_far, 2)).round(4) + _FAR
        if self.scattered:
            rows, labels = rows.swapaxes(0, 1), labels.T
        return np.vstack([rows.reshape(-1, 2), far]), np.r_[labels.ravel(), np.zeros(n_far, dtype=np.int64)]

    def islands_of(self, X: np.ndarray) -> np.ndarray:
        """Return on which island each row lies, -1 for none."""
        place = np.rint(X / _APART)
        within = ((place >= 0) & (place < self.side)).all(axis=1) & (np.abs(X - place * _APART) < 40).all(
            axis=1
        )
        number = np.where(within, place[:, 0] + self.side * place[:, 1], -1).astype(np.intp)
        on: np.ndarray = np.where(number < self.n_islands, number, -1)
        return on


def islands_case(
    subject: Subject, seed: int, *, n_minority: int, n_new: int, k: int = 4, **fields: Any
) -> Case:
    """Lay out islands that suit a subject's family and numbers of neighbours.

    Its layout says whether every row is ``certain`` to be one from which the family makes rows: of some fixed
    numbers of neighbours there is no such island.
    """
    settings: dict[str, Any] = {}
    m = subject.m(Case(np.empty((0, 0)), np.empty(0)))
    if subject.family.startswith("borderline") and not _may_set(subject, subject.m_name):
        k = max(1, m // 2)  # so that every row is in DANGER for the m that is fixed
    if subject.k_name is not None and subject.accepts(subject.k_name):
        settings[subject.k_name] = k
    k = subject.k(Case(np.empty((0, 0)), np.empty(0), params=settings))
    surrounded = subject.family in ("borderline1", "borderline2", "adasyn")
    if subject.m_name is not None and subject.accepts(subject.m_name):
        settings[subject.m_name] = 2 * (k + 1) - 1
    fields = {"n_other": k + 1 if surrounded else 0, **fields}
    islands = Islands(max(1, n_minority // (k + 1)), k + 1, n_new=n_new, **fields)
    X, y = islands.data()
    recipe = f"from smote_bench.properties import Islands\n\nX, y = {islands!r}.data()"
    case = Case(X, y, seed % 2**16, settings, recipe)
    m = subject.m(case)
    in_danger = 2 * k <= m <= 2 * k + 1 and k + 1 < m
    certain = in_danger or not subject.family.startswith("borderline")
    return replace(case, layout={"islands": islands, "certain": certain})


def _may_set(subject: Subject, name: str | None) -> bool:
    return name is not None and subject.accepts(name)
