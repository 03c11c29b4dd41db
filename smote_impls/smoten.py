"""SMOTE-N: SMOTE for tables of categories alone, as in Chawla et al. (2002), section 6.2."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from smote_impls.allocation import allocate_evenly
from smote_impls.base import BaseOversampler
from smote_impls.mixed.base import MadeRows, MixedOversampler
from smote_impls.mixed.categorical_columns import EVERY_COLUMN
from smote_impls.mixed.columns import MixedColumns, read_columns
from smote_impls.mixed.value_difference import ValueDifference
from smote_impls.mixed.votes import vote
from smote_impls.nearest.neighborhood import Neighborhood, count_constraint
from smote_impls.target import TargetClass
from smote_impls.threads import JOBS_CONSTRAINT

__all__ = ["SMOTEN"]


class SMOTEN(MixedOversampler):
    """Take, in each column, the level that most of a row and its nearest rows of the class have.

    Every column is a category here, numbers too.

    Parameters
    ----------
    sampling_strategy : float, str, dict, list or callable, default="auto"
        See `smote_impls.BaseOversampler`.
    random_state : int, RandomState or None, default=None
        See `smote_impls.BaseOversampler`.
    k_neighbors : int or "auto", default=5
        The number of nearest rows of the class that vote beside the row itself. ``"auto"`` takes 5, or one
        less than the class has rows.
    n_jobs : int or None, default=None
        Threads of the neighbour search: None is one, -1 one for each core. The rows do not depend on it.

    Attributes
    ----------
    sampling_strategy_ : dict
        For each class, the number of synthetic rows.
    k_neighbors_ : dict
        For each class that grew, the number of neighbours used.
    synthetic_parents_ : structured ndarray of shape (n_synthetic,)
        For each synthetic row ``seed``, the row of the input that it was made from; ``neighbor`` is -1 and
        ``step`` NaN, since it lies on no segment.
    n_features_in_ : int
    feature_names_in_ : ndarray of shape (n_features_in_,)

    Raises
    ------
    ValueError
        If a class to be grown has fewer than ``k_neighbors + 1`` rows, a value is missing, or the data are
        not fit for use otherwise.
    TypeError
        If X is sparse.

    Notes
    -----
    Two levels of a column are ``delta = sum over classes of |C1i / C1 - C2i / C2|`` apart, where C1i of the
    C1 rows of the data that have level 1 are of class i (Cost and Salzberg's value difference metric with k =
    1, of all classes' counts). The distance of two rows is the sum of the squares of delta over the columns,
    r = 2 in the paper's formula, which allows r = 1 as well: squares are what SMOTE's own distance sums, and
    what imbalanced-learn takes. Weights of rows are left out, as the paper does.

    Two levels that come with the classes in the same shares are at distance 0, and rows of such levels are
    each other's nearest: it is the metric's idea.

    Ties of the vote are settled by lot: each of the levels that are tied is equally likely. imbalanced-learn
    takes the level that sorts first, which makes some levels more frequent. It draws its seeds with
    replacement; ours are each used equally often.

    References
    ----------
    Chawla, N. V., Bowyer, K. W., Hall, L. O., Kegelmeyer, W. P. (2002). SMOTE: Synthetic Minority
    Over-sampling Technique. Journal of Artificial Intelligence Research 16, 321-357. doi:10.1613/jair.953

    Cost, S., Salzberg, S. (1993). A Weighted Nearest Neighbor Algorithm for Learning with Symbolic Features.
    Machine Learning 10, 57-78. doi:10.1007/BF00993481

    Examples
    --------
    >>> import pandas as pd
    >>> from smote_impls import SMOTEN
    >>> X = pd.DataFrame({"home": list("aababbb") + list("ccc"), "job": list("xyxyxyx") + list("yyx")})
    >>> X_resampled, y_resampled = SMOTEN(k_neighbors=2, random_state=0).fit_resample(X, [0] * 7 + [1] * 3)
    >>> X_resampled[10:].drop_duplicates().to_numpy().tolist(), y_resampled.count(1)
    ([['c', 'y']], 7)
    """

    oversampler_family = "smoten"

    _parameter_constraints: ClassVar[dict[str, Any]] = {
        **BaseOversampler._parameter_constraints,
        "k_neighbors": count_constraint(),
        "n_jobs": JOBS_CONSTRAINT,
    }

    def __init__(
        self,
        *,
        sampling_strategy: Any = "auto",
        random_state: Any = None,
        k_neighbors: Any = 5,
        n_jobs: int | None = None,
    ) -> None:
        super().__init__(sampling_strategy=sampling_strategy, random_state=random_state)
        self.k_neighbors = k_neighbors
        self.n_jobs = n_jobs

    def _check_X(self, X: Any) -> MixedColumns:
        return read_columns(self, X, EVERY_COLUMN)

    def _start(self) -> None:
        self.k_neighbors_: dict[Any, int] = {}

    def _synthesize(self, target: TargetClass, rng: np.random.RandomState) -> MadeRows:
        codes = target.X.codes
        k = Neighborhood("k_neighbors", self.k_neighbors).size_within(target)
        counts = allocate_evenly(len(target.rows), target.n_samples, rng)
        used = np.flatnonzero(counts)
        metric = ValueDifference.of(codes, target.classes)
        nearest = target.rows[metric.nearest(target.rows, used, k, n_jobs=self.n_jobs)]
        self.k_neighbors_[target.label] = k
        voters = np.column_stack([target.rows[used], nearest])
        ballots = np.repeat(np.arange(len(used)), counts[used])
        return MadeRows.from_seeds(voters[ballots, 0], (), vote(codes, voters, ballots, rng))
