"""SMOTE_ENN as the paper has it: the cleaned rows are returned, whichever class lost more of them."""

from __future__ import annotations

import numpy as np
import smote_variants
from smote_variants.noise_removal import EditedNearestNeighbors

__all__ = ["SMOTE_ENN"]


class SMOTE_ENN(smote_variants.SMOTE_ENN):  # type: ignore[misc]  # no types in smote_variants
    """SMOTE, then edited nearest neighbours on both classes.

    Notes
    -----
    smote_variants throws its result away when the majority is the smaller class after cleaning. SMOTE has
    just made the classes equal and its new rows lie close together, so that is nearly always so, and the
    input came back. Here only a result that lost a whole class is thrown away.

    References
    ----------
    Batista, Prati and Monard (2004), doi:10.1145/1007730.1007735
    """

    def sampling_algorithm(self, X: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the oversampled and cleaned rows."""
        nn_params = {**self.nn_params}
        nn_params["metric_tensor"] = self.metric_tensor_from_nn_params(nn_params, X, y)
        oversampled = smote_variants.SMOTE(
            proportion=self.proportion,
            n_neighbors=self.n_neighbors,
            nn_params=nn_params,
            ss_params=self.ss_params,
            n_jobs=self.n_jobs,
            random_state=self._random_state_init,
        ).sample(X, y)
        noise_filter = EditedNearestNeighbors(n_jobs=self.n_jobs, nn_params=nn_params)
        sampled: tuple[np.ndarray, np.ndarray] = noise_filter.remove_noise(*oversampled)
        if len(np.unique(sampled[1])) < 2:
            sampled = self.return_copies(X, y, "ENN removed a whole class")
        return sampled
