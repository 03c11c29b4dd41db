"""ADASYN, as in He et al. (2008)."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from smote_impls.allocation import allocate_in_proportion
from smote_impls.base import BaseOversampler
from smote_impls.nearest.neighborhood import Neighborhood, neighbors_constraint
from smote_impls.segments import Segments
from smote_impls.target import TargetClass
from smote_impls.threads import JOBS_CONSTRAINT

__all__ = ["ADASYN"]


class ADASYN(BaseOversampler):
    """Place more synthetic rows where a class is harder to learn: where its neighbours are of other classes.

    Parameters
    ----------
    sampling_strategy : float, str, dict, list or callable, default="auto"
        See `smote_impls.BaseOversampler`.
    random_state : int, RandomState or None, default=None
        See `smote_impls.BaseOversampler`.
    n_neighbors : int, estimator or "auto", default=5
        The number of nearest rows, K: of all classes for the density r_i, and of the class for the segments.
        ``"auto"`` takes 5, or in each of the two as many as there are. An estimator has ``fit`` and
        ``kneighbors``; its ``n_neighbors`` counts the row itself.
    n_jobs : int or None, default=None
        Threads of the neighbour search: None is one, -1 one for each core. The rows do not depend on it.

    Attributes
    ----------
    sampling_strategy_ : dict
        For each targeted class, the number of synthetic rows.
    n_neighbors_ : dict
        For each class that grew, the number of neighbours used for the segments.
    densities_ : dict
        For each class that grew, r_i of each of its rows: the share of other classes among its neighbours.
    synthetic_parents_ : structured ndarray of shape (n_synthetic,)
        For each synthetic row, in the order of the output, ``seed`` and ``neighbor`` (rows of the input) and
        ``step``: the row is ``X[seed] + step * (X[neighbor] - X[seed])``.
    n_features_in_ : int
    feature_names_in_ : ndarray of shape (n_features_in_,)

    Raises
    ------
    ValueError
        If every r_i of a class is 0, a class to be grown has fewer than ``n_neighbors + 1`` rows, or the data
        are not fit for use.

    Notes
    -----
    Row i of the class gets ``g_i = r_i / sum(r) * G`` synthetic rows, G being what `sampling_strategy` asks
    for (the paper's G = (m_l - m_s) * beta; its threshold d_th is left to the caller). The paper does not say
    how g_i becomes a whole number. Here it is rounded by largest remainder, with ties drawn, so that the
    total is exactly G. imbalanced-learn rounds each g_i by itself and misses the total; where every g_i is
    below a half it makes nothing. smote_variants draws each seed with probability r_i / sum(r), and its steps
    are not uniform (see `SMOTE`).

    The partner of a segment is one of the K nearest rows of the class, as in imbalanced-learn and
    smote_variants. The paper has "one minority data example from the K nearest neighbors"; a row whose K
    nearest rows all belong to other classes has the largest r_i, and with neighbours from the whole data no
    partner.

    With several classes, r_i counts all but the one being grown. Where every r_i is 0, imbalanced-learn
    raises a RuntimeError and smote_variants returns its input; here it is a ValueError, as for other data
    that do not suit.

    References
    ----------
    He, H., Bai, Y., Garcia, E. A., Li, S. (2008). ADASYN: Adaptive Synthetic Sampling Approach for Imbalanced
    Learning. IEEE International Joint Conference on Neural Networks, 1322-1328.
    doi:10.1109/IJCNN.2008.4633969

    Examples
    --------
    >>> import numpy as np
    >>> from smote_impls import ADASYN
    >>> X, y = np.arange(20.0).reshape(10, 2), [0] * 7 + [1] * 3
    >>> sampler = ADASYN(n_neighbors=2, random_state=0)
    >>> X_resampled, y_resampled = sampler.fit_resample(X, y)
    >>> sampler.densities_[1].tolist(), y_resampled.count(1)
    ([0.5, 0.0, 0.0], 7)
    """

    oversampler_family = "adasyn"
    takes_sparse = True

    _parameter_constraints: ClassVar[dict[str, Any]] = {
        **BaseOversampler._parameter_constraints,
        "n_neighbors": neighbors_constraint(auto=True),
        "n_jobs": JOBS_CONSTRAINT,
    }

    def __init__(
        self,
        *,
        sampling_strategy: Any = "auto",
        random_state: Any = None,
        n_neighbors: Any = 5,
        n_jobs: int | None = None,
    ) -> None:
        super().__init__(sampling_strategy=sampling_strategy, random_state=random_state)
        self.n_neighbors = n_neighbors
        self.n_jobs = n_jobs

    def _start(self) -> None:
        self.n_neighbors_: dict[Any, int] = {}
        self.densities_: dict[Any, np.ndarray] = {}

    def _synthesize(self, target: TargetClass, rng: np.random.RandomState) -> Segments:
        search = Neighborhood("n_neighbors", self.n_neighbors, self.n_jobs)
        around = search.among_all(target)
        n_other = (~target.in_class[around]).sum(axis=1)
        self.densities_[target.label] = n_other / around.shape[1]
        if not n_other.any():
            raise ValueError(
                f"Expected some rows of class {target.label!r} to have other classes among their "
                f"{around.shape[1]} nearest rows, got none: ADASYN would not know where to place "
                "synthetic rows. Use SMOTE, a larger n_neighbors, or leave this class as it is "
                "(sampling_strategy)."
            )
        counts = allocate_in_proportion(n_other, target.n_samples, rng)
        used = np.flatnonzero(counts)
        neighbors = search.within_class(target, used)
        self.n_neighbors_[target.label] = neighbors.shape[1]
        return Segments.draw(target.rows[used], counts[used], neighbors, rng)
