"""Identifiers whose beginnings rows share: ``P000`` of ``P000-V0`` and ``P000-V1``, a folder of its files."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from smote_bench.data.findings import Finding
from smote_bench.data.leaks.groups import is_called_owner, is_pure, may_be_groups
from smote_bench.data.leaks.profiles import ColumnProfile, profile
from smote_bench.data.roles.spellings import group_id

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["id_part_leaks"]

_MOST_PARTS = 4
_LOOKED_AT = 20_000
_SHARE_OF_DISTINCT, _SHARE_WITH_A_PART = 0.95, 0.95
_FEWEST_ROWS, _FEWEST_ON_BOTH_SIDES = 30, 5
_MOST_ROWS_OF_A_SUSPECT = 20
"""On average: a beginning of more rows is a year or a region more often than a patient."""

_MARKS = "-_/\\:.#|"
_BEGINNINGS = [
    re.compile(rf"([^{re.escape(_MARKS)}]+[{re.escape(_MARKS)}]+){{{k}}}(?=\w)")
    for k in range(1, _MOST_PARTS + 1)
]
_BEGINNINGS.append(re.compile(r".*\d(?=[A-Za-z]$)"))  # of 101L and 101R, a patient's eyes
_REMEDY = "write that part into a column of its own, and name this one under 'groups'"
_OF_A_GIVEN_SPLIT = "move all rows of a beginning to one side of the given split"


def id_part_leaks(
    column: pd.Series, y: NDArray[np.int64], n_columns: int, is_test: NDArray[np.bool_] | None = None
) -> list[Finding]:
    """Return whether the values of an identifier, nearly all different, begin with what rows belong to.

    Parameters
    ----------
    column : Series of shape (n_samples,)
        As it stands in the file: it is no feature, or is called like an identifier.
    y : ndarray of shape (n_samples,), int64
        1 for the minority.
    n_columns : int
        Of the table.
    is_test : ndarray of shape (n_samples,), bool, optional
        Of a given split: nothing is said where it keeps rows of a beginning together.

    Returns
    -------
    list of Finding
        A leak, where rows of one beginning have the same labels; else a suspicion, where the column's name
        says whose a row is; else a hint. At most one.
    """
    there = column.notna().to_numpy(dtype=bool)
    present = column[there]
    beginnings = [] if _is_without_texts(present) else _shared_beginnings(_texts(_some(present)))
    if not beginnings:
        return []
    texts = _texts(present)
    found: list[tuple[ColumnProfile, list[str]]] = []
    for beginning in beginnings:
        parts = _parts(texts, beginning)
        one = _profile(column.name, parts, y[there])
        if may_be_groups(one) and (is_test is None or _is_on_both_sides(parts, is_test[there])):
            found.append((one, parts))
    if not found:
        return []
    pure = [(one, parts) for one, parts in found if is_pure(one, n_columns + len(_BEGINNINGS))]
    one, parts = (pure or found)[0]
    rests = {text[len(part) :] for text, part in zip(texts, parts, strict=True)}
    # Visits and sides come again with each patient; what is behind the first half of a random code does not.
    remedy = _REMEDY if is_test is None else _OF_A_GIVEN_SPLIT
    return [_finding(one, parts, remedy, is_leak=bool(pure), come_again=2 * len(rests) <= len(parts))]


def _is_without_texts(column: pd.Series) -> bool:
    """Tell whether there are few values, or none with a part: whole numbers, dates and truth values."""
    from pandas.api.types import is_bool_dtype, is_datetime64_any_dtype, is_numeric_dtype

    dtype = column.dtype
    if len(column) < _FEWEST_ROWS or is_bool_dtype(dtype) or is_datetime64_any_dtype(dtype):
        return True
    if not is_numeric_dtype(dtype):
        return False
    numbers = np.unique(column.to_numpy(dtype=np.float64))
    steps = np.diff(numbers)
    # whole ones, or a grid: 12 is no beginning of 12.5
    return not (numbers % 1).any() or bool(np.allclose(steps, steps.mean(), rtol=1e-6, atol=0.0))


def _some(column: pd.Series) -> pd.Series:
    if len(column) <= _LOOKED_AT:
        return column
    return column.iloc[np.random.default_rng(0).choice(len(column), _LOOKED_AT, replace=False)]


def _texts(column: pd.Series) -> list[str]:
    texts: list[str] = column.astype(str).str.strip().tolist()
    return texts


def _shared_beginnings(texts: Sequence[str]) -> list[re.Pattern[str]]:
    """Return which beginnings nearly all of some different texts have, and several the same."""
    if len(set(texts)) < _SHARE_OF_DISTINCT * len(texts):
        return []
    found = []
    for beginning in _BEGINNINGS:
        matches = [match.group() for text in texts if (match := beginning.match(text))]
        if len(matches) >= _SHARE_WITH_A_PART * len(texts) and 1 < len(set(matches)) < len(matches):
            found.append(beginning)
    return found


def _parts(texts: Sequence[str], beginning: re.Pattern[str]) -> list[str]:
    """Return the beginnings without the mark behind them; a text without one is its own."""
    return [match.group().rstrip(_MARKS) if (match := beginning.match(text)) else text for text in texts]


def _profile(name: object, parts: Sequence[str], y: NDArray[np.int64]) -> ColumnProfile:
    import pandas as pd

    codes, distinct = pd.factorize(np.asarray(parts, dtype=object))
    place: dict[object, int] = {}
    of_part = np.array([place.setdefault(group_id(part), len(place)) for part in distinct])
    return profile(pd.Series(pd.Categorical(of_part[codes]), name=name), y)


def _is_on_both_sides(parts: Sequence[str], is_test: NDArray[np.bool_]) -> bool:
    of_train = {part for part, tests in zip(parts, is_test, strict=True) if not tests}
    n_rows = sum(part in of_train for part, tests in zip(parts, is_test, strict=True) if tests)
    return n_rows >= _FEWEST_ON_BOTH_SIDES


def _finding(
    one: ColumnProfile, parts: Sequence[str], remedy: str, *, is_leak: bool, come_again: bool
) -> Finding:
    sizes = one.rows.total
    n_values, mean = len(sizes), sizes.sum() / len(sizes)
    what = (
        f"column {one.name!r}: its values have {n_values:,} beginnings, such as {parts[0]!r}, of {mean:.1f} "
        "rows each"
    )
    if is_leak:
        n_pure = n_values - int(((one.rows.minority > 0) & (one.rows.majority > 0)).sum())
        said = (
            f"{what}, {n_pure:,} of them with rows of one class only, beyond chance: rows of one seem to "
            "belong together, and would be on both sides of a split"
        )
        return Finding("leak", one.name, said, remedy)
    is_suspect = come_again and is_called_owner(one.name) and mean <= _MOST_ROWS_OF_A_SUSPECT
    said = f"{what}: if they name who or what a row is of, they may be on both sides of a split"
    return Finding("suspect" if is_suspect else "read", one.name, said, remedy)
