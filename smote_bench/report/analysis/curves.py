"""Curves and counts of one cell from its predictions: ROC, precision-recall, calibration, confusion matrix.

scikit-learn computes them. They are thinned to what a screen or a page of paper can show, so that the area
under what is drawn stays the area of the table.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from smote_bench.data.positive import CLASSES

if TYPE_CHECKING:
    import pandas as pd

    from smote_bench.evaluation.outcome import Cell
    from smote_bench.evaluation.predictions import FitPredictions, Predictions
    from smote_bench.runs.open import Run

__all__ = [
    "calibration",
    "classification_frame",
    "classification_report",
    "confusion",
    "has_probabilities",
    "pooled",
    "pr_points",
    "roc_points",
    "why_no_calibration",
    "why_no_curve",
]

Counts = tuple[int, int, int, int]
Floats = NDArray[np.float64]


def pooled(predictions: Predictions | None, phase: str) -> tuple[NDArray[Any], NDArray[Any], Floats]:
    """Return truth, label and score of all test rows of a phase, one fit after the other.

    Empty arrays where nothing was recorded. The area under the curve of pooled rows is that of one ranking of
    them all; it is not the mean of the fits' areas, since their scores need not be on one scale.

    Parameters
    ----------
    predictions : Predictions or None
    phase : {"cv", "holdout"}
        Of a run without hold-outs, that of its cross-validation is taken for ``holdout``.
    """
    fits = _of_phase(predictions, phase)
    if not fits:
        return np.empty(0, np.uint8), np.empty(0, np.uint8), np.empty(0)
    truth, label, score = (
        np.concatenate([getattr(fit, name) for fit in fits]) for name in ("truth", "label", "score")
    )
    return truth, label, score


def has_probabilities(predictions: Predictions | None, phase: str) -> bool:
    """Tell whether the scores of a phase are probabilities: a decision function's may lie in [0, 1] too."""
    return all(fit.score_kind == "probability" for fit in _of_phase(predictions, phase))


def _of_phase(predictions: Predictions | None, phase: str) -> list[FitPredictions]:
    fits = predictions.fits if predictions else ()
    has_holdout = any(fit.phase == "holdout" for fit in fits)
    return [fit for fit in fits if fit.phase == phase or (phase == "holdout" and not has_holdout)]


def why_no_curve(truth: NDArray[Any], score: Floats | None = None, classes: tuple[str, str] = CLASSES) -> str:
    """Return in words why rows have no ROC or precision-recall curve; empty where they have one.

    `classes` are the names of the negative and the positive class.

    >>> why_no_curve(np.array([0, 0]))
    'no minority rows among the 2 test rows'
    """
    if not len(truth):
        return "no predictions were recorded"
    if score is not None and np.isnan(score).any():
        return "the classifier has labels and no scores"
    missing = [name for code, name in enumerate(classes) if not (truth == code).any()]
    return f"no {missing[0]} rows among the {len(truth)} test rows" if missing else ""


def why_no_calibration(truth: NDArray[Any], score: Floats, is_probability: bool = True) -> str:
    """Return in words why rows have no calibration curve; empty where they have one."""
    if not len(truth):
        return "no predictions were recorded"
    if np.isnan(score).any():
        return "the classifier has labels and no scores"
    if not is_probability:
        return "scores are values of a decision function, no probabilities"
    low, high = float(score.min()), float(score.max())
    return f"scores are no probabilities: from {low:.3g} to {high:.3g}" if low < 0 or high > 1 else ""


def roc_points(truth: NDArray[Any], score: Floats, max_points: int | None = 200) -> tuple[Floats, Floats]:
    """Return the ROC curve, to be drawn as straight lines from point to point.

    Parameters
    ----------
    truth : ndarray of shape (n_rows,)
        1 is the positive class.
    score : ndarray of shape (n_rows,)
    max_points : int or None
        At least 20; None keeps every point.

    Returns
    -------
    fpr, tpr : ndarray of shape (n_points,)
        From (0, 0) to (1, 1). Empty where `why_no_curve` gives a reason.
    """
    if why_no_curve(truth, score):
        return np.empty(0), np.empty(0)
    from sklearn.metrics import roc_curve

    fpr, tpr, _ = roc_curve(truth, score, drop_intermediate=True)
    return _thinned(fpr, tpr, max_points)


def pr_points(truth: NDArray[Any], score: Floats, max_points: int | None = 200) -> tuple[Floats, Floats]:
    """Return the precision-recall curve as a staircase, to be drawn as straight lines from point to point.

    Precision is not linear between two points [1]_: the steps are those over which the average precision is
    summed, and it is the area under them. Spikes between two steps, which have no area, are left out.

    Parameters
    ----------
    truth : ndarray of shape (n_rows,)
        1 is the positive class.
    score : ndarray of shape (n_rows,)
    max_points : int or None
        At least 20; None keeps every point.

    Returns
    -------
    recall, precision : ndarray of shape (n_points,)
        From recall 0 (precision 1, scikit-learn's convention) to recall 1. Empty where `why_no_curve` gives a
        reason.

    References
    ----------
    .. [1] J. Davis and M. Goadrich, "The relationship between precision-recall and ROC curves", ICML (2006),
       doi:10.1145/1143844.1143874
    """
    if why_no_curve(truth, score):
        return np.empty(0), np.empty(0)
    from sklearn.metrics import precision_recall_curve

    precision, recall, _ = precision_recall_curve(truth, score)
    recall, precision = recall[::-1], precision[::-1]
    is_step = np.diff(recall) > 0
    left, right, height = recall[:-1][is_step], recall[1:][is_step], precision[1:][is_step]
    x, y = np.column_stack([left, right]).ravel(), np.repeat(height, 2)
    return _thinned(np.r_[0.0, x], np.r_[1.0, y], max_points)


def calibration(
    truth: NDArray[Any], score: Floats, n_bins: int = 10, *, is_probability: bool = True
) -> pd.DataFrame:
    """Return how often rows of a score were positive, in bins of equal width; empty bins are left out.

    Parameters
    ----------
    truth : ndarray of shape (n_rows,)
    score : ndarray of shape (n_rows,)
    n_bins : int

    Returns
    -------
    DataFrame
        mean_score, share_positive, n. No rows where `why_no_calibration` gives a reason.
    """
    import pandas as pd

    columns = ["mean_score", "share_positive", "n"]
    if why_no_calibration(truth, score, is_probability):
        return pd.DataFrame({name: np.empty(0) for name in columns})
    # As scikit-learn's calibration_curve, which does not tell how many rows a bin has.
    place = np.searchsorted(np.linspace(0, 1, n_bins + 1)[1:-1], score)
    n = np.bincount(place, minlength=n_bins)
    sums = [np.bincount(place, weights=values, minlength=n_bins) for values in (score, truth)]
    filled = n > 0
    means = [total[filled] / n[filled] for total in sums]
    return pd.DataFrame(dict(zip(columns, (*means, n[filled]), strict=True)))


def confusion(run: Run, cell: Cell) -> dict[str, Counts | None]:
    """Return a cell's confusion matrices of the final evaluation, summed over repeats.

    Parameters
    ----------
    run : Run
    cell : Cell

    Returns
    -------
    dict
        ``train`` (the training part before resampling) and ``test`` (the hold-out): tn, fp, fn, tp; None
        where they were not recorded or the cell is not complete.
    """
    outcome = run.by_cell.get(cell)
    if outcome is None or not outcome.is_scored:
        return {"train": None, "test": None}
    train = [fit.train_counts for fit in outcome.fits if fit.phase == "holdout"]
    known = [counts for counts in train if counts is not None]
    truth, label, _ = pooled(run.predictions(cell), "holdout")
    test = np.bincount(2 * truth.astype(np.intp) + label, minlength=4) if len(truth) else None
    return {
        "train": _counts(np.sum(known, axis=0)) if known and len(known) == len(train) else None,
        "test": _counts(test) if test is not None else None,
    }


def classification_report(counts: Counts, classes: tuple[str, str] = CLASSES) -> str:
    """Return scikit-learn's text report of a confusion matrix.

    What is undefined is ``nan``, and left out of the averages, as scikit-learn does.

    Parameters
    ----------
    counts : tuple of int
        tn, fp, fn, tp.
    classes : tuple of str
        The names of the negative and the positive class.
    """
    text = _report(counts, classes, output_dict=False)
    assert isinstance(text, str)
    return text


def classification_frame(counts: Counts, classes: tuple[str, str] = CLASSES) -> pd.DataFrame:
    """Return the numbers of `classification_report`.

    Parameters
    ----------
    counts : tuple of int
        tn, fp, fn, tp.
    classes : tuple of str
        The names of the negative and the positive class.

    Returns
    -------
    DataFrame
        Index the two classes, macro avg, weighted avg; columns precision, recall, f1-score, support.
    """
    import pandas as pd

    values = _report(counts, classes, output_dict=True)
    assert isinstance(values, dict)
    return pd.DataFrame({k: v for k, v in values.items() if k != "accuracy"}).T


def _report(counts: Counts, classes: tuple[str, str], *, output_dict: bool) -> object:
    from sklearn.metrics import classification_report as of_sklearn

    truth, label = np.repeat([0, 0, 1, 1], counts), np.repeat([0, 1, 0, 1], counts)
    with warnings.catch_warnings():
        # One label alone in a fold: the report says so itself, by 0 and nan.
        warnings.simplefilter("ignore", UserWarning)
        return of_sklearn(
            truth,
            label,
            labels=[0, 1],
            target_names=list(classes),
            digits=3,
            zero_division=np.nan,
            output_dict=output_dict,
        )


def _counts(values: Sequence[int] | NDArray[Any]) -> Counts:
    tn, fp, fn, tp = (int(value) for value in values)
    return tn, fp, fn, tp


def _thinned(x: Floats, y: Floats, max_points: int | None) -> tuple[Floats, Floats]:
    """Keep at most `max_points` vertices, spread over the curve's length, and the area under it.

    Keeping every n-th vertex of a staircase may keep all of its upper corners, and with them a larger area.
    So of each stretch of the curve that vertex is kept which brings the area so far closest to the true one.
    """
    if max_points is None or len(x) <= max_points:
        return x, y
    length = np.r_[0, np.cumsum(np.abs(np.diff(x)) + np.abs(np.diff(y)))]
    area = np.r_[0, np.cumsum(np.diff(x) * (y[1:] + y[:-1]) / 2)]
    n_stretches = max_points // 2 - 2
    # Both ends of a long line stay, or the chord beside it would cut a corner that can be seen.
    long = np.flatnonzero(np.diff(length) > 4 * length[-1] / max_points)
    fixed = np.unique(np.r_[0, long, long + 1, len(x) - 1])
    ends = np.searchsorted(length, np.linspace(0, length[-1], n_stretches + 1)[1:], side="right")
    ends = np.unique(np.r_[fixed + 1, ends])
    starts = np.r_[0, ends[:-1]]
    is_fixed = np.isin(ends - 1, fixed)
    kept, drawn = [0], 0.0
    for start, end, exact in zip(starts[1:].tolist(), ends[1:].tolist(), is_fixed[1:].tolist(), strict=True):
        last = kept[-1]
        candidates = drawn + (x[start:end] - x[last]) * (y[start:end] + y[last]) / 2
        best = end - start - 1 if exact else int(np.argmin(np.abs(candidates - area[start:end])))
        drawn = float(candidates[best])
        kept.append(start + best)
    return x[kept], y[kept]
