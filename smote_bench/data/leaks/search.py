"""What in a table gives the target away, or would be on both sides of a split, called by its name.

Computed on the whole table, labels included, before anything is split: findings are words and numbers, and
change neither rows nor columns.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from smote_bench.data.findings import Finding, yaml_name
from smote_bench.data.leaks.columns import column_leak, interval_leak, is_counter
from smote_bench.data.leaks.given_groups import is_coarser, row_of_each, that_join_rows
from smote_bench.data.leaks.groups import group_leaks, may_be_groups
from smote_bench.data.leaks.profiles import profile
from smote_bench.data.leaks.remedies import keep_together
from smote_bench.data.leaks.rows import KeyColumn, contradictions, repeated_rows, twins

if TYPE_CHECKING:
    import pandas as pd

    from smote_bench.data.roles.rows import RowRoles

__all__ = ["find_leaks"]


def find_leaks(
    X: pd.DataFrame, y: np.ndarray, roles: RowRoles | None = None, dates: Collection[str] = ()
) -> list[Finding]:
    """Return the leaks of a table, each with the column, the number behind it and the key that mends it.

    Parameters
    ----------
    X : DataFrame of shape (n_samples, n_features)
        In the order of the file; float64 and ``category`` columns, as `smote_bench.data.dataset.Dataset` has.
    y : ndarray of shape (n_samples,), int64
        1 for the minority, 0 for the majority.
    roles : RowRoles, optional
        Where rows have groups, of more than one row each, twins of one group are none, and columns are
        suggested as groups of which the given ones are parts.
    dates : collection of str
        Features that are dates, as days.

    Returns
    -------
    list of Finding
        At most one for each column, and one of the kinds that are about rows.
    """
    y = np.asarray(y, dtype=np.int64)
    groups = that_join_rows(roles.groups if roles is not None else None)
    n_columns = X.shape[1]
    found: list[Finding] = []
    by_intervals: list[Finding] = []
    keys: list[KeyColumn] = []
    may_be: list[int] = []
    for n in range(n_columns):  # one at a time: the profile of a column is larger than the column
        column = profile(X.iloc[:, n], y, is_date=X.columns[n] in dates)
        leak = column_leak(column, n_columns)
        if leak is not None:
            found.append(leak)
        elif groups is not None:
            may_be += [n] * is_coarser(column.codes, groups)
        else:
            may_be += [n] * may_be_groups(column)
            by_intervals += [one] if (one := interval_leak(column, n_columns)) else []
        keys.append(KeyColumn(column.name, column.codes, is_counter(column)))
    if may_be:
        # repeated rows are removed, or known to be repeated: they are no group
        once = ~repeated_rows(keys, y) if groups is None else row_of_each(groups)
        columns = [profile(X.iloc[:, n][once], y[once]) for n in may_be]
        candidates = list(filter(may_be_groups, columns))
        of_groups = group_leaks(candidates, n_columns, has_groups=groups is not None)
        found += [_as_split(one, roles) for one in of_groups]
        by_intervals = [] if of_groups else by_intervals
    return [*found, *by_intervals, *contradictions(keys, y), *twins(keys, groups)]


def _as_split(finding: Finding, roles: RowRoles | None) -> Finding:
    """Give a finding of groups the remedy that the table's own split allows, which has no ``groups``."""
    has_times = roles is not None and roles.times is not None
    is_given = roles is not None and roles.is_test is not None
    if not (has_times or is_given):
        return finding
    together = keep_together(finding.column, has_times=has_times, is_given=is_given)
    drop = f"'drop: [{yaml_name(finding.column)}]' leaves it out"
    return replace(finding, remedy=f"{together}; or {drop}")
