"""Columns that give the target away: copies and codes of it, cuts, gaps, constants, counters of the rows.

What looks like one by chance is none: see `smote_bench.data.leaks.profiles.log_chance`.
"""

from __future__ import annotations

import math

import numpy as np

from smote_bench.data.findings import Finding, yaml_name
from smote_bench.data.leaks.profiles import ClassRows, ColumnProfile, log_chance, log_chance_of_runs

__all__ = ["ALPHA", "NEARLY_PERFECT", "column_leak", "interval_leak", "is_counter", "log_level"]

ALPHA = 0.01
"""How likely any column of a table without a leak may give an alarm, however many columns there are."""

_N_TESTS = 6
"""Of a column: each has its share of `ALPHA`."""

NEARLY_PERFECT = 0.99
"""The ROC AUC of a single column from which on it is called a leak."""

_FEWEST_ROWS_A_VALUE = 10
"""On average, for values to be judged as categories: below, single rows make categories look pure."""

_MOST_CATEGORIES_OF_NUMBERS = 12
_FEWEST_FOR_A_CUT, _FEWEST_FOR_A_CONSTANT, _FEWEST_FOR_ERRORS = 5, 10, 20
_MOST_INTERVALS = 9
_SHARE_THAT_DIFFERS = 0.5
_FEWEST_AMOUNTS = 10
_FEWEST_COUNTED = 30
_SHARE_IN_ORDER, _SHARE_OF_STEPS = 0.99, 0.95
_GAPS_OF_A_COUNTER, _GAPS_OF_AN_ORDER = 1.05, 4.0
_ALIKE = 1e-6
"""So many numbers for each row, from the lowest to the highest; a sorted measurement leaves out more."""


def log_level(n_columns: int) -> float:
    """Return the logarithm of the level of one test of one column: Bonferroni over tests and columns."""
    return math.log(ALPHA / _N_TESTS / max(n_columns, 1))


def column_leak(column: ColumnProfile, n_columns: int) -> Finding | None:
    """Return how a column gives the target away; None where it does not, or where chance does as much.

    Parameters
    ----------
    column : ColumnProfile
    n_columns : int
        Of the table: the more there are, the likelier one of them looks like a leak by chance.
    """
    level = log_level(n_columns)
    for find in _KINDS:
        if (found := find(column, level)) is not None:
            return found
    return None


def interval_leak(column: ColumnProfile, n_columns: int) -> Finding | None:
    """Return whether a column's values fall into a few intervals of one class each; None where they do not.

    Rows that belong together do so by chance more easily: where a column of groups was found, or given, this
    says nothing.

    Parameters
    ----------
    column : ColumnProfile
    n_columns : int
        Of the table.
    """
    runs = column.rows.n_runs if column.is_ordered and _is_there_in_both(column) else 0
    if not 2 <= runs <= _MOST_INTERVALS or min(_sums(column.rows)) < _FEWEST_FOR_A_CUT * ((runs + 1) // 2):
        return None
    if log_chance_of_runs(runs, *_sums(column.rows)) > log_level(n_columns):
        return None
    n = int(column.rows.total.sum())
    return Finding(
        "leak",
        column.name,
        f"column {column.name!r} alone separates the classes: its values in {n:,} rows{_beside_gaps(column)} "
        f"fall into {runs} intervals that hold one class each",
        f"{_drop(column.name)}, if it is not known before the target is",
    )


def _drop(name: str) -> str:
    return f"'drop: [{yaml_name(name)}]' leaves it out"


def is_counter(column: ColumnProfile) -> bool:
    """Tell whether a column counts the rows: integers, all different, without gaps or in the file's order.

    In the file's order they may have steps of another size, and some may be left out, as of a file that is
    part of a larger one; a measurement that the file is sorted by rises in steps of many sizes.
    """
    n, n_values = len(column.codes), len(column.values)
    if not column.is_number or n_values < _FEWEST_COUNTED or n_values < _SHARE_IN_ORDER * n:
        return False
    if (column.values != np.round(column.values)).any():
        return False
    steps = np.diff(column.values)
    step = float(np.median(steps))
    n_steps = float(column.values[-1] - column.values[0])
    if _share_in_order(column) < _SHARE_IN_ORDER:
        return n_steps / step + 1 <= _GAPS_OF_A_COUNTER * n and not (steps % step).any()
    return n_steps + 1 <= _GAPS_OF_AN_ORDER * n or bool((steps == step).mean() >= _SHARE_OF_STEPS)


def _is_in_order_of_time(column: ColumnProfile) -> bool:
    """Tell whether a column is of dates in the file's order, or of numbers in equal steps, as of minutes."""
    if not column.is_number or len(column.values) < _FEWEST_COUNTED:
        return False
    if column.is_date and _share_in_order(column, with_ties=True) >= _SHARE_IN_ORDER:
        return True
    if len(column.values) < _SHARE_IN_ORDER * len(column.codes):
        return False
    steps = np.diff(column.values)
    step = float(np.median(steps))
    is_grid = bool((np.abs(steps - step) <= _ALIKE * step).mean() >= _SHARE_OF_STEPS)
    return is_grid and (column.is_date or _share_in_order(column) >= _SHARE_IN_ORDER)


def _share_in_order(column: ColumnProfile, *, with_ties: bool = False) -> float:
    steps = np.diff(column.codes)
    n_ties = int((steps == 0).sum()) if with_ties else 0
    return (max(int((steps > 0).sum()), int((steps < 0).sum())) + n_ties) / len(steps)


def _counter(column: ColumnProfile, level: float) -> Finding | None:
    """Find a counter of the rows that says more of the target than chance: by rank, or by runs of labels."""
    counts = is_counter(column)
    if not counts and not _is_in_order_of_time(column):
        return None
    auc, runs = column.rows.auc, column.rows.n_runs
    n_minority, n_majority = _sums(column.rows)
    if not (n_minority and n_majority):
        return None
    if not runs:  # some values have rows of both classes
        runs, n_minority, n_majority = _runs_of_like_values(column.rows)
    if _log_chance_of_auc(column.rows, auc) <= level - math.log(2):
        tied = f"its ROC AUC is {max(auc, 1 - auc):.3f}"
    elif runs and log_chance_of_runs(runs, n_minority, n_majority) <= level - math.log(2):
        by_chance = 1 + 2 * n_minority * n_majority / (n_minority + n_majority)
        tied = f"the labels come in {runs:,} runs along it, by chance it were {by_chance:,.0f}"
    else:
        return None
    if counts:
        order = "in the order of the file" if _share_in_order(column) >= _SHARE_IN_ORDER else "without gaps"
        shown = f"{column.values[0]:.0f} to {column.values[-1]:.0f}"
        what = f"counts the rows ({shown}, {order})"
    else:
        is_sorted = _share_in_order(column, with_ties=True) >= _SHARE_IN_ORDER
        order = "in the order of the file" if is_sorted else "in equal steps"
        what = f"is {'a time' if column.is_date else 'a counter'} ({len(column.values):,} values, {order})"
    return Finding(
        "leak",
        column.name,
        f"column {column.name!r} {what} and is tied to the target: {tied}",
        f"{_drop(column.name)}; if it is a time, 'time: {yaml_name(column.name)}' tests on later rows",
    )


def _runs_of_like_values(rows: ClassRows) -> tuple[int, int, int]:
    """Return the runs of values with minority rows and of those without, and how many there are of each.

    Looked at are the values of the size that most have: among these labels put on the rows at random are as
    likely here as there. Zeros where these are few.
    """
    total = rows.total
    is_like = total == np.bincount(total).argmax()
    if int(is_like.sum()) < _FEWEST_COUNTED:
        return 0, 0, 0
    has_minority = rows.minority[is_like] > 0
    n_with = int(has_minority.sum())
    if not 0 < n_with < len(has_minority):
        return 0, 0, 0
    return 1 + int((has_minority[1:] != has_minority[:-1]).sum()), n_with, len(has_minority) - n_with


def _log_chance_of_auc(rows: ClassRows, auc: float) -> float:
    """Return the logarithm of the two-sided p of an AUC of values without ties (Mann-Whitney, normal)."""
    a, b = _sums(rows)
    z = abs(auc - 0.5) * a * b / math.sqrt(a * b * (a + b + 1) / 12)
    tail = math.erfc(z / math.sqrt(2))
    return math.log(tail) if tail > 0 else -z * z / 2


def _separates(column: ColumnProfile, level: float) -> Finding | None:
    """Find that one cut, or the values as categories, part the classes (nearly) perfectly."""
    whole = column.rows
    n_values = len(column.values)
    if n_values < 2 or not _is_there_in_both(column):
        return None
    if column.is_ordered:
        auc = whole.auc
        place, is_above = whole.best_cut()
        is_called = (np.arange(n_values) >= place) == is_above
        if _is_nearly_perfect(max(auc, 1 - auc), column) and (
            log_chance(whole, is_called, math.log(2 * (n_values - 1))) <= level
        ):
            return _of_cut(column, max(auc, 1 - auc), is_called, place)
    n = int(whole.total.sum())
    if n_values * _FEWEST_ROWS_A_VALUE > n or (column.is_number and n_values > _MOST_CATEGORIES_OF_NUMBERS):
        return None
    auc = whole.by_rate().auc
    share = whole.minority.sum() / n
    is_called = whole.minority > share * whole.total
    if not _is_nearly_perfect(auc, column) or log_chance(whole, is_called, n_values * math.log(2)) > level:
        return None
    return _of_categories(column, auc, is_called)


def _is_nearly_perfect(auc: float, column: ColumnProfile) -> bool:
    """Tell whether an AUC is as good as 1; of few rows, a good feature may reach that by chance."""
    n_fewest = min(_sums(column.rows))
    if len(column.values) > 2 and n_fewest < _FEWEST_FOR_A_CUT:
        return False
    return auc >= (NEARLY_PERFECT if n_fewest >= _FEWEST_FOR_ERRORS else 1.0)


def _is_there_in_both(column: ColumnProfile) -> bool:
    """Tell whether some rows of each class have a value: else the gaps are what counts."""
    return min(_sums(column.rows)) >= (_FEWEST_FOR_A_CUT if column.missing.total[1] else 1)


def _n_wrong(rows: ClassRows, is_called: np.ndarray) -> int:
    return int(rows.majority[is_called].sum() + rows.minority[~is_called].sum())


def _of_cut(column: ColumnProfile, auc: float, is_called: np.ndarray, place: int) -> Finding:
    n, wrong = int(column.rows.total.sum()), _n_wrong(column.rows, is_called)
    beside = _beside_gaps(column)
    if len(column.values) == 2:
        what = (
            f"is a copy or a code of the target: its two values part the classes in all but {wrong} of {n:,}"
        )
        text = f"column {column.name!r} {what} rows{beside} (ROC AUC {auc:.3f})"
    else:
        where = f"a cut at {_halfway(column, place)}" if column.is_number else "a cut"
        text = (
            f"column {column.name!r} alone separates the classes: ROC AUC {auc:.3f}, {where} leaves {wrong} "
            f"of {n:,} rows{beside} on the wrong side"
        )
    return Finding(
        "leak", column.name, text, f"{_drop(column.name)}, if it is not known before the target is"
    )


def _sums(rows: ClassRows) -> tuple[int, int]:
    return int(rows.minority.sum()), int(rows.majority.sum())


def _halfway(column: ColumnProfile, place: int) -> str:
    below, above = column.values[place - 1], column.values[place]
    return f"{(below + above) / 2:.6g}"


def _beside_gaps(column: ColumnProfile) -> str:
    n_missing = int(column.missing.total[1])
    return f" that have a value ({n_missing:,} have none)" if n_missing else ""


def _of_categories(column: ColumnProfile, auc: float, is_called: np.ndarray) -> Finding:
    n, wrong = int(column.rows.total.sum()), _n_wrong(column.rows, is_called)
    n_values = len(column.values)
    what = "each belongs to one class" if not wrong else f"they tell the class in all but {wrong}"
    remedy = f"{_drop(column.name)}, if it is not known before the target is"
    if n_values > 10:
        remedy += (
            f"; 'groups: {yaml_name(column.name)}' keeps rows of a value on one side, if they belong together"
        )
    return Finding(
        "leak",
        column.name,
        f"column {column.name!r} is a code of the target: it has {n_values} values in {n:,} rows"
        f"{_beside_gaps(column)}, and {what} (ROC AUC {auc:.3f})",
        remedy,
    )


def _gaps(column: ColumnProfile, level: float) -> Finding | None:
    """Find that where a column is missing tells the class, or that one class alone has values."""
    missing = column.missing
    if not missing.total.all():
        return None
    auc = missing.auc
    if max(auc, 1 - auc) >= NEARLY_PERFECT:
        is_called = np.array([False, True]) == (auc > 0.5)
        what = f"whether column {column.name!r} is missing tells the class: it is in"
        shown, beside = 1, f" (ROC AUC {max(auc, 1 - auc):.3f})"
    elif min(_sums(column.rows)) == 0 and missing.total[0] >= _FEWEST_FOR_A_CONSTANT:
        is_called = np.array([True, False]) == (missing.minority[0] > 0)
        what = f"column {column.name!r} has values in rows of one class alone, whatever they are: in"
        shown, beside = 0, ""
    else:
        return None
    if log_chance(missing, is_called, math.log(2)) > level:
        return None
    return Finding(
        "leak",
        column.name,
        f"{what} {missing.minority[shown]:,} of {missing.minority.sum():,} minority and "
        f"{missing.majority[shown]:,} of {missing.majority.sum():,} majority rows{beside}",
        f"{_drop(column.name)}, if it is not known before the target is",
    )


def _constant(column: ColumnProfile, level: float) -> Finding | None:
    """Find a column of one value in one class, and others in the other; gaps count as a value.

    Others in half of that class; or amounts, ten different ones at least, that rows of the minority alone
    have, as of a debt that was collected. Flags that are rare are 0 in all rows of a class by nature.
    """
    rows = column.rows
    minority = np.append(rows.minority, column.missing.minority[1])
    majority = np.append(rows.majority, column.missing.majority[1])
    both = ClassRows(minority, majority)
    for name, own, other in (("minority", minority, majority), ("majority", majority, minority)):
        (places,) = np.nonzero(own)
        if len(places) != 1 or own.sum() < _FEWEST_FOR_A_CONSTANT:
            continue
        differs = int(other.sum() - other[places[0]])
        n_amounts = int((other > 0).sum()) - 1 if name == "majority" and column.is_number else 0
        if differs < _SHARE_THAT_DIFFERS * other.sum() and n_amounts < _FEWEST_AMOUNTS:
            continue
        is_value = np.arange(len(both.total)) == places[0]
        is_called = is_value if name == "minority" else ~is_value
        n_rules = math.log(2 * int((both.total > 0).sum()))
        if log_chance(both, is_called, n_rules) > level:
            continue
        other_name = "majority" if name == "minority" else "minority"
        return Finding(
            "leak",
            column.name,
            f"column {column.name!r} has one value in all {int(own.sum()):,} {name} rows "
            f"and another in {differs:,} of {int(other.sum()):,} {other_name} rows",
            f"{_drop(column.name)}, if it is not known before the target is",
        )
    return None


_KINDS = (_counter, _gaps, _separates, _constant)
assert len(_KINDS) + 2 == _N_TESTS  # with intervals and groups
