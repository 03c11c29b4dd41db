"""Reading a file into features and a binary target, the same way on every machine.

A table is read by a layout: which column is the target, which of its rows are the minority, and which
features are nominal or ordinal. Cards and users' own files are both layouts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from smote_bench.data.tables.extreme_numbers import extreme_findings
from smote_bench.data.tables.file_columns import FileColumns, read_file
from smote_bench.data.tables.layouts import Layout, dropped
from smote_bench.data.tables.table_columns import Columns, typed_features
from smote_bench.data.values.number_marks import mark_of_columns

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

__all__ = ["Layout", "read_columns", "read_table"]

_LOOKED_AT = 5_000


def read_table(path: Path, layout: Layout) -> tuple[pd.DataFrame, np.ndarray]:
    """Read a file into features and a binary target.

    Parameters
    ----------
    path : Path
        One of the formats of `smote_bench.data.files.formats`.
    layout : Layout
        The target, the minority and the kinds of the columns.

    Returns
    -------
    X : DataFrame of shape (n_samples, n_features)
        Numeric features as float64 with NaN for missing, nominal as ``category``, ordinal as ordered
        ``category``.
    y : ndarray of shape (n_samples,), int64
        1 for the minority, 0 for the majority.

    Raises
    ------
    ConfigError
        If a column is not there or not of its kind, or if the target has no such minority.
    """
    columns, y = read_columns(path, layout)
    return columns.X, y


def read_columns(path: Path, layout: Layout) -> tuple[Columns, np.ndarray]:
    """Read a file as `read_table` does, with what was found by that."""
    file = read_file(path, layout)
    frame = file.frame
    others = {layout.target, *layout.role_columns, *dropped(layout)}
    names = layout.columns or tuple(name for name in frame.columns if name not in others)
    typed = typed_features(frame, names, layout, path, decimal=_decimal(file, names, layout))
    huge = [] if layout.kinds_stated else extreme_findings(frame[list(names)], layout, path)
    found = (*file.findings, *huge, *typed.findings)
    return replace(typed, findings=found, file=file), file.labels.binary(layout)


def _decimal(file: FileColumns, names: Sequence[str], layout: Layout) -> str:
    """Return the decimal mark of a text file's cells: a point where the file says it, as they are plain then.

    In a comma-separated file the columns with quoted commas say it for each other.
    """
    import pandas as pd

    if file.marks is None or file.marks.own or file.marks.unclear or layout.kinds_stated:
        return ""
    if file.marks.is_known:
        return "."
    columns = [file.frame[name] for name in names if name not in layout.nominal]
    texts = [column for column in columns if pd.api.types.is_string_dtype(column.dtype)]
    if not texts:
        return ""
    has_points = any(map(_has_fractions, columns))
    distinct = (column.dropna().astype(str).unique()[:_LOOKED_AT].tolist() for column in texts)
    return mark_of_columns(distinct, has_points=has_points)


def _has_fractions(column: pd.Series) -> bool:
    import numpy as np
    import pandas as pd

    if not pd.api.types.is_float_dtype(column.dtype):
        return False
    values = column.to_numpy(dtype=np.float64, na_value=np.nan)
    return bool((np.mod(values[np.isfinite(values)], 1) != 0).any())
