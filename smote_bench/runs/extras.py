"""Keeps what a run has beside its cells, once: cards, points and samples, in its store and in the memo."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Collection, Iterator
from typing import TYPE_CHECKING

from smote_bench.evaluation.extras import CARD, POINTS, SAMPLES
from smote_bench.methods.names import ORIGINAL
from smote_bench.runs.sound_bytes import is_sound

if TYPE_CHECKING:
    from smote_bench.evaluation.outcome import Cell
    from smote_bench.experiment.model import Experiment
    from smote_bench.runs.keys import CellKeys
    from smote_bench.runs.memo import Memo
    from smote_bench.runs.store import Store

__all__ = ["TSNE", "ComesLater", "Extras", "Take"]


class ComesLater(Exception):
    """What is asked for comes with another cell of the same rows."""


TSNE = "tsne"
"""The kind of the t-SNE embeddings of the points, which are added when a report is made."""

Take = Callable[[str, str, str], bytes]
"""From kind, data set and method to the bytes, computed where the rows are."""

_FOR = {CARD: "reports", POINTS: "reports", SAMPLES: "the gate"}


class Extras:
    """Writes each card, set of points and description of samples once, into the run's store and the memo.

    Parameters
    ----------
    experiment : Experiment
    keys : CellKeys
    store : Store
    memo : Memo or None
    kinds : collection of str
        What is recorded; a gate's parts need SAMPLES alone.
    """

    def __init__(
        self,
        experiment: Experiment,
        keys: CellKeys,
        store: Store,
        memo: Memo | None,
        kinds: Collection[str] = (CARD, POINTS, SAMPLES),
    ) -> None:
        self._experiment = experiment
        self._keys = keys
        self._store = store
        self._memo = memo
        self._kinds = kinds
        self._done: set[tuple[str, str, str]] = set()

    def copy(self, cell: Cell) -> bool:
        """Take over what the memo has beside a cell, and tell whether nothing of it is damaged there."""
        is_whole = True
        for kind, method in self._missing(cell):
            key = self._keys.extra_key(cell.dataset, method)
            data = self._memo.extra(key, kind) if self._memo is not None else None
            if data is None:
                continue
            if is_sound(kind, data):
                self._store.put_extra(key, kind, data, dataset=cell.dataset, method=method)
                self._done.add((kind, cell.dataset, method))
            else:
                is_whole = False
        return is_whole

    def record(self, cell: Cell, take: Take, *, share: bool = True) -> None:
        """Record what is not there yet beside a cell that was just computed, in the memo too if it is shared.

        A failure costs a figure or a comparison, never the cell: it becomes a warning.
        """
        self.copy(cell)
        for kind, method in list(self._missing(cell)):
            key = self._keys.extra_key(cell.dataset, method)
            try:
                data = take(kind, cell.dataset, method)
            except ComesLater:
                continue
            except Exception as error:
                self._done.add((kind, cell.dataset, method))
                what = f"the {kind} of {cell.dataset} {method}".rstrip()
                warnings.warn(f"{what} could not be recorded for {_FOR[kind]}: {error}", stacklevel=2)
                continue
            self._done.add((kind, cell.dataset, method))
            self._store.put_extra(key, kind, data, dataset=cell.dataset, method=method)
            if share and self._memo is not None:
                self._memo.put_extra(key, kind, data, dataset=cell.dataset, method=method)

    def wanted(self, cell: Cell) -> list[tuple[str, str, str]]:
        """Return kind, data set and method of what is not recorded yet beside a cell."""
        return [(kind, cell.dataset, method) for kind, method in self._missing(cell)]

    def _missing(self, cell: Cell) -> Iterator[tuple[str, str]]:
        method = cell.method if self._experiment.methods[cell.method].steps else ORIGINAL
        for kind, of in ((CARD, ""), (POINTS, method), (SAMPLES, method)):
            if kind in self._kinds and (kind, cell.dataset, of) not in self._done:
                yield kind, of
