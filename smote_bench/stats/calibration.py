"""How far probabilities are from what happens: calibration error, calibration intercept and slope."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

__all__ = ["calibration_scores", "chance_of", "fit_logistic", "log_odds"]

_BINS = 10
_FARTHEST = 1e-8
"""Probabilities of 0 and 1 have no log odds: they are moved by so much, as R's CalibrationCurves does."""
_STEPS, _CLOSE = 100, 1e-10
_FAR = 40.0
"""Log odds beyond which a chance is 0 or 1 to the last bit."""


def calibration_scores(
    truth: NDArray[np.int64], score: NDArray[np.float64], weights: NDArray[np.float64] | None = None
) -> dict[str, float]:
    """Compute the metrics of calibration.

    Parameters
    ----------
    truth : ndarray of shape (n_samples,), int64
        0 or 1.
    score : ndarray of shape (n_samples,), float64
        Probabilities of class 1, from 0 to 1.
    weights : ndarray of shape (n_samples,), float64, optional
        How much each row counts, 0 or more.

    Returns
    -------
    dict of str to float
        ``expected_calibration_error``: mean distance between probability and frequency over ten bins of equal
        width, those of scikit-learn's ``calibration_curve``, each weighted by its rows (Naeini and others
        2015). ``calibration_intercept``: the intercept of a logistic regression of the labels with the log
        odds as offset; 0 is right, below 0 probabilities are too high. ``calibration_slope``: the slope of a
        logistic regression of the labels on the log odds; 1 is right, below 1 they are too extreme (Cox 1958;
        Van Calster and others 2019). NaN where there is none: rows of one class, and for the slope log odds
        that are all the same, or that part the classes.
    """
    counts = np.ones(len(truth)) if weights is None else weights
    truth, score, counts = truth[counts > 0], score[counts > 0], counts[counts > 0]
    odds = log_odds(score)
    return {
        "expected_calibration_error": _binned_error(truth, score, counts),
        "calibration_intercept": fit_logistic(truth, odds, counts, slope=1.0)[0],
        "calibration_slope": fit_logistic(truth, odds, counts)[1],
    }


def log_odds(score: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the log odds of probabilities, those of 0 and 1 moved inside."""
    inside = np.clip(score, _FARTHEST, 1.0 - _FARTHEST)
    return np.asarray(np.log(inside) - np.log1p(-inside), dtype=np.float64)


def _binned_error(truth: NDArray[np.int64], score: NDArray[np.float64], counts: NDArray[np.float64]) -> float:
    edges = np.linspace(0.0, 1.0, _BINS + 1)
    bins = np.searchsorted(edges[1:-1], score)
    distances = np.bincount(bins, weights=counts * (score - truth), minlength=_BINS)
    return float(np.abs(distances).sum() / counts.sum())


def fit_logistic(
    target: NDArray[np.float64] | NDArray[np.int64],
    value: NDArray[np.float64],
    counts: NDArray[np.float64],
    *,
    slope: float | None = None,
) -> tuple[float, float]:
    """Fit a logistic regression on one value by maximum likelihood; return its intercept and slope.

    Parameters
    ----------
    target : ndarray of shape (n_samples,)
        From 0 to 1.
    value : ndarray of shape (n_samples,), float64
    counts : ndarray of shape (n_samples,), float64
        Weights above 0.
    slope : float, optional
        Keeps the slope; the default fits it.

    Returns
    -------
    tuple of float
        NaN where the likelihood has no maximum.
    """
    if not _has_maximum(target, value, is_sloped=slope is None):
        return math.nan, math.nan
    if slope is not None:
        return _fit_intercept(target, slope * value, counts), slope
    # Centred and scaled, from a slope of 0: elsewhere all chances may be 0 or 1, and the likelihood flat.
    centre, spread = float(np.average(value, weights=counts)), float(np.abs(value - value.mean()).max())
    share = float(np.average(target, weights=counts))
    design = np.stack([np.ones_like(value), (value - centre) / spread])
    at = np.array([math.log(share) - math.log1p(-share), 0.0])
    before = _loss(target, design, at, counts)
    for _ in range(_STEPS):
        chance = chance_of(at @ design)
        gradient = design @ (counts * (target - chance))
        curvature = (design * (counts * chance * (1.0 - chance))) @ design.T
        try:
            step = np.linalg.solve(curvature, gradient)
        except np.linalg.LinAlgError:
            return math.nan, math.nan
        for _ in range(_STEPS):  # a whole step may lead beyond where the likelihood falls again
            after = _loss(target, design, at + step, counts)
            if after <= before + 1e-12 * abs(before):
                break
            step = step / 2
        at, before = at + step, after
        if np.abs(step).max() < _CLOSE * max(1.0, float(np.abs(at).max())):
            found = float(at[1]) / spread
            return float(at[0]) - found * centre, found
    return math.nan, math.nan


def _fit_intercept(
    target: NDArray[np.float64] | NDArray[np.int64],
    offset: NDArray[np.float64],
    counts: NDArray[np.float64],
) -> float:
    """Return the intercept at which the chances sum to the targets, by halving: the sum falls with it."""
    low, high = -float(offset.max()) - _FAR, -float(offset.min()) + _FAR
    for _ in range(200):
        middle = (low + high) / 2
        if float((counts * (target - chance_of(middle + offset))).sum()) > 0:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def _has_maximum(
    target: NDArray[np.float64] | NDArray[np.int64], value: NDArray[np.float64], *, is_sloped: bool
) -> bool:
    ones, zeros = value[target > 0], value[target < 1]
    if not ones.size or not zeros.size:
        return False
    return not is_sloped or bool(ones.min() < zeros.max() and zeros.min() < ones.max())


def chance_of(odds: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the probabilities of log odds."""
    return np.asarray(np.exp(-np.logaddexp(0.0, -odds)), dtype=np.float64)


def _loss(
    target: NDArray[np.float64] | NDArray[np.int64],
    design: NDArray[np.float64],
    at: NDArray[np.float64],
    counts: NDArray[np.float64],
) -> float:
    odds = at @ design
    return float((counts * (np.logaddexp(0.0, odds) - target * odds)).sum())
