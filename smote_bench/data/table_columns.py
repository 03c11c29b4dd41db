"""Columns as features: numbers as float64, nominal and ordinal values as categories."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from smote_bench.data.identifiers import is_identifier
from smote_bench.data.labels import number, some
from smote_bench.data.layouts import Layout, no_features
from smote_bench.errors import ConfigError

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

__all__ = ["typed_features"]


def typed_features(frame: pd.DataFrame, names: Sequence[str], layout: Layout, path: Path) -> pd.DataFrame:
    """Return columns as what they are: numbers, categories, or categories with an order; no identifiers."""
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
        elif not _names_rows(column):
            columns[name] = _inferred(column, layout.name)
    X = pd.DataFrame(columns)
    if X.shape[1] == 0:
        raise no_features(layout, path)
    return X


def _names_rows(column: pd.Series) -> bool:
    """Tell whether a column is an identifier, as the check of the file does."""
    import pandas as pd

    if not (pd.api.types.is_string_dtype(column.dtype) or column.dtype == object):
        return False
    present = column.dropna()
    return is_identifier(present.astype(str).unique(), len(present))


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
