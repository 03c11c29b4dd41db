"""Which worker gets which cells, and in which order.

pytest-xdist's own modes send cells of one (data set, method) to several workers, and each would resample
again. Here such cells go together to one worker, the dearest group first, by seconds of earlier runs where
there are some and an a-priori estimate elsewhere.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from xdist.scheduler.load import LoadScheduling

from smote_bench.catalogue import size_hint
from smote_bench.errors import UnavailableError
from smote_bench.experiment import ORIGINAL
from smote_bench.outcome import Task

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest
    from xdist.remote import Producer
    from xdist.workermanage import WorkerController

    from smote_bench.catalogue import UserFile
    from smote_bench.experiment import Experiment

__all__ = ["CellScheduling", "estimate_seconds", "longest_groups_first"]


def estimate_seconds(experiment: Experiment, known: Mapping[Task, float]) -> Callable[[Task], float]:
    """Return a function that estimates a cell's seconds, from earlier runs or else from its size."""
    sizes = {name: _size(entry.source) for name, entry in experiment.datasets.items()}
    fits = experiment.protocol.fits_per_cell

    def estimate(task: Task) -> float:
        if task in known:
            return known[task]
        rows, features = sizes[task.dataset]
        grown = rows if task.method == ORIGINAL else 1.6 * rows
        resampling = 0.01 + 2e-7 * rows * features
        return fits * (resampling + _fit_seconds(task.classifier, grown, features))

    return estimate


def _size(source: str | UserFile) -> tuple[int, int]:
    try:
        return size_hint(source)
    except UnavailableError:
        return 1, 1  # its cells are skipped with the reason, in no time


def _fit_seconds(classifier: str, rows: float, features: int) -> float:
    """Return the order of magnitude of one fit; only the ratios matter."""
    name = classifier.casefold()
    if "svm" in name or "svc" in name:
        return 0.01 + 2e-8 * rows**2 * math.sqrt(features)
    if "catboost" in name or "boost" in name:
        return 0.5 + 2e-6 * rows * features
    if "forest" in name or "extratrees" in name:
        return 0.03 + 7e-6 * rows * math.sqrt(features) * math.log2(rows + 2)
    if "knn" in name or "neighbors" in name:
        return 0.003 + 1e-9 * rows**2 * features
    return 0.003 + 1e-6 * rows * features


def longest_groups_first(
    tasks: Iterable[Task], estimate: Callable[[Task], float]
) -> dict[tuple[str, str], float]:
    """Return each group's rank key: sorting by it puts the dearest group first.

    `Original` goes just before the first other group of its data set, since every delta needs it.
    """
    seconds: dict[tuple[str, str], float] = {}
    for task in tasks:
        seconds[task.group] = seconds.get(task.group, 0.0) + estimate(task)
    dearest: dict[str, float] = {}
    for (dataset, _), value in seconds.items():
        dearest[dataset] = max(dearest.get(dataset, 0.0), value)
    return {
        group: -(dearest[group[0]] * (1 + 1e-9) if group[1] == ORIGINAL else value)
        for group, value in seconds.items()
    }


class CellScheduling(LoadScheduling):
    """`LoadScheduling` that keeps cells of one group together and sends the dearest groups first.

    A session without cells is scheduled as pytest-xdist would.

    Parameters
    ----------
    config : pytest.Config
    log : Producer or None
    plan : callable
        From the node ids of the session to a mapping of index to (rank, group), for those that are cells.
    """

    def __init__(
        self,
        config: pytest.Config,
        log: Producer | None,
        plan: Callable[[list[str]], Mapping[int, tuple[float, tuple[str, str]]]],
    ) -> None:
        super().__init__(config, log)
        self.collection: list[str] | None
        self._plan = plan
        self._cells: Mapping[int, tuple[float, tuple[str, str]]] = {}

    def schedule(self) -> None:
        """Distribute the first tests, or more tests to nodes that came later."""
        if self.collection is not None:
            super().schedule()
            return
        self._cells = self._plan(next(iter(self.node2collection.values())))
        if not self._cells:
            super().schedule()
            return
        if not self._check_nodes_have_same_collection():
            return
        self.collection = collection = next(iter(self.node2collection.values()))
        # Tests that are no cells come last, in their own order.
        last = (math.inf, ("", ""))
        self.pending[:] = sorted(range(len(collection)), key=lambda n: (self._cells.get(n, last), n))
        for node in self.nodes:
            self.check_schedule(node)

    def check_schedule(self, node: WorkerController, duration: float = 0) -> None:
        """Send the next group when a node has one test left: it runs its last only when told what follows."""
        if not self._cells:
            super().check_schedule(node, duration)
            return
        if node.shutting_down:
            return
        while self.pending and len(self.node2pending[node]) < 2:
            self._send_tests(node, self._first_group_length())
        if not self.pending:
            node.shutdown()

    def _first_group_length(self) -> int:
        group = self._group(self.pending[0])
        length = 1
        while group and length < len(self.pending) and self._group(self.pending[length]) == group:
            length += 1
        return length

    def _group(self, index: int) -> tuple[str, str] | None:
        return self._cells[index][1] if index in self._cells else None
