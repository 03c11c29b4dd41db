"""Columns that pandas has read as numbers although their texts may be codes: named, or texts again."""

from __future__ import annotations

import io
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

from smote_bench.data.findings import Finding
from smote_bench.data.values.equal_numbers import are_versions, codes_finding

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["lost_texts"]

_ROWS, _CELLS = 20_000, 400_000


def lost_texts(
    frame: pd.DataFrame,
    cells: io.BytesIO,
    options: Mapping[str, Any],
    file: str,
    others: Collection[str] = (),
) -> tuple[pd.DataFrame, list[Finding]]:
    """Look at the texts of columns of numbers, in the first rows of a file.

    Parameters
    ----------
    frame : DataFrame of shape (n_rows, n_columns)
        As it was read; versions become texts again.
    cells : BytesIO
        What it was read from.
    options : mapping
        What `pandas.read_csv` was called with.
    file : str
        What findings begin with.
    others : collection of str
        Columns of which their owner says what they are.
    """
    import pandas as pd

    names = [
        name
        for name in frame.columns
        if name not in others and pd.api.types.is_numeric_dtype(frame[name].dtype)
    ]
    if not names:
        return frame, []
    n_rows = min(_ROWS, _CELLS // len(names) + 1, len(frame))
    cells.seek(0)
    wanted = {**options, "usecols": names, "dtype": "str", "nrows": n_rows}
    first = pd.read_csv(cells, **wanted)
    found = []
    for name in names:
        texts = first[name].dropna().unique().tolist()
        if len(texts) == frame[name].iloc[:n_rows].nunique() and not any(
            "e" in text.lower() for text in texts
        ):
            continue
        if are_versions(str(name), texts):
            cells.seek(0)
            frame[name] = pd.read_csv(cells, **{**options, "usecols": [name], "dtype": "str"})[name]
        else:
            found += codes_finding(str(name), f"{file}: column {name!r}", texts, n_rows)
    return frame, found
