"""The tables that samplers of typed rows take, and how to read and to lengthen each.

Levels are never made: a synthetic row's level is taken from a row that has it, so that categories, their
order and the types of columns are kept whatever they are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import pandas as pd
import pyarrow as pa

from smote_impls.tables.containers import column_of_type

__all__ = ["Column", "TableKind", "kind_of"]


@dataclass(frozen=True, eq=False)
class Column:
    """A column of some table, with its type as text."""

    values: Any
    dtype_name: str

    def __len__(self) -> int:
        return len(self.values)


class TableKind(Protocol):
    """What one library's tables, or arrays, have in common."""

    is_array: bool
    label: str

    def prepare(self, X: Any) -> Any:
        """Return what is checked and read: of arrays and lists an array."""

    def names(self, X: Any) -> Sequence[Any]:
        """Return the names of the columns."""

    def n_rows(self, X: Any) -> int:
        """Return the number of rows."""

    def column(self, X: Any, j: int) -> Column:
        """Return a column."""

    def is_nominal(self, column: Column) -> bool:
        """Return whether a column's type says that it holds categories."""

    def is_numeric(self, column: Column) -> bool:
        """Return whether a column holds numbers."""

    def numbers(self, column: Column) -> np.ndarray:
        """Return a numeric column as an array of its own type; missing values are NaN."""

    def levels(self, column: Column) -> Any:
        """Return a categorical column as something that pandas can factorize."""

    def append(self, X: Any, donors: Mapping[int, np.ndarray], numbers: Mapping[int, np.ndarray]) -> Any:
        """Return the table with rows more: levels of the rows `donors`, and `numbers`, by column."""


def kind_of(X: Any) -> TableKind:
    """Return what is known of a table's kind.

    Raises
    ------
    TypeError
        If it is a table of a library that is not known.
    """
    if isinstance(X, pd.DataFrame):
        return PandasKind()
    library = type(X).__module__.partition(".")[0]
    if isinstance(X, pa.Table):
        return PyarrowKind()
    if library == "polars" and hasattr(X, "to_series"):
        return PolarsKind()
    if hasattr(X, "__arrow_c_stream__"):
        raise TypeError(
            "Expected X as a DataFrame of pandas or polars, a pyarrow Table, an ndarray or a list, got a "
            f"{library} {type(X).__name__}. Convert it to one of these, as by pyarrow.table(X)."
        )
    return ListKind() if isinstance(X, list) else ArrayKind()


class PandasKind:
    """Data frames of pandas."""

    is_array = False
    label = "a pandas DataFrame"

    def prepare(self, X: Any) -> Any:
        return X

    def names(self, X: Any) -> Sequence[Any]:
        return list(X.columns)

    def n_rows(self, X: Any) -> int:
        return len(X)

    def column(self, X: Any, j: int) -> Column:
        values = X.iloc[:, j]
        return Column(values, str(values.dtype))

    def is_nominal(self, column: Column) -> bool:
        dtype = column.values.dtype
        types = pd.api.types
        return bool(
            isinstance(dtype, pd.CategoricalDtype)
            or types.is_bool_dtype(dtype)
            or types.is_object_dtype(dtype)
            or types.is_string_dtype(dtype)
        )

    def is_numeric(self, column: Column) -> bool:
        types, dtype = pd.api.types, column.values.dtype
        return bool(types.is_numeric_dtype(dtype) and not types.is_complex_dtype(dtype)) or (
            types.is_object_dtype(dtype) and _all_numbers(column.values)
        )

    def numbers(self, column: Column) -> np.ndarray:
        values, dtype = column.values, column.values.dtype
        if values.isna().any() or pd.api.types.is_object_dtype(dtype):
            return _native(np.asarray(values.to_numpy(dtype=object, na_value=np.nan)))
        kept = dtype.subtype if isinstance(dtype, pd.SparseDtype) else getattr(dtype, "numpy_dtype", dtype)
        return np.asarray(values, dtype=kept)

    def levels(self, column: Column) -> Any:
        return column.values

    def append(self, X: Any, donors: Mapping[int, np.ndarray], numbers: Mapping[int, np.ndarray]) -> Any:
        made = []
        for j in range(X.shape[1]):
            column = X.iloc[:, j]
            if j in donors:
                made.append(column.take(donors[j]).reset_index(drop=True))
            elif column.dtype == object:
                made.append(pd.Series(_like_objects(numbers[j], column), dtype=object))
            else:
                made.append(pd.Series(column_of_type(numbers[j], column.dtype)))
        appended = pd.concat(made, axis=1)
        appended.columns = X.columns
        return pd.concat([X, appended], ignore_index=True) if len(appended) else X.reset_index(drop=True)


class PolarsKind:
    """Data frames of polars, which is asked by its own objects alone: it need not be installed."""

    is_array = False
    label = "a polars DataFrame"

    def prepare(self, X: Any) -> Any:
        return X

    def names(self, X: Any) -> Sequence[Any]:
        return list(X.columns)

    def n_rows(self, X: Any) -> int:
        return int(X.height)

    def column(self, X: Any, j: int) -> Column:
        values = X.to_series(j)
        return Column(values, str(values.dtype))

    def is_nominal(self, column: Column) -> bool:
        return column.dtype_name.partition("(")[0] in ("String", "Categorical", "Enum", "Boolean")

    def is_numeric(self, column: Column) -> bool:
        return bool(column.values.dtype.is_numeric()) or column.dtype_name == "Boolean"

    def numbers(self, column: Column) -> np.ndarray:
        # Of a column with nulls this is a float column, with NaN in their places.
        values = column.values.to_numpy()
        return np.asarray(values, dtype=np.float64) if values.dtype == object else np.asarray(values)

    def levels(self, column: Column) -> Any:
        return np.array(column.values.to_list(), dtype=object)

    def append(self, X: Any, donors: Mapping[int, np.ndarray], numbers: Mapping[int, np.ndarray]) -> Any:
        made = []
        for j in range(X.width):
            column = X.to_series(j)
            if j in donors:
                made.append(column.gather(donors[j]))
            else:
                values = _rounded(numbers[j], column.dtype.is_float())
                made.append(type(column)(column.name, values).cast(column.dtype))
        return X.vstack(type(X)(made)).rechunk() if X.width else X.clone()


class PyarrowKind:
    """Tables of pyarrow."""

    is_array = False
    label = "a pyarrow Table"

    def prepare(self, X: Any) -> Any:
        return X

    def names(self, X: Any) -> Sequence[Any]:
        return list(X.column_names)

    def n_rows(self, X: Any) -> int:
        return int(X.num_rows)

    def column(self, X: Any, j: int) -> Column:
        values = X.column(j)
        return Column(values, str(values.type))

    def is_nominal(self, column: Column) -> bool:
        of = column.values.type
        return bool(
            pa.types.is_dictionary(of)
            or pa.types.is_string(of)
            or pa.types.is_large_string(of)
            or pa.types.is_string_view(of)
            or pa.types.is_boolean(of)
        )

    def is_numeric(self, column: Column) -> bool:
        of = column.values.type
        return bool(pa.types.is_integer(of) or pa.types.is_floating(of) or pa.types.is_boolean(of))

    def numbers(self, column: Column) -> np.ndarray:
        values = column.values.to_numpy()
        return _native(values) if values.dtype == object else np.asarray(values)

    def levels(self, column: Column) -> Any:
        return column.values.to_pandas()

    def append(self, X: Any, donors: Mapping[int, np.ndarray], numbers: Mapping[int, np.ndarray]) -> Any:
        unified = X.unify_dictionaries()
        made = []
        for j, field in enumerate(X.schema):
            if j in donors:
                made.append(unified.column(j).take(pa.array(donors[j])))
            else:
                values = _rounded(numbers[j], pa.types.is_floating(field.type))
                made.append(pa.chunked_array([pa.array(values).cast(field.type)], type=field.type))
        return pa.concat_tables([unified, pa.Table.from_arrays(made, schema=X.schema)])


class ArrayKind:
    """Arrays, whose columns have no names: of numbers, of texts, of objects."""

    is_array = True
    label = "an array"

    def prepare(self, X: Any) -> Any:
        return X

    def names(self, X: Any) -> Sequence[Any]:
        return range(X.shape[1])

    def n_rows(self, X: Any) -> int:
        return len(X)

    def column(self, X: Any, j: int) -> Column:
        return Column(X[:, j], str(X.dtype))

    def is_nominal(self, column: Column) -> bool:
        return column.values.dtype.kind in "bUST" or (
            column.values.dtype == object and not _all_numbers(column.values)
        )

    def is_numeric(self, column: Column) -> bool:
        return column.values.dtype.kind in "biuf" or (
            column.values.dtype == object and _all_numbers(column.values)
        )

    def numbers(self, column: Column) -> np.ndarray:
        return _native(column.values) if column.values.dtype == object else column.values

    def levels(self, column: Column) -> Any:
        values = column.values
        return values.astype(object) if values.dtype.kind in "US" else values

    def append(self, X: Any, donors: Mapping[int, np.ndarray], numbers: Mapping[int, np.ndarray]) -> Any:
        X = np.asarray(X)
        n_made = len(next(iter({**donors, **numbers}.values())))
        out = np.empty((len(X) + n_made, X.shape[1]), dtype=X.dtype)
        out[: len(X)] = X
        for j, rows in donors.items():
            out[len(X) :, j] = X[rows, j]
        for j, values in numbers.items():
            out[len(X) :, j] = (
                _like_objects(values, X[:, j])
                if X.dtype == object
                else _rounded(values, X.dtype.kind == "f").astype(X.dtype)
            )
        return out


class ListKind(ArrayKind):
    """Lists of rows."""

    label = "a list"

    def prepare(self, X: Any) -> Any:
        same = {len(row) for row in X if hasattr(row, "__len__") and not isinstance(row, str)}
        if X and len(same) != 1:
            raise ValueError(
                f"Expected X as a list of rows of one length, got lengths {sorted(same) or 'none'}. "
                "Give a list of lists."
            )
        rows = np.empty((len(X), *same), dtype=object)
        for i, row in enumerate(X):
            rows[i] = row
        return rows

    def append(self, X: Any, donors: Mapping[int, np.ndarray], numbers: Mapping[int, np.ndarray]) -> Any:
        out = super().append(self.prepare(X), donors, numbers)
        return out.tolist()


def _all_numbers(values: Any) -> bool:
    return pd.api.types.infer_dtype(values, skipna=True) in (
        "integer",
        "floating",
        "mixed-integer-float",
        "empty",
    )


def _native(values: np.ndarray) -> np.ndarray:
    """Return objects that are numbers as an array of integers, or else of floats, where None is NaN."""
    if pd.api.types.infer_dtype(values, skipna=False) == "integer":
        try:
            return values.astype(np.int64)
        except OverflowError:
            return values.astype(np.float64)
    return np.asarray([np.nan if value is None or value is pd.NA else value for value in values], np.float64)


def _like_objects(values: np.ndarray, column: Any) -> np.ndarray:
    """Return numbers for a column of objects: Python's integers where all of its values are, else floats."""
    if pd.api.types.infer_dtype(column, skipna=False) == "integer":
        values = _rounded(values, is_float=False)
        values = values if values.dtype.kind in "iu" else values.astype(np.int64)
    made = np.empty(len(values), dtype=object)
    made[:] = values.tolist()
    return made


def _rounded(values: np.ndarray, is_float: bool) -> np.ndarray:
    return values if is_float or values.dtype.kind != "f" else np.rint(values)
