"""A case: one data set and the call to be made on it, and how both read as code to paste."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

__all__ = ["Case", "Code"]

_MAX_CELLS = 1000


@dataclass(frozen=True)
class Code:
    """A value of a parameter that is only shown: its `repr` is the code itself."""

    text: str

    def __repr__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Case:
    """What a sampler is called with.

    Parameters
    ----------
    X : ndarray of shape (n_samples, n_features), float64
    y : ndarray of shape (n_samples,), int64
        Class 0 is the largest; without more than two classes 1 is the minority.
    seed : int
        The sampler's `random_state`.
    params : mapping
        Parameters of the sampler that the case sets, such as ``{"k_neighbors": 2}``.
    recipe : str
        Code that builds `X` and `y`, where they are too large to be printed.
    layout : mapping
        What the maker of the case knows about it and a check wants to know, such as the rows of a group.
    """

    X: np.ndarray
    y: np.ndarray
    seed: int = 0
    params: Mapping[str, Any] = field(default_factory=dict)
    recipe: str = ""
    layout: Mapping[str, Any] = field(default_factory=dict)

    @property
    def size(self) -> tuple[int, int, float]:
        """A measure by which the smallest of several failing cases is chosen."""
        return self.X.shape[0] * self.X.shape[1], len(self.y), float(np.abs(self.X).sum())

    def data_code(self) -> str:
        """Return the lines that build `X` and `y`."""
        if self.recipe:
            return self.recipe
        if self.X.size > _MAX_CELLS:
            return f"# X: {self.X.shape[0]} x {self.X.shape[1]} values, too many to print"
        return f"X = np.array({_rows(self.X)})\ny = np.array({self.y.tolist()})"


def _rows(X: np.ndarray) -> str:
    if X.ndim != 2 or not X.size:
        return repr(X.tolist())
    rows = ", ".join(repr(row) for row in X.tolist())
    text = f"[{rows}]"
    if len(text) <= 90:
        return text
    return "[\n" + "".join(f"    {row!r},\n" for row in X.tolist()) + "]"
