"""What probabilities are worth to who decides by them: net benefit, and cost whatever errors cost."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from smote_bench.report.analysis.curves import roc_points, why_no_calibration, why_no_curve

__all__ = ["cost_curve", "net_benefit", "share_of_cost", "treat_all"]

Floats = NDArray[np.float64]


def net_benefit(
    truth: NDArray[np.int64], score: Floats, thresholds: Floats, *, is_probability: bool = True
) -> Floats:
    """Return the decision curve: the net benefit of acting on rows from each probability on.

    Parameters
    ----------
    truth : ndarray of shape (n_rows,)
        1 is the positive class.
    score : ndarray of shape (n_rows,)
        Probabilities.
    thresholds : ndarray of shape (n_thresholds,)
        From 0 to below 1: who acts from t on takes a false positive for t / (1 - t) true ones.
    is_probability : bool
        Whether `score` are probabilities; other scores have no such curve.

    Returns
    -------
    ndarray of shape (n_thresholds,)
        tp / n - fp / n * t / (1 - t), in true positives a row (Vickers and Elkin 2006). Empty where scores
        are no probabilities.
    """
    if why_no_calibration(truth, score, is_probability):
        return np.empty(0)
    positives, negatives = (np.sort(score[truth == code]) for code in (1, 0))
    tp = len(positives) - np.searchsorted(positives, thresholds, side="left")
    fp = len(negatives) - np.searchsorted(negatives, thresholds, side="left")
    return np.asarray((tp - fp * thresholds / (1.0 - thresholds)) / len(truth), dtype=np.float64)


def treat_all(truth: NDArray[np.int64], thresholds: Floats) -> Floats:
    """Return the net benefit of acting on every row."""
    share = float(np.mean(truth == 1))
    return np.asarray(share - (1.0 - share) * thresholds / (1.0 - thresholds), dtype=np.float64)


def cost_curve(truth: NDArray[np.int64], score: Floats, shares: Floats) -> Floats:
    """Return the cost curve: the least normalized expected cost by the share of cost that is the minority's.

    Parameters
    ----------
    truth : ndarray of shape (n_rows,)
        1 is the positive class.
    score : ndarray of shape (n_rows,)
        Any score that grows with it.
    shares : ndarray of shape (n_shares,)
        From 0 to 1; see `share_of_cost`.

    Returns
    -------
    ndarray of shape (n_shares,)
        The least of (1 - tpr) share + fpr (1 - share) over all thresholds (Drummond and Holte 2006): that of
        a threshold chosen after looking, and so a bound. Empty where rows have no ROC curve.
    """
    if why_no_curve(truth, score):
        return np.empty(0)
    fpr, tpr = roc_points(truth, score, None)
    lines = (1.0 - tpr)[:, None] * shares + fpr[:, None] * (1.0 - shares)
    return np.asarray(lines.min(axis=0), dtype=np.float64)


def share_of_cost(truth: NDArray[np.int64], costs: tuple[float, float]) -> float:
    """Return which share of the cost of getting every row wrong is that of positive rows.

    Parameters
    ----------
    truth : ndarray of shape (n_rows,)
    costs : tuple of float
        Of a false positive, and of a false negative.
    """
    positive = float(np.mean(truth == 1))
    fp, fn = costs
    whole = positive * fn + (1.0 - positive) * fp
    return positive * fn / whole if whole else 0.5
