"""A user's table with its roles; the rows of a test file stand below those of the file that trains."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from smote_bench.data.column_readings import Reading
from smote_bench.data.findings import Finding
from smote_bench.data.kind_keys import KindKeys
from smote_bench.data.layouts import Layout
from smote_bench.data.role_columns import read_role_columns, row_roles
from smote_bench.data.role_keys import RoleKeys
from smote_bench.data.row_roles import RowRoles
from smote_bench.data.table_columns import Columns
from smote_bench.data.table_files import read_columns
from smote_bench.errors import ConfigError

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

__all__ = ["ReadTable", "UserTable", "read_user_table"]


class UserTable(Layout, Protocol):
    """How a user's file is read, and the columns or the other file that have its rows' roles."""

    @property
    def file(self) -> Path:
        """The file of the rows that train, or of all."""

    @property
    def roles(self) -> RoleKeys:
        """The columns and the file of the roles."""


@dataclass(frozen=True)
class _LikeTrainingRows:
    """How a test file is read: the features of the training rows, of the same kinds."""

    name: str
    target: str
    minority: str | tuple[str, ...]
    columns: tuple[str, ...]
    nominal: tuple[str, ...]
    ordinal: tuple[tuple[str, tuple[str, ...]], ...]
    role_columns: tuple[str, ...]
    readings: Mapping[str, Reading]

    kinds_stated = False
    kind_keys = KindKeys()


@dataclass(frozen=True)
class ReadTable:
    """A user's table in memory, and what was guessed while it was read.

    Parameters
    ----------
    X : DataFrame of shape (n_samples, n_features)
    y : ndarray of shape (n_samples,), int64
    roles : RowRoles
    findings : tuple of Finding
    """

    X: pd.DataFrame
    y: np.ndarray
    roles: RowRoles
    findings: tuple[Finding, ...] = ()


def read_user_table(source: UserTable) -> ReadTable:
    """Read a user's file, and the file of its test rows where it has one.

    Raises
    ------
    ConfigError
        If a file cannot be read as described, or the two do not fit together.
    """
    columns_read, y = read_columns(source.file, source)
    X, findings = columns_read.X, columns_read.findings
    if not source.roles:
        return ReadTable(X, y, RowRoles(), findings)
    columns = source.role_columns
    frame = read_role_columns(source.file, columns) if columns else X.iloc[:, :0]
    if source.roles.test is None:
        _check_length(frame, len(y), source)
        return ReadTable(X, y, row_roles(frame, source.roles, source.name), findings)
    return _with_test_file(columns_read, y, frame, source)


def _with_test_file(train: Columns, y: np.ndarray, frame: pd.DataFrame, source: UserTable) -> ReadTable:
    import numpy as np
    import pandas as pd

    assert source.roles.test is not None
    X = train.X
    tested, y_test = read_columns(source.roles.test, _like(train, source))
    X_test = tested.X
    both = pd.DataFrame({name: _stacked(X[name], X_test[name], source) for name in X.columns})
    if source.role_columns:
        frame = pd.concat([frame, read_role_columns(source.roles.test, source.role_columns)])
    else:
        frame = both.iloc[:, :0]
    frame = frame.reset_index(drop=True)
    _check_length(frame, len(both), source)
    roles = row_roles(frame, source.roles, source.name)
    is_test = np.arange(len(both)) >= len(X)
    roles = replace(roles, is_test=is_test)
    return ReadTable(both, np.concatenate([y, y_test]), roles, (*train.findings, *tested.findings))


def _like(train: Columns, source: UserTable) -> _LikeTrainingRows:
    import pandas as pd

    X = train.X
    categories = {
        str(name): column.cat for name, column in X.items() if isinstance(column.dtype, pd.CategoricalDtype)
    }
    return _LikeTrainingRows(
        name=source.name,
        target=source.target,
        minority=source.minority,
        columns=tuple(map(str, X.columns)),
        nominal=tuple(name for name, known in categories.items() if not known.ordered),
        ordinal=tuple((name, tuple(known.categories)) for name, known in categories.items() if known.ordered),
        role_columns=source.role_columns,
        readings={name: one for name, one in train.readings.items() if name in X and name not in categories},
    )


def _stacked(column: pd.Series, below: pd.Series, source: UserTable) -> pd.Series:
    """Put the test rows of a feature below the others; the categories of both are its categories."""
    import pandas as pd

    assert source.roles.test is not None
    if not isinstance(column.dtype, pd.CategoricalDtype):
        if isinstance(below.dtype, pd.CategoricalDtype):
            raise ConfigError(
                f"{source.name}: expected numbers in column {column.name!r} of {source.roles.test.name}, as "
                f"in {source.file.name}, got words such as {below.cat.categories[0]!r}: correct them, "
                "or list the column under 'nominal'"
            )
        return pd.concat([column, below], ignore_index=True)
    if column.dtype.ordered:
        return pd.concat([column, below.astype(column.dtype)], ignore_index=True)
    categories = sorted({*column.cat.categories, *below.cat.categories})
    dtype = pd.CategoricalDtype(categories)
    return pd.concat([column.astype(dtype), below.astype(dtype)], ignore_index=True)


def _check_length(frame: pd.DataFrame, n_rows: int, source: UserTable) -> None:
    if source.role_columns and len(frame) != n_rows:
        raise ConfigError(
            f"{source.name}: expected a value of {', '.join(source.role_columns)} in each of {n_rows} rows, "
            f"got {len(frame)}: the file has lines of another form; write it anew"
        )
