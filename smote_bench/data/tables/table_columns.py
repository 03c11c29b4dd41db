"""Columns as features: numbers as float64, truth values as bool, nominal and ordinal values as categories."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from smote_bench.data.files.formats import format_of
from smote_bench.data.findings import Finding
from smote_bench.data.tables.column_cells import is_truth, plain_numbers
from smote_bench.data.tables.column_doubts import (
    constants_finding,
    crowded_finding,
    doubts_of_categories,
    doubts_of_numbers,
)
from smote_bench.data.tables.column_readings import ColumnReader
from smote_bench.data.tables.file_columns import FileColumns
from smote_bench.data.tables.layouts import Layout, kind_keys, no_features, readings_of
from smote_bench.data.tables.readings import Reading, truth_finding
from smote_bench.data.values.identifiers import is_identifier
from smote_bench.data.values.labels import number, some
from smote_bench.data.values.number_marks import NumberMarks
from smote_bench.errors import ConfigError

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

__all__ = ["Columns", "typed_features"]


@dataclass(frozen=True)
class Columns:
    """Features of a file, what was guessed of them, and how each is read.

    Parameters
    ----------
    X : DataFrame of shape (n_samples, n_features)
    findings : tuple of Finding
    readings : mapping of str to Reading
        Of the columns whose values decided, for a file that is to be read alike.
    file : FileColumns, optional
        The columns as they stand in the file.
    """

    X: pd.DataFrame
    findings: tuple[Finding, ...] = ()
    readings: Mapping[str, Reading] = field(default_factory=dict)
    file: FileColumns | None = None

    @property
    def dates(self) -> tuple[str, ...]:
        """The features that were read as dates."""
        return tuple(name for name, reading in self.readings.items() if reading.kind == "date")


def typed_features(
    frame: pd.DataFrame,
    names: Sequence[str],
    layout: Layout,
    path: Path,
    *,
    orders: Mapping[str, Sequence[str]],
    marks: NumberMarks | None = None,
    marked: Collection[str] = (),
) -> Columns:
    """Return columns as what they are: numbers, categories, or categories with an order; no identifiers.

    `orders` are those of the layout's ordinal columns; `marks` says which is the decimal mark of all numbers,
    where the file does; in the columns `marked` a word such as NA stands for a missing cell.

    Raises
    ------
    ConfigError
        If a column is not of its kind, or if no feature is left.
    """
    import pandas as pd

    keys = kind_keys(layout)
    if keys is not None:
        is_text = format_of(path) == "text"
        reader = ColumnReader(layout.name, path.name, keys, marks, marked, is_text=is_text)
        found = _read_features(frame, names, layout, orders, reader, path.name)
    else:
        found = Columns(pd.DataFrame(_of_layout(frame, names, layout, orders)))
    if found.X.shape[1] == 0:
        raise no_features(layout, path, found.findings)
    return found


def _of_layout(
    frame: pd.DataFrame, names: Sequence[str], layout: Layout, orders: Mapping[str, Sequence[str]]
) -> dict[str, pd.Series]:
    """Return the columns of a table whose layout says of what kind they are, or of one from elsewhere."""
    columns = {}
    for name in names:
        column = frame[name]
        stated = _stated(column, name, layout, orders)
        if stated is not None:
            columns[name] = stated
        elif layout.kinds_stated:
            columns[name] = _numeric(column, layout.name)
        elif not _names_rows(column):
            columns[name] = _inferred(column, layout.name)
    return columns


def _read_features(
    frame: pd.DataFrame,
    names: Sequence[str],
    layout: Layout,
    orders: Mapping[str, Sequence[str]],
    reader: ColumnReader,
    file: str,
) -> Columns:
    """Return the columns of a user's file; their values decide where nothing is said of them."""
    import pandas as pd

    like = readings_of(layout)
    known = like or {}
    columns: dict[str, pd.Series] = {}
    findings: list[Finding] = []
    readings: dict[str, Reading] = {}
    truths = []
    for name in names:
        column = frame[name]
        stated = _stated(column, name, layout, orders)
        if stated is not None:
            columns[name] = stated
        elif _is_ordered(column) and name not in reader.stated and name not in known:
            columns[name] = _ordered(column, [str(value) for value in column.cat.categories], layout.name)
        else:
            reading, said = (known[name], []) if name in known else reader.decide(column)
            readings[name] = reading
            findings += said
            if name in known:
                findings += reader.without_magnitude(column, reading)
            if reading.truths and not reading.is_of_ticks and name not in known:
                truths.append((name, reading))
            if reading.kind == "left out":
                continue
            columns[name], said = _by_reading(column, reading, reader, layout.name)
            findings += said
        if like is None:
            is_stated = stated is not None or name in reader.stated or name in reader.kept
            findings += _doubts(column, columns[name], file, is_stated)
    if like is None:
        findings += constants_finding(columns, file, stated=reader.stated)
        findings += crowded_finding(columns, file)
    if truths:
        findings.append(truth_finding(file, truths))
    return Columns(pd.DataFrame(columns, index=frame.index), tuple(findings), readings)


def _stated(
    column: pd.Series, name: str, layout: Layout, orders: Mapping[str, Sequence[str]]
) -> pd.Series | None:
    """Return a column that the layout calls ordinal or nominal as that; None of others."""
    if name in orders:
        return _ordered(column, orders[name], layout.name)
    return _nominal(column) if name in layout.nominal else None


def _by_reading(
    column: pd.Series, reading: Reading, reader: ColumnReader, name: str
) -> tuple[pd.Series, list[Finding]]:
    import numpy as np
    import pandas as pd

    if reading.kind == "nominal":
        return _nominal(column), []
    if reading.kind == "ordinal":
        return _ordered(column, reading.order, name), []
    values, said = reader.apply(column, reading)
    if reading.kind == "boolean" and not np.isnan(values).any():
        values = values.astype(bool)
    return pd.Series(values, index=column.index, name=column.name), said


def _doubts(column: pd.Series, feature: pd.Series, file: str, is_stated: bool) -> list[Finding]:
    import numpy as np
    import pandas as pd

    if isinstance(feature.dtype, pd.CategoricalDtype):
        return doubts_of_categories(feature, file, is_stated=is_stated)
    return doubts_of_numbers(column, feature.to_numpy(dtype=np.float64), file)


def _is_ordered(column: pd.Series) -> bool:
    import pandas as pd

    return isinstance(column.dtype, pd.CategoricalDtype) and bool(column.dtype.ordered)


def _names_rows(column: pd.Series) -> bool:
    """Tell whether a column of a table from elsewhere is an identifier."""
    import pandas as pd

    if not (pd.api.types.is_string_dtype(column.dtype) or column.dtype == object):
        return False
    texts = column.dropna().astype(str)
    distinct = texts.unique().tolist()
    return is_identifier(distinct, len(texts))


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
    """Return a column's numbers; truth values stay what they are where none is missing."""
    import pandas as pd

    if is_truth(column) and column.notna().all():
        return column.astype(bool)
    if pd.api.types.is_datetime64_any_dtype(column.dtype) or pd.api.types.is_timedelta64_dtype(column.dtype):
        raise ConfigError(
            f"{name}: expected numbers or categories in column {column.name!r}, got {column.dtype}: "
            "turn dates into numbers first, or list the column under 'nominal'"
        )
    return pd.Series(plain_numbers(column, name), index=column.index, name=column.name)


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
