"""One fit and one prediction of a classifier: class weights, tuned threshold, seconds, warnings, history."""

from __future__ import annotations

import time
import warnings
from collections.abc import Iterable
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from smote_bench.classifiers import ClassifierSpec, build_classifier, classifier_targets
from smote_bench.isolation import Report, isolated
from smote_bench.prediction import NotApplicable, Prediction, predict, score_kind
from smote_bench.thresholds import tune_threshold

__all__ = ["fit_predict"]

_LONGEST_WARNING = 200


def fit_predict(
    spec: ClassifierSpec,
    X: ArrayLike,
    y: ArrayLike,
    X_test: ArrayLike,
    *,
    seed: int,
    class_weight: Literal["balanced"] | None = None,
    tuned_threshold: bool = False,
    X_train: ArrayLike | None = None,
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
        Choose the threshold inside the training rows (5-fold, balanced accuracy) instead of taking the larger
        probability.
    X_train : array-like of shape (n_train, n_features), optional
        Rows to be labelled as well, after the stopwatch was read.

    Returns
    -------
    Prediction
        Labels are those of the estimator's own ``predict``; with `tuned_threshold`, ``score >= threshold``.

    Raises
    ------
    NotApplicable
        If the classifier takes no weights, or no threshold can be tuned on these rows.
    BrokenOutput
        If labels or scores are not what a classifier returns; see `smote_bench.prediction.predict`.
    UnavailableError
        If the classifier's package is not installed.

    Notes
    -----
    The classifier runs alone (see `smote_bench.isolation`): the global generators of numpy and Python are
    seeded with `seed`, so that what draws from them depends on the cell alone, and nothing that it changes
    in the process is left.
    """
    report = Report()
    with isolated(int(seed), report, targets=classifier_targets(spec)):
        estimator = build_classifier(spec, seed)
        labels = np.asarray(y)
        weights = _balance(estimator, spec, labels) if class_weight else {}
        start = time.perf_counter()
        threshold = None
        if tuned_threshold:
            threshold = tune_threshold(estimator, X, labels, seed=seed, fit_params=weights)
        estimator.fit(X, labels, **weights)
        fitted = time.perf_counter()
        label, score = _predict_from(estimator, X_test, threshold)
        predicted = time.perf_counter()
        train_label = None if X_train is None else _predict_from(estimator, X_train, threshold)[0]
        history, kind = _history(estimator), score_kind(estimator)
    warned = _distinct(report.messages)
    return Prediction(label, score, fitted - start, predicted - fitted, warned, train_label, history, kind)


def _predict_from(
    estimator: Any, X: ArrayLike, threshold: float | None
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    label, score = predict(estimator, X)
    return (label, score) if threshold is None else ((score >= threshold).astype(np.int64), score)


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


def _balance(estimator: Any, spec: ClassifierSpec, y: NDArray[Any]) -> dict[str, Any]:
    """Balance the classes through the estimator's parameter, or return the arguments of ``fit`` that do."""
    from sklearn.utils.class_weight import compute_sample_weight
    from sklearn.utils.validation import has_fit_parameter

    params = estimator.get_params(deep=True) if hasattr(estimator, "get_params") else {}
    steps = getattr(estimator, "steps", None)
    last, prefix = (steps[-1][1], f"{steps[-1][0]}__") if steps else (estimator, "")
    if f"{prefix}class_weight" in params:
        estimator.set_params(**{f"{prefix}class_weight": "balanced"})
        return {}
    if has_fit_parameter(last, "sample_weight"):
        return {f"{prefix}sample_weight": compute_sample_weight("balanced", y)}
    if "estimator__class_weight" in params:
        estimator.set_params(estimator__class_weight="balanced")
        return {}
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
