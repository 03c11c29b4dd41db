"""Data laid out so that seed, neighbour and step of every new row can be read from it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

__all__ = ["Lineage", "Star"]

_FAR = 50.0
_BESIDE = 0.05
_ROUNDING = 1e-9


@dataclass(frozen=True)
class Lineage:
    """Where the new rows of a class come from.

    Parameters
    ----------
    seeds : ndarray of shape (n_new,), intp
        Position of the seed in the star.
    ranks : ndarray of shape (n_new,), intp
        Which neighbour of the seed's class it is, 0 the nearest; -1 for none: another class's, or a copy.
    others : ndarray of shape (n_new,), intp
        Which companion of the seed, 0 the nearest; -1 for none.
    steps : ndarray of shape (n_new,), float64
        0 at the seed, 1 at the neighbour.
    certain : ndarray of shape (n_new,), bool
        Whether seed and neighbour cannot be the other way round.
    readable : ndarray of shape (n_new,), bool
        Whether the row lies on any of the star's segments; the other fields mean nothing where it does not.
    """

    seeds: np.ndarray
    ranks: np.ndarray
    others: np.ndarray
    steps: np.ndarray
    certain: np.ndarray
    readable: np.ndarray


@dataclass(frozen=True)
class Star:
    """Each minority row on an axis of its own, the first `n_hubs` nearest to all the others.

    Row i of a minority class lies at distance 1 + i / n from the middle of its class, along its own axis. So
    the k nearest rows of its class are the first k rows for every row, itself left out; the step is the
    coordinate on the neighbour's axis, and no two distances tie. Companions are majority rows right beside a
    minority row; the rest of the majority is far away. With at least ``max(k, m) + 1`` hubs the m nearest
    rows of a row with q companions are these q and m - q hubs, and a hub's are hubs.

    Parameters
    ----------
    n_hubs : int
        Minority rows without companions, the nearest to all.
    companions : tuple of int
        A further minority row for each number, with so many majority rows beside it.
    n_new : int
        By how many rows the majority is larger than each minority class.
    n_minorities : int
        Classes 1, 2, ..., each a star of its own and far from the others.
    seed : int
        Of the order of the rows.
    order : {"random", "laid out", "reversed"}
        ``laid out``: majority first, then each class from its hubs outwards.
    unit : float
        What all lengths are multiplied with: a power of two, so that no digit changes.
    """

    n_hubs: int
    companions: tuple[int, ...]
    n_new: int
    n_minorities: int = 1
    seed: int = 0
    order: str = "random"
    unit: float = 1.0

    @property
    def n(self) -> int:
        """Rows of each minority class."""
        return self.n_hubs + len(self.companions)

    @cached_property
    def n_beside(self) -> np.ndarray:
        """How many companions each row has; shape (n,)."""
        n_beside: np.ndarray = np.array([0] * self.n_hubs + list(self.companions))
        return n_beside

    @cached_property
    def norms(self) -> np.ndarray:
        """Distance of each row from the middle of its class; shape (n,)."""
        norms: np.ndarray = 1.0 + np.arange(self.n) / self.n
        return norms

    @cached_property
    def _beside(self) -> np.ndarray:
        """Distance of a row's first, second, ... companion."""
        n_axes = max(self.companions, default=0)
        distances: np.ndarray = _BESIDE * (1.0 + np.arange(n_axes) / max(n_axes, 1))
        return distances

    @property
    def _width(self) -> int:
        # The rows of each class, the companions (the same axes for all), the classes' middles, the far rows.
        return self.n_minorities * self.n + len(self._beside) + self.n_minorities + 1

    def middle(self, label: int) -> np.ndarray:
        """Return the middle of a class; shape (n_features,)."""
        middle = np.zeros(self._width)
        middle[self.n_minorities * self.n + len(self._beside) + label - 1] = _FAR
        return middle

    def axes(self, label: int) -> slice:
        """Return the columns along which the rows of a class lie, one a row."""
        return slice((label - 1) * self.n, label * self.n)

    @property
    def _companion_axes(self) -> slice:
        return slice(self.n_minorities * self.n, self.n_minorities * self.n + len(self._beside))

    def data(self) -> tuple[np.ndarray, np.ndarray]:
        """Return the rows and their classes, 0 the majority.

        Returns
        -------
        X : ndarray of shape (n_samples, n_features), float64
        y : ndarray of shape (n_samples,), int64
        """
        rng = np.random.default_rng(self.seed)
        minorities, companions = [], []
        for label in range(1, self.n_minorities + 1):
            rows = np.tile(self.middle(label), (self.n, 1))
            rows[:, self.axes(label)] += np.diag(self.norms)
            minorities.append(rows)
            for row, n_beside in zip(rows[self.n_hubs :], self.companions, strict=True):
                beside = np.tile(row, (n_beside, 1))
                beside[:, self._companion_axes] += np.diag(self._beside)[:n_beside]
                companions.append(beside)
        n_majority = self.n + self.n_new
        near = np.vstack([np.empty((0, self._width)), *companions])
        far = rng.normal(scale=0.1, size=(n_majority - len(near), self._width))
        far[:, -1] -= _FAR
        X = np.vstack([far, near, *minorities])
        y = np.repeat(np.arange(self.n_minorities + 1), [n_majority, *[self.n] * self.n_minorities])
        in_order = np.arange(len(y))
        orders = {"laid out": in_order, "reversed": in_order[::-1], "random": rng.permutation(len(y))}
        return X[orders[self.order]] * self.unit, y[orders[self.order]]

    def read(self, new: np.ndarray, label: int, k: int) -> Lineage:
        """Return where the new rows of a class come from.

        Parameters
        ----------
        new : ndarray of shape (n_new, n_features)
        label : int
        k : int
            The number of neighbours: at most `n_hubs` - 1.
        """
        new = new / self.unit
        relative = new - self.middle(label)
        along = relative[:, self.axes(label)] / self.norms
        beside = relative[:, self._companion_axes] / self._beside
        each = np.arange(len(new))
        largest = np.sort(np.argsort(np.abs(along), axis=1)[:, -2:], axis=1)
        inner, outer = largest[:, 0], largest[:, 1]
        # A row at its seed has one coordinate alone, and what argsort puts beside it means nothing.
        alone = np.abs(along).max(axis=1)
        single = np.argmax(np.abs(along), axis=1)
        other_share = np.where(np.arange(along.shape[1]) == single[:, None], 0.0, np.abs(along)).max(axis=1)
        at_seed = (other_share <= _ROUNDING) & (np.abs(alone - 1.0) <= _ROUNDING)
        seeds = np.where(at_seed, single, outer)
        steps = np.where(at_seed, 0.0, along[each, inner])
        others = np.full(len(new), -1)
        if len(self._beside):
            outwards = at_seed & (np.abs(beside).max(axis=1) > _ROUNDING)
            others = np.where(outwards, np.argmax(np.abs(beside), axis=1), -1)
            steps = np.where(outwards, beside[each, others], steps)
        ranks = np.where(at_seed, -1, inner)
        expected = self._rows(label, seeds, ranks, others, steps)
        has_companion = others < self.n_beside[seeds]
        readable = (np.abs(new - expected).max(axis=1) <= _ROUNDING * _FAR) & (ranks < k)
        readable &= (steps >= -_ROUNDING) & (steps <= 1 + _ROUNDING) & has_companion
        return Lineage(seeds, ranks, others, steps, at_seed | (outer > k), readable)

    def _rows(
        self, label: int, seeds: np.ndarray, ranks: np.ndarray, others: np.ndarray, steps: np.ndarray
    ) -> np.ndarray:
        """Return the rows that lie at these steps: what the reading is checked against."""
        each = np.arange(len(seeds))
        rows = np.tile(self.middle(label), (len(seeds), 1))
        along = np.zeros((len(seeds), self.n))
        inwards, outwards = ranks >= 0, others >= 0
        along[each, seeds] = np.where(inwards, 1.0 - steps, 1.0)
        along[each[inwards], ranks[inwards]] = steps[inwards]
        rows[:, self.axes(label)] += along * self.norms
        if len(self._beside):
            beside = np.zeros((len(seeds), len(self._beside)))
            beside[each[outwards], others[outwards]] = steps[outwards]
            rows[:, self._companion_axes] += beside * self._beside
        return rows
