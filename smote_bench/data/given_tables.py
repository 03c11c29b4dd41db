"""Tables in memory that are given in place of a file: kept as Parquet, where every process can read them."""

from __future__ import annotations

import hashlib
import io
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from smote_bench.data.providers import cache_folder
from smote_bench.data.tables.pandas_types import storable
from smote_bench.errors import ConfigError

__all__ = ["given_file", "is_table", "keep_table"]

_COLUMNS = ("target", "groups", "time", "split", "weights", "sample_weight", "nominal", "drop", "keep")
"""Keys of an entry that name columns."""


def is_table(value: object) -> bool:
    """Tell whether a value is a table of pandas, polars, pyarrow or another library that Arrow can read."""
    return not isinstance(value, type) and hasattr(value, "__arrow_c_stream__") and hasattr(value, "columns")


def given_file(entry: Mapping[str, Any], key: str) -> Any:
    """Return what an entry has for a file, as text where it is a path or a table.

    Parameters
    ----------
    entry : mapping
        Of a data set, as in an experiment.
    key : {"file", "test"}

    Raises
    ------
    ConfigError
        If it is an array, whose columns have no names, or if a key names the index of a table.
    """
    value = entry[key]
    if isinstance(value, os.PathLike):
        return os.fspath(value)
    if is_table(value):
        _check_index(value, entry, key)
        return os.fspath(keep_table(value))
    if shape := getattr(value, "shape", ()):
        raise ConfigError(
            f"expected a path or a table of pandas, polars or pyarrow for {key!r}, got an object of class "
            f"{type(value).__name__} and shape {tuple(shape)}, whose columns have no names: give "
            "'pandas.DataFrame(array, columns=[...])', with the target among them"
        )
    return value


def _check_index(value: Any, entry: Mapping[str, Any], key: str) -> None:
    """Check that no key names the index of a frame of pandas, which is no column."""
    index = getattr(value, "index", None)
    levels = {str(level) for level in getattr(index, "names", ()) if level is not None}
    levels -= set(map(str, value.columns))
    for asked, column in _named_columns(entry):
        if column in levels:
            raise ConfigError(
                f"expected a column {column!r}, which {asked!r} names, in the table of {key!r}, got an index "
                "of that name, which is no column: give the table with 'reset_index()'"
            )


def _named_columns(entry: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for key in _COLUMNS:
        named = entry.get(key)
        for column in named if isinstance(named, list | tuple) else [named]:
            if isinstance(column, str):
                yield key, column


def keep_table(value: Any) -> Path:
    """Write a table into the cache, under a name made of its content.

    Parameters
    ----------
    value : table of shape (n_rows, n_columns)
        As `is_table` tells. The index of a pandas frame is no column.

    Returns
    -------
    Path
        Of a Parquet file, the same for the same table.

    Raises
    ------
    ConfigError
        If Arrow cannot write a column, or the columns' names are no names of columns.
    """
    from pyarrow import parquet

    written = io.BytesIO()
    try:
        parquet.write_table(_arrow(value), written)
    except ConfigError:
        raise
    except (TypeError, ValueError, NotImplementedError, OverflowError) as error:
        raise ConfigError(
            f"expected a table whose columns have one type each, got {error}: make them one, or give a file"
        ) from error
    content = written.getvalue()
    # messages name the file: the folder has the name that nobody can read
    path = cache_folder() / "tables" / hashlib.sha256(content).hexdigest()[:32] / "table.parquet"
    if not path.is_file():
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(f".{os.getpid()}")
        part.write_bytes(content)
        part.replace(path)
    return path


def _arrow(value: Any) -> Any:
    import pandas as pd
    import pyarrow as pa

    if isinstance(value, pd.DataFrame):
        return pa.Table.from_pandas(storable(value), preserve_index=False)
    # polars' own way has types that every pyarrow can write
    table = value.to_arrow() if hasattr(value, "to_arrow") else pa.table(value)
    for n, column in enumerate(table.schema):
        if pa.types.is_dictionary(column.type) and column.type.ordered:
            table = table.set_column(n, column.name, _with_texts(table.column(n)))
    return table


def _with_texts(column: Any) -> Any:
    """Make texts of the categories of a column of Arrow that have an order: Parquet keeps that of texts."""
    import pyarrow as pa

    chunks = [
        pa.DictionaryArray.from_arrays(
            chunk.indices,
            pa.array([str(one) for one in chunk.dictionary.to_pylist()], pa.string()),
            ordered=True,
        )
        for chunk in column.unify_dictionaries().chunks
    ]
    return pa.chunked_array(chunks) if chunks else column
