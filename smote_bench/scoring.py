"""From a fold's truth, labels and scores to its metrics: one confusion matrix, one sort, NaN where undefined.

scikit-learn validates and encodes its input anew in every metric function, which took a quarter of all CPU
time of a run; here one validation serves them all. The values are scikit-learn's and, where it has none
(specificity, g_mean), imbalanced-learn's. They differ in one thing: what is undefined is NaN, never 0 and
never left out of a mean.
"""

from __future__ import annotations

import functools
import inspect
import math
import warnings
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from smote_bench.environment.isolation import Report, isolated
from smote_bench.environment.leaving import called
from smote_bench.environment.process_state import seed_generators
from smote_bench.environment.targets import load_target
from smote_bench.metrics import CALIBRATION_METRICS, METRICS, Metric

__all__ = [
    "expected_cost",
    "own_metric",
    "own_metric_of_each",
    "score_fold",
    "scores_of_counts",
    "takes_weights",
]

_EPSILON = float(np.finfo(np.float64).eps)
_RANKED = frozenset({"roc_auc", "roc_auc_macro", "roc_auc_weighted", "average_precision"})
_SEED_OF_OWN_METRICS = 0
_OF_PROBABILITIES = frozenset({"brier", "log_loss"})
_OF_CALIBRATION = frozenset(CALIBRATION_METRICS)
_ROUNDING = 1e-6
"""How far beyond 0 and 1 a probability may lie: single precision."""


def score_fold(
    y_true: ArrayLike,
    y_label: ArrayLike,
    y_score: ArrayLike | None,
    names: Iterable[str | Metric],
    *,
    is_probability: bool = True,
    weights: NDArray[np.float64] | None = None,
) -> dict[str, float]:
    """Compute the metrics of one fold.

    Parameters
    ----------
    y_true : array-like of shape (n_samples,)
        The truth: 1 is the positive class, the minority unless a data set says otherwise.
    y_label : array-like of shape (n_samples,)
        The predicted labels, 0 or 1.
    y_score : array-like of shape (n_samples,), float64, or None
        The positive class's probability, or any score that grows with it; None where there are labels only.
    names : iterable of str or Metric
        Which metrics; a user's own are passed as `Metric`.
    is_probability : bool
        Whether `y_score` are probabilities. A decision function's values are not, even where they happen to
        lie in [0, 1].
    weights : ndarray of shape (n_samples,), float64, optional
        How much each row counts, 0 or more; counts are sums of weights then, and every ratio is of such sums,
        as with scikit-learn's ``sample_weight``. A user's own metric gets them where it takes
        ``sample_weight``.

    Returns
    -------
    dict of str to float
        In the order of `names`, builtin floats. Undefined values are NaN: a ratio 0/0; a mean over classes
        that has an undefined part; ROC AUC, MCC or average precision without rows of a class they need; Brier
        score and log loss of scores that are not probabilities (by `is_probability`, or outside [0, 1]);
        everything that needs scores where there are none.

    Raises
    ------
    ValueError
        If there are no rows, lengths differ, a label is neither 0 nor 1, or a score is not finite.

    Examples
    --------
    >>> score_fold([0, 0, 1, 1], [0, 1, 1, 1], [0.1, 0.7, 0.7, 0.9], ["tp", "recall", "roc_auc"])
    {'tp': 2.0, 'recall': 1.0, 'roc_auc': 0.875}
    """
    wanted = [METRICS[name] if isinstance(name, str) else name for name in names]
    own = {metric.name: metric for metric in wanted if metric.target is not None}
    built_in = [metric.name for metric in wanted if metric.target is None]
    truth, label, score = _checked(y_true, y_label, y_score)
    has_scores = y_score is not None
    if weights is not None and weights.shape != truth.shape:
        raise ValueError(f"expected a weight for each of {truth.size} rows, got shape {weights.shape}")
    if weights is not None and not weights.any():
        return dict.fromkeys([metric.name for metric in wanted], math.nan)  # nothing counts
    tn, fp, fn, tp = np.bincount(2 * truth + label, weights=weights, minlength=4).tolist()
    values = _from_counts(tn, fp, fn, tp)
    if not _RANKED.isdisjoint(built_in):
        ranks = _from_ranks if weights is None else functools.partial(_from_weighted_ranks, weights=weights)
        values |= ranks(truth, score) if has_scores else dict.fromkeys(_RANKED, math.nan)
    if not _OF_PROBABILITIES.isdisjoint(built_in):
        is_defined = has_scores and is_probability
        values |= (
            _from_probabilities(truth, score, weights)
            if is_defined
            else dict.fromkeys(_OF_PROBABILITIES, math.nan)
        )
    if not _OF_CALIBRATION.isdisjoint(built_in):
        is_defined = has_scores and is_probability and _are_probabilities(score)
        from smote_bench.stats.calibration import calibration_scores

        values |= (
            calibration_scores(truth, np.clip(score, 0.0, 1.0), weights)
            if is_defined
            else dict.fromkeys(_OF_CALIBRATION, math.nan)
        )
    for metric in wanted:
        if metric.costs is not None:
            values[metric.name] = expected_cost(metric.costs, values)
    if not own:
        return {name: values[name] for name in built_in}
    return {
        metric.name: values[metric.name]
        if metric.target is None
        else own_metric(metric, truth, label, score, weights)
        for metric in wanted
    }


def _checked(
    y_true: ArrayLike, y_label: ArrayLike, y_score: ArrayLike | None
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    truth, label = _binary(y_true, "y_true"), _binary(y_label, "y_label")
    score = np.full(truth.shape, np.nan) if y_score is None else np.asarray(y_score, dtype=np.float64)
    if not truth.shape == label.shape == score.shape or truth.ndim != 1 or not truth.size:
        raise ValueError(
            "expected y_true, y_label and y_score of one shape (n_samples,) with at least one row, got "
            f"{truth.shape}, {label.shape} and {score.shape}: pass one value per row of the fold"
        )
    if y_score is not None and not np.isfinite(score).all():
        raise ValueError(
            f"expected finite scores, got {int((~np.isfinite(score)).sum())} of {score.size} that are NaN or "
            "infinite: the classifier gave no usable prediction for them"
        )
    return truth, label, score


def _binary(values: ArrayLike, name: str) -> NDArray[np.int64]:
    given = np.asarray(values)
    numbers = given.astype(np.int64) if given.dtype.kind in "biuf" else np.full(given.shape, -1)
    # 0 and 1 are the only integers that a shift by one bit leaves empty.
    if (numbers >> 1).any() or (given.dtype.kind == "f" and (numbers != given).any()):
        raise ValueError(
            f"expected 0 and 1 in {name}, got {np.unique(given)[:5].tolist()} (dtype {given.dtype}): "
            "code the positive class as 1, the other as 0"
        )
    return numbers


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole else math.nan


def scores_of_counts(tn: Any, fp: Any, fn: Any, tp: Any) -> dict[str, NDArray[np.float64]]:
    """Compute every threshold metric of many confusion matrices at once, to choose among them.

    Parameters
    ----------
    tn, fp, fn, tp : array-like of shape (n_matrices,), int

    Returns
    -------
    dict of str to ndarray of shape (n_matrices,)
        As `score_fold` computes them, but that a ratio 0/0 counts as 0, as with scikit-learn.
    """
    # Floats: a product of four counts may be larger than 64 bits hold.
    tn, fp, fn, tp = (np.asarray(count, dtype=np.float64) for count in (tn, fp, fn, tp))
    return _from_counts(tn, fp, fn, tp, ratio=_ratio_or_zero, root=np.sqrt)


def expected_cost(costs: tuple[float, float], counts: Mapping[str, Any]) -> Any:
    """Return what errors cost a row, of one confusion matrix or of many at once.

    Parameters
    ----------
    costs : tuple of float
        Of a false positive, and of a false negative.
    counts : mapping of str to number or ndarray of shape (n_matrices,)
        ``tn``, ``fp``, ``fn`` and ``tp``.
    """
    rows = counts["tn"] + counts["fp"] + counts["fn"] + counts["tp"]
    return (costs[0] * counts["fp"] + costs[1] * counts["fn"]) / rows


def _ratio_or_zero(part: Any, whole: Any) -> Any:
    return np.divide(part, whole, out=np.zeros_like(part), where=whole != 0)


def _from_counts(
    tn: Any,
    fp: Any,
    fn: Any,
    tp: Any,
    ratio: Callable[[Any, Any], Any] = _ratio,
    root: Callable[[Any], Any] = math.sqrt,
) -> dict[str, Any]:
    """Compute every threshold metric from the confusion matrix, or from arrays of their counts.

    ``_macro`` and ``_weighted`` average over both classes, each in turn taken as the positive one: the
    majority's recall is the minority's specificity and the other way round. g_mean averages recall and
    specificity first and takes the root then, as imbalanced-learn's ``geometric_mean_score`` does.
    """
    negatives, positives = tn + fp, tp + fn
    rows = negatives + positives
    recall, specificity = ratio(tp, positives), ratio(tn, negatives)
    by_class = {
        "precision": (ratio(tn, tn + fn), ratio(tp, tp + fp)),
        "recall": (specificity, recall),
        "specificity": (recall, specificity),
        "f1": (ratio(2 * tn, 2 * tn + fp + fn), ratio(2 * tp, 2 * tp + fp + fn)),
    }
    values = {
        "tn": tn * 1.0,
        "fp": fp * 1.0,
        "fn": fn * 1.0,
        "tp": tp * 1.0,
        "accuracy": (tp + tn) / rows,
    }
    for name, (majority, minority) in by_class.items():
        values[name] = minority
        values[f"{name}_macro"] = (majority + minority) / 2
        values[f"{name}_weighted"] = (negatives * majority + positives * minority) / rows
    for average in ("", "_macro", "_weighted"):
        values[f"g_mean{average}"] = root(values[f"recall{average}"] * values[f"specificity{average}"])
    values["balanced_accuracy"] = (recall + specificity) / 2
    values["mcc"] = ratio(tp * tn - fp * fn, root((tp + fp) * positives * negatives * (tn + fn)))
    return values


def _from_ranks(truth: NDArray[np.int64], score: NDArray[np.float64]) -> dict[str, float]:
    """Compute ROC AUC and average precision from one sort; rows of equal score enter together."""
    order = (-score).argsort(kind="stable")
    ranked, above = score[order], truth[order].cumsum()
    is_last_of_tie = np.ones(score.size, dtype=bool)
    np.not_equal(ranked[1:], ranked[:-1], out=is_last_of_tie[:-1])
    (last_of_tie,) = is_last_of_tie.nonzero()
    tp = above[last_of_tie]
    predicted = last_of_tie + 1
    positives = int(above[-1])
    negatives = score.size - positives
    steps, fp = _steps(tp), predicted - tp
    # Twice the Mann-Whitney U in integers: exact, and so the same for every order of the rows.
    twice_u = int((_steps(fp) * (2 * tp - steps)).sum())
    roc_auc = _ratio(twice_u, 2 * positives * negatives)
    precision = tp / predicted
    # Steps are summed before they are divided by, so that rounding cannot take the value above 1.
    average_precision = _ratio(float((steps * precision).sum()), positives)
    return {
        "roc_auc": roc_auc,
        "roc_auc_macro": roc_auc,
        "roc_auc_weighted": roc_auc,
        "average_precision": average_precision,
    }


def _steps(counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return by how much each count is above the one before; `numpy.diff` takes five times as long."""
    steps = counts.copy()
    steps[1:] -= counts[:-1]
    return steps


def _from_weighted_ranks(
    truth: NDArray[np.int64], score: NDArray[np.float64], *, weights: NDArray[np.float64]
) -> dict[str, float]:
    """Compute what `_from_ranks` does, every pair and every row by its weight."""
    counted = np.flatnonzero(weights)
    order = counted[np.argsort(-score[counted], kind="stable")]
    ranked, weight = score[order], weights[order]
    last_of_tie = np.append(np.flatnonzero(ranked[1:] != ranked[:-1]), order.size - 1)
    tp = np.cumsum(weight * truth[order])[last_of_tie]
    predicted = np.cumsum(weight)[last_of_tie]
    fp = np.cumsum(weight * (1 - truth[order]))[last_of_tie]
    steps = np.diff(tp, prepend=0.0)
    twice_u = float((np.diff(fp, prepend=0.0) * (2 * tp - steps)).sum())
    # Sums of floats: what rounding takes beyond 1 is cut off.
    roc_auc = min(_ratio(twice_u, 2 * float(tp[-1] * fp[-1])), 1.0)
    average_precision = min(_ratio(float((steps * (tp / predicted)).sum()), float(tp[-1])), 1.0)
    return {
        "roc_auc": roc_auc,
        "roc_auc_macro": roc_auc,
        "roc_auc_weighted": roc_auc,
        "average_precision": average_precision,
    }


def _are_probabilities(score: NDArray[np.float64]) -> bool:
    return bool(score.min() >= -_ROUNDING and score.max() <= 1.0 + _ROUNDING)


def _from_probabilities(
    truth: NDArray[np.int64], score: NDArray[np.float64], weights: NDArray[np.float64] | None = None
) -> dict[str, float]:
    if not _are_probabilities(score):
        return dict.fromkeys(_OF_PROBABILITIES, math.nan)
    of_truth = np.where(truth == 1, score, 1.0 - score)
    # scikit-learn's clipping, without which a single confident error makes the whole fold infinite.
    loss = -np.log(np.clip(of_truth, _EPSILON, 1.0 - _EPSILON))
    if weights is not None:
        return {
            "brier": float(np.average((score - truth) ** 2, weights=weights)),
            "log_loss": float(np.average(loss, weights=weights)),
        }
    return {"brier": float(np.mean((score - truth) ** 2)), "log_loss": float(np.mean(loss))}


def own_metric(metric: Metric, truth: Any, label: Any, score: Any, weights: Any = None) -> float:
    """Compute a user's own metric."""
    (value,) = own_metric_of_each(metric, truth, [label], score, weights)
    return value


def own_metric_of_each(
    metric: Metric, truth: Any, labels: Iterable[Any], score: Any, weights: Any = None
) -> list[float]:
    """Compute a user's own metric of several labellings of the same rows, alone with itself but once.

    It gets weights where it has a parameter ``sample_weight``, which `takes_weights` tells.
    """
    assert metric.target is not None
    report = Report()
    found = []
    with (
        called(f"the metric {metric.name}"),
        isolated(_SEED_OF_OWN_METRICS, report, targets=(metric.target,)),
    ):
        compute = load_target(metric.target)
        weighed = {} if weights is None or not _has_weights(compute) else {"sample_weight": weights}
        for label in labels:
            # One seed, so that a function that draws gives the same value to the same predictions; copies, so
            # that one that sorts or scales its input in place cannot change the other metrics.
            seed_generators(_SEED_OF_OWN_METRICS)
            copies = {name: values.copy() for name, values in weighed.items()}
            found.append(float(compute(truth.copy(), label.copy(), score.copy(), **copies)))
    for message in dict.fromkeys(report.messages):
        warnings.warn(f"metric {metric.name!r}: {message}", stacklevel=3)
    return found


def takes_weights(metric: Metric) -> bool:
    """Whether a metric counts rows by their weights: all of ours, and a user's own with ``sample_weight``."""
    return metric.target is None or _has_weights(load_target(metric.target))


def _has_weights(compute: Callable[..., Any]) -> bool:
    try:
        return "sample_weight" in inspect.signature(compute).parameters
    except (TypeError, ValueError):  # compiled code need not tell
        return False
