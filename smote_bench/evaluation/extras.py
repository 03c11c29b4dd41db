"""What is kept beside cells for reports and the gate: cards, points, and what a method did to the rows.

Taken by the process that has the rows in memory, so that reports and the gate need neither data nor samplers.
"""

from __future__ import annotations

import dataclasses
import json
from typing import TYPE_CHECKING

from smote_bench.evaluation.seeding import HOLDOUT

if TYPE_CHECKING:
    from smote_bench.evaluation.folds import FoldSource

__all__ = ["CARD", "POINTS", "SAMPLES", "take_extra"]

CARD, POINTS, SAMPLES = "card", "points", "samples"
"""The kinds."""


def take_extra(kind: str, folds: FoldSource, dataset: str, method: str) -> bytes:
    """Return what is kept of a (data set, method), as bytes.

    Parameters
    ----------
    kind : {"card", "points", "samples"}
    folds : FoldSource
    dataset : str
    method : str
        Empty for a card.
    """
    if kind == CARD:
        return _card(folds, dataset)
    if kind == POINTS:
        return _points(folds, dataset, method)
    from smote_bench.evaluation.samples import describe_folds

    resampled = bool(folds.methods[method].steps)
    return describe_folds(folds.folds(dataset, method), folds.protocol.draw, resampled=resampled)


def _card(folds: FoldSource, dataset: str) -> bytes:
    """Return the card's fields, the version and the rows that were split, as JSON."""
    table = folds.dataset(dataset)
    card = {
        **dataclasses.asdict(table.card),
        "version": table.version,
        "digest": table.digest,
        "rows_split": len(table.y),
    }
    return json.dumps(card, default=str).encode()


def _points(folds: FoldSource, dataset: str, method: str) -> bytes:
    """Return the points of the final evaluation's training part, first repeat."""
    from smote_bench.evaluation.points import take_points

    for fold in folds.folds(dataset, method):
        if fold.rows.phase == HOLDOUT:
            assert fold.X_before is not None
            assert fold.y_before is not None
            return take_points((fold.X_before, fold.y_before), (fold.X, fold.y), fold.parents).dumps()
    raise AssertionError("every protocol ends with a hold-out")
