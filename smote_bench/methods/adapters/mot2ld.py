"""MOT2LD on scikit-learn 1.7 and later, where the number of iterations of t-SNE has another name."""

from __future__ import annotations

from typing import Any
from unittest import mock

import numpy as np
import smote_variants
from sklearn.manifold import TSNE
from smote_variants.oversampling import _mot2ld

__all__ = ["MOT2LD"]


class MOT2LD(smote_variants.MOT2LD):  # type: ignore[misc]  # no types in smote_variants
    """MOT2LD, which finds scikit-learn's t-SNE under its new signature while it samples."""

    def sampling_algorithm(self, X: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the rows with the new ones."""
        with mock.patch.object(_mot2ld, "TSNE", _tsne):
            sampled: tuple[np.ndarray, np.ndarray] = super().sampling_algorithm(X, y)
            return sampled


def _tsne(n_components: int, *, n_iter: int, **params: Any) -> TSNE:
    return TSNE(n_components, max_iter=n_iter, **params)
