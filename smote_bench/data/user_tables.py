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
from smote_bench.data.number_marks import NumberMarks
from smote_bench.data.positive import Positive
from smote_bench.data.read_keys import ReadKeys, read_keys
from smote_bench.data.role_columns import row_roles
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


@dataclass(frozen=True, eq=False)
class ReadTable:
    """A user's table: features, target, roles of the rows, and what was found while it was read."""

    X: pd.DataFrame
    y: np.ndarray
    roles: RowRoles
    findings: tuple[Finding, ...] = ()


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
    majority: tuple[str, ...]
    positive: Positive | None
    read: ReadKeys
    readings: Mapping[str, Reading]
    marks: NumberMarks | None
    beside: Path

    kinds_stated = False
    kind_keys = KindKeys()


def read_user_table(source: UserTable) -> ReadTable:
    """Read a user's file, and the file of its test rows where it has one.

    Raises
    ------
    ConfigError
        If a file cannot be read as described, or the two do not fit together.
    """
    columns, y = read_columns(source.file, source)
    frame = _role_columns(columns, source)
    if source.roles.test is not None:
        return _with_test_file(columns, y, frame, source)
    return ReadTable(columns.X, y, row_roles(frame, source.roles, source.name), columns.findings)


def _role_columns(columns: Columns, source: UserTable) -> pd.DataFrame:
    assert columns.file is not None
    return columns.file.frame[list(source.role_columns)]


def _with_test_file(train: Columns, y: np.ndarray, frame: pd.DataFrame, source: UserTable) -> ReadTable:
    import numpy as np
    import pandas as pd

    assert source.roles.test is not None
    X = train.X
    tested, y_test = read_columns(source.roles.test, _like(train, source))
    X_test = tested.X
    both = pd.DataFrame({name: _stacked(X[name], X_test[name], source) for name in X.columns})
    frame = pd.concat([frame, _role_columns(tested, source)]).reset_index(drop=True)
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
        majority=getattr(source, "majority", ()),
        positive=getattr(source, "positive", None),
        read=read_keys(source),
        readings={name: one for name, one in train.readings.items() if name in X and name not in categories},
        marks=train.file.marks if train.file and train.file.marks and train.file.marks.is_found else None,
        beside=source.file,
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
