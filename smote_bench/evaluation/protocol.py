"""The protocol: how a table is divided into folds, how often, from what seeds. Plain data, no computation."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

__all__ = ["MOST_FOLDS", "MOST_REPEATS", "Protocol"]

MOST_FOLDS, MOST_REPEATS = 100_000, 10_000
"""Beyond these a number is a slip of the hand: nobody waits for what it asks for."""

_OF_PARTS = ("first_repeat", "draw")


@dataclass(frozen=True)
class Protocol:
    """A stratified hold-out, stratified cross-validation on the training part, then the final evaluation.

    Parameters
    ----------
    test_size : float
        Share of rows in the hold-out, in (0, 1); 0 for cross-validation of all rows without a hold-out.
    cv_folds : int
        Folds of the cross-validation on the training part; 0 for the hold-out only.
    random_state : int
        Seed of repeat 0; repeat r uses ``random_state + r`` for folds and classifiers.
    random_runs : int
        Number of repeats, at least 1.
    first_repeat : int
        The first repeat; another than 0 is a part of a longer protocol, as a gate computes it.
    draw : int
        Which random numbers samplers and classifiers get on the same folds; 0 are the protocol's own, others
        show what the seeds alone change.
    """

    test_size: float = 0.2
    cv_folds: int = 5
    random_state: int = 42
    random_runs: int = 1
    first_repeat: int = 0
    draw: int = 0

    def to_json(self) -> dict[str, Any]:
        """Return the settings as JSON values; those of parts only where they are one."""
        settings = dataclasses.asdict(self)
        return {name: settings[name] for name in settings if name not in _OF_PARTS or settings[name]}

    @property
    def repeats(self) -> range:
        """The numbers of the repeats."""
        return range(self.first_repeat, self.first_repeat + self.random_runs)

    @property
    def fits_per_cell(self) -> int:
        """How many times a cell's classifier is fitted."""
        return self.random_runs * (self.cv_folds + self.has_holdout)

    @property
    def has_holdout(self) -> bool:
        """Whether each repeat ends with a final evaluation on rows that no fold has seen."""
        return self.test_size > 0
