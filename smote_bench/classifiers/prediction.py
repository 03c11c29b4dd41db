"""What a fitted classifier says of rows: its own labels, its scores, and whether they can be believed.

Output that is not what scikit-learn's classifiers return is an error that names it, never a score.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from smote_bench.errors import SmoteBenchError

__all__ = ["BrokenOutput", "NotApplicable", "Prediction", "ScoreKind", "predict", "score_kind"]

ScoreKind = Literal["probability", "decision", "none"]

_ROUNDING = 1e-6
"""How far beyond 0 and 1 a probability may lie: single precision."""

_SUM_TOLERANCE = 1e-3
"""How far from one a row of probabilities may sum: half precision."""


class BrokenOutput(SmoteBenchError):
    """What a classifier returned cannot be scored."""


class NotApplicable(SmoteBenchError):
    """A method has no meaning for a classifier, or for these rows; its cell is a ``noop``."""


@dataclass(frozen=True)
class Prediction:
    """What one fit predicted.

    Parameters
    ----------
    label : ndarray of shape (n_samples,), int64
        0 or 1.
    score : ndarray of shape (n_samples,), float64
        The probability of class 1 or, from estimators without ``predict_proba``, the decision function, or
        NaN from those that have neither.
    fit_seconds, predict_seconds : float
        Wall time; tuning a threshold counts as fitting, what it resamples in its inner folds included.
    warnings : tuple of str
        Distinct, shortened, in the order in which they came.
    train_label : ndarray of shape (n_train,), int64, optional
        The labels of the rows asked for by ``X_train``.
    history : mapping of str to list of float, optional
        What the fitted estimator (or a pipeline's last step) has in ``history_``: values per epoch, by name.
    score_kind : {"probability", "decision", "none"}
        Values of a decision function may happen to lie in [0, 1], and are no probabilities all the same.
    thresholds : mapping of metric name to float, optional
        The thresholds that were tuned; labels are those of the first.
    """

    label: NDArray[np.int64]
    score: NDArray[np.float64]
    fit_seconds: float
    predict_seconds: float
    warnings: tuple[str, ...]
    train_label: NDArray[np.int64] | None = None
    history: Mapping[str, list[float]] | None = None
    score_kind: ScoreKind = "probability"
    thresholds: Mapping[str, float] | None = None


def predict(estimator: Any, X: ArrayLike) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return the labels that a fitted estimator gives to rows, and their scores.

    Labels are those of its own ``predict``. Where that is known to be the argmax of ``predict_proba`` (see
    `_ARGMAX`), they are taken from the probabilities, which saves a call.

    Parameters
    ----------
    estimator : estimator
        Fitted on labels 0 and 1.
    X : array-like of shape (n_samples, n_features)

    Returns
    -------
    label : ndarray of shape (n_samples,), int64
    score : ndarray of shape (n_samples,), float64
        Of the kind that `score_kind` says; NaN where the estimator has labels only.

    Raises
    ------
    BrokenOutput
        If what comes out is not what scikit-learn's estimators return for the classes 0 and 1.
    """
    n_rows = X.shape[0] if hasattr(X, "shape") else len(np.asarray(X))
    kind = score_kind(estimator)
    if kind == "none":
        return _labels(estimator, X, n_rows), np.full(n_rows, np.nan)
    classes = _classes(estimator)
    if kind == "decision":
        decision = _numbers(estimator, "decision_function", X, (n_rows,))
        # It grows with the second class: with classes_ of [1, 0] that is the majority.
        return _labels(estimator, X, n_rows), -decision if classes[-1] == 0 and len(
            classes
        ) == 2 else decision
    proba = _numbers(estimator, "predict_proba", X, (n_rows, len(classes)), classes)
    _check_probabilities(estimator, proba)
    column = classes.index(1) if 1 in classes else None
    score = np.zeros(n_rows) if column is None else proba[:, column].copy()
    closest = _argmax_up_to(estimator)
    if closest is None or (len(classes) == 2 and np.any(np.abs(proba[:, 0] - proba[:, 1]) < closest)):
        return _labels(estimator, X, n_rows), score
    return np.asarray(classes, dtype=np.int64).take(proba.argmax(axis=1)), score


def score_kind(estimator: Any) -> ScoreKind:
    """Tell which score a fitted estimator has: probabilities, else a decision function, else none."""
    if hasattr(estimator, "predict_proba"):
        return "probability"
    return "decision" if hasattr(estimator, "decision_function") else "none"


# Classes (no subclasses) whose `predict` is the argmax of their `predict_proba`, and how close to
# a tie the two may differ: 0 where `predict` compares the very same numbers; 1e-9 where it compares what the
# probabilities are computed from (a decision function, a joint likelihood), so that rounding can make or
# break a tie. Where a row is as close as that, `predict` is asked.
_ARGMAX = {
    "smote_bench.classifiers.forest:FastRandomForestClassifier": 0.0,
    "smote_bench.classifiers.decision_tree:FastDecisionTreeClassifier": 0.0,
    "smote_bench.classifiers.calibrated_svm:CalibratedSVC": 0.0,
    "smote_bench.classifiers.keras_mlp:KerasMLP": 0.0,
    "sklearn.ensemble._forest:RandomForestClassifier": 0.0,
    "sklearn.ensemble._forest:ExtraTreesClassifier": 0.0,
    "sklearn.ensemble._bagging:BaggingClassifier": 0.0,
    "sklearn.calibration:CalibratedClassifierCV": 0.0,
    "sklearn.tree._classes:DecisionTreeClassifier": 0.0,
    "sklearn.tree._classes:ExtraTreeClassifier": 0.0,
    "sklearn.neighbors._classification:KNeighborsClassifier": 1e-9,
    "sklearn.linear_model._logistic:LogisticRegression": 1e-9,
    "sklearn.naive_bayes:GaussianNB": 1e-9,
    "sklearn.ensemble._hist_gradient_boosting.gradient_boosting:HistGradientBoostingClassifier": 1e-9,
}
_PIPELINES = ("sklearn.pipeline:Pipeline", "imblearn.pipeline:Pipeline")


def _argmax_up_to(estimator: Any) -> float | None:
    """Return how close to a tie `predict` and the argmax of `predict_proba` may differ; None if not known."""
    if not hasattr(estimator, "predict"):
        return 0.0  # probabilities are all it has
    own = getattr(estimator, "__dict__", {})
    if "predict" in own or "predict_proba" in own:
        return None
    name = f"{type(estimator).__module__}:{type(estimator).__qualname__}"
    if name in _PIPELINES:
        return _argmax_up_to(estimator.steps[-1][1])
    if name.endswith(":KNeighborsClassifier") and estimator.weights != "uniform":
        return None  # weighted votes are added up in another order
    return _ARGMAX.get(name)


def _classes(estimator: Any) -> list[int]:
    """Return `classes_` as integers: 0, 1 or both, in the estimator's order."""
    if not hasattr(estimator, "classes_"):
        raise BrokenOutput(
            f"expected {_name(estimator)} to have classes_ after fit, as scikit-learn's classifiers have, "
            "got none: set it to the labels in the order of the columns of predict_proba (a regressor is not "
            "a classifier)"
        )
    found = _zeros_and_ones(estimator.classes_)
    if found is None or found.ndim != 1 or not 1 <= len(found) == len(set(found.tolist())):
        raise BrokenOutput(
            f"expected classes_ of {_name(estimator)} to be the labels it was fitted on, 0 and 1, got "
            f"{estimator.classes_!r}: keep the labels of y as they are"
        )
    classes: list[int] = found.tolist()
    return classes


def _labels(estimator: Any, X: ArrayLike, n_rows: int) -> NDArray[np.int64]:
    given = estimator.predict(X)
    label = _zeros_and_ones(given)
    if label is None or label.shape != (n_rows,):
        shown = np.asarray(given.tolist(), dtype=object) if np.ma.is_masked(given) else np.asarray(given)
        values = sorted(set(shown.ravel().tolist()), key=str)[:5] if shown.dtype.kind != "V" else []
        raise BrokenOutput(
            f"expected predict of {_name(estimator)} to return a label 0 or 1 for each of {n_rows} rows, got "
            f"{values} (dtype {shown.dtype}, shape {shown.shape}): return the labels of y (a regressor "
            "is not a classifier)"
        )
    return label


def _zeros_and_ones(values: Any) -> NDArray[np.int64] | None:
    """Return values that are all 0 or 1, as numbers or booleans, as int64; None for any others."""
    try:
        given = np.asarray(values)
        if type(values) is np.ndarray and given.dtype.kind in "iu":  # what nearly all give
            is_binary = not given.size or (given.min() >= 0 and given.max() <= 1)
            return given.astype(np.int64) if is_binary else None
        if given.dtype.kind == "O":
            is_number = all(isinstance(value, int | float | np.number | np.bool_) for value in given.ravel())
            given = given.astype(np.float64) if is_number else given
    except (TypeError, ValueError, OverflowError):  # ragged lists, integers beyond all floats
        return None
    if np.ma.is_masked(values):  # no value, whatever lies below the mask
        return None
    if given.dtype.kind not in "biuf" or not ((given == 0) | (given == 1)).all():
        return None
    return given.astype(np.int64)


def _numbers(
    estimator: Any, call: str, X: ArrayLike, shape: tuple[int, ...], classes: list[int] | None = None
) -> NDArray[np.float64]:
    given = getattr(estimator, call)(X)
    _check_columns(estimator, call, given, classes)
    try:
        array = np.asarray(given)
        is_text = array.dtype.kind == "O" and any(isinstance(value, str) for value in array.ravel())
        is_number = array.dtype.kind in "biufO" and not is_text
        numbers = np.array(array, dtype=np.float64) if is_number else None
        if numbers is not None and np.ma.is_masked(given):
            numbers[np.ma.getmaskarray(given)] = np.nan  # no value, whatever lies below the mask
    except (TypeError, ValueError, OverflowError):
        numbers = None
    words = {1: "one value a row", 2: "one row for each row and one column for each of classes_"}[len(shape)]
    if numbers is None or numbers.shape != shape:
        got = type(given).__name__ if numbers is None else f"shape {numbers.shape}"
        raise BrokenOutput(
            f"expected numbers of shape {shape} ({words}) from {call} of {_name(estimator)}, got {got}"
        )
    finite = np.isfinite(numbers)
    if not finite.all():
        n = int((~finite).reshape(len(numbers), -1).any(axis=1).sum())
        raise BrokenOutput(
            f"expected finite numbers from {call} of {_name(estimator)}, got {n} of {len(numbers)} rows with "
            "NaN or infinity: the classifier gave no usable prediction for them"
        )
    return numbers


def _check_columns(estimator: Any, call: str, given: Any, classes: list[int] | None) -> None:
    """Refuse a data frame whose columns are named after the classes, in another order than these."""
    named = _zeros_and_ones(given.columns) if classes is not None and hasattr(given, "columns") else None
    if named is not None and named.tolist() != classes and set(named.tolist()) == set(classes or ()):
        raise BrokenOutput(
            f"expected columns in the order of classes_, {classes}, from {call} of {_name(estimator)}, got a "
            f"data frame with the columns {named.tolist()}: return them in that order"
        )


def _check_probabilities(estimator: Any, proba: NDArray[np.float64]) -> None:
    if not proba.size:
        return
    low, high = float(proba.min()), float(proba.max())
    if low < -_ROUNDING or high > 1 + _ROUNDING:
        raise BrokenOutput(
            f"expected probabilities from 0 to 1 from predict_proba of {_name(estimator)}, got values from "
            f"{low:.6g} to {high:.6g}: scores of another kind belong into decision_function"
        )
    off = np.abs(proba.sum(axis=1) - 1)
    if off.max() > _SUM_TOLERANCE:
        raise BrokenOutput(
            f"expected probabilities that sum to one in each row from predict_proba of {_name(estimator)}, "
            f"got {proba[off.argmax()].tolist()} in row {int(off.argmax())}: return one column for each class"
        )


def _name(estimator: Any) -> str:
    return type(estimator).__name__
