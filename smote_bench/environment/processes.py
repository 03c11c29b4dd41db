"""Processes that do slow work beside each other: figures, embeddings, a gate's second look."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

__all__ = ["map_in_processes", "usable_cores"]

Item = TypeVar("Item")
Made = TypeVar("Made")


def usable_cores() -> int:
    """Return how many cores this process may use; of the machine where the platform does not say."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def map_in_processes(make: Callable[[Item], Made], items: Sequence[Item], jobs: int) -> Iterator[Made]:
    """Yield what `make` makes of each item, in their order.

    Parameters
    ----------
    make : callable
        Of a module's top level, so that a process finds it.
    items : sequence
    jobs : int
        Processes, at least 2.
    """
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor

    from smote_bench.environment.threads import pin_environment

    pin_environment()  # inherited by the processes: one thread each
    # Spawned, not forked: the caller may have threads, and a copy of their locks would never be released.
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(min(jobs, len(items)), context, initializer=_settle)
    try:
        yield from pool.map(make, items)
    except BaseException:
        for process in list((pool._processes or {}).values()):  # nobody waits for what they are at
            process.kill()
        raise
    finally:
        pool.shutdown(cancel_futures=True)


def _settle() -> None:
    """Leave Ctrl-C to the caller, and end with it however that dies."""
    from smote_bench.environment.parent import end_with_parent
    from smote_bench.environment.stopping import ignore_interrupts

    end_with_parent()
    ignore_interrupts()
