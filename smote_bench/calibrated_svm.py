"""A support vector machine whose labels and probabilities come from one seeded output."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.calibration import CalibratedClassifierCV
from sklearn.model_selection import StratifiedKFold
from sklearn.svm import SVC
from sklearn.utils.class_weight import compute_sample_weight
from sklearn.utils.validation import check_is_fitted

__all__ = ["CalibratedSVC"]

_FOLDS = 5


class CalibratedSVC(ClassifierMixin, BaseEstimator):
    """Support vector machine with Platt's probabilities, fitted as scikit-learn advises since 1.9.

    ``SVC(probability=True)`` is deprecated: its labels contradict its probabilities, and its folds come from
    libsvm's generator. This is the replacement that the deprecation names,
    ``CalibratedClassifierCV(SVC(), ensemble=False)``, with shuffled folds (oversamplers append their rows, so
    folds in the order of the rows would be all original or all synthetic) and as many folds as the smaller
    class allows.

    Parameters
    ----------
    C, kernel, degree, gamma, coef0, tol, cache_size, max_iter, class_weight
        As in `sklearn.svm.SVC`.
    random_state : int, optional
        Of the calibration's folds.

    Notes
    -----
    Class weights reach the calibration too. In the machine alone they would change next to nothing: a
    calibration on the untreated frequencies brings the probabilities back to these, and labels follow
    probabilities.

    It costs six fits, as Platt's method inside libsvm does: one per fold, and the one that predicts.
    """

    def __init__(
        self,
        *,
        C: float = 1.0,
        kernel: Any = "rbf",
        degree: int = 3,
        gamma: Any = "scale",
        coef0: float = 0.0,
        tol: float = 1e-3,
        cache_size: float = 200,
        max_iter: int = -1,
        class_weight: Any = None,
        random_state: int | None = None,
    ) -> None:
        self.C = C
        self.kernel = kernel
        self.degree = degree
        self.gamma = gamma
        self.coef0 = coef0
        self.tol = tol
        self.cache_size = cache_size
        self.max_iter = max_iter
        self.class_weight = class_weight
        self.random_state = random_state

    def fit(self, X: ArrayLike, y: ArrayLike, sample_weight: ArrayLike | None = None) -> Self:
        """Fit the machine and its calibration.

        Raises
        ------
        ValueError
            If a class has fewer than two rows.
        """
        classes, counts = np.unique(np.asarray(y), return_counts=True)
        if len(classes) < 2 or counts.min() < 2:
            found = dict(zip(classes.tolist(), counts.tolist(), strict=True))
            raise ValueError(
                f"expected two classes with two rows each, got {found} (class: rows): "
                "probabilities are calibrated on rows held out of each class"
            )
        weights = sample_weight
        if self.class_weight is not None:
            weights = compute_sample_weight(self.class_weight, y) * (
                1.0 if sample_weight is None else sample_weight
            )
        own = ("random_state", "class_weight")
        params = {name: value for name, value in self.get_params(deep=False).items() if name not in own}
        folds = StratifiedKFold(min(_FOLDS, int(counts.min())), shuffle=True, random_state=self.random_state)
        self.calibrated_ = CalibratedClassifierCV(SVC(**params), cv=folds, ensemble=False)
        self.calibrated_.fit(X, y, sample_weight=weights)
        self.classes_ = self.calibrated_.classes_
        self.n_features_in_ = self.calibrated_.n_features_in_
        return self

    def predict_proba(self, X: ArrayLike) -> NDArray[np.float64]:
        """Return the probability of each class."""
        check_is_fitted(self)
        return self.calibrated_.predict_proba(X)

    def predict(self, X: ArrayLike) -> NDArray[Any]:
        """Return the class with the larger probability."""
        return self.classes_.take(self.predict_proba(X).argmax(axis=1))
