"""Columns of text that name the rows, such as a customer's number: no model learns from them.

As categories they would be one feature per row, at a cost that grows with the square of the rows.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from smote_bench.data.findings import Finding
from smote_bench.data.labels import number

__all__ = ["IdentifierSearch", "is_identifier", "left_out_finding"]

_FEWEST_ROWS = 30
_SHARE_OF_DISTINCT = 0.95


def is_identifier(distinct: Collection[str], n_present: int) -> bool:
    """Tell whether a column names its rows: texts, none of them a number, nearly all of them different.

    Parameters
    ----------
    distinct : collection of str
        The different values of the column, missing ones left out.
    n_present : int
        How many cells are not missing. Under thirty, nothing can be told.
    """
    if n_present < _FEWEST_ROWS or len(distinct) < _SHARE_OF_DISTINCT * n_present:
        return False
    return all(number(text) is None for text in distinct)


def left_out_finding(file: str, column: str, n_distinct: int, n_present: int) -> Finding:
    """Return what a summary says of an identifier."""
    return Finding(
        "left out",
        column,
        f"{file}: column {column!r} is left out, as an identifier: {n_distinct:,} different texts in "
        f"{n_present:,} rows",
        "list it under 'nominal' to keep it",
    )


class IdentifierSearch:
    """Finds the identifiers among columns while a file's rows go by.

    Parameters
    ----------
    columns : sequence of (int, str)
        Places and names of the columns that may be some.
    missing : sequence of str
        What stands for a missing cell.
    """

    def __init__(self, columns: Iterable[tuple[int, str]], missing: Sequence[str]) -> None:
        self._missing = frozenset(missing)
        self._distinct: dict[int, set[str]] = {place: set() for place, _ in columns}
        self._present = dict.fromkeys(self._distinct, 0)

    def add(self, cells: Sequence[str]) -> None:
        """Take a row into account; a column with a number in it is looked at no more."""
        numeric = []
        for place, distinct in self._distinct.items():
            # the end of a header that no row has is known to be cut off once the first row is read
            if place >= len(cells) or (text := cells[place]) in self._missing:
                continue
            self._present[place] += 1
            if text not in distinct:
                if number(text) is not None:
                    numeric.append(place)
                    continue
                distinct.add(text)
        for place in numeric:
            del self._distinct[place]

    def found(self) -> dict[int, tuple[int, int]]:
        """Return for each identifier's place how many texts differ, and in how many rows there is one."""
        return {
            place: (len(distinct), self._present[place])
            for place, distinct in self._distinct.items()
            if is_identifier(distinct, self._present[place])
        }
