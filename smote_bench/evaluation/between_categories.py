"""What a cell notes of a sampler that made rows between categories."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from smote_bench.methods.typed_step import FractionalRows

__all__ = ["between_note", "noted_between"]

_MADE = "the sampler made rows between categories"
_NOTE = _MADE + ": {} of the rows it added ({}), in {} of {} fits"
_ROUNDED = "rows between categories were set to the nearest: {} of the rows that the sampler added ({})"
_NOTED = re.compile(
    rf"{_MADE}: (?P<share>[^(]+) of the rows it added \((?P<columns>.*)\), in \d+ of \d+ fits"
)
_MOST_COLUMNS = 3


def between_note(found: Sequence[FractionalRows]) -> str:
    """Return the note of a cell on the rows between categories of all its fits; "" where there are none.

    Examples
    --------
    >>> from smote_bench.methods.typed_step import FractionalRows
    >>> between_note([FractionalRows(97, 100, ("sex",)), FractionalRows(0, 100, ())])
    'the sampler made rows between categories: 48% of the rows it added (sex), in 1 of 2 fits'
    """
    n_between, n_added = sum(each.n_rows for each in found), sum(each.n_added for each in found)
    if not n_between:
        return ""
    columns = list(dict.fromkeys(name for each in found for name in each.columns))
    more = f" and {len(columns) - _MOST_COLUMNS} more" if len(columns) > _MOST_COLUMNS else ""
    named = ", ".join(columns[:_MOST_COLUMNS]) + more
    share = _percent(n_between / n_added)
    if all(each.is_repaired for each in found):
        return _ROUNDED.format(share, named)
    return _NOTE.format(share, named, sum(each.n_rows > 0 for each in found), len(found))


def noted_between(warnings: Iterable[str]) -> tuple[str, str] | None:
    """Return the share and the columns that a cell's `between_note` names; None where it has none."""
    for text in warnings:
        if (match := _NOTED.match(text)) is not None:
            return match["share"], match["columns"]
    return None


def _percent(share: float) -> str:
    """Return a share in whole percent, of which none is 0 and only all are 100."""
    percent = 100.0 * share
    if percent < 1:
        return "less than 1%"
    return f"{min(99, int(percent)) if percent < 100 else 100}%"
