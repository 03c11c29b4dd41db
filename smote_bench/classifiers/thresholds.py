"""The thresholds that are best by each metric on real rows held out inside the training part."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import clone

from smote_bench.classifiers.inner_folds import N_INNER, InnerFold, real_folds
from smote_bench.classifiers.prediction import NotApplicable, predict
from smote_bench.metrics import METRICS, Metric
from smote_bench.scoring import expected_cost, own_metric_of_each, scores_of_counts

__all__ = [
    "BALANCED_ACCURACY",
    "HeldOut",
    "ThresholdSearch",
    "score_held_out",
    "thresholds_of",
    "tune_threshold",
    "tune_thresholds",
]

BALANCED_ACCURACY = METRICS["balanced_accuracy"]
_GRID = 100


@dataclass(frozen=True)
class ThresholdSearch:
    """How a threshold is chosen.

    Parameters
    ----------
    metric : Metric
        What it is chosen by.
    others : tuple of Metric
        Further metrics to find the best threshold of, from the same fits; what no threshold changes is left
        out.
    inner : iterable of InnerFold, optional
        Needed where rows are resampled; the default splits the training rows.
    """

    metric: Metric = BALANCED_ACCURACY
    others: tuple[Metric, ...] = ()
    inner: Iterable[InnerFold] | None = None


def tune_threshold(
    estimator: Any,
    X: ArrayLike,
    y: ArrayLike,
    *,
    seed: int,
    fit_params: Mapping[str, Any] | None = None,
    metric: Metric = BALANCED_ACCURACY,
) -> float:
    """Return the score from which on a row is labelled as the minority.

    Parameters
    ----------
    estimator : estimator
        Unfitted and seeded; it is cloned, not fitted.
    X, y : array-like of shape (n_samples, n_features) and (n_samples,)
        Real training rows and labels, 0 or 1.
    seed : int
        Of the shuffled, stratified folds: five, or as many as there are minority rows (with a warning).
    fit_params : mapping, optional
        Arguments of ``fit`` with one value per row.
    metric : Metric
        What the threshold is chosen by.

    Returns
    -------
    float
        Label a row as the minority if ``score >= threshold``.

    Raises
    ------
    NotApplicable
        With fewer than two rows of a class, or where scores do not vary in some fold.
    """
    folds = real_folds(X, y, seed=seed, fit_params=fit_params)
    return tune_thresholds(estimator, folds, ThresholdSearch(metric))[metric.name]


@dataclass(frozen=True)
class HeldOut:
    """Real rows that were held out of a fit: their labels, their scores, and how much each counts."""

    truth: NDArray[Any]
    score: NDArray[np.float64]
    weights: NDArray[np.float64] | None = None


def score_held_out(estimator: Any, folds: Iterable[InnerFold]) -> Iterator[HeldOut]:
    """Fit a clone on each fold's rows and yield the scores of its real ones.

    Raises
    ------
    NotApplicable
        Where the classifier has labels alone.
    """
    for fold in folds:
        fitted = clone(estimator, safe=False)  # or copied, without get_params
        fitted.fit(fold.X, fold.y, **fold.fit_params)
        _, score = predict(fitted, fold.X_valid)
        if np.isnan(score).any():
            raise NotApplicable(
                f"no threshold can be tuned: {type(fitted).__name__} has labels and no scores"
            )
        yield HeldOut(fold.y_valid, score, fold.weights_valid)


def tune_thresholds(estimator: Any, folds: Sequence[InnerFold], search: ThresholdSearch) -> dict[str, float]:
    """Return the threshold that is best by each metric, from fits on the folds; see `thresholds_of`."""
    return thresholds_of(score_held_out(estimator, folds), folds, search)


def thresholds_of(
    held: Iterable[HeldOut], folds: Sequence[InnerFold], search: ThresholdSearch
) -> dict[str, float]:
    """Return the threshold that is best by each metric, on average over the folds' real rows.

    Parameters
    ----------
    held : iterable of HeldOut
        Of each fold.
    folds : sequence of InnerFold
    search : ThresholdSearch
        Its ``inner`` is not used.

    Returns
    -------
    dict of metric name to float
        Of the metric that is searched for, and of those others that a threshold changes.

    Raises
    ------
    NotApplicable
        Where scores do not vary in some fold, or the metric does not with the threshold.

    Notes
    -----
    The result is that of scikit-learn's ``TunedThresholdClassifierCV`` with these folds: per fold a grid of
    100 thresholds over its scores, the folds' curves interpolated on a common grid, their mean, its first
    maximum (minimum where low is better). scikit-learn calls the metric 100 times a fold, which takes longer
    than fitting a small forest; here a curve is one sort (0.9 s less per threshold, whatever the classifier),
    and one more metric costs next to nothing.

    As there, a ratio 0/0 counts as 0 for the choice (for the choice alone: scores are NaN then). A mean of a
    user's own metric that is NaN is never chosen.
    """
    if len(folds) < N_INNER:
        n = len(folds)
        warnings.warn(
            f"threshold tuned with {n} folds, not {N_INNER}: {folds[0].unit.format(n)}",
            UserWarning,
            stacklevel=2,
        )
    judged = [_judged(one) for one in held]
    found = {search.metric.name: _best(judged, search.metric)}
    for metric in search.others:
        if metric.name in found or (metric.target is None and metric.needs != "labels"):
            continue
        try:
            found[metric.name] = _best(judged, metric)
        except NotApplicable:
            continue  # no threshold changes it: its score is that of any threshold
        except Exception as error:
            # Nobody asked for this one by name: the cell must not fail for it.
            warnings.warn(
                f"no threshold was tuned for {metric.name}, which raised {type(error).__name__} "
                f"for some of them: {error}",
                stacklevel=2,
            )
    return found


@dataclass(frozen=True)
class _Judged:
    """The held-out rows of a fold: their labels and scores, and the thresholds that are tried on them."""

    truth: NDArray[Any]
    score: NDArray[np.float64]
    thresholds: NDArray[np.float64]
    curves: Mapping[str, Any]
    weights: NDArray[np.float64] | None = None

    def curve(self, metric: Metric) -> NDArray[np.float64]:
        """Return the metric at each threshold."""
        if metric.costs is not None:
            return np.asarray(expected_cost(metric.costs, self.curves), dtype=np.float64)
        if metric.target is None:
            return np.asarray(self.curves[metric.name], dtype=np.float64)
        labels = (self.score >= self.thresholds[:, None]).astype(np.int64)
        # The higher a threshold, the fewer rows: as many rows are the same rows, which are asked for once.
        _, first, again = np.unique(labels.sum(axis=1), return_index=True, return_inverse=True)
        return np.array(own_metric_of_each(metric, self.truth, labels[first], self.score, self.weights))[
            again
        ]


def _judged(held: HeldOut) -> _Judged:
    """Judge the held-out rows of a fold at every threshold."""
    score = held.score
    thresholds = np.linspace(score.min(), score.max(), _GRID)
    if np.isclose(thresholds[0], thresholds[-1]):
        raise NotApplicable("no threshold can be tuned: the scores of a fold's rows are all the same")
    truth, weights = held.truth, held.weights
    fn, positives = _below(score, truth == 1, weights, thresholds)
    tn, negatives = _below(score, truth == 0, weights, thresholds)
    curves = scores_of_counts(tn, negatives - tn, fn, positives - fn)
    return _Judged(truth, score, thresholds, curves, weights)


def _below(
    score: NDArray[np.float64],
    of_class: NDArray[np.bool_],
    weights: NDArray[np.float64] | None,
    thresholds: NDArray[np.float64],
) -> tuple[NDArray[Any], Any]:
    """Return how many rows of a class (or their weight) lie below each threshold, and how many in all."""
    mine = score[of_class]
    order = np.argsort(mine, kind="stable")
    places = np.searchsorted(mine[order], thresholds, side="left")
    if weights is None:
        return places, mine.size
    total = np.concatenate([[0.0], np.cumsum(weights[of_class][order])])
    return total[places], total[-1]


def _best(judged: Sequence[_Judged], metric: Metric) -> float:
    curves = [fold.curve(metric) for fold in judged]
    if metric.target is not None and all(_is_constant(curve) for curve in curves):
        raise NotApplicable(f"no threshold can be tuned for {metric.name}: none changes it")
    common = np.linspace(
        min(fold.thresholds.min() for fold in judged), max(fold.thresholds.max() for fold in judged), _GRID
    )
    pairs = zip(judged, curves, strict=True)
    mean = np.mean([np.interp(common, fold.thresholds, curve) for fold, curve in pairs], axis=0)
    if np.isnan(mean).all():
        raise NotApplicable(f"no threshold can be tuned for {metric.name}: none has a value in every fold")
    if metric.better == "low":
        mean = -mean
    return float(common[np.where(np.isnan(mean), -np.inf, mean).argmax()])


def _is_constant(curve: NDArray[np.float64]) -> bool:
    return bool((curve == curve[0]).all() or np.isnan(curve).all())
