"""How the cells of a run are cut into pieces of work for an engine that schedules by itself.

The longest group of cells comes first. The cells of a (data set, method) share resampled rows, so they are a
chain that one process works off; but the groups that come last are given out cell by cell, so that at the
end nobody waits longer than for one cell. Short cells go together: handing one out costs milliseconds, too.
What a process loses that dies is the batch it was at.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from smote_bench.engines.contract import Batch, Request
from smote_bench.engines.costs import longest_groups_first
from smote_bench.evaluation.outcome import Cell

__all__ = ["LEAST_SECONDS", "chains_of"]

LEAST_SECONDS = 0.02
"""What is expected to take less goes together with its neighbours, whatever group they are of."""

_BATCH_SECONDS = 0.2
"""So much of a group goes together, until the end is near."""


def chains_of(
    requests: Iterable[Request], estimate: Callable[[Cell], float], n_workers: int
) -> list[list[Batch]]:
    """Cut requests into chains of batches, the dearest first.

    Parameters
    ----------
    requests : iterable of Request
    estimate : callable
        The seconds that a cell is expected to take.
    n_workers : int
        How many cells are computed at a time.

    Returns
    -------
    list of list of Batch
        The batches of a chain are computed one after another, best by one process.
    """
    groups: dict[tuple[str, tuple[str, str]], list[Request]] = {}
    for request in requests:
        groups.setdefault((request.label, request.cell.group), []).append(request)
    ranks = longest_groups_first((one.cell for of in groups.values() for one in of), estimate)
    ordered = sorted(groups.values(), key=lambda of: ranks[of[0].cell.group])
    seconds = [sum(estimate(one.cell) for one in of) for of in ordered]
    n_whole = _n_before_the_end(seconds, n_workers)
    chains: list[list[Batch]] = []
    small: list[Request] = []
    for n, (of, total) in enumerate(zip(ordered, seconds, strict=True)):
        if total < LEAST_SECONDS:
            small += of
            continue
        if n < n_whole:
            chains.append(_batches(of, estimate, _BATCH_SECONDS))
        else:
            chains += [[batch] for batch in _batches(of, estimate, LEAST_SECONDS)]
    return chains + [[batch] for batch in _batches(small, estimate, LEAST_SECONDS)]


def _n_before_the_end(seconds: Sequence[float], n_workers: int) -> int:
    """Return how many groups are given out whole: what is left then keeps every worker busy for one more."""
    longest, left = max(seconds, default=0.0), 0.0
    for n in range(len(seconds), 0, -1):
        if left >= longest * n_workers:
            return n
        left += seconds[n - 1]
    return 0


def _batches(requests: Sequence[Request], estimate: Callable[[Cell], float], least: float) -> list[Batch]:
    """Put neighbours together until they are expected to take so many seconds."""
    batches: list[Batch] = []
    together: list[Request] = []
    total = 0.0
    for request in requests:
        together.append(request)
        total += estimate(request.cell)
        if total >= least:
            batches.append(Batch(tuple(together), total))
            together, total = [], 0.0
    if together:
        batches.append(Batch(tuple(together), total))
    return batches
