"""Oversample, then remove doubtful rows of every class: what SMOTETomek and SMOTEENN share."""

from __future__ import annotations

import warnings
from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import fields
from numbers import Real
from typing import Any, ClassVar

import numpy as np
from imblearn.base import BaseSampler
from sklearn.base import clone
from sklearn.utils._param_validation import HasMethods, Interval, StrOptions

from smote_impls.base import OversamplerTags
from smote_impls.mixed.categorical_columns import CATEGORICAL_CONSTRAINT
from smote_impls.mixed.row_distance import RowDistance
from smote_impls.smote import SMOTE
from smote_impls.smoten import SMOTEN
from smote_impls.smotenc import SMOTENC
from smote_impls.strategy import STRATEGY_NAMES
from smote_impls.tables.containers import take_rows
from smote_impls.tables.validation import Labels, check_y
from smote_impls.threads import JOBS_CONSTRAINT

__all__ = ["CombinedSampler"]


class CombinedSampler(BaseSampler):  # type: ignore[misc]  # no types in imbalanced-learn
    """The template of samplers that oversample and then clean; a subclass says which rows are doubtful."""

    _sampling_type = "over-sampling"
    oversampler_family = "combined"

    _parameter_constraints: ClassVar[dict[str, Any]] = {
        "sampling_strategy": [
            Interval(Real, 0, 1, closed="right"),
            StrOptions(set(STRATEGY_NAMES)),
            Mapping,
            list,
            callable,
        ],
        "random_state": ["random_state"],
        "oversampler": [HasMethods(["fit_resample"]), None],
        "categorical_features": CATEGORICAL_CONSTRAINT,
        "n_jobs": JOBS_CONSTRAINT,
    }

    def __init__(
        self,
        *,
        sampling_strategy: Any = "auto",
        random_state: Any = None,
        oversampler: Any = None,
        categorical_features: Any = "auto",
        n_jobs: int | None = None,
    ) -> None:
        super().__init__(sampling_strategy=sampling_strategy)
        self.random_state = random_state
        self.oversampler = oversampler
        self.categorical_features = categorical_features
        self.n_jobs = n_jobs

    def fit(self, X: Any, y: Any) -> CombinedSampler:
        """Check the data and count the rows to be made; `fit_resample` does so itself."""
        _, _ = self._prepared(X, y)
        self.oversampler_.fit(X, y)
        self._take_over()
        return self

    def fit_resample(self, X: Any, y: Any) -> tuple[Any, Any]:
        """Append synthetic rows, then remove doubtful ones.

        Parameters
        ----------
        X : ndarray, DataFrame of pandas or polars, pyarrow Table, sparse matrix or list
            Numbers, or numbers and categories, without missing values.
        y : array-like of shape (n_rows,), or one-vs-rest binarised, (n_rows, n_classes)

        Returns
        -------
        X_resampled, y_resampled
            In the containers and types of `X` and `y`: originals first, as far as they are left.

        Raises
        ------
        ValueError
            If a parameter, X or y is not fit for use.

        Warns
        -----
        UserWarning
            If no row of a class is left.
        """
        labels, distance = self._prepared(X, y)
        X_more, y_more = self.oversampler_.fit_resample(X, y)
        self._take_over()
        after = check_y(y_more, _n_rows(y_more))
        self._check_appended(labels, after)
        minority = labels.rows_of(min(labels.classes, key=labels.present.__getitem__))
        neighbors = distance.nearest(self, X_more, after.codes, minority, self._n_needed(), self.n_jobs)
        kept = np.flatnonzero(~self._doubtful(neighbors, after.codes))
        self._warn_of_lost_classes(after, kept)
        n_rows = len(labels.codes)
        self.original_rows_ = np.where(kept < n_rows, kept, -1)
        parents = getattr(self.oversampler_, "synthetic_parents_", None)
        if parents is not None:
            self.synthetic_parents_ = parents[kept[kept >= n_rows] - n_rows]
        return take_rows(X_more, kept), take_rows(y_more, kept)

    @abstractmethod
    def _n_needed(self) -> int:
        """Return how many nearest rows of each row are looked at."""

    @abstractmethod
    def _doubtful(self, neighbors: np.ndarray, classes: np.ndarray) -> np.ndarray:
        """Return which rows are to be removed.

        Parameters
        ----------
        neighbors : ndarray of shape (n_rows, k), intp
            The nearest other rows of each row, of any class, nearest first.
        classes : ndarray of shape (n_rows,), intp
        """

    def _fit_resample(self, X: Any, y: Any, **params: Any) -> tuple[Any, Any]:
        # imbalanced-learn's abstract method. Its template is not used here: see `fit_resample`.
        return self.fit_resample(X, y, **params)

    def _prepared(self, X: Any, y: Any) -> tuple[Labels, RowDistance]:
        self._validate_params()
        distance = RowDistance.of(X, self.categorical_features)
        self.oversampler_ = self._fresh_oversampler(distance)
        return check_y(y, _n_rows(X)), distance

    def _fresh_oversampler(self, distance: RowDistance) -> Any:
        if self.oversampler is None:
            params = {"sampling_strategy": self.sampling_strategy, "random_state": self.random_state}
            if distance.kind == "mixed":
                return SMOTENC(**params, categorical_features=self.categorical_features, n_jobs=self.n_jobs)
            return {"numbers": SMOTE, "levels": SMOTEN}[distance.kind](**params, n_jobs=self.n_jobs)
        if not (isinstance(self.sampling_strategy, str) and self.sampling_strategy == "auto"):
            raise ValueError(
                f"Expected sampling_strategy to be given to the oversampler, {self.oversampler!r}, got "
                f"sampling_strategy={self.sampling_strategy!r} beside it. Give it there."
            )
        fresh = clone(self.oversampler)
        if "random_state" in fresh.get_params(deep=False) and fresh.random_state is None:
            fresh.set_params(random_state=self.random_state)
        return fresh

    def _take_over(self) -> None:
        for name in ("n_features_in_", "feature_names_in_", "sampling_strategy_"):
            if hasattr(self.oversampler_, name):
                setattr(self, name, getattr(self.oversampler_, name))

    def _check_appended(self, before: Labels, after: Labels) -> None:
        n_rows = len(before.codes)
        if after.classes != before.classes or not np.array_equal(after.codes[:n_rows], before.codes):
            raise ValueError(
                f"Expected the oversampler, {self.oversampler_!r}, to append rows to the {n_rows} of the "
                f"input, got {len(after.codes)} rows that do not begin with these. Give one that removes "
                "nothing."
            )

    def _warn_of_lost_classes(self, labels: Labels, kept: np.ndarray) -> None:
        left = np.bincount(labels.codes[kept], minlength=len(labels.classes))
        gone = [label for label, n_left in zip(labels.classes, left.tolist(), strict=True) if not n_left]
        if gone:
            warnings.warn(
                f"{type(self).__name__} removed every row of {gone}: they all have neighbours of other "
                "classes. Use the oversampler alone where a class is lost.",
                UserWarning,
                stacklevel=3,
            )

    def __sklearn_tags__(self) -> OversamplerTags:
        tags = super().__sklearn_tags__()
        # Named columns of a sparse matrix are refused: zeros are no level.
        tags.input_tags.sparse = isinstance(self.categorical_features, str)
        tags.input_tags.categorical = True
        known = {field.name: getattr(tags, field.name) for field in fields(tags)}
        return OversamplerTags(**known, oversampler_family=self.oversampler_family)


def _n_rows(table: Any) -> int:
    return int(table.shape[0]) if hasattr(table, "shape") else len(table)
