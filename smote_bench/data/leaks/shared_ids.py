"""Rows that share who or what they are of, by an identifier: left out by us, dropped, or kept as a feature.

What a model does not see still says which rows are of one patient, customer or machine.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from smote_bench.data.findings import Finding
from smote_bench.data.leaks.given_groups import is_coarser, row_of_each
from smote_bench.data.leaks.groups import group_leaks, is_called_group, is_called_owner, may_be_groups
from smote_bench.data.leaks.id_parts import id_part_leaks
from smote_bench.data.leaks.profiles import ColumnProfile, profile
from smote_bench.data.leaks.remedies import keep_together
from smote_bench.data.roles.spellings import group_id
from smote_bench.data.values.identifiers import (
    counted_rows,
    is_called_identifier,
    is_called_number_of_rows,
    naming_texts,
)
from smote_bench.data.values.number_pairs import pair_of

if TYPE_CHECKING:
    from collections.abc import Collection

    import pandas as pd

__all__ = ["shared_id_leaks"]

_FEWEST_ROWS = 5
"""That share their value with others: fewer are left to the owner of the file."""

_MOSTLY = 0.5
"""So many values are different where they name rows, under a name that columns of categories have too."""


def shared_id_leaks(
    frame: pd.DataFrame,
    y: np.ndarray,
    is_test: np.ndarray | None = None,
    *,
    groups: NDArray[np.int64] | None = None,
    dropped: Collection[str] = (),
    features: Collection[str] = (),
) -> list[Finding]:
    """Return the columns by whose values rows belong together, and would be on both sides of a split.

    Parameters
    ----------
    frame : DataFrame of shape (n_samples, n_columns)
        As they stand in the file, without the target and the columns that have a role.
    y : ndarray of shape (n_samples,), int64
        1 for the minority, 0 for the majority.
    is_test : ndarray of shape (n_samples,), bool, optional
        Where the split is given: the rows that are shared by both sides are counted then.
    groups : ndarray of shape (n_samples,), int64, optional
        Where rows have groups, of more than one row each, those columns are looked at of whose rows of one
        value they are parts, as `smote_bench.data.leaks.given_groups.that_join_rows` numbers them.
    dropped : collection of str
        The columns that the experiment leaves out, whatever they hold.
    features : collection of str
        Those that are features, of which those called like an identifier are looked at, and nothing is said
        that `smote_bench.data.leaks.groups.group_leaks` says. All others were left out by us.

    Returns
    -------
    list of Finding
        At most one for each column.
    """
    found: list[Finding] = []
    of_parts: list[Finding] = []
    may_be: list[ColumnProfile] = []
    has_groups = groups is not None
    once = slice(None) if groups is None else row_of_each(groups)
    for name in frame.columns:
        column, is_feature = frame[name], name in features
        names_rows = _names_rows(column, by_name_alone=is_feature or name in dropped)
        if is_feature and not names_rows:
            continue
        if groups is None:
            parts = id_part_leaks(column, y, frame.shape[1], is_test)
            of_parts += [one for one in parts if names_rows or one.kind == "leak"]
        codes = _codes(column)
        if codes is None or (groups is not None and not is_coarser(codes, groups)):
            continue
        names_rows = names_rows and (not has_groups or is_called_owner(str(name)))
        if is_test is not None:
            found += _on_both_sides(name, codes, is_test) if names_rows else []
            continue
        one = _profile(name, codes[once], y[once])
        is_group = may_be_groups(one)
        if is_feature and is_group:
            continue
        may_be += [one] * is_group
        found += _shared(one, has_groups) if names_rows else []
    of_groups = group_leaks(may_be, max(frame.shape[1], 1), has_groups=has_groups)
    leaks = [one for one in of_groups if one.kind == "leak"]
    told = {one.column for one in leaks}
    found = [*leaks, *(one for one in found if one.column not in told)]
    told = {one.column for one in found}
    return [*found, *(one for one in of_parts if one.column not in told)]


def _codes(column: pd.Series) -> NDArray[np.int64] | None:
    """Return a number for each value in any of its spellings, -1 for none; None of what names no rows."""
    import pandas as pd

    if pd.api.types.is_bool_dtype(column.dtype) or pd.api.types.is_datetime64_any_dtype(column.dtype):
        return None
    if pd.api.types.is_numeric_dtype(column.dtype):
        values = column.to_numpy(dtype=np.float64, na_value=np.nan)
        if (values[np.isfinite(values)] % 1).any() or "counter" in counted_rows(str(column.name), values):
            return None
    try:
        codes, distinct = pd.factorize(column)
    except TypeError:  # lists and the like, as Parquet has them
        return None
    if pd.api.types.is_numeric_dtype(column.dtype):
        return codes.astype(np.int64)
    place: dict[object, int] = {}
    spelled = [place.setdefault(group_id(str(value)), len(place)) for value in distinct.tolist()]
    numbered: NDArray[np.int64] = np.array([*spelled, -1], dtype=np.int64)[codes]  # -1 takes the last one
    return numbered


def _names_rows(column: pd.Series, *, by_name_alone: bool) -> bool:
    """Tell whether a column's values name who or what a row is of: by its name, or as an identifier."""
    import pandas as pd

    name = str(column.name)
    if is_called_identifier(name) or is_called_group(name):
        return True
    if is_called_number_of_rows(name) and column.nunique() > _MOSTLY * column.notna().sum():
        return True
    if by_name_alone or pd.api.types.is_numeric_dtype(column.dtype):
        return False
    counts = column.dropna().astype(str).value_counts()
    texts = counts.index.tolist()
    is_named = naming_texts(texts, int(counts.sum())).startswith("as an identifier")
    return is_named and not pair_of(texts, counts.tolist())


def _profile(name: str, codes: NDArray[np.int64], y: np.ndarray) -> ColumnProfile:
    import pandas as pd

    values = pd.Series(pd.Categorical(np.where(codes < 0, np.nan, codes)), name=name)
    return profile(values, np.asarray(y, dtype=np.int64))


def _shared(column: ColumnProfile, has_groups: bool) -> list[Finding]:
    sizes = column.rows.total
    n_shared = int(sizes[sizes > 1].sum())
    if n_shared < _FEWEST_ROWS or len(sizes) < 2:
        return []
    what = "groups" if has_groups else "rows"
    text = (
        f"{n_shared:,} of {int(sizes.sum()):,} {what} share their value of "
        f"{column.name!r} with another ({len(sizes):,} values): if it names who or what a row is of, they "
        "may be on both sides of a split"
    )
    remedy = keep_together(column.name, has_groups=has_groups)
    return [Finding("suspect", column.name, text, remedy)]


def _on_both_sides(name: str, codes: NDArray[np.int64], is_test: np.ndarray) -> list[Finding]:
    there = codes >= 0
    of_train = np.unique(codes[there & ~is_test])
    is_shared = there & is_test & np.isin(codes, of_train)
    if is_shared.sum() < _FEWEST_ROWS:
        return []
    text = (
        f"{int(is_shared.sum()):,} of {int(is_test.sum()):,} test rows have a value of {name!r} that rows "
        "of the training part have: if it names who or what a row is of, these test rows are not new"
    )
    return [Finding("suspect", name, text, keep_together(name, is_given=True))]
