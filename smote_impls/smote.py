"""SMOTE, as in Chawla et al. (2002)."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from smote_impls.allocation import allocate_evenly
from smote_impls.base import BaseOversampler
from smote_impls.nearest.neighborhood import Neighborhood, neighbors_constraint
from smote_impls.segments import Segments
from smote_impls.target import TargetClass
from smote_impls.threads import JOBS_CONSTRAINT

__all__ = ["SMOTE"]


class SMOTE(BaseOversampler):
    """Place synthetic rows on the segments between a row and its nearest rows of the same class.

    Parameters
    ----------
    sampling_strategy : float, str, dict, list or callable, default="auto"
        See `smote_impls.BaseOversampler`.
    random_state : int, RandomState or None, default=None
        See `smote_impls.BaseOversampler`.
    k_neighbors : int, estimator or "auto", default=5
        The number of nearest rows of the class that a segment may lead to. ``"auto"`` takes 5, or one less
        than the class has rows. An estimator has ``fit`` and ``kneighbors``; its ``n_neighbors`` counts the
        row itself.
    n_jobs : int or None, default=None
        Threads of the neighbour search: None is one, -1 one for each core. The rows do not depend on it.

    Attributes
    ----------
    sampling_strategy_ : dict
        For each class, the number of synthetic rows.
    k_neighbors_ : dict
        For each class that grew, the number of neighbours used.
    synthetic_parents_ : structured ndarray of shape (n_synthetic,)
        For each synthetic row, in the order of the output, ``seed`` and ``neighbor`` (rows of the input) and
        ``step``: the row is ``X[seed] + step * (X[neighbor] - X[seed])``.
    n_features_in_ : int
    feature_names_in_ : ndarray of shape (n_features_in_,)

    Raises
    ------
    ValueError
        If a class to be grown has fewer than ``k_neighbors + 1`` rows, or the data are not fit for use.

    Notes
    -----
    Chawla et al. make the same number of synthetic rows from every row of the class. For counts that are not
    a multiple of the class we give each row ``n // n_rows`` and the remainder to rows drawn without
    replacement. imbalanced-learn draws every seed with replacement, so that some rows get several and some
    none. In both, each row is equally likely to be a seed, each of its neighbours to be its partner, and the
    step is uniform on [0, 1): one for the whole row, which gives "a random point along the line segment", as
    the paper's text has it. (The paper's pseudo-code draws one per feature, and so fills the box between the
    two rows.)

    smote_variants 1.0.1 makes its step from two uniform numbers as u / (u + v), which is a half most often
    and seldom near 0 or 1.

    The k nearest rows never include the row itself; its duplicates are neighbours like any other.

    References
    ----------
    Chawla, N. V., Bowyer, K. W., Hall, L. O., Kegelmeyer, W. P. (2002). SMOTE: Synthetic Minority
    Over-sampling Technique. Journal of Artificial Intelligence Research 16, 321-357. doi:10.1613/jair.953

    Examples
    --------
    >>> import numpy as np
    >>> from smote_impls import SMOTE
    >>> X, y = np.arange(20.0).reshape(10, 2), [0] * 7 + [1] * 3
    >>> X_resampled, y_resampled = SMOTE(k_neighbors=2, random_state=0).fit_resample(X, y)
    >>> X_resampled.shape, y_resampled.count(1)
    ((14, 2), 7)
    """

    oversampler_family = "smote"
    takes_sparse = True

    _parameter_constraints: ClassVar[dict[str, Any]] = {
        **BaseOversampler._parameter_constraints,
        "k_neighbors": neighbors_constraint(auto=True),
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

    def _start(self) -> None:
        self.k_neighbors_: dict[Any, int] = {}

    def _synthesize(self, target: TargetClass, rng: np.random.RandomState) -> Segments:
        counts = allocate_evenly(len(target.rows), target.n_samples, rng)
        # A small request leaves most rows of a large class without a synthetic one: they need no neighbours.
        used = np.flatnonzero(counts)
        neighbors = Neighborhood("k_neighbors", self.k_neighbors, self.n_jobs).within_class(target, used)
        self.k_neighbors_[target.label] = neighbors.shape[1]
        return Segments.draw(target.rows[used], counts[used], neighbors, rng)
