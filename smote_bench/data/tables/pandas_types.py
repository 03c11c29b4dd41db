"""Columns of pandas in types of its own, made into what files have and what a reader of columns knows.

Intervals and mixed cells become texts, periods the dates that they begin at, sparse columns dense ones.
"""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from numbers import Number
from typing import TYPE_CHECKING, Any

from smote_bench.errors import ConfigError

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["storable", "usual_types"]

_MOST_DENSE_BYTES = 2**30


def storable(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a table that Arrow can write: of ordered categories that are no texts, the texts keep the order.

    Raises
    ------
    ConfigError
        If its columns have names of several levels, a name is there twice, or sparse columns would take more
        than 1 GiB.
    """
    import pandas as pd

    if isinstance(frame.columns, pd.MultiIndex):
        raise ConfigError(
            f"expected one name for each column, got {frame.columns.nlevels} levels, as in "
            f"{frame.columns[0]!r}: join them, as in table.columns = ['_'.join(map(str, one)) for one in "
            "table.columns]"
        )
    twice = [name for name, n in Counter(map(str, frame.columns)).items() if n > 1]
    if twice:
        raise ConfigError(f"expected distinct column names, got {twice[0]!r} more than once: rename one")
    frame = usual_types(frame)
    n_sparse = sum(isinstance(dtype, pd.SparseDtype) for dtype in frame.dtypes)
    if 8 * n_sparse * len(frame) > _MOST_DENSE_BYTES:
        raise ConfigError(
            f"expected a table of at most {_MOST_DENSE_BYTES // 2**20:,} MiB, as it becomes dense, got "
            f"{len(frame):,} x {n_sparse:,} sparse numbers: select columns, or reduce their number first"
        )
    return _changed(frame, _storable)


def usual_types(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a table with pandas' usual types for dates, durations, categories and decimals."""
    return _changed(frame, _usual)


def _changed(frame: pd.DataFrame, change: Any) -> pd.DataFrame:
    """Change columns by a function that returns None for those that stay."""
    changed = {n: new for n in range(frame.shape[1]) if (new := change(frame.iloc[:, n])) is not None}
    if not changed:
        return frame
    import pandas as pd

    columns = [
        changed.get(n, frame.iloc[:, n]).reset_index(drop=True).rename(str(name))
        for n, name in enumerate(frame.columns)
    ]
    whole: pd.DataFrame = pd.concat(columns, axis=1)
    return whole


def _usual(column: pd.Series) -> pd.Series | None:
    import pandas as pd
    import pyarrow as pa

    if isinstance(column.dtype, pd.PeriodDtype):
        starts: pd.Series = column.dt.to_timestamp()
        return starts
    if isinstance(column.dtype, pd.ArrowDtype):
        kind = column.dtype.pyarrow_dtype
        if pa.types.is_temporal(kind) or pa.types.is_dictionary(kind) or pa.types.is_decimal(kind):
            plain: pd.Series = pa.chunked_array(pa.array(column)).to_pandas()
            return plain
    return None


def _storable(column: pd.Series) -> pd.Series | None:
    import pandas as pd

    if isinstance(column.dtype, pd.SparseDtype):
        sparse: Any = column
        dense: pd.Series = sparse.sparse.to_dense()
        return dense
    if isinstance(column.dtype, pd.DatetimeTZDtype):  # pandas 3.1 warns of what pyarrow does with it
        in_utc: pd.Series = column.dt.tz_convert(None)
        return in_utc
    if isinstance(column.dtype, pd.IntervalDtype):
        return _as_texts(column)
    if isinstance(column.dtype, pd.CategoricalDtype):
        return _of_texts(column)
    if column.dtype == object and _has_long_numbers(column):
        return _as_texts(column)
    if column.dtype == object and pd.api.types.infer_dtype(column, skipna=True).startswith("mixed"):
        cells = column[column.notna()]
        if all(isinstance(cell, str | Number | Decimal) and not isinstance(cell, complex) for cell in cells):
            return _as_texts(column)
    return None


def _has_long_numbers(column: pd.Series) -> bool:
    """Tell whether whole numbers of Python are too long for 64 bits: codes, of which each digit counts."""
    import pandas as pd

    if pd.api.types.infer_dtype(column, skipna=True) != "integer":
        return False
    return any(not -(2**63) <= int(cell) < 2**63 for cell in column[column.notna()])


def _of_texts(column: pd.Series) -> pd.Series | None:
    """Make texts of categories whose order, or whose kind, a Parquet file does not keep."""
    import pandas as pd

    known = column.cat.categories
    if pd.api.types.infer_dtype(known) == "string" or known.empty:
        return None
    is_plain = pd.api.types.is_numeric_dtype(known.dtype)
    if is_plain and not column.cat.ordered:
        return None
    texts = [str(value) for value in known]
    if len(set(texts)) < len(texts):
        raise ConfigError(
            f"expected categories that differ as texts in column {column.name!r}, got {texts[:8]}: rename "
            "them"
        )
    return column.cat.rename_categories(texts)


def _as_texts(column: pd.Series) -> pd.Series:
    return column.astype(object).map(str, na_action="ignore")
