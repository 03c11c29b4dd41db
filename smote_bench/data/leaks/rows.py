"""Rows that leak to the other side of a split: twins in all columns but one; and equal rows with both labels.

Rows are compared by digests: each value of a column is a number of 64 bits, a row the sum of its own, so that
a row without a column is the sum less that column's. With a million rows, two that differ have the same
digest once in ten million tables.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from smote_bench.data.findings import Finding, yaml_name
from smote_bench.data.leaks.followers import without_followers

__all__ = ["KeyColumn", "contradictions", "repeated_rows", "twins"]

Digests = NDArray[np.uint64]

_FEWEST_ROWS = 5
_SHARE_OF_ROWS, _SHARE_OF_MINORITY, _SHARE_OF_TWINS = 0.01, 0.05, 0.02
_MORE_WITHOUT_ANOTHER = 1.5
_LOOKED_AT = 3
_MOST_LEVELS, _FEWEST_ROWS_A_LEVEL, _SHARE_OF_LEVELS = 50, 3, 0.5
_ODD = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True, eq=False)
class KeyColumn:
    """A column as rows are compared by it.

    Parameters
    ----------
    name : str
    codes : ndarray of shape (n_samples,), int32
        The same where the value is the same.
    is_counter : bool
        Whether it counts the rows.
    """

    name: str
    codes: NDArray[np.int32]
    is_counter: bool = False


def _digests(columns: Sequence[KeyColumn]) -> Iterator[Digests]:
    """Yield the columns' digests, made anew each time: together they are as large as the table."""
    return (_mixed(column.codes, n) for n, column in enumerate(columns))


def _mixed(codes: NDArray[Any], seed: int) -> Digests:
    """Spread codes over 64 bits (the finaliser of SplitMix64)."""
    with np.errstate(over="ignore"):
        z = codes.astype(np.uint64)
        z += np.uint64(1)
        z *= _ODD
        z += np.uint64(seed + 1) * np.uint64(0xD1B54A32D192ED03)
        for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
            z ^= z >> np.uint64(shift)
            z *= np.uint64(factor)
        z ^= z >> np.uint64(31)
    return z


def repeated_rows(columns: Sequence[KeyColumn], y: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return which rows are equal to an earlier one in every feature and in the label.

    Parameters
    ----------
    columns : sequence of KeyColumn
        At least one.
    y : ndarray of shape (n_samples,), int64
    """
    is_repeated = np.ones(len(y), dtype=bool)
    is_repeated[_first_of_equals(_sum(_digests(columns)) + _mixed(y.astype(np.int32), len(columns)))] = False
    return is_repeated


def contradictions(columns: Sequence[KeyColumn], y: NDArray[np.int64]) -> list[Finding]:
    """Return whether rows that are equal in every feature have both labels.

    Of coarse tables, where equal rows are coincidences, that is said where it bounds what can be reached: at
    least a hundredth of all rows, or a twentieth of the minority's, are wrong whatever a classifier says.
    Where equal rows are copies (see `twins`), two such rows are enough.

    Parameters
    ----------
    columns : sequence of KeyColumn
    y : ndarray of shape (n_samples,), int64
        1 for the minority.
    """
    if not columns:
        return []
    keys = _sum(_digests(columns))
    order = np.argsort(keys)
    starts = _starts(keys[order])
    n_minority = np.add.reduceat(y[order], starts)
    n_rows = np.diff(np.append(starts, len(y)))
    is_both = (n_minority > 0) & (n_minority < n_rows)
    wrong = int(np.minimum(n_minority, n_rows - n_minority)[is_both].sum())
    bounds = wrong >= min(_SHARE_OF_ROWS * len(y), _SHARE_OF_MINORITY * y.sum())
    if wrong < 2 or not (bounds or _are_copies(keys, columns)):
        return []
    n_in = int(n_rows[is_both].sum())
    return [
        Finding(
            "suspect",
            "",
            f"{n_in:,} of {len(y):,} rows are equal in all features to rows of the other class "
            f"({int(is_both.sum()):,} sets of equal rows): {wrong:,} are wrong whatever a classifier says",
            "look up where they come from: labels may be mistaken, or a column that tells them apart missing",
        )
    ]


def twins(columns: Sequence[KeyColumn], groups: NDArray[np.int64] | None = None) -> list[Finding]:
    """Return the column in which alone rows differ from others, where these are copies and no coincidence.

    Where rows agree by coincidence, as in tables of few coarse columns, they go on doing so: without one more
    column, many more pairs agree. Copies are found once and for all. Columns that follow from others, as a
    shop's name from its number, are not counted beside them. In a factorial design, where all columns
    are coarse and most combinations of their levels are there, rows differ in one by intention. Rows that
    only a counter keeps apart are repeated rows in any table.

    Parameters
    ----------
    columns : sequence of KeyColumn
    groups : ndarray of shape (n_samples,), int64, optional
        Rows of one group are on one side of every split.
    """
    if len(columns) < 3:
        return []
    group = None if groups is None else _mixed(np.unique(groups, return_inverse=True)[1], len(columns))
    keys = _sum(_digests(columns))
    # Rows that are equal in all columns are no twins: they count once.
    first = _first_of_equals(keys if group is None else keys + group)
    keys, group = keys[first], None if group is None else group[first]
    counts = [_n_sharing(keys - own[first], group) for own in _digests(columns)]
    least = max(_FEWEST_ROWS, _SHARE_OF_TWINS * len(keys))
    for n in sorted(range(len(columns)), key=lambda n: -counts[n])[:_LOOKED_AT]:
        name = columns[n].name
        if counts[n] < least:
            break
        is_design = not columns[n].is_counter and _is_crossed(n, keys, columns, first)
        if not is_design and (columns[n].is_counter or _copies_without(n, keys, columns, first)):
            return [
                Finding(
                    "leak",
                    name,
                    f"{counts[n]:,} of {len(keys):,} rows have a twin that differs in column {name!r} alone, "
                    "and would be on both sides of a split",
                    f"'drop: [{yaml_name(name)}]' makes them repeated rows, which are removed",
                )
            ]
    return []


def _is_crossed(n: int, keys: Digests, columns: Sequence[KeyColumn], first: NDArray[np.intp]) -> bool:
    """Tell whether rows are the combinations of a few levels: with any row come those of most other levels.

    Another column that follows from the rest, as an indicator of a level does, does not tell such a design
    from copies; that every column is coarse, and the column is crossed with the others, does.
    """
    n_levels = [int(column.codes.max()) + 1 for column in columns]
    if max(n_levels) > _MOST_LEVELS or max(n_levels) * _FEWEST_ROWS_A_LEVEL > len(keys):
        return False
    sizes = _sizes(keys - _mixed(columns[n].codes, n)[first])
    return bool(sizes.mean() - 1 >= _SHARE_OF_LEVELS * (n_levels[n] - 1))


def _copies_without(n: int, keys: Digests, columns: Sequence[KeyColumn], first: NDArray[np.intp]) -> bool:
    return _are_copies(keys - _mixed(columns[n].codes, n)[first], columns, but=n, first=first)


def _are_copies(
    keys: Digests,
    columns: Sequence[KeyColumn],
    *,
    but: int = -1,
    first: NDArray[np.intp] | None = None,
) -> bool:
    """Tell whether hardly more pairs of rows agree where any one of the columns does not count.

    A column that follows from others counts with none of them: without it nothing changes, whatever the rows
    are.

    Parameters
    ----------
    keys : ndarray of shape (n_rows,), uint64
        The sums of the rows' digests, without column `but`.
    columns : sequence of KeyColumn
    but : int
        The place of a column that does not count; -1 where all do.
    first : ndarray of shape (n_rows,), optional
        The rows of `columns` that `keys` has, if not all.
    """
    others = [m for m in range(len(columns)) if m != but]
    of_rows = [columns[m].codes if first is None else columns[m].codes[first] for m in others]
    own = dict(zip(others, of_rows, strict=True))
    if not _agree_without_any(keys, own):
        return False
    kept = {others[place] for place in without_followers(of_rows)}
    for m in own.keys() - kept:
        keys = keys - _mixed(own[m], m)
    return bool(kept) and _agree_without_any(keys, {m: own[m] for m in kept})


def _agree_without_any(keys: Digests, own: Mapping[int, NDArray[np.int32]]) -> bool:
    most = _MORE_WITHOUT_ANOTHER * _n_pairs(keys)
    return all(_n_pairs(keys - _mixed(codes, m)) <= most for m, codes in own.items())


def _n_pairs(keys: Digests) -> float:
    sizes = _sizes(keys).astype(np.float64)
    return float((sizes * (sizes - 1)).sum() / 2)


def _sizes(keys: Digests) -> NDArray[np.intp]:
    """Return how many rows each key has."""
    ordered = np.sort(keys)
    return np.diff(np.append(_starts(ordered), len(ordered)))


def _sum(digests: Iterator[Digests]) -> Digests:
    total = next(digests)
    for one in digests:
        total += one
    return total


def _starts(ordered: NDArray[np.uint64]) -> NDArray[np.intp]:
    is_new = np.empty(len(ordered), dtype=bool)
    is_new[:1] = True
    np.not_equal(ordered[1:], ordered[:-1], out=is_new[1:])
    return np.flatnonzero(is_new)


def _first_of_equals(keys: Digests) -> NDArray[np.intp]:
    order = np.argsort(keys, kind="stable")
    return np.sort(order[_starts(keys[order])])


def _n_sharing(keys: Digests, groups: Digests | None) -> int:
    """Return how many rows share their key with another, of another group where there are groups."""
    if groups is None:
        sizes = _sizes(keys)
        return int(sizes[sizes > 1].sum())
    order = np.lexsort((groups, keys))
    starts = _starts(keys[order])
    sizes = np.diff(np.append(starts, len(order)))
    own = groups[order]
    is_mixed = np.maximum.reduceat(own, starts) != np.minimum.reduceat(own, starts)
    return int(sizes[is_mixed].sum())
