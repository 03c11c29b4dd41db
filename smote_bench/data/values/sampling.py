"""A bounded number of a column's distinct texts: what is guessed of a column need not look at a million."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

__all__ = ["MOST_LOOKED_AT", "half_are", "spread"]

T = TypeVar("T")

MOST_LOOKED_AT = 20_000
"""So many texts of a column are looked at for a guess."""

_SAMPLE, _HALF = 200, 0.5


def spread(values: Sequence[T]) -> Sequence[T]:
    """Return values from the first to the last, at most `MOST_LOOKED_AT`: the file may be sorted.

    Sequences of one length are thinned alike, so that texts keep their counts.

    >>> len(spread("ab")), len(spread(range(20_001))), spread(range(60_000))[:3]
    (2, 10001, range(0, 9, 3))
    """
    return values[:: -(-len(values) // MOST_LOOKED_AT) or 1]


def half_are(texts: Sequence[str], is_one: Callable[[str], bool]) -> bool:
    """Tell whether at least half of the first 200 texts are of a kind: else a column is looked at no further.

    >>> half_are(["1", "b"], str.isdecimal), half_are(["a", "b", "3"], str.isdecimal), half_are([], bool)
    (True, False, False)
    """
    sample = texts[:_SAMPLE]
    return bool(sample) and sum(map(is_one, sample)) >= _HALF * len(sample)
