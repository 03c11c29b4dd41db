"""Parquet files: the whole table, or its target alone."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from smote_bench.data.findings import Finding, yaml_name
from smote_bench.data.tables.layouts import Layout, check_columns, dropped, kind_keys
from smote_bench.data.tables.pandas_types import usual_types
from smote_bench.data.tables.saved_indices import index_names, with_index
from smote_bench.data.tables.table_target import Labels, labels_of
from smote_bench.errors import ConfigError

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["parquet_labels", "read_parquet"]


def read_parquet(
    path: Path, layout: Layout, *, check_target: bool = True
) -> tuple[pd.DataFrame, Labels, list[Finding]]:
    """Return a Parquet file's columns, the target among them, its labels, and what is said of its index.

    Raises
    ------
    ConfigError
        If it is no Parquet file, or lacks a column or a class that `layout` names.
    """
    import pandas as pd

    labels = parquet_labels(path, layout)
    if check_target:
        labels.check(layout, path)
    try:
        frame = pd.read_parquet(path)
    except (ValueError, OSError) as error:
        raise _no_parquet(path, layout, error) from error
    frame, found = with_index(frame.rename(columns=str), path.name)
    frame = _with_categories(usual_types(frame), path, layout)
    check_columns(frame.columns, layout, path)
    return frame, labels, found


def _with_categories(frame: pd.DataFrame, path: Path, layout: Layout) -> pd.DataFrame:
    """Make categories of the numbers that were some in pandas: Parquet keeps those of texts alone.

    Of ordered ones Parquet keeps no order of numbers: without one that is stated, they are refused by name.
    """
    import pandas as pd
    from pyarrow import parquet

    known = parquet.read_schema(path).pandas_metadata or {}
    away = {layout.target, *layout.role_columns, *dropped(layout)}
    keys = kind_keys(layout)
    stated = {*layout.nominal, *dict(layout.ordinal), *(keys.columns if keys else ())}
    for column in known.get("columns", ()) if keys is not None else ():
        name = str(column.get("field_name"))
        is_lost = name in frame and not isinstance(frame[name].dtype, pd.CategoricalDtype)
        if column.get("pandas_type") != "categorical" or not is_lost or name in {*away, *stated}:
            continue
        if (column.get("metadata") or {}).get("ordered"):
            shown = yaml_name(name)
            raise ConfigError(
                f"{layout.name}: expected the order of the categories of column {name!r} of {path.name}, "
                "which are numbers and ordered, got none, as Parquet keeps no order of numbers: "
                f"'ordinal: {{{shown}: [...]}}' gives it, lowest first, 'kinds: {{{shown}: ordinal}}' takes "
                "that of the numbers"
            )
        frame[name] = frame[name].astype("category")
    return frame


def parquet_labels(path: Path, layout: Layout) -> Labels:
    """Read the target of a Parquet file, and of the others their names alone."""
    import pyarrow as pa
    from pyarrow import parquet

    try:
        schema = parquet.read_schema(path)
        names = schema.names
        check_columns([*names, *index_names(schema.pandas_metadata, names)], layout, path)
        _check_cells(schema, layout, path)
        twice = [name for name, n in Counter(names).items() if n > 1]
        if twice:
            raise ConfigError(
                f"{layout.name}: expected distinct column names in {path.name}, got {twice[0]!r} more than "
                "once: rename one"
            )
        column = parquet.read_table(path, columns=[layout.target]).column(layout.target)
        encoded = column.combine_chunks().dictionary_encode()
    except ConfigError:
        raise
    except (ValueError, OSError, KeyError, NotImplementedError) as error:
        raise _no_parquet(path, layout, error) from error
    if isinstance(encoded, pa.ChunkedArray):
        encoded = encoded.unify_dictionaries().combine_chunks()
    # Floats by way of numpy, which writes those of single precision with the digits they have.
    found = encoded.dictionary
    values = (
        list(found.to_numpy(zero_copy_only=False)) if pa.types.is_floating(found.type) else found.to_pylist()
    )
    codes = encoded.indices.fill_null(len(values)).to_numpy(zero_copy_only=False)
    return labels_of(values, codes)


def _check_cells(schema: Any, layout: Layout, path: Path) -> None:
    """Refuse lists and structs in cells, but of columns that are left out."""
    import pyarrow as pa

    for column in schema:
        wanted = layout.columns is None or column.name in layout.columns or column.name == layout.target
        kind = column.type.value_type if pa.types.is_dictionary(column.type) else column.type
        if wanted and column.name not in dropped(layout) and pa.types.is_nested(kind):
            raise ConfigError(
                f"{layout.name}: expected numbers or words in column {column.name!r} of {path.name}, got "
                f"cells of {column.type}: make columns of them first, or 'drop: [{yaml_name(column.name)}]' "
                "leaves it out"
            )


def _no_parquet(path: Path, layout: Layout, error: Exception) -> ConfigError:
    return ConfigError(f"{layout.name}: expected a Parquet table in {path}, got {error}: check the file")
