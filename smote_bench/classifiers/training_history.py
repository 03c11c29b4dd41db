"""What a network knew after each epoch: accuracy, precision, recall and AUC from its probabilities."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["epoch_metrics"]


def epoch_metrics(y: NDArray[np.integer], score: NDArray[np.floating]) -> dict[str, list[float]]:
    """Return metrics of the minority class for every epoch.

    Parameters
    ----------
    y : ndarray of shape (n_samples,), int
        0 or 1.
    score : ndarray of shape (n_epochs, n_samples)
        Probabilities of class 1 after each epoch; a row is labelled 1 where it is larger than 0.5.

    Returns
    -------
    dict of str to list of float
        ``accuracy``, ``precision``, ``recall`` and ``auc`` (the area under the ROC curve, exact, where Keras
        approximates it by 200 thresholds). NaN where a metric is undefined: precision while no row is
        labelled 1, recall and AUC without rows of a class.

    Examples
    --------
    >>> epoch_metrics(np.array([0, 0, 1]), np.array([[0.1, 0.6, 0.8]]))["precision"]
    [0.5]
    """
    from scipy.stats import rankdata

    positive = y == 1
    n_positive, n_negative = int(positive.sum()), int((~positive).sum())
    predicted = score > 0.5
    tp = predicted[:, positive].sum(axis=1)
    fp = predicted[:, ~positive].sum(axis=1)
    ranks = rankdata(score, axis=1)[:, positive].sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        metrics = {
            "accuracy": (tp + n_negative - fp) / np.float64(len(y)),
            "precision": tp / (tp + fp),
            "recall": tp / np.float64(n_positive),
            "auc": (ranks - n_positive * (n_positive + 1) / 2) / np.float64(n_positive * n_negative),
        }
    return {name: values.tolist() for name, values in metrics.items()}
