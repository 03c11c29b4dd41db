"""What ``n_jobs`` means, and the threads that share a search.

Threads, not processes: SciPy's tree and NumPy's products release the interpreter, and no table is copied.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from numbers import Integral
from typing import Any, TypeVar

import numpy as np
from joblib import cpu_count, effective_n_jobs
from sklearn.utils._param_validation import Interval

__all__ = ["JOBS_CONSTRAINT", "in_threads", "thread_count"]

_Found = TypeVar("_Found")

# What scikit-learn's parameter validation allows for `n_jobs`: anything but 0.
JOBS_CONSTRAINT: list[Any] = [
    Interval(Integral, 1, None, closed="left"),
    Interval(Integral, None, -1, closed="right"),
    None,
]

# So many parts for each thread that a slow one keeps the others waiting a little only, but no more than there
# are blocks of so many queries: smaller ones are slower.
_PARTS, _QUERIES = 4, 512


def thread_count(n_jobs: int | None) -> int:
    """Return the number of threads that `n_jobs` stands for, as scikit-learn counts them.

    Parameters
    ----------
    n_jobs : int or None
        From 1 on a number of threads; -1 one for each core, -2 one less, and so on, but one at least. None is
        one, within ``joblib.parallel_config(n_jobs=...)`` what is said there.

    Raises
    ------
    ValueError
        If it is 0 or no whole number.

    Notes
    -----
    joblib's own count of a number is that of processes: where these may have no children, as in the workers
    of Dask, it warns and says 1. Threads may.

    Examples
    --------
    >>> from smote_impls.threads import thread_count
    >>> thread_count(None), thread_count(3), thread_count(-1000)
    (1, 3, 1)
    """
    if n_jobs is None:
        return int(effective_n_jobs(None))
    if not isinstance(n_jobs, Integral) or n_jobs == 0:
        raise ValueError(
            "expected n_jobs to be None (one thread), a number of threads from 1 on, or -1 (one for each "
            f"core; -2 leaves one free), but got {n_jobs!r}; set one of these"
        )
    return int(n_jobs) if n_jobs > 0 else max(1, int(cpu_count()) + 1 + int(n_jobs))


def in_threads(
    search: Callable[[np.ndarray], _Found], which: np.ndarray, n_threads: int, n_parts: int = 1
) -> list[_Found]:
    """Search for parts of the queries; return what was found for each part, in their order.

    Parameters
    ----------
    search : callable
        Finds something for the queries of some numbers.
    which : ndarray of shape (n_queries,), intp
    n_threads : int
        One searches in the thread of the caller.
    n_parts : int
        At least so many parts, if there are as many queries.
    """
    if n_threads > 1:
        n_parts = max(n_parts, n_threads, min(_PARTS * n_threads, len(which) // _QUERIES))
    n_parts = min(n_parts, len(which))
    if n_parts <= 1:
        return [search(which)]
    parts = np.array_split(which, n_parts)
    if n_threads == 1:
        return [search(part) for part in parts]
    with ThreadPoolExecutor(min(n_threads, n_parts)) as pool:
        return list(pool.map(search, parts))
