"""A line of words below the header, as units, labels of variables or questions of a survey: it is no row."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from smote_bench.data.files.csv_rows import start_of_row
from smote_bench.data.findings import Finding
from smote_bench.data.values.labels import is_minority
from smote_bench.data.values.markers import ALL_MARKERS
from smote_bench.data.values.number_parts import parts_of
from smote_bench.data.values.number_texts import number

if TYPE_CHECKING:
    import pandas as pd

    from smote_bench.data.tables.table_target import Labels

__all__ = ["second_headers"]

_MOST_LINES = 2  # Qualtrics writes two
_FEWEST_ROWS = 10
_LOOKED_AT = 20
_ROWS_A_LEVEL = 2
_FEWEST_OF_NUMBERS, _SHORTEST_NAME = 2, 3


def second_headers(
    frame: pd.DataFrame, labels: Labels, minority: str | tuple[str, ...], lines: Mapping[int, int], file: str
) -> list[Finding]:
    """Return what is said of first rows of which each cell is a word that stands nowhere else in its column.

    So is the label, and columns of numbers have words there, each of them, and two at least, or words with
    the column's name. Categories alone say nothing: in a sorted table the first row has rare ones.

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
    return [
        Finding("suspect", "", said, "remove it from the file" if n == 1 else "remove them from the file")
    ]


def _is_header(frame: pd.DataFrame, labels: Labels, minority: str | tuple[str, ...], row: int) -> bool:
    n_rows, n_labels = len(frame), len(labels.texts)
    if n_rows < _FEWEST_ROWS or n_labels * _ROWS_A_LEVEL > n_rows or labels.codes[row] < 0:
        return False
    label = labels.texts[labels.codes[row]]
    is_odd = labels.counts[labels.codes[row]] == 1 and number(label) is None
    if not is_odd or any(is_minority([label], minority)):
        return False
    found = [_is_title(frame[name], row) for name in frame]
    n_titles = found.count(True)
    is_named = n_titles and any(_has_name(frame[name].iloc[row], str(name)) for name in frame)
    return False not in found and bool(n_titles >= _FEWEST_OF_NUMBERS or is_named)


def _has_name(cell: object, name: str) -> bool:
    """Tell whether a cell is a longer name of its column, as ``Age in years`` under ``Age``."""
    is_word = len(name) >= _SHORTEST_NAME and isinstance(cell, str)
    return is_word and name.casefold() in str(cell).casefold()


def _is_title(column: pd.Series, row: int) -> bool | None:
    """Tell whether a word stands in a column of numbers; None of others, False for a value."""
    cell = column.iloc[row]
    if not isinstance(cell, str):
        return None if cell is None or cell != cell else False
    if not cell.strip():
        return None
    if parts_of(cell) is not None or int((column == cell).sum()) > 1:
        return False
    below = [str(value) for value in column.iloc[_MOST_LINES : _LOOKED_AT + _MOST_LINES] if value == value]
    if not below or not all(number(text) is not None for text in below):
        return None
    return any(map(str.isalpha, cell)) and cell.strip().casefold() not in ALL_MARKERS
