"""Cells of two numbers or more, such as a blood pressure of ``120/80``: no number, best split in columns."""

from __future__ import annotations

import re
from collections.abc import Sequence

from smote_bench.data.values.clothed_numbers import NEARLY_ALL
from smote_bench.data.values.sampling import spread

__all__ = ["pair_of"]

_NUMBER = r"[+-]?\d+(?:\.\d+)?(?:\s?°)?(?:\s?[NSEW])?"
_CELL = re.compile(
    rf"[(\[]?\s*{_NUMBER}(?P<mark>\s*[/|;x×*:]\s*|\s*,\s+){_NUMBER}(?:\s*(?P=mark)\s*{_NUMBER})*\s*[)\]]?"
    r"|[(\[]?\s*[+-]?\d+\.\d+,\s*[+-]?\d+\.\d+\s*[)\]]?"
)
_FEWEST_TEXTS = 3
_SAMPLE = 50


def pair_of(texts: Sequence[str], counts: Sequence[int]) -> str:
    """Return a cell of a column whose cells nearly all have two numbers or more; empty for other columns.

    Ranges such as ``20-29`` are no pairs: they are classes.

    Parameters
    ----------
    texts : sequence of str
        The distinct values of a column.
    counts : sequence of int
        How many cells have each.

    >>> pair_of(["120/80", "135/85", "110/70"], [1, 1, 1]), pair_of(["20-29", "30-39", "40-49"], [1, 1, 1])
    ('120/80', '')
    """
    if len(texts) < _FEWEST_TEXTS or not any(_CELL.fullmatch(text.strip()) for text in texts[:_SAMPLE]):
        return ""
    texts, counts = spread(texts), spread(counts)
    pairs = [(text, n) for text, n in zip(texts, counts, strict=True) if _CELL.fullmatch(text.strip())]
    return pairs[0][0] if sum(n for _, n in pairs) >= NEARLY_ALL * sum(counts) else ""
