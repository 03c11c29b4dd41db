"""What a sampler is told of the class it grows."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

__all__ = ["TargetClass"]


@dataclass(frozen=True, eq=False)
class TargetClass:
    """A class to be grown, and the data around it.

    Parameters
    ----------
    X : ndarray or CSR matrix of shape (n_rows, n_features)
        All rows of the input, of every class, in their order; read-only.
    rows : ndarray of shape (n_class_rows,), intp
        The rows of `X` that belong to the class, ascending.
    label : object
        The class, as it stands in ``y``.
    n_samples : int
        The number of synthetic rows wanted, at least 1.
    classes : ndarray of shape (n_rows,), intp
        The class of each row of `X`, as a number: equal numbers are equal classes.
    """

    X: Any
    rows: np.ndarray
    label: Any
    n_samples: int
    classes: np.ndarray

    @cached_property
    def X_class(self) -> Any:
        """The rows of the class: an ndarray or CSR matrix of shape (n_class_rows, n_features)."""
        return self.X[self.rows]

    @cached_property
    def in_class(self) -> np.ndarray:
        """Whether each row of `X` belongs to the class: an array of shape (n_rows,), bool."""
        mask = np.zeros(self.X.shape[0], dtype=bool)
        mask[self.rows] = True
        return mask
