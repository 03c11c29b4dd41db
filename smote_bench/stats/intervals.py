"""Student's t for means of differences: over independent data sets, and over overlapping folds."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import special

from smote_bench.rounding import NOTHING, SHARE_OF_MEAN

__all__ = ["ResampledT", "mean_interval", "resampled_t", "resampled_t_columns"]


@dataclass(frozen=True)
class ResampledT:
    """A mean of n differences with its t-test and interval.

    Parameters
    ----------
    mean : float
    half_width : float
        Of the two-sided interval; NaN below two differences, and where they have no spread, be they zero.
    t : float
        NaN where all differences are equal and not zero, 0 where all are zero.
    p, p_greater : float
        Two-sided, and of the alternative "the mean is greater than zero"; NaN where t is, so that p is 1
        where all differences are zero.
    n : int
    scale : float
        The standard error of the mean; 0 where all differences are equal, also all zero: then they do not
        tell how far their mean is from the truth: there is no interval, and no p below 1.
    """

    mean: float
    half_width: float
    t: float
    p: float
    p_greater: float
    n: int
    scale: float


def resampled_t(
    differences: Sequence[float] | np.ndarray, test_train_ratio: float, *, confidence: float = 0.95
) -> ResampledT:
    """Return Nadeau and Bengio's corrected resampled t-test of differences by fold.

    Parameters
    ----------
    differences : array-like of shape (n_fits,)
        One per fold and repeat, paired.
    test_train_ratio : float
        Rows tested over rows trained on: 1 / (folds - 1) in cross-validation. 0 gives the naive test, which
        takes the fits for independent and rejects far too often.
    confidence : float

    Raises
    ------
    ValueError
        For no differences, values that are not finite, a negative ratio.

    Notes
    -----
    The variance of the mean of n differences is taken as (1/n + n_test/n_train) times their variance. A
    variance of zero is an estimate like any other, and scores that count rows have it by chance: of two
    folds that gain a row, lose one or neither, every third pair is equal. So equal differences give no
    interval and no p, rather than an interval of no width and p = 0.

    References
    ----------
    C. Nadeau and Y. Bengio, "Inference for the generalization error", Machine Learning 52 (2003),
    doi:10.1023/A:1024068626366
    """
    values = np.atleast_2d(np.asarray(differences, dtype=float)).T
    if values.shape[1] != 1 or not len(values) or not np.isfinite(values).all():
        raise ValueError(
            f"expected finite differences, one per fit, got {differences!r}: leave undefined fits out first"
        )
    row = resampled_t_columns(values, test_train_ratio, confidence=confidence).iloc[0]
    return ResampledT(n=len(values), **{str(name): float(value) for name, value in row.items()})


def mean_interval(differences: Sequence[float] | np.ndarray, *, confidence: float = 0.95) -> ResampledT:
    """Return Student's t-test of independent differences, such as means per data set."""
    return resampled_t(differences, 0.0, confidence=confidence)


def resampled_t_columns(
    differences: np.ndarray, test_train_ratio: float, *, confidence: float = 0.95
) -> pd.DataFrame:
    """Return `resampled_t` of every column at once.

    Parameters
    ----------
    differences : ndarray of shape (n_fits, n_comparisons)
        A column with a value that is not finite gives NaN throughout.
    test_train_ratio, confidence : float

    Returns
    -------
    DataFrame of shape (n_comparisons, 6)
        mean, half_width, t, p, p_greater, scale.
    """
    if not test_train_ratio >= 0:
        raise ValueError(
            f"expected a ratio of at least 0, got test_train_ratio={test_train_ratio!r}: "
            "rows tested over rows trained on"
        )
    n, n_columns = differences.shape
    # A column with an infinity has no mean; asking numpy for it would only warn.
    usable = np.isfinite(differences).all(axis=0)
    values = np.where(usable, differences, 0.0)
    mean = values.mean(axis=0) if n else np.zeros(n_columns)
    mean = np.where(np.abs(mean) < NOTHING, 0.0, mean)
    scale = np.full(n_columns, math.nan)
    if n > 1:
        spread = values.std(axis=0, ddof=1)
        scale = np.where(spread < np.fmax(NOTHING, SHARE_OF_MEAN * np.abs(mean)), 0.0, spread) * math.sqrt(
            1 / n + test_train_ratio
        )
    spreading = np.where(scale > 0, scale, math.nan)
    # All zero: nothing speaks for a difference, and nothing tells how large one may be.
    t = np.where((scale == 0) & (mean == 0), 0.0, mean / spreading)
    frame = pd.DataFrame(
        {
            "mean": mean,
            "half_width": (special.stdtrit(n - 1, 0.5 + confidence / 2) * spreading) if n > 1 else scale,
            "t": t,
            "p": np.minimum(1.0, 2 * special.stdtr(n - 1, -np.abs(t))) if n > 1 else scale,
            "p_greater": special.stdtr(n - 1, -t) if n > 1 else scale,
            "scale": scale,
        }
    )
    frame.loc[~usable] = math.nan
    return frame
