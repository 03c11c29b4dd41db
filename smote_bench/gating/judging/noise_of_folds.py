"""How many independent folds a mean over folds is worth, and how well their spread is known.

The folds of a split share the classifier's seed, so their scores may move together; and folds differ in how
much they move. Both make a mean less certain than so many equal and independent folds would.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from smote_bench.gating.evidence.panel import Unit

__all__ = ["design_effect", "design_effect_of_differences", "effective_df"]

_PRIOR_WEIGHT = 30.0
"""What the other methods' design effect on the same rows counts for, in degrees of freedom of splits."""


def design_effect(deviation: np.ndarray, df: np.ndarray, units: Sequence[Unit]) -> np.ndarray:
    """Return by how much the variance of a mean over folds exceeds that over independent folds, at least 1.

    Parameters
    ----------
    deviation : ndarray of shape (n_methods, ..., n_units, n_draws, n_names)
        Of the draws around the mean of their unit.
    df : ndarray of shape (n_methods, ..., n_names)
        Degrees of freedom of the variance over draws, of all units.
    units : sequence of Unit

    Returns
    -------
    ndarray of shape (n_methods, ..., n_names)
        The variance of a split's mean over what independent folds would give it (Kish's design effect):
        each method's own, drawn towards the mean over methods of the same rows, since what binds folds
        together is mostly the classifier's.
    """
    splits = np.array([unit.split for unit in units])
    labels, sizes = np.unique(splits, return_counts=True)
    if len(units) == 0 or sizes.max() < 2:
        return np.ones(df.shape)
    by_fold = (deviation**2).sum(axis=(-3, -2))
    by_split = np.zeros_like(by_fold)
    for label, size in zip(labels, sizes, strict=True):
        mean = deviation[..., splits == label, :, :].mean(axis=-3)
        by_split += size * (mean**2).sum(axis=-2)
    # under independence both are the variance of a fold, on as many units and on as many splits
    own_df = df * len(labels) / len(units)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = (by_split / own_df) / (by_fold / df)
        known = np.isfinite(ratio)
        # of sums: the mean of ratios is too low where there are few splits and seeds
        sums = [np.where(known, part, 0.0).sum(axis=0) for part in (by_split / own_df, by_fold / df)]
        all_methods = sums[0] / sums[1]
        drawn = (own_df * np.where(known, ratio, 0.0) + _PRIOR_WEIGHT * all_methods) / (
            np.where(known, own_df, 0.0) + _PRIOR_WEIGHT
        )
    effect: np.ndarray = np.maximum(np.nan_to_num(drawn, nan=1.0), 1.0)
    return effect


def design_effect_of_differences(by_unit: np.ndarray, units: Sequence[Unit]) -> np.ndarray:
    """Return the design effect of the differences themselves: without seeds, all there is to tell it by.

    Parameters
    ----------
    by_unit : ndarray of shape (n_methods, ..., n_units, n_names)
        Baseline minus run; NaN where it is not known.
    units : sequence of Unit

    Returns
    -------
    ndarray of shape (n_methods, ..., n_names)
    """
    known = np.isfinite(by_unit)
    n_units = known.sum(axis=-2)
    mean = np.nansum(by_unit, axis=-2) / np.maximum(n_units, 1)
    deviation = np.where(known, by_unit - mean[..., None, :], 0.0)
    return design_effect(deviation[..., None, :], np.maximum(n_units - 1.0, 0.0), units)


def effective_df(deviation: np.ndarray, df: np.ndarray) -> np.ndarray:
    """Return the degrees of freedom of a pooled variance where units differ in theirs (Satterthwaite).

    Parameters
    ----------
    deviation, df
        As in `design_effect`.

    Returns
    -------
    ndarray of the shape of `df`
        At most `df`. The squares of estimated variances are too large by (K + 1) / (K - 1) for K draws, which
        is taken out.

    References
    ----------
    F. E. Satterthwaite, "An approximate distribution of estimates of variance components", Biometrics
    Bulletin 2 (1946), 110-114, doi:10.2307/3002019
    """
    n_units = deviation.shape[-3]
    squares = (deviation**2).sum(axis=-2)
    total, of_squares = squares.sum(axis=-2), (squares**2).sum(axis=-2)
    with np.errstate(divide="ignore", invalid="ignore"):
        per_unit = df / n_units
        value = (per_unit + 2) * total**2 / of_squares
    return np.where(np.isfinite(value), np.minimum(value, df), df)
