"""A column beside the target: how many rows of each class have each of its values; one sort per column."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["ClassRows", "ColumnProfile", "log_chance", "log_chance_of_runs", "profile"]

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class ClassRows:
    """Rows of each class, for each of some values.

    Parameters
    ----------
    minority, majority : ndarray of shape (n_values,), int64
    """

    minority: Ints
    majority: Ints

    @property
    def total(self) -> Ints:
        """Rows of both classes."""
        return self.minority + self.majority

    @property
    def auc(self) -> float:
        """ROC AUC of the values in this order, ties counting half; NaN without rows of a class."""
        n_minority, n_majority = int(self.minority.sum()), int(self.majority.sum())
        if not (n_minority and n_majority):
            return math.nan
        below = np.cumsum(self.majority) - self.majority / 2
        return float(self.minority @ below) / n_minority / n_majority

    def best_cut(self) -> tuple[int, bool]:
        """Return after how many values a cut parts the classes best, and whether the minority lies above."""
        n_minority, n_majority = max(int(self.minority.sum()), 1), max(int(self.majority.sum()), 1)
        ahead = np.cumsum(self.majority)[:-1] / n_majority - np.cumsum(self.minority)[:-1] / n_minority
        place = int(np.abs(ahead).argmax()) if len(ahead) else 0
        return place + 1, bool(len(ahead) and ahead[place] > 0)

    @property
    def n_runs(self) -> int:
        """How many intervals of values hold one class each; 0 where a value has rows of both classes."""
        is_minority = self.minority > 0
        if (is_minority & (self.majority > 0)).any() or not len(is_minority):
            return 0
        return 1 + int((is_minority[1:] != is_minority[:-1]).sum())

    def by_rate(self) -> ClassRows:
        """Return the values in the order of their share of minority rows, to be judged as categories."""
        order = np.argsort(self.minority / np.maximum(self.total, 1), kind="stable")
        return ClassRows(self.minority[order], self.majority[order])


@dataclass(frozen=True, eq=False)
class ColumnProfile:
    """What is known of one column.

    Parameters
    ----------
    name : str
    is_ordered : bool
        Whether its values have an order: numbers, or ordered categories.
    is_number : bool
    codes : ndarray of shape (n_samples,), int32
        Each row's place among `values`; -1 where it is missing.
    values : ndarray of shape (n_values,), float64
        The numbers, in order; of categories their codes.
    rows : ClassRows
        For each of the values, in their order.
    missing : ClassRows
        Of the rows that have a value, and of those that have none.
    is_date : bool
    """

    name: str
    is_ordered: bool
    is_number: bool
    codes: NDArray[np.int32]
    values: Floats
    rows: ClassRows
    missing: ClassRows
    is_date: bool = False


def profile(column: pd.Series, y: Ints, *, is_date: bool = False) -> ColumnProfile:
    """Return the profile of a column.

    Parameters
    ----------
    column : Series of shape (n_samples,), float64 or category
    y : ndarray of shape (n_samples,), int64
        1 for the minority.
    is_date : bool
        Whether its numbers are days.
    """
    dtype = column.dtype
    is_number = not hasattr(dtype, "categories")
    values, codes = _ranked(column.to_numpy(dtype=np.float64)) if is_number else _of_categories(column)
    n_values = len(values)
    minority = np.bincount(codes[y == 1] + 1, minlength=n_values + 1)
    majority = np.bincount(codes + 1, minlength=n_values + 1) - minority
    ends = [np.array([int(part[1:].sum()), int(part[0])]) for part in (minority, majority)]
    return ColumnProfile(
        str(column.name),
        is_number or bool(getattr(dtype, "ordered", False)),
        is_number,
        codes,
        values,
        ClassRows(minority[1:], majority[1:]),
        ClassRows(ends[0], ends[1]),
        is_date,
    )


def _of_categories(column: pd.Series) -> tuple[Floats, NDArray[np.int32]]:
    codes = column.cat.codes.to_numpy().astype(np.int32)
    (there,) = np.nonzero(np.bincount(codes + 1, minlength=len(column.cat.categories) + 1)[1:])
    place = np.full(len(column.cat.categories) + 1, -1, dtype=np.int32)
    place[there] = np.arange(len(there), dtype=np.int32)
    return there.astype(np.float64), place[codes]  # -1, which is missing, takes the last entry


def _ranked(given: Floats) -> tuple[Floats, NDArray[np.int32]]:
    """Return the distinct numbers in order, and each row's place among them, -1 where it has none."""
    order = np.argsort(given)  # NaN comes last
    ordered = given[order]
    n_present = len(given) - int(np.isnan(ordered).sum())
    ordered = ordered[:n_present]
    is_new = np.empty(n_present, dtype=bool)
    is_new[:1] = True
    np.not_equal(ordered[1:], ordered[:-1], out=is_new[1:])
    codes = np.full(len(given), -1, dtype=np.int32)
    codes[order[:n_present]] = np.cumsum(is_new, dtype=np.int32) - 1
    return ordered[is_new], codes


def log_chance(rows: ClassRows, is_called: NDArray[np.bool_], n_rules: float) -> float:
    """Return an upper bound on the logarithm of how likely chance alone calls the minority as well as a rule.

    Parameters
    ----------
    rows : ClassRows
    is_called : ndarray of shape (n_values,), bool
        Which values the rule calls minority.
    n_rules : float
        The logarithm of how many such rules there are to choose from.

    Notes
    -----
    With labels put on the rows at random, the minority rows among those called are hypergeometric. The tail
    is at most its first term times the number of terms, since they fall from there on; with the number of
    rules (Bonferroni) it bounds the best rule, however it was found.
    """
    n, n_minority = int(rows.total.sum()), int(rows.minority.sum())
    called, hits = int(rows.total[is_called].sum()), int(rows.minority[is_called].sum())
    if n == 0 or hits * n <= called * n_minority:
        return 0.0
    most = min(called, n_minority)
    first = (
        _log_choose(n_minority, hits) + _log_choose(n - n_minority, called - hits) - _log_choose(n, called)
    )
    return min(0.0, first + math.log(most - hits + 1) + n_rules)


def log_chance_of_runs(n_runs: int, n_minority: int, n_majority: int) -> float:
    """Return an upper bound on the logarithm of how likely chance alone gives so few runs of labels in a row.

    The exact distribution of Wald and Wolfowitz's runs up to a pair of runs of each class, which is the
    likeliest of them, times their number; only where they are fewer than by chance, else 0.

    References
    ----------
    A. Wald and J. Wolfowitz, "On a test whether two samples are from the same population", Annals of
    Mathematical Statistics 11 (1940), doi:10.1214/aoms/1177731909
    """
    n = n_minority + n_majority
    pairs = (n_runs + 1) // 2
    if pairs > min(n_minority, n_majority) or n_runs >= 1 + 2 * n_minority * n_majority / n:
        return 0.0
    ways = _log_choose(n_minority - 1, pairs - 1) + _log_choose(n_majority - 1, pairs - 1)
    return min(0.0, ways + math.log(2 * n_runs) - _log_choose(n, n_minority))


def _log_choose(n: int, k: int) -> float:
    of: Callable[[float], float] = math.lgamma
    return of(n + 1) - of(k + 1) - of(n - k + 1)
