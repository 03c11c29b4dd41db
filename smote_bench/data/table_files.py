"""Reading a file into features and a binary target, the same way on every machine.

A table is read by a layout: which column is the target, which of its rows are the minority, and which
features are nominal or ordinal. Cards and users' own files are both layouts.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from smote_bench.data.extreme_numbers import extreme_findings
from smote_bench.data.file_columns import FileColumns, read_file
from smote_bench.data.findings import Finding
from smote_bench.data.layouts import Layout, dropped
from smote_bench.data.table_columns import Columns, typed_features

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

__all__ = ["Layout", "check_table", "read_columns", "read_table"]


def read_table(path: Path, layout: Layout) -> tuple[pd.DataFrame, np.ndarray]:
    """Read a file into features and a binary target.

    Parameters
    ----------
    path : Path
        One of the formats of `smote_bench.data.formats`.
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


def check_table(path: Path, layout: Layout) -> tuple[Finding, ...]:
    """Read a file as `read_table` does; return what was read otherwise than it stands there, or left out."""
    return read_columns(path, layout)[0].findings


def read_columns(path: Path, layout: Layout) -> tuple[Columns, np.ndarray]:
    """Read a file as `read_table` does, with what was found by that."""
    file = read_file(path, layout)
    frame = file.frame
    others = {layout.target, *layout.role_columns, *dropped(layout)}
    names = layout.columns or tuple(name for name in frame.columns if name not in others)
    typed = typed_features(frame, names, layout, path, decimal=_decimal(file))
    huge = [] if layout.kinds_stated else extreme_findings(frame[list(names)], layout, path)
    found = (*file.findings, *huge, *typed.findings)
    return replace(typed, findings=found, file=file), file.labels.binary(layout)


def _decimal(file: FileColumns) -> str:
    """Return the decimal mark of the cells of a text file that says it: they are written with a point."""
    return "." if file.marks is not None and file.marks.is_known and not file.marks.own else ""
