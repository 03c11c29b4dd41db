"""What is kept beside cells for reports and the gate: cards, points, and what a method did to the rows.

Taken by the process that has the rows in memory, so that reports and the gate need neither data nor samplers.
"""

from __future__ import annotations

import dataclasses
import json
from typing import TYPE_CHECKING

from smote_bench.data.preprocessing import column_kinds
from smote_bench.data.sources import UserFile
from smote_bench.evaluation.seeding import HOLDOUT

if TYPE_CHECKING:
    from smote_bench.data.dataset import Dataset
    from smote_bench.data.sources import DatasetEntry
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
    if table.roles:
        card["roles"] = _roles_words(folds.datasets[dataset], table)
    if encoding := _encoding_words(folds.datasets[dataset], table):
        card["encoding"] = encoding
    return json.dumps(card, default=str).encode()


def _encoding_words(entry: DatasetEntry, table: Dataset) -> str:
    """Say as what numbers the categories of a table are drawn; "" of one that has none."""
    kinds = column_kinds(table.X)
    if not kinds.has_categories:
        return ""
    parts = [f"one-hot features of {len(kinds.nominal)} columns of categories"] if kinds.nominal else []
    parts += [f"codes of {len(kinds.ordinal)} ordered ones"] if kinds.ordinal else []
    parts += [f"1 and 0 of {len(kinds.boolean)} of truth values"] if kinds.boolean else []
    scaling = entry.preprocessing.scaling
    scaled = "not scaled" if scaling == "none" else f"scaled with the numbers ({scaling})"
    return f"{', '.join(parts[:-2] + [' and '.join(parts[-2:])])}, {scaled}"


def _roles_words(entry: DatasetEntry, table: Dataset) -> dict[str, str]:
    """Say what the rows are split and weighted by."""
    assert isinstance(entry.source, UserFile), entry
    keys, roles = entry.source.roles, table.roles
    words = {}
    if roles.groups is not None:
        n_groups = len(set(roles.groups.tolist()))
        words["groups"] = f"{keys.groups}: {n_groups:,} groups, none on two sides of a split"
    if roles.times is not None:
        words["time"] = f"{keys.time}: tested rows are later than those that train"
    if roles.is_test is not None:
        n_test = int(roles.is_test.sum())
        where = keys.test.name if keys.test is not None else keys.split
        words["test"] = f"{where}: a given hold-out of {n_test:,} rows"
    if roles.weights is not None:
        low, high = float(roles.weights.min()), float(roles.weights.max())
        words["weights"] = (
            f"{keys.weights}: {low:g} to {high:g}, in fitting and in scores; curves and confusion matrices "
            "count rows alike"
        )
    return words


def _points(folds: FoldSource, dataset: str, method: str) -> bytes:
    """Return the points of the final evaluation's training part, first repeat; of fold 0 without one."""
    from smote_bench.evaluation.points import take_points

    for fold in folds.folds(dataset, method):
        if fold.rows.phase == HOLDOUT or not folds.protocol.has_holdout:
            assert fold.X_before is not None
            assert fold.y_before is not None
            return take_points((fold.X_before, fold.y_before), (fold.X, fold.y), fold.parents).dumps()
    raise AssertionError("every protocol has a fold or a hold-out")
