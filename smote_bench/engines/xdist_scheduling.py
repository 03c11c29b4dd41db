"""Which worker gets which cells, and in which order.

pytest-xdist's own modes send cells of one (data set, method) to several workers, and each would resample
again. Here such cells go together to one worker, the dearest group first (see costs.py).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

from xdist.scheduler.load import LoadScheduling

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest
    from xdist.remote import Producer
    from xdist.workermanage import WorkerController

__all__ = ["CellScheduling"]


class CellScheduling(LoadScheduling):  # type: ignore[misc]  # no types in pytest-xdist
    """`LoadScheduling` that keeps cells of one group together and sends the dearest groups first.

    A session without cells is scheduled as pytest-xdist would.

    Parameters
    ----------
    config : pytest.Config
    log : Producer or None
    plan : callable
        From the node ids of the session to a mapping of index to (rank, group), for those that are cells.
    may_try_again : callable
        From the node id of the cell that a dead worker was at, and the worker, to whether it is tried again.
    """

    def __init__(
        self,
        config: pytest.Config,
        log: Producer | None,
        plan: Callable[[list[str]], Mapping[int, tuple[float, tuple[str, str]]]],
        may_try_again: Callable[[str, WorkerController], bool],
    ) -> None:
        super().__init__(config, log)
        self.collection: list[str] | None
        self._plan = plan
        self._may_try_again = may_try_again
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

    def remove_node(self, node: WorkerController) -> str | None:
        """Take back the tests of a worker that ended; return the one it died at, or None.

        A cell that is tried again comes after all others: it may end the next worker, too.
        """
        died_at: str | None = super().remove_node(node)
        if died_at is None or not self._cells or not self._may_try_again(died_at, node):
            return died_at
        assert self.collection is not None
        self.pending.append(self.collection.index(died_at))
        for other in self.nodes:
            self.check_schedule(other)
        return None

    def _first_group_length(self) -> int:
        group = self._group(self.pending[0])
        length = 1
        while group and length < len(self.pending) and self._group(self.pending[length]) == group:
            length += 1
        return length

    def _group(self, index: int) -> tuple[str, str] | None:
        return self._cells[index][1] if index in self._cells else None
