"""Columns whose rows of one value belong together: split by rows, a model meets them again in the test."""

from __future__ import annotations

import math
import re

from smote_bench.data.findings import Finding, yaml_name
from smote_bench.data.leaks.columns import log_level
from smote_bench.data.leaks.profiles import ClassRows, ColumnProfile
from smote_bench.data.leaks.remedies import keep_together

__all__ = ["group_leaks", "is_called_group", "is_called_owner", "is_pure", "may_be_groups"]

_FEWEST_VALUES, _FEWEST_OF_A_CLASS = 10, 4
"""Values of a column, and those that have rows of a class: of fewer nobody knows whether they are groups."""

_MOST_MIXED = 0.1
"""Pairs of rows of one value with different labels, as a share of what chance would give."""

_MIXED_AMONG_NEIGHBOURS = 0.5
"""Below this share, rows of neighbouring values are alike as well: a number that predicts, no group."""

_WHOSE = (
    "(patient|subject|customer|client|user|person|participant|animal|donor|household|family|session|device)"
)
_NUMBERED = "(id|no|nr|num|number|code|key)"
_OWNER = rf"(?i:{_WHOSE}([\W_]?{_NUMBERED})?|{_WHOSE}s[\W_]?{_NUMBERED})"
_NAME = re.compile(
    r"(?i:(.*[\W_])?(id|ids|uid|uuid|guid))"
    r"|.*[a-z](Id|ID)"
    rf"|{_OWNER}"
)
"""Without a word for a number a plural is none: ``sessions`` and ``users`` are counts."""


def group_leaks(columns: list[ColumnProfile], n_columns: int, *, has_groups: bool = False) -> list[Finding]:
    """Return the columns that look like groups of rows: one finding for the labels, one for each such name.

    Parameters
    ----------
    columns : list of ColumnProfile
        Those that `may_be_groups`.
    n_columns : int
        Of the table.
    has_groups : bool
        Whether the rows have groups, of each of which one row is in the profiles. Then a name has to say
        whose a row is: a clinic has an ``id`` as well, and its new patients may be what is asked for.
    """
    is_called = is_called_owner if has_groups else is_called_group
    pure = [column for column in columns if is_pure(column, n_columns)]
    named = [column for column in columns if column not in pure and is_called(column.name)]
    found = []
    if pure:
        first = min(pure, key=lambda column: (not is_called_group(column.name), len(column.values)))
        found.append(_of_labels(first, len(pure) - 1, has_groups))
    return [*found, *(_of_name(column, has_groups) for column in named)]


def is_called_group(name: str) -> bool:
    """Tell whether a column is called like one that says who or what a row is of.

    >>> [is_called_group(name) for name in ("patient", "customer no", "sessions", "age")]
    [True, True, False, False]
    """
    return _NAME.fullmatch(name) is not None


def is_called_owner(name: str) -> bool:
    """Tell whether a column is called like one that says whose a row is, and not only that it has numbers.

    >>> [is_called_owner(name) for name in ("patient", "customer no", "clinic_id")]
    [True, True, False]
    """
    return re.fullmatch(_OWNER, name) is not None


def may_be_groups(column: ColumnProfile) -> bool:
    """Tell whether there are many values, each of few rows, and at least half the rows share theirs.

    Fractions are measurements.
    """
    if column.is_number and (column.values % 1).any():
        return False
    sizes = column.rows.total
    n_values, n = len(sizes), int(sizes.sum())
    if n_values < _FEWEST_VALUES or int(sizes.max()) * _FEWEST_VALUES > 2 * n:
        return False
    return int(sizes[sizes > 1].sum()) * 2 >= n


def is_pure(column: ColumnProfile, n_columns: int) -> bool:
    """Tell whether rows of one value have one label, beyond chance, and those of the next value do not."""
    shared = _shared(column.rows)
    expected, deviation, mixed = _mixed_pairs(shared)
    of_class = [int((rows > 0).sum()) for rows in (shared.minority, shared.majority)]
    if min(of_class) < _FEWEST_OF_A_CLASS:
        return False
    if mixed > _MOST_MIXED * expected or not deviation:
        return False
    z = (expected - mixed) / deviation
    if math.erfc(z / math.sqrt(2)) / 2 > math.exp(log_level(n_columns)):
        return False
    return not column.is_ordered or _differ_from_neighbours(column)


def _shared(rows: ClassRows) -> ClassRows:
    """Return the values of more than one row: rows alone with theirs, as outliers are, say nothing."""
    is_shared = rows.total > 1
    return ClassRows(rows.minority[is_shared], rows.majority[is_shared])


def _mixed_pairs(rows: ClassRows) -> tuple[float, float, float]:
    """Return how many pairs of rows of one value have different labels: expected, its deviation, and found.

    Expected over all ways to put the labels on the rows: the mean and variance of a count of joins.

    References
    ----------
    A. D. Cliff and J. K. Ord, "Spatial Processes: Models and Applications", Pion (1981), chapter 2
    """
    minority, majority = rows.minority.astype(float), rows.majority.astype(float)
    sizes = minority + majority
    n, a, b = float(sizes.sum()), float(minority.sum()), float(majority.sum())
    if n < 4 or not (a and b):
        return 0.0, 0.0, 0.0
    pairs, joined = float((sizes * (sizes - 1) / 2).sum()), float((sizes * (sizes - 1) * (sizes - 2)).sum())
    one = 2 * a * b / (n * (n - 1))
    two = 4 * a * (a - 1) * b * (b - 1) / (n * (n - 1) * (n - 2) * (n - 3))
    expected = pairs * one
    variance = expected + joined * one / 2 + (pairs * pairs - pairs - joined) * two - expected**2
    return expected, math.sqrt(max(variance, 0.0)), float(minority @ majority)


def _differ_from_neighbours(column: ColumnProfile) -> bool:
    """Tell whether rows of neighbouring values differ in their labels about as often as any two rows."""
    minority, majority = column.rows.minority.astype(float), column.rows.majority.astype(float)
    sizes = minority + majority
    pairs = float(sizes[1:] @ sizes[:-1])
    mixed = float(minority[1:] @ majority[:-1] + majority[1:] @ minority[:-1])
    n, a, b = float(sizes.sum()), float(minority.sum()), float(majority.sum())
    return mixed / pairs >= _MIXED_AMONG_NEIGHBOURS * 2 * a * b / (n * (n - 1))


def _of_labels(column: ColumnProfile, n_more: int, has_groups: bool) -> Finding:
    sizes = column.rows.total
    n_values = len(sizes)
    n_pure = n_values - int(((column.rows.minority > 0) & (column.rows.majority > 0)).sum())
    expected, _, mixed = _mixed_pairs(_shared(column.rows))
    more = f"; {n_more} more columns look like it" if n_more else ""
    name = yaml_name(column.name)
    what = "groups" if has_groups else "rows"
    is_code = f"; 'drop: [{name}]' leaves it out, if its values are known from the target only"
    return Finding(
        "leak",
        column.name,
        f"rows of one value of {column.name!r} seem to belong together, and would be on both sides of a "
        f"split: {n_values:,} values of {sizes.sum() / n_values:.1f} {what} each, {n_pure:,} of them with "
        f"{what} of one class only; {mixed:,.0f} pairs of {what} of one value differ in the class, by chance "
        f"it were {expected:,.0f}{more}",
        f"{keep_together(column.name, has_groups=has_groups)}"
        f"{'' if is_called_group(column.name) else is_code}",
    )


def _of_name(column: ColumnProfile, has_groups: bool) -> Finding:
    sizes, name = column.rows.total, yaml_name(column.name)
    n_values = len(sizes)
    return Finding(
        "suspect",
        column.name,
        f"column {column.name!r} is called like an identifier, and {int(sizes[sizes > 1].sum()):,} of "
        f"{int(sizes.sum()):,} {'groups' if has_groups else 'rows'} share its value with another "
        f"({n_values:,} values): rows of one value may be on both sides of a split",
        f"{keep_together(column.name, has_groups=has_groups)}; 'drop: [{name}]' leaves it out",
    )
