"""Simulates how workers go through groups of cells: when each ends, and which chain of them is the longest.

The order is that of the engines: groups in the order given (longest first), each to the worker that asks
first. A worker under pytest-xdist asks when it begins the last cell that it has been given; one of a cluster
when it has nothing left. A worker's first cell of a data set also reads the table.
"""

from __future__ import annotations

import heapq
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from smote_bench.methods.names import ORIGINAL

__all__ = ["Group", "Schedule", "simulate"]


@dataclass(frozen=True)
class Group:
    """The cells of one (data set, method), which one worker computes one after another.

    Parameters
    ----------
    dataset, method : str
    seconds : tuple of float
        Of each cell, in its order.
    classifiers : tuple of str
        Of each cell; what waits for `Original` waits for the one of the same classifier.
    """

    dataset: str
    method: str
    seconds: tuple[float, ...]
    classifiers: tuple[str, ...] = ()

    @property
    def name(self) -> tuple[str, str]:
        """Data set and method."""
        return self.dataset, self.method

    @property
    def total(self) -> float:
        """Seconds of all its cells."""
        return sum(self.seconds)


@dataclass(frozen=True)
class Schedule:
    """What a simulation found.

    Parameters
    ----------
    seconds : float
        From the start of the workers to the end of the last cell.
    busy : float
        Seconds of all workers together in which they read or compute.
    n_used : int
        Workers that got something to do.
    critical : tuple of (str, str)
        The groups that the last cell waited for, first to last: on its worker, or as `Original` elsewhere.
    waits_for_controller : bool
        Whether the controller, and no worker, was the last to be done.
    """

    seconds: float
    busy: float = 0.0
    n_used: int = 0
    critical: tuple[tuple[str, str], ...] = ()
    waits_for_controller: bool = False

    def idle_share(self, n_workers: int) -> float:
        """Return which share of the workers' time is spent with nothing to do."""
        whole = self.seconds * n_workers
        return max(0.0, 1 - self.busy / whole) if whole else 0.0


@dataclass
class _Worker:
    """One worker's time: when it is free, what it has read, and its last group."""

    free: float
    read: set[str] = field(default_factory=set)
    last: int | None = None


def simulate(
    groups: Sequence[Group],
    n_workers: int,
    *,
    start: float = 0.0,
    opening: Mapping[str, float] | None = None,
    asks_early: bool = True,
    serial: float = 0.0,
) -> Schedule:
    """Return when `n_workers` are done with the groups, given to them in this order.

    Parameters
    ----------
    groups : sequence of Group
    n_workers : int
        At least 1.
    start : float
        Seconds before a worker's first cell: imports and collection.
    opening : mapping of str to float, optional
        Seconds that a worker spends on the first cell of a data set beside the cell itself.
    asks_early : bool
        Whether a worker is given its next group when it begins its last cell, as by pytest-xdist; else when
        it has ended it.
    serial : float
        Seconds that the controller spends on each cell, one after another.

    Returns
    -------
    Schedule
    """
    opening = opening or {}
    groups = [group for group in groups if group.seconds]
    if not groups:
        return Schedule(start)
    workers = [_Worker(start) for _ in range(min(n_workers, len(groups)))]
    asking = [(start, place) for place in range(len(workers))]  # a heap: sorted, and so one already
    originals: dict[tuple[str, str], tuple[float, int]] = {}
    before: list[int | None] = []
    ends: list[float] = []
    busy = 0.0
    for number, group in enumerate(groups):
        _, place = heapq.heappop(asking)
        worker = workers[place]
        time, cause, last_begun = worker.free, worker.last, worker.free
        if group.dataset not in worker.read:
            worker.read.add(group.dataset)
            read = opening.get(group.dataset, 0.0)
            time, busy = time + read, busy + read
        for n, seconds in enumerate(group.seconds):
            last_begun = worker.free if n == 0 else time  # reading the table is part of the first
            time, busy = time + seconds, busy + seconds
            cell = group.dataset, group.classifiers[n] if n < len(group.classifiers) else ""
            if group.method == ORIGINAL:
                originals[cell] = time, number
            elif cell in originals and originals[cell][0] > time:  # its gain cannot be told before
                time, cause = originals[cell]
        before.append(cause)
        ends.append(time)
        worker.free, worker.last = time, number
        heapq.heappush(asking, (last_begun if asks_early else time, place))
    seconds = max(ends)
    controller = start + serial * sum(len(group.seconds) for group in groups)
    chain: list[tuple[str, str]] = []
    at: int | None = ends.index(seconds)
    while at is not None:
        chain.append(groups[at].name)
        at = before[at]
    used = sum(worker.last is not None for worker in workers)
    return Schedule(max(seconds, controller), busy, used, tuple(reversed(chain)), controller > seconds)
