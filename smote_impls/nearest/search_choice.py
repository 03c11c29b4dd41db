"""Which search is faster here: products or a k-d tree, tried on a few of the queries.

Both are tried in each search that is large enough to pay for it, and nothing is remembered: on one machine
and for one size a tree takes a fourth or ten times as long as products, and products themselves once or three
times, depending on how the rows lie. A choice changes no answer (`smote_impls.nearest.exact_order`).
"""

from __future__ import annotations

from collections.abc import Callable
from time import thread_time
from typing import Any

import numpy as np

__all__ = ["N_FIRST", "N_SAMPLE", "TreeTrial", "products_per_query", "seconds_of"]

# Queries that products are timed with. The first of them warm up, and show what a call takes by itself.
N_SAMPLE, N_FIRST = 128, 16
# A tree is tried in steps: the first warms up and does not count; where it is hopeless, the second shows it.
_TREE_SAMPLES = (1, 8, 64)
# A tree's answers are put in order afterwards: half as long again, where it is fast.
_SETTLING = 1.5
# Clear enough to stop trying.
_HOPELESS = 2.0
# So much slower than products that a tree, once chosen, is given up.
_LOST = 2.0


def products_per_query(seconds_first: float, seconds_rest: float) -> float:
    """Return what products take for a query more, of the seconds for the first queries and for the rest.

    The cost of a call is taken off, but not more than half: then products look no worse than they are.
    """
    n_rest = N_SAMPLE - N_FIRST
    return max((seconds_rest - seconds_first) / (n_rest - N_FIRST), 0.5 * seconds_rest / n_rest)


class TreeTrial:
    """Whether a tree is faster than products of a known speed: first on a few queries, then as it goes on.

    Parameters
    ----------
    limit : float
        The seconds that products take per query.
    """

    def __init__(self, limit: float) -> None:
        self.limit = limit
        self._seconds = 0.0
        self.n_queries = 0

    def wins(self, search: Callable[[np.ndarray], Any], sample: np.ndarray) -> bool:
        """Try the tree on a few of the queries."""
        a_few, more, many = (sample[:: max(1, len(sample) // n)][:n] for n in _TREE_SAMPLES)
        call = seconds_of(lambda: search(a_few))
        per_query = (seconds_of(lambda: search(more)) - call) / (len(more) - len(a_few))
        if _SETTLING * per_query > _HOPELESS * self.limit:
            return False
        return _SETTLING * seconds_of(lambda: search(many)) < self.limit * len(many)

    @property
    def is_lost(self) -> bool:
        """Whether the tree took far longer than was thought: the rest had better be searched by products."""
        return self._seconds > _LOST * self.limit * self.n_queries

    def follow(self, n_queries: int, search: Callable[[], Any]) -> Any:
        """Search some queries by tree and count the time."""
        began = thread_time()
        found = search()
        self._seconds += thread_time() - began
        self.n_queries += n_queries
        return found


def seconds_of(work: Callable[[], Any]) -> float:
    """Return the seconds that this thread works; others on the same processor do not count."""
    began = thread_time()
    work()
    return thread_time() - began
