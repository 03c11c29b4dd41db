"""E_SMOTE and ISOMAP_Hybrid leave the feature space; their map for new rows works if they did nothing."""

from __future__ import annotations

import numpy as np
import smote_variants

__all__ = ["E_SMOTE", "ISOMAP_Hybrid"]


class E_SMOTE(smote_variants.E_SMOTE):  # type: ignore[misc]  # no types in smote_variants
    """E_SMOTE, whose map keeps all columns where it gave its input back before it selected any."""

    def preprocessing_transform(self, X: np.ndarray) -> np.ndarray:
        """Return the selected columns."""
        return X if self.mask is None else X[:, self.mask]


class ISOMAP_Hybrid(smote_variants.ISOMAP_Hybrid):  # type: ignore[misc]  # no types in smote_variants
    """ISOMAP_Hybrid, whose map changes nothing where it gave its input back before it embedded it."""

    def preprocessing_transform(self, X: np.ndarray) -> np.ndarray:
        """Return the rows in the embedding."""
        return X if not hasattr(self.isomap, "embedding_") else self.isomap.transform(X)
