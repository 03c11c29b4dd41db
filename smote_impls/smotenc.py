"""SMOTE-NC: SMOTE for tables of numbers and categories, as in Chawla et al. (2002), section 6.1."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from smote_impls.allocation import allocate_evenly
from smote_impls.base import BaseOversampler
from smote_impls.mixed.base import MadeRows, MixedOversampler
from smote_impls.mixed.categorical_columns import CATEGORICAL_CONSTRAINT
from smote_impls.mixed.columns import MixedColumns
from smote_impls.mixed.distance import MixedRows, median_deviation
from smote_impls.mixed.search import mixed_nearest
from smote_impls.mixed.votes import vote
from smote_impls.nearest.neighborhood import Neighborhood, count_constraint
from smote_impls.segments import Segments
from smote_impls.target import TargetClass
from smote_impls.threads import JOBS_CONSTRAINT

__all__ = ["SMOTENC"]


class SMOTENC(MixedOversampler):
    """Interpolate the numbers, and take the level that most of the nearest rows of the class have.

    Parameters
    ----------
    categorical_features : "auto" or array-like, default="auto"
        - ``"auto"``: the columns of a frame or table whose type says so: categories (dictionaries), texts,
          objects, booleans. Arrays and lists have no such types.
        - bool: a mask with a value for each column.
        - str: the names of columns of a frame.
        - int: the positions of columns.
    sampling_strategy : float, str, dict, list or callable, default="auto"
        See `smote_impls.BaseOversampler`.
    random_state : int, RandomState or None, default=None
        See `smote_impls.BaseOversampler`.
    k_neighbors : int or "auto", default=5
        The number of nearest rows of the class that a segment may lead to, and that vote. ``"auto"`` takes 5,
        or one less than the class has rows.
    n_jobs : int or None, default=None
        Threads of the neighbour search: None is one, -1 one for each core. The rows do not depend on it.

    Attributes
    ----------
    sampling_strategy_ : dict
        For each class, the number of synthetic rows.
    categorical_features_, numeric_features_ : ndarray of intp
        The positions of the columns of each kind.
    median_deviation_ : dict
        For each class that grew, the median of the standard deviations of its numeric columns.
    k_neighbors_ : dict
        For each class that grew, the number of neighbours used.
    synthetic_parents_ : structured ndarray of shape (n_synthetic,)
        For each synthetic row ``seed``, ``neighbor`` (rows of the input) and ``step``: of the numeric
        columns, the row is ``X[seed] + step * (X[neighbor] - X[seed])``. Its levels were voted for by the
        seed's nearest rows.
    n_features_in_ : int
    feature_names_in_ : ndarray of shape (n_features_in_,)

    Raises
    ------
    ValueError
        If there is no categorical or no numeric column, a class to be grown has fewer than ``k_neighbors +
        1`` rows, a value is missing, or the data are not fit for use otherwise.
    TypeError
        If X is sparse.

    Notes
    -----
    The squared distance of two rows of the class is the sum of the squared differences of their numbers, and
    the square of the median for each categorical column in which they differ, as the paper's example has it.
    The median is that of the class that grows. Deviations are divided by n. Where it is 0, since half of the
    numeric columns are constant in the class, levels have no price.

    A synthetic row's level is the one that most of the k nearest rows of its seed have; the seed has no vote
    itself ("the value occurring in the majority of the k-nearest neighbors"). Ties are settled by lot: each
    of the levels that are tied is equally likely, for each synthetic row and column anew.

    imbalanced-learn 0.14 has the same price: it encodes levels one-hot with median / sqrt(2), so that two
    levels that differ add median ** 2. Releases before 0.12 had median / 2, and so half of the price. Its
    seeds are drawn with replacement; ours are each used equally often, as in the paper.

    A frame without categorical columns is an error rather than plain SMOTE, as in imbalanced-learn: codes
    such as 0, 1, 2 are numbers in a frame, and would be interpolated without a word.

    References
    ----------
    Chawla, N. V., Bowyer, K. W., Hall, L. O., Kegelmeyer, W. P. (2002). SMOTE: Synthetic Minority
    Over-sampling Technique. Journal of Artificial Intelligence Research 16, 321-357. doi:10.1613/jair.953

    Examples
    --------
    >>> import pandas as pd
    >>> from smote_impls import SMOTENC
    >>> X = pd.DataFrame({"age": range(10), "home": ["own", "rent"] * 4 + ["rent", "rent"]})
    >>> sampler = SMOTENC(k_neighbors=2, random_state=0)
    >>> X_resampled, y_resampled = sampler.fit_resample(X, [0] * 7 + [1] * 3)
    >>> X_resampled.shape, X_resampled["home"][10:].unique().tolist(), y_resampled.count(1)
    ((14, 2), ['rent'], 7)
    """

    oversampler_family = "smotenc"

    _parameter_constraints: ClassVar[dict[str, Any]] = {
        **BaseOversampler._parameter_constraints,
        "categorical_features": CATEGORICAL_CONSTRAINT,
        "k_neighbors": count_constraint(),
        "n_jobs": JOBS_CONSTRAINT,
    }

    def __init__(
        self,
        *,
        categorical_features: Any = "auto",
        sampling_strategy: Any = "auto",
        random_state: Any = None,
        k_neighbors: Any = 5,
        n_jobs: int | None = None,
    ) -> None:
        super().__init__(sampling_strategy=sampling_strategy, random_state=random_state)
        self.categorical_features = categorical_features
        self.k_neighbors = k_neighbors
        self.n_jobs = n_jobs

    def _check_X(self, X: Any) -> MixedColumns:
        columns = super()._check_X(X)
        if not len(columns.categorical):
            raise ValueError(
                "Expected X to have categorical columns, got numbers only. Name those whose numbers stand "
                "for categories in categorical_features, or use SMOTE."
            )
        if not len(columns.numeric):
            raise ValueError(
                "Expected X to have numeric columns beside the categorical ones, got "
                f"{len(columns.categorical)} categorical columns only. Use SMOTEN, which needs no numbers."
            )
        self.categorical_features_, self.numeric_features_ = columns.categorical, columns.numeric
        return columns

    def _start(self) -> None:
        self.k_neighbors_: dict[Any, int] = {}
        self.median_deviation_: dict[Any, float] = {}

    def _synthesize(self, target: TargetClass, rng: np.random.RandomState) -> MadeRows:
        columns: MixedColumns = target.X
        k = Neighborhood("k_neighbors", self.k_neighbors).size_within(target)
        counts = allocate_evenly(len(target.rows), target.n_samples, rng)
        # A small request leaves most rows of a large class without a synthetic one: they need no neighbours.
        used = np.flatnonzero(counts)
        numbers = columns.matrix[target.rows]
        price = median_deviation(numbers)
        of_class = MixedRows(numbers, columns.codes[target.rows], price)
        neighbors = target.rows[mixed_nearest(of_class, used, k, n_jobs=self.n_jobs)]
        self.k_neighbors_[target.label], self.median_deviation_[target.label] = k, price
        segments = Segments.draw(target.rows[used], counts[used], neighbors, rng)
        electorates = np.repeat(np.arange(len(used)), counts[used])
        return MadeRows.on_segments(columns, segments, vote(columns.codes, neighbors, electorates, rng))
