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
from smote_bench.data.tables.wrong_cells import with_lines
from smote_bench.data.values.number_marks import NumberMarks, mark_of_columns, plain_cell

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
    with with_lines(path, layout):
        file = read_file(path, layout)
    frame = file.frame
    others = {layout.target, *layout.role_columns, *dropped(layout)}
    names = layout.columns or tuple(name for name in frame.columns if name not in others)
    with with_lines(path, layout):
        marks = _marks(file, names, layout)
        orders = _orders(file, layout)
        typed = typed_features(frame, names, layout, path, orders=orders, marks=marks, marked=file.markers)
    huge = [] if layout.kinds_stated else extreme_findings(frame[list(names)], layout, path)
    found = (*file.findings, *huge, *typed.findings)
    return replace(typed, findings=found, file=file), file.labels.binary(layout)


def _orders(file: FileColumns, layout: Layout) -> dict[str, tuple[str, ...]]:
    """Return orders of categories, which may be written as the file has them before its numbers are plain."""
    orders = dict(layout.ordinal)
    marks = file.marks
    if marks is None or not (marks.has_marks or marks.decimal == ","):
        return orders
    own = dict(marks.own)
    for name, order in orders.items():
        there = {str(text) for text in file.frame[name].dropna().unique()}
        plain = {one: plain_cell(one, own.get(name, marks.decimal)) for one in order if one not in there}
        taken = {one: text for one, text in plain.items() if text in there - {*order}}
        orders[name] = tuple(dict.fromkeys(taken.get(one, one) for one in order))
    return orders


def _marks(file: FileColumns, names: Sequence[str], layout: Layout) -> NumberMarks:
    """Return the decimal mark of a text file's cells: a point where the file says it, as they are plain then.

    In a comma-separated file the columns with quoted commas say it for each other, and `examples` which.
    """
    import pandas as pd

    if file.marks is None or file.marks.own or layout.kinds_stated:
        return NumberMarks()
    if file.marks.unclear and file.marks.decimal == ".":
        return NumberMarks()
    if file.marks.is_known or file.marks.unclear:
        return NumberMarks(".", is_known=True)
    columns = {name: file.frame[name] for name in names if name not in layout.nominal}
    texts = {name: one for name, one in columns.items() if pd.api.types.is_string_dtype(one.dtype)}
    if not texts:
        return NumberMarks()
    points = {name: shown for name, column in columns.items() if (shown := _fraction(column))}
    distinct = {
        name: [text for text in column.unique()[:_LOOKED_AT] if isinstance(text, str)]
        for name, column in texts.items()
    }
    return mark_of_columns(distinct, with_points=points)


def _fraction(column: pd.Series) -> str:
    """Return a number of a column that is no whole one; empty where there is none."""
    import numpy as np
    import pandas as pd

    if not pd.api.types.is_float_dtype(column.dtype):
        return ""
    for start in range(0, len(column), _LOOKED_AT):  # one of the first rows has one, as a rule
        values = column.iloc[start : start + _LOOKED_AT].to_numpy(dtype=np.float64, na_value=np.nan)
        is_part = np.mod(np.where(np.isfinite(values), values, 0), 1) != 0
        if is_part.any():
            return f"{values[int(is_part.argmax())]:.12g}"
    return ""
