"""Numbers that may stand for a missing one where they lie outside of all others: ``-999``, ``9999``."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

__all__ = ["SENTINELS", "Outlier", "outlying_sentinels"]

SENTINELS = frozenset(
    (
        *(sign * (10.0**n - 1) for n in range(2, 11) for sign in (1, -1)),
        # Surveys have several: not asked, not known, not said.
        *(sign * (10.0**n - less) for n in (2, 3, 4) for less in (2, 3) for sign in (1, -1)),
        *(sign * number for number in (77.0, 88.0, 888.0, 8888.0, 777.0, 7777.0) for sign in (1, -1)),
        *(-200.0, -1000.0, -999.25, -99.99, -999.9, -32768.0, -2147483648.0, -1e30, 1e30, -1e20, 1e20),
        *(32767.0, 65535.0, 2147483647.0, 4294967295.0, -6999.0),
        *(sign * number for number in (66666.0, 77777.0, 88888.0) for sign in (1, -1)),
        *(0.1 - 10.0**n for n in (2, 3, 4, 5)),
        *(0.01 - 10.0**n for n in (2, 3, 4, 5)),
        *(999.9, 9999.9),  # of the weather; 99.9 is a share as well, and prices end in .99
    )
)
_FEWEST, _FEWEST_OF_A_HEAP, _HEAP = 2, 5, 3
_LOOKED_AT, _FEWEST_OTHERS, _BEYOND = 1000, 10, 100
_LEAST_BEYOND = 1e15
"""Below it a number far off may be a rare case, or the very class that is looked for."""


@dataclass(frozen=True)
class Outlier:
    """A number that may stand for a missing one.

    Parameters
    ----------
    value : float
    n_rows : int
        How many have it.
    low, high : float
        The range of all others.
    """

    value: float
    n_rows: int
    low: float
    high: float


def outlying_sentinels(
    present: np.ndarray, sentinels: Collection[float] = SENTINELS, *, of_any: bool = True
) -> list[Outlier]:
    """Return numbers of nines and the like outside of all others: far off, or below 0 alone, or heaped.

    So is any huge number in several rows, a hundred times as far off as all others are from each other.

    Parameters
    ----------
    present : ndarray of shape (n_present,), float64
        Without missing ones.
    sentinels : collection of float
        The numbers that are looked for.
    of_any : bool
        Whether any other huge number is looked for as well, where these are the default.

    Examples
    --------
    >>> import numpy as np
    >>> outlying_sentinels(np.array([1.0, 5.0, 7.0, -999.0, -999.0]))
    [Outlier(value=-999.0, n_rows=2, low=1.0, high=7.0)]
    """
    import numpy as np

    if not len(present):
        return []
    known = {*sentinels, *(_far_beyond(present) if of_any and sentinels is SENTINELS else ())}
    if not {float(present.min()), float(present.max())} & known:
        return []
    is_one = np.isin(present, tuple(known))
    others = present[~is_one]
    if len(others) < 2:
        return []
    low, high = float(others.min()), float(others.max())
    found = []
    for value in np.unique(present[is_one]).tolist():
        n = int((present == value).sum())
        if n < _FEWEST or low <= value <= high or low == high:
            continue
        far = max(low - value, value - high) > high - low
        alone_below = value <= -99 and low >= 0
        may_be_heap = value % 1 == 0 or value < 0  # 99.9 is a share as well
        is_heap = may_be_heap and n >= _FEWEST_OF_A_HEAP and n >= _HEAP * _most_often(others)
        if far or alone_below or is_heap:
            found.append(Outlier(value, n, low, high))
    return found


def _far_beyond(present: np.ndarray) -> list[float]:
    """Return the lowest or the highest number where it is huge, and far beyond a sample of the others.

    No list has all: what programs of maps and of the weather write is the largest float of 32 bits, in many
    roundings.
    """
    import numpy as np

    ends = float(present.min()), float(present.max())
    others = present[:: max(len(present) // _LOOKED_AT, 1)]
    others = np.unique(others[(others != ends[0]) & (others != ends[1])])
    if len(others) < _FEWEST_OTHERS:
        return []
    low, high = float(others[0]), float(others[-1])
    reach = max(_BEYOND * (high - low), _LEAST_BEYOND)
    return [end for end, gap in zip(ends, (low - ends[0], ends[1] - high), strict=True) if gap >= reach]


def _most_often(values: np.ndarray) -> int:
    import numpy as np

    return int(np.unique(values, return_counts=True)[1].max())
