"""What looks wrong in a column that is kept: sentinels, one value, hardly any, digits that are lost."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from smote_bench.data.findings import Finding, yaml_name
from smote_bench.data.preprocessing import MOST_CATEGORIES
from smote_bench.data.tables.extreme_numbers import EXACT_INTEGERS, lost_digits_finding
from smote_bench.data.values.labels import some

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

__all__ = ["constants_finding", "doubts_of_categories", "doubts_of_numbers"]

_SENTINELS = (
    *(sign * (10.0**n - 1) for n in range(2, 11) for sign in (1, -1)),
    *(sign * number for number in (88.0, 888.0, 8888.0, 777.0, 7777.0) for sign in (1, -1)),
    *(-32768.0, -2147483648.0, -1e30, 1e30, -1e20, 1e20),
)
_FEWEST_SENTINELS, _FEWEST_OF_A_HEAP, _HEAP = 2, 5, 3
_ALMOST_EMPTY = 0.05
_FEWEST_ROWS = 20
_SHOWN = 8


def doubts_of_numbers(column: pd.Series, values: np.ndarray, file: str) -> list[Finding]:
    """Return what looks wrong in a column of numbers.

    Parameters
    ----------
    column : Series of shape (n_rows,)
        As it was read.
    values : ndarray of shape (n_rows,), float64
        Its numbers, NaN where missing.
    file : str
        What the findings begin with.
    """
    import numpy as np
    import pandas as pd

    name, what = str(column.name), f"{file}: column {column.name!r}"
    present = values[~np.isnan(values)]
    found = _almost_empty(name, what, len(present), len(values))
    if (
        pd.api.types.is_integer_dtype(column.dtype)
        and len(present)
        and np.abs(present).max() >= EXACT_INTEGERS
    ):
        found += _lost_digits(column, what)
    found += _sentinels(name, what, present)
    return found


def doubts_of_categories(column: pd.Series, file: str) -> list[Finding]:
    """Return what looks wrong in a column of categories.

    Parameters
    ----------
    column : Series of shape (n_rows,), category
    file : str
        What the findings begin with.
    """
    name, what = str(column.name), f"{file}: column {column.name!r}"
    levels = column.cat.categories
    found = _almost_empty(name, what, int(column.notna().sum()), len(column))
    found += _alike_but_for_case(name, what, levels)
    if len(levels) > MOST_CATEGORIES and not column.cat.ordered:
        found.append(
            Finding(
                "read",
                name,
                f"{what} has {len(levels):,} categories: in each fold up to {MOST_CATEGORIES}, the most "
                "frequent, are features of their own, all rarer ones are one together",
                f"'drop: [{yaml_name(name)}]' leaves it out",
            )
        )
    return found


def _alike_but_for_case(name: str, what: str, levels: pd.Index) -> list[Finding]:
    """Name categories that differ in capitals alone: they are two, though a target's labels would be one."""
    by_letters: dict[str, list[str]] = {}
    for level in map(str, levels):
        by_letters.setdefault(level.casefold(), []).append(level)
    alike = [spellings for spellings in by_letters.values() if len(spellings) > 1]
    if not alike:
        return []
    shown = "; ".join(" and ".join(map(repr, spellings)) for spellings in alike[:3])
    more = f" and {len(alike) - 3:,} more" if len(alike) > 3 else ""
    said = f"{what} has categories that differ in capitals alone ({shown}{more}): they are kept apart"
    return [Finding("suspect", name, said, "write them alike, if they are one")]


def constants_finding(columns: Mapping[str, pd.Series], file: str) -> list[Finding]:
    """Return one finding for all features that have one value alone; those with hardly any are named anyway.

    Parameters
    ----------
    columns : mapping of str to Series of shape (n_rows,), float64, bool or category
    file : str
        What the finding begins with.
    """
    only = {name: value for name, column in columns.items() if (value := _only_value(column))}
    if not only:
        return []
    names = list(only)
    remedy = f"'drop: [{', '.join(map(yaml_name, names[:_SHOWN]))}{', ...' if len(names) > _SHOWN else ''}]'"
    if len(names) == 1:
        said = f"{file}: column {names[0]!r} has one value, {only[names[0]]}, in all rows that have one"
        return [Finding("read", names[0], said, f"{remedy} leaves it out")]
    said = f"{file}: {len(names):,} columns have one value each in all rows: {some(names)}"
    return [Finding("read", "", said, f"{remedy} leaves them out")]


def _only_value(column: pd.Series) -> str:
    """Return the value that is the only one of a column, in many rows; empty if there are others."""
    import numpy as np
    import pandas as pd

    is_category = isinstance(column.dtype, pd.CategoricalDtype)
    values = column.cat.codes.to_numpy() if is_category else column.to_numpy(dtype=np.float64)
    present = values[values >= 0] if is_category else values[~np.isnan(values)]
    if len(present) < 2 or len(present) <= _ALMOST_EMPTY * len(column) or present.min() != present.max():
        return ""
    return repr(str(column.cat.categories[present[0]])) if is_category else f"{present[0]:g}"


def _almost_empty(name: str, what: str, n_present: int, n_rows: int) -> list[Finding]:
    if not n_present or n_rows < _FEWEST_ROWS or n_present > _ALMOST_EMPTY * n_rows:
        return []
    said = f"{what} has a value in {n_present:,} of {n_rows:,} rows; the others are filled in"
    return [Finding("read", name, said, f"'drop: [{yaml_name(name)}]' leaves it out")]


def _lost_digits(column: pd.Series, what: str) -> list[Finding]:
    import numpy as np

    whole = column.dropna().to_numpy()
    back = whole.astype(np.float64)
    within = np.abs(back) < 2.0**63
    lost = int((back[within].astype(np.int64) != whole[within].astype(np.int64)).sum()) + int((~within).sum())
    if not lost:
        return []
    return [lost_digits_finding(str(column.name), what, len(whole), lost)]


def _sentinels(name: str, what: str, present: np.ndarray) -> list[Finding]:
    """Suspect numbers of nines and the like outside of all others: far off, or below 0 alone, or heaped."""
    import numpy as np

    if not len(present) or not {float(present.min()), float(present.max())} & set(_SENTINELS):
        return []
    is_one = np.isin(present, _SENTINELS)
    others = present[~is_one]
    if not is_one.any() or len(others) < 2:
        return []
    low, high = float(others.min()), float(others.max())
    found = []
    for value in np.unique(present[is_one]).tolist():
        n = int((present == value).sum())
        if n < _FEWEST_SENTINELS or low <= value <= high or low == high:
            continue
        far = max(low - value, value - high) > high - low
        alone_below = value <= -99 and low >= 0
        if not (far or alone_below or (n >= _FEWEST_OF_A_HEAP and n >= _HEAP * _most_often(others))):
            continue
        found.append(
            Finding(
                "suspect",
                name,
                f"{what} has {value:g} in {n:,} of {len(present):,} rows, all others are from {low:g} to "
                f"{high:g}: it may stand for a missing cell, and is taken as a number",
                "empty those cells, if it does",
            )
        )
    return found


def _most_often(values: np.ndarray) -> int:
    import numpy as np

    return int(np.unique(values, return_counts=True)[1].max())
