"""Numbers that float64 cannot hold, or whose squares it cannot: kept as they are, and named."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from smote_bench.data.findings import Finding, yaml_name
from smote_bench.data.tables.layouts import Layout
from smote_bench.data.values.clothed_numbers import Clothes
from smote_bench.data.values.number_parts import core_of

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["EXACT_INTEGERS", "extreme_findings", "lost_digits_finding", "n_losing_digits"]

EXACT_INTEGERS = 2**53
"""From here on whole numbers that differ may be one float64."""
_SHORTEST_LONG = len(str(2**53))
_LARGEST = 1e150  # its square is finite, and a sum of many such squares too


def extreme_findings(frame: pd.DataFrame, layout: Layout, path: Path) -> list[Finding]:
    """Return the columns whose numbers overflow in sums and distances, or lose digits beside missing cells.

    Parameters
    ----------
    frame : DataFrame of shape (n_rows, n_features)
        Before numbers are made float64.
    layout : Layout
        Columns that it calls nominal or ordinal are not looked at.
    path : Path
        What findings call the file.
    """
    import pandas as pd

    decided = {*layout.nominal, *(name for name, _ in layout.ordinal)}
    found = []
    for name in frame.columns:
        column = frame[name]
        is_number = pd.api.types.is_numeric_dtype(column.dtype) and not pd.api.types.is_bool_dtype(
            column.dtype
        )
        if name not in decided and is_number:
            found += _of_column(column, path.name)
    return found


def lost_digits_finding(name: str, what: str, n_rows: int, n_lost: int) -> Finding:
    """Return the finding of a column of whole numbers of which some lose digits as float64."""
    return Finding(
        "suspect",
        name,
        f"{what} has whole numbers beyond 2**53 in {n_rows:,} rows: {n_lost:,} lose digits, and some that "
        "differ may become equal; so long ones are codes in most files",
        f"'kinds: {{{yaml_name(name)}: nominal}}' takes them as categories, 'drop' leaves the column out",
    )


def n_losing_digits(texts: Sequence[str], counts: Sequence[int], clothes: Clothes) -> tuple[int, int]:
    """Return how many cells have a whole number beyond 2**53, and of how many the float64 is another one.

    Parameters
    ----------
    texts : sequence of str
        The distinct values of a column.
    counts : sequence of int
        How many cells have each.
    clothes : Clothes
        How the numbers are written.
    """
    n_long = n_lost = 0
    for text, n in zip(texts, counts, strict=True):
        if len(text) < _SHORTEST_LONG or (value := clothes.number(text)) is None:
            continue
        core, power = core_of(text) or ("", "")
        whole, _, part = core.partition(clothes.decimal)
        digits = "".join(filter(str.isdecimal, whole))
        if abs(value) < EXACT_INTEGERS or power or clothes.has_magnitudes or part.strip("0"):
            continue
        n_long += n
        n_lost += n * (int(digits) != int(abs(value)))
    return n_long, n_lost


def _of_column(column: pd.Series, file: str) -> list[Finding]:
    import numpy as np
    import pandas as pd

    name = str(column.name)
    values = column.to_numpy(dtype=np.float64, na_value=np.nan)
    finite = values[np.isfinite(values)]
    n_huge = int((np.abs(finite) > _LARGEST).sum())
    if n_huge:
        return [
            Finding(
                "suspect",
                name,
                f"{file}: column {name!r} has {n_huge:,} numbers beyond 1e150, whose sums and squares "
                "overflow",
                f"divide them, or 'drop: [{yaml_name(name)}]' leaves it out",
            )
        ]
    if pd.api.types.is_integer_dtype(column.dtype):
        return []  # digits are counted where they are known
    n_beyond = int((np.abs(finite) >= EXACT_INTEGERS).sum())
    if not n_beyond or (finite != np.trunc(finite)).any():
        return []
    return [
        Finding(
            "suspect",
            name,
            f"{file}: column {name!r} has {n_beyond:,} whole numbers beyond 2**53, whose last digits float64 "
            "does not hold",
            f"'nominal: [{yaml_name(name)}]' if they are codes, or 'drop: [{yaml_name(name)}]'",
        )
    ]
