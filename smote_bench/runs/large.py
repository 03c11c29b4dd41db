"""From which size on a run has one file for many of its parts, where a small run has a file for each."""

from __future__ import annotations

__all__ = ["MOST_PAIRS", "is_large"]

MOST_PAIRS = 500
"""(Data set, method) pairs with files and figures of their own: ten thousand files are of use to nobody."""


def is_large(n_datasets: int, n_methods: int) -> bool:
    """Tell whether there are too many pairs of data set and method for a file or a figure of each."""
    return n_datasets * n_methods > MOST_PAIRS
