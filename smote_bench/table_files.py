"""Reading a file into features and a binary target, the same way on every machine.

A table is read by a layout: which column is the target, which of its rows are the minority, and which
features are nominal or ordinal. Cards and users' own files are both layouts.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from smote_bench.csv_rows import CsvRows
from smote_bench.errors import ConfigError, did_you_mean
from smote_bench.labels import MISSING_MARKERS, check_labels, is_minority, is_missing, number, some

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

__all__ = ["Layout", "check_table", "exact_floats", "read_table"]


class Layout(Protocol):
    """How the columns of a file are to be read.

    `kinds_stated` says that a column named neither nominal nor ordinal is numeric; otherwise its values
    decide.
    """

    @property
    def name(self) -> str: ...
    @property
    def target(self) -> str: ...
    @property
    def minority(self) -> str: ...
    @property
    def columns(self) -> tuple[str, ...] | None: ...
    @property
    def nominal(self) -> tuple[str, ...]: ...
    @property
    def ordinal(self) -> tuple[tuple[str, tuple[str, ...]], ...]: ...
    @property
    def kinds_stated(self) -> bool: ...


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
    parquet = path.suffix == ".parquet"
    frame, labels = (_read_parquet if parquet else _read_csv)(path, layout)
    names = layout.columns or tuple(name for name in frame.columns if name != layout.target)
    X = _features(frame, names, layout, path)
    return X, labels.binary(layout)


def check_table(path: Path, layout: Layout) -> tuple[str, ...]:
    """Check a file as `read_table` does, its columns, its rows and its target, without pandas.

    Returns
    -------
    tuple of str
        What is read otherwise than it stands there, in words.

    Raises
    ------
    ConfigError
        As `read_table`, but for what is wrong inside of features.
    """
    if path.suffix == ".parquet":
        return tuple(_parquet_labels(path, layout).check(layout, path))
    with CsvRows(path, layout.name) as rows:
        _check_columns(rows.header, layout, path)
        place = rows.header.index(layout.target)
        counts = Counter(cells[place] for _, cells in rows)
        labels = _Labels(list(counts), list(counts.values()))
        return (*rows.remarks, *labels.check(layout, path))


@dataclass
class _Labels:
    """The texts of a target, how many rows have each, how many none, and each row's place in `texts`."""

    texts: list[str]
    counts: list[int]
    n_without: int = 0
    codes: Any = None

    def check(self, layout: Layout, path: Path) -> list[str]:
        """Raise a ConfigError unless there are labels to work with; return remarks."""
        markers = ("",) if path.suffix == ".parquet" else _markers(layout)
        counts = dict(zip(self.texts, self.counts, strict=True))
        missing = {text: n for text, n in counts.items() if is_missing(text, layout.minority, markers)}
        return check_labels(
            {text: n for text, n in counts.items() if text not in missing},
            {**missing, **({"": self.n_without} if self.n_without else {})},
            layout.minority,
            name=layout.name,
            column=layout.target,
            file=path.name,
        )

    def binary(self, layout: Layout) -> np.ndarray:
        """Return 1 for rows of the minority, 0 for the others."""
        import numpy as np

        return np.array(is_minority(self.texts, layout.minority), dtype=np.int64)[self.codes]


def exact_floats() -> dict[str, Any]:
    """Return the arguments that make `pandas.read_csv` round every number correctly.

    Before pandas 3.1 its default was off by one unit in the last place now and then; since then it is exact,
    and the argument deprecated. Delete this when the project needs pandas 3.1.
    """
    import pandas as pd

    release = tuple(int(part) for part in pd.__version__.split(".")[:2])
    return {"float_precision": "round_trip"} if release < (3, 1) else {}


def _check_columns(present: Iterable[str], layout: Layout, path: Path) -> None:
    """Check that a file has the columns that `layout` names.

    Raises
    ------
    ConfigError
        If one is missing.
    """
    there = list(present)
    for column in (
        layout.target,
        *(layout.columns or ()),
        *layout.nominal,
        *(name for name, _ in layout.ordinal),
    ):
        if column not in there:
            raise ConfigError(
                f"{layout.name}: expected a column {column!r} in {path.name}, got "
                f"{some(there) or 'an empty file'}{_hint(there)}."
                f"{did_you_mean(column, there)}"
            )


def _hint(header: Sequence[str]) -> str:
    """Return what is likely wrong with a header that lacks a column."""
    if len(header) == 1:
        return " (is the file separated by commas?)"
    if sum(number(name) is not None for name in header) * 2 > len(header):
        return " (the first line looks like data: put a line with the names of the columns before it)"
    return ""


def _markers(layout: Layout) -> tuple[str, ...]:
    # The catalogue's files are known to mark a missing cell by leaving it empty.
    return ("",) if layout.kinds_stated else MISSING_MARKERS


def _read_csv(path: Path, layout: Layout) -> tuple[pd.DataFrame, _Labels]:
    """Read a CSV file; pandas gets the cells as `CsvRows` found them, in quotes, and finds the numbers."""
    import numpy as np

    codes: list[int] = []
    place_of: dict[str, int] = {}
    quoted = io.BytesIO()
    with CsvRows(path, layout.name) as rows, io.TextIOWrapper(quoted, encoding="utf-8", newline="") as text:
        _check_columns(rows.header, layout, path)
        place = rows.header.index(layout.target)
        writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n")
        for _, cells in rows:
            codes.append(place_of.setdefault(cells.pop(place), len(place_of)))
            writer.writerow(cells)
        text.flush()
        labels = _Labels(list(place_of), np.bincount(codes, minlength=len(place_of)).tolist(), codes=codes)
        labels.check(layout, path)
        names = [name for name in rows.header if name != layout.target]
        if not names:
            raise _no_features(layout, path)
        quoted.seek(0)
        frame = _frame(quoted, names, layout, path)
    return frame.drop(columns=rows.left_out), labels


def _frame(quoted: io.BytesIO, names: Sequence[str], layout: Layout, path: Path) -> pd.DataFrame:
    import pandas as pd

    try:
        return pd.read_csv(
            quoted,
            header=None,
            names=list(names),
            index_col=False,
            dtype=dict.fromkeys((*layout.nominal, *(name for name, _ in layout.ordinal)), "str"),
            keep_default_na=False,
            na_values=list(_markers(layout)),
            skip_blank_lines=False,
            low_memory=False,
            **exact_floats(),
        )
    except ValueError as error:
        raise ConfigError(
            f"{layout.name}: expected a table of numbers and texts in {path}, got {error}: check the file"
        ) from error


def _read_parquet(path: Path, layout: Layout) -> tuple[pd.DataFrame, _Labels]:
    import pandas as pd

    labels = _parquet_labels(path, layout)
    labels.check(layout, path)
    try:
        frame = pd.read_parquet(path)
    except (ValueError, OSError) as error:
        raise _no_parquet(path, layout, error) from error
    frame = frame.rename(columns=str)
    _check_columns(frame.columns, layout, path)  # the file may have one that pandas takes for the index
    return frame, labels


def _parquet_labels(path: Path, layout: Layout) -> _Labels:
    """Read the target of a Parquet file, and of the others their names alone."""
    import pyarrow as pa
    from pyarrow import parquet

    try:
        names = parquet.read_schema(path).names
        _check_columns(names, layout, path)
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
    return _labels_of(values, codes)


def _labels_of(values: list[Any], codes: np.ndarray) -> _Labels:
    """Return the labels behind codes; None, NaN and the code past the last value are no labels."""
    import numpy as np

    counts = np.bincount(codes, minlength=len(values) + 1)
    there = [n for n, value in enumerate(values) if value is not None and value == value and counts[n]]
    place = np.full(len(values) + 1, -1)
    place[there] = np.arange(len(there))
    return _Labels(
        [str(values[n]) for n in there],
        counts[there].tolist(),
        n_without=int(counts.sum() - counts[there].sum()),
        codes=place[codes],
    )


def _no_parquet(path: Path, layout: Layout, error: Exception) -> ConfigError:
    return ConfigError(f"{layout.name}: expected a Parquet table in {path}, got {error}: check the file")


def _no_features(layout: Layout, path: Path) -> ConfigError:
    return ConfigError(f"{layout.name}: expected features beside the target in {path.name}, got none")


def _features(frame: pd.DataFrame, names: Sequence[str], layout: Layout, path: Path) -> pd.DataFrame:
    import pandas as pd

    orders = dict(layout.ordinal)
    columns = {}
    for name in names:
        column = frame[name]
        if name in orders:
            columns[name] = _ordered(column, orders[name], layout.name)
        elif name in layout.nominal:
            columns[name] = _nominal(column)
        elif layout.kinds_stated:
            columns[name] = _numeric(column, layout.name)
        else:
            columns[name] = _inferred(column, layout.name)
    X = pd.DataFrame(columns)
    if X.shape[1] == 0:
        raise _no_features(layout, path)
    return X


def _inferred(column: pd.Series, name: str) -> pd.Series:
    """Give a column the kind of its values: text is nominal, ordered categories ordinal, the rest numeric."""
    import pandas as pd

    if isinstance(column.dtype, pd.CategoricalDtype):
        if column.dtype.ordered:
            return _ordered(column, [str(value) for value in column.cat.categories], name)
        return _nominal(column)
    if not (pd.api.types.is_string_dtype(column.dtype) or column.dtype == object):
        return _numeric(column, name)
    texts = column.dropna().astype(str).unique()
    stray = [text for text in texts if number(text) is None]
    # One misspelt number among many would silently turn a numeric column into thousands of categories.
    if len(texts) > 2 and len(stray) * 2 < len(texts):
        raise ConfigError(
            f"{name}: expected numbers or categories in column {column.name!r}, got mostly numbers and "
            f"{some(stray)}: "
            f"correct them, leave those cells empty, or list the column under 'nominal'"
        )
    return _nominal(column)


def _numeric(column: pd.Series, name: str) -> pd.Series:
    import numpy as np
    import pandas as pd

    if pd.api.types.is_datetime64_any_dtype(column.dtype) or pd.api.types.is_timedelta64_dtype(column.dtype):
        raise ConfigError(
            f"{name}: expected numbers or categories in column {column.name!r}, got {column.dtype}: "
            "turn dates into numbers first, or list the column under 'nominal'"
        )
    try:
        values = column.to_numpy(dtype=np.float64, na_value=np.nan)
    except (TypeError, ValueError) as error:
        raise ConfigError(
            f"{name}: expected numbers in column {column.name!r}, got {error}: "
            "correct the cell, or list the column under 'nominal'"
        ) from error
    if np.isinf(values).any():
        raise ConfigError(
            f"{name}: expected finite numbers in column {column.name!r}, got {int(np.isinf(values).sum())} "
            "infinite: "
            "correct those cells, or leave them empty"
        )
    return pd.Series(values, index=column.index, name=column.name)


def _nominal(column: pd.Series) -> pd.Series:
    codes, texts = _coded_texts(column)
    return _categorical(column, codes, texts, sorted(set(texts)), ordered=False)


def _ordered(column: pd.Series, order: Sequence[str], name: str) -> pd.Series:
    codes, texts = _coded_texts(column)
    unknown = sorted(set(texts) - set(order))
    if unknown:
        raise ConfigError(
            f"{name}: expected the categories {some(order)} in column {column.name!r}, got {some(unknown)} "
            "too: add them to its order under 'ordinal'"
        )
    return _categorical(column, codes, texts, order, ordered=True)


def _coded_texts(column: pd.Series) -> tuple[np.ndarray, list[str]]:
    """Return each cell's index into the column's distinct values, -1 if missing, and the values as text."""
    import pandas as pd

    codes, values = pd.factorize(column)
    return codes, [str(value) for value in values]


def _categorical(
    column: pd.Series, codes: np.ndarray, texts: Sequence[str], order: Sequence[str], *, ordered: bool
) -> pd.Series:
    import numpy as np
    import pandas as pd

    place = {text: i for i, text in enumerate(order)}
    # a missing cell has the code -1, which takes the last entry
    lookup = np.array([*(place[text] for text in texts), -1])
    dtype = pd.CategoricalDtype(list(order), ordered=ordered)
    values = pd.Categorical.from_codes(lookup[codes], dtype=dtype)
    return pd.Series(values, index=column.index, name=column.name)
