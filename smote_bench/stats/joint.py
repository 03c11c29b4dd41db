"""Intervals and tests that hold for a whole family of comparisons, whichever of them is looked at."""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy import special

from smote_bench.stats.intervals import resampled_t_columns

__all__ = ["MIN_FITS", "MIN_SIGNS", "joint_over_datasets", "joint_over_fits"]

MIN_SIGNS = 6
"""Below this many data sets nothing is claimed at 5%: the signs of five agree in 2 of 32 cases by chance."""

MIN_FITS = 5
"""Below this many fits of one data set nothing is claimed: scores that count few rows agree by chance."""

N_SIGNS = 2**12
"""Assignments of signs: all there are up to 13 data sets (an assignment and its opposite give the same)."""

_TIE = 1e-9
"""Statistics that are equal but for rounding are equal."""


def joint_over_datasets(differences: pd.DataFrame, *, alpha: float = 0.05) -> pd.DataFrame:
    """Return the mean of each column with an interval and a p that hold for all columns together.

    Parameters
    ----------
    differences : DataFrame of shape (n_datasets, n_methods)
        NaN where a method has no pair on a data set.
    alpha : float
        Of the family: how often any of the intervals may miss, and any p be below by chance.

    Returns
    -------
    DataFrame
        Index: the columns. n, mean, half_width (infinite where no interval of the family is bounded), p (this
        column alone, Student's t), p_joint. `p_joint` is below alpha exactly where the interval excludes 0.
        NaN where a column has fewer than two values or no spread.

    Notes
    -----
    Single-step max-T (Westfall and Young 1993): t of each column is held against the law of the largest
    absolute t of the family when data sets change their signs, all methods at once. So correlated methods
    cost less than independent ones, and the test is exact, in samples of any size and for scores of any
    kind, where the rows are symmetric about zero if there is no effect. The same law of the deviations from
    the means makes the intervals hold around an effect, and none is narrower than Student's of its column
    alone. Below `MIN_SIGNS` data sets, where signs say too little, it is Bonferroni's t.

    References
    ----------
    P. H. Westfall and S. S. Young, "Resampling-based multiple testing", Wiley (1993). J. P. Romano and M.
    Wolf, "Exact and approximate stepdown methods for multiple hypothesis testing", JASA 100 (2005),
    doi:10.1198/016214504000000539. A. M. Winkler et al., "Permutation inference for the general linear
    model", NeuroImage 92 (2014), doi:10.1016/j.neuroimage.2014.01.060

    Examples
    --------
    >>> gains = pd.DataFrame({"a": [3, 2, 4, 3, 2, 4, 3, 3], "b": [1, -2, 2, -1, 0, 1, -1, 1]})
    >>> joint_over_datasets(gains)["p_joint"].round(3).tolist()
    [0.008, 1.0]
    """
    values = differences.to_numpy(dtype=float)
    found = _alone(values)
    if len(values) < MIN_SIGNS:
        return _bonferroni(found, found.p, alpha, differences.columns)
    t = np.abs(found.mean) / found.scale
    p, critical = found.p, special.stdtrit(found.n - 1, 1 - alpha / 2)
    # Alone, Student's t is the law of the deviations.
    for flipped in (values, values - found.mean) if found.family > 1 else (values,):
        law = np.sort(_largest_t(flipped, _signs(len(values))))
        as_large = len(law) - np.searchsorted(law, t * (1 - _TIE))
        p = np.where(np.isnan(p), math.nan, np.fmax(p, as_large / len(law)))
        critical = np.fmax(critical, law[-1 - int(alpha * len(law))])
    return _frame(found, p, critical, alpha, differences.columns)


def joint_over_fits(
    differences: pd.DataFrame, test_train_ratio: float, *, alpha: float = 0.05
) -> pd.DataFrame:
    """Return the same over the fits of one data set: the corrected resampled t with Bonferroni's adjustment.

    Folds are few and not independent, so that their signs carry no test. Of many methods one has a small
    spread by chance, above all where scores count few rows; so none is taken to have less than the median.

    Parameters
    ----------
    differences : DataFrame of shape (n_fits, n_methods)
    test_train_ratio : float
        As in `resampled_t`.
    alpha : float
    """
    found = _alone(differences.to_numpy(dtype=float), test_train_ratio)
    if not found.family:
        return _bonferroni(found, found.p, alpha, differences.columns)
    found = replace(found, scale=np.fmax(found.scale, np.nanmedian(found.scale)))
    p = 2 * special.stdtr(found.n - 1, -np.abs(found.mean) / found.scale)
    return _bonferroni(found, p, alpha, differences.columns)


@dataclass(frozen=True)
class _Alone:
    """Student's t of each column over the values that it has; scale and p are NaN where there is none."""

    n: np.ndarray
    mean: np.ndarray
    scale: np.ndarray
    p: np.ndarray

    @property
    def family(self) -> int:
        """How many tests there are."""
        return int((~np.isnan(self.p)).sum())


def _alone(values: np.ndarray, ratio: float = 0.0) -> _Alone:
    found = np.full((3, values.shape[1]), math.nan)
    there = ~np.isnan(values)
    for rows in np.unique(there, axis=1).T if not there.all() else np.ones((1, len(values)), dtype=bool):
        same = (there == rows[:, None]).all(axis=0)
        if rows.any():
            tested = resampled_t_columns(values[rows][:, same], ratio)
            found[:, same] = tested[["mean", "scale", "p"]].to_numpy().T
    mean, scale, p = found
    is_tested = scale > 0  # which NaN is not
    return _Alone(there.sum(axis=0), mean, *(np.where(is_tested, one, math.nan) for one in (scale, p)))


def _bonferroni(found: _Alone, p: np.ndarray, alpha: float, columns: pd.Index) -> pd.DataFrame:
    k = max(found.family, 1)
    critical = special.stdtrit(np.maximum(found.n - 1, 1), 1 - alpha / (2 * k))
    return _frame(found, np.minimum(1.0, k * p), critical, alpha, columns)


def _frame(
    found: _Alone, p: np.ndarray, critical: np.ndarray, alpha: float, columns: pd.Index
) -> pd.DataFrame:
    half_width, tested = critical * found.scale, ~np.isnan(found.p)
    # Where the statistic is the critical value itself, rounding must not decide on which side 0 lies.
    half_width = np.where(p < alpha, half_width, np.fmax(half_width, np.abs(found.mean)))
    rest = np.where(tested, [half_width, found.p, p], math.nan)
    return pd.DataFrame(
        dict(zip(("n", "mean", "half_width", "p", "p_joint"), (found.n, found.mean, *rest), strict=True)),
        index=columns,
    )


def _largest_t(values: np.ndarray, signs: np.ndarray) -> np.ndarray:
    """Return the largest |t| over all columns under each assignment of signs.

    The sum of squares keeps its value, so that t is a function of the sum alone.
    """
    there = ~np.isnan(values)
    values = np.where(there, values, 0.0)
    squares = (values**2).sum(axis=0)
    moving = squares > 1e-24
    if not moving.any():
        return np.zeros(len(signs))
    n = there.sum(axis=0)[moving]
    largest = np.zeros(len(signs))
    for size in np.unique(n):
        columns = values[:, moving][:, n == size] / np.sqrt(size * squares[moving][n == size])
        means = signs @ columns  # in units of the root mean square, so within -1 and 1
        share = np.maximum(means.max(axis=1), -means.min(axis=1)) ** 2
        # All of a column's differences alike: no spread, and further out than any other.
        share = np.where(share > 1 - _TIE, 1.0, share)
        with np.errstate(divide="ignore"):
            largest = np.fmax(largest, np.sqrt((size - 1) * share / (1 - share)))
    return largest


@functools.lru_cache(maxsize=8)
def _signs(n: int) -> np.ndarray:
    """Return assignments of signs, the data's own first: all up to 13 data sets, else a sample."""
    if 2 ** (n - 1) <= N_SIGNS:
        bits = (np.arange(2 ** (n - 1))[:, None] >> np.arange(n)) & 1
    else:
        bits = np.random.default_rng(0).integers(0, 2, (N_SIGNS, n))
        bits[0] = 0
    signs = 1.0 - 2.0 * bits
    signs.flags.writeable = False
    return signs
