"""One fit and one prediction: class weights, tuned threshold, probabilities, seconds, warnings, history."""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from smote_bench.classifiers.inner_folds import InnerFold, inner_notes, real_folds
from smote_bench.classifiers.prediction import NotApplicable, Prediction, ScoreKind, predict, score_kind
from smote_bench.classifiers.probabilities import Calibration, calibrator, prior_corrected
from smote_bench.classifiers.registry import ClassifierSpec, build_classifier, classifier_targets
from smote_bench.classifiers.row_splitting import (
    apart_note,
    split_note,
    splitting_parts,
    watch_splits,
)
from smote_bench.classifiers.thresholds import HeldOut, ThresholdSearch, score_held_out, thresholds_of
from smote_bench.classifiers.typed_rows import take_categories
from smote_bench.environment.isolation import Report, isolated
from smote_bench.environment.leaving import called

__all__ = ["coded", "fit_predict"]

_Weights: TypeAlias = NDArray[np.float64] | None
_Righted: TypeAlias = Callable[[NDArray[np.float64]], NDArray[np.float64]]
_Weigh: TypeAlias = Callable[[NDArray[Any], _Weights], dict[str, Any]]

_BY_BALANCED_ACCURACY = ThresholdSearch()
_LONGEST_WARNING = 200
_HAND_ON = {"BaseSearchCV", "VotingClassifier", "StackingClassifier"}
"""Estimators that hand ``sample_weight`` on to those they fit, all of which have to take it."""


def coded(y: NDArray[Any], positive: int) -> NDArray[Any]:
    """Return labels of 0 and 1 with 1 for the class whose code is `positive`."""
    return y if positive == 1 else (y == positive).astype(y.dtype)


def fit_predict(
    spec: ClassifierSpec,
    X: ArrayLike,
    y: ArrayLike,
    X_test: ArrayLike,
    *,
    seed: int,
    class_weight: Literal["balanced"] | None = None,
    tuned_threshold: bool = False,
    search: ThresholdSearch = _BY_BALANCED_ACCURACY,
    X_train: ArrayLike | None = None,
    is_resampled: bool = False,
    sample_weight: NDArray[np.float64] | None = None,
    apart_by: str = "",
    apart: Mapping[str, NDArray[Any]] | None = None,
    positive: int = 1,
    calibrated: Calibration = "",
    odds_factor: float | None = None,
) -> Prediction:
    """Fit a fresh classifier and predict once.

    Parameters
    ----------
    spec : ClassifierSpec
        Which classifier.
    X, y : array-like of shape (n_samples, n_features) and (n_samples,)
        The training rows and their labels, 0 or 1.
    X_test : array-like of shape (n_test_samples, n_features)
        The rows to predict, of the same kind (array or data frame) as `X`.
    seed : int
        For everything random in the classifier; from 0 to 2**32 - 1.
    class_weight : {"balanced"}, optional
        Weigh each class by the inverse of its frequency: through the estimator's own ``class_weight`` or,
        where it has none, through the ``sample_weight`` of its ``fit``.
    tuned_threshold : bool
        Choose the threshold inside the training rows (5-fold) instead of taking the larger probability.
    search : ThresholdSearch
        By which metric, and on which folds: resampled training rows must not be split again, so these need
        inner folds of real rows.
    X_train : array-like of shape (n_train, n_features), optional
        Rows to be labelled as well, after the stopwatch was read.
    is_resampled : bool
        Whether samplers made the training rows: then a classifier that splits them is named in the warnings.
    sample_weight : ndarray of shape (n_samples,), optional
        How much each row counts: given to a ``fit`` that takes it; of one that does not, a warning says so.
    apart_by : str
        What keeps rows of two sides of a split apart, as ``groups``, which a classifier that splits its rows
        itself does not know: it is named in the warnings.
    apart : mapping of str to ndarray of shape (n_samples,), optional
        ``groups`` or ``times`` of training rows that no sampler made, for classifiers of ours
        that split by them.
    positive : {1, 0}
        The code in `y` of the class that is 1 for the classifier, and in what is returned.
    calibrated : {"", "sigmoid", "isotonic"}
        Map scores to probabilities by what happened on the rows that a threshold would be tuned on.
    odds_factor : float, optional
        Multiply the odds of class 1 by it; not together with `calibrated`.

    Returns
    -------
    Prediction
        Labels are those of the estimator's own ``predict``; with `tuned_threshold`, ``score >= threshold``;
        where probabilities were set right and no threshold is tuned, ``score > 0.5``.

    Raises
    ------
    NotApplicable
        If the classifier takes no weights, has no probabilities to correct, or no threshold or curve can be
        found on these rows.
    BrokenOutput
        If labels or scores are not what a classifier returns; see
        `smote_bench.classifiers.prediction.predict`.
    UnavailableError
        If the classifier's package is not installed.

    Notes
    -----
    The classifier runs alone (see `smote_bench.environment.isolation`): the global generators of numpy and
    Python are seeded with `seed`, so that what draws from them depends on the cell alone, and nothing that it
    changes in the process is left.
    """
    report = Report()
    with called("the classifier"), isolated(int(seed), report, targets=classifier_targets(spec)):
        estimator = build_classifier(spec, seed)
        of_categories = take_categories(estimator, X) if spec.rows == "typed" else {}
        labels = coded(np.asarray(y), positive)
        weigh, unweighted = _weigher(estimator, spec, class_weight, sample_weight)
        if of_categories:
            weigh = _with(of_categories, weigh)
        has_inner = tuned_threshold or bool(calibrated)
        folds = _inner_folds(estimator, X, labels, seed, search, weigh, positive) if has_inner else []
        start = time.perf_counter()
        held: Iterable[HeldOut] = score_held_out(estimator, folds)
        held = list(held) if calibrated else held
        thresholds = thresholds_of(held, folds, search) if tuned_threshold else None
        threshold = thresholds[search.metric.name] if thresholds else None
        is_watched = is_resampled or bool(apart_by)
        watch: AbstractContextManager[list[str]] = watch_splits() if is_watched else nullcontext([])
        with watch as watched:
            own = _taken(estimator, apart or {})
            estimator.fit(X, labels, **weigh(labels, sample_weight), **own)
        kind = score_kind(estimator)
        righted = _righted(spec, kind, calibrated, held, odds_factor)
        fitted = time.perf_counter()
        label, score = _predict_from(estimator, X_test, threshold, righted)
        predicted = time.perf_counter()
        train_label = None if X_train is None else _predict_from(estimator, X_train, threshold, righted)[0]
        history = _history(estimator)
        parts = splitting_parts(estimator, len(labels), watched) if is_watched else []
    # Inner folds are resampled once for all classifiers: each counts what it took, whoever came first.
    fit_seconds = fitted - start + sum(fold.seconds for fold in folds)
    told = (*_distinct(report.messages), *inner_notes(folds), *unweighted)
    told += (split_note(parts),) if parts and is_resampled else ()
    told += (apart_note(parts, apart_by),) if parts and apart_by and not own else ()
    if righted is not None:
        kind = "probability"
        at = {name: np.array([value]) for name, value in (thresholds or {}).items()}
        thresholds = {name: float(righted(value)[0]) for name, value in at.items()} or None
    return Prediction(
        label, score, fit_seconds, predicted - fitted, told, train_label, history, kind, thresholds
    )


def _inner_folds(
    estimator: Any,
    X: ArrayLike,
    y: NDArray[Any],
    seed: int,
    search: ThresholdSearch,
    weigh: _Weigh,
    positive: int,
) -> list[InnerFold]:
    """Return the folds that a threshold is tuned on, with the weights of the rows that are fitted."""
    folds = real_folds(X, y, seed=seed) if search.inner is None else _coded_folds(search.inner, positive)
    return [
        replace(fold, fit_params={**weigh(fold.y, fold.weights), **_taken(estimator, fold.apart)})
        for fold in folds
    ]


def _taken(estimator: Any, apart: Mapping[str, Any]) -> dict[str, Any]:
    """Return what of groups and times a classifier of ours splits by; others may mean something else."""
    if not apart or not type(estimator).__module__.startswith("smote_bench."):
        return {}
    from sklearn.utils.validation import has_fit_parameter

    return {name: values for name, values in apart.items() if has_fit_parameter(estimator, name)}


def _coded_folds(folds: Iterable[InnerFold], positive: int) -> list[InnerFold]:
    return [replace(f, y=coded(f.y, positive), y_valid=coded(f.y_valid, positive)) for f in folds]


def _righted(
    spec: ClassifierSpec,
    kind: ScoreKind,
    calibrated: Calibration,
    held: Iterable[HeldOut],
    odds_factor: float | None,
) -> _Righted | None:
    """Return what sets scores right as probabilities, where something is to."""
    if odds_factor is not None:
        if kind != "probability":
            raise NotApplicable(
                f"{spec.name} has no probabilities, so prior_corrected has nothing to correct"
            )
        return prior_corrected(odds_factor)
    return calibrator(calibrated, list(held), kind) if calibrated else None


def _predict_from(
    estimator: Any, X: ArrayLike, threshold: float | None, righted: _Righted | None
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    label, score = predict(estimator, X)
    if threshold is not None:
        label = (score >= threshold).astype(np.int64)  # of what it was tuned on: curves may have steps
    if righted is None:
        return label, score
    probability = righted(score)
    return label if threshold is not None else (probability > 0.5).astype(np.int64), probability


def _history(estimator: Any) -> dict[str, list[float]] | None:
    """Copy what an estimator recorded while it was fitted; a record of another form is warned about."""
    steps = getattr(estimator, "steps", None)
    history = getattr(steps[-1][1] if steps else estimator, "history_", None)
    if history is None:
        return None
    try:
        return {str(name): [float(value) for value in values] for name, values in history.items()} or None
    except (AttributeError, TypeError, ValueError) as error:
        warnings.warn(
            f"expected history_ to map names to numbers per epoch, got {type(history).__name__} ({error}): "
            "no curves are drawn",
            stacklevel=2,
        )
        return None


def _no_weights(_y: NDArray[Any], _weights: _Weights) -> dict[str, Any]:
    return {}


def _with(more: Mapping[str, Any], weigh: _Weigh) -> _Weigh:
    """Return what gives further arguments of ``fit`` beside those that weigh rows."""
    return lambda y, weights: {**more, **weigh(y, weights)}


def _weigher(
    estimator: Any, spec: ClassifierSpec, class_weight: str | None, sample_weight: _Weights
) -> tuple[_Weigh, list[str]]:
    """Return what gives the arguments of ``fit`` that weigh rows, and who takes no weights, in words."""
    balance = _balance(estimator, spec) if class_weight else _no_weights
    if sample_weight is None:
        return balance, []
    last, prefix = _last_step(estimator)
    if not _takes_weights(last):
        return balance, [
            f"{spec.name} is fitted without the rows' weights: {type(last).__name__} takes no sample_weight; "
            "its scores are weighted"
        ]
    name = f"{prefix}sample_weight"

    def weigh(y: NDArray[Any], weights: _Weights) -> dict[str, Any]:
        balanced = balance(y, weights).get(name)
        return {name: weights if balanced is None else balanced * weights}

    return weigh, []


def _takes_weights(estimator: Any) -> bool:
    """Tell whether an estimator's ``fit`` takes ``sample_weight``, by itself or for all that it fits."""
    from sklearn.utils.validation import has_fit_parameter

    if not _HAND_ON & {kind.__name__ for kind in type(estimator).__mro__}:
        return bool(has_fit_parameter(estimator, "sample_weight"))
    within = [one for _, one in getattr(estimator, "estimators", None) or ()]
    within += [getattr(estimator, name, None) for name in ("estimator", "final_estimator")]
    fitted = [one for one in within if hasattr(one, "fit")]
    return bool(fitted) and all(map(_takes_weights, fitted))


def _last_step(estimator: Any) -> tuple[Any, str]:
    """Return what a pipeline ends with, and what its parameters begin with."""
    steps = getattr(estimator, "steps", None)
    return (steps[-1][1], f"{steps[-1][0]}__") if steps else (estimator, "")


def _balance(estimator: Any, spec: ClassifierSpec) -> _Weigh:
    """Balance the classes through the estimator's parameter, or through arguments of ``fit``.

    Returns what gives these arguments for the labels that are fitted.
    """
    from sklearn.utils.class_weight import compute_sample_weight
    from sklearn.utils.validation import has_fit_parameter

    params = estimator.get_params(deep=True) if hasattr(estimator, "get_params") else {}
    last, prefix = _last_step(estimator)
    if f"{prefix}class_weight" in params:
        estimator.set_params(**{f"{prefix}class_weight": "balanced"})
        return _no_weights
    if has_fit_parameter(last, "sample_weight"):
        return lambda y, _weights: {f"{prefix}sample_weight": compute_sample_weight("balanced", y)}
    if "estimator__class_weight" in params:
        estimator.set_params(estimator__class_weight="balanced")
        return _no_weights
    raise NotApplicable(
        f"{spec.name} has no class weights: {type(last).__name__} has neither a parameter class_weight nor "
        "sample_weight in fit"
    )


def _distinct(messages: Iterable[str]) -> tuple[str, ...]:
    """Return what was said, in one line each, short, once."""
    found: dict[str, None] = {}
    for message in messages:
        category, _, text = " ".join(message.split()).partition(": ")
        short = text if len(text) <= _LONGEST_WARNING else text[: _LONGEST_WARNING - 3] + "..."
        found[f"{category}: {short}"] = None
    return tuple(found)
