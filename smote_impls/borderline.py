"""Borderline-SMOTE, as in Han et al. (2005)."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
from sklearn.utils._param_validation import StrOptions

from smote_impls.allocation import allocate_evenly
from smote_impls.base import BaseOversampler
from smote_impls.nearest.neighborhood import Neighborhood, neighbors_constraint
from smote_impls.segments import Segments
from smote_impls.target import TargetClass
from smote_impls.threads import JOBS_CONSTRAINT

__all__ = ["BorderlineSMOTE"]


class BorderlineSMOTE(BaseOversampler):
    """Place synthetic rows next to the rows of a class that are in danger of being taken for another's.

    A row is in danger if at least half of its ``m_neighbors`` nearest rows, of all classes, belong to other
    classes, but not all of them: then it counts as noise. Only rows in danger are seeds.

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
    m_neighbors : int or estimator, default=10
        The number of nearest rows, of all classes, by which danger is told.
    kind : {"borderline-1", "borderline-2"}, default="borderline-1"
        ``"borderline-1"``: segments lead to the `k_neighbors` nearest rows of the class, steps are uniform on
        [0, 1). ``"borderline-2"``: they lead to one of those or to the nearest row of another class, with
        steps uniform on [0, 0.5) towards the latter.
    n_jobs : int or None, default=None
        Threads of the neighbour search: None is one, -1 one for each core. The rows do not depend on it.

    Attributes
    ----------
    sampling_strategy_ : dict
        For each targeted class, the number of synthetic rows.
    k_neighbors_ : dict
        For each class that grew, the number of neighbours used.
    danger_rows_ : dict
        For each class that grew, the rows of the input that are in danger, ascending.
    synthetic_parents_ : structured ndarray of shape (n_synthetic,)
        For each synthetic row, in the order of the output, ``seed`` and ``neighbor`` (rows of the input) and
        ``step``: the row is ``X[seed] + step * (X[neighbor] - X[seed])``.
    n_features_in_ : int
    feature_names_in_ : ndarray of shape (n_features_in_,)

    Raises
    ------
    ValueError
        If no row of a class is in danger, a class to be grown has fewer than ``k_neighbors + 1`` rows or X
        fewer than ``m_neighbors + 1``, or the data are not fit for use.

    Notes
    -----
    With borderline-2 each of the k + 1 partners of a seed, its k nearest rows of the class and its one
    nearest row of another class, is equally likely: one row in k + 1 steps towards the other class. The paper
    draws s of the k and takes the nearest negative row besides, and leaves their shares open.
    imbalanced-learn and smote_variants take the partners of borderline-2 from the k nearest rows of the whole
    data, so that seeds in danger lead to other classes most of the time. imbalanced-learn steps towards those
    by U(0, 1) * U(0, 0.5), with a mean of 0.125; the paper's U(0, 0.5) has a mean of 0.25.

    smote_variants 1.0.1 never uses the nearest of the k neighbours, in both kinds (it drops the first column
    twice), removes noise rows from the class before it looks for neighbours, and its steps are not uniform
    (see `SMOTE`).

    Each row in danger gets the same number of synthetic rows, the remainder is drawn without replacement;
    imbalanced-learn draws with replacement. With several classes, "other classes" are all but the one being
    grown.

    Where no row is in danger imbalanced-learn and smote_variants return their input, and the classes stay as
    unequal as they were; here it is an error.

    References
    ----------
    Han, H., Wang, W.-Y., Mao, B.-H. (2005). Borderline-SMOTE: A New Over-Sampling Method in Imbalanced Data
    Sets Learning. Advances in Intelligent Computing, LNCS 3644, 878-887. doi:10.1007/11538059_91

    Examples
    --------
    >>> import numpy as np
    >>> from smote_impls import BorderlineSMOTE
    >>> X, y = np.arange(20.0).reshape(10, 2), [0] * 7 + [1] * 3
    >>> sampler = BorderlineSMOTE(k_neighbors=2, m_neighbors=3, random_state=0)
    >>> X_resampled, y_resampled = sampler.fit_resample(X, y)
    >>> sampler.danger_rows_[1].tolist(), y_resampled.count(1)
    ([7], 7)
    """

    _parameter_constraints: ClassVar[dict[str, Any]] = {
        **BaseOversampler._parameter_constraints,
        "k_neighbors": neighbors_constraint(auto=True),
        "m_neighbors": neighbors_constraint(auto=False),
        "kind": [StrOptions({"borderline-1", "borderline-2"})],
        "n_jobs": JOBS_CONSTRAINT,
    }

    def __init__(
        self,
        *,
        sampling_strategy: Any = "auto",
        random_state: Any = None,
        k_neighbors: Any = 5,
        m_neighbors: Any = 10,
        kind: str = "borderline-1",
        n_jobs: int | None = None,
    ) -> None:
        super().__init__(sampling_strategy=sampling_strategy, random_state=random_state)
        self.k_neighbors = k_neighbors
        self.m_neighbors = m_neighbors
        self.kind = kind
        self.n_jobs = n_jobs

    takes_sparse = True

    @property
    def oversampler_family(self) -> str:  # type: ignore[override]
        """``"borderline1"`` or ``"borderline2"``, by `kind`."""
        return "borderline2" if self.kind == "borderline-2" else "borderline1"

    def _start(self) -> None:
        self.k_neighbors_: dict[Any, int] = {}
        self.danger_rows_: dict[Any, np.ndarray] = {}

    def _synthesize(self, target: TargetClass, rng: np.random.RandomState) -> Segments:
        search = Neighborhood("m_neighbors", self.m_neighbors, self.n_jobs, allows_auto=False)
        around = search.among_all(target)
        is_other = ~target.in_class[around]
        danger = _danger(is_other, target.label)
        self.danger_rows_[target.label] = target.rows[danger]

        neighbors = Neighborhood("k_neighbors", self.k_neighbors, self.n_jobs).within_class(target, danger)
        self.k_neighbors_[target.label] = neighbors.shape[1]
        counts = allocate_evenly(len(danger), target.n_samples, rng)
        if self.kind == "borderline-1":
            return Segments.draw(target.rows[danger], counts, neighbors, rng)
        nearest_other = _first_other(around[danger], is_other[danger])
        segments = Segments.draw(
            target.rows[danger], counts, np.column_stack([neighbors, nearest_other]), rng
        )
        step = np.where(target.in_class[segments.neighbor], segments.step, 0.5 * segments.step)
        return Segments(segments.seed, segments.neighbor, step)


def _danger(is_other: np.ndarray, label: Any) -> np.ndarray:
    """Return the positions, in the class, of rows with m/2 <= m' < m."""
    m = is_other.shape[1]
    n_other = is_other.sum(axis=1)
    danger = np.flatnonzero((2 * n_other >= m) & (n_other < m))
    if not len(danger):
        n_safe, n_noise = int((2 * n_other < m).sum()), int((n_other == m).sum())
        raise ValueError(
            f"Expected rows of class {label!r} in danger, with at least half but not all of their "
            f"m_neighbors={m} nearest rows in other classes; got none: {n_safe} are safe and "
            f"{n_noise} are noise. Set another m_neighbors, leave this class as it is "
            "(sampling_strategy), or use SMOTE."
        )
    return danger


def _first_other(around: np.ndarray, is_other: np.ndarray) -> np.ndarray:
    """Return the nearest row of another class: one of the m nearest rows, so that no search is needed."""
    nearest: np.ndarray = around[np.arange(len(around)), is_other.argmax(axis=1)]
    return nearest
