"""A line of words below the header, as units, labels of variables or questions of a survey: it is no row."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING

from smote_bench.data.files.csv_rows import start_of_row
from smote_bench.data.findings import Finding
from smote_bench.data.values.labels import is_minority
from smote_bench.data.values.number_texts import number

if TYPE_CHECKING:
    import pandas as pd

    from smote_bench.data.tables.table_target import Labels

__all__ = ["second_headers"]

_MOST_LINES = 2  # Qualtrics writes two
_FEWEST_ROWS = 10
_LOOKED_AT = 20
_ROWS_A_LEVEL = 2


def second_headers(
    frame: pd.DataFrame, labels: Labels, minority: str | tuple[str, ...], lines: Mapping[int, int], file: str
) -> list[Finding]:
    """Return what is said of first rows of which each cell is a word that stands nowhere else in its column.

    So does the target, and a column of numbers, or one of categories that come again.

    Parameters
    ----------
    frame : DataFrame of shape (n_rows, n_columns)
        All columns but the target, as they stand in the file.
    labels : Labels
        The target.
    minority : str or tuple of str
        Which labels are the minority: what names a label says that it is one.
    lines : mapping of int to int
        In which line of the file some rows are; the others are called by their number.
    file : str
        What findings begin with.
    """
    n = 0
    while n < _MOST_LINES and _is_header(frame, labels, minority, n):
        n += 1
    if not n:
        return []
    cells = [str(cell) for cell in frame.iloc[0] if isinstance(cell, str) and cell.strip()]
    label = labels.texts[labels.codes[0]]
    first = lines.get(0)
    where = "the first row" if first is None else f"line {first}"
    said = (
        f"{file}, {where}: {start_of_row([*cells, label])}: "
        f"{'each word' if n == 1 else f'each word of the first {n} rows'} stands nowhere else in its column: "
        f"it looks like a line of units, questions or longer names, and is taken for a row of the majority"
    )
    return [Finding("suspect", "", said, f"remove it{_how_to_skip(frame, first)}")]


def _how_to_skip(frame: pd.DataFrame, line: int | None) -> str:
    begin = frame.iloc[0, 0]
    if line is None or not isinstance(begin, str) or not begin.strip():
        return ""
    mark = json.dumps(begin.split()[0], ensure_ascii=False)
    return f", or 'read: {{comment: {mark}}}' skips lines that begin so, if no other does"


def _is_header(frame: pd.DataFrame, labels: Labels, minority: str | tuple[str, ...], row: int) -> bool:
    n_rows, n_labels = len(frame), len(labels.texts)
    if n_rows < _FEWEST_ROWS or n_labels * _ROWS_A_LEVEL > n_rows or labels.codes[row] < 0:
        return False
    label = labels.texts[labels.codes[row]]
    is_odd = labels.counts[labels.codes[row]] == 1 and number(label) is None
    if not is_odd or any(is_minority([label], minority)):
        return False
    found = [_says_so(frame[name], row) for name in frame]
    return any(found) and False not in found


def _says_so(column: pd.Series, row: int) -> bool | None:
    """Tell whether a cell is no value of its column; None where it has none, or all cells are different."""
    cell = column.iloc[row]
    if not isinstance(cell, str):
        return None if cell is None or cell != cell else False
    if not cell.strip():
        return None
    if number(cell) is not None or int((column == cell).sum()) > 1:
        return False
    below = [str(value) for value in column.iloc[_MOST_LINES : _LOOKED_AT + _MOST_LINES] if value == value]
    if below and all(number(text) is not None for text in below):
        return True
    return True if column.nunique() * _ROWS_A_LEVEL <= len(column) else None
