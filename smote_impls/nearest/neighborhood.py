"""A parameter such as ``k_neighbors=5``, and the neighbours it stands for."""

from __future__ import annotations

from dataclasses import dataclass
from numbers import Integral
from typing import Any

import numpy as np
from sklearn.base import clone
from sklearn.utils._param_validation import HasMethods, Interval, StrOptions

from smote_impls.nearest.neighbors import k_nearest
from smote_impls.target import TargetClass

__all__ = ["Neighborhood", "count_constraint", "neighbors_constraint"]

_AUTO = 5


def neighbors_constraint(*, auto: bool) -> list[Any]:
    """Return what scikit-learn's parameter validation allows for such a parameter."""
    constraint: list[Any] = [Interval(Integral, 1, None, closed="left"), HasMethods(["fit", "kneighbors"])]
    return [*constraint, StrOptions({"auto"})] if auto else constraint


def count_constraint() -> list[Any]:
    """Return what is allowed where neighbours are not Euclidean, so that no estimator could find them."""
    return [Interval(Integral, 1, None, closed="left"), StrOptions({"auto"})]


@dataclass(frozen=True)
class Neighborhood:
    """The nearest rows of a row, never counting the row itself.

    Parameters
    ----------
    parameter : str
        The parameter's name, for messages.
    value : int, "auto" or estimator with ``fit`` and ``kneighbors``
        The number of neighbours. ``"auto"`` is 5, or as many as there are. An estimator is cloned; its
        ``n_neighbors`` counts the row itself, as in imbalanced-learn, so that 6 of its stand for 5 here.
    n_jobs : int, optional
        Threads of the search; an estimator uses its own.
    allows_auto : bool
        Whether the parameter may be ``"auto"``, for messages.
    """

    parameter: str
    value: Any
    n_jobs: int | None = None
    allows_auto: bool = True

    def within_class(self, target: TargetClass, positions: np.ndarray) -> np.ndarray:
        """Find the nearest rows of the same class.

        Parameters
        ----------
        target : TargetClass
        positions : ndarray of shape (n_queries,), intp
            Which of ``target.rows`` to find neighbours of.

        Returns
        -------
        ndarray of shape (n_queries, k), intp
            Rows of ``target.X``, nearest first.

        Raises
        ------
        ValueError
            If the class has fewer than k + 1 rows.
        """
        n_rows = len(target.rows)
        k = self.size_within(target)
        queries = target.X_class if len(positions) == n_rows else target.X_class[positions]
        neighbors: np.ndarray = target.rows[self._search(target.X_class, queries, k, positions)]
        return neighbors

    def size_within(self, target: TargetClass) -> int:
        """Return the number of neighbours within the class.

        Raises
        ------
        ValueError
            If the class has fewer than k + 1 rows.
        """
        return self._checked_k(len(target.rows), f"rows of class {target.label!r}")

    def among_all(self, target: TargetClass) -> np.ndarray:
        """Find the nearest rows of any class, of each row of the class.

        Returns
        -------
        ndarray of shape (n_class_rows, k), intp
            Rows of ``target.X``, nearest first.

        Raises
        ------
        ValueError
            If ``target.X`` has fewer than k + 1 rows.
        """
        k = self._checked_k(target.X.shape[0], "rows in X")
        return self._search(target.X, target.X_class, k, target.rows)

    def _checked_k(self, n_rows: int, of_what: str) -> int:
        if isinstance(self.value, str):
            if n_rows < 2:
                raise ValueError(
                    f"Expected at least 2 {of_what}, got {n_rows}: a row needs another one as its neighbour. "
                    "Leave this class as it is (sampling_strategy), or use random oversampling."
                )
            return min(_AUTO, n_rows - 1)
        is_number = isinstance(self.value, Integral)
        k = int(self.value) if is_number else self._k_of_estimator()
        if n_rows > k:
            return k
        given = f"{k}" if is_number else f"an estimator of n_neighbors={k + 1}, the row itself included"
        remedy = (
            f"Set {self.parameter} to {n_rows - 1} or less"
            if n_rows > 1
            else "No number works for a single row"
        )
        auto = (
            f'; {self.parameter}="auto" takes as many as there are' if self.allows_auto and n_rows > 1 else ""
        )
        raise ValueError(
            f"Expected at least {k + 1} {of_what} for {self.parameter}={given}, got {n_rows}. {remedy}{auto}."
        )

    def _k_of_estimator(self) -> int:
        n_neighbors = getattr(self.value, "n_neighbors", None)
        if not isinstance(n_neighbors, Integral) or n_neighbors < 2:
            raise ValueError(
                f"Expected {self.parameter} to be a number or an estimator with n_neighbors of 2 or more (it "
                f"counts the row itself), got {self.value!r} with n_neighbors={n_neighbors!r}."
            )
        return int(n_neighbors) - 1

    def _search(self, reference: Any, queries: Any, k: int, self_rows: np.ndarray) -> np.ndarray:
        if isinstance(self.value, (str, Integral)):
            return k_nearest(reference, queries, k, self_rows=self_rows, n_jobs=self.n_jobs)
        found = clone(self.value, safe=False).fit(reference).kneighbors(queries, return_distance=False)
        return _without_self(np.asarray(found), self_rows)


def _without_self(found: np.ndarray, self_rows: np.ndarray) -> np.ndarray:
    """Leave each query's own row out, wherever it stands; where it was not found, the farthest goes."""
    is_self = found == self_rows[:, None]
    is_self[~is_self.any(axis=1), -1] = True
    others: np.ndarray = found[~is_self].reshape(len(found), found.shape[1] - 1)
    return others
