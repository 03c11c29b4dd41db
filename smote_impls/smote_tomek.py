"""SMOTE, then Tomek's links removed, as in Batista et al. (2004)."""

from __future__ import annotations

import numpy as np

from smote_impls.combined import CombinedSampler

__all__ = ["SMOTETomek"]


class SMOTETomek(CombinedSampler):
    """Oversample, then remove both rows of every Tomek link: nearest to each other, of different classes.

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
    The distance is Euclid's for numbers, that of SMOTENC where there are categories (with the median of the
    smallest class of the input), and that of SMOTEN for categories alone. Of rows that are equally near the
    lower one is the nearest, so that a row is in one link at most. A row is never its own nearest row; in
    imbalanced-learn, which drops the first column found, a row with a duplicate may be.

    References
    ----------
    Batista, G. E. A. P. A., Prati, R. C., Monard, M. C. (2004). A Study of the Behavior of Several Methods
    for Balancing Machine Learning Training Data. SIGKDD Explorations 6 (1), 20-29.
    doi:10.1145/1007730.1007735

    Tomek, I. (1976). Two Modifications of CNN. IEEE Transactions on Systems, Man, and Cybernetics 6, 769-772.
    doi:10.1109/TSMC.1976.4309452

    Examples
    --------
    >>> import numpy as np
    >>> from smote_impls import SMOTETomek
    >>> X, y = np.array([[0.0], [1], [2], [3], [4], [3.9], [8], [9]]), [0, 0, 0, 0, 0, 1, 1, 1]
    >>> sampler = SMOTETomek(sampling_strategy={1: 3}, random_state=0)
    >>> X_resampled, y_resampled = sampler.fit_resample(X, y)
    >>> X_resampled.ravel().tolist(), sampler.original_rows_.tolist()
    ([0.0, 1.0, 2.0, 3.0, 8.0, 9.0], [0, 1, 2, 3, 6, 7])
    """

    def _n_needed(self) -> int:
        return 1

    def _doubtful(self, neighbors: np.ndarray, classes: np.ndarray) -> np.ndarray:
        nearest = neighbors[:, 0]
        links: np.ndarray = (nearest[nearest] == np.arange(len(nearest))) & (classes[nearest] != classes)
        return links
