"""The protocol: how a table is split, how often, and from which seeds. Plain data, no computation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

__all__ = ["Protocol"]


@dataclass(frozen=True)
class Protocol:
    """A stratified hold-out, stratified cross-validation on the training part, then the final evaluation.

    Parameters
    ----------
    test_size : float
        Share of rows in the hold-out, in (0, 1).
    cv_folds : int
        Folds of the cross-validation on the training part; 0 for the hold-out only.
    random_state : int
        Seed of repeat 0; repeat r uses ``random_state + r`` for splits and classifiers.
    random_runs : int
        Number of repeats, at least 1.
    """

    test_size: float = 0.2
    cv_folds: int = 5
    random_state: int = 42
    random_runs: int = 1

    def to_json(self) -> dict[str, Any]:
        """Return the settings as JSON values."""
        return {
            "test_size": self.test_size,
            "cv_folds": self.cv_folds,
            "random_state": self.random_state,
            "random_runs": self.random_runs,
        }

    @property
    def fits_per_cell(self) -> int:
        """How many times a cell's classifier is fitted."""
        return self.random_runs * (self.cv_folds + 1)
