"""Tables in memory that are given in place of a file: kept as Parquet, where every process can read them."""

from __future__ import annotations

import hashlib
import io
import os
from pathlib import Path
from typing import Any

from smote_bench.data.providers import cache_folder
from smote_bench.data.tables.pandas_types import storable
from smote_bench.errors import ConfigError

__all__ = ["is_table", "keep_table"]


def is_table(value: object) -> bool:
    """Tell whether a value is a table of pandas, polars, pyarrow or another library that Arrow can read."""
    return not isinstance(value, type) and hasattr(value, "__arrow_c_stream__") and hasattr(value, "columns")


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
    except (TypeError, ValueError, NotImplementedError) as error:
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
