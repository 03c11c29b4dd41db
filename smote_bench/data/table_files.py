"""Reading a file into features and a binary target, the same way on every machine.

A table is read by a layout: which column is the target, which of its rows are the minority, and which
features are nominal or ordinal. Cards and users' own files are both layouts.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from smote_bench.data.csv_rows import CsvRows
from smote_bench.data.findings import Finding
from smote_bench.data.layouts import Layout, check_columns, dropped, kind_keys, markers_of, no_features
from smote_bench.data.parquet_files import parquet_labels, read_parquet
from smote_bench.data.table_columns import Columns, typed_features
from smote_bench.data.table_target import Labels
from smote_bench.data.zero_led_columns import restore_zero_led
from smote_bench.errors import ConfigError

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

__all__ = ["Layout", "check_table", "exact_floats", "read_columns", "read_table"]

_READ_AS_TEXTS = ("nominal", "ordinal", "date")


def read_table(path: Path, layout: Layout) -> tuple[pd.DataFrame, np.ndarray]:
    """Read a CSV or Parquet file into features and a binary target.

    Parameters
    ----------
    path : Path
        ``.parquet``, ``.csv`` or ``.csv.gz``. CSV is comma-separated UTF-8 with a header.
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
    """Read a file as `read_table` does, with what was guessed of its columns."""
    parquet = path.suffix == ".parquet"
    frame, labels = (read_parquet if parquet else _read_csv)(path, layout)
    others = {layout.target, *layout.role_columns, *dropped(layout)}
    names = layout.columns or tuple(name for name in frame.columns if name not in others)
    return typed_features(frame, names, layout, path), labels.binary(layout)


def check_table(path: Path, layout: Layout) -> tuple[Finding, ...]:
    """Check a file as `read_table` does, its columns, its rows and its target, without pandas.

    Returns
    -------
    tuple of Finding
        What is read otherwise than it stands there. What is inside of features, `read_columns` tells.

    Raises
    ------
    ConfigError
        As `read_table`, but for what is wrong inside of features.
    """
    if path.suffix == ".parquet":
        return _read(parquet_labels(path, layout).check(layout, path))
    with CsvRows(path, layout.name) as rows:
        check_columns(rows.header, layout, path)
        place = rows.header.index(layout.target)
        counts = Counter(cells[place] for _, cells in rows)
        labels = Labels(list(counts), list(counts.values()))
        return _read([*rows.remarks, *labels.check(layout, path)])


def _read(remarks: Sequence[str]) -> tuple[Finding, ...]:
    return tuple(Finding("read", "", remark) for remark in remarks)


def exact_floats() -> dict[str, Any]:
    """Return the arguments that make `pandas.read_csv` round every number correctly.

    Before pandas 3.1 its default was off by one unit in the last place now and then; since then it is exact,
    and the argument deprecated. Delete this when the project needs pandas 3.1.
    """
    import pandas as pd

    release = tuple(int(part) for part in pd.__version__.split(".")[:2])
    return {"float_precision": "round_trip"} if release < (3, 1) else {}


def _read_csv(path: Path, layout: Layout) -> tuple[pd.DataFrame, Labels]:
    """Read a CSV file; pandas gets the cells as `CsvRows` found them, in quotes, and finds the numbers."""
    import numpy as np

    codes: list[int] = []
    place_of: dict[str, int] = {}
    quoted = io.BytesIO()
    with CsvRows(path, layout.name) as rows, io.TextIOWrapper(quoted, encoding="utf-8", newline="") as text:
        check_columns(rows.header, layout, path)
        place = rows.header.index(layout.target)
        writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n")
        for _, cells in rows:
            codes.append(place_of.setdefault(cells.pop(place), len(place_of)))
            writer.writerow(cells)
        text.flush()
        labels = Labels(list(place_of), np.bincount(codes, minlength=len(place_of)).tolist(), codes=codes)
        labels.check(layout, path)
        names = [name for name in rows.header if name != layout.target]
        if not names:
            raise no_features(layout, path)
        quoted.seek(0)
        frame = _frame(quoted, names, layout, path)
    return frame.drop(columns=rows.left_out), labels


def _frame(quoted: io.BytesIO, names: Sequence[str], layout: Layout, path: Path) -> pd.DataFrame:
    import pandas as pd

    keys = kind_keys(layout)
    ordinal = (name for name, _ in layout.ordinal)
    as_texts = () if keys is None else (name for kind in _READ_AS_TEXTS for name in keys.named(kind))
    options: dict[str, Any] = {
        "header": None,
        "names": list(names),
        "index_col": False,
        "dtype": dict.fromkeys((*layout.nominal, *ordinal, *as_texts), "str"),
        "keep_default_na": False,
        "na_values": list(markers_of(layout)),
        "skip_blank_lines": False,
        "low_memory": False,
        **exact_floats(),
    }
    try:
        frame: pd.DataFrame = pd.read_csv(quoted, **options)
        return frame if keys is None else restore_zero_led(frame, quoted, options, keys.named("numeric"))
    except ValueError as error:
        raise ConfigError(
            f"{layout.name}: expected a table of numbers and texts in {path}, got {error}: check the file"
        ) from error
