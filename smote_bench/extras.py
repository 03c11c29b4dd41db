"""What a run keeps beside its cells, for reports: each data set's card, what each method did to the rows.

Recorded by the process that has the rows in memory, so that reports and the gate need neither data nor
samplers.
"""

from __future__ import annotations

import contextlib
import dataclasses
import json
import sqlite3
import warnings
from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

from smote_bench.experiment import ORIGINAL

if TYPE_CHECKING:
    from smote_bench.experiment import Experiment
    from smote_bench.folds import FoldSource
    from smote_bench.keys import CellKeys
    from smote_bench.outcome import Task
    from smote_bench.store import Store

__all__ = ["CARD", "POINTS", "SAMPLES", "TSNE", "Extras"]

CARD, POINTS, SAMPLES, TSNE = "card", "points", "samples", "tsne"
"""The kinds; t-SNE embeddings of the points are added when a report is made."""

_FOR = {CARD: "reports", POINTS: "reports", SAMPLES: "the gate"}


class Extras:
    """Writes each card, set of points and description of samples once, into the run's store and the memo.

    Parameters
    ----------
    experiment : Experiment
    keys : CellKeys
    store : Store
    memo : Store or None
    kinds : collection of str
        What is recorded; a gate's parts need SAMPLES alone.
    """

    def __init__(
        self,
        experiment: Experiment,
        keys: CellKeys,
        store: Store,
        memo: Store | None,
        kinds: Collection[str] = (CARD, POINTS, SAMPLES),
    ) -> None:
        self._experiment = experiment
        self._keys = keys
        self._store = store
        self._memo = memo
        self._kinds = kinds
        self._done: set[tuple[str, str, str]] = set()

    def copy(self, task: Task) -> None:
        """Take over what the memo has beside a cell that was found there."""
        for kind, method in self._missing(task):
            key = self._keys.extra_key(task.dataset, method)
            data = self._memo.extra(key, kind) if self._memo is not None else None
            if data is not None:
                self._store.put_extra(key, kind, data, dataset=task.dataset, method=method)
                self._done.add((kind, task.dataset, method))

    def record(self, task: Task, folds: FoldSource, *, share: bool = True) -> None:
        """Record what is not there yet beside a cell that was just computed, in the memo too if it is shared.

        A failure costs a figure or a comparison, never the cell: it becomes a warning.
        """
        self.copy(task)
        for kind, method in list(self._missing(task)):
            self._done.add((kind, task.dataset, method))
            key = self._keys.extra_key(task.dataset, method)
            try:
                data = self._take(kind, folds, task.dataset, method)
            except Exception as error:
                what = f"the {kind} of {task.dataset} {method}".rstrip()
                warnings.warn(f"{what} could not be recorded for {_FOR[kind]}: {error}", stacklevel=2)
                continue
            self._store.put_extra(key, kind, data, dataset=task.dataset, method=method)
            if share and self._memo is not None:
                with contextlib.suppress(sqlite3.Error):  # the run has it; a later one records it again
                    self._memo.put_extra(key, kind, data, dataset=task.dataset, method=method)

    def _missing(self, task: Task) -> Iterator[tuple[str, str]]:
        method = task.method if self._experiment.methods[task.method].steps else ORIGINAL
        for kind, of in ((CARD, ""), (POINTS, method), (SAMPLES, method)):
            if kind in self._kinds and (kind, task.dataset, of) not in self._done:
                yield kind, of

    def _take(self, kind: str, folds: FoldSource, dataset: str, method: str) -> bytes:
        if kind == CARD:
            return _card(folds, dataset)
        if kind == POINTS:
            return _points(folds, dataset, method)
        from smote_bench.samples import describe_folds

        resampled = bool(self._experiment.methods[method].steps)
        return describe_folds(
            folds.folds(dataset, method), self._experiment.protocol.draw, resampled=resampled
        )


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
    from smote_bench.points import take_points
    from smote_bench.seeding import HOLDOUT

    for fold in folds.folds(dataset, method):
        if fold.split.phase == HOLDOUT:
            assert fold.X_before is not None
            assert fold.y_before is not None
            return take_points((fold.X_before, fold.y_before), (fold.X, fold.y), fold.parents).dumps()
    raise AssertionError("every protocol ends with a hold-out")
