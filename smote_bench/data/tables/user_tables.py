"""A user's table with its roles; the rows of a test file stand below those of the file that trains."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from smote_bench.data.files.read_keys import ReadKeys, read_keys
from smote_bench.data.findings import Finding, yaml_name
from smote_bench.data.positive import Positive
from smote_bench.data.roles.columns import role_findings, row_roles
from smote_bench.data.roles.given_classes import check_classes
from smote_bench.data.roles.groups import check_groups
from smote_bench.data.roles.keys import RoleKeys
from smote_bench.data.roles.rows import RowRoles
from smote_bench.data.roles.spellings import group_id
from smote_bench.data.roles.weights import check_weighted
from smote_bench.data.tables.doubts_between_files import (
    doubt_of_an_empty_column,
    doubts_of_test_labels,
    doubts_of_test_numbers,
)
from smote_bench.data.tables.kind_keys import KindKeys
from smote_bench.data.tables.layouts import Layout, dropped
from smote_bench.data.tables.readings import Reading
from smote_bench.data.tables.table_columns import Columns
from smote_bench.data.tables.table_files import read_columns
from smote_bench.data.values.conditions import find_condition
from smote_bench.data.values.labels import check_share, number, several, some
from smote_bench.data.values.number_marks import NumberMarks
from smote_bench.errors import ConfigError

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

__all__ = ["ReadTable", "UserTable", "read_user_table"]

_MANY = 0.05


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
    """A user's table: features, target, roles of the rows, and what was found while it was read.

    `keep` says which rows equal no earlier one (`smote_bench.data.rows.first_of_equals`), once it is known;
    `dates` are the features that were read as dates.
    """

    X: pd.DataFrame
    y: np.ndarray
    roles: RowRoles
    findings: tuple[Finding, ...] = ()
    keep: np.ndarray | None = None
    dates: tuple[str, ...] = ()


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


def read_user_table(source: UserTable, own: tuple[Columns, np.ndarray] | None = None) -> ReadTable:
    """Read a user's file, and the file of its test rows where it has one.

    `own` is what `smote_bench.data.tables.table_files.read_columns` gave of the file, if it was read before.

    Raises
    ------
    ConfigError
        If a file cannot be read as described, or the two do not fit together.
    """
    columns, y = own or read_columns(source.file, source)
    frame = _role_columns(columns, source)
    if source.roles.test is not None:
        return _with_test_file(columns, y, frame, source)
    roles = row_roles(frame, source.roles, source.name, read_keys(source))
    check_groups(frame, source.roles, roles.is_test, source.name)
    if roles.is_test is not None:
        _check_minority(y[~roles.is_test], source)
    check_weighted(y, roles, source.name, source.roles.weights)
    said = role_findings(frame, source.roles, roles)
    together = _shared_ids(_others(columns, source), columns.X, y, roles, source)
    found = (*columns.findings, *said, *together)
    return ReadTable(columns.X, y, roles, found, dates=columns.dates)


def _role_columns(columns: Columns, source: UserTable) -> pd.DataFrame:
    assert columns.file is not None
    return columns.file.frame[list(source.role_columns)]


def _others(columns: Columns, source: UserTable) -> pd.DataFrame:
    """Return the columns of a file that are not the target and have no role, as they stand there."""
    assert columns.file is not None
    known = {source.target, *source.role_columns}
    return columns.file.frame[[name for name in columns.file.frame if name not in known]]


def _shared_ids(
    others: pd.DataFrame, X: pd.DataFrame, y: np.ndarray, roles: RowRoles, source: UserTable
) -> list[Finding]:
    """Return the columns by which rows, or their groups, belong together; none where rows have a time.

    Later rows of a customer who is known are what a split by time asks for.
    """
    if roles.times is not None:
        return []
    from smote_bench.data.leaks.given_groups import that_join_rows
    from smote_bench.data.leaks.shared_ids import shared_id_leaks

    groups, features = that_join_rows(roles.groups), [str(name) for name in X]
    return shared_id_leaks(
        others, y, roles.is_test, groups=groups, dropped=dropped(source), features=features
    )


def _check_minority(y: np.ndarray, source: UserTable) -> None:
    """Check that the minority is the rarer class of the rows that train."""
    check_share(
        int(y.sum()),
        len(y),
        source.minority,
        name=source.name,
        column=source.target,
        file=f"the rows that train in {source.file.name}",
    )


def _with_test_file(train: Columns, y: np.ndarray, frame: pd.DataFrame, source: UserTable) -> ReadTable:
    import numpy as np
    import pandas as pd

    assert source.roles.test is not None
    X = train.X
    tested, y_test = read_columns(source.roles.test, _like(train, source))
    assert tested.file is not None
    check_classes(y_test, "test", source, tested.file.labels.texts)
    found = {name: _in_known_spelling(X[name], tested.X[name], source) for name in X.columns}
    X_test = {name: column for name, (column, _) in found.items()}
    said = [finding for _, findings in found.values() for finding in findings]
    said += [finding for name in X.columns for finding in _new_categories(X[name], X_test[name], source)]
    said += _not_to_train(train, tested, source)
    files = source.file.name, source.roles.test.name
    for name in X.columns:
        said += doubts_of_test_numbers(X[name], X_test[name], *files)
        said += doubt_of_an_empty_column(X[name], tested.X[name], *files)
    said += _new_labels(train, tested, source)
    both = pd.DataFrame({name: _stacked(X[name], X_test[name], source) for name in X.columns})
    roles, frame = _roles_of_both(frame, _role_columns(tested, source), source)
    is_test = np.arange(len(both)) >= len(X)
    roles = replace(roles, is_test=is_test)
    check_groups(frame, source.roles, is_test, source.name)
    said += role_findings(frame, source.roles, roles)
    y = np.concatenate([y, y_test])
    check_weighted(y, roles, source.name, source.roles.weights)
    others = pd.concat([_others(train, source), _others(tested, source)], join="inner", ignore_index=True)
    said += _shared_ids(others, both, y, roles, source)
    found_in_all = (*train.findings, *tested.findings, *said)
    return ReadTable(both, y, roles, found_in_all, dates=train.dates)


def _roles_of_both(
    trains: pd.DataFrame, tests: pd.DataFrame, source: UserTable
) -> tuple[RowRoles, pd.DataFrame]:
    """Return the roles of the rows of both files; errors count the rows of the file that has the cell."""
    import pandas as pd

    assert source.roles.test is not None
    keys, read = source.roles, read_keys(source)
    frame = pd.concat([trains, tests]).reset_index(drop=True)
    try:
        return row_roles(frame, keys, source.name, read), frame
    except ConfigError as error:
        files = source.file.name, source.roles.test.name
        for part, file in zip((trains, tests), files, strict=True):
            row_roles(part, keys, f"{source.name}, {file}", read)
        raise ConfigError(
            f"{error} (rows of {files[1]} are counted below those of {files[0]}; each file can be read by "
            "itself: write them alike)"
        ) from error


def _new_labels(train: Columns, tested: Columns, source: UserTable) -> list[Finding]:
    """Name the labels that a test file alone has; a condition knows them all."""
    assert source.roles.test is not None
    assert train.file is not None
    assert tested.file is not None
    known, labels = train.file.labels.texts, tested.file.labels
    if any(find_condition(one, known) for one in several(train.file.labels.minority_of(source))):
        return []
    counts = dict(zip(labels.texts, labels.counts, strict=True))
    return doubts_of_test_labels(known, counts, source.file.name, source.roles.test.name)


def _not_to_train(train: Columns, tested: Columns, source: UserTable) -> list[Finding]:
    """Name the columns that a test file alone has: no feature can be made of them."""
    assert source.roles.test is not None
    assert train.file is not None
    assert tested.file is not None
    known = {*map(str, train.file.frame), *dropped(source), *(finding.column for finding in train.findings)}
    more = [str(name) for name in tested.file.frame if str(name) not in known]
    more = [name for name in more if name != source.target]
    if not more:
        return []
    plural = "columns" if len(more) > 1 else "column"
    said = (
        f"{source.roles.test.name}: {plural} {some(more)}, which {source.file.name} has not, "
        f"{'are' if len(more) > 1 else 'is'} left out"
    )
    return [Finding("read", "", said)]


def _like(train: Columns, source: UserTable) -> _LikeTrainingRows:
    import pandas as pd

    X = train.X
    categories = {
        str(name): column.cat for name, column in X.items() if isinstance(column.dtype, pd.CategoricalDtype)
    }
    return _LikeTrainingRows(
        name=source.name,
        target=source.target,
        minority=train.file.labels.minority_of(source) if train.file else source.minority,
        columns=tuple(map(str, X.columns)),
        nominal=tuple(name for name, known in categories.items() if not known.ordered),
        ordinal=tuple((name, tuple(known.categories)) for name, known in categories.items() if known.ordered),
        role_columns=source.role_columns,
        majority=getattr(source, "majority", ()),
        positive=getattr(source, "positive", None),
        read=read_keys(source),
        readings={name: one for name, one in train.readings.items() if name in X and name not in categories},
        marks=_marks_for_a_test_file(train, categories),
        beside=source.file,
    )


def _marks_for_a_test_file(train: Columns, categories: Iterable[str]) -> NumberMarks | None:
    """Return the decimal mark of a file that trains, and its columns of categories; None if it has none."""
    marks = train.file.marks if train.file else None
    return None if marks is None or not marks.is_found else replace(marks, categories=tuple(categories))


def _in_known_spelling(
    column: pd.Series, below: pd.Series, source: UserTable
) -> tuple[pd.Series, list[Finding]]:
    """Give categories of a test file, such as ``1.0``, the spelling of the file that trains: ``1``."""
    import pandas as pd

    assert source.roles.test is not None
    if not all(
        isinstance(one.dtype, pd.CategoricalDtype) and not one.dtype.ordered for one in (column, below)
    ):
        return below, []
    known = [str(text) for text in column.cat.categories]
    numbers = [_exactly(text) for text in known]
    alike = Counter(numbers)
    spelling = {value: text for value, text in zip(numbers, known, strict=True) if alike[value] == 1}
    respelt = {
        text: spelling[value]
        for text in map(str, below.cat.categories)
        if text not in column.cat.categories and (value := _exactly(text)) is not None and value in spelling
    }
    if not respelt:
        return below, []
    first, meant = next(iter(respelt.items()))
    finding = Finding(
        "read",
        str(column.name),
        f"{source.roles.test.name}: column {str(column.name)!r}: {len(respelt)} categories such as {first!r} "
        f"are written otherwise than in {source.file.name}, they are taken for equal numbers, {meant!r}",
        "write them alike if that is wrong",
    )
    texts = below.astype(object).map(lambda text: respelt.get(text, text), na_action="ignore")
    return texts.astype(pd.CategoricalDtype(sorted(set(texts.dropna())))), [finding]


def _new_categories(column: pd.Series, below: pd.Series, source: UserTable) -> list[Finding]:
    """Name the categories of a test file that the file that trains has not: no feature stands for them."""
    import pandas as pd

    assert source.roles.test is not None
    if not all(isinstance(one.dtype, pd.CategoricalDtype) for one in (column, below)):
        return []
    known = set(column.dropna().unique())
    new = [text for text in below.value_counts().index if text not in known]
    n_rows = int(below.isin(new).sum())
    if not n_rows:
        return []
    name = str(column.name)
    rows = f"{n_rows:,} of {len(below):,} rows"
    said = (
        f"{source.roles.test.name}: column {name!r} has {len(new):,} categories in {rows} that "
        f"{source.file.name} has not ({some(new)}): no model has learnt them, and no feature stands for them"
    )
    kind = "suspect" if n_rows > _MANY * len(below) else "read"
    return [Finding(kind, name, said, f"correct them, or 'drop: [{yaml_name(name)}]' leaves the column out")]


def _exactly(text: str) -> Hashable:
    """Return a text's number, None if it is none; no two long ones are equal, as they are as floats."""
    return None if number(text) is None else group_id(text)


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
        if column.dtype != below.dtype:  # truth values, with gaps in one of the files
            column, below = column.astype("float64"), below.astype("float64")
        return pd.concat([column, below], ignore_index=True)
    if column.dtype.ordered:
        return pd.concat([column, below.astype(column.dtype)], ignore_index=True)
    categories = sorted({*column.cat.categories, *below.cat.categories})
    dtype = pd.CategoricalDtype(categories)
    return pd.concat([column.astype(dtype), below.astype(dtype)], ignore_index=True)
