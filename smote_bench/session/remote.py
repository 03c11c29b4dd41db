"""A session whose cells are computed elsewhere: tests run as outcomes arrive.

All that is asked for is submitted when the collection is finished. A test waits for the outcomes that it
needs, and whatever arrives meanwhile is recorded at once. So ``-x``, ``-k``, JUnit, hooks and the journal see
what they see in any session.
"""

from __future__ import annotations

import contextlib
import queue
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

from smote_bench.engines.batches import chains_of
from smote_bench.engines.contract import EngineLost, Request
from smote_bench.errors import DiskError
from smote_bench.evaluation.outcome import Cell
from smote_bench.methods.names import ORIGINAL

if TYPE_CHECKING:
    from smote_bench.engines.cell_runner import CellRunner
    from smote_bench.evaluation.parts import Part

__all__ = ["RemoteLoop"]

_LOOK_SECONDS = 0.3


class RemoteLoop:
    """Submits cells and runs their tests as what they need arrives.

    Parameters
    ----------
    runner : CellRunner
    parts : sequence of Part
        What is computed of every cell beside itself.
    estimate : callable
        The seconds that a cell is expected to take.
    stop : callable
        Told in words why the session has to end.
    failed : callable
        Told of the error where an outcome could not be recorded.
    """

    def __init__(
        self,
        runner: CellRunner,
        parts: tuple[Part, ...],
        estimate: Callable[[Cell], float],
        stop: Callable[[str], None],
        failed: Callable[[Exception], None],
    ) -> None:
        self._runner = runner
        self._parts = parts
        self._estimate = estimate
        self._stop = stop
        self._failed = failed
        self._arrived: queue.SimpleQueue[Request] = queue.SimpleQueue()
        self._open: set[tuple[str, Cell]] = set()
        self._seconds: dict[Cell, float] = {}
        self._n_missing: dict[pytest.Item, int] = {}
        self._waiting_for: dict[tuple[str, Cell], list[pytest.Item]] = {}
        self._ready: deque[pytest.Item] = deque()

    def submit(self, cells: list[Cell]) -> None:
        """Submit what is not known of cells."""
        engine = self._runner.engine
        requests = self._runner.needed(cells, self._parts)
        self._open = {(one.label, one.cell) for one in requests}
        engine.submit(chains_of(requests, self._estimate, engine.n_workers), self._arrived.put)

    def seconds_of(self, item: pytest.Item) -> float | None:
        """Return how long the cell of a test was computed in this session; None where it was not."""
        cell = _cell_of(item)
        return None if cell is None else self._seconds.pop(cell, None)

    def take_rest(self) -> None:
        """Record what has arrived when the session ends early: it was computed, and the next run has it."""
        self._take_arrived()

    def run(self, session: pytest.Session) -> bool:
        """Run the tests of a session."""
        if session.testsfailed and not session.config.option.continue_on_collection_errors:
            word = "error" if session.testsfailed == 1 else "errors"
            raise session.Interrupted(f"{session.testsfailed} {word} during collection")
        if session.config.option.collectonly:
            return True
        for item, following in self._in_order(session):
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            self._look(session)
        return True

    def _in_order(self, session: pytest.Session) -> Iterator[tuple[pytest.Item, pytest.Item | None]]:
        """Yield tests with a later one beside each: those of a file or class stay together."""
        waiting = deque(session.items)
        while waiting:
            parent = waiting[0].parent
            beside: dict[pytest.Item, None] = {}
            while waiting and waiting[0].parent is parent:
                beside[waiting.popleft()] = None
            self._watch(beside)
            while beside:
                item = self._next(session)
                del beside[item]
                yield item, next(iter(beside), waiting[0] if waiting else None)

    def _watch(self, items: Iterable[pytest.Item]) -> None:
        """Note what each test waits for."""
        for item in items:
            needed = self._needs(item)
            self._n_missing[item] = len(needed)
            for one in needed:
                self._waiting_for.setdefault(one, []).append(item)
            if not needed:
                self._ready.append(item)

    def _next(self, session: pytest.Session) -> pytest.Item:
        """Return a test that has all that it needs, waiting for one; meanwhile what arrives is recorded."""
        self._take_arrived()
        self._look(session)
        while not self._ready:
            with contextlib.suppress(queue.Empty):
                self._settle(self._arrived.get(timeout=_LOOK_SECONDS))
            self._look(session)
        return self._ready.popleft()

    def _needs(self, item: pytest.Item) -> set[tuple[str, Cell]]:
        cell = _cell_of(item)
        if cell is None:
            return set()
        original = Cell(cell.dataset, ORIGINAL, cell.classifier)
        needed = {("", cell), ("", original), *((part.label, cell) for part in self._parts)}
        return needed & self._open

    def _take_arrived(self) -> None:
        while True:
            try:
                request = self._arrived.get_nowait()
            except queue.Empty:
                return
            self._settle(request)

    def _settle(self, request: Request) -> None:
        """Record what arrived."""
        if (request.label, request.cell) not in self._open:
            return
        try:
            outcome = self._runner.settle(request)
        except EngineLost as error:
            self._stop(str(error))
            return
        except DiskError as error:
            self._failed(error)
            self._stop(error.reason)
            return
        self._open.discard((request.label, request.cell))
        for item in self._waiting_for.pop((request.label, request.cell), ()):
            self._n_missing[item] -= 1
            if not self._n_missing[item]:
                self._ready.append(item)
        if not request.label:
            self._seconds[request.cell] = outcome.total_seconds + outcome.other_seconds

    def _look(self, session: pytest.Session) -> None:
        """Leave the loop where something asked for it."""
        if session.shouldfail:
            raise session.Failed(session.shouldfail)
        if session.shouldstop:
            raise session.Interrupted(session.shouldstop)


def _cell_of(item: pytest.Item) -> Cell | None:
    """Return the cell that a test is of."""
    spec: Any = getattr(item, "callspec", None)
    return spec.params.get("smote_case") if spec is not None else None
