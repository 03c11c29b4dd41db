"""Reading a file into features and a binary target, the same way on every machine.

A table is read by a layout: which column is the target, which of its rows are the minority, and which
features are nominal or ordinal. Cards and users' own files are both layouts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from smote_bench.errors import ConfigError, did_you_mean

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

__all__ = [
    "MISSING_MARKERS",
    "Layout",
    "check_columns",
    "check_target",
    "exact_floats",
    "is_minority",
    "read_table",
]

# What stands for a missing cell in a user's CSV file. "None" is not among them: many surveys answer it.
MISSING_MARKERS = ("", "?", "NA", "N/A", "NaN", "nan", "NULL", "null")

_CONDITION = re.compile(r"\s*(>=|<=|>|<)\s*(.+)")
_SHOWN = 8


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
    frame = _read_parquet(path) if path.suffix == ".parquet" else _read_csv(path, layout)
    check_columns(frame.columns, layout, path)
    names = layout.columns or tuple(name for name in frame.columns if name != layout.target)
    X = _features(frame, names, layout, path)
    return X, _binary_target(frame[layout.target], layout, path)


def exact_floats() -> dict[str, Any]:
    """Return the arguments that make `pandas.read_csv` round every number correctly.

    Before pandas 3.1 its default was off by one unit in the last place now and then; since then it is exact,
    and the argument deprecated. Delete this when the project needs pandas 3.1.
    """
    import pandas as pd

    release = tuple(int(part) for part in pd.__version__.split(".")[:2])
    return {"float_precision": "round_trip"} if release < (3, 1) else {}


def is_minority(values: Sequence[str], minority: str) -> list[bool]:
    """Tell for each value of a target, given as text, whether it is the minority.

    `minority` is a value of the target, or, if every value is a number, it may be a condition: one of ``>``,
    ``>=``, ``<``, ``<=`` and a number. Numbers are compared as numbers, so that ``1`` finds ``1.0``.

    >>> is_minority(["0.2", "0.7"], ">0.65")
    [False, True]
    >>> is_minority(["<=50K", ">50K"], ">50K")
    [False, True]
    """
    numbers = [_number(value) for value in values]
    condition = _CONDITION.fullmatch(minority)
    if condition and None not in numbers:
        limit = _number(condition[2])
        if limit is not None:
            compare = {">": "__gt__", ">=": "__ge__", "<": "__lt__", "<=": "__le__"}[condition[1]]
            return [getattr(number, compare)(limit) for number in numbers]
    wanted = _number(minority)
    if wanted is None:
        return [value == minority for value in values]
    return [value == minority or number == wanted for value, number in zip(values, numbers, strict=True)]


def check_columns(present: Iterable[str], layout: Layout, path: Path) -> None:
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
            hint = " (is the file separated by commas?)" if len(there) == 1 else ""
            raise ConfigError(
                f"{layout.name}: expected a column {column!r} in {path.name}, got {_some(there)}{hint}."
                f"{did_you_mean(column, there)}"
            )


def check_target(counts: Mapping[str, int], n_missing: int, layout: Layout, path: Path) -> None:
    """Check that a target, given as the count of each of its values, has the minority that `layout` names.

    Raises
    ------
    ConfigError
        If there are no rows, rows without a target, no minority rows, or more of them than of the others.
    """
    n_rows = sum(counts.values())
    if n_missing or not n_rows:
        raise ConfigError(
            f"{layout.name}: expected a value of {layout.target!r} in every row of {path.name}, got "
            f"{n_missing} rows without and {n_rows} with one: remove the rows or fill them in"
        )
    values = list(counts)
    flags = is_minority(values, layout.minority)
    n_minority = sum(counts[value] for value, flag in zip(values, flags, strict=True) if flag)
    if n_minority == 0:
        raise ConfigError(
            f"{layout.name}: expected rows of {path.name} with {layout.target} = {layout.minority!r}, got "
            "none: "
            f"set 'minority' to one of {_some(values)}"
        )
    if n_minority * 2 > n_rows:
        raise ConfigError(
            f"{layout.name}: expected {layout.target} = {layout.minority!r} to be the minority of "
            f"{path.name}, got "
            f"{n_minority} of {n_rows} rows: set 'minority' to the rarer class"
        )


def _number(text: str) -> float | None:
    if "_" in text:  # Python reads 1_0 as ten; in a table it is a label
        return None
    try:
        return float(text)
    except ValueError:
        return None


def _read_csv(path: Path, layout: Layout) -> pd.DataFrame:
    import pandas as pd

    texts = [layout.target, *layout.nominal, *(name for name, _ in layout.ordinal)]
    try:
        return pd.read_csv(
            path,
            dtype=dict.fromkeys(texts, "str"),
            keep_default_na=False,
            # The catalogue's files are known to mark a missing cell by leaving it empty.
            na_values=[""] if layout.kinds_stated else list(MISSING_MARKERS),
            **exact_floats(),
            low_memory=False,
        )
    except (ValueError, UnicodeDecodeError, OSError, EOFError) as error:
        raise ConfigError(
            f"{layout.name}: expected a comma-separated table with a header in {path}, got {error}: check "
            "the file"
        ) from error


def _read_parquet(path: Path) -> pd.DataFrame:
    import pandas as pd

    try:
        frame = pd.read_parquet(path)
    except (ValueError, OSError) as error:
        raise ConfigError(f"expected a Parquet table in {path}, got {error}: check the file") from error
    return frame.rename(columns=str)


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
        raise ConfigError(f"{layout.name}: expected features beside the target in {path.name}, got none")
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
    stray = [text for text in texts if _number(text) is None]
    # One misspelt number among many would silently turn a numeric column into thousands of categories.
    if len(texts) > 2 and len(stray) * 2 < len(texts):
        raise ConfigError(
            f"{name}: expected numbers or categories in column {column.name!r}, got mostly numbers and "
            f"{_some(stray)}: "
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
            f"{name}: expected the categories {_some(order)} in column {column.name!r}, got {_some(unknown)} "
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


def _binary_target(column: pd.Series, layout: Layout, path: Path) -> np.ndarray:
    import numpy as np

    codes, values = _coded_texts(column)
    n_missing, *counts = np.bincount(codes + 1, minlength=len(values) + 1).tolist()
    check_target(dict(zip(values, counts, strict=True)), n_missing, layout, path)
    flags = np.array(is_minority(values, layout.minority), dtype=np.int64)
    return flags[codes]


def _some(values: Iterable[Any]) -> str:
    shown = [repr(value) for value in values]
    more = f" and {len(shown) - _SHOWN} more" if len(shown) > _SHOWN else ""
    return ", ".join(shown[:_SHOWN]) + more
