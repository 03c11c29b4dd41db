"""SMMO on scikit-learn 1.8 and later, whose quadratic discriminant analysis refuses collinear columns."""

from __future__ import annotations

from typing import Any

import numpy as np
import smote_variants
from sklearn.discriminant_analysis import QuadraticDiscriminantAnalysis

__all__ = ["SMMO", "ShrunkenQDA"]

_SHRINKAGE = 1e-3


class ShrunkenQDA(QuadraticDiscriminantAnalysis):  # type: ignore[misc]  # no types in scikit-learn
    """Quadratic discriminant analysis that shrinks the covariances a little where they are singular."""

    def fit(self, X: np.ndarray, y: np.ndarray) -> ShrunkenQDA:
        """Fit as usual, and with shrinkage only where that fails."""
        try:
            super().fit(X, y)
        except np.linalg.LinAlgError:
            self.set_params(solver="eigen", shrinkage=_SHRINKAGE, tol=0.0)
            super().fit(X, y)
        return self


class SMMO(smote_variants.SMMO):  # type: ignore[misc]  # no types in smote_variants
    """SMMO with an ensemble that can always be fitted; an `ensemble` the user gives is left as it is."""

    def __init__(
        self,
        proportion: float = 1.0,
        n_neighbors: int = 5,
        *,
        ensemble: Any = (
            (__name__, "ShrunkenQDA", {}),
            ("sklearn.tree", "DecisionTreeClassifier", {"random_state": 2}),
            ("sklearn.naive_bayes", "GaussianNB", {}),
        ),
        nn_params: Any = None,
        ss_params: Any = None,
        n_jobs: int = 1,
        random_state: int | None = None,
    ) -> None:
        super().__init__(
            proportion,
            n_neighbors,
            ensemble=ensemble,
            nn_params=nn_params,
            ss_params=ss_params,
            n_jobs=n_jobs,
            random_state=random_state,
        )
