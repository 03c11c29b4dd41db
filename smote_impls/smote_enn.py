"""SMOTE, then Wilson's editing, as in Batista et al. (2004)."""

from __future__ import annotations

from numbers import Integral
from typing import Any, ClassVar

import numpy as np
from sklearn.utils._param_validation import Interval, StrOptions

from smote_impls.combined import CombinedSampler

__all__ = ["SMOTEENN"]


class SMOTEENN(CombinedSampler):
    """Oversample, then remove every row whose nearest rows are of other classes.

    Parameters
    ----------
    sampling_strategy : float, str, dict, list or callable, default="auto"
        See `smote_impls.BaseOversampler`: how many rows there are before cleaning.
    random_state : int, RandomState or None, default=None
        See `smote_impls.BaseOversampler`.
    oversampler : estimator or None, default=None
        Has ``fit_resample`` and appends rows. None is SMOTE for numbers, SMOTENC for numbers and categories,
        SMOTEN for categories alone. One without a ``random_state`` of its own gets this one.
    categorical_features : "auto" or array-like, default="auto"
        As in `smote_impls.SMOTENC`, but with "auto" arrays and lists are numbers.
    enn_neighbors : int, default=3
        The number of nearest rows, of any class, by which a row is judged.
    kind_sel : {"mode", "all"}, default="mode"
        ``"mode"`` removes a row where more than half of them are of other classes, ``"all"`` where any is.
    n_jobs : int or None, default=None
        Threads of the neighbour searches: None is one, -1 one for each core. The rows do not depend on it.

    Attributes
    ----------
    oversampler_ : estimator
        The oversampler used.
    sampling_strategy_ : dict
        For each class, the number of synthetic rows made.
    original_rows_ : ndarray of shape (n_left,), intp
        For each row of the output the row of the input that it is, or -1 of a synthetic one.
    synthetic_parents_ : structured ndarray of shape (n_synthetic_left,)
        Of the synthetic rows that are left, in their order, as the oversampler records them.
    n_features_in_ : int
    feature_names_in_ : ndarray of shape (n_features_in_,)

    Raises
    ------
    ValueError
        If the oversampler cannot make rows.

    Warns
    -----
    UserWarning
        If no row of a class is left.

    Notes
    -----
    Batista et al. remove a row "whose class label differs from the class of at least two of its three nearest
    neighbors", of either class: that is ``"mode"``, the default here. imbalanced-learn's default is
    ``"all"``, which removes many more.

    The distance is Euclid's for numbers, that of SMOTENC where there are categories (with the median of the
    smallest class of the input), and that of SMOTEN for categories alone. A row is never its own neighbour;
    its duplicates are.

    References
    ----------
    Batista, G. E. A. P. A., Prati, R. C., Monard, M. C. (2004). A Study of the Behavior of Several Methods
    for Balancing Machine Learning Training Data. SIGKDD Explorations 6 (1), 20-29.
    doi:10.1145/1007730.1007735

    Wilson, D. L. (1972). Asymptotic Properties of Nearest Neighbor Rules Using Edited Data. IEEE Transactions
    on Systems, Man, and Cybernetics 2, 408-421. doi:10.1109/TSMC.1972.4309137

    Examples
    --------
    >>> import numpy as np
    >>> from smote_impls import SMOTEENN
    >>> X, y = np.array([[0.0], [1], [2], [3], [4], [1.1], [8], [9], [10]]), [0, 0, 0, 0, 0, 1, 1, 1, 1]
    >>> sampler = SMOTEENN(sampling_strategy={1: 4}, random_state=0)
    >>> X_resampled, y_resampled = sampler.fit_resample(X, y)
    >>> X_resampled.ravel().tolist()
    [0.0, 1.0, 2.0, 3.0, 4.0, 8.0, 9.0, 10.0]
    """

    _parameter_constraints: ClassVar[dict[str, Any]] = {
        **CombinedSampler._parameter_constraints,
        "enn_neighbors": [Interval(Integral, 1, None, closed="left")],
        "kind_sel": [StrOptions({"mode", "all"})],
    }

    def __init__(
        self,
        *,
        sampling_strategy: Any = "auto",
        random_state: Any = None,
        oversampler: Any = None,
        categorical_features: Any = "auto",
        enn_neighbors: int = 3,
        kind_sel: str = "mode",
        n_jobs: int | None = None,
    ) -> None:
        super().__init__(
            sampling_strategy=sampling_strategy,
            random_state=random_state,
            oversampler=oversampler,
            categorical_features=categorical_features,
            n_jobs=n_jobs,
        )
        self.enn_neighbors = enn_neighbors
        self.kind_sel = kind_sel

    def _n_needed(self) -> int:
        return self.enn_neighbors

    def _doubtful(self, neighbors: np.ndarray, classes: np.ndarray) -> np.ndarray:
        n_other = (classes[neighbors] != classes[:, None]).sum(axis=1)
        doubtful: np.ndarray = n_other > (0 if self.kind_sel == "all" else neighbors.shape[1] // 2)
        return doubtful
