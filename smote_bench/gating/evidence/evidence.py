"""One side of a gate: what a baseline, a run or a table of another tool says of each cell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from smote_bench.evaluation.outcome import Cell
from smote_bench.gating.evidence.panel import Panel

__all__ = ["SPLIT_SETTINGS", "Better", "Evidence", "SplitName"]

SPLIT_SETTINGS = ("test_size", "cv_folds", "random_state")
"""The settings of a protocol that decide which rows a fold tests."""

Better = Literal["high", "low"]
SplitName = tuple[str, int, int]
"""Data set, split, fold (`smote_bench.gating.evidence.panel.HOLDOUT_FOLD` for the hold-out)."""


@dataclass(frozen=True, eq=False)
class Evidence:
    """What one side of the gate knows.

    Parameters
    ----------
    name : str
        Of the baseline, the run or the file, for people.
    scores : Panel
        Of metrics that have a direction, one cell per (data set, method, classifier). Cells without any
        scored fit are in `statuses` alone.
    better : mapping of metric to {"high", "low"}
    samples : Panel or None
        Descriptors of what the methods did to the rows (`smote_bench.evaluation.descriptors`), one cell per
        (data set, method), with an empty classifier. None where they are not known.
    statuses : mapping of Cell to (status, reason)
        Of every cell, also those without scores.
    data : mapping of data set to str
        Digests of the tables; empty where not known.
    splits : mapping of SplitName to str
        Digests of the test rows' numbers; empty where not known.
    seconds : mapping of Cell to (resample seconds, fit seconds)
        Means per fit, of the fits of draw 0; empty where not known.
    protocol : mapping
        Settings by which the splits were made; empty where not known.
    about : mapping
        Where it came from: ``packages``, ``commit``, ``made_at``, ``reason``; for display, but for `roles`.
    """

    name: str
    scores: Panel
    better: Mapping[str, Better]
    samples: Panel | None = None
    statuses: Mapping[Cell, tuple[str, str]] = field(default_factory=dict)
    data: Mapping[str, str] = field(default_factory=dict)
    splits: Mapping[SplitName, str] = field(default_factory=dict)
    seconds: Mapping[Cell, tuple[float, float]] = field(default_factory=dict)
    protocol: Mapping[str, Any] = field(default_factory=dict)
    about: Mapping[str, Any] = field(default_factory=dict)

    def roles(self, dataset: str) -> Mapping[str, str] | None:
        """Return which columns say how a data set's rows are split and weighted; None where not known."""
        known = self.about.get("datasets") or {}
        return known[dataset].get("roles", {}) if dataset in known else None

    @property
    def cells(self) -> tuple[Cell, ...]:
        """All cells that this side knows, with scores or without."""
        return tuple(dict.fromkeys([*self.statuses, *self.scores.cells]))
