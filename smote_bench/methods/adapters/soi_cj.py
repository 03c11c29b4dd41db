"""SOI_CJ with the merging of its clusters written back to the clusters it belongs to."""

from __future__ import annotations

from typing import Any

import numpy as np
import smote_variants
from smote_variants.base import NearestNeighborsWithMetricTensor

__all__ = ["SOI_CJ"]


class SOI_CJ(smote_variants.SOI_CJ):  # type: ignore[misc]  # no types in smote_variants
    """SOI-CJ: clusters of minority rows are merged while they overlap, then sampled.

    Notes
    -----
    smote_variants counts the second cluster of a pair from the first one, and writes the merged pair back
    as if it had counted from the beginning: merged clusters get lost, on many tables all of them, and the
    input came back. It also takes a minority row none of whose neighbours belongs to the majority for an
    empty cluster.

    References
    ----------
    Sánchez, Morales and Gonzalez (2013), doi:10.1142/S0218213013500085
    """

    def init_clusters(self, y: np.ndarray, indices: np.ndarray) -> list[set[int]]:
        """Return for each minority row its nearest neighbours up to the first of the majority."""
        is_majority = y[indices] != self.min_label
        n_before = np.where(is_majority.any(axis=1), is_majority.argmax(axis=1), indices.shape[1])
        return [set(row[:n].tolist()) for row, n in zip(indices, n_before, strict=True)]

    def clustering(self, X: np.ndarray, y: np.ndarray, nn_params: dict[str, Any]) -> list[set[int]]:
        """Return the clusters of minority rows that are left when no two of them overlap."""
        minority = X[y == self.min_label]
        nn_all = NearestNeighborsWithMetricTensor(n_jobs=self.n_jobs, **nn_params).fit(X)
        nn_minority = NearestNeighborsWithMetricTensor(
            n_neighbors=len(minority), n_jobs=self.n_jobs, **nn_params
        )
        clusters = self.init_clusters(y, nn_minority.fit(X).kneighbors(minority, return_distance=False))
        overlap = True
        while overlap:
            overlap = False
            for i in range(len(clusters)):
                for j in range(i + 1, len(clusters)):
                    intersection = clusters[i] & clusters[j]
                    if intersection:
                        overlap = True
                        clusters[i], clusters[j] = self.update_clusters(
                            X=X,
                            y=y,
                            cluster_idx=clusters[i],
                            cluster_jdx=clusters[j],
                            intersection=intersection,
                            nn_all=nn_all,
                            nn_params=nn_params,
                        )
            clusters = [cluster for cluster in clusters if cluster]
        return clusters
