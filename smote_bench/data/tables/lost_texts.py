"""Columns that pandas has read as numbers although their texts may be codes: named, or texts again."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import IO, TYPE_CHECKING, Any

from smote_bench.data.findings import Finding
from smote_bench.data.values.equal_numbers import are_versions, codes_finding
from smote_bench.data.values.zero_led_columns import are_zero_led_codes, may_be_zero_led_codes

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["lost_texts"]

_ROWS, _CELLS = 20_000, 400_000


def lost_texts(
    frame: pd.DataFrame,
    cells: IO[bytes],
    options: Mapping[str, Any],
    file: str,
    numeric: Collection[str] = (),
    others: Collection[str] = (),
) -> tuple[pd.DataFrame, list[Finding]]:
    """Look at the texts of columns of numbers, in the first rows of a file.

    Parameters
    ----------
    frame : DataFrame of shape (n_rows, n_columns)
        As it was read; codes with a leading zero and versions become texts again.
    cells : file of bytes
        What it was read from.
    options : mapping
        What `pandas.read_csv` was called with.
    file : str
        What findings begin with.
    numeric : collection of str
        Columns that are numbers whatever they look like.
    others : collection of str
        Columns of which their owner says what they are.
    """
    import pandas as pd

    def texts_of(names: Sequence[str], n_rows: int | None = None) -> pd.DataFrame:
        cells.seek(0)
        wanted = {**options, "usecols": names, "dtype": "str", "nrows": n_rows}
        texts: pd.DataFrame = pd.read_csv(cells, **wanted)
        return texts

    names = [
        name
        for name in frame.columns
        if pd.api.types.is_numeric_dtype(frame[name].dtype)
        and not pd.api.types.is_bool_dtype(frame[name].dtype)
        and (name not in numeric or name not in others)
    ]
    if not names:
        return frame, []
    n_rows = min(_ROWS, _CELLS // len(names) + 1, len(frame))
    first = texts_of(names, n_rows)
    seen = {name: first[name].dropna().unique().tolist() for name in names}
    maybe = [name for name in names if name not in numeric and may_be_zero_led_codes(seen[name])]
    whole = texts_of(maybe) if maybe and n_rows < len(frame) else first
    restored = [name for name in maybe if are_zero_led_codes(whole[name].dropna().unique().tolist())]
    for name in restored:
        frame[name] = whole[name]
    found = []
    for name in names:
        texts = seen[name]
        if name in others or name in restored:
            continue
        if len(texts) == frame[name].iloc[:n_rows].nunique() and not any(
            "e" in text.lower() for text in texts
        ):
            continue
        if are_versions(str(name), texts):
            frame[name] = texts_of([name])[name]
        else:
            found += codes_finding(str(name), f"{file}: column {name!r}", texts, n_rows)
    return frame, found
